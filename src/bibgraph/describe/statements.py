"""Statements, with the named graphs that make them, out of what a store answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import pyoxigraph as ox

from bibgraph.errors import StoreError
from bibgraph.messages import message
from bibgraph.namespaces import INFERRED
from bibgraph.sparql import in_sparql
from bibgraph.store import SparqlStore
from bibgraph.turtle import label_blank_nodes

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = Mapping[str, Term | None]


@dataclass(frozen=True)
class Statement:
    """One triple, and the IRIs of the named graphs that state it."""

    subject: ox.NamedNode | ox.BlankNode
    predicate: str
    value: Term
    graphs: tuple[str, ...] = ()

    @property
    def inferred(self) -> bool:
        """Whether only reasoning states it."""
        return self.graphs == (str(INFERRED),)

    @property
    def quad(self) -> ox.Quad:
        """The triple, in the default graph."""
        return ox.Quad(self.subject, ox.NamedNode(self.predicate), self.value)

    def quads(self) -> Iterator[ox.Quad]:
        """The triple in each named graph that states it; in the default graph if none does."""
        if not self.graphs:
            yield self.quad
        for graph in self.graphs:
            yield ox.Quad(self.subject, ox.NamedNode(self.predicate), self.value, ox.NamedNode(graph))


def about(text: str, variable: str, terms: Iterable[ox.NamedNode | ox.Literal]) -> str:
    """The query ``text`` with ``terms`` written into its empty ``VALUES ?variable { }``."""
    block = f"VALUES ?{variable} {{ }}"
    if block not in text:
        raise ValueError(f"the query has no {block}")
    return text.replace(block, f"VALUES ?{variable} {{ {' '.join(map(in_sparql, terms))} }}")


def window(text: str, most: int, page: int) -> str:
    """The query ``text`` for one page of so many results and one more, which tells that others follow."""
    begin = f"LIMIT {most + 1}\n        OFFSET 0\n"
    if begin not in text:
        raise ValueError(f"the query has no {begin}")
    return text.replace(begin, f"LIMIT {most + 1}\n        OFFSET {most * (page - 1)}\n")


@runtime_checkable
class KeepsRows(Protocol):
    """A store that has the rows of a SELECT query at hand if it was asked before."""

    def rows(self, text: str) -> Sequence[Row]:
        """The rows that the query yields."""


def select(store: SparqlStore, text: str) -> Iterator[Row]:
    """The rows that a SELECT query yields."""
    if isinstance(store, KeepsRows):
        yield from store.rows(text)
    else:
        yield from fetch(store, text)


def fetch(store: SparqlStore, text: str) -> Iterator[Row]:
    """The rows that a SELECT query yields, asked for anew."""
    answer = store.query(text)
    if not isinstance(answer, ox.QuerySolutions):
        raise StoreError(message("The store did not answer with a table."))
    names = [variable.value for variable in answer.variables]
    for solution in answer:
        yield {name: solution[name] for name in names}


def ask(store: SparqlStore, text: str) -> bool:
    """The answer to an ASK query."""
    answer = store.query(text)
    if not isinstance(answer, ox.QueryBoolean):
        raise StoreError(message("The store did not answer with yes or no."))
    return bool(answer)


def collect(rows: Iterable[Row]) -> list[Statement]:
    """Rows of thing, property, value and graph as statements, each once, sorted."""
    graphs: dict[tuple[Term, Term, Term], set[str]] = defaultdict(set)
    for row in rows:
        thing, property_, value = row["thing"], row["property"], row["value"]
        if thing is not None and property_ is not None and value is not None:
            found = graphs[thing, property_, value]
            if row["graph"] is not None:
                found.add(value_of(row["graph"]))
    statements = [
        Statement(thing, value_of(property_), value, tuple(sorted(named)))
        for (thing, property_, value), named in graphs.items()
        if isinstance(thing, ox.NamedNode | ox.BlankNode)
    ]
    return sorted(statements, key=lambda s: (natural(s.subject.value), s.predicate, _value_key(s.value)))


def settled(statements: Sequence[Statement]) -> list[Statement]:
    """The same statements, sorted, their blank nodes named from what all of them say.

    So one version has one page and one document, whatever a store calls the nodes.
    """
    if not any(isinstance(term, ox.BlankNode) for s in statements for term in (s.subject, s.value)):
        return list(statements)
    quads = label_blank_nodes((quad for statement in statements for quad in statement.quads()), "b")
    return collect(map(_row, quads))


def iris(statements: Iterable[Statement]) -> Iterator[str]:
    """Every IRI that the statements, and the graphs that make them, go by."""
    for statement in statements:
        yield from (statement.predicate, *statement.graphs)
        for term in (statement.subject, statement.value):
            if isinstance(term, ox.NamedNode):
                yield term.value


def natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """A key that sorts 2 before 10: digits as numbers, and numbers before words."""
    pieces = re.split(r"(\d{1,1000})", text)  # of more than 4300 digits Python makes no number
    return tuple(
        (not piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece) for piece in pieces if piece
    )


def value_of(term: Term | None) -> str:
    """The IRI, the words or the label of a term; nothing for none."""
    if term is None:
        return ""
    return str(term) if isinstance(term, ox.Triple) else term.value


def _row(quad: ox.Quad) -> Row:
    graph = quad.graph_name if isinstance(quad.graph_name, ox.NamedNode) else None
    return {"thing": quad.subject, "property": quad.predicate, "value": quad.object, "graph": graph}


def _value_key(term: Term) -> tuple[object, ...]:
    kind = isinstance(term, ox.Literal)
    language = (term.language or "") if isinstance(term, ox.Literal) else ""
    return kind, natural(value_of(term)), language
