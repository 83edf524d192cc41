"""What the store makes of literals is what docs/engines.md says; none of the project's own are changed."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore

XSD = "http://www.w3.org/2001/XMLSchema#"
DERIVED = [
    *("byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong"),
    *("negativeInteger", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger"),
]
KEPT = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    "http://id.loc.gov/datatypes/edtf/EDTF",
    *(f"{XSD}{name}" for name in ("string", "integer", "date", "boolean")),
}


@pytest.mark.parametrize(
    ("given", "held"),
    [
        *((f'"-1"^^<{XSD}{name}>', "-1") for name in DERIVED),
        (
            f'"2025-01-01T00:00:00Z"^^<{XSD}dateTimeStamp>',
            f'"2025-01-01T00:00:00Z"^^<{XSD}dateTime>',
        ),
        ("1.50", "1.5"),
        ("01", "1"),
        (f'"1"^^<{XSD}boolean>', "true"),
        (f'"P12M"^^<{XSD}duration>', f'"P1Y"^^<{XSD}duration>'),
        ('"x"@nb-NO', '"x"@nb-no'),
        (f'"abc"^^<{XSD}integer>', f'"abc"^^<{XSD}integer>'),
    ],
)
def test_values_are_kept_rather_than_spellings(given: str, held: str) -> None:
    quad = ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), literal(given), ox.NamedNode("x:g"))
    stored = EmbeddedStore([quad], "v").query("SELECT ?o { GRAPH ?g { ?s ?p ?o } }")
    written = EmbeddedStore([], "v").query(f"SELECT ({given} AS ?o) {{}}")
    for answer in (stored, written):
        assert isinstance(answer, ox.QuerySolutions)
        assert [row["o"] for row in answer] == [literal(held)]


def test_the_projects_triples_are_held_as_its_files_have_them(repository: Repository) -> None:
    quads = repository.quads("ontology", "data")
    answer = EmbeddedStore(quads, "v").query("SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }")
    assert isinstance(answer, ox.QuerySolutions)
    held = {ox.Quad(*(row[name] for name in "spog")) for row in answer}
    assert {quad for quad in held if named(quad)} == {quad for quad in quads if named(quad)}
    literals = [quad.object for quad in quads if isinstance(quad.object, ox.Literal)]
    assert {one.datatype.value for one in literals} == KEPT


def literal(written: str) -> ox.Literal:
    """The literal as it is written, whatever it is worth."""
    [quad] = ox.parse(f"<x:s> <x:p> {written} .", format=ox.RdfFormat.TURTLE)
    assert isinstance(quad.object, ox.Literal)
    return quad.object


def named(quad: ox.Quad) -> bool:
    """Whether all of it has a name of its own: blank nodes have others in every store."""
    return not any(isinstance(node, ox.BlankNode) for node in (quad.subject, quad.object))
