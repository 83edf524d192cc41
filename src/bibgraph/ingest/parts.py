"""What readers of documents give: paragraphs and tables in their order, whatever the format was."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Cells = list[str]

BULLET = "\u2022"
"""Stands before the items of a list that has no numbers."""
MERGED = "\x1a"
"""Stands in a cell that is one with the cell above it; no document has this sign in its text."""

_SIGNS: dict[int, str | None] = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_SIGNS |= {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in range(0xFB00, 0xFB07)}
_SIGNS |= dict.fromkeys((61623, 61607, 61558), "•") | {0x2011: "-"}
"""What a text is rid of: soft hyphens and signs without width; ligatures; bullets of symbol fonts."""

MOST_ROWS = 5_000
"""A report has some thirty rows; more than this is no report."""
MOST_CELLS = 20
"""A table of more columns is none of a report."""


@dataclass(frozen=True)
class Part:
    """A paragraph, if it has no rows; else a table as rows of cells.

    Lines of a text are parted by line feeds. page: on which it begins, in a document that has pages; else 0.
    """

    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    page: int = 0


class Unreadable(Exception):
    """A document is not what its format wants, in words of its library, or ``encrypted``."""


class TooMuch(Exception):
    """A document has more than a status report has: ``found`` of ``what``, where ``most`` are allowed."""

    def __init__(self, found: int, most: int, what: str) -> None:
        super().__init__(found, most, what)
        self.found = found
        self.most = most
        self.what = what


def table(rows: Iterable[Iterable[str]], page: int = 0) -> Part:
    """A table of these rows. Raises TooMuch for one that is too long."""
    kept: list[tuple[str, ...]] = []
    for row in rows:
        if len(kept) == MOST_ROWS:
            raise TooMuch(MOST_ROWS + 1, MOST_ROWS, "rows")
        kept.append(tuple(row)[:MOST_CELLS])
    return Part(rows=tuple(kept), page=page)


def with_links(text: str, links: Iterable[str]) -> str:
    """A text with the addresses that it leads to and does not print, each in a line of its own at its end."""
    unseen = [link for link in dict.fromkeys(links) if link not in text]
    return "\n".join([text.rstrip(), *unseen]).lstrip("\n") if unseen else text


def is_address(target: str) -> bool:
    """Whether a link leads to a page of the web."""
    return target.startswith(("https://", "http://")) and not any(sign.isspace() for sign in target)


def lines_of(text: str) -> Iterator[str]:
    """The lines that are not blank, white space in them as one blank."""
    for line in clean(text).splitlines():
        if line.strip():
            yield " ".join(line.split())


def clean(text: str) -> str:
    """The text as people see it: letters composed (NFC), ligatures spelled out, nothing that has no width."""
    return unicodedata.normalize("NFC", text.translate(_SIGNS))
