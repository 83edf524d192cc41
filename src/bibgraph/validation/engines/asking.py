"""Queries in shapes asked once of all things, instead of once for each: see ``proving``.

That comes to the same for a query of one group that begins with ``$this`` and a property, and has nothing in
it but triples with known properties, FILTER and BIND: there, stating first which thing is meant and asking
for that one afterwards is no difference. Every other query is left to the reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from bibgraph.errors import QueryError
from bibgraph.namespaces import RDF, SH, XSD
from bibgraph.sparql.tokens import Kind, Token, tokens
from bibgraph.validation.engines.valuing import Doubtful, iri, only, text
from bibgraph.validation.statements import Key, Statements, key
from bibgraph.validation.triples import Term, Triples

_KNOWN = {SH.select, SH.prefixes, SH.message, RDF.type}
_OBJECTS = {Kind.VARIABLE, Kind.IRI, Kind.NAME, Kind.STRING, Kind.NUMBER}
_PATH = "$PATH"
_OTHERS = {"?PATH", *(f"{sign}{name}" for sign in "$?" for name in ("currentShape", "shapesGraph"))}
_TEXTS = (XSD.string, XSD.anyURI, RDF.langString)


def found_by(shapes: Triples, statements: Statements, shape: Term, constraint: Term) -> frozenset[Key]:
    """The things for which the query of a constraint has an answer. Raises Doubtful."""
    if any(each.startswith(SH) and each not in _KNOWN for each in shapes.about(constraint)):
        raise Doubtful(str(constraint))
    for each in shapes.objects(constraint, SH.message):
        _text(each)
    query = text(only(shapes.objects(constraint, SH.select)))
    paths = shapes.objects(shape, SH.path)
    prefixes = {**_prefixes(shapes, constraint), _PATH: iri(only(paths)) if paths else ""}
    try:
        along = set(_Query(list(tokens(query)), prefixes).properties())
        store = ox.Store()
        store.bulk_extend(quad for each in along for quad in statements.quads_along(key(each)))
        answer = store.query(_whole(query, prefixes))
        if not isinstance(answer, ox.QuerySolutions) or ox.Variable("this") not in answer.variables:
            raise Doubtful(query)
        return frozenset(key(row["this"]) for row in answer)
    except (QueryError, SyntaxError, RuntimeError) as error:
        raise Doubtful(query) from error


def _prefixes(shapes: Triples, constraint: Term) -> dict[str, str]:
    """Those that a query has, if nobody means something else by them."""
    declared = [
        (text(only(shapes.objects(each, SH.prefix))), _text(only(shapes.objects(each, SH.namespace))))
        for each in shapes.subjects(SH.prefix)
    ]
    own = {
        text(only(shapes.objects(each, SH.prefix)))
        for owner in shapes.objects(constraint, SH.prefixes)
        for each in shapes.objects(owner, SH.declare)
    }
    found = {prefix: namespace for prefix, namespace in declared if prefix in own}
    if len(set(declared)) != len(dict(declared)):
        raise Doubtful(str(constraint))
    return found


def _text(term: Term) -> str:
    if not isinstance(term, ox.Literal) or term.datatype.value not in _TEXTS:
        raise Doubtful(str(term))
    return term.value


def _whole(query: str, prefixes: Mapping[str, str]) -> str:
    """The query with its prefixes and its path."""
    for token in reversed(list(tokens(query))):
        if token.text == _PATH:
            query = f"{query[: token.start]} <{prefixes[_PATH]}> {query[token.end :]}"
    head = (f"PREFIX {prefix}: <{iri}> " for prefix, iri in prefixes.items() if prefix != _PATH)
    return "".join(head) + query


class _Query:
    """Reads a query of the plain kind, and no other: whatever else it meets, it raises Doubtful."""

    def __init__(self, words: Sequence[Token], prefixes: Mapping[str, str]) -> None:
        self._words = words
        self._prefixes = prefixes
        self._at = 0

    def properties(self) -> Iterator[str]:
        """The IRIs of the properties in the query."""
        if any(word.text in _OTHERS for word in self._words):
            raise Doubtful(self._words)
        self._take("SELECT")
        while self._next.kind is Kind.VARIABLE or self._next.is_word("DISTINCT"):
            self._at += 1
        if self._next.is_word("WHERE"):
            self._at += 1
        self._take("{")
        if self._next.text not in ("$this", "?this"):
            raise Doubtful(self._words)
        while self._next.text != "}":
            if self._next.is_word("FILTER", "BIND"):
                self._pass_brackets()
            else:
                yield from self._triples()
        if self._at != len(self._words) - 1:
            raise Doubtful(self._words)

    @property
    def _next(self) -> Token:
        if self._at >= len(self._words):
            raise Doubtful(self._words)
        return self._words[self._at]

    def _take(self, wanted: str) -> None:
        if self._next.text.upper() != wanted:
            raise Doubtful(self._words)
        self._at += 1

    def _pass_brackets(self) -> None:
        """From FILTER or BIND, perhaps with the name of a function, to the end of what stands in brackets."""
        self._at += 1
        if self._next.text != "(":
            self._at += 1
        self._take("(")
        depth = 1
        while depth:
            if self._next.text in "{}":
                raise Doubtful(self._words)
            depth += {"(": 1, ")": -1}.get(self._next.text, 0)
            self._at += 1

    def _triples(self) -> Iterator[str]:
        """The triples about one subject, with the dot after them if there is one."""
        self._object()
        end = ";"
        while end == ";":
            yield self._property()
            self._object()
            while self._next.text == ",":
                self._at += 1
                self._object()
            end = self._next.text
            self._at += end in ".;"

    def _property(self) -> str:
        token = self._next
        self._at += 1
        if token.text == "a":
            return RDF.type
        if token.text == _PATH and self._prefixes[_PATH]:
            return self._prefixes[_PATH]
        if token.kind is Kind.IRI:
            return token.text[1:-1]
        prefix, colon, name = token.text.partition(":")
        if token.kind is not Kind.NAME or not colon or prefix not in self._prefixes or "\\" in name:
            raise Doubtful(self._words)
        return self._prefixes[prefix] + name

    def _object(self) -> None:
        token = self._next
        if token.kind not in _OBJECTS or token.text == _PATH:
            raise Doubtful(self._words)
        self._at += 1
        if token.kind is Kind.STRING and self._next.kind is Kind.LANGUAGE:
            self._at += 1
        elif token.kind is Kind.STRING and self._next.text == "^^":
            self._at += 2
