"""The statements that shapes are run over, in every form that an engine or a hint may want them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from bibgraph.turtle import to_store
from bibgraph.validation.statements import Statements
from bibgraph.validation.triples import Term

Graph = ox.NamedNode | ox.DefaultGraph


@dataclass(frozen=True)
class Asked:
    """Some graphs of a store, seen as one graph. The store writes some values otherwise: of 01 it makes 1."""

    store: ox.Store
    graphs: Sequence[Graph] = (ox.DefaultGraph(),)

    def about(self, subject: Term | None, predicate: str = "") -> set[ox.Triple]:
        """What is stated of a thing, along one property or all."""
        if subject is None or isinstance(subject, ox.Literal):
            return set()
        along = ox.NamedNode(predicate) if predicate else None
        return {
            quad.triple
            for graph in self.graphs
            for quad in self.store.quads_for_pattern(subject, along, None, graph)
        }

    def subjects(self, predicate: str, value: Term) -> Iterator[ox.NamedNode]:
        """The things with an IRI that have this value; some of them twice, perhaps."""
        for graph in self.graphs:
            for quad in self.store.quads_for_pattern(None, ox.NamedNode(predicate), value, graph):
                if isinstance(quad.subject, ox.NamedNode):
                    yield quad.subject

    def matching(
        self, predicate: ox.NamedNode | None = None, value: Term | None = None
    ) -> Iterator[ox.Triple]:
        """The statements with this predicate and value; some of them twice, perhaps."""
        for graph in self.graphs:
            for quad in self.store.quads_for_pattern(None, predicate, value, graph):
                yield quad.triple

    def rows(self, query: str) -> ox.QuerySolutions:
        """The answer to a SELECT over the graphs, in which a triple may stand twice."""
        found = self.store.query(query, default_graph=list(self.graphs))
        if not isinstance(found, ox.QuerySolutions):
            raise TypeError("the query is no SELECT")
        return found


class Stated:
    """Statements as they were read; each form is made when it is first asked for."""

    def __init__(
        self,
        quads: Callable[[], Iterable[ox.Quad]],
        text: Callable[[], bytes] | None = None,
        asked: Callable[[], Asked] | None = None,
        about: Callable[[str], Iterable[ox.Quad]] | None = None,
    ) -> None:
        """quads: all statements, as written. text: the same as Turtle. asked: the same in a store.

        about: the statements, as written, about the thing with an IRI.
        """
        self._quads = quads
        self._text = text
        self._asked = asked
        self._about = about

    @classmethod
    def of(cls, data: Iterable[ox.Quad] | ox.Store) -> Stated:
        """Those of some quads; of a store, its default graph."""
        if isinstance(data, ox.Store):
            store = data
            listed: Iterable[ox.Quad] = data.quads_for_pattern(None, None, None, ox.DefaultGraph())
            return cls(lambda: listed, asked=lambda: Asked(store))
        return cls(lambda: data)

    @cached_property
    def quads(self) -> list[ox.Quad]:
        """The statements, values as they are written."""
        return list(self._quads())

    def about(self, thing: Term) -> list[ox.Quad]:
        """The statements about a thing, values as they are written."""
        if self._about is not None and isinstance(thing, ox.NamedNode):
            return list(self._about(thing.value))
        return [quad for quad in self.quads if quad.subject == thing]

    @cached_property
    def text(self) -> bytes:
        """The statements in Turtle, or in N-Triples, which is Turtle too."""
        if self._text is not None:
            return self._text()
        return ox.serialize((quad.triple for quad in self.quads), format=ox.RdfFormat.N_TRIPLES) or b""

    @cached_property
    def statements(self) -> Statements:
        """The statements, thing by thing, values as they are written."""
        if self._text is None:
            return Statements(self.text)
        try:
            parsed = ox.parse(self.text, format=ox.RdfFormat.TURTLE)
            return Statements(ox.serialize(parsed, format=ox.RdfFormat.N_QUADS) or b"")
        except SyntaxError:
            # Reading each file by itself says what is wrong.
            return Statements.of(self.quads)

    @cached_property
    def asked(self) -> Asked:
        """The statements in a store."""
        return self._asked() if self._asked is not None else Asked(to_store(self.quads))
