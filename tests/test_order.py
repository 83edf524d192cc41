"""``sh:lessThan`` asked of a store at once finds what comparing pair by pair finds."""

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bibgraph.validation.engines.order import in_order, take_out
from bibgraph.validation.stated import Stated
from bibgraph.validation.triples import Triples

PREFIXES = """
@prefix : <http://x/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
VALUES = st.sampled_from(
    [
        *("1", "01", "2", "1.5", '"1"^^xsd:int', "true", '"x"', '"y"', '"x"@nb', ":b"),
        *('"2030-01-01"^^xsd:date', '"2030-01-01Z"^^xsd:date', '"2031-01-01"^^xsd:date', '"soon"^^xsd:date'),
    ]
)


def parsed(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("kind", ["lessThan", "lessThanOrEquals"])
@given(ones=st.lists(VALUES, max_size=4), others=st.lists(VALUES, max_size=3))
@example(ones=[":b"], others=[":b"])
def test_values_that_do_not_come_before_the_others_are_found(
    kind: str, ones: list[str], others: list[str]
) -> None:
    stated = [*(f":a :p {each} ." for each in ones), *(f":a :q {each} ." for each in others)]
    quads = parsed(":a a :D . :D rdfs:subClassOf :C . :z :p 9 ; :q 1 . " + " ".join(stated))
    shapes = Triples.of(parsed(f":P sh:targetClass :C ; sh:path :p ; sh:{kind} :q ; sh:severity sh:Info ."))
    [comparison] = take_out(shapes, shapes.subjects("http://www.w3.org/ns/shacl#path"))
    found = list(comparison.results(Stated.of(quads)))
    values: dict[str, list[ox.Quad]] = {"p": [], "q": []}
    for quad in quads:
        if quad.subject == ox.NamedNode("http://x/a") and quad.predicate.value[-1] in values:
            values[quad.predicate.value[-1]].append(quad)
    sign = "<" if kind == "lessThan" else "<="
    expected = {
        one.object
        for one in values["p"]
        for other in values["q"]
        if not in_order(sign, one.object, other.object)
    }
    assert {each.value for each in found} == expected
    assert {each.focus.value for each in found} <= {"http://x/a"}
    assert {each.severity for each in found} <= {"http://www.w3.org/ns/shacl#Info"}


@pytest.mark.parametrize(
    "shape",
    [
        ":P sh:targetClass :C ; sh:path ( :p :q ) ; sh:lessThan :r .",
        ":P sh:targetClass :C ; sh:path :p ; sh:lessThan :r ; sh:deactivated true .",
        ':P sh:targetNode "x" ; sh:path :p ; sh:lessThan :r .',
        ":P sh:targetClass :C ; sh:path :p ; sh:lessThan :r . :N sh:node :P .",
    ],
)
def test_what_is_not_simple_is_left_to_an_engine(shape: str) -> None:
    shapes = Triples.of(parsed(shape))
    before = list(shapes)
    assert take_out(shapes, shapes.subjects("http://www.w3.org/ns/shacl#path")) == []
    assert list(shapes) == before
