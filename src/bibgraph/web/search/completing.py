"""Names that begin as a reader has begun to write, for suggestions while typing."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Sequence

from bibgraph.web.search.index import NAMES, Text
from bibgraph.web.search.spelling import alike

_WORD = re.compile(r"\w+")
_MOST = 8


class Completions:
    """The names among ``texts``."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self._names = [(f" {_plain(text.words)}", text) for text in texts if text.weight >= NAMES]

    def of(self, begun: str, language: str, most: int = _MOST) -> Sequence[Text]:
        """The names that fit, each thing once: those that begin so, then those with a word that does.

        language: the reader's; names in it come before others that fit as well.
        """
        sought = _plain(begun)
        if not sought:
            return []
        found = (
            (self._rank(name, f" {sought}", text, language), text)
            for name, text in self._names
            if sought in name
        )
        best: dict[str, tuple[tuple[object, ...], Text]] = {}
        for rank, text in found:
            if text.thing not in best or rank < best[text.thing][0]:
                best[text.thing] = (rank, text)
        return [text for _, text in heapq.nsmallest(most, best.values(), key=lambda found: found[0])]

    @staticmethod
    def _rank(name: str, sought: str, text: Text, language: str) -> tuple[object, ...]:
        place = 0 if name.startswith(sought) else 1 if sought in name else 2
        return place, -text.weight, text.language != language, len(name), name, text.thing


def _plain(text: str) -> str:
    return " ".join(alike(word) for word in _WORD.findall(text))
