"""What mappings may call where SPARQL has no function of its own; all of them take and give RDF terms.

``table:slug(text)``: lower-case ASCII words with hyphens, as keys of things are: «Øst og Vest» is
ost-og-vest. ``table:edtf(text, precision)``: a date of a table (ISO 8601) as EDTF; ``precision`` says whether
it is a season or a half-year (spring, autumn, half-year) or doubtful (unverified, derived), and may be empty.
``table:period(from, to)``: two years or days as an EDTF interval; an empty end is open, an empty start is
unknown. ``table:earliest(edtf)`` and ``table:latest(edtf)``: its first and last day. What cannot be made is
unbound.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import pyoxigraph as ox

from bibgraph.ingest.records import Term, typed
from bibgraph.namespaces import BASE, PREFIXES, Namespace
from bibgraph.validation.dates import bounds

TABLE = Namespace(BASE + "table#")
COLUMN = Namespace(BASE + "column#")
RAW = Namespace(BASE + "raw#")

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "ß": "ss", "đ": "d"})
_EDTF = ox.NamedNode(PREFIXES["edtf"] + "EDTF")
_PARTS = {"spring": "21", "summer": "22", "autumn": "23", "first half": "40", "second half": "41"}
_HALF = "half-year"
_DOUBT = ("unverified", "derived")
_MIDDLE = 7

Function = Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]


def functions() -> dict[ox.NamedNode, Function]:
    """The functions by their IRIs, as Oxigraph takes them."""
    listed: dict[str, Function] = {
        "slug": _slug,
        "edtf": _edtf,
        "period": _period,
        "earliest": lambda edtf: _bound(edtf, 0),
        "latest": lambda edtf: _bound(edtf, 1),
    }
    return {ox.NamedNode(TABLE[name]): function for name, function in listed.items()}


def slug(text: str) -> str:
    """The text as a key: lower-case ASCII words and digits with hyphens between."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()))


def _slug(text: Term) -> Term | None:
    made = slug(text.value)
    return typed(made, "string") if made else None


def _edtf(day: Term, precision: Term | None = None) -> Term | None:
    words = precision.value.casefold() if precision is not None else ""
    text = day.value
    part = next((code for word, code in _PARTS.items() if word in words), "")
    if _HALF in words and re.fullmatch(r"\d{4}-\d\d.*", text):
        part = "40" if int(text[5:7]) < _MIDDLE else "41"
    doubt = "?" if any(word in words for word in _DOUBT) else ""
    made = f"{text[:4]}-{part}" if part else text + doubt
    return ox.Literal(made, datatype=_EDTF) if _bounds(made) else None


def _period(start: Term, end: Term | None = None) -> Term | None:
    made = f"{start.value}/{end.value if end is not None and end.value else '..'}"
    return ox.Literal(made, datatype=_EDTF) if _bounds(made) else None


def _bound(edtf: Term, side: int) -> Term | None:
    both = _bounds(edtf.value)
    day = both[side] if both else None
    return typed(day.isoformat(), "date") if day else None


def _bounds(text: str) -> tuple[date | None, date | None] | None:
    try:
        return bounds(text)
    except ValueError:
        return None
