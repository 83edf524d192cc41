from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.errors import Forbidden, LimitError, QueryError
from bibgraph.messages import Message, message
from bibgraph.sparql import Token, complaint, in_file, place, probing, tokens
from bibgraph.sparql.complaints import foreseen
from bibgraph.sparql.guard import check
from bibgraph.sparql.phrases import DIGIT, listed
from bibgraph.store.embedded import EmbeddedStore

QUERIES = Path(__file__).parents[1] / "queries" / "questions"


def complain(text: str) -> QueryError:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(text)
    return complaint(caught.value, text)


def refused(text: str) -> QueryError:
    """What a reader is told of ``text``."""
    with pytest.raises(QueryError) as caught:
        EmbeddedStore([], "v").query(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("SELECT * {\n ?s ?p ex:x }", "2:8", "«ex:»"),
        ("SELECT * { ?s a org:Post }", "1:17", "PREFIX org: <http://www.w3.org/ns/org#>"),
        ("SELEC * {}", "1:1", "«SELEC»"),
        ("SELECT * { ?s ?p ?o", "1:10", "never closed"),
        ("SELECT * { ?s ?p ?o } ORDER BY", "1:31", "ends too early"),
        ("SELECT ?s { ?s ?p ?o } ; ASK {}", "1:24", "«;»"),
        ("SELECT * { ?s ?p <http://[> }", "1:18", "no full IRI"),
        ("SELECT * { FILTER (?x > ) }", "1:25", "«)»"),
        ("SELECT * { ?s ?p ?o .\n ?s ?p .\n}", "2:8", "«.»"),
        ("SELECT * WHERE ?s ?p ?o", "1:16", "could stand: «{»"),
        ("ASK { 'it is unclosed }", "1:7", "no end"),
        ("", "1:1", "ends too early"),
        ("SELECT ?s { ?s ?p ?o FILTER(?o =< 3) }", "1:33", "no «>» ends it"),
        ("SELECT ?s { ?s ?p ?o FILTER(1 < 2 && ?o =< 3 || 1 < 2) }", "1:42", "no «>» ends it"),
        ("SELECT ?s { ?s ?p ?o FILTER(?o << 3) }", "1:33", "no «>» ends it"),
        ("SELECT * { << ?s ?p ?o }", "1:12", "no «>» ends it"),
        ("ASK { ?s ?p <unclosed}", "1:13", "no «>» ends it"),
        ("ASK { ?s ?p <http://a b> }", "1:13", "what none can have: « »"),
        ("PREFIX a: <https://a{b> ASK {}", "1:11", "what none can have: «{»"),
        ("ASK { ?s ?p < <http://a> }", "1:13", "no «>» ends it"),
        ("SELECT * { ?s ?p ?o <= OPTIONAL { ?s ?q ?r } }", "1:21", "«<=»"),
        ("SELECT * { ?s ?p ?o {| <a:a> |} }", "1:30", "«|}»"),
        ("ASK { ?s ?p 'x'@nb-muchtoolong }", "1:16", "«@nb-muchtoolong» is no language"),
        ("SELECT ? { }", "1:8", "the name of a variable has to come"),
        ("ASK { BIND (COALESCE (1) AS ?x) }", "1:13", "At once after COALESCE its bracket"),
        ("ASK { BIND (COALESCE(1) AS ?x) ; }", "1:32", "«;»"),
        ("ASK { BIND (CONCAT('a' 'b') AS ?x) }", "1:24", "«,»"),
        (f"ASK {{}} LIMIT {'9' * 40}", "1:14", f"«{'9' * 30}»".strip("«»")),
    ],
)
def test_a_complaint_says_where_and_what(text: str, where: str, says: str) -> None:
    error = complain(text)
    assert error.where == where
    assert says in str(error)
    assert "['" not in str(error)


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("SELECT ?x ?x {}", "1:11", "?x stands twice in SELECT"),
        ("SELECT (1 AS ?x) { ?x ?p ?y }", "1:14", "?x has a value already"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", "1:24", "?x has a value already"),
        ("SELECT * { BIND (1 AS ?x) BIND (2 AS ?x) }", "1:38", "?x has a value already"),
        ("ASK { BIND (1 AS ?x) BIND (2 AS ?x) } LIMIT 5", "1:33", "?x has a value already"),
        ("ASK { ?s ?p ?x BIND (1 AS ?x) }", "1:27", "?x has a value already"),
        ("ASK { VALUES ?x { 1 } OPTIONAL { ?s ?p ?x BIND (1 AS $x) } }", "1:54", "$x has a value already"),
        ("ASK { FILTER (?x) MINUS { ?s ?p ?x } ?s ?p ?y BIND (1 AS ?y) }", "1:58", "?y has a value already"),
        ("ASK { { SELECT ?a { ?a ?p ?x } } ?a ?b ?c BIND (1 AS ?x) BIND (1 AS ?c) }", "1:69", "?c has a"),
        ("SELECT ?x ?y { ?x ?p ?y } GROUP BY ?x", "1:11", "?y is asked for of a group"),
        ("SELECT ?y (COUNT(*) AS ?n) { ?x ?p ?y }", "1:8", "(SAMPLE(?y) AS ?one)"),
        ("SELECT (?x + ?y AS ?z) { ?x ?p ?y } GROUP BY ?x LIMIT 5", "1:14", "?y is asked for of a group"),
        ("SELECT ?x { ?x ?p ?y } ORDER BY COUNT(?x)", "1:8", "?x is asked for of a group"),
        (
            "ASK {\n { SELECT ?x { ?x ?p ?y } GROUP BY (STR(?x) AS ?y) } }",
            "2:11",
            "?x is asked for of a group",
        ),
        ("DESCRIBE ?x { ?x ?p ?y } GROUP BY ?y", "1:10", "?x is asked for of a group"),
        ("SELECT * { ?x ?p ?y } GROUP BY ?x", "1:8", "SELECT * cannot stand with GROUP BY"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } GROUP BY ?s", "1:37", "CONSTRUCT cannot stand with GROUP BY"),
        ("SELECT * {} VALUES (?a ?b) { (1 2) (1) }", "1:36", "values (1) as VALUES has variables (2)"),
        ("ASK { VALUES (?a) { ('x'@nb) ('1'^^<a:a> UNDEF) } }", "1:30", "values (2) as"),
        ("ASK { VALUES (?a ?a) { (1 2) } }", "1:18", "?a stands twice in VALUES"),
        ("ASK { { _:a ?p ?o } { ?s ?p _:a } }", "1:29", "_:a stands in two groups"),
        ("ASK { _:a ?p ?o OPTIONAL { _:a ?q ?o } }", "1:28", "_:a stands in two groups"),
        ("ASK { FILTER (COUNT(?x) > 1) }", "1:15", "COUNT sums up rows"),
        ("ASK { BIND (SUM(?x) AS ?y) }", "1:13", "SUM sums up rows"),
    ],
)
def test_what_the_grammar_does_not_show_is_named_and_placed(text: str, where: str, says: str) -> None:
    error = refused(text)
    assert error.where == where
    assert says in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x (COUNT(?y) AS ?n) (MAX(?n + 1) AS ?m) { ?x ?p ?y } GROUP BY ?x HAVING (COUNT(?y) > 1) 1",
        "SELECT (STR(?x) AS ?y) { ?x ?p ?z FILTER NOT EXISTS { ?x ?p ?y } } 1",
        "ASK { FILTER (?x > 1) BIND (1 AS ?x) MINUS { ?y ?y ?y } BIND (1 AS ?y) 1 } 1",
        "ASK { { SELECT ?a (1 AS ?c) { ?a ?p ?x } } BIND (1 AS ?x) . 1 } 1",
        "ASK { VALUES (?a ?b) { ('x'@nb '1'^^<a:a>) (UNDEF true) } _:a ?p _:a } 1",
        "CONSTRUCT { ?s ?p ?o } { { SELECT ?s { ?s ?p ?o } GROUP BY ?s } } 1",
    ],
)
def test_what_goes_together_is_not_blamed(text: str) -> None:
    error = refused(text)
    assert "cannot be read from here on: «" in str(error)


