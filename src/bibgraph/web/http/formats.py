"""Which format is wanted: by the ending of the address, by ``?format=``, or by the Accept header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import request

from bibgraph.errors import NotAcceptable
from bibgraph.media import BY_NAME, also_asked_for, meant, negotiate, with_aliases
from bibgraph.messages import message

HTML = BY_NAME["html"].type
RDF = tuple(BY_NAME[name].type for name in ("ttl", "jsonld", "rdf", "nt", "trig"))
"""The media types of documents besides pages, the preferred first."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for: the key of it, and the format that its ending or ``?format=`` names, if any."""

    key: str
    named: str
    offered: Sequence[str]

    @property
    def fixed(self) -> bool:
        """Whether the address itself names the format."""
        return bool(self.named)

    @cached_property
    def type(self) -> str:
        """The media type, out of those offered. Raises NotAcceptable."""
        return choose(self.named, self.offered)


def wanted(key: str, offered: Sequence[str] = (HTML, *RDF)) -> Wanted:
    """What an address that ends in ``key`` asks for. An ending that names no format is part of the key."""
    stem, dot, ending = key.rpartition(".")
    if stem and dot and ending in BY_NAME and BY_NAME[ending].type in offered:
        return Wanted(stem, ending, offered)
    return Wanted(key, request.args.get("format", ""), offered)


def choose(named: str, offered: Sequence[str]) -> str:
    """``pick`` for the current request."""
    return pick(named, request.headers.get("Accept", ""), offered)


def pick(named: str, accept: str, offered: Sequence[str]) -> str:
    """The media type that ``named`` is the name of, else the one that the Accept header wants most.

    Raises NotAcceptable that names what there is.
    """
    if not named:
        # Who names the type itself has given it a weight of its own.
        known = {
            other: type_ for other, type_ in also_asked_for(offered).items() if type_ not in accept.lower()
        }
        try:
            found = negotiate(accept, (*offered, *known))
        except NotAcceptable:
            return negotiate(accept, offered)  # which tells of what there is under its own name only
        return known.get(found, found)
    for media_type in (named, *(media.type for media in meant(named))):
        if media_type in offered:
            return media_type
    names = ", ".join(name for name, media in BY_NAME.items() if media.type in offered)
    raise NotAcceptable(
        message("There is no format named {name} here.", name=named),
        hint=message("There is: {offered}.", offered=names),
        available=with_aliases(offered),
    )
