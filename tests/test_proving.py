"""What is certain without pySHACL: leaving it out changes no result, and little is left for pySHACL to do."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibgraph.repository import Repository
from bibgraph.validation import read_shapes, validate
from bibgraph.validation.engines import certain, reference
from bibgraph.validation.engines.proving import Prover
from bibgraph.validation.engines.valuing import Doubtful
from bibgraph.validation.flatten import flatten
from bibgraph.validation.results import Result
from bibgraph.validation.statements import Statements, key, literal, term
from bibgraph.validation.triples import Term, Triples
from test_engines import CONSTRAINTS, SHAPES, TARGETS, TRIPLE, VALUES, parsed, unlabelled

P = ox.NamedNode("http://x/P")
A = ox.NamedNode("http://x/a")


def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave nothing out: pySHACL is asked about all."""
    monkeypatch.setattr(Prover, "doubtful", lambda *_: None)


def prover(shapes: str, data: str) -> Prover:
    return Prover(flatten(read_shapes(parsed(shapes))), Statements.of(parsed(data)))


def doubtful(constraint: str, data: str) -> list[str] | None:
    """Which things a property shape for :p leaves doubtful; None if it says nothing."""
    target = ":P sh:targetSubjectsOf :p ; sh:path :p"
    found = prover(f"{target} ; {constraint} . :N sh:nodeKind sh:IRI .", data).doubtful(P)
    return None if found is None else sorted(each.decode() for each in found)


@settings(max_examples=40)
@given(triples=st.lists(TRIPLE, min_size=1, max_size=12), shapes=SHAPES)
def test_leaving_out_what_is_certain_changes_nothing(
    triples: list[tuple[str, str, str]], shapes: str
) -> None:
    data = parsed(":E rdfs:subClassOf :C ." + " ".join(f"{' '.join(triple)} ." for triple in triples))
    wanted = parsed(shapes)
    found = unlabelled(validate(data, wanted))
    with pytest.MonkeyPatch.context() as monkeypatch:
        everything(monkeypatch)
        assert found == unlabelled(validate(data, wanted))


