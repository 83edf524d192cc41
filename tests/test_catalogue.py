from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.catalogue import Catalogue, Chart, Question
from bibgraph.errors import NotFound, ParameterError, QueryError, SourceError
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore

HEADER = {
    "id": "things",
    "question-nb": "Hvilke ting?",
    "question-nn": "Kva ting?",
    "question-en": "Which things?",
    "why-nb": "Fordi.",
    "why-nn": "Av di.",
    "why-en": "Because.",
    "kind": "select",
    "columns-nb": "thing=Ting, said=Sagt",
    "columns-nn": "thing=Ting, said=Sagt",
    "columns-en": "thing=Thing, said=Said",
}
QUERY = "SELECT ?thing ?said\nWHERE { ?thing <https://e/says> ?said }\n"
ABOUT_THING = "SELECT ?thing ?said { VALUES $thing { UNDEF } ?thing <https://e/says> ?said }\n"
WITH_PARAMETERS = """\
SELECT ?thing ?said
WHERE {
    VALUES $text { UNDEF } # not here: VALUES $text { UNDEF }
    { SELECT ?thing ?said { VALUES ?text { undef } ?thing <https://e/says> ?said FILTER (?said = ?text) } }
    FILTER (?said != 'VALUES $text { UNDEF }')
}
"""
KIND_VALUES = (
    "SELECT ?value ?term ?label { ?term <https://e/code> ?value OPTIONAL { ?term <https://e/name> ?label } }"
)


def header(changes: Mapping[str, str | None] | None = None, parameters: tuple[str, ...] = ()) -> str:
    keys: dict[str, str | None] = {**HEADER, **(changes or {})}
    lines = [f"#+ {key}: {value}\n" for key, value in keys.items() if value is not None]
    return "".join([*lines, *(f"#+ parameter: {parameter}\n" for parameter in parameters)])


def write(folder: Path, text: str, name: str = "things") -> Path:
    path = folder / "queries" / "questions" / f"{name}.rq"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def load(folder: Path, text: str) -> Question:
    path = write(folder, text)
    return Catalogue.load([path], root=folder).get("things")


def refused(folder: Path, text: str) -> tuple[str, str]:
    with pytest.raises(QueryError) as caught:
        load(folder, text)
    return caught.value.where, str(caught.value)


def store(*said: str) -> EmbeddedStore:
    says = ox.NamedNode("https://e/says")
    return EmbeddedStore(
        [ox.Quad(ox.NamedNode(f"https://e/{n}"), says, ox.Literal(text)) for n, text in enumerate(said)], "v"
    )


def rows(question: Question, values: Mapping[str, str], asked: EmbeddedStore) -> list[str]:
    answer = asked.query(question.bind(values, asked, "nb"))
    assert isinstance(answer, ox.QuerySolutions)
    return [row["said"].value for row in answer]


def test_a_question_tells_what_its_header_says(tmp_path: Path) -> None:
    changes = {"tags": "one, two ,", "chart": "bar x=thing y=said", "coded": "said"}
    question = load(tmp_path, f"# A comment.\n\n{header(changes)}\n{QUERY}")
    assert (question.id, question.kind, question.tags) == ("things", "select", ("one", "two"))
    assert (question.chart, question.coded) == (Chart("bar", "thing", "said"), ("said",))
    assert question.chart is not None
    assert question.chart.members() == {"kind": "bar", "x": "thing", "y": "said"}
    assert [question.text(language) for language in ("nb", "nn", "en")] == [
        "Hvilke ting?",
        "Kva ting?",
        "Which things?",
    ]
    assert question.why("nn") == "Av di."
    assert list(question.headings("en").items()) == [("thing", "Thing"), ("said", "Said")]
    assert question.parameters == ()
    assert question.name == "queries/questions/things.rq"


