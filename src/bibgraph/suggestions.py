"""What a reader may have meant: the nearest of the words that would have been right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from bibgraph.messages import Message, message

MOST_LISTED = 40
MOST_NEAR = 3
NEAR_ENOUGH = 0.6


def nearest(word: str, allowed: Iterable[str], *, enough: float = NEAR_ENOUGH) -> list[str]:
    """At most three of the ``allowed`` words that look like ``word``, the likest first; case is no matter.

    enough: how alike they must be, from 0 to 1.
    """
    by_folded = {candidate.casefold(): candidate for candidate in sorted(set(allowed), reverse=True)}
    near = difflib.get_close_matches(word.casefold(), sorted(by_folded), n=MOST_NEAR, cutoff=enough)
    return [by_folded[folded] for folded in near]


def suggestion(word: str, allowed: Iterable[str]) -> Message:
    """A hint: the words that look like ``word``, and all that there are unless they are many."""
    words = sorted(set(allowed))
    listed = ", ".join(words)
    if not words:
        return message("There is none to choose from.")
    near = ", ".join(nearest(word, words))
    if near and len(words) > MOST_LISTED:
        return message("Did you mean {near}?", near=near)
    if near:
        return message("Did you mean {near}? Allowed: {allowed}.", near=near, allowed=listed)
    if len(words) > MOST_LISTED:
        return message("Allowed: {allowed} and more.", allowed=", ".join(words[:MOST_LISTED]))
    return message("Allowed: {allowed}.", allowed=listed)
