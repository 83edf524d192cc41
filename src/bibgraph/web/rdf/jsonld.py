"""Documents in JSON-LD 1.1 that read as JSON: short names, texts by language, the thing itself outermost.

Each document carries the part of the published context that it uses, so that it can be read without the
network and by processors that load nothing. The context in full is at ``/context.jsonld``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import pyoxigraph as ox

from bibgraph.describe import Describer, select, value_of
from bibgraph.namespaces import BASE, PREFIXES, RDF, XSD, shorten

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json]"
_Said: TypeAlias = dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]

KEYWORDS: Mapping[str, str] = {"id": "@id", "type": "@type", "included": "@included"}
"""Names that documents use in place of JSON-LD's own."""

VOCABULARIES = {
    prefix: iri for prefix, iri in PREFIXES.items() if not iri.startswith((f"{BASE}id/", f"{BASE}graph/"))
}
"""The prefixes that documents use. Things go by their IRIs: names such as «unit» are free for terms."""

_TEXT = (str(XSD.string), str(RDF.langString))
_LARGEST = 2**53
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class JsonTerm:
    """A class or property: its name in documents, and how values are written, as in ``page-context.rq``."""

    name: str
    type: str = ""


@dataclass(frozen=True)
class Context:
    """The names that documents go by. terms: by IRI. Without any, all go by prefixed names."""

    terms: Mapping[str, JsonTerm] = field(default_factory=dict)

    @classmethod
    def of(cls, describer: Describer) -> Context:
        """The names that the graph's ontology and ``queries/pages/page-context.rq`` give.

        A name that two terms would have is the first one's, in the order of the query.
        """
        terms: dict[str, JsonTerm] = {}
        taken = set(KEYWORDS)
        for row in select(describer.store, describer.repository.query("pages/page-context")):
            iri, name = value_of(row["term"]), value_of(row["name"])
            if name not in taken and iri not in terms:
                terms[iri] = JsonTerm(name, value_of(row["type"]))
                taken.add(name)
        return cls(terms)

    @cached_property
    def full(self) -> dict[str, Json]:
        """All of it, as the value of ``@context``."""
        terms = ((term.name, _definition(iri, term)) for iri, term in self.terms.items())
        return {**KEYWORDS, **dict(sorted(VOCABULARIES.items())), **dict(sorted(terms))}

    def document(self, quads: Iterable[ox.Quad], first: str = "") -> bytes:
        """The triples of ``quads`` as one document; ``first`` is the thing that it is about, if any."""
        writer = _Writer(self, quads)
        body = writer.about(first) if first else {"@graph": writer.rest()}
        text = json.dumps({"@context": writer.context(), **body}, ensure_ascii=False, indent=2)
        return f"{text}\n".encode()


def _definition(iri: str, term: JsonTerm) -> Json:
    """What a context says of a term."""
    short = shorten(iri, VOCABULARIES)
    if not term.type or term.type in _TEXT:
        return short if term.name != short else {"@id": short}
    if term.type == "@language":
        return {"@id": short, "@container": "@language"}
    return {"@id": short, "@type": term.type if term.type == "@id" else shorten(term.type, VOCABULARIES)}