@pytest.mark.parametrize("path", [":p", "[ sh:inversePath :p ]"])
def test_every_constraint_alone_is_left_out_rightly(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each on every value, which random shapes may miss: once by itself, once turned round."""
    target = " ; ".join(each for each in TARGETS if each.startswith("sh:"))
    shapes = " ".join(
        f":P{number} sh:path {path} ; {target} ; {constraint} ."
        f":Q{number} sh:path {path} ; {target} ; sh:not [ {constraint} ] ."
        for number, constraint in enumerate(CONSTRAINTS)
        if not constraint.startswith(("sh:min", "sh:max", "sh:unique", "sh:less", "sh:qualified"))
    ) + " ".join(
        f":R{number} sh:path {path} ; {target} ; {constraint} ."
        for number, constraint in enumerate(CONSTRAINTS)
    )
    things = " ".join(
        f":v{number} a :C ; :p {value} , :a ; :q {value} ." for number, value in enumerate(VALUES)
    )
    data = parsed(f'{things} :a a :D ; :p 1 , 2 ; :q "x"@nb , "x"@NB , "y"@nb . :S a :C ; :p :a , :b .')
    wanted = parsed(f"{shapes} :N a sh:NodeShape ; sh:property [ sh:path :q ; sh:minCount 1 ] .")
    found = unlabelled(validate(data, wanted))
    everything(monkeypatch)
    assert found == unlabelled(validate(data, wanted))


def test_the_real_graph_with_gaps_has_the_same_findings(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all they hold, and in the same order."""
    whole, shapes = repository.quads("ontology", "data"), repository.quads("shapes")
    faulty = [quad for number, quad in enumerate(whole) if number % 11]
    found = validate(faulty, shapes)
    assert len(found) > 300
    everything(monkeypatch)
    assert found == validate(faulty, shapes)


def test_of_the_real_graph_next_to_nothing_is_left(repository: Repository) -> None:
    """Else the check of it would be slow again, and nobody would see why."""
    shapes = flatten(read_shapes(repository.quads("shapes")))
    statements = Statements.of(repository.quads("ontology", "data"))
    each = Prover(shapes, statements)
    left = [
        each.doubtful(root) for root in sorted(shapes.subjects("http://www.w3.org/ns/shacl#path"), key=str)
    ]
    assert None not in left
    assert sum(map(len, filter(None, left))) < 50


def without_pyshacl(shapes: str, data: str) -> list[Result] | None:
    """What is found if pySHACL is not to be asked; None if it would have been."""
    try:
        return list(certain.told(prover(shapes, data)))
    except Doubtful:
        return None


def test_the_real_graph_is_settled_without_pyshacl(repository: Repository) -> None:
    shapes = flatten(read_shapes(repository.quads("shapes")))
    statements = Statements.of(repository.quads("ontology", "data"))
    found = list(certain.told(Prover(shapes, statements)))
    assert {each.kind for each in found} <= {"MinCount"}


@pytest.mark.parametrize("path", [":p", "[ sh:inversePath :p ]"])
@pytest.mark.parametrize("count", ["1", "2", "0", "1 , 2", "1.5"])
@pytest.mark.parametrize(
    "more", ["", "sh:severity sh:Info", "sh:severity sh:Info , sh:Warning", "sh:hasValue 1"]
)
@pytest.mark.parametrize(
    "data", [":a a :C . :b a :C ; :p 1 .", ":a a :C ; :p 1 , 2 . :x :p :a .", ":a :p :b ."]
)
def test_what_is_told_without_pyshacl_is_what_pyshacl_tells(
    path: str, count: str, more: str, data: str
) -> None:
    shapes = f":P sh:targetClass :C ; sh:path {path} ; sh:minCount {count} ; {more} ."
    found = without_pyshacl(shapes, data)
    if found is not None:
        each = prover(shapes, data)
        assert set(found) == {
            replace(result, messages=None) for result in reference.results(each.shapes, each)
        }


@pytest.mark.parametrize(
    ("constraint", "data", "settled"),
    [
        ("sh:minCount 1", ":a a :C .", True),
        ("sh:minCount 1 ; sh:datatype xsd:string", ":a a :C .", True),
        ("sh:minCount 2", ":a a :C ; :p 1 .", False),
        ("sh:minCount 1 ; sh:hasValue 1", ":a a :C .", False),
        ("sh:minCount 1 ; sh:class :C", ":a a :C . :b a :C ; :p 1 .", False),
        ("sh:minCount 1 ; sh:property [ sh:path :q ; sh:minCount 1 ]", ":a a :C .", True),
    ],
)
def test_only_that_nothing_is_there_is_told_without_pyshacl(
    constraint: str, data: str, *, settled: bool
) -> None:
    found = without_pyshacl(f":P sh:targetClass :C ; sh:path :p ; {constraint} .", data)
    assert (found is not None) == settled


@pytest.mark.parametrize(
    "shape",
    [
        *(
            ":S a sh:NodeShape ; sh:path :p .",
            ":S a sh:PropertyShape .",
            ":S sh:path :p , :q ; sh:minCount 1 .",
        ),
        *(":S a sh:PropertyShape , sh:NodeShape ; sh:path :p .", ":S a sh:PropertyShape ; sh:path :p , :q ."),
        *(
            ":S a sh:NodeShape ; sh:or ( ) .",
            ":S a sh:NodeShape ; sh:xone :T .",
            ":S a sh:NodeShape , rdfs:Class .",
        ),
        *(":S a sh:NodeShape ; sh:deactivated true , false .", ":S a sh:NodeShape ; sh:deactivated :yes ."),
    ],
)
def test_shapes_that_pyshacl_may_refuse_are_shown_to_it_though_they_aim_at_nothing(shape: str) -> None:
    assert (
        without_pyshacl(f"{shape} :P sh:targetClass :C ; sh:path :p ; sh:maxCount 1 .", ":a a :C .") is None
    )


@pytest.mark.parametrize(
    ("constraint", "data", "left"),
    [
        ("sh:datatype xsd:integer", ":a :p 1 , -5 . :b :p 01 . :c :p 1.5 .", [":c"]),
        ("sh:datatype xsd:date", ':a :p "2024-02-29"^^xsd:date . :b :p "2023-02-29"^^xsd:date .', [":b"]),
        ("sh:datatype :own", ':a :p "x"^^:own . :b :p "x" .', [":b"]),
        ("sh:datatype xsd:string", ':a :p "x" . :b :p "x"@nb .', [":b"]),
        ("sh:maxCount 1", ':a :p "x" . :b :p "x" , "y" .', [":b"]),
        ("sh:minCount 2", ':a :p "x" , "y" . :b :p "x"@nb , "x"@NB .', [":b"]),
        ("sh:uniqueLang true", ':a :p "x"@nb , "y"@nn . :b :p "x"@nb , "y"@NB .', [":b"]),
        ('sh:pattern "^a\\\\.b$"', ':a :p "a.b" . :b :p "a\\"b" .', [":b"]),
        ('sh:languageIn ( "nb" )', ':a :p "x"@nb , "x"@NB-no . :b :p "x"@nn .', [":b"]),
        ("sh:minInclusive 0 ; sh:datatype xsd:integer", ":a :p 0 . :b :p -1 .", [":b"]),
        ("sh:node :N", ':a :p :b . :b :p "x" .', [":b"]),
    ],
)
def test_only_what_may_be_wrong_is_left(constraint: str, data: str, left: list[str]) -> None:
    assert doubtful(constraint, data) == [f"<http://x/{name[1:]}>" for name in left]


@pytest.mark.parametrize(
    "constraint",
    [
        *("sh:minLength 1", "sh:datatype xsd:dateTime", "sh:minInclusive 0.5", 'sh:pattern "["'),
        *("sh:minCount 1.5", "sh:maxCount 1 , 2", "sh:node :P", "sh:or ()", "sh:in ( _:x )"),
        *("sh:flags 1 ; sh:pattern 'a'", "sh:datatype 'x'", "sh:deactivated true", "sh:unheardOf 1"),
        *("sh:uniqueLang 'true'", "sh:node :Nowhere"),
        *("sh:qualifiedMinCount 1", "sh:qualifiedValueShape :N", 'sh:languageIn ( "*" )', "sh:property :N"),
        *("sh:ignoredProperties ( :p )", "sh:closed 1", "sh:target [ a :Own ]"),
        *("a sh:PropertyShape , rdfs:Class", "a :Kind . :Kind rdfs:subClassOf rdfs:Class"),
    ],
)  # fmt: skip
def test_nothing_is_said_of_a_shape_that_is_not_plain(constraint: str) -> None:
    assert doubtful(constraint, ":a :p :b .") is None


def test_constraint_components_of_ones_own_leave_everything_to_the_reference() -> None:
    shapes = ":P sh:targetNode :a ; sh:path :p . :Own a :Kind ; sh:parameter [ sh:path :q ] ."
    assert prover(shapes, ":a :p :b .").doubtful(P) is None


def test_a_shape_that_aims_at_nothing_is_done_whatever_it_asks() -> None:
    assert prover(":P sh:targetClass :C ; sh:path :p ; sh:unheardOf 1 .", ":a :p :b .").doubtful(P) == []


WHERE = "$this $PATH ?value . FILTER (?value > 1)"


@pytest.mark.parametrize(
    ("query", "left"),
    [
        (f"SELECT $this {{ {WHERE} }}", [":b"]),
        (f"SELECT DISTINCT $this ?value WHERE {{ {WHERE} }}", [":b"]),
        ("SELECT $this { $this :p ?v ; :p ?w . BIND (STRLEN(STR(?v)) AS ?n) FILTER (?n = 1) }", [":a", ":b"]),
        ('SELECT $this { ?this a :C ; :p ?v , 2 . FILTER REGEX(STR(?v), "2") }', [":b"]),
        ('SELECT $this { $this :p ?v . ?v a "x"@en , "x"^^xsd:date , :x . }', []),
    ],
)
def test_a_plain_query_is_asked_once_of_all(query: str, left: list[str]) -> None:
    found = doubtful(sparql(query), ":a a :C ; :p 1 . :b a :C ; :p 2 .")
    assert found == [f"<http://x/{name[1:]}>" for name in left]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this { ?this ?any ?value }",
        "SELECT $this { ?other :p ?value . $this :p ?value }",
        "SELECT $this { BIND (1 AS ?one) $this :p ?one }",
        "SELECT $this { $this :p/:q ?value }",
        "SELECT $this { $this :p [ :q ?value ] }",
        "SELECT $this { $this :p ?v OPTIONAL { $this :q ?w } }",
        "SELECT $this { $this :p ?v FILTER NOT EXISTS { $this :q ?v } }",
        "SELECT $this { { $this :p ?v } UNION { $this :q ?v } }",
        "SELECT (COUNT($this) AS ?n) { $this :p ?v }",
        "SELECT $this { $this :p ?v } LIMIT 1",
        "SELECT $this { $this :p ?v . FILTER (?v = $currentShape) }",
        "SELECT ?v { $this :p ?v }",
        "SELECT $this { $this :p ?PATH }",
        "SELECT $this { $this no:prefix ?v }",
        "SELECT $this { $this :p ?v . FILTER (no:prefix(?v)) }",
        "SELECT $this { $this :p ?v . FILTER (?v >) }",
        "ASK { $this :p ?value }",
        "SELECT $this { $this :p ?value",
    ],
)
def test_any_other_query_is_left_to_the_reference(query: str) -> None:
    assert doubtful(sparql(query), ":a :p 1 .") is None


