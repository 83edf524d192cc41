"""The words that the editor of queries suggests: the graph's own vocabulary, in the reader's language."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from flask import Blueprint, Response

from bibgraph.describe import Describer, Statement, nearest, select, value_of
from bibgraph.graph import Graph
from bibgraph.namespaces import PREFIXES, shorten
from bibgraph.web.http.answers import represent
from bibgraph.web.http.reader import reader

PATH = "/sparql/words"
_LONGEST = 300


class Words:
    """What can be written in queries about ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    def blueprint(self) -> Blueprint:
        """The address of the words."""
        pages = Blueprint("words", __name__)
        pages.add_url_rule(PATH, "words", self.words)
        return pages

    def words(self) -> Response:
        """Prefixes, and words with their names and definitions, as JSON."""
        told = {"prefixes": PREFIXES, "words": list(self._words())}
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return represent(body, "application/json", version=self.graph.version, varies=False, localised=True)

    def _words(self) -> Iterator[dict[str, str]]:
        """Those that a prefix shortens."""
        rows = select(self.graph.store, self.graph.repository.query("pages/editor-words"))
        roles = {value_of(row["word"]): value_of(row["role"]) for row in rows}
        kept = [iri for iri in roles if shorten(iri) != iri and "/" not in shorten(iri)]
        names, abouts = self.describer.names(kept), self._abouts(kept)
        for iri in kept:
            name = names.of(iri, reader().language)
            said = {
                "word": shorten(iri),
                "role": roles[iri],
                "name": "" if name.voice == "machine" else name.text,
                "about": abouts.get(iri, "")[:_LONGEST],
            }
            yield {key: value for key, value in said.items() if value}

    def _abouts(self, iris: list[str]) -> dict[str, str]:
        """What they mean, by IRI, in the nearest language."""
        said = self.describer.statements(iris)
        traits = self.describer.traits({statement.predicate for statement in said})
        leads: dict[str, list[Statement]] = defaultdict(list)
        for statement in said:
            if traits.has(statement.predicate, "lead"):
                leads[value_of(statement.subject)].append(statement)
        return {iri: value_of(nearest(found, reader().language)[0].value) for iri, found in leads.items()}
