"""The front page, and the page that says whether the service is well."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template

from bibgraph import __version__
from bibgraph.describe import Describer, Row, select, value_of
from bibgraph.errors import BibgraphError
from bibgraph.graph import Graph
from bibgraph.namespaces import THINGS
from bibgraph.store.serving import afresh
from bibgraph.web.answers import represent
from bibgraph.web.formats import HTML
from bibgraph.web.reader import reader


class Pages:
    """The pages about ``graph`` as a whole."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    def blueprint(self) -> Blueprint:
        """The addresses of these pages."""
        pages = Blueprint("pages", __name__)
        pages.add_url_rule("/", "front", self.front)
        pages.add_url_rule("/health", "health", self.health)
        return pages

    def front(self) -> Response:
        """What the graph holds, the ready questions, and one statement with its evidence as a specimen."""
        kinds = [_kind(row) for row in self._rows("pages/page-kinds")]
        specimens = list(self._rows("pages/page-specimen"))
        wanted = [kind for kind, _, _ in kinds]
        wanted += [value_of(row[name]) for row in specimens for name in ("thing", "source")]
        body = render_template(
            "front.html",
            kinds=kinds,
            names=self.describer.names({iri for iri in wanted if iri}),
            specimen=_specimen(specimens[0]) if specimens else None,
            questions=self.graph.catalogue,
        )
        return represent(body, HTML, version=self.graph.version)

    def health(self) -> Response:
        """Whether the store answers a question with a known answer now: 200 if it does, else 503."""
        try:
            alive = afresh(self.graph.store, self.graph.repository.query("pages/page-alive"))
            triples = next((int(value_of(row["triples"])) for row in self._rows("pages/page-health")), 0)
        except BibgraphError as error:
            return _state("failing", self.graph.version, {"error": error.text(reader().language)})
        well = bool(triples) and b"true" in alive.body
        return _state("ok" if well else "failing", self.graph.version, {"triples": triples})

    def _rows(self, query: str) -> list[Row]:
        return list(select(self.graph.store, self.graph.repository.query(query)))


def _kind(row: Row) -> tuple[str, int, str]:
    """A class, how many things are of it, and the collection that one of them lies in."""
    one = value_of(row["one"]).removeprefix(str(THINGS))
    return value_of(row["kind"]), int(value_of(row["things"])), f"/id/{one.partition('/')[0]}"


def _specimen(row: Row) -> dict[str, str]:
    return {name: value_of(term) for name, term in row.items()}


def _state(status: str, version: str, answer: dict[str, object]) -> Response:
    members = {"status": status, "program": __version__, "graph": version, **answer}
    body = json.dumps(members, ensure_ascii=False, indent=2) + "\n"
    response = Response(body, status=200 if status == "ok" else 503, content_type="application/json")
    response.cache_control.no_store = True
    return response
