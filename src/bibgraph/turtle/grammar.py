"""The rules of Turtle, TriG, N-Triples and N-Quads (RDF 1.1, W3C 2014), each statement with its places.

Of RDF 1.2 there is what can stand in data without statements about statements: versions, directions of texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.namespaces import RDF, XSD
from bibgraph.turtle.cursor import Cursor, Place
from bibgraph.turtle.scanning import PositionError, Token, end_of_statement, statement_about, unescape

_DIRECTIVES = {"prefix", "base", "version"}

Subject = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True)
class Statement:
    """A quad and where its subject and its object stand."""

    quad: ox.Quad
    subject: Place
    object: Place


class Reader(Cursor):
    """The statements of a text, whole or thing by thing."""

    def __init__(self, text: str, graph: str, base: str) -> None:
        """graph: that of statements without one of their own. base: the IRI that relative ones start from."""
        super().__init__(text, base)
        self._home = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        self._graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph = self._home
        self._blanks: dict[str, ox.BlankNode] = {}
        self._found: list[Statement] = []

    def outline(self) -> Iterator[tuple[str, int, dict[str, str], str]]:
        """Each subject with an IRI, where its statements begin, and the prefixes and base that hold there."""
        position, text = 0, self.text
        while True:
            found = statement_about(text, position)
            if found is not None:
                iri, name, start, position = found
                yield self.iri(iri) if iri else self.expand(name), start, self.prefixes, self.base
                continue
            self.go(position)
            if self.token.kind == "end":
                return
            if self._directive():
                position = self.token.start
                continue
            position = end_of_statement(text, self.token.start)
            if position < 0:
                raise PositionError(f"no statement at character {self.token.start}")

    def statements_at(self, position: int, prefixes: dict[str, str], base: str) -> list[Statement]:
        """The statements of the subject that begins at ``position``."""
        self.prefixes, self.base = prefixes, base
        self.go(position)
        self._found = []
        self._triples_or_graph()
        return self._found

    def document(self) -> Iterator[Statement]:
        """All statements. Here begins the grammar, a method a rule."""
        while self.token.kind != "end":
            if self._directive():
                continue
            if self.at("{"):
                self._block(self._home)
            else:
                self._triples_or_graph()
            yield from self._found
            self._found.clear()

    def _directive(self) -> bool:
        word = self.token.text.removeprefix("@").lower()
        if self.token.kind not in ("at", "word") or word not in _DIRECTIVES:
            return False
        dotted = self.next().kind == "at"
        if word == "prefix":
            prefix = self.next().text[:-1]
            # Anew, because an outline keeps those that held before.
            self.prefixes = {**self.prefixes, prefix: self.iri(self.next().text)}
        elif word == "base":
            self.base = self.iri(self.next().text)
        else:
            self.next()
        if dotted:
            self.expect(".")
        return True

    def _triples_or_graph(self) -> None:
        if self.token.kind == "word" and self.token.text.lower() == "graph":
            self.next()
            name, _, _ = self._node()
            self._block(_resource(name))
            return
        subject, place, opened = self._node()
        if self.at("{"):
            self._found.clear()
            self._block(_resource(subject))
            return
        if not (opened and self.at(".")):
            self._predicates(_resource(subject), place)
        # N-Quads: a graph after the object.
        if not self.at("."):
            name, _, _ = self._node()
            last = self._found.pop()
            quad = ox.Quad(last.quad.subject, last.quad.predicate, last.quad.object, _resource(name))
            self._found.append(Statement(quad, last.subject, last.object))
        self.expect(".")

    def _block(self, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
        self.expect("{")
        self._graph = graph
        while not self.at("}"):
            subject, place, opened = self._node()
            if not (opened and self.at(".", "}")):
                self._predicates(_resource(subject), place)
            if self.at("."):
                self.next()
        self.expect("}")
        self._graph = self._home

    def _predicates(self, subject: Subject, place: Place) -> None:
        while True:
            predicate = self._predicate()
            while True:
                value, at, _ = self._node()
                quad = ox.Quad(subject, predicate, value, self._graph)
                self._found.append(Statement(quad, place, at))
                if not self.at(","):
                    break
                self.next()
            if not self.at(";"):
                return
            while self.at(";"):
                self.next()
            if self.at(".", "]", "}"):
                return

    def _predicate(self) -> ox.NamedNode:
        if self.token.kind == "word" and self.token.text == "a":
            self.next()
            return ox.NamedNode(RDF.type)
        node, _, _ = self._node()
        if not isinstance(node, ox.NamedNode):
            raise PositionError(f"a predicate expected at character {self.token.start}")
        return node

    def _node(self) -> tuple[Term, Place, bool]:
        """A term, its place, and whether it is a bracketed node that may stand as a statement alone."""
        token = self.next()
        if token.kind == "mark" and token.text == "[":
            return self._bracketed(token)
        if token.kind == "mark" and token.text == "(":
            return self._collection(token)
        term, end = self._simple(token)
        return term, self.place(token.start, end), False

    def _bracketed(self, token: Token) -> tuple[Term, Place, bool]:
        node = ox.BlankNode()
        place = self.place(token.start, token.end)
        opened = not self.at("]")
        if opened:
            self._predicates(node, place)
        self.expect("]")
        return node, place, opened

    def _collection(self, token: Token) -> tuple[Term, Place, bool]:
        place = self.place(token.start, token.end)
        nil = ox.NamedNode(RDF.nil)
        first: Subject = nil
        last: ox.BlankNode | None = None
        while not self.at(")"):
            value, at, _ = self._node()
            cell = ox.BlankNode()
            if last is None:
                first = cell
            else:
                self._found.append(Statement(self._triple(last, RDF.rest, cell), place, at))
            self._found.append(Statement(self._triple(cell, RDF.first, value), place, at))
            last = cell
        self.expect(")")
        if last is not None:
            self._found.append(Statement(self._triple(last, RDF.rest, nil), place, place))
        return first, place, last is not None

    def _triple(self, subject: Subject, predicate: str, value: Term) -> ox.Quad:
        return ox.Quad(subject, ox.NamedNode(predicate), value, self._graph)

    def _simple(self, token: Token) -> tuple[Term, int]:
        if token.kind == "iri":
            return ox.NamedNode(self.iri(token.text)), token.end
        if token.kind == "name":
            return ox.NamedNode(self.expand(token.text)), token.end
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
        if self.token.kind == "at":
            tag = self.next()
            language, _, direction = tag.text[1:].partition("--")
            return _tagged(value, language, direction), tag.end
        if self.at("^^"):
            self.next()
            kind = self.next()
            datatype, end = self._simple(kind)
            if not isinstance(datatype, ox.NamedNode):
                raise PositionError(f"a datatype expected at character {kind.start}")
            return ox.Literal(value, datatype=datatype), end
        return ox.Literal(value), token.end


def _tagged(value: str, language: str, direction: str) -> ox.Literal:
    if not direction:
        return ox.Literal(value, language=language)
    towards = ox.BaseDirection.LTR if direction == "ltr" else ox.BaseDirection.RTL
    return ox.Literal(value, language=language, direction=towards)


def _resource(term: Term) -> Subject:
    if isinstance(term, ox.Literal):
        raise PositionError("a literal cannot stand here")
    return term


def _number_type(text: str) -> str:
    if "e" in text.lower():
        return str(XSD.double)
    return str(XSD.decimal) if "." in text else str(XSD.integer)
