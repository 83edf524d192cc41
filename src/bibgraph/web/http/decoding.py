"""What a request says, decoded once and strictly.

Werkzeug repairs bad percent-encoding and bad UTF-8 in silence, so that another question than the one
asked would be answered. Here either is an error (RFC 3986, section 2.1; SPARQL 1.1 Protocol, section 2.1).
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Mapping
from urllib.parse import quote

import pyoxigraph as ox

from bibgraph.errors import NotFound, QueryError
from bibgraph.messages import message
from bibgraph.namespaces import BASE

MAX_FIELDS = 1000
LONGEST_IRI = 8000
"""Characters of an IRI that is looked for: so long an address is read anywhere (RFC 9110, section 4.1)."""
_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
SAFE = "/%:@!$&'()*+,;=-._~#"
"""What stands in an IRI and in the path of a URL alike, besides letters and digits."""
_NOT_IN_IRI = {code: f"%{code:02X}" for code in (*range(0x21), *map(ord, '<>"{}|\\^`%'), 0x7F)}


class MalformedRequest(QueryError):
    """The bytes of a request are not what the standards allow."""


class Fields:
    """The fields of a query string or form, in order, each possibly given more than once."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def all(self, name: str) -> list[str]:
        """Every value given for ``name``."""
        return [value for key, value in self.pairs if key == name]

    def first(self, name: str, default: str = "") -> str:
        """The first value given for ``name``."""
        return next((value for key, value in self.pairs if key == name), default)

    def __add__(self, other: Fields) -> Fields:
        return Fields(self.pairs + other.pairs)


def fields(encoded: bytes, place: str) -> Fields:
    """The fields of ``application/x-www-form-urlencoded`` bytes; ``place`` names in errors what has no name.

    Raises ``MalformedRequest`` for bad percent-encoding, bad UTF-8 or more than 1000 fields.
    """
    parts = [part for part in encoded.split(b"&") if part]
    if len(parts) > MAX_FIELDS:
        raise MalformedRequest(
            message("More than {most} fields in one request.", most=MAX_FIELDS), where=place
        )
    return Fields([_pair(part, place) for part in parts])


def _pair(part: bytes, place: str) -> tuple[str, str]:
    encoded, _, value = part.partition(b"=")
    name = decode_value(encoded, place)
    return name, decode_value(value, name or place)


def decode_value(encoded: bytes, place: str) -> str:
    """``encoded`` as a name or value of a form stands in it: without percent-encoding, a plus as a space."""
    return decode_percent(encoded.replace(b"+", b" "), place)


def decode_percent(encoded: bytes, place: str) -> str:
    """``encoded`` without its percent-encoding, as UTF-8."""
    # Percent-encoding is quoted-printable (RFC 2045) with another sign, and for that there is a decoder in C.
    plain = a2b_qp(encoded.replace(b"=", b"=3D").replace(b"%", b"="))
    # Of three bytes that are well encoded one is left. Before the end of a line a sign would be swallowed.
    in_one_line = b"\n" not in encoded and b"\r" not in encoded
    well = in_one_line and len(encoded) - len(plain) == 2 * encoded.count(b"%")
    bad = None if well else _BAD_PERCENT.search(encoded)
    if bad:
        found = encoded[bad.start() : bad.start() + 3].decode("ascii", "backslashreplace")
        raise MalformedRequest(
            message("Bad percent-encoding: {found}", found=found),
            where=place,
            hint=message(
                "Write a percent sign as %25, and each byte of other characters as % and two digits."
            ),
        )
    return decode_utf8(plain, place)


def decode_utf8(data: bytes, place: str) -> str:
    """``data`` as strict UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedRequest(
            message(
                "Not UTF-8: byte {number} is {byte}.",
                number=error.start + 1,
                byte=f"0x{data[error.start]:02X}",
            ),
            where=place,
            hint=message("Send text as UTF-8."),
        ) from error


def query_string(environ: Mapping[str, object]) -> Fields:
    """The fields of the query string of a WSGI request."""
    return fields(str(environ.get("QUERY_STRING", "")).encode("latin-1"), "URL")


def check_path(environ: Mapping[str, object]) -> None:
    """Raise ``MalformedRequest`` unless the path of a WSGI request is well encoded."""
    target = str(environ.get("REQUEST_URI", "")).partition("?")[0]
    if target:
        decode_percent(target.encode("latin-1"), "URL")
    decode_utf8(str(environ.get("PATH_INFO", "")).encode("latin-1"), "URL")


def iri_path(path: str) -> str:
    """A decoded path as it stands in an IRI: what IRIs cannot hold (RFC 3987) is percent-encoded again."""
    return path.translate(_NOT_IN_IRI)


def own_iri(tail: str) -> str:
    """The IRI under the base that ends so. Raises NotFound for what can be no IRI, and so is none of ours."""
    iri = BASE + tail
    if len(iri) > LONGEST_IRI:
        raise nothing_of(iri)
    try:
        return ox.NamedNode(iri).value
    except ValueError as error:
        raise nothing_of(iri) from error


def nothing_of(iri: str) -> NotFound:
    """The error for an IRI that occurs nowhere."""
    return NotFound(
        message("The graph says nothing of {iri}.", iri=iri),
        hint=message("See what there is at /id, or ask a question at /queries."),
    )


def url_path(tail: str) -> str:
    """The part of an IRI after the base as a URL path: non-ASCII encoded, the rest as it is."""
    return quote(tail, safe=SAFE)
