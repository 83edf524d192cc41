"""Records as Turtle, by the queries in ``queries/ingest/write-*.rq``, which hold the ontology's terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from bibgraph.namespaces import PREFIXES, XSD
from bibgraph.turtle import canonical

Term = ox.NamedNode | ox.Literal
Record = Mapping[str, Term]
"""What a query's variables stand for in one row; those left out are not said."""


def thing(iri: str) -> ox.NamedNode:
    """The thing of this IRI."""
    return ox.NamedNode(iri)


def text(words: str, language: str) -> ox.Literal:
    """Words in a language."""
    return ox.Literal(words, language=language)


def typed(value: object, kind: str) -> ox.Literal:
    """A value of the XML Schema datatype ``kind``: date, integer or boolean."""
    form = str(value).lower() if kind == "boolean" else str(value)
    return ox.Literal(form, datatype=ox.NamedNode(XSD[kind]))


def construct(query: str, records: Iterable[Record]) -> list[ox.Quad]:
    """What ``query``, a CONSTRUCT without conditions, makes of the records."""
    rows = [dict(record) for record in records]
    names = sorted({name for row in rows for name in row})
    if not names:
        return []
    lines = (" ".join(str(row.get(name, "UNDEF")) for name in names) for row in rows)
    values = f"\nVALUES ({' '.join('?' + name for name in names)}) {{\n" + "\n".join(
        f"({line})" for line in lines
    )
    made = ox.Store().query(query + values + "\n}")
    if not isinstance(made, ox.QueryTriples):
        raise TypeError("a query of queries/ingest that writes is no CONSTRUCT")
    return [ox.Quad(*triple) for triple in made]


def as_turtle(quads: Iterable[ox.Quad], prefixes: Mapping[str, str], name: str) -> str:
    """The quads in the project's layout, with ``prefixes`` beside those of its table."""
    return canonical(_plain(quads, prefixes), name=name)


def added_to(turtle: str, quads: Iterable[ox.Quad], name: str) -> str:
    """The Turtle document with the quads, in the project's layout."""
    return canonical(turtle + "\n" + _plain(quads, {}), name=name)


def _plain(quads: Iterable[ox.Quad], prefixes: Mapping[str, str]) -> str:
    heads = [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in {**PREFIXES, **prefixes}.items()]
    lines = (f"{quad.subject} {quad.predicate} {quad.object} ." for quad in quads)
    return "\n".join([*(heads if prefixes else []), *lines]) + "\n"
