"""How terms look on a page: where they link to, and how their values are written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from decimal import InvalidOperation
from functools import cache
from importlib import resources

import pyoxigraph as ox
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from markupsafe import Markup

from bibgraph.describe import Row, Statement, Term, value_of
from bibgraph.describe.names import distance
from bibgraph.messages import message
from bibgraph.namespaces import BASE, INFERRED, PREFIXES, THINGS, shorten
from bibgraph.web.http.decoding import url_path
from bibgraph.web.http.reader import reader

_XSD = "http://www.w3.org/2001/XMLSchema#"
_PLAIN = {_XSD + "string", _XSD + "integer", _XSD + "decimal", _XSD + "boolean"}
_EDTF = f"{PREFIXES['edtf']}EDTF"
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH = re.compile(r"(?!0000)(\d{4})-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"\d{4}")
_OPEN = ("", "..")
_BABEL = {"nb": ("nb", "dd.MM.yyyy"), "nn": ("nn", "dd.MM.yyyy"), "en": ("en", "d MMM yyyy")}
_LONG = {"nb": ("nb", "d. MMMM yyyy"), "nn": ("nn", "d. MMMM yyyy"), "en": ("en", "d MMMM yyyy")}
_WEB = ("http://", "https://")
_SOFT = "\u00ad"
_LONG_WORD = 14
_JOINTS = re.compile(
    r"(?<=[a-zæøå])(?=(?:strategi|bibliotek|register|utvikling|infrastruktur|direktorat|nedsettelse|periode|nummer))"
)
"""Where long Norwegian words may be cut: before a last part that is a word of its own."""


def path_of(iri: str) -> str:
    """The path on this site at which an IRI under the base is served; empty for any other IRI."""
    tail = iri.removeprefix(BASE)
    served = iri.startswith(BASE) and tail.startswith(("id/", "graph/", "ontology", "doc/"))
    return "/" + url_path(tail) if served else ""


def href(iri: str) -> str:
    """Where a link to ``iri`` leads: a path of this site, a web address, or nowhere (then empty).

    Only http and https IRIs become links: a ``javascript:`` one in the data must not run.
    """
    path = path_of(iri)
    if path:
        return reader().link(path)
    return iri if iri.startswith(_WEB) and not iri.startswith(BASE) else ""


def plain(value: ox.Literal) -> str | Markup:
    """A literal without language, written for the reader's language: dates in full, the rest as it is."""
    datatype = value.datatype.value
    found = _DATE.fullmatch(value.value) if datatype in (_XSD + "date", _EDTF) else None
    if found:
        return Markup('<time datetime="{}">{}</time>').format(
            value.value, date_text(value.value, reader().language)
        )
    if datatype == _XSD + "anyURI" and value.value.startswith(_WEB):
        return Markup('<a href="{0}">{0}</a>').format(value.value)
    if datatype == _EDTF and (words := edtf_text(value.value, reader().language)):
        return words
    if datatype in _PLAIN:
        return value.value
    return Markup('<code>{}</code> <span class="tag">{}</span>').format(value.value, shorten(datatype))


def edtf_text(text: str, language: str) -> str:
    """An EDTF date or interval (ISO 8601-2:2019) in words; empty for forms that have no words here."""
    start, slash, end = text.partition("/")
    if not slash:
        return _edtf_day(text, language)
    first, last = _edtf_day(start, language), _edtf_day(end, language)
    if first and last:
        return f"{first}–{last}"
    if first and end in _OPEN:
        return message("from {start}", start=first).text(language)
    if last and start in _OPEN:
        return message("until {end}", end=last).text(language)
    return ""


def _edtf_day(text: str, language: str) -> str:
    """A day, month or year in words, with what EDTF says of how sure it is."""
    plain = text.rstrip("?~%")
    if month := _MONTH.fullmatch(plain):
        words = format_date(date(int(month[1]), int(month[2]), 1), "LLLL yyyy", locale=_BABEL[language][0])
    elif _DATE.fullmatch(plain) or _YEAR.fullmatch(plain):
        words = date_text(plain, language)
    else:
        return ""
    if text[-1] in "~%":
        words = message("about {date}", date=words).text(language)
    return message("{date} (uncertain)", date=words).text(language) if text[-1] in "?%" else words


