"""Where in a file each statement stands: a parse of Turtle, TriG, N-Triples and N-Quads that keeps places.

No parser of the field gives positions, so this one follows the grammars (RDF 1.1 Turtle and TriG, W3C 2014)
itself. It is only used on text that ``reading`` has parsed without error, and only when something is to be
reported of it; a test holds that both read the same statements.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin

import pyoxigraph as ox

from bibgraph.namespaces import RDF, XSD
from bibgraph.turtle.scanning import (
    PositionError,
    Token,
    end_of_statement,
    scan,
    statement_about,
    unescape,
)

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DIRECTIVES = {"prefix", "base"}

Subject = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal


class Place(NamedTuple):
    """A place in a text: line and column from 1, columns counted in characters; where the term ends."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Statement:
    """A quad and where its subject and its object stand."""

    quad: ox.Quad
    subject: Place
    object: Place


def statements(text: str, graph: str = "", base: str = "") -> Iterator[Statement]:
    """The statements of Turtle, TriG, N-Triples or N-Quads text, with their places, in reading order.

    Statements without a graph of their own go to ``graph``; relative IRIs start from ``base``. Labels of
    blank nodes are arbitrary. Raises PositionError (or RecursionError, for brackets nested hundreds deep)
    where the text does not parse.
    """
    return _Reader(text, graph, base).document()


class Outline:
    """The statements of Turtle or N-Triples, thing by thing: each is only parsed when it is asked for.

    Raises PositionError (or RecursionError) where the text does not parse.
    """

    def __init__(self, text: str, graph: str = "", base: str = "") -> None:
        self._reader = _Reader(text, graph, base)
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


