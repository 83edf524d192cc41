"""Where one row's comment ends and the next row's wording begins, when no rule stands between them."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from bibgraph.ingest.manuscript import Manuscript, Piece
from bibgraph.ingest.table import Row
from bibgraph.ingest.vocabulary import Vocabulary

KNOWN = 80
"""From this likeness on (0 to 100) a text is taken for the wording of a known measure."""

_FAR = 2
"""A text that is longer than the longest wording so many times is none."""

NUMBERED = re.compile(r"(\d{1,2})\.\s*(?=[A-ZÆØÅ«])")
"""The printed number of a measure before its wording."""

ENDED = re.compile(r"(?:[.!?»)|]|https?://\S+)\s*$")
"""The end of a text that is finished: of a sentence, or a link."""


class Cutter:
    """Parts the paragraphs between two answers."""

    def __init__(self, manuscript: Manuscript, vocabulary: Vocabulary) -> None:
        self._manuscript = manuscript
        self._vocabulary = vocabulary

    def cut(self, paragraphs: list[Piece], part: str, previous: Row | None) -> int:
        """How many of the paragraphs belong to the row ``previous``; the rest is the wording of the next.

        A printed number decides; else the likeness to a measure that is known; else an opening quotation
        mark; else the end of a sentence.
        """
        if previous is None or not paragraphs:
            return 0
        raws = [self._manuscript.raw(piece) for piece in paragraphs]
        begins = [
            at for at, raw in enumerate(raws) if raw[0].isupper() or raw[0] in '«"“' or raw[0].isdigit()
        ]
        numbered = [at for at in begins if NUMBERED.match(raws[at])]
        if numbered:
            return numbered[0]
        known = self._like_known(paragraphs, begins, part)
        if known is not None:
            return known
        first = 0 if previous.comment else 1
        quoted = [at for at in begins if at >= first and raws[at][0] in '«"“']
        if quoted:
            return quoted[0]
        for at in begins:
            before = raws[at - 1] if at else self._last_words(previous)
            if at >= first and ENDED.search(before):
                return at
        return len(paragraphs) - 1

    def belongs_to_wording(self, piece: Piece, row: Row) -> bool:
        """Whether a paragraph goes on with the row's wording: the comment has ended, the wording has not."""
        wording = " ".join(self._manuscript.raw(each) for each in row.wording)
        return (
            self._manuscript.raw(piece)[:1].islower()
            and ENDED.search(self._manuscript.raw(row.comment[-1])) is not None
            and wording.count("«") > wording.count("»")
        )

    def _like_known(self, paragraphs: list[Piece], begins: list[int], part: str) -> int | None:
        scores = [(self._likeness(paragraphs[at:], part), -at) for at in begins]
        score, at = max(scores, default=(0.0, 0))
        return -at if score >= KNOWN else None

    def is_known(self, paragraphs: list[Piece], part: str) -> bool:
        """Whether the paragraphs are the wording of a measure that is known."""
        return self._likeness(paragraphs, part) >= KNOWN

    def _likeness(self, paragraphs: list[Piece], part: str) -> float:
        """Likeness to the nearest known wording, or to its beginning, since a page may end within it."""
        known = [
            wording
            for measure in self._vocabulary.measures
            if not part or measure.part == part
            for wording in measure.wordings
        ]
        if paragraphs[-1].end - paragraphs[0].start > _FAR * max(map(len, known), default=0):
            return 0.0
        text = " ".join(self._manuscript.words(piece) for piece in paragraphs)
        return max((fuzz.ratio(text, wording[: max(len(text), 60)]) for wording in known), default=0.0)

    def _last_words(self, row: Row) -> str:
        return self._manuscript.raw((row.comment or row.answer)[-1])
