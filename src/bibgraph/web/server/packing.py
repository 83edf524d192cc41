"""Answers made smaller for the way: zstd, br or gzip, as Accept-Encoding wants (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
import zstandard

from bibgraph.web.server.bridge import Reply

LEAST = 1024
"""Bytes from which packing pays."""

_LEVEL_OF_GZIP = 5
_LEVEL_OF_BROTLI = 4
_LEVEL_OF_ZSTD = 3
_TEXTUAL = ("text/", "application/", "image/svg+xml")
_PACKED = ("application/gzip", "application/zip", "application/vnd.openxmlformats")
_PARTIAL = 206
_REMEMBERED = 256

_PACK: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=_LEVEL_OF_ZSTD).compress(body),
    "br": lambda body: bytes(brotli.compress(body, quality=_LEVEL_OF_BROTLI)),
    "gzip": lambda body: gzip.compress(body, _LEVEL_OF_GZIP, mtime=0),
}


@lru_cache(maxsize=_REMEMBERED)
def coding(accept_encoding: str) -> str:
    """The coding that a client wants most and that there is; empty for none. Ours come first among equals."""
    weights: dict[str, float] = {}
    for member in accept_encoding.lower().split(","):
        name, *parameters = (part.strip() for part in member.split(";"))
        weights[name] = _weight(parameters)
    best = max(_PACK, key=lambda name: weights.get(name, weights.get("*", 0.0)))
    weight = weights.get(best, weights.get("*", 0.0))
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def pack(reply: Reply, accept_encoding: str) -> None:
    """Pack the body if that pays and is wanted; the tag is another one then, as strong tags must be."""
    if len(reply.body) < LEAST or reply.status == _PARTIAL:
        return
    kind = reply.header("content-type")
    if not kind.startswith(_TEXTUAL) or kind.startswith(_PACKED) or reply.header("content-encoding"):
        return
    vary = reply.header("vary")
    reply.put("Vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding")
    wanted = coding(accept_encoding) if accept_encoding else ""
    if not wanted:
        return
    reply.body = _PACK[wanted](reply.body)
    reply.put("Content-Encoding", wanted)
    if reply.etag:
        reply.etag = f'{reply.etag[:-1]}-{wanted}"'
        reply.put("ETag", reply.etag)


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
