"""A request as the connection read it, whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from bibgraph.errors import BibgraphError
from bibgraph.web.server.shelf import Key

_MOST_NAMES = 500
_LONGEST_NAME = 40
_names: dict[bytes, str] = {}
"""Names of headers as they were written, and in lower case: nearly all requests write the same few."""


class Headers:
    """The headers of a request, by their names in lower case. Values are Latin-1, as WSGI has them.

    What is given in several lines is one list to whoever asks for it (RFC 9110, section 5.3).
    """

    __slots__ = ("_all", "_lines", "get", "keys")

    def __init__(self) -> None:
        self._all: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}
        self.get = self._all.get
        self.keys = self._all.keys

    def add(self, name: bytes, value: bytes) -> None:
        """Take in one more, as it was read."""
        known = _names.get(name) or _in_lower_case(name)
        text = value.strip(b" \t").decode("latin-1")
        if known in self._all:
            self._lines.setdefault(known, [self._all[known]]).append(text)
            text = f"{self._all[known]}, {text}"
        self._all[known] = text

    def put(self, name: str, value: bytes) -> None:
        """Set the one value of a name in lower case."""
        self._all[name] = value.decode("latin-1")
        self._lines.pop(name, None)

    def drop(self, name: str) -> None:
        """Forget all values of a name in lower case."""
        self._all.pop(name, None)
        self._lines.pop(name, None)

    def get_all(self, name: str) -> list[str]:
        """Every value given for a name, in order."""
        whole = self.get(name)
        return [] if whole is None else self._lines.get(name, [whole])


def _in_lower_case(name: bytes) -> str:
    text = name.decode("latin-1").lower()
    if len(_names) < _MOST_NAMES and len(name) <= _LONGEST_NAME:
        _names[name] = text
    return text


@dataclass(slots=True, eq=False)
class Request:
    """One request.

    path: without percent-encoding; empty if it could not be read. query_string: as it was sent. peer: the
    address at the other end of the connection. server: host and port of ours. client: whom limits are kept
    by, once that is known (``clients``). fault: why it cannot be answered as asked, if that shows while it
    is read; what has been read by then stands here. kept: whether the connection goes on after it. key: what
    its reply depends on, once that is known; empty if the reply cannot be kept.
    """

    peer: str
    server: tuple[str, str]
    client: str = ""
    method: str = "GET"
    path: str = ""
    query_string: str = ""
    http_version: str = "1.1"
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    fault: BibgraphError | None = None
    kept: bool = True
    key: Key | None = None
