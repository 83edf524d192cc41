"""Milestones as bands on a time line: as wide as the source is vague, places in per cent of the picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bibgraph.describe import Row, value_of
from bibgraph.messages import Message, message

_FEW_YEARS = 3
_MANY_YEARS = 12
_SHAPES: Sequence[tuple[str, str, Message]] = (
    (r"\d{4}-\d\d-\d\d", "day", message("day")),
    (r"\d{4}-(0[1-9]|1[0-2])", "sharp", message("month")),
    (r"\d{4}-(2[1-9]|3[0-2])", "soft", message("season")),
    (r"\d{4}-3[3-6]", "sharp", message("quarter")),
    (r"\d{4}-4[01]", "sharp", message("half-year")),
    (r"\d{4}", "sharp", message("year")),
)
"""Forms of dates in EDTF (ISO 8601-2:2019), how they look, and what they are called."""

_SPAN = ("sharp", message("period"))
_ABOUT = re.compile(r"[?~%]")


@dataclass(frozen=True)
class Band:
    """One milestone. stated: the source's words, if known. x, width: per cent. shape: day, sharp or soft."""

    milestone: str
    stated: str
    earliest: str
    precision: Message
    shape: str
    promised: bool
    x: float
    width: float
    row: Row

    @property
    def year(self) -> str:
        """The year that the source's words leave out and we add; empty if they have it or name none."""
        year = self.earliest[:4]
        known = re.search(rf"\b{year}\b|\.{year[2:]}\b", self.stated)
        return "" if known or not self.stated or value_of(self.row["latest"])[:4] != year else year

    @property
    def style(self) -> str:
        """The class that the style sheet draws it by."""
        tense = "fut" if self.promised else "past"
        return f"b-{tense}-soft" if self.shape == "soft" else f"b-{tense}"


@dataclass(frozen=True)
class Tick:
    """A line of the axis: its place in per cent, what begins there. strong: a year does."""

    x: float
    year: int
    month: int
    strong: bool


@dataclass(frozen=True)
class TimeLine:
    """Bands with their axis. asof: the day reported of."""

    first: date
    last: date
    bands: Sequence[Band]
    ticks: Sequence[Tick]
    asof: str
    asof_x: float | None

    @property
    def reported(self) -> bool:
        """Whether all that it shows is from reports, so that it holds as of the day of one."""
        return all(value_of(band.row.get("issued")) for band in self.bands)

    @property
    def past(self) -> list[Band]:
        """What is reported as happened."""
        return [band for band in self.bands if not band.promised]

    @property
    def promised(self) -> list[Band]:
        """What is promised."""
        return [band for band in self.bands if band.promised]


def time_line(rows: Iterable[Row], asof: str = "") -> TimeLine | None:
    """The milestones in ``rows`` (with ?milestone ?earliest ?latest and what else is known of each).

    asof: an ISO day; without, the latest day of a report in the rows. None if no row has days.
    """
    dated = [(row, days) for row in rows if (days := _days(row))]
    if not dated:
        return None
    asof = asof or max((value_of(row.get("issued")) for row, _ in dated), default="")
    known = [day for _, days in dated for day in days] + [day for day in [_day(asof)] if day]
    first, last = date(min(known).year, 1, 1), date(max(known).year, 12, 31)
    length = (last - first).days + 1

    def place(day: date, after: int = 0) -> float:
        """Where so many days after that one is: there is no date for the day after the last."""
        return round(((day - first).days + after) / length * 100, 2)

    bands = [_band(row, days, place) for row, days in dated]
    at = _day(asof)
    return TimeLine(first, last, bands, _ticks(first, last, place), asof, place(at) if at else None)


def _band(row: Row, days: tuple[date, date], place: Callable[..., float]) -> Band:
    earliest, latest = days
    edtf = value_of(row.get("date"))
    shape, precision = _looks(edtf, days)
    x = place(earliest)
    return Band(
        milestone=value_of(row["milestone"]),
        stated=value_of(row.get("stated")),
        earliest=earliest.isoformat(),
        precision=precision,
        shape=shape,
        promised=value_of(row.get("promised")) == "true",
        x=x,
        width=round(place(latest, 1) - x, 2),
        row=row,
    )


def _looks(edtf: str, days: tuple[date, date]) -> tuple[str, Message]:
    """How a date looks and what it is called; one without EDTF by the days that it may be."""
    plain = _ABOUT.sub("", edtf)
    for form, shape, name in _SHAPES:
        if re.fullmatch(form, plain):
            return ("soft", name) if plain != edtf and shape != "day" else (shape, name)
    return ("day", _SHAPES[0][2]) if days[0] == days[1] else _SPAN


def _ticks(first: date, last: date, place: Callable[[date], float]) -> list[Tick]:
    years = last.year - first.year + 1
    months = (1, 4, 7, 10) if years < _FEW_YEARS else (1, 7) if years == _FEW_YEARS else (1,)
    step = 1 if years <= _MANY_YEARS else years // _MANY_YEARS + 1
    return [
        Tick(place(date(year, month, 1)), year, month, strong=month == 1)
        for year in range(first.year, last.year + 1, step)
        for month in months
    ]


def _days(row: Row) -> tuple[date, date] | None:
    earliest, latest = _day(value_of(row["earliest"])), _day(value_of(row["latest"]))
    return (earliest, latest) if earliest and latest and earliest <= latest else None


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None
