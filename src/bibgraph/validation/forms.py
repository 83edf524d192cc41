"""Values put right: what somebody probably meant who wrote a date, a number or a text in another form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox

from bibgraph.namespaces import RDF, XSD
from bibgraph.validation.terms import show

_ZONE = r"(?:Z|[+-]\d\d:\d\d)?"
_DAY = r"-?\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
_FORMS: dict[str, tuple[str, str]] = {
    str(XSD.boolean): (r"true|false|0|1", "true"),
    str(XSD.date): (_DAY + _ZONE, "2026-01-31"),
    str(XSD.dateTime): (f"{_DAY}T{_TIME}{_ZONE}", "2026-01-31T12:00:00Z"),
    str(XSD.dateTimeStamp): (f"{_DAY}T{_TIME}(?:Z|[+-]\\d\\d:\\d\\d)", "2026-01-31T12:00:00Z"),
    str(XSD.decimal): (r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", "1.5"),
    str(XSD.double): (r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN", "1.5e0"),
    str(XSD.duration): (
        r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
        "P1Y6M",
    ),
    str(XSD.gYear): (r"-?\d{4,}" + _ZONE, "2026"),
    str(XSD.gYearMonth): (r"-?\d{4,}-(?:0[1-9]|1[0-2])" + _ZONE, "2026-01"),
    str(XSD.integer): (r"[+-]?\d+", "12"),
    str(XSD.nonNegativeInteger): (r"\+?\d+", "12"),
    str(XSD.positiveInteger): (r"\+?0*[1-9]\d*", "12"),
    str(XSD.time): (_TIME + _ZONE, "12:00:00"),
}
"""How values of a datatype are written (XML Schema 1.1, part 2), and an example."""

_TRUE, _FALSE = ("true", "yes", "ja", "sann"), ("false", "no", "nei", "usann")
_NORWEGIAN_DAY = re.compile(r"(\d{1,2})[./]\s?(\d{1,2})[./]\s?(\d{4})")
_RUN_TOGETHER = re.compile(r"(\d{4})[/.]?(\d{2})[/.]?(\d{2})")


def right_form(value: ox.Literal, datatype: str) -> str:
    """``value`` as a value of ``datatype``, as Turtle has it; empty if it cannot be taken for one."""
    if datatype == str(RDF.langString):
        return f"{ox.Literal(value.value)}@nb"
    if datatype == str(XSD.string):
        return str(ox.Literal(value.value))
    written, _ = _FORMS.get(datatype, ("", ""))
    for text in variants(value.value) if written else ():
        if re.fullmatch(written, text):
            return _typed(text, datatype)
    return ""


def example(datatype: str) -> str:
    """Some value of ``datatype``, as Turtle has it; empty if none is at hand."""
    if datatype == str(RDF.langString):
        return '"tekst"@nb'
    return _typed(_FORMS[datatype][1], datatype) if datatype in _FORMS else ""


def variants(text: str) -> Iterator[str]:
    """``text`` and other ways to write what it says, each only once."""
    seen: set[str] = set()
    for make in _VARIANTS:
        other = make(text)
        if other and other not in seen:
            seen.add(other)
            yield other


def _typed(text: str, datatype: str) -> str:
    return show(ox.Literal(text, datatype=ox.NamedNode(datatype)))


def _norwegian_day(text: str) -> str:
    match = _NORWEGIAN_DAY.fullmatch(text.strip())
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else ""


def _joined_day(text: str) -> str:
    match = _RUN_TOGETHER.fullmatch(text.strip())
    return "-".join(match.groups()) if match else ""


def _truth(text: str) -> str:
    word = text.strip().casefold()
    return "true" if word in _TRUE else "false" if word in _FALSE else ""


_VARIANTS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    str.strip,
    _truth,
    _norwegian_day,
    _joined_day,
    lambda text: re.sub(r"[\s\u00a0]", "", text).replace(",", "."),
    lambda text: re.sub(r"\s+(kr|NOK|%)\.?$|^(kr|NOK)\.?\s*", "", text.strip()).replace(" ", ""),
    lambda text: text.strip().partition("T")[0],
    lambda text: f"{text.strip()}T00:00:00",
    lambda text: f"{text.strip()}T00:00:00Z",
    lambda text: text.strip()[:7],
    lambda text: text.strip()[:4],
    str.lower,
    str.upper,
    lambda text: text.strip().rstrip("./"),
    lambda text: text.strip() + "/",
    lambda text: re.sub(r"^http:", "https:", text.strip()),
    lambda text: f"https://{text.strip()}",
    lambda text: f"mailto:{text.strip()}",
    lambda text: re.sub(r"[\s_]+", "-", text.strip().lower()),
    lambda text: re.sub(r"[\s-]", "", text),
)
