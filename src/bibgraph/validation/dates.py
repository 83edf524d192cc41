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
from time import struct_time

import edtf

from bibgraph.findings import Finding, Severity
from bibgraph.messages import Message, message

_PLAIN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?")
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
    plain = _PLAIN.fullmatch(text)
    if plain and int(plain[1]):
        # Most dates; the grammar of all EDTF would take some eight milliseconds for each.
        year, month, day = (int(part) if part else 0 for part in plain.groups())
        last_month = month or _DECEMBER
        last_day = day or monthrange(year, last_month)[1]
        return date(year, month or 1, day or 1), date(year, last_month, last_day)
    return _bounds(text)


@lru_cache(maxsize=1024)
def _bounds(text: str) -> tuple[date | None, date | None]:
    try:
        parsed = edtf.parse_edtf(text)
    except edtf.EDTFParseException as error:
        raise ValueError(text) from error
    if _WINTER.search(text):
        return None, None
    first, _, last = text.partition("/")
    interval = "/" in text
    lower = None if interval and first in ("", "..") else _day(parsed.lower_strict())
    upper = None if interval and last in ("", "..") else _day(parsed.upper_strict())
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
