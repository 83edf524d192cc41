"""What the search of an exported site looks through: names and texts of things, in parts to be fetched.

``/search-index.json`` names the parts. Those with names are in the reader's language: for each thing the
file of its page, its name, and the language of that. Those with texts are the same for all: the number of
the thing among the names, the words, and their language.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import pyoxigraph as ox
from flask import Blueprint, Response

from bibgraph.describe import Describer, select, value_of
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.namespaces import THINGS
from bibgraph.web.export.addresses import Address
from bibgraph.web.http.decoding import url_path
from bibgraph.web.http.reader import reader

INDEX = "/search-index.json"
MOST = 100_000
"""So many bytes are in a part at most, but for one entry that is longer by itself."""
_NAMES, _TEXTS = "search-names", "search-texts"

Part = list[list[object]]


class Searching:
    """The index of ``graph``. language: that of pages whose address names none."""

    def __init__(self, graph: Graph, language: str) -> None:
        self._graph = graph
        self._language = language
        self._names_by_language: dict[str, list[Part]] = {}

    def blueprint(self) -> Blueprint:
        """The addresses of the index and its parts."""
        pages = Blueprint("searching", __name__)
        pages.add_url_rule(INDEX, "index", self.index)
        pages.add_url_rule(f"/{_NAMES}-<int:number>.json", "names", self.names)
        pages.add_url_rule(f"/{_TEXTS}-<int:number>.json", "texts", self.texts)
        return pages

    def addresses(self, languages: Iterable[str]) -> Iterator[Address]:
        """All of them."""
        for language in languages:
            tag = "" if language == self._language else language
            yield Address(INDEX, "", tag)
            for number, _ in enumerate(self._names(language)):
                yield Address(f"/{_NAMES}-{number}.json", "", tag)
        for number, _ in enumerate(self._texts):
            yield Address(f"/{_TEXTS}-{number}.json")

    def index(self) -> Response:
        """The parts by their addresses, from this one on."""
        language = reader().language
        up = "" if language == self._language else "../"
        names = [f"{_NAMES}-{number}.json" for number, _ in enumerate(self._names(language))]
        texts = [f"{up}{_TEXTS}-{number}.json" for number, _ in enumerate(self._texts)]
        return _spoken({"names": names, "texts": texts})

    def names(self, number: int) -> Response:
        """A part with names."""
        return _spoken(_one_of(self._names(reader().language), number))

    def texts(self, number: int) -> Response:
        """A part with texts."""
        return Response(_json(_one_of(self._texts, number)), content_type="application/json")

    @cached_property
    def _things(self) -> list[str]:
        rows = select(self._graph.store, self._graph.repository.query("pages/export-things"))
        return [value_of(row["thing"]) for row in rows]

    def _names(self, language: str) -> list[Part]:
        if language not in self._names_by_language:
            names = Describer(self._graph.store, self._graph.repository).names(self._things)
            called = ((iri, names.of(iri, language)) for iri in self._things)
            entries: Part = [[_file(iri), name.text, name.language] for iri, name in called]
            self._names_by_language[language] = list(_parts(entries))
        return self._names_by_language[language]

    @cached_property
    def _texts(self) -> list[Part]:
        place = {iri: number for number, iri in enumerate(self._things)}
        rows = select(self._graph.store, self._graph.repository.query("pages/page-search"))
        found = {
            (place[thing], words.value, words.language or ""): None
            for row in rows
            if (thing := value_of(row["thing"])) in place and isinstance(words := row["words"], ox.Literal)
        }
        return list(_parts([list(entry) for entry in found]))


def _file(iri: str) -> str:
    """The page about a thing, from the index on."""
    return f"doc/{url_path(iri.removeprefix(str(THINGS)))}.html"


def _parts(entries: Sequence[list[object]]) -> Iterator[Part]:
    """The entries in order, in parts that are not too large."""
    part: Part = []
    size = 0
    for entry in entries:
        more = len(_json(entry).encode()) + 2
        if part and size + more > MOST:
            yield part
            part, size = [], 0
        part.append(entry)
        size += more
    if part:
        yield part


def _one_of(parts: Sequence[Part], number: int) -> Part:
    if number >= len(parts):
        raise NotFound(message("There is no such part of the index."))
    return parts[number]


def _spoken(content: object) -> Response:
    response = Response(_json(content), content_type="application/json")
    response.vary.add("Accept-Language")
    return response


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
