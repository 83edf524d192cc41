"""How terms look on a page: where they link to, and how their values are written."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import cache
from importlib import resources

import pyoxigraph as ox
from babel.dates import format_date
from flask import Flask
from markupsafe import Markup

from bibgraph.describe import Statement
from bibgraph.namespaces import BASE, INFERRED, shorten
from bibgraph.web.decoding import url_path
from bibgraph.web.reader import reader

_XSD = "http://www.w3.org/2001/XMLSchema#"
_PLAIN = {_XSD + "string", _XSD + "integer", _XSD + "decimal", _XSD + "boolean"}
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_BABEL = {"nb": ("nb", "dd.MM.yyyy"), "nn": ("nn", "dd.MM.yyyy"), "en": ("en", "d MMM yyyy")}
_WEB = ("http://", "https://")


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
    found = _DATE.fullmatch(value.value) if datatype == _XSD + "date" else None
    if found:
        return Markup('<time datetime="{}">{}</time>').format(
            value.value, date_text(value.value, reader().language)
        )
    if datatype == _XSD + "anyURI" and value.value.startswith(_WEB):
        return Markup('<a href="{0}">{0}</a>').format(value.value)
    if datatype in _PLAIN:
        return value.value
    return Markup('<code>{}</code> <span class="tag">{}</span>').format(value.value, shorten(datatype))


def date_text(iso: str, language: str) -> str:
    """An ISO date as tables of that language write it; unchanged if it is no date."""
    found = _DATE.fullmatch(iso)
    if not found:
        return iso
    year, month, day = map(int, found.groups())
    locale, pattern = _BABEL[language]
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


def install(app: Flask) -> None:
    """Give the templates of ``app`` these functions."""
    app.jinja_env.globals.update(
        href=href,
        plain=plain,
        asset=asset,
        graphs_of=graphs_of,
        is_iri=lambda term: isinstance(term, ox.NamedNode),
        is_literal=lambda term: isinstance(term, ox.Literal),
    )
