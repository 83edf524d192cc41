"""Nynorsk and bokmål as one: words as they are compared, by the pairs in ``spelling.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

_OTHER_LANGUAGES = ("en",)
_REMEMBERED = 50_000


def alike(word: str, language: str = "") -> str:
    """The word in small letters, spelt as both forms of Norwegian are compared; English stays as it is."""
    folded = word.casefold()
    return folded if language in _OTHER_LANGUAGES else _spelt(folded)


@lru_cache(maxsize=_REMEMBERED)
def _spelt(word: str) -> str:
    words, parts, pattern = _pairs()
    return words.get(word) or pattern.sub(lambda found: parts[found[0]], word)


@cache
def _pairs() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    """Whole words, parts of words, and what finds the parts, the longest before others."""
    read = tomllib.loads((resources.files(__package__) / "spelling.toml").read_text("utf-8"))
    words, parts = read["words"], read["parts"]
    found = "|".join(map(re.escape, sorted(parts, key=len, reverse=True)))
    return words, parts, re.compile(found)
