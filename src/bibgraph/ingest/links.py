"""Links that stand at the end of a page, away from the rows that they belong to."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from bibgraph.ingest.manuscript import Manuscript, Piece
from bibgraph.ingest.table import Row, Table

LINK = re.compile(r"https?://[^\s\xa0]+")
LIKE = 0.4
"""A link speaks of a comment that has this part of its last words, and twice that of any other."""

_LETTERS = str.maketrans({"ø": "o", "æ": "a", "å": "a"})
_SHORT = 4


def inline(manuscript: Manuscript, pieces: list[Piece]) -> list[tuple[str, Piece]]:
    """The links that stand in the text itself."""
    found = []
    for piece in pieces:
        for link in LINK.finditer(manuscript.text, piece.start, piece.end):
            bare = link.group().rstrip(".,;)»")
            found.append((bare, Piece(link.start(), link.start() + len(bare))))
    return found


def attach(table: Table, rows: list[Row], piece: Piece) -> None:
    """Give the link at ``piece`` to the row it speaks of, out of those begun on its page.

    One that a row has already is layout; one that fits no row, or two alike, is loose.
    """
    link = table.manuscript.raw(piece)
    for row in rows:
        if link in (known for known, _ in [*row.links, *inline(table.manuscript, row.comment)]):
            table.layout.append((REPEATED, piece))
            return
    likeness = sorted(
        ((_likeness(link, table.words(row.comment)), at) for at, row in enumerate(rows)), reverse=True
    )
    best, at = likeness[0] if likeness else (0.0, 0)
    if best >= LIKE and (len(likeness) == 1 or likeness[1][0] <= best / 2):
        rows[at].links.append((link, piece))
    else:
        table.loose.append(piece)


REPEATED = "repeated link"
"""The role of the reason why a link that stands again says nothing."""


def _likeness(link: str, comment: str) -> float:
    """The part of the letters in the longer words of a link's last step that stand in a comment."""
    step = urlsplit(link).path.rstrip("/").rpartition("/")[2]
    words = [word for word in _folded(step.rpartition(".")[0] or step).split() if len(word) >= _SHORT]
    there = _folded(comment).replace(" ", "")
    letters = sum(map(len, words))
    return sum(len(word) for word in words if word in there) / letters if letters else 0.0


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return " ".join(re.findall(r"[a-z0-9]+", folded))