class _Writer:
    """Writes the nodes of one document, and notes the names that it uses."""

    def __init__(self, context: Context, quads: Iterable[ox.Quad]) -> None:
        self._context = context
        self._used: dict[str, Json] = {}
        self._prefixes: set[str] = set()
        self._said: dict[str, _Said] = defaultdict(lambda: defaultdict(list))
        for quad in sorted({ox.Quad(*quad.triple) for quad in quads}, key=str):
            self._said[_id(quad.subject)][quad.predicate.value].append(quad.object)

    def context(self) -> dict[str, Json]:
        """The part of the context that is used."""
        prefixes = self._prefixes.union(*map(_prefixes, self._used.values()))
        named = dict(sorted(self._used.items()))
        return {**KEYWORDS, **{prefix: VOCABULARIES[prefix] for prefix in sorted(prefixes)}, **named}

    def about(self, first: str) -> dict[str, Json]:
        """The node of ``first``; in it the names of what it points to, and after it the other nodes."""
        node = self._node(first, nested=True)
        others = self.rest()
        return {**node, "included": others} if others else node

    def rest(self) -> list[Json]:
        """The nodes that are not written yet."""
        return [self._node(thing) for thing in sorted(self._said)]

    def _node(self, thing: str, *, nested: bool = False) -> dict[str, Json]:
        said = self._said.pop(thing, {})
        inner = self._inner(said) if nested else {}
        node: dict[str, Json] = {"id": thing}
        kinds = [self._name(_id(kind)) for kind in said.get(str(RDF.type), ())]
        if kinds:
            node["type"] = kinds[0] if len(kinds) == 1 else list(kinds)
        for property_, values in said.items():
            if property_ != str(RDF.type):
                node.update(self._values(property_, values, inner))
        return node

    def _inner(self, said: _Said) -> dict[str, dict[str, Json]]:
        """What is only named, of the things pointed to: their names are told where they are pointed to."""
        found = {
            value.value
            for property_, values in said.items()
            for value in values
            if isinstance(value, ox.NamedNode) and property_ != str(RDF.type)
        }
        return {
            iri: self._node(iri)
            for iri in sorted(found & set(self._said))
            if all(isinstance(value, ox.Literal) for values in self._said[iri].values() for value in values)
        }

    def _values(
        self,
        property_: str,
        values: Sequence[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple],
        inner: Mapping[str, dict[str, Json]],
    ) -> dict[str, Json]:
        term = self._context.terms.get(property_, JsonTerm(""))
        texts: dict[str, list[Json]] = defaultdict(list)
        rest: list[Json] = []
        written: dict[str, Json] = {}
        for value in values:
            if term.type == "@language" and isinstance(value, ox.Literal) and value.language:
                texts[value.language].append(value.value)
            else:
                rest.append(self._value(value, term.type, inner))
        if texts:
            written[self._name(property_)] = {tag: _one(found) for tag, found in sorted(texts.items())}
        if rest:
            name = self._plain(property_) if term.type == "@language" else self._name(property_)
            written[name] = _one(rest)
        return written

    def _value(
        self,
        value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple,
        type_: str,
        inner: Mapping[str, dict[str, Json]],
    ) -> Json:
        if not isinstance(value, ox.Literal):
            iri = _id(value)
            if iri in inner:
                return inner[iri]
            return iri if type_ == "@id" else {"id": iri}
        if value.language:
            return {"@language": value.language, "@value": value.value}
        datatype = value.datatype.value
        if datatype == (type_ or str(XSD.string)) and datatype not in ("@id", "@language"):
            return _native(value.value, datatype)
        if datatype == str(XSD.string):
            return {"@value": value.value}
        return {"@type": self._plain(datatype), "@value": value.value}

    def _name(self, iri: str) -> str:
        """What the document calls a class or property."""
        term = self._context.terms.get(iri)
        if term is None:
            return self._plain(iri)
        self._used[term.name] = _definition(iri, term)
        return term.name

    def _plain(self, iri: str) -> str:
        """The prefixed name, or the IRI where there is no prefix."""
        short = shorten(iri, VOCABULARIES)
        if short != iri:
            self._prefixes.add(short.partition(":")[0])
        return short


def _prefixes(definition: Json) -> set[str]:
    """The prefixes that a definition needs."""
    texts = definition.values() if isinstance(definition, dict) else [definition]
    parts = [text.partition(":") for text in texts if isinstance(text, str)]
    return {prefix for prefix, colon, _ in parts if colon and prefix in VOCABULARIES}


def _id(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """A node's name in JSON-LD. Triples as terms are of RDF 1.2, which it cannot write."""
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _native(text: str, datatype: str) -> Json:
    """A number or truth value as JSON has it, where it comes back as it is written; else the text."""
    if datatype == str(XSD.boolean):
        return _BOOLEANS.get(text, text)
    if datatype == str(XSD.integer) and text.lstrip("-").isdecimal() and text.isascii():
        number = int(text)
        return number if str(number) == text and abs(number) < _LARGEST else text
    return text


def _one(values: list[Json]) -> Json:
    return values[0] if len(values) == 1 else values
