"""Answers made smaller for the way: zstd, br or gzip, as Accept-Encoding wants (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
import zstandard

from bibgraph.web.server.reply import Reply

LEAST = 1024
"""Bytes from which packing pays."""
ACCEPT_ENCODING = "Accept-Encoding"

_LEVEL_OF_GZIP = 5
_LEVEL_OF_BROTLI = 4
_LEVEL_OF_ZSTD = 3
_SAME_AS = {"x-gzip": "gzip"}
"""Old names of codings (RFC 9110, section 8.4.1.3)."""
_TEXTUAL = ("text/", "application/", "image/svg+xml")
_PACKED = ("application/gzip", "application/zip", "application/vnd.openxmlformats")
_REMEMBERED = 256

_PACK: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=_LEVEL_OF_ZSTD).compress(body),
    "br": lambda body: bytes(brotli.compress(body, quality=_LEVEL_OF_BROTLI)),
    "gzip": lambda body: gzip.compress(body, _LEVEL_OF_GZIP, mtime=0),
}


@lru_cache(maxsize=_REMEMBERED)
def coding(accept_encoding: str) -> str:
    """The coding that a client wants most and that there is; empty for none. Ours come first among equals."""
    weights = _weights(accept_encoding)
    best = max(_PACK, key=lambda name: weights.get(name, weights.get("*", 0.0)))
    weight = weights.get(best, weights.get("*", 0.0))
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def pack(reply: Reply, accept_encoding: str) -> Reply:
    """The reply itself, its body packed if that pays and is wanted; so its tag is another one, being strong.

    Vary tells of it even where the body is not packed: it may be for another client.
    """
    pays = len(reply.body) >= LEAST or ("q=0" in accept_encoding and _refuses_plain(accept_encoding))
    if not reply.body or (reply.varies and not pays):
        return reply
    kind = reply.header("content-type")
    if not kind.startswith(_TEXTUAL) or kind.startswith(_PACKED) or reply.header("content-encoding"):
        return reply
    if not reply.varies:
        vary = reply.header("vary")
        reply.put("Vary", f"{vary}, {ACCEPT_ENCODING}" if vary else ACCEPT_ENCODING)
    wanted = coding(accept_encoding) if pays and accept_encoding else ""
    if not wanted:
        return reply
    reply.body = _PACK[wanted](reply.body)
    reply.put("Content-Encoding", wanted)
    if reply.etag:
        reply.etag = f'{reply.etag[:-1]}-{wanted}"'
    return reply


@lru_cache(maxsize=_REMEMBERED)
def _refuses_plain(accept_encoding: str) -> bool:
    """Whether the client wants no body that is not packed (RFC 9110, section 12.5.3)."""
    weights = _weights(accept_encoding)
    return weights.get("identity", weights.get("*", 1.0)) == 0.0


def _weights(accept_encoding: str) -> dict[str, float]:
    """The weight of each coding by its name."""
    weights: dict[str, float] = {}
    for member in accept_encoding.lower().split(","):
        name, *parameters = (part.strip() for part in member.split(";"))
        weights[_SAME_AS.get(name, name)] = _weight(parameters)
    return weights


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
