"""What has changed from one status report to another: as a page, and as JSON and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template

from bibgraph.changes import Change, as_csv, as_json, by_line, compare, known_reports, lead, read_report
from bibgraph.errors import ParameterError
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME, Media
from bibgraph.messages import message
from bibgraph.parameters import EXAMPLES
from bibgraph.web.http.answers import Alternate, attachment, represent
from bibgraph.web.http.decoding import Fields
from bibgraph.web.http.formats import HTML, choose
from bibgraph.web.http.reader import reader
from bibgraph.web.questions.asked import address_fields

JSON = Media("json", "application/json")
CSV = BY_NAME["csv"]
PATH = "/changes"
_FROM, _TO = "from", "to"
_PAIR = 2


class Changes:
    """The page ``/changes`` of ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def blueprint(self) -> Blueprint:
        """Its address."""
        pages = Blueprint("changes", __name__)
        pages.add_url_rule(PATH, "changes", self.changes)
        return pages

    def changes(self) -> Response:
        """What has changed from the report of ``?from=`` to that of ``?to=``; without, the latest two."""
        fields = address_fields()
        named = fields.first("format").strip()
        media_type = choose(JSON.type if named == JSON.name else named, (HTML, JSON.type, CSV.type))
        days = sorted({day for day, _ in known_reports(self.graph.store, self.graph.repository)})
        chosen = _chosen(fields, days)
        changes = self._compared(chosen) if chosen else []
        links = _links(chosen)
        if media_type == HTML:
            body = self._page(days, chosen, changes, links)
        else:
            body = (as_json if media_type == JSON.type else as_csv)(changes, reader().language)
        version = self.graph.version
        answer = represent(body, media_type, version=version, links=links, varies=not named, localised=True)
        answer.headers.update(attachment(media_type, "changes"))
        return answer

    def _compared(self, chosen: tuple[date, date]) -> list[Change]:
        before, after = (read_report(self.graph.store, self.graph.repository, day) for day in chosen)
        return compare(before, after)

    def _page(
        self,
        days: Sequence[date],
        chosen: tuple[date, date] | None,
        changes: Sequence[Change],
        links: Sequence[Alternate],
    ) -> str:
        language = reader().language
        return render_template(
            "changes.html",
            days=days,
            chosen=chosen,
            lines=by_line(changes, language),
            lead=lambda change: lead(change).text(language),
            alternates=links,
            section=PATH,
            crumbs=[("", message("Changes").text(language))],
        )


def _chosen(fields: Fields, days: Sequence[date]) -> tuple[date, date] | None:
    """The days of the two reports: those given, or the latest and the one before; None of one alone."""
    given = {name: _given(fields, name, days) for name in (_FROM, _TO)}
    if len(days) < _PAIR and not all(given.values()):
        return None
    before, after = given[_FROM], given[_TO]
    after = after or next((day for day in reversed(days) if day != before), days[-1])
    earlier = [day for day in days if day < after]
    return before or (earlier[-1] if earlier else after), after


def _given(fields: Fields, name: str, days: Sequence[date]) -> date | None:
    """The day that the field gives; None if it is empty. Raises ParameterError for one without a report."""
    text = fields.first(name).strip()
    if not text:
        return None
    allowed = [day.isoformat() for day in days]
    if text in allowed:
        return date.fromisoformat(text)
    try:
        problem = message("There is no status report of {date}.", date=date.fromisoformat(text))
        hint = message("Allowed: {allowed}.", allowed=", ".join(allowed) or "–")
    except ValueError:
        problem = message("«{text}» is none of its values.", text=text)
        hint = message("Write the day as year, month and day: {example}", example=EXAMPLES["date"])
    members = {"parameter": name, "given": text, "allowed": allowed}
    raise ParameterError(problem, where=name, hint=hint, members=members)


def _links(chosen: tuple[date, date] | None) -> list[Alternate]:
    """The same as data."""
    days = list(zip((_FROM, _TO), map(str, chosen), strict=True)) if chosen else []
    return [
        Alternate(media, reader().link(f"{PATH}?{urlencode([*days, ('format', media.name)])}"))
        for media in (JSON, CSV)
    ]
