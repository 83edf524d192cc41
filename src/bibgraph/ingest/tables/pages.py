"""Web pages that rows are from: their sites, and their IRIs, which follow from the address alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from bibgraph.ingest.tables.functions import slug
from bibgraph.namespaces import THINGS

_LONGEST = 80
_MARK = 6


@lru_cache(maxsize=4096)
def site_of(address: str) -> str:
    """The host of an address without www and the last label, dots as hyphens: beta-bibliotekutvikling."""
    labels = (urlsplit(address).hostname or "").removeprefix("www.").split(".")
    return slug("-".join(labels[:-1]))


def host_of(address: str) -> str:
    """The host of an address without www, as readers know it."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def page_iri(address: str, known: Mapping[str, str]) -> str:
    """The IRI of a page: that by which it is ``known``, else one made of its address."""
    return known.get(address) or THINGS["source/"] + page_key(address)


def page_key(address: str) -> str:
    """Site and path as a key. Where that leaves out something, a mark of the whole address is added."""
    parts = urlsplit(address)
    words = slug(unquote(parts.path))
    key = "-".join(filter(None, (site_of(address), words)))
    cut = key[:_LONGEST].rstrip("-") if len(key) > _LONGEST else key
    whole = cut == key and parts.scheme == "https" and not parts.query and not parts.fragment
    mark = hashlib.sha256(address.encode()).hexdigest()[:_MARK]
    return cut if whole else f"{cut}-{mark}"


def page_title(address: str) -> str:
    """What a page is called: its address without scheme and what leads nowhere, as readers write it."""
    parts = urlsplit(address)
    rest = unquote(parts.path).rstrip("/") + (f"?{parts.query}" if parts.query else "")
    return host_of(address) + rest
