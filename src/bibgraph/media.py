"""Content negotiation as pure functions (RFC 9110, section 12.5), and the one table of media types."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bibgraph.errors import NotAcceptable
from bibgraph.messages import message


@dataclass(frozen=True)
class Media:
    """A format: the name and file ending it goes by (``json``), and its media type.

    aliases: other media types that it is sent under, if they are asked for. others: names and media types
    that clients mean it by.
    """

    name: str
    type: str
    aliases: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def called(self) -> tuple[str, ...]:
        """All names and media types that it goes by."""
        return self.name, self.type, *self.aliases, *self.others

    @property
    def suffix(self) -> str:
        """The ending of its files, with the dot."""
        return f".{self.name}"

    @property
    def content_type(self) -> str:
        """The value of a Content-Type header: text and XML say that they are UTF-8."""
        textual = self.type.startswith("text/")
        return f"{self.type}; charset=utf-8" if textual else self.type


# Of the formats that share a name, the first is meant where there are both.
_TABLE = (
    Media("html", "text/html"),
    Media("csv", "text/csv"),
    Media("tsv", "text/tab-separated-values"),
    Media("json", "application/sparql-results+json", ("application/json",)),
    Media("xml", "application/sparql-results+xml", ("application/xml",), ("text/xml",)),
    Media("ttl", "text/turtle", others=("turtle", "n3")),
    Media("nt", "application/n-triples", others=("ntriples", "n-triples")),
    Media("jsonld", "application/ld+json", others=("json-ld", "json", "application/json")),
    Media("rdf", "application/rdf+xml", others=("rdf+xml", "xml", "application/xml", "text/xml")),
    Media("trig", "application/trig"),
    Media("nq", "application/n-quads", others=("nquads", "n-quads")),
)

BY_NAME: dict[str, Media] = {media.name: media for media in _TABLE}
BY_TYPE: dict[str, Media] = {media.type: media for media in _TABLE}
_MEANT = {
    name: tuple(media for media in _TABLE if name in media.called) for each in _TABLE for name in each.called
}
_LONGEST_LIST = 10
_MOST_CHARACTERS = 4000
_MOST_MEMBERS = 100
RESULTS = tuple(BY_NAME[name].type for name in ("json", "xml", "csv", "tsv"))
"""Media types of answers to SELECT and (the first two) ASK, the preferred first."""
GRAPHS = tuple(BY_NAME[name].type for name in ("ttl", "nt", "jsonld", "rdf"))
"""Media types of a graph, the preferred first."""
ALIASES = {alias: media.type for media in _TABLE for alias in media.aliases}
"""Media types that formats are sent under as well, and those of their own."""

# No pattern here can take more than linear time, whatever a stranger sends.
_RANGE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LANGUAGE = re.compile(r"\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_GRANDFATHERED = {"no-bok": "nb", "no-nyn": "nn"}  # RFC 5646, section 2.2.8
_SAME, _BEGUN, _CONTINUED, _MACRO, _ANY = 5, 4, 3, 2, 1  # who refuses nb-NO has not refused all nb
_UNASKED, _REFUSED = -1.0, -2.0
_WEIGHT = re.compile(r"[01](?:\.[0-9]*)?|\.[0-9]+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)


def meant(name: str) -> tuple[Media, ...]:
    """The formats that clients may mean by a name or a media type, the likeliest first; none if unknown.

    Letters may be small or capital, and a plus may have been decoded as a space. Of a list, as an Accept
    header has it, the first that is known counts.
    """
    parts = name.lower().split(",", _LONGEST_LIST)[:_LONGEST_LIST]
    found = (_MEANT.get(part.strip().replace(" ", "+"), ()) for part in parts)
    return next(filter(None, found), ())


def also_asked_for(offered: Sequence[str]) -> dict[str, str]:
    """Media types not in ``offered`` by which clients mean one that is, with that one."""
    found: dict[str, str] = {}
    for media in (BY_TYPE[type_] for type_ in offered if type_ in BY_TYPE):
        for other in media.called:
            if "/" in other and other not in offered:
                found.setdefault(other, media.type)
    return found


def with_aliases(offered: Sequence[str]) -> list[str]:
    """These media types, and behind them the others that those are sent under if they are asked for."""
    aliases = (alias for alias, type_ in ALIASES.items() if type_ in offered)
    return list(dict.fromkeys((*offered, *aliases)))


def negotiate(accept: str, offered: Sequence[str]) -> str:
    """The media type out of ``offered`` that a client with this Accept header wants most.

    An empty header accepts all. The most specific range that fits a type gives its weight; among equal
    weights the order of ``offered`` decides. Members that are no media range are passed over. Raises
    NotAcceptable, naming ``offered``, if nothing fits.
    """
    wanted = _ranges(accept)
    if not wanted and not accept.replace(",", "").strip():
        return offered[0]
    best = max(offered, key=lambda type_: _weight_of_type(type_, wanted))  # max keeps the first of equals
    if _weight_of_type(best, wanted) > 0:
        return best
    raise NotAcceptable(
        message("None of the formats asked for is to be had: {accept}", accept=accept.strip()),
        hint=message("There is: {offered}.", offered=", ".join(offered)),
        available=with_aliases(offered),
    )


def negotiate_language(accept_language: str, offered: Sequence[str], default: str) -> str:
    """The language out of ``offered`` that a client with this Accept-Language header wants most.

    A range fits a language that it equals, begins or continues (``nb-NO`` finds ``nb``; lookup of RFC 4647,
    section 3.4); ``no`` finds ``nb`` and ``nn``. The range that fits best gives the weight, ``*`` only where
    no other fits; among equals the one named first, then ``default``, then the order of ``offered``. If
    nothing is wanted: ``default``, unless it is refused (a weight of 0; RFC 9110, section 12.4.2) and another
    is not.
    """
    wanted = [
        (_GRANDFATHERED.get(tag.lower(), tag.lower()), weight)
        for tag, weight in _members(accept_language)
        if _LANGUAGE.fullmatch(tag)
    ]

    def order(language: str) -> tuple[float, int, bool]:
        weight, place = _weight_of_language(language.lower(), wanted)
        return -weight, place, language != default

    return min(offered, key=order, default=default)


def _members(header: str) -> list[tuple[str, float]]:
    """The members of a header's list with their q-values; without those whose q-value is malformed.

    Only so many, of so many characters, are read: no client has more wishes, and to read them would take
    others' time.
    """
    if len(header) > _MOST_CHARACTERS:
        header = header[:_MOST_CHARACTERS].rpartition(",")[0]  # a wish that is cut off would be another one
    plain = _QUOTED.sub('""', header)  # a comma or q=0 in a quoted string is text
    members = []
    for member in plain.split(",", _MOST_MEMBERS)[:_MOST_MEMBERS]:
        value, *parameters = (part.strip() for part in member.split(";"))
        weight = _weight(parameters)
        if value and weight is not None:
            members.append((value, weight))
    return members


def _weight(parameters: Sequence[str]) -> float | None:
    """The q-value among the parameters: 1 if there is none, None if it is malformed."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            return min(float(value), 1.0) if _WEIGHT.fullmatch(value.strip()) else None
    return 1.0


