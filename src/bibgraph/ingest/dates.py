"""Dates in Norwegian prose, bokmål and nynorsk, as Extended Date/Time Format (ISO 8601-2, levels 0 to 2).

Seasons are 21 to 23, half-years 40 and 41, as the data have them; a quarter is an interval of months. The
names of months come from Unicode's CLDR.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from babel.dates import get_month_names

from bibgraph.validation.dates import bounds

_WITHIN = r"(?:i\s+løpet\s+av\s+|innen\s+utgangen\s+av\s+|innan\s+utgangen\s+av\s+|innen\s+|innan\s+)?"
_YEAR = (
    r"(?:\s+(?P<year>(?:19|20)\d\d)(?!\d|\s?[\u2013-]\s?\d)"
    r"|\s?[-\u2013'\u2019](?P<short>\d\d)(?!\d|\.\d)|\s+(?P<spaced>\d\d)(?=\s*(?:[.,;)]\s|[.,;)]?\Z)))?"
)
_AFTER_MONTH = (
    r"(?:\.(?P<yy>\d\d(?:\d\d)?)(?!\d)|\.?\s+(?P<yyyy>20\d\d)(?!\d)"
    r"|\.?\s?[-\u2013]\s?(?P<dashed>(?:20)?\d\d)(?!\d|\.\d)|\.(?!\d))"
)
_SEASONS = {
    "21": r"våren|vår(?=\s+\d{4})",
    "22": r"somm(?:er|ar)en|somm(?:er|ar)(?=\s+\d{4})",
    "23": r"h(?:øst|aust)en|h(?:øst|aust)(?=\s+\d{4})",
}
"""Winter is left out: it lies in two years."""

_ORDINALS = {
    1: r"første|fyrste|1\.",
    2: r"andre|annet|2\.",
    3: r"tredje|3\.",
    4: r"fjerde|4\.",
}
_HALF_YEARS = {1: "40", 2: "41"}
_RANGE = re.compile(r"(?<![\d.])(?:19|20)\d\d\s?[\u2013-]\s?(?:(?:19|20)\d\d|\d\d)(?!\d|[-.]\d)")
_DATED = re.compile(
    r"(?<![\w.])(?:(?:19|20)\d\d(?!\d)|\d{1,2}[./]\d{1,2}[./]?(?:\s?\d{2,4})?(?!\w)|(?:uke|veke)\s+\d{1,2}(?!\d)"
    r"|(?:vinteren|årsskiftet|neste\s+år|i\s+fjor|utgangen\s+av\s+året)(?!\w))",
    re.IGNORECASE,
)
_YEARS = {"ay", "by", "first", "yyyy", "yy", "dashed", "iso_year", "own"}
"""The names of groups that are years, but for those that several alternatives have."""

_CENTURY = 2000
_TWO_DIGITS = 100


@dataclass(frozen=True)
class Found:
    """A date in a text: from ``start`` to ``end``; its EDTF; whether a year is printed."""

    start: int
    end: int
    edtf: str
    has_year: bool
    year: int

    def in_year(self, year: int) -> Found:
        """The same date in another year; itself if that year does not have it."""
        moved = replace(self, edtf=self.edtf.replace(str(self.year), str(year)), year=year)
        return self if self.edtf.endswith("-02-29") else moved

    @property
    def earliest(self) -> date:
        """The first day it can mean."""
        return _days(self.edtf)[0]

    @property
    def latest(self) -> date:
        """The last day it can mean."""
        return _days(self.edtf)[1]


def find_dates(text: str, year: int) -> list[Found]:
    """The dates in ``text``, in order. One without a year has that of the date before it, else ``year``."""
    found: list[Found] = []
    ranges = [each.span() for each in _RANGE.finditer(text)]
    for match in _pattern().finditer(text):
        if any(start < match.end() and match.start() < end for start, end in ranges):
            continue
        printed = next((each.year for each in reversed(found) if each.has_year), year)
        made = _made(match, printed)
        if made:
            found.append(made)
    return found


def unread_dates(text: str, found: list[Found]) -> list[str]:
    """What looks like a date in ``text`` and is none of ``found``; periods of years are no dates."""
    spans = [(each.start, each.end) for each in found] + [each.span() for each in _RANGE.finditer(text)]
    return [
        each.group()
        for each in _DATED.finditer(text)
        if not any(start < each.end() and each.start() < end for start, end in spans)
    ]


def as_printed_date(text: str) -> tuple[str, date] | None:
    """The words of a full date in a title, such as «14.10 - 2025», and the day; None if there is none."""
    match = re.search(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.?\s?-?\s?((?:20)?\d\d)(?!\d)", text)
    if match:
        day = _day(match[1], match[2], match[3])
        return (match.group(), day) if day else None
    found = [
        each for each in find_dates(text, 1) if each.has_year and re.fullmatch(r"\d{4}-\d\d-\d\d", each.edtf)
    ]
    if not found:
        return None
    return text[found[0].start : found[0].end], found[0].earliest


@cache
def _months() -> dict[str, int]:
    return {
        name.casefold(): number
        for language in ("nb", "nn")
        for number, name in get_month_names("wide", locale=language).items()
    }


@cache
def _short_months() -> dict[str, int]:
    found = {
        name.casefold().rstrip("."): number
        for language in ("nb", "nn")
        for number, name in get_month_names("abbreviated", locale=language).items()
    }
    return {name: number for name, number in {**found, "sept": 9}.items() if name not in _months()}


def _month_of(groups: dict[str, str]) -> str:
    """The number of the month that is printed as figures, in full, or shortened."""
    printed = groups.get("m") or groups.get("iso_month")
    named = groups.get("nm") or groups.get("am") or groups.get("alone") or ""
    return printed or str({**_short_months(), **_months()}[named.casefold()])


@cache
def _pattern() -> re.Pattern[str]:
    months = "|".join(sorted(_months(), key=len, reverse=True))
    short = "|".join(map(re.escape, sorted(_short_months(), key=len, reverse=True)))
    seasons = "|".join(f"(?P<s{code}>{form})" for code, form in _SEASONS.items())
    ordinals = "|".join(f"(?P<o{number}>{form})" for number, form in _ORDINALS.items())
    alternatives = (
        r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})" + _AFTER_MONTH,
        r"(?P<iso_year>(?:19|20)\d\d)-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?!\d)",
        rf"(?P<ad>\d{{1,2}})\.\s*(?P<am>{short})(?!\w)\.?{_YEAR}",
        rf"{_WITHIN}(?P<alone>{short})(?!\w)\.?\s+(?P<own>(?:19|20)\d\d)(?!\d)",
        rf"(?P<nd>\d{{1,2}})\.\s*(?P<nm>{months})(?!\w){_YEAR}",
        rf"{_WITHIN}(?P<month>{months})(?!\w){_YEAR}",
        rf"{_WITHIN}(?:{seasons})(?!\w){_YEAR}",
        rf"{_WITHIN}(?:{ordinals})\s+(?P<unit>halvår|halvdel\s+av|kvartal)(?!\w){_YEAR}",
        r"(?P<about>primært\s+(?:\w+\s+)?i\s+|ca\.?\s+|rundt\s+)(?P<ay>(?:19|20)\d\d)(?!\d)",
        r"(?:i\s+løpet\s+av|innen\s+utgangen\s+av|innan\s+utgangen\s+av|innen|innan|i)\s+(?P<by>(?:19|20)\d\d)(?!\d)",
        r"\A(?P<first>(?:19|20)\d\d)(?=\s+(?-i:[A-ZÆØÅ]))",
    )
    text = "|".join(f"(?:{_numbered(each, at)})" for at, each in enumerate(alternatives))
    return re.compile(rf"(?<![\w.])(?:{text})", re.IGNORECASE)


def _numbered(alternative: str, at: int) -> str:
    """The alternative with names of its own for the groups of years, which several have."""
    for name in ("year", "short", "spaced"):
        alternative = alternative.replace(f"?P<{name}>", f"?P<{name}{at}>")
    return alternative


def _made(match: re.Match[str], known_year: int) -> Found | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    year = _four_digits(next((value for name, value in groups.items() if _of_year(name)), ""))
    number = int(year) if year else known_year
    edtf = _edtf(groups, number)
    return Found(match.start(), match.end(), edtf, bool(year), number) if edtf else None


def _of_year(name: str) -> bool:
    return name.startswith(("year", "short", "spaced")) or name in _YEARS


def _edtf(groups: dict[str, str], year: int) -> str:
    stated = next((groups[name] for name in ("d", "nd", "ad", "iso_day") if name in groups), "")
    if stated:
        day = _day(stated, _month_of(groups), str(year))
        return day.isoformat() if day else ""
    if "alone" in groups:
        return f"{year}-{int(_month_of(groups)):02}"
    if "month" in groups:
        return f"{year}-{_months()[groups['month'].casefold()]:02}"
    season = next((name[1:] for name in groups if name[0] == "s" and name[1:] in _SEASONS), "")
    if season:
        return f"{year}-{season}"
    if "unit" in groups:
        return _part_of_year(year, groups)
    return f"{year}~" if "about" in groups else str(year)


def _part_of_year(year: int, groups: dict[str, str]) -> str:
    number = next(int(name[1:]) for name in groups if name[0] == "o" and name[1:].isdigit())
    if groups["unit"].casefold() == "kvartal":
        return f"{year}-{number * 3 - 2:02}/{year}-{number * 3:02}"
    return f"{year}-{_HALF_YEARS[number]}" if number in _HALF_YEARS else ""


def _four_digits(year: str) -> str:
    return str(_CENTURY + int(year)) if year and int(year) < _TWO_DIGITS else year


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(_four_digits(year)), int(month), int(day))
    except ValueError:
        return None


def _days(edtf: str) -> tuple[date, date]:
    first, last = bounds(edtf)
    if first is None or last is None:
        raise ValueError(edtf)
    return first, last
