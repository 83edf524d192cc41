"""Tables as RDF, in the vocabulary in which the W3C's tests of SPARQL state their results.

https://www.w3.org/2001/sw/DataAccess/tests/README.html: a ``rs:ResultSet`` has its variables, its size, and
for each row an ``rs:solution`` with its place and a binding for each cell that holds something; a
yes or no is an ``rs:boolean``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from bibgraph.describe import Term
from bibgraph.media import BY_NAME
from bibgraph.namespaces import PREFIXES
from bibgraph.store.writing import sound_xml

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_FORMATS = {
    BY_NAME["ttl"].type: ox.RdfFormat.TURTLE,
    BY_NAME["nt"].type: ox.RdfFormat.N_TRIPLES,
    BY_NAME["jsonld"].type: ox.RdfFormat.JSON_LD,
    BY_NAME["rdf"].type: ox.RdfFormat.RDF_XML,
}


def serialise_table(answer: ox.QuerySolutions | ox.QueryBoolean, media_type: str) -> bytes:
    """The answer as a result set in one of ``media.GRAPHS``, its rows in their order.

    Raises NotAcceptable for RDF/XML of what XML cannot hold.
    """
    triples = list(_boolean(answer) if isinstance(answer, ox.QueryBoolean) else _rows(answer))
    text = ox.serialize(triples, format=_FORMATS[media_type], prefixes={"rs": RS, **_prefixes(triples)})
    content = bytes(text or b"")
    return sound_xml(content, "rdf") if media_type == BY_NAME["rdf"].type else content


def _boolean(answer: ox.QueryBoolean) -> Iterator[ox.Triple]:
    result = ox.BlankNode("results")
    yield ox.Triple(result, _TYPE, _rs("ResultSet"))
    yield ox.Triple(result, _rs("boolean"), ox.Literal(bool(answer)))


def _rows(answer: ox.QuerySolutions) -> Iterator[ox.Triple]:
    result = ox.BlankNode("results")
    names = [variable.value for variable in answer.variables]
    rows = [[(name, solution[name]) for name in names] for solution in answer]
    nodes = [ox.BlankNode(f"row{number}") for number in range(1, len(rows) + 1)]
    yield ox.Triple(result, _TYPE, _rs("ResultSet"))
    yield ox.Triple(result, _rs("size"), _number(len(rows)))
    for name in names:
        yield ox.Triple(result, _rs("resultVariable"), ox.Literal(name))
    for node in nodes:
        yield ox.Triple(result, _rs("solution"), node)
    for place, (node, row) in enumerate(zip(nodes, rows, strict=True), start=1):
        yield ox.Triple(node, _rs("index"), _number(place))
        yield from _cells(node, [(name, value) for name, value in row if value is not None])


def _cells(row: ox.BlankNode, cells: list[tuple[str, Term]]) -> Iterator[ox.Triple]:
    nodes = [ox.BlankNode(f"{row.value}-{name}") for name, _ in cells]
    for node in nodes:
        yield ox.Triple(row, _rs("binding"), node)
    for node, (name, value) in zip(nodes, cells, strict=True):
        # The graph's own blank nodes must not fall together with those of the table.
        told = ox.BlankNode(f"value-{value.value}") if isinstance(value, ox.BlankNode) else value
        yield ox.Triple(node, _rs("variable"), ox.Literal(name))
        yield ox.Triple(node, _rs("value"), told)


def _rs(name: str) -> ox.NamedNode:
    return ox.NamedNode(RS + name)


def _number(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=_INTEGER)


def _prefixes(triples: list[ox.Triple]) -> dict[str, str]:
    """The project's prefixes that the values have a use for."""
    values = [str(triple.object) for triple in triples if triple.predicate == _rs("value")]
    return {name: iri for name, iri in PREFIXES.items() if any(f"<{iri}" in value for value in values)}