def test_the_engine_is_not_asked_again_and_again_what_could_stand_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, syntax_error = [], probing.syntax_error

    def counted(text: str) -> SyntaxError | None:
        asked.append(text)
        return syntax_error(text)

    monkeypatch.setattr(probing, "syntax_error", counted)
    for text in (
        "ASK { FILTER(?o =< 3) }",
        "ASK { " + "<" * 1000 + " }",
        "ASK { ?s ?p " + "<= " * 1000 + "}",
        "ASK { ?s ?p <a " + "<" * 1000 + " unknown",
        "ASK { " + "{ _:a ?p ?o } " * 300 + " unknown }",
        "ASK { " + "BIND (1 AS ?x) " * 200 + "}",
        "ASK { FILTER " + "(" * 50,
    ):
        asked.clear()
        refused(text)
        assert 0 < len(asked) < 40


@pytest.mark.parametrize(
    ("long", "hint"),
    [
        (f"ASK {{ ?s ?p '{'x' * 20_000}' selct", "Did you mean SELECT"),
        (f"ASK {{ ?s ?p '{'x' * 20_000}'", "It ends with «}»."),
        ("ASK { FILTER (" + "!(" * 30 + "selct", "Did you mean SELECT"),
        ("ASK { FILTER (" + "!(" * 30, "It ends with «)»."),
    ],
)
def test_what_would_be_slow_to_read_is_not_read_for_more_words(
    monkeypatch: pytest.MonkeyPatch, long: str, hint: str
) -> None:
    def read(_: str) -> SyntaxError | None:
        raise AssertionError

    monkeypatch.setattr(probing, "syntax_error", read)
    with pytest.raises(QueryError) as caught:
        check(long)
    assert str(caught.value.hint).startswith(hint)


