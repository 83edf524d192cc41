"""Named graphs: what one source states, or one file of the project, as a list and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from bibgraph.describe import (
    Describer,
    Statement,
    by_property,
    collect,
    iris,
    natural,
    reading,
    select,
    settled,
    value_of,
)
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.namespaces import BASE, GRAPHS, PREFIXES, RDFS
from bibgraph.web.documents.publication import Publication
from bibgraph.web.documents.signposting import Signs
from bibgraph.web.http.addresses import moved, refuse_format, right_form
from bibgraph.web.http.answers import Alternate, Document, alternates, represent
from bibgraph.web.http.decoding import iri_path, own_iri
from bibgraph.web.http.formats import HTML, RDF, Wanted, wanted
from bibgraph.web.http.reader import reader
from bibgraph.web.parts.display import path_of
from bibgraph.web.rdf.serialising import serialise

MOST_SHOWN = 800
LIST = "/graph"
_ALL = BASE + "graph"
_TRIPLES = ox.NamedNode(f"{PREFIXES['void']}triples")
_WITH_GRAPHS = BY_NAME["trig"].type


class Graphs:
    """The pages and documents of ``graph``'s named graphs."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)
        self.publication = Publication(graph)

    def blueprint(self) -> Blueprint:
        """The addresses of the list of named graphs and of each of them."""
        pages = Blueprint("graphs", __name__)
        for rule in (LIST, f"{LIST}/", f"{LIST}.<ending>"):
            pages.add_url_rule(rule, "all", self.all)
        pages.add_url_rule(f"{LIST}/<path:key>", "one", self.one)
        return pages

    def all(self, ending: str = "") -> Response:
        """The list of named graphs, with how many triples each holds."""
        if request.path == f"{LIST}/":
            return moved(LIST)
        want = wanted(f"graph.{ending}" if ending else "graph")
        if want.key != "graph":
            raise NotFound(message("There is no format named {name} here.", name=ending))
        sizes, links = self._sizes(), alternates(LIST, RDF)
        if want.type == HTML:
            body: str | bytes = self._list(sizes, links)
        else:
            body = self._data(self._listed(sizes), want)
        return self._answer(body, want, self._signs(LIST, _ALL, tuple(sizes)))

    def one(self, key: str) -> Response:
        """One named graph's triples."""
        tail = iri_path(key)
        want = wanted(tail)
        iri = own_iri(f"graph/{want.key}")
        refuse_format(want, lambda: iri in self._sizes())
        statements = self._of(iri)
        if not statements:
            return self._elsewhere(tail)
        signs = self._signs(path_of(iri), iri)
        if want.type == HTML:
            body: str | bytes = self._page(iri, want.key, statements, alternates(signs.path, RDF))
        elif want.type == _WITH_GRAPHS:
            body = self._data([*statements, *self.describer.origins([iri])], want)
        else:
            body = self._data(statements, want)
        return self._answer(body, want, signs)

    def signs(self, path: str) -> Signs | None:
        """The links of the page at this path; None if there is none."""
        if path == LIST:
            return self._signs(LIST, _ALL, tuple(self._sizes()))
        iri = own_iri(iri_path(path.removeprefix("/")))
        return self._signs(path_of(iri), iri) if path.startswith(f"{LIST}/") and self._of(iri) else None

    def _sizes(self) -> dict[str, int]:
        rows = select(self.graph.store, self.graph.repository.query("pages/page-graphs"))
        sizes = {value_of(row["graph"]): int(value_of(row["triples"])) for row in rows}
        return dict(sorted(sizes.items(), key=lambda item: natural(item[0])))

    def _of(self, iri: str) -> list[Statement]:
        return settled(collect(self.describer.about("pages/page-graph", "graph", [iri])))

    def _elsewhere(self, tail: str) -> Response:
        sizes = self._sizes()
        key = right_form(tail, lambda near: own_iri(f"graph/{wanted(near).key}") in sizes)
        if key and key != tail:
            return moved(f"{LIST}/{key}")
        raise NotFound(
            message("There is no named graph {iri}.", iri=f"{GRAPHS}{wanted(tail).key}"),
            hint=message("See what there is at /graph."),
        )

    def _listed(self, sizes: Mapping[str, int]) -> list[Statement]:
        """The list as statements: its members, their sizes, and what is said of them."""
        whole = ox.NamedNode(_ALL)
        members = [Statement(whole, RDFS.member, ox.NamedNode(iri)) for iri in sizes]
        counts = [
            Statement(ox.NamedNode(iri), _TRIPLES.value, ox.Literal(size)) for iri, size in sizes.items()
        ]
        return [*members, *counts, *self.describer.origins(sizes)]

    def _data(self, said: Sequence[Statement], want: Wanted) -> bytes:
        with_graphs = want.type == _WITH_GRAPHS
        quads = [quad for one in said for quad in (one.quads() if with_graphs else [one.quad])]
        return serialise(quads, want.type, context=self.publication.context)

    def _signs(self, path: str, iri: str, members: Sequence[str] = ()) -> Signs:
        kinds = [
            value_of(one.value) for one in self.describer.statements([iri]) if one.predicate.endswith("#type")
        ]
        whole = "" if path == LIST else LIST
        items = tuple(map(path_of, members))
        colophon = self.publication.colophon()
        return Signs(path, iri, alternates(path, RDF), colophon, tuple(kinds), whole, items)

    def _answer(self, body: str | bytes, want: Wanted, signs: Signs) -> Response:
        return represent(
            body,
            want.type,
            version=self.graph.version,
            links=signs.forms,
            varies=not want.fixed,
            document=Document(signs.path, tuple(signs.header()), signs.colophon.modified),
        )

    def _list(self, sizes: Mapping[str, int], links: Sequence[Alternate]) -> str:
        return render_template(
            "graphs.html",
            sizes=list(sizes.items()),
            names=self.describer.names(sizes),
            alternates=links,
            crumbs=[("", message("The graph’s files").text(reader().language))],
        )

    def _page(self, iri: str, tail: str, statements: Sequence[Statement], links: Sequence[Alternate]) -> str:
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
            crumbs=[(LIST, message("The graph’s files").text(language)), ("", title)],
        )
