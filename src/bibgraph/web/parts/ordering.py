"""The order of names in Norwegian lists."""

from __future__ import annotations

import unicodedata

from bibgraph.describe import natural

# æ, ø and å stand after z, and letters of neighbouring languages with those that they are read as.
_LAST = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y", "ð": "d", "þ": "th"})


def alphabetical(name: str) -> tuple[tuple[bool, int, str], ...]:
    """A key that sorts names as Norwegians look them up: æ, ø, å last, other marks as none, 2 before 10."""
    spelt = unicodedata.normalize("NFC", name).casefold().translate(_LAST)
    bare = (letter for letter in unicodedata.normalize("NFD", spelt) if not unicodedata.combining(letter))
    return natural("".join(bare))