def _ranges(accept: str) -> dict[str, float]:
    """The media ranges, in lower case, with their weights."""
    found: dict[str, float] = {}
    for value, weight in _members(accept):
        if _RANGE.fullmatch(value):
            range_ = value.lower()
            found[range_] = max(weight, found.get(range_, 0.0))
    return found


def _weight_of_type(type_: str, wanted: Mapping[str, float]) -> float:
    type_ = type_.lower()
    fitting = (type_, f"{type_.partition('/')[0]}/*", "*/*")
    return next((wanted[range_] for range_ in fitting if range_ in wanted), 0.0)


def _weight_of_language(language: str, wanted: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """The weight and place of the range that fits ``language`` best; below 0 if none does, or refuses it."""
    fitting = [
        (fit, weight, -place)
        for place, (range_, weight) in enumerate(wanted)
        if (fit := _fit(range_, language)) and (weight or fit != _CONTINUED)
    ]
    _, weight, place = max(fitting, default=(0, _UNASKED, 0))
    return (weight or _REFUSED), -place


def _fit(range_: str, language: str) -> int:
    """How well a range fits a language; 0 for not at all."""
    if range_ == language:
        return _SAME
    if language.startswith(f"{range_}-"):
        return _BEGUN
    norwegian = language in ("nb", "nn")  # the two written forms of what «no» is
    if range_.startswith((f"{language}-", "no-") if norwegian else f"{language}-"):
        return _CONTINUED
    if norwegian and range_ == "no":
        return _MACRO
    return _ANY if range_ == "*" else 0