@pytest.mark.parametrize("more", ["sh:message 1", "sh:deactivated true", "sh:prefixes :others"])
def test_a_query_with_more_around_it_is_left_to_the_reference(more: str) -> None:
    others = ':others sh:declare [ sh:prefix "" ; sh:namespace "http://y/"^^xsd:anyURI ] .'
    shapes = (
        f":P sh:targetSubjectsOf :p ; sh:path :p ; {sparql(f'SELECT $this {{ {WHERE} }}', more)} . {others}"
    )
    assert prover(shapes, ":a :p 1 .").doubtful(P) is None


def sparql(query: str, more: str = "sh:message 'No.'") -> str:
    declared = (
        '[ sh:declare [ sh:prefix "" ; sh:namespace "http://x/"^^xsd:anyURI ] , '
        '[ sh:prefix "xsd" ; sh:namespace "http://www.w3.org/2001/XMLSchema#"^^xsd:anyURI ] ]'
    )
    return f"sh:sparql [ sh:prefixes {declared} ; sh:select '''{query}''' ; {more} ]"


NODES = st.one_of(
    st.from_regex(r"http://x/[a-zæøå0-9/]*", fullmatch=True).map(ox.NamedNode),
    st.from_regex(r"[a-z][a-z0-9]*", fullmatch=True).map(ox.BlankNode),
)
LITERALS = st.one_of(
    st.text().map(ox.Literal),
    st.builds(ox.Literal, st.text(), language=st.sampled_from(["nb", "en-GB"])),
    st.builds(ox.Literal, st.text(), datatype=st.just(ox.NamedNode("http://x/own"))),
)


@settings(max_examples=40)
@given(st.lists(st.tuples(NODES, st.one_of(NODES, LITERALS))))
def test_statements_have_every_term_as_it_was(
    pairs: list[tuple[ox.NamedNode | ox.BlankNode, Term]],
) -> None:
    quads = {ox.Quad(subject, A, value) for subject, value in pairs}
    taken = Statements.of(quads)
    assert set(taken.quads()) == quads
    for subject, value in pairs:
        assert value in map(term, taken.values(key(subject), key(A)))


def test_a_literal_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no literal"):
        literal(b"<http://x/a>")


def test_a_statement_about_a_statement_is_left_out() -> None:
    stated = Statements(
        b"<http://x/a> <http://x/p> <<( <x:a> <x:b> <x:c> )>> .\n<http://x/a> <http://x/p> <x:b> .\n"
    )
    assert stated.about == {b"<http://x/a>": {b"<http://x/p>": [b"<x:b>"]}}
    assert Triples.of(stated.quads()).objects(A, "http://x/p") == [ox.NamedNode("x:b")]
