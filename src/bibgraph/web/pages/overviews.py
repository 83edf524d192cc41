"""The overviews: what the headers of ``queries/pages/*.rq`` ask for, with tables that say the same.

Each can be had as a picture (SVG, and PNG where what draws it is installed) and as a table (CSV).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from bibgraph.catalogue import Chart
from bibgraph.describe import Describer, Names, Row, Term, select, value_of
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.web.documents.sections import Section, all_sections
from bibgraph.web.http.answers import attachment, represent
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.reader import reader
from bibgraph.web.parts.assets import scripted
from bibgraph.web.parts.display import date_text
from bibgraph.web.parts.evidence import mentioned, proofs
from bibgraph.web.parts.tables import Table, plain_table
from bibgraph.web.pictures import png
from bibgraph.web.pictures.bandchart import band_chart
from bibgraph.web.pictures.bands import Band, time_line
from bibgraph.web.pictures.charts import bars, spans
from bibgraph.web.pictures.labels import Spoken
from bibgraph.web.pictures.relations import flow, matrix
from bibgraph.web.pictures.svg import Picture
from bibgraph.web.rdf.serialising import serialise_answer

SVG = "image/svg+xml"
CSV = BY_NAME["csv"].type
_BANDS = "bands"


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
        """The addresses of the list, of each overview, and of its files."""
        pages = Blueprint("overviews", __name__)
        pages.add_url_rule("/overviews", "list", self.list)
        pages.add_url_rule("/overviews/<key>", "overview", self.overview)
        pages.add_url_rule("/overviews/<key>.csv", "csv", self.csv)
        pages.add_url_rule("/overviews/<key>.<any(svg,png):ending>", "picture", self.picture)
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
        """One overview: picture and table."""
        told = self._told(key)
        rows = list(select(self.graph.store, told.text))
        if told.told["chart"] == _BANDS:
            return self._bands(told, rows)
        names = self.describer.names(_iris(rows))
        table = self._table(told, rows, names)
        return self._page(told, picture=_picture(told, rows, names), table=table, names=names)

    def _table(self, told: Section, rows: Sequence[Row], names: Names) -> Table:
        """The rows in words; beside each the evidence of what the header names as its ``evidence``."""
        columns, words = told.columns(reader().language), _Words.of(told)
        cells = [{name: words.cell(name, row[name]) for name in columns} for row in rows]
        table = plain_table(cells, columns, names)
        witness, printed = told.told.get("evidence", ""), told.told.get("printed", "").split()
        witnesses = [value_of(row[witness]) for row in rows] if witness else []
        found = proofs(self.describer, set(witnesses) - {""})
        return replace(
            table,
            printed={place for place, name in enumerate(columns) if name in printed},
            missing=words.missing,
            evidence=[found.get(one, ()) for one in witnesses],
        )

    def csv(self, key: str) -> Response:
        """The table of an overview: the answer to its query, as SPARQL writes it."""
        told = self._told(key)
        body = serialise_answer(self.graph.store.query(told.text), CSV)
        response = represent(body, CSV, version=self.graph.version, varies=False)
        response.headers.update(attachment(CSV, key))
        return response

    def picture(self, key: str, ending: str) -> Response:
        """The picture of an overview alone, with its title, its key and where it is from."""
        told, language = self._told(key), reader().language
        rows = list(select(self.graph.store, told.text))
        picture = _picture(told, rows, self.describer.names(_iris(rows)))
        if picture is None or (ending == "png" and not png.can_draw()):
            raise NotFound(message("There is nothing to draw."), hint=message("Read the table instead."))
        note = message("bibgraph, version {version}", version=self.graph.version[:16]).text(language)
        svg = picture.alone(told.titles[language], note, told.told.get(f"why-{language}", ""), language)
        body, type_ = (png.drawn(svg), png.MEDIA_TYPE) if ending == "png" else (svg, SVG)
        return represent(body, type_, version=self.graph.version, varies=False, localised=True)

    def _told(self, key: str) -> Section:
        if key not in self._listed:
            raise NotFound(
                message("There is no overview {key}.", key=key),
                hint=message("See which there are at /overviews."),
            )
        return self._listed[key]

    def _left(self, told: Section) -> str:
        """What the overview leaves out, where its header names a query that counts it, and words for it."""
        name, words = told.told.get("left", ""), told.told.get(f"left-{reader().language}", "")
        rows = select(self.graph.store, self.graph.repository.query(f"pages/{name}")) if name else ()
        counts = next(({key: value_of(term) for key, term in row.items()} for row in rows), {})
        return words.format_map(counts) if counts.get("left", "0") != "0" else ""

    def _bands(self, told: Section, rows: Sequence[Row]) -> Response:
        line = time_line(rows)
        evidence = proofs(self.describer, {value_of(row["milestone"]) for row in rows})
        names = self.describer.names(_iris(rows) | mentioned(evidence))
        return self._page(told, line=line, evidence=evidence, names=names)

    def _page(self, told: Section, **seen: object) -> Response:
        language = reader().language
        query = "\n".join(line for line in told.text.splitlines() if not line.startswith("#+"))
        body = render_template(
            "overview.html",
            told=told,
            key=told.told["overview"],
            question=told.told.get("question", "")
            if told.told.get("question") in self.graph.catalogue
            else "",
            left=self._left(told),
            openable=f"/sparql?{urlencode({'query': query.strip()})}",
            png=png.can_draw(),
            section="/overviews",
            crumbs=[
                ("/overviews", message("Overviews").text(language)),
                ("", told.titles[language]),
            ],
            **seen,
        )
        return scripted(represent(body, HTML, version=self.graph.version))


def chart_words(chart: Chart) -> str:
    """What the header of a ready question says of its chart, in the words of the overviews."""
    members = chart.members()
    return " ".join((chart.kind, *(f"{name}={value}" for name, value in members.items() if name != "kind")))


def draw(
    chart: str, rows: Sequence[Row], names: Names, missing: str = "", signs: Mapping[str, str] | None = None
) -> Picture | None:
    """The picture that a header asks for, such as ``bar x=year y=amount``; None if there is none.

    missing: what no value is called, if it is not simply not stated. signs: what the signs of a matrix mean.
    """
    kind, role = chart.split(maxsplit=1)[0], _roles(chart)
    say = _speaker(names, missing or message("not stated").text(reader().language))
    series = role.get("series", "")
    if kind == "bar":
        return bars(rows, role["x"], role["y"], series, say)
    if kind == "matrix":
        return matrix(rows, role["x"], role["y"], role.get("mark", ""), say, signs)
    if kind in ("spans", "timeline"):
        label = role.get("label", next(iter(rows[0]), "")) if rows else ""
        return spans(rows, label, role["x"], role["y"], series, say)
    if kind in ("flow", "network"):
        return flow(rows, role["x"], role["y"], say, series, (role.get("left", ""), role.get("right", "")))
    return matrix(rows, role["y"], role["x"], "", say)


def _speaker(names: Names, missing: str) -> Callable[[Term | None], str]:
    """What says values as the reader calls them."""

    def say(term: Term | None) -> str:
        if isinstance(term, ox.NamedNode):
            name = names.of(term.value, reader().language)
            return Spoken(name.text, name.language)
        return date_text(value_of(term), reader().language) or missing

    return say


@dataclass(frozen=True)
class _Words:
    """What an overview calls what no source states, and the signs of a matrix, in the reader's language.

    series, mark: the variables that these are values of.
    """

    series: str
    mark: str
    missing: str
    signs: Mapping[str, str]

    @classmethod
    def of(cls, told: Section) -> _Words:
        """As its header says."""
        language, role = reader().language, _roles(told.told["chart"])
        signs = told.told.get(f"signs-{language}", "").split(",")
        missing = told.told.get(f"missing-{language}") or message("not stated").text(language)
        pairs = (part.strip().split("=", 1) for part in signs if part)
        return cls(role.get("series", ""), role.get("mark", ""), missing, dict(pairs))

    def cell(self, name: str, term: Term | None) -> Term | None:
        """A value as the table shows it."""
        if name == self.series and term is None:
            return ox.Literal(self.missing)
        known = name == self.mark and value_of(term) in self.signs
        return ox.Literal(self.signs[value_of(term)]) if known else term


def _roles(chart: str) -> dict[str, str]:
    """Which variable plays which part in a chart."""
    return dict(part.split("=", 1) for part in chart.split()[1:])


def _picture(told: Section, rows: Sequence[Row], names: Names) -> Picture | None:
    """The picture of an overview, in the reader's words."""
    if told.told["chart"] == _BANDS:
        line = time_line(rows)
        return band_chart(line, lambda band: _what(band, names), _when) if line else None
    words = _Words.of(told)
    return draw(told.told["chart"], rows, names, words.missing, words.signs)


def _what(band: Band, names: Names) -> str:
    measure = value_of(band.row.get("number")) or value_of(band.row.get("key")).upper()
    name = names.of(band.milestone, reader().language).text
    return f"{measure}: {name}" if measure else name


def _when(band: Band) -> str:
    """The date in the source's words, else as a day or as EDTF has it."""
    day = date_text(band.earliest, reader().language) if band.shape == "day" else ""
    words = f"{band.stated} [{band.year}]" if band.year else band.stated
    return words or day or value_of(band.row.get("date")) or band.earliest[:4]


def _iris(rows: Sequence[Row]) -> set[str]:
    return {term.value for row in rows for term in row.values() if isinstance(term, ox.NamedNode)}


__all__ = ["Overviews", "Table", "chart_words", "draw"]