def test_limits_and_what_is_forbidden_are_told_as_they_are() -> None:
    for told in (
        Forbidden(message("no"), where="1:1"),
        LimitError(message("no"), limit="nesting", value="1", where="1:1"),
    ):
        assert foreseen(told, "ASK { unknown") is told


NAMED = "a variable, an address (in < > or with a prefix)"
VALUE = f"{NAMED}, a text or a number"
ENDINGS = "GROUP HAVING LIMIT OFFSET ORDER VALUES"
CLAUSE = "a clause such as FILTER"
FORMS = "one of ASK BASE CONSTRUCT DESCRIBE PREFIX SELECT VERSION"


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("SELECT * { ?s ?p }", "1:18", VALUE),
        ("CONSTRUCT ?s {}", "1:11", "«{» or one of FROM WHERE"),
        ("SELECT (1 ?x) {}", "1:11", "an operator such as = or one of AS IN NOT"),
        ("ASK { FILTER (?a = ?b = ?c) }", "1:23", "an operator such as && or «)»"),
        ("DESCRIBE", "1:9", f"{NAMED} or «*»"),
        ("SELECT * {} GROUP BY", "1:21", f"{NAMED}, a function such as STR or «(»"),
        ("SELECT * {} LIMIT x", "1:19", "a whole number"),
        ("SELECT * {} LIMIT -1", "1:19", "a whole number"),
        ("SELECT * { ?s ?p ?o . . }", "1:23", f"{NAMED}, {CLAUSE} or one of «}}» «{{»"),
        ("SELECT * {} ORDER ?x", "1:19", "BY"),
        ("SELECT * {} x", "1:13", f"one of {ENDINGS}"),
        ("SELECT (1 AS 2) {}", "1:14", "a variable"),
        ("PREFIX x <https://x/> ASK {}", "1:8", "a prefix with its colon"),
        ("PREFIX x: ASK {}", "1:11", "an address in < >"),
        ("ASK { ?s ?p 'x'^^ }", "1:19", "an address (in < > or with a prefix)"),
        ("DESCRIBE ?x 5", "1:13", f"{NAMED}, «{{» or one of FROM {ENDINGS} WHERE"),
        ("ASK { _:a ?p ?o } ASK {}", "1:19", f"one of {ENDINGS}"),
        (
            "ASK { VALUES ?x { (1) } }",
            "1:19",
            "an address (in < > or with a prefix), a text, a number, «}» or UNDEF",
        ),
        ("unknown", "1:1", FORMS),
        ("?x", "1:1", FORMS),
        ("PREFIX a: <a:a>\n", "2:1", FORMS),
        (
            "ASK { ?s ?p ?o FILTER ?o > 1) }",
            "1:23",
            "an address (in < > or with a prefix), a function such as STR or «(»",
        ),
        ("ASK { FILTER (?x > 1 ?s ?p ?o }", "1:22", "an operator such as && or «)»"),
    ],
)
def test_what_could_stand_there_is_summed_up_in_words(text: str, where: str, expected: str) -> None:
    error = refused(text)
    assert error.where == where
    assert str(error.hint) == f"Here could stand: {expected}"


