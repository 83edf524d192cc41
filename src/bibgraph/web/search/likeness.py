"""Words that are spelt nearly alike: found by the groups of three letters that they share, then compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from bibgraph.suggestions import nearest

_LIKE = 0.75
_COMPARED = 60


class Likeness:
    """Finds the likest of ``words`` without comparing with each of them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = set(words)
        self._by_group: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._words):
            for group in _groups(word):
                self._by_group[group].append(word)

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def likest(self, word: str) -> str:
        """The word that looks most like it; empty if none does enough."""
        groups = _groups(word)
        shared = Counter(other for group in groups for other in self._by_group.get(group, ()))
        # By the share of groups in common: a long word has some in common with anything.
        near = sorted(shared, key=lambda other: (-shared[other] / len(_groups(other) | groups), other))
        return next(iter(nearest(word, near[:_COMPARED], enough=_LIKE)), "")


def _groups(word: str) -> set[str]:
    """The groups of three letters in a word, its edges as spaces."""
    edged = f"  {word} "
    return {edged[place : place + 3] for place in range(len(edged) - 2)}
