"""Named graphs: what one source states, or one file of the project, as a list and as data."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, render_template

from bibgraph.describe import (
    Describer,
    Statement,
    by_property,
    collect,
    iris,
    natural,
    reading,
    select,
    value_of,
)
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.web.answers import Alternate, alternates, represent
from bibgraph.web.decoding import iri_path, own_iri, url_path
from bibgraph.web.formats import HTML, RDF, wanted
from bibgraph.web.reader import reader
from bibgraph.web.serialising import serialise

MOST_SHOWN = 1000


class Graphs:
    """The pages and documents of ``graph``'s named graphs."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    def blueprint(self) -> Blueprint:
        """The addresses of the list of named graphs and of each of them."""
        pages = Blueprint("graphs", __name__)
        for rule in ("/graph", "/graph/"):
            pages.add_url_rule(rule, "all", self.all)
        pages.add_url_rule("/graph/<path:key>", "one", self.one)
        return pages

    def all(self) -> Response:
        """The list of named graphs, with how many triples each holds."""
        rows = list(select(self.graph.store, self.graph.repository.query("pages/page-graphs")))
        sizes = {value_of(row["graph"]): int(value_of(row["triples"])) for row in rows}
        body = render_template(
            "graphs.html",
            sizes=sorted(sizes.items(), key=lambda item: natural(item[0])),
            names=self.describer.names(sizes),
            crumbs=[("", message("The graph’s files").text(reader().language))],
        )
        return represent(body, HTML, version=self.graph.version)

    def one(self, key: str) -> Response:
        """One named graph's triples."""
        want = wanted(iri_path(key.rstrip("/")))
        iri = own_iri(f"graph/{want.key}")
        statements = collect(self.describer.about("pages/page-graph", "graph", [iri]))
        if not statements:
            raise NotFound(
                message("There is no named graph {iri}.", iri=iri),
                hint=message("See what there is at /graph."),
            )
        links = alternates(f"/graph/{url_path(want.key)}", RDF)
        if want.type == HTML:
            body: str | bytes = self._page(iri, want.key, statements, links)
        else:
            body = serialise([statement.quad for statement in statements], want.type)
        return represent(body, want.type, version=self.graph.version, links=links, varies=not want.fixed)

    def _page(self, iri: str, tail: str, statements: list[Statement], links: list[Alternate]) -> str:
        shown = statements[:MOST_SHOWN]
        about = self.describer.statements([iri])
        traits = self.describer.traits({s.predicate for s in (*shown, *about)})
        language = reader().language
        by_subject = groupby(shown, key=lambda statement: statement.subject)
        names = self.describer.names({iri, *iris(shown), *iris(about)})
        title = names.of(iri, language).text
        return render_template(
            "graph.html",
            title=title,
            tail=tail,
            about=reading(about, traits, language),
            subjects=[(subject, by_property(said, traits)) for subject, said in by_subject],
            shown=len(shown),
            total=len(statements),
            names=names,
            traits=traits,
            alternates=links,
            crumbs=[("/graph", message("The graph’s files").text(language)), ("", title)],
        )