@pytest.mark.parametrize(
    ("text", "where", "hint"),
    [
        (
            "SELECT *\nWHER { ?s ?p ?o }",
            "2:1",
            "Did you mean WHERE? Here could stand: «{» or one of FROM WHERE",
        ),
        ("ASK { ?s ?p ?o ]", "1:16", "Open here: «{». Here could stand: "),
        ("ASK {", "1:5", "It ends with «}». At the end of the query could stand: a variable, "),
        (
            "ASK { ?s ?p ?o FILTER (1",
            "1:23",
            "It ends with «)». At the end of the query could stand: an operator",
        ),
        ("ASK { ?s ?p & }", "1:13", f"Look at this place and the line above it. Here could stand: {VALUE}"),
        ("SELECT * {} VALUES ?x {1} LIMIT 1", "1:27", "Here the query could only end."),
        ("SELECT * {} VALUES ?x {1} unknown", "1:27", "Here the query could only end."),
        ("ASK { ?s ?p 'x }", "1:13", "End it with the same mark, or write the backslash twice: \\\\."),
    ],
)
def test_what_no_engine_has_read_is_told_with_what_could_stand_there(
    text: str, where: str, hint: str
) -> None:
    error = refused(text)
    assert error.where == where
    assert str(error.hint).startswith(hint)


def test_a_word_is_meant_only_where_it_could_stand() -> None:
    assert "Did you mean" not in str(refused("ASK { ?s ?p ?o } LIMIT UCASES"))
    assert "Did you mean UCASE" in str(refused("ASK { FILTER (UCASES(?x)) }"))


def test_no_more_is_listed_than_can_be_taken_in() -> None:
    every = {'"', "'", "$", "?", "<", ":", "[", "(", "_:", "{", "}", ".", "+", "-", DIGIT}
    words = {"BIND", "FILTER", "GRAPH", "LATERAL", "MINUS", "OPTIONAL", "SERVICE", "VALUES", "SELECT"}
    assert str(listed(every, words)) == f"{NAMED}, {CLAUSE} or one of «}}» «{{»"
    assert listed({"<<"}, {"SERVICE"}) is None


SAMPLES = {
    "a variable": "?new",
    "an address (in < > or with a prefix)": "<https://e/>",
    "a prefix with its colon": "new:",
    "an address in < >": "<https://e/>",
    "an operator such as =": "=",
    "an operator such as &&": "&&",
    "a text": "'new'",
    "a number": "1.5",
    "a whole number": "1",
    "a function such as STR": "STR",
    "a clause such as FILTER": "FILTER",
}


def trials(hint: Message) -> Iterator[str]:
    """What a hint says could stand at a place, each as it could be written there."""
    told = str(hint).partition("could stand: ")[2]
    for kind, sample in SAMPLES.items():
        if kind in told:
            told = told.replace(kind, "")
            yield sample
    yield from re.findall(r"«([^»]+)»", told)
    yield from (word for word in re.findall(r"\b[A-Za-z]+\b", told) if word not in ("one", "of", "or"))


def broken(chosen: random.Random) -> str:
    """A ready question with a token or a letter left out, doubled, put in or in another's place."""
    text = chosen.choice(sorted(QUERIES.glob("*.rq"))).read_text(encoding="utf-8")
    found = list(tokens(text))
    one, other = chosen.choice(found), chosen.choice(found)
    at = chosen.randrange(len(text))
    return chosen.choice(
        (
            text[: one.start] + text[one.end :],
            f"{text[: one.end]} {one.text}{text[one.end :]}",
            f"{text[: one.start]}{other.text}{text[one.end :]}",
            f"{text[: one.end]} {chosen.choice(('}', ')', 'AS', '<', '1', '_:a', 'word'))}{text[one.end :]}",
            text[:at] + text[at + 1 :],
            text[:at] + chosen.choice("xZ1{}()<>;,?:@") + text[at:],
            text[:at],
        )
    )


def outcome(text: str) -> QueryError | None:
    """What is said of a text; None if it is a query, forbidden or meets a limit."""
    try:
        EmbeddedStore([], "v").query(text)
    except (Forbidden, LimitError):
        return None
    except QueryError as error:
        return error if probing.syntax_error(text) else None
    return None