class _Reader:
    def __init__(self, text: str, graph: str, base: str) -> None:
        self._home = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        self._graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph = self._home
        self._prefixes: dict[str, str] = {}
        self._base = base
        self._blanks: dict[str, ox.BlankNode] = {}
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._text = text
        self._found: list[Statement] = []
        self._go(0)

    def _go(self, position: int) -> None:
        self._tokens = scan(self._text, position)
        self._token = next(self._tokens)

    def _next(self) -> Token:
        token, self._token = self._token, next(self._tokens)
        return token

    def _at(self, *marks: str) -> bool:
        return self._token.kind == "mark" and self._token.text in marks

    def _expect(self, mark: str) -> Token:
        if not self._at(mark):
            raise PositionError(f"{mark!r} expected at character {self._token.start}")
        return self._next()

    def _place(self, start: int, end: int) -> Place:
        line, column = self._line_of(start)
        return Place(line, column, *self._line_of(end))

    def _line_of(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def outline(self) -> Iterator[tuple[str, int, dict[str, str], str]]:
        """Each subject with an IRI, where its statements begin, and the prefixes and base that hold there."""
        position, text = 0, self._text
        while True:
            found = statement_about(text, position)
            if found is not None:
                iri, name, start, position = found
                yield self._iri(iri) if iri else self._expand(name), start, self._prefixes, self._base
                continue
            self._go(position)
            if self._token.kind == "end":
                return
            if self._directive():
                position = self._token.start
                continue
            position = end_of_statement(text, self._token.start)
            if position < 0:
                raise PositionError(f"no statement at character {self._token.start}")

    def statements_at(self, position: int, prefixes: dict[str, str], base: str) -> list[Statement]:
        """The statements of the subject that begins at ``position``."""
        self._prefixes, self._base = prefixes, base
        self._go(position)
        self._found = []
        self._triples_or_graph()
        return self._found

    # --- the grammar, a method a rule ---

    def document(self) -> Iterator[Statement]:
        while self._token.kind != "end":
            if self._directive():
                continue
            if self._at("{"):
                self._block(self._home)
            else:
                self._triples_or_graph()
            yield from self._found
            self._found.clear()

    def _directive(self) -> bool:
        word = self._token.text.removeprefix("@").lower()
        if self._token.kind not in ("at", "word") or word not in _DIRECTIVES:
            return False
        dotted = self._next().kind == "at"
        if word == "prefix":
            prefix = self._next().text[:-1]
            # Anew, because an outline keeps those that held before.
            self._prefixes = {**self._prefixes, prefix: self._iri(self._next().text)}
        else:
            self._base = self._iri(self._next().text)
        if dotted:
            self._expect(".")
        return True

    def _triples_or_graph(self) -> None:
        if self._token.kind == "word" and self._token.text.lower() == "graph":
            self._next()
            name, _, _ = self._node()
            self._block(_resource(name))
            return
        subject, place, opened = self._node()
        if self._at("{"):
            self._found.clear()
            self._block(_resource(subject))
            return
        if not (opened and self._at(".")):
            self._predicates(_resource(subject), place)
        # N-Quads: a graph after the object.
        if not self._at("."):
            name, _, _ = self._node()
            last = self._found.pop()
            quad = ox.Quad(last.quad.subject, last.quad.predicate, last.quad.object, _resource(name))
            self._found.append(Statement(quad, last.subject, last.object))
        self._expect(".")

    def _block(self, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
        self._expect("{")
        self._graph = graph
        while not self._at("}"):
            subject, place, opened = self._node()
            if not (opened and self._at(".", "}")):
                self._predicates(_resource(subject), place)
            if self._at("."):
                self._next()
        self._expect("}")
        self._graph = self._home

    def _predicates(self, subject: Subject, place: Place) -> None:
        while True:
            predicate = self._predicate()
            while True:
                value, at, _ = self._node()
                quad = ox.Quad(subject, predicate, value, self._graph)
                self._found.append(Statement(quad, place, at))
                if not self._at(","):
                    break
                self._next()
            if not self._at(";"):
                return
            while self._at(";"):
                self._next()
            if self._at(".", "]", "}"):
                return

    def _predicate(self) -> ox.NamedNode:
        if self._token.kind == "word" and self._token.text == "a":
            self._next()
            return ox.NamedNode(RDF.type)
        node, _, _ = self._node()
        if not isinstance(node, ox.NamedNode):
            raise PositionError(f"a predicate expected at character {self._token.start}")
        return node

    def _node(self) -> tuple[Term, Place, bool]:
        """A term, its place, and whether it is a bracketed node that may stand as a statement alone."""
        token = self._next()
        if token.kind == "mark" and token.text == "[":
            return self._bracketed(token)
        if token.kind == "mark" and token.text == "(":
            return self._collection(token)
        term, end = self._simple(token)
        return term, self._place(token.start, end), False

    def _bracketed(self, token: Token) -> tuple[Term, Place, bool]:
        node = ox.BlankNode()
        place = self._place(token.start, token.end)
        opened = not self._at("]")
        if opened:
            self._predicates(node, place)
        self._expect("]")
        return node, place, opened

    def _collection(self, token: Token) -> tuple[Term, Place, bool]:
        place = self._place(token.start, token.end)
        nil = ox.NamedNode(RDF.nil)
        first: Subject = nil
        last: ox.BlankNode | None = None
        while not self._at(")"):
            value, at, _ = self._node()
            cell = ox.BlankNode()
            if last is None:
                first = cell
            else:
                self._found.append(Statement(self._triple(last, RDF.rest, cell), place, at))
            self._found.append(Statement(self._triple(cell, RDF.first, value), place, at))
            last = cell
        self._expect(")")
        if last is not None:
            self._found.append(Statement(self._triple(last, RDF.rest, nil), place, place))
        return first, place, last is not None

    def _triple(self, subject: Subject, predicate: str, value: Term) -> ox.Quad:
        return ox.Quad(subject, ox.NamedNode(predicate), value, self._graph)

    def _simple(self, token: Token) -> tuple[Term, int]:
        if token.kind == "iri":
            return ox.NamedNode(self._iri(token.text)), token.end
        if token.kind == "name":
            return ox.NamedNode(self._expand(token.text)), token.end
        if token.kind == "blank":
            return self._blanks.setdefault(token.text, ox.BlankNode()), token.end
        if token.kind == "number":
            return ox.Literal(token.text, datatype=ox.NamedNode(_number_type(token.text))), token.end
        if token.kind == "word" and token.text in ("true", "false"):
            return ox.Literal(token.text, datatype=ox.NamedNode(XSD.boolean)), token.end
        if token.kind in ("long", "short"):
            return self._literal(token)
        raise PositionError(f"a term expected at character {token.start}")

    def _literal(self, token: Token) -> tuple[ox.Literal, int]:
        width = 3 if token.kind == "long" else 1
        value = unescape(token.text[width:-width])
        if self._token.kind == "at":
            tag = self._next()
            return ox.Literal(value, language=tag.text[1:]), tag.end
        if self._at("^^"):
            self._next()
            kind = self._next()
            datatype, end = self._simple(kind)
            if not isinstance(datatype, ox.NamedNode):
                raise PositionError(f"a datatype expected at character {kind.start}")
            return ox.Literal(value, datatype=datatype), end
        return ox.Literal(value), token.end

    def _iri(self, text: str) -> str:
        iri = unescape(text[1:-1])
        scheme = _SCHEME.match(iri)
        # By far the most, and joining takes its time.
        if not self._base or (scheme and scheme[1].lower() != self._base.partition(":")[0].lower()):
            return iri
        return urljoin(self._base, iri)

    def _expand(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        if prefix not in self._prefixes:
            raise PositionError(f"the prefix {prefix}: is not declared")
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _resource(term: Term) -> Subject:
    if isinstance(term, ox.Literal):
        raise PositionError("a literal cannot stand here")
    return term


def _number_type(text: str) -> str:
    if "e" in text.lower():
        return str(XSD.double)
    return str(XSD.decimal) if "." in text else str(XSD.integer)