def date_text(iso: str, language: str) -> str:
    """An ISO date as tables of that language write it; unchanged if it is no date."""
    return _written(iso, *_BABEL[language])


def long_date(iso: str, language: str) -> str:
    """An ISO date as running text of that language writes it; unchanged if it is no date."""
    return _written(iso, *_LONG[language])


def month_name(month: int, language: str) -> str:
    """The short name of a month, without a full stop."""
    return format_date(date(2000, month, 1), "LLL", locale=_BABEL[language][0]).strip(".")


def kroner(digits: str, language: str) -> str:
    """A whole number of kroner as that language writes it; unchanged if it is none, or too long."""
    if not digits.isdecimal():
        return digits
    try:
        return format_decimal(int(digits), locale=_BABEL[language][0])
    except (ValueError, InvalidOperation):  # more digits than int, or decimal, takes
        return digits


def soft(text: str) -> str:
    """``text`` with soft hyphens in its long words, for browsers that cannot hyphenate Norwegian."""
    words = (_JOINTS.sub(_SOFT, word) if len(word) >= _LONG_WORD else word for word in text.split(" "))
    return " ".join(words)


def short_name(text: str) -> str:
    """What follows the number in a name such as «Tiltak 14: infrastruktur for metadata»."""
    rest = text.partition(": ")[2]
    return rest[:1].upper() + rest[1:] if rest else text


def text_of(term: Term | None) -> str:
    """The IRI or the words of a term; nothing for none."""
    return value_of(term)


def nearest_text(rows: Iterable[Row], name: str) -> ox.Literal | None:
    """Of the texts of one variable, the one in the language nearest to the reader's."""
    found = [term for row in rows if isinstance(term := row[name], ox.Literal)]
    return min(found, key=lambda term: distance(term.language, reader().language), default=None)


def _written(iso: str, locale: str, pattern: str) -> str:
    found = _DATE.fullmatch(iso)
    if not found:
        return iso
    year, month, day = map(int, found.groups())
    try:
        return format_date(date(year, month, day), pattern, locale=locale)
    except ValueError:  # such as 30 February: shown as it stands
        return iso


def graphs_of(statements: list[Statement]) -> list[str]:
    """The named graphs that make these statements, reasoning left out."""
    return sorted({graph for statement in statements for graph in statement.graphs if graph != str(INFERRED)})


def asset(name: str) -> str:
    """The path of a static file, with a mark that changes when the file does."""
    return f"/static/{name}?v={_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    data = (resources.files("bibgraph.web") / "static" / name).read_bytes()
    return hashlib.sha256(data).hexdigest()[:12]


def canonical(iri: str) -> str:
    """The path of the document about a thing."""
    return "/doc/" + url_path(iri.removeprefix(str(THINGS))) if iri.startswith(str(THINGS)) else path_of(iri)


def served(app: Flask, path: str) -> bool:
    """Whether ``app`` has a page at this path, so that only what works is linked to."""
    return any(rule.rule == path for rule in app.url_map.iter_rules())


def install(app: Flask) -> None:
    """Give the templates of ``app`` these functions."""
    app.jinja_env.globals.update(
        href=href,
        plain=plain,
        asset=asset,
        date_text=date_text,
        long_date=long_date,
        month_name=month_name,
        kroner=kroner,
        soft=soft,
        short_name=short_name,
        text=text_of,
        nearest_text=nearest_text,
        canonical=canonical,
        served=lambda path: served(app, path),
        graphs_of=graphs_of,
        is_iri=lambda term: isinstance(term, ox.NamedNode),
        is_literal=lambda term: isinstance(term, ox.Literal),
    )
