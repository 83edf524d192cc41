"""Many statements, thing by thing, each term as N-Triples writes it: quickly taken in, quickly looked up.

A term is only compared and looked at here, so it may stay the bytes that it is in the file; those of Oxigraph
and of rdflib are made of the few that somebody has something to say about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO

import pyoxigraph as ox

from bibgraph.namespaces import RDF, RDFS
from bibgraph.turtle.scanning import unescape
from bibgraph.validation.triples import Term

Key = bytes
"""A term as N-Triples writes it."""

_LITERAL = re.compile(rb'"(.*)"(?:@([^"]+)|\^\^<([^"]*)>)?', re.DOTALL)
_END = len(b" .\n")
_ODD = b"<<"
_NOTHING: Mapping[Key, list[Key]] = {}
_NONE: list[Key] = []


def key(named: Term | str) -> Key:
    """A term, or the one with an IRI, as N-Triples writes it."""
    return f"<{named}>".encode() if isinstance(named, str) else str(named).encode()


def literal(written: Key) -> tuple[str, str, str]:
    """Lexical form, language and datatype of a literal; the last two empty where it has none of its own."""
    found = _LITERAL.fullmatch(written)
    if found is None:
        raise ValueError(f"{written!r} is no literal")
    text, language, datatype = (part or b"" for part in found.groups())
    return unescape(text.decode()), language.decode(), datatype.decode()


def term(written: Key) -> Term:
    """A term as N-Triples writes it, as Oxigraph's."""
    if written.startswith(b"<"):
        return ox.NamedNode(written[1:-1].decode())
    if written.startswith(b"_:"):
        return ox.BlankNode(written[2:].decode())
    text, language, datatype = literal(written)
    if language:
        return ox.Literal(text, language=language)
    return ox.Literal(text, datatype=ox.NamedNode(datatype)) if datatype else ox.Literal(text)


class Statements:
    """Statements by subject and predicate; statements about statements are left out."""

    def __init__(self, lines: bytes) -> None:
        """lines: N-Triples as Oxigraph writes them, one a line."""
        self.about: dict[Key, dict[Key, list[Key]]] = {}
        """Values by subject and property, in their order; what stands twice in the files is here twice."""

        self._into: dict[Key, dict[Key, list[Key]]] = {}
        self._instances: dict[Key, frozenset[Key]] = {}
        about, known = self.about, dict[Key, Key]()
        stated, before = dict[Key, list[Key]](), b""
        odd = _ODD in lines
        for line in BytesIO(lines):
            subject, predicate, value = line[:-_END].split(b" ", 2)
            if odd and value.startswith(_ODD):
                continue
            if subject != before:
                stated, before = about.setdefault(subject, {}), subject
            values = stated.get(predicate)
            if values is not None:
                values.append(value)
            else:
                stated[known.setdefault(predicate, predicate)] = [value]

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Statements:
        """The union of the quads' graphs."""
        triples = (quad.triple for quad in quads)
        return cls(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")

    def values(self, subject: Key, predicate: Key) -> list[Key]:
        """The values of a property of a thing, each once, which are not to be changed."""
        found = self.about.get(subject, _NOTHING).get(predicate, _NONE)
        return found if len(found) <= 1 else list(dict.fromkeys(found))

    def values_of(self, predicate: Key) -> Callable[[Key], list[Key]]:
        """What tells the values of a property of any thing, as ``values``."""
        about = self.about

        def values(subject: Key) -> list[Key]:
            found = about.get(subject, _NOTHING).get(predicate, _NONE)
            return found if len(found) <= 1 else list(dict.fromkeys(found))

        return values

    def into(self, predicate: Key) -> Mapping[Key, list[Key]]:
        """The things that have a property, by its values."""
        if predicate not in self._into:
            index: dict[Key, list[Key]] = {}
            for subject, values in self.along(predicate):
                for value in values:
                    index.setdefault(value, []).append(subject)
            self._into[predicate] = index
        return self._into[predicate]

    def along(self, predicate: Key) -> Iterator[tuple[Key, list[Key]]]:
        """The things that have a property, each with its values, each of them once."""
        for subject, stated in self.about.items():
            values = stated.get(predicate)
            if values is not None:
                yield subject, values if len(values) == 1 else list(dict.fromkeys(values))

    def instances(self, class_: Key) -> frozenset[Key]:
        """The things that are stated to be of a class, or of one below it (SHACL, section 2.1.3.2)."""
        if class_ not in self._instances:
            typed = self.into(_TYPE)
            self._instances[class_] = frozenset(
                thing for each in self._and_below(class_) for thing in typed.get(each, ())
            )
        return self._instances[class_]

    def _and_below(self, class_: Key) -> Iterable[Key]:
        below, found, ahead = self.into(_BELOW), {class_}, [class_]
        while ahead:
            for each in below.get(ahead.pop(), ()):
                if each not in found:
                    found.add(each)
                    ahead.append(each)
        return found

    def quads(self) -> Iterable[ox.Quad]:
        """The statements as quads of the default graph."""
        return _parsed(
            (subject, predicate, value)
            for subject, stated in self.about.items()
            for predicate, values in stated.items()
            for value in values
        )

    def quads_along(self, predicate: Key) -> Iterable[ox.Quad]:
        """Those with one property."""
        return _parsed(
            (subject, predicate, value) for subject, values in self.along(predicate) for value in values
        )


def _parsed(triples: Iterable[tuple[Key, Key, Key]]) -> Iterable[ox.Quad]:
    lines = b"".join(b"%s %s %s .\n" % triple for triple in triples)
    return ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)


_TYPE, _BELOW = key(RDF.type), key(RDFS.subClassOf)
