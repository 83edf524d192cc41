"""Where a strategy stands: the board of its measures as of a day that the reader can choose."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, render_template

from bibgraph.describe import Describer, value_of
from bibgraph.errors import ParameterError
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.namespaces import BASE, THINGS
from bibgraph.parameters import EXAMPLES
from bibgraph.web.http.answers import represent
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.reader import reader
from bibgraph.web.pages.overview_data import Overview, Reported, lately, named_in
from bibgraph.web.pictures.bands import time_line
from bibgraph.web.questions.asked import address_fields

_KIND = "strategy/"


class Status:
    """The page ``/status`` of ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.overview = Overview(graph, Describer(graph.store, graph.repository))

    def blueprint(self) -> Blueprint:
        """Its address."""
        pages = Blueprint("status", __name__)
        pages.add_url_rule("/status", "status", self.status)
        return pages

    def status(self) -> Response:
        """The board of ``?strategy=`` as of ``?date=``; without, of the newest report."""
        fields = address_fields()
        day = _day(fields.first("date").strip())
        strategies = self.overview.strategies()
        if not strategies:
            return represent(render_template("status_none.html"), HTML, version=self.graph.version)
        chosen = _chosen(strategies, fields.first("strategy").strip())
        shown = self.overview.board(chosen.strategy, day)
        # What belongs to no strategy is shown with the newest.
        about = {chosen.strategy, "" if chosen is strategies[0] else chosen.strategy}
        dated = [row for row in self.overview.milestones() if value_of(row["strategy"]) in about]
        line = lately(dated, day or shown.asof, shown.asof) if day or shown.asof else time_line(dated)
        evidence = self.overview.proofs(band.milestone for band in (line.bands if line else ()))
        listed = [each.strategy for each in strategies]
        body = render_template(
            "status.html",
            shown=shown,
            line=line,
            evidence=evidence,
            marks=self.overview.marks,
            names=self.overview.names(listed, shown.iris(), named_in(line), evidence=evidence),
            strategies=[(each.strategy, _key(each.strategy)) for each in strategies],
            chosen=chosen,
            chosen_key=_key(chosen.strategy),
            day=day,
            questions=self.graph.catalogue,
            section="/status",
            crumbs=[("", message("Status").text(reader().language))],
        )
        return represent(body, HTML, version=self.graph.version)


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ParameterError(
            message("«{text}» is none of its values.", text=text),
            where="date",
            hint=message("Write the day as year, month and day: {example}", example=EXAMPLES["date"]),
            members={"parameter": "date", "given": text},
        ) from error


def _key(strategy: str) -> str:
    return strategy.removeprefix(str(THINGS)).removeprefix(_KIND) if strategy.startswith(BASE) else strategy


def _chosen(strategies: list[Reported], key: str) -> Reported:
    if not key:
        return strategies[0]
    found = next((each for each in strategies if _key(each.strategy) == key), None)
    if found is None:
        raise ParameterError(
            message("«{text}» is none of its values.", text=key),
            where="strategy",
            hint=message(
                "Allowed: {allowed}.", allowed=", ".join(_key(each.strategy) for each in strategies)
            ),
            members={"parameter": "strategy", "given": key},
        )
    return found
