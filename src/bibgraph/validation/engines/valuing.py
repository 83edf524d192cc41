"""What single values must be for a constraint of SHACL Core, told without any doubt or not at all.

Each test says True or False where pySHACL says the same whatever comes, and None where that takes a closer
look: an odd datatype, a number in an odd way of writing, a language in capitals.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import pyoxigraph as ox

from bibgraph.namespaces import RDF, RDFS, SH, XSD
from bibgraph.validation.statements import Key, key, literal
from bibgraph.validation.triples import Term

_T = TypeVar("_T")

Verdict = bool | None
"""None where it cannot be told."""

Judge = Callable[[Key], Verdict]
"""Whether one value is right."""

_IRI, _BLANK, _TEXT = b'<_"'
_KINDS = {
    SH.IRI: frozenset((_IRI,)),
    SH.BlankNode: frozenset((_BLANK,)),
    SH.Literal: frozenset((_TEXT,)),
    SH.BlankNodeOrIRI: frozenset((_IRI, _BLANK)),
}
LIMITS: dict[str, Callable[[Any, Any], bool]] = {
    SH.minInclusive: operator.ge,
    SH.maxInclusive: operator.le,
    SH.minExclusive: operator.gt,
    SH.maxExclusive: operator.lt,
}
"""Parameters that set a limit, and how a value then stands to it."""
_DAY = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(rb"-?[0-9]{1,15}")
_PLAIN = {
    XSD.integer: _NUMBER,
    XSD.decimal: re.compile(rb"-?[0-9]{1,15}\.[0-9]{1,15}"),
    XSD.boolean: re.compile(rb"true|false"),
    XSD.gYear: re.compile(rb"(?!0000)[0-9]{4}"),
    XSD.anyURI: re.compile(rb"[!-~]*"),
}
"""Ways of writing that are in nobody's doubt."""

_STANDARD = (XSD, RDF, RDFS)


class Doubtful(Exception):
    """Nothing is certain about a shape or a value."""


def node_kind(wanted: str) -> Judge:
    """Whether values are of a kind. Raises Doubtful for kinds that are seldom asked for."""
    if wanted not in _KINDS:
        raise Doubtful(wanted)
    signs = _KINDS[wanted]
    return lambda value: value[0] in signs


def datatype(wanted: str) -> Judge:
    """Whether values are literals of a datatype, and well-formed."""
    if wanted in (XSD.string, RDF.langString):
        return _is_string if wanted == XSD.string else _has_language
    well_formed = _well_formed(wanted)
    end = f'"^^<{wanted}>'.encode()

    def judge(value: Key) -> Verdict:
        if value[0] != _TEXT or not value.endswith(end):
            return False
        return well_formed(value[1 : -len(end)]) or None

    return judge


def pattern(wanted: str, flags: str) -> Judge:
    """Whether values have a part that fits. Raises Doubtful for a pattern that Python does not know."""
    try:
        fits = re.compile(wanted, sum(_FLAGS[flag] for flag in set(flags.lower()) & _FLAGS.keys()))
    except re.error as error:
        raise Doubtful(wanted) from error

    def judge(value: Key) -> Verdict:
        if value[0] == _BLANK:
            return False
        if value[0] == _IRI:
            return fits.search(value[1:-1].decode()) is not None
        text, _, kind = literal(value)
        if kind not in ("", XSD.date, XSD.integer) and kind.startswith(_STANDARD):
            return None
        return fits.search(text) is not None

    return judge


def languages(wanted: Iterable[Term]) -> Judge:
    """Whether values are texts in one of the languages."""
    tags = {text(each).lower().encode() for each in wanted}
    if b"*" in tags:
        raise Doubtful("*")

    def judge(value: Key) -> Verdict:
        tag = language(value)
        if tag is None:
            return None
        return bool(tag) and (tag in tags or tag.partition(b"-")[0] in tags)

    return judge