@pytest.mark.parametrize(
    ("kind", "query"), [("ask", "ASK {}"), ("construct", "CONSTRUCT WHERE { ?s ?p ?o }")]
)
def test_questions_of_other_kinds_have_no_columns(tmp_path: Path, kind: str, query: str) -> None:
    without: dict[str, str | None] = dict.fromkeys(("columns-nb", "columns-nn", "columns-en"))
    question = load(tmp_path, header(without | {"kind": kind}) + query)
    assert (question.kind, question.headings("nb")) == (kind, {})
    where, told = refused(tmp_path, header({"kind": kind}) + query)
    assert where == "queries/questions/things.rq:9"
    assert "has no columns" in told


@pytest.mark.parametrize("key", HEADER)
def test_a_missing_key_is_told(tmp_path: Path, key: str) -> None:
    where, told = refused(tmp_path, header({key: None}) + QUERY)
    assert where == "queries/questions/things.rq:1"
    assert f"The header lacks {key}" in told


def labelled(*labels: str) -> str:
    lines = (f"#+ labels-{tag}: {label}\n" for tag, label in zip(("nb", "nn", "en"), labels, strict=False))
    return header(parameters=("text text",)) + "".join(lines)


def test_a_parameter_is_called_what_the_header_says_else_what_such_ones_are_called(tmp_path: Path) -> None:
    own = load(tmp_path, labelled("text=Ord", "text=Ord", "text=Words") + WITH_PARAMETERS)
    assert [own.label("text", language) for language in ("nb", "en")] == ["Ord", "Words"]
    bare = load(tmp_path, header(parameters=("text text",)) + WITH_PARAMETERS)
    assert (bare.label("text", "nb"), bare.label("date", "nn")) == ("text", "Per dato")


def test_part_and_count_are_asked_of_the_bound_query(tmp_path: Path) -> None:
    question = load(tmp_path, header() + QUERY + "ORDER BY ?said")
    text = question.bind({}, store())
    answer = store("b", "a", "c").query(question.part(text, 2, 1))
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["said"].value for row in answer] == ["b", "c"]
    counted = store("b", "a", "c").query(question.counting(text))
    assert isinstance(counted, ox.QuerySolutions)
    assert [row[0].value for row in counted] == ["3"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (header({"qestion-nb": "x"}) + QUERY, 12, "Did you mean question-nb"),
        (header() + "#+ id: things\n" + QUERY, 12, "stated already, in line 1"),
        (header({"why-en": ""}) + QUERY, 7, "«why-en» has no value"),
        (header() + "#+ no key\n" + QUERY, 12, "no line of a header"),
        (header() + QUERY + "#+ tags: late\n", 14, "after the query begins"),
        (header({"id": "other"}) + QUERY, 1, "the file is named «things.rq»"),
        (header({"chart": "pie x=thing y=said"}) + QUERY, 12, "no chart of the kind «pie»"),
        (header({"chart": "bar"}) + QUERY, 12, "does not say which columns"),
        (header({"chart": "bar x=thing y=said z=said"}) + QUERY, 12, "does not say which columns"),
        (header({"chart": "bar x=thing y=said x=said"}) + QUERY, 12, "does not say which columns"),
        (header({"chart": "bar x=thing y=sad"}) + QUERY, 12, "Did you mean said"),
        (header({"coded": "thin"}) + QUERY, 12, "no column «thin»"),
        (header({"choices": "thing=thing"}) + QUERY, 12, "«thing=thing» does not say"),
        (header({"choices": "thing"}, ("thing thing any",)) + ABOUT_THING, 12, "«thing» does not say"),
        (header({"choices": "thing=thin"}, ("thing thing any",)) + ABOUT_THING, 12, "no column «thin»"),
        (header({"kind": "describe"}) + QUERY, 8, "Allowed: ask, construct, select"),
        (header({"columns-nn": "thing=Ting"}) + QUERY, 10, "the query has thing, said"),
        (
            header({"columns-en": "said=Said, thing=Thing"}) + QUERY,
            11,
            "said, thing; the query has thing, said",
        ),
        (header({"columns-nb": "thing=Ting, said"}) + QUERY, 9, "«said» is no column"),
        (header({"columns-nb": "thing=A, thing=B"}) + QUERY, 9, "«thing=B» is no column"),
        (header(parameters=("date",)) + QUERY, 12, "its name, its type"),
        (header(parameters=("Date date",)) + QUERY, 12, "its name, its type"),
        (header(parameters=("text text",) * 2) + WITH_PARAMETERS, 13, "stated already"),
        (header(parameters=("text dat",)) + WITH_PARAMETERS, 12, "Did you mean date"),
        (header(parameters=("text date tomorrow",)) + WITH_PARAMETERS, 12, "«tomorrow» is none"),
        (header(parameters=("text language reader2",)) + WITH_PARAMETERS, 12, "Allowed: en, nb, nn"),
        (header(parameters=("other text", "text text")) + WITH_PARAMETERS, 12, "VALUES $other { UNDEF }"),
        (header(parameters=("limit integer 5",)) + QUERY, 12, "cannot be called «limit»"),
        (header(parameters=("lang text",)) + QUERY, 12, "Taken are: lang, format, limit, offset"),
        (labelled("text=Tekst") + WITH_PARAMETERS, 1, "The header lacks labels-nn"),
        (labelled("other=Tekst", "text=Tekst", "text=Text") + WITH_PARAMETERS, 13, "other; there are text"),
        (labelled("text=Tekst", "text=Tekst", "text") + WITH_PARAMETERS, 15, "«text» is no label"),
        (header() + "#+ labels-nb: a=b\n#+ labels-nn: a=b\n#+ labels-en: a=b\n" + QUERY, 12, "there are –"),
        (header() + QUERY.replace("WHERE", "FROM <https://e/> WHERE"), 13, "has no FROM"),
        (header() + WITH_PARAMETERS, 1, "#+ parameter: text"),
        (header() + "ASK {}", 1, "not of the kind that is stated: select"),
    ],
)
def test_a_header_that_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    where, told = refused(tmp_path, text)
    assert where.split(":")[:2] == ["queries/questions/things.rq", str(line)]
    assert says in told


