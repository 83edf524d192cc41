"""Whether the earliest and latest day of a date are those of its EDTF literal (ISO 8601-2, levels 0 to 2).

Seasons are three whole months (21, spring: March to May), half-years six (40, 41); «about» (``2026~``) widens
nothing. A side is not compared where it is open or unknown, and winter, which lies in two years, not at all.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module
from time import struct_time

from bibgraph.findings import Finding, Severity
from bibgraph.messages import Message, message

_PLAIN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?[~?%]?", re.ASCII)
_PART_OF_YEAR = re.compile(r"(\d{4})-(2[123]|4[01])()", re.ASCII)
_MONTHS = {"21": (3, 5), "22": (6, 8), "23": (9, 11), "40": (1, 6), "41": (7, 12)}
"""First and last month of seasons but winter, and of half-years. They stand in no interval."""

_OPEN = ("", "..")
_WINTER = re.compile(r"-24\b")
_FAR = 9998
_DECEMBER = 12


@dataclass(frozen=True)
class StatedDate:
    """A thing's date as EDTF; earliest and latest in ISO form, empty where not stated.

    path, value: property and literal as findings show them.
    """

    thing: str
    path: str
    value: str
    edtf: str
    earliest: str
    latest: str


def check_dates(dates: Iterable[StatedDate]) -> list[Finding]:
    """Violations: what is no EDTF, an interval that ends before it begins, days that do not fit."""
    return [
        Finding(rule, Severity.VIOLATION, sentence, thing=stated.thing, path=stated.path, value=stated.value)
        for stated in dates
        for rule, sentence in _faults(stated)
    ]


def bounds(text: str) -> tuple[date | None, date | None]:
    """First and last day of an EDTF literal; None for a side that is open, unknown or winter.

    Raises ValueError for text that is no EDTF.
    """
    # Most dates; the grammar of all EDTF takes some eight milliseconds for each, and a while to load.
    part = _PART_OF_YEAR.fullmatch(text)
    if part:
        first, last = _MONTHS[part[2]]
        return _first(int(part[1]), first), _last(int(part[1]), last)
    begin, slash, end = text.partition("/")
    lower, upper = _plain(begin), _plain(end if slash else begin)
    if lower and upper:
        return lower[0], upper[1]
    if slash and lower and end in _OPEN:
        return lower[0], None
    if slash and upper and begin in _OPEN:
        return None, upper[1]
    return _bounds(text)


def _plain(text: str) -> tuple[date, date] | None:
    """First and last day of a year, month or day; None for any other. Raises ValueError if there is none."""
    match = _PLAIN.fullmatch(text)
    if not match or not int(match[1]) or int(match[2] or 1) > _DECEMBER:
        return None
    year = int(match[1])
    if match[3]:
        day = date(year, int(match[2]), int(match[3]))
        return day, day
    return _first(year, int(match[2] or 1)), _last(year, int(match[2] or _DECEMBER))


def _first(year: int, month: int) -> date:
    return date(year, month, 1)


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


@lru_cache(maxsize=1024)
def _bounds(text: str) -> tuple[date | None, date | None]:
    edtf = import_module("edtf")
    try:
        parsed = edtf.parse_edtf(text)
    except (edtf.EDTFParseException, TypeError) as error:  # of /.. its parser makes a TypeError
        raise ValueError(text) from error
    if _WINTER.search(text):
        return None, None
    first, _, last = text.partition("/")
    interval = "/" in text
    lower = None if interval and first in _OPEN else _day(parsed.lower_strict())
    upper = None if interval and last in _OPEN else _day(parsed.upper_strict())
    return lower, upper


def _faults(stated: StatedDate) -> list[tuple[str, Message]]:
    try:
        lower, upper = bounds(stated.edtf)
    except ValueError:
        sentence = message("{value} is no date in Extended Date/Time Format.", value=stated.edtf)
        return [("date-format", sentence)]
    if lower and upper and upper < lower:
        return [("date-reversed", message("{value} ends before it begins.", value=stated.edtf))]
    faults = []
    if lower and stated.earliest and stated.earliest != lower.isoformat():
        sentence = message(
            "{value} begins on {day}, but {stated} is stated as the earliest day.",
            value=stated.edtf,
            day=lower.isoformat(),
            stated=stated.earliest,
        )
        faults.append(("date-earliest", sentence))
    if upper and stated.latest and stated.latest != upper.isoformat():
        sentence = message(
            "{value} ends on {day}, but {stated} is stated as the latest day.",
            value=stated.edtf,
            day=upper.isoformat(),
            stated=stated.latest,
        )
        faults.append(("date-latest", sentence))
    return faults


def _day(moment: struct_time | float) -> date | None:
    """The day of a moment; None for infinity and for years that stand for «unspecified»."""
    if isinstance(moment, float) or not 0 < moment.tm_year < _FAR:
        return None
    return date(moment.tm_year, moment.tm_mon, moment.tm_mday)