def limit(kind: str, bound: Term) -> Judge:
    """Whether values are on the right side of a limit. Raises Doubtful for limits of most types."""
    other = key(bound)
    if comparable(other) is None:
        raise Doubtful(str(bound))
    return lambda value: within(kind, value, other)


def within(kind: str, value: Key, bound: Key) -> Verdict:
    """Whether a value is on the right side of a limit, if both are of one type and plainly written."""
    one, other = comparable(value), comparable(bound)
    return None if one is None or type(one) is not type(other) else LIMITS[kind](one, other)


def language(value: Key) -> bytes | None:
    """The language of a value in small letters, empty if it has none; None if there is more to it."""
    if value[0] != _TEXT or value[-1] in b'">':
        return b""
    tag = value[value.rindex(b'"') + 2 :].lower()
    return None if b"--" in tag else tag


def comparable(value: Key) -> int | date | None:
    """A whole number or a day, written plainly; None for all else."""
    if value.endswith(_INTEGER):
        number = value[1 : -len(_INTEGER)]
        return int(number) if _NUMBER.fullmatch(number) else None
    return _day(value[1 : -len(_DATE)]) if value.endswith(_DATE) else None


def text(term: Term) -> str:
    """A term that is a text without a language. Raises Doubtful for any other."""
    if not isinstance(term, ox.Literal) or term.datatype.value != XSD.string:
        raise Doubtful(str(term))
    return term.value


def iri(term: Term) -> str:
    """The IRI that a term is. Raises Doubtful for any other."""
    if not isinstance(term, ox.NamedNode):
        raise Doubtful(str(term))
    return term.value


def truth(term: Term) -> bool:
    """Whether a term is true. Raises Doubtful if it is neither true nor false."""
    if key(term) not in (_TRUE, _FALSE):
        raise Doubtful(str(term))
    return key(term) == _TRUE


def count(term: Term) -> int:
    """The number that a term is, from 0 on. Raises Doubtful for any other."""
    number = comparable(key(term))
    if not isinstance(number, int) or number < 0:
        raise Doubtful(str(term))
    return number


def lasting(term: Term) -> Key:
    """A term that means the same in shapes and data. Raises Doubtful for a blank node."""
    if isinstance(term, ox.BlankNode):
        raise Doubtful(str(term))
    return key(term)


def only(values: Sequence[_T]) -> _T:
    """The only one of some values. Raises Doubtful if there are more, or none."""
    if len(values) != 1:
        raise Doubtful(str(values))
    return values[0]


def if_literal(value: Key) -> Verdict:
    """False, but None for literals, of which two may be written differently and be the same."""
    return None if value[0] == _TEXT else False


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether all are True."""
    found: Verdict = True
    for verdict in verdicts:
        if verdict is not True:
            if verdict is False:
                return False
            found = None
    return found


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether one of them is True."""
    found: Verdict = False
    for verdict in verdicts:
        if verdict:
            return True
        found = None if verdict is None else found
    return found


_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE}
_TRUE, _FALSE = (f'"{each}"^^<{XSD.boolean}>'.encode() for each in ("true", "false"))
_INTEGER, _DATE = f'"^^<{XSD.integer}>'.encode(), f'"^^<{XSD.date}>'.encode()


def _is_string(value: Key) -> Verdict:
    return value[0] == _TEXT and value[-1] == _TEXT


def _has_language(value: Key) -> Verdict:
    tag = language(value)
    return None if tag is None else bool(tag)


def _well_formed(wanted: str) -> Callable[[bytes], bool]:
    """Whether a text is certainly a value of a datatype. Raises Doubtful for types that are seldom used."""
    if wanted == XSD.date:
        return lambda text: _day(text) is not None
    if wanted in _PLAIN:
        return lambda text: _PLAIN[wanted].fullmatch(text) is not None
    if wanted.startswith(_STANDARD):
        raise Doubtful(wanted)
    return lambda _: True


@lru_cache(maxsize=4096)
def _day(text: bytes) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text.decode())
    except ValueError:
        return None