def test_a_query_that_does_not_parse_is_told_with_its_place(tmp_path: Path) -> None:
    where, _ = refused(tmp_path, header() + "SELECT ?thing ?said\nWHERE { ?thing }")
    assert where == "queries/questions/things.rq:13:16"
    where, told = refused(tmp_path, header() + "SELECT ?thing ?said\nWHERE { ")
    assert where == "queries/questions/things.rq:13:7"
    assert "never closed" in told


def test_a_query_that_is_not_allowed_is_told_before_it_runs(tmp_path: Path) -> None:
    asks = header({"kind": "ask", "columns-nb": None, "columns-nn": None, "columns-en": None})
    where, told = refused(tmp_path, asks + "ASK { SERVICE <http://127.0.0.1:9/> {} }")
    assert where == "queries/questions/things.rq:9:7"
    assert "not allowed here" in told
    assert "nested deeper" in refused(tmp_path, asks + "ASK " + "{" * 5000 + "}" * 5000)[1]


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        Catalogue.load([tmp_path / "questions" / "none.rq"])


def test_a_file_runs_as_it_stands_with_its_parameters_open(tmp_path: Path) -> None:
    question = load(tmp_path, header(parameters=("text text any",)) + WITH_PARAMETERS)
    asked = store("a", "b")
    assert question.bind({}, asked) == question.query
    assert question.bind({"text": "any"}, asked) == question.query
    assert question.bind({"text": ""}, asked) == question.query


def test_a_value_goes_into_every_block_and_nowhere_else(tmp_path: Path) -> None:
    question = load(tmp_path, header(parameters=("text text any",)) + WITH_PARAMETERS)
    bound = question.bind({"text": "a"}, store())
    assert bound.count('{ "a" }') == 2
    assert "# not here: VALUES $text { UNDEF }" in bound
    assert "'VALUES $text { UNDEF }'" in bound
    assert rows(question, {"text": "b"}, store("a", "b", "c")) == ["b"]


