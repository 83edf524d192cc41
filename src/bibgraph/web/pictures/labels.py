"""What pictures share: fills that can be told apart without colours, labels and their widths, numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import MAXYEAR

from markupsafe import Markup

from bibgraph.describe import Row, Term, natural, value_of
from bibgraph.web.pictures.svg import CHARACTER, INK, PAPER, RULE, element

Say = Callable[[Term | None], str]
"""What a value is called for the reader."""


class Spoken(str):
    """What something is called, with the language that it is in."""

    language: str

    def __new__(cls, text: str, language: str) -> Spoken:
        """The words, which can be used as any others."""
        made = super().__new__(cls, text)
        made.language = language
        return made


WIDTH = 1100
ROW = 26
_WIDEST = 430
_NARROWEST = 60
_DARK, _STRIPES, _DOTS = "#59636d", "url(#stripes)", "url(#dots)"
FILLS = (("s1", INK), ("s2", _DARK), ("s3", RULE), ("s4", PAPER), ("s5", _STRIPES), ("s6", _DOTS))
"""Fills of series by the style sheet's class; the last two are patterns, which ``PATTERNS`` holds."""
_INKS = {"s1": "i", "s2": "i", "s3": "", "s4": ""}
"""The classes of words on the fills that bear words."""


def _pattern(name: str, content: Markup) -> Markup:
    paper = element("rect", width=6, height=6, class_="s4", fill=PAPER, stroke="none")
    return element("pattern", [paper, content], id=name, width=6, height=6, patternUnits="userSpaceOnUse")


PATTERNS = element(
    "defs",
    [
        _pattern("stripes", element("path", d="M0 6 6 0M-1 1 1 -1M5 7 7 5", stroke=INK, class_="p")),
        _pattern("dots", element("circle", cx=3, cy=3, r=1.1, fill=INK, class_="f")),
    ],
)


def fill(names: Sequence[str], name: str) -> tuple[str, str]:
    """The class and the fill of a series."""
    return FILLS[names.index(name) % len(FILLS)]


def on_fill(class_: str) -> str | None:
    """The class of words on a fill; None where words could not be read."""
    return _INKS.get(class_)


def box(x: float, y: float, width: float, filled: tuple[str, str]) -> Markup:
    """A piece of a bar, or a sample of its fill."""
    return element(
        "rect",
        x=round(x, 1),
        y=y,
        width=round(max(width, 0.5), 1),
        height=15,
        class_=filled[0],
        fill=filled[1],
        stroke=INK,
    )


def key_of(names: Iterable[str], fills: Sequence[str]) -> tuple[tuple[str, Markup], ...]:
    """The key to the fills of these series."""
    return tuple((name, box(1, 1, 18, fill(fills, name))) for name in names if name)


def room(names: Iterable[str]) -> int:
    """How wide a column of labels is that holds these."""
    longest = max(map(len, names), default=0)
    return max(_NARROWEST, min(_WIDEST, 14 + round(longest * CHARACTER)))


def clip(words: str, width: int) -> str:
    """As much of a label as that width holds."""
    most = int(width / CHARACTER) - 1
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def known(rows: Iterable[Row], name: str, say: Say) -> list[str]:
    """What the values of a variable are called, each once."""
    return list(dict.fromkeys(say(row[name]) for row in rows))


def number(term: Term | None) -> float | None:
    """The number that a value is; None if it is none."""
    try:
        return float(value_of(term))
    except ValueError:
        return None


def year(term: Term | None) -> float | None:
    """A year, or the place of a day in its year; None for neither, and for years after 9999."""
    pieces = natural(value_of(term))
    numbers = [found for is_word, found, _ in pieces if not is_word]
    if not numbers or max(numbers) > MAXYEAR:
        return None
    months = numbers[1] - 1 if len(numbers) > 1 else 0
    days = numbers[2] - 1 if len(numbers) > 2 else 0  # noqa: PLR2004  # year, month, day
    return numbers[0] + months / 12 + days / 365


def shown(size: float) -> str:
    """A sum with its thousands parted by narrow spaces."""
    return f"{size:,.0f}".replace(",", "\u202f")