def test_what_is_said_could_stand_there_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put in its place, the engine gets past it; and every error says what to do."""
    asked: list[str] = []
    possible = probing.possible

    def noted(text: str, before: Sequence[Token]) -> tuple[set[str], set[str], bool]:
        asked.append(probing.without_labels(text[: before[-1].end], before) if before else "")
        return possible(text, before)

    monkeypatch.setattr("bibgraph.sparql.complaints.possible", noted)
    chosen, told = random.Random(4), 0  # noqa: S311  # no secret
    for _ in range(300):
        error = outcome(broken(chosen))
        if error is None:
            continue
        assert error.where
        assert error.hint, str(error)
        for trial in trials(error.hint):
            head = f"{asked[-1]} {trial}"
            assert probing.failure(f"{head}{' ' * 20}\0")[0] >= len(head), (str(error), trial)
            told += 1
    assert told > 500


def test_a_missing_prefix_is_told_wherever_it_is_missed() -> None:
    error = complain("PREFIX e: <https://e/> ASK { e:s e:p ?o ;\n ex:p 1 }")
    assert (error.where, error.problem.values) == ("2:2", {"prefix": "ex"})
    assert str(complain("ASK { ?s ?p ex:a:b }")).startswith("1:13: The prefix «ex:»")
    assert complain("PREFIX ex: <https://e/> ASK { ex:p 1 }").problem.values == {"found": "1"}


WORDS = st.sampled_from(
    re.findall(r"\S+", "SELECT ASK * { } ( ) ?x <x:y> 'a' 1 . ; BIND AS GROUP BY LIMIT _:a")
)


@given(st.lists(WORDS))
def test_whatever_is_wrong_is_placed_and_said_in_few_words(words: list[str]) -> None:
    text = " ".join((*words, "^"))
    error = complain(text)
    assert error.where
    assert len(str(error.hint or "").split()) < 60


@given(
    st.lists(WORDS | st.sampled_from(("COUNT", "VALUES", "FILTER", "MINUS", "DESCRIBE", "no")), max_size=25)
)
def test_whatever_is_refused_before_it_is_read_is_placed_too(words: list[str]) -> None:
    error = outcome(" ".join(words))
    assert error is None or error.where
    assert "UNREPORTED" not in str(error)


@pytest.mark.parametrize(
    ("text", "where", "iri"),
    [
        ("SELECT * { <a> ?p ?o }", "1:12", "<a>"),
        ("SELECT * { ?s ?p <rel> }", "1:18", "<rel>"),
        ("SELECT * {\n  ?s <#x> ?o }", "2:6", "<#x>"),
        ("SELECT * { ?s <https://e/p> ?o . ?s <a/b> <c> }", "1:37", "<a/b>"),
        ("SELECT * { ?s ?p '1'^^<int> }", "1:23", "<int>"),
        ("SELECT (<f>(1) AS ?x) {}", "1:9", "<f>"),
        ("PREFIX e: <e/> ASK { e:a e:b e:c }", "1:11", "<e/>"),
        ("BASE <rel> ASK { ?s ?p ?o }", "1:6", "<rel>"),
        ("SELECT * FROM <g> { ?s ?p ?o }", "1:15", "<g>"),
        ("DESCRIBE <>", "1:10", "<>"),
        (f"DESCRIBE <{'long' * 10_000}>", "1:10", "<longlonglonglonglonglonglon…>"),
    ],
)
def test_an_address_that_is_not_whole_is_named_with_what_it_lacks(text: str, where: str, iri: str) -> None:
    error = refused(text)
    assert error.where == where
    assert error.problem.values == {"iri": iri}
    assert "BASE <" in error.text("en")


@pytest.mark.parametrize(
    "text", ["BASE <https://e/> ASK { ?s <http://[> ?o }", "ASK { ?s ?p <\\u0068ttp://[> }", "ASK { ?s ?p }"]
)
def test_other_faults_are_not_put_down_to_a_missing_base(text: str) -> None:
    assert "BASE" not in refused(text).text("en")


def test_an_unknown_complaint_is_handed_on() -> None:
    assert "something new" in str(complaint(SyntaxError("something new"), "ASK {}"))


def test_an_error_is_placed_in_its_file() -> None:
    assert in_file(complain("ASK"), "a.rq").where == "a.rq:1:4"


@given(st.text(alphabet="ab\n", max_size=20), st.integers(0, 20))
def test_a_place_is_found_again_by_line_and_column(text: str, position: int) -> None:
    at = min(position, len(text))
    assert probing.position_of(text, *map(int, place(text, at).split(":"))) == at
