"""The overviews: what the headers of ``queries/pages/*.rq`` ask for, with tables that say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from bibgraph.catalogue import Chart
from bibgraph.describe import Describer, Names, Row, Term, select, value_of
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.web.documents.sections import Section, all_sections
from bibgraph.web.http.answers import represent
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.reader import reader
from bibgraph.web.parts.evidence import mentioned, proofs
from bibgraph.web.parts.tables import Table, plain_table
from bibgraph.web.pictures.bands import time_line
from bibgraph.web.pictures.charts import bars, flow, matrix, spans
from bibgraph.web.pictures.svg import Picture

SVG = "image/svg+xml"
_SUFFIX = ".svg"


class Overviews:
    """The pages ``/overviews`` of ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    @cached_property
    def _listed(self) -> Mapping[str, Section]:
        """The overviews by key, in their places."""
        found = [each for each in all_sections(self.graph.repository) if "overview" in each.told]
        return {each.told["overview"]: each for each in found}

    def blueprint(self) -> Blueprint:
        """The addresses of the list and of each overview."""
        pages = Blueprint("overviews", __name__)
        pages.add_url_rule("/overviews", "list", self.list)
        pages.add_url_rule("/overviews/<key>", "overview", self.overview)
        return pages

    def list(self) -> Response:
        """All overviews."""
        body = render_template(
            "overviews.html",
            listed=self._listed,
            section="/overviews",
            crumbs=[("", message("Overviews").text(reader().language))],
        )
        return represent(body, HTML, version=self.graph.version)

    def overview(self, key: str) -> Response:
        """One overview: picture and table; the picture alone where the address ends in .svg."""
        told = self._listed.get(key.removesuffix(_SUFFIX))
        if told is None:
            raise NotFound(
                message("There is no overview {key}.", key=key),
                hint=message("See which there are at /overviews."),
            )
        rows = list(select(self.graph.store, told.text))
        if told.told["chart"] == "bands":
            return self._bands(told, rows)
        names = self.describer.names(_iris(rows))
        picture = draw(told.told["chart"], rows, names)
        if key.endswith(_SUFFIX):
            if picture is None:
                raise NotFound(message("There is nothing to draw."), hint=message("Read the table instead."))
            body = picture.alone(told.titles[reader().language])
            return represent(body, SVG, version=self.graph.version, varies=False, localised=True)
        columns = told.columns(reader().language)
        table = plain_table([{name: row[name] for name in columns} for row in rows], columns, names)
        return self._page(told, picture=picture, table=table, names=names)

    def _bands(self, told: Section, rows: Sequence[Row]) -> Response:
        line = time_line(rows)
        evidence = proofs(self.describer, {value_of(row["milestone"]) for row in rows})
        names = self.describer.names(_iris(rows) | mentioned(evidence))
        return self._page(told, line=line, evidence=evidence, names=names)

    def _page(self, told: Section, **seen: object) -> Response:
        language = reader().language
        body = render_template(
            "overview.html",
            told=told,
            key=told.told["overview"],
            section="/overviews",
            crumbs=[
                ("/overviews", message("Overviews").text(language)),
                ("", told.titles[language]),
            ],
            **seen,
        )
        return represent(body, HTML, version=self.graph.version)


def chart_words(chart: Chart) -> str:
    """What the header of a ready question says of its chart, in the words of the overviews."""
    members = chart.members()
    return " ".join((chart.kind, *(f"{name}={value}" for name, value in members.items() if name != "kind")))


def draw(chart: str, rows: Sequence[Row], names: Names) -> Picture | None:
    """The picture that a header asks for, such as ``bar x=year y=amount``; None if there is none."""
    kind, *parts = chart.split()
    role = dict(part.split("=", 1) for part in parts)
    series = role.get("series", "")

    def say(term: Term | None) -> str:
        if isinstance(term, ox.NamedNode):
            return names.of(term.value, reader().language).text
        return value_of(term) or "–"

    if kind == "bar":
        return bars(rows, role["x"], role["y"], series, say)
    if kind == "matrix":
        return matrix(rows, role["x"], role["y"], role.get("mark", ""), say)
    if kind in ("spans", "timeline"):
        return spans(
            rows,
            role.get("label", next(iter(rows[0]), "")) if rows else "",
            role["x"],
            role["y"],
            series,
            say,
        )
    if kind == "flow":
        return flow(rows, role["x"], role["y"], say)
    return matrix(rows, role["y"], role["x"], "", say)


def _iris(rows: Sequence[Row]) -> set[str]:
    return {term.value for row in rows for term in row.values() if isinstance(term, ox.NamedNode)}


__all__ = ["Overviews", "Table", "draw"]
