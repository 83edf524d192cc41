"""Nynorsk and bokmål as one: words as they are compared, by the pairs in ``spelling.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_OTHER_LANGUAGES = ("en",)
REMEMBERED = 10_000
LONGEST_REMEMBERED = 40
"""Letters of a word that is remembered: what a stranger looks for may be as long as an address."""


def alike(word: str, language: str = "") -> str:
    """The word in small letters, spelt as both forms of Norwegian are compared; English stays as it is."""
    folded = word.casefold()
    if language in _OTHER_LANGUAGES:
        return folded
    return (_spelt if len(folded) > LONGEST_REMEMBERED else _remembered)(folded)


def kept(word: str) -> str:
    """The word without its ending, if the rest ends in what Snowball would take for one; else empty."""
    found = _stems().fullmatch(word)
    return found[1] if found else ""


@cache
def _stems() -> re.Pattern[str]:
    stems, endings = (_read()["stems"][name] for name in ("last", "endings"))
    return re.compile(rf"(\w*(?:{'|'.join(stems)}))(?:{'|'.join(endings)})?")


def _spelt(word: str) -> str:
    words, parts, pattern = _pairs()
    return words.get(word) or pattern.sub(lambda found: parts[found[0]], word)


_remembered = lru_cache(maxsize=REMEMBERED)(_spelt)


@cache
def _read() -> Mapping[str, Any]:
    found: Mapping[str, Any] = tomllib.loads(
        (resources.files(__package__) / "spelling.toml").read_text("utf-8")
    )
    return found


@cache
def _pairs() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    """Whole words, parts of words, and what finds the parts, the longest before others."""
    words, parts = _read()["words"], _read()["parts"]
    found = "|".join(map(re.escape, sorted(parts, key=len, reverse=True)))
    return words, parts, re.compile(found)
