"""Where requests end that came in one piece: the parser reads them, and does not tell."""

from __future__ import annotations

from bisect import bisect_left
from contextlib import suppress

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser


class _Count:
    """Counts requests that have been read whole."""

    ended = 0

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self.ended += 1


def end_of(data: bytes, requests: int) -> int:
    """After how many bytes so many requests have ended, the first of which begins ``data``."""
    return bisect_left(range(len(data)), requests, key=lambda size: _ended(data[:size]))


def _ended(data: bytes) -> int:
    count = _Count()
    parser = HttpRequestParser(count)
    parser.set_dangerous_leniencies(lenient_version=True)
    with suppress(HttpParserError, HttpParserUpgrade):
        parser.feed_data(data)
    return count.ended