@given(text=st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_text_is_bound_and_never_pasted(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    question = load(
        tmp_path_factory.getbasetemp() / "pasted", header(parameters=("text text",)) + WITH_PARAMETERS
    )
    wanted = text.strip()
    assert rows(question, {"text": text}, store(wanted, f"{wanted}x")) == [wanted]


def test_an_unknown_parameter_is_told_with_one_like_it(tmp_path: Path) -> None:
    question = load(tmp_path, header(parameters=("text text any",)) + WITH_PARAMETERS)
    with pytest.raises(ParameterError, match=r"no parameter «txt»\.\nDid you mean text\?"):
        question.bind({"txt": "a"}, store())
    bare = load(tmp_path, header() + QUERY)
    with pytest.raises(ParameterError, match="no parameters at all"):
        bare.bind({"txt": "a"}, store())


def test_a_missing_and_a_wrong_value_are_told(tmp_path: Path) -> None:
    question = load(tmp_path, header(parameters=("text date",)) + WITH_PARAMETERS)
    with pytest.raises(ParameterError, match="text: The parameter needs a value"):
        question.bind({}, store())
    with pytest.raises(ParameterError, match="text: «soon» is none of its values"):
        question.bind({"text": "soon"}, store())


def kind_store() -> EmbeddedStore:
    turtle = '<https://e/1> <https://e/code> "AA" ; <https://e/says> "one" .'
    return EmbeddedStore(ox.parse(turtle, format=ox.RdfFormat.TURTLE), "v")


def test_a_list_of_values_beside_the_questions_is_a_type(tmp_path: Path) -> None:
    folder = tmp_path / "queries" / "values"
    folder.mkdir(parents=True)
    (folder / "kind.rq").write_text(KIND_VALUES, "utf-8")
    query = "SELECT ?thing ?said { VALUES $thing { UNDEF } ?thing <https://e/says> ?said }"
    question = load(tmp_path, header(parameters=("thing kind any",)) + query)
    assert "{ <https://e/1> }" in question.bind({"thing": "aa"}, kind_store())
    with pytest.raises(ParameterError, match="Allowed: AA"):
        question.bind({"thing": "xyz"}, kind_store())


@pytest.mark.parametrize(
    ("text", "where"), [("SELECT ?value ?label ?term {}", ":1"), ("SELECT {", ":1:8"), ("ASK {}", ":1:1")]
)
def test_a_list_of_values_that_is_none_is_told(tmp_path: Path, text: str, where: str) -> None:
    folder = tmp_path / "queries" / "values"
    folder.mkdir(parents=True)
    (folder / "kind.rq").write_text(text, "utf-8")
    assert refused(tmp_path, header() + QUERY)[0] == f"queries/values/kind.rq{where}"


def test_questions_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    paths = [write(tmp_path, header({"id": name}) + QUERY, name) for name in ("c", "a", "b")]
    catalogue = Catalogue.load(paths)
    assert [question.id for question in catalogue] == ["a", "b", "c"]
    assert len(catalogue) == 3
    assert "a" in catalogue
    assert "d" not in catalogue
    assert catalogue["b"] is catalogue.get("b")


def test_an_unknown_question_is_told_with_those_like_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no question «thngs»\.\nDid you mean things\?") as caught:
        Catalogue.load([write(tmp_path, header() + QUERY)]).get("thngs")
    assert caught.value.exit_code == 2


def test_the_projects_own_lists_of_values_give_codes_with_names(repository: Repository) -> None:
    asked = EmbeddedStore(repository.quads("ontology", "data"), "v")
    for name, expected in {"unit": "BU", "strategy": "2023-2025"}.items():
        answer = asked.query(repository.query(f"values/{name}"))
        assert isinstance(answer, ox.QuerySolutions)
        found = [(row["value"].value, row["label"]) for row in answer]
        assert expected in [value for value, _ in found]
        assert all(label is not None for _, label in found)
