"""Where in a file each statement stands: a parse of Turtle, TriG, N-Triples and N-Quads that keeps places.

No parser of the field gives positions, so this one follows the grammars (RDF 1.1 Turtle and TriG, W3C 2014)
itself. It is only used on text that ``reading`` has parsed without error, and only when something is to be
reported of it; a test holds that both read the same statements.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from bibgraph.turtle.cursor import Place
from bibgraph.turtle.grammar import Reader, Statement
from bibgraph.turtle.scanning import PositionError

__all__ = ["Outline", "Place", "Statement", "statements"]


def statements(text: str, graph: str = "", base: str = "") -> Iterator[Statement]:
    """The statements of Turtle, TriG, N-Triples or N-Quads text, with their places, in reading order.

    Statements without a graph of their own go to ``graph``; relative IRIs start from ``base``. Labels of
    blank nodes are arbitrary. Raises PositionError (or RecursionError, for brackets nested hundreds deep)
    where the text does not parse.
    """
    return Reader(text, graph, base).document()


class Outline:
    """The statements of Turtle or N-Triples, thing by thing: each is only parsed when it is asked for.

    Raises PositionError (or RecursionError) where the text does not parse.
    """

    def __init__(self, text: str, graph: str = "", base: str = "") -> None:
        self._reader = Reader(text, graph, base)
        self._about: dict[str, list[tuple[int, dict[str, str], str]]] = {}
        for subject, start, prefixes, from_here in self._reader.outline():
            self._about.setdefault(subject, []).append((start, prefixes, from_here))

    def about(self, subject: str) -> list[Statement]:
        """The statements about the thing with this IRI, in reading order.

        Raises PositionError if there are blank nodes in them: what those are can only be told from the whole.
        """
        found = [
            statement
            for place in self._about.get(subject, ())
            for statement in self._reader.statements_at(*place)
        ]
        if any(isinstance(statement.quad.object, ox.BlankNode) for statement in found):
            raise PositionError(f"blank nodes in what is said of {subject}")
        return found
