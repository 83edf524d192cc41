"""SVG elements as safe markup, coloured by attributes too, so that a saved picture keeps its colours."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

INK, QUIET, RULE, PAPER = "#16202a", "#4b5661", "#ccd3d2", "#ffffff"
NAMESPACE = "http://www.w3.org/2000/svg"
CHARACTER = 7.2
"""How wide a character of a label is, about."""
_TOP, _LINE = 36, 22


@dataclass(frozen=True)
class Picture:
    """A drawing: its size in pixels, and what is in it. key: the fills by series, for those that have any."""

    width: int
    height: int
    body: Markup
    key: tuple[tuple[str, Markup], ...] = ()

    def alone(self, title: str, note: str = "", told: str = "", language: str = "") -> str:
        """The picture as a file of its own: what it shows above, the key and where it is from below.

        told: what a reader must know to read it right; it stands there in words and as the description.
        """
        keys, rows = self._keys()
        foot = _TOP + self.height + 10
        notes = [*textwrap.wrap(told, int(self.width / CHARACTER)), *([note] if note else [])]
        height = foot + (rows + len(notes)) * _LINE
        pieces = [
            element("title", [title]),
            *([element("desc", [told])] if told else []),
            element("rect", width=self.width, height=height, fill=PAPER),
            element("text", [title], x=0, y=20, font_size=17, font_weight="600", fill=INK),
            element("g", [self.body], transform=f"translate(0 {_TOP})"),
            element("g", [keys], transform=f"translate(0 {foot})"),
        ]
        first = height - 7 - (len(notes) - 1) * _LINE
        pieces += [text(0, first + place * _LINE, words, "dim") for place, words in enumerate(notes)]
        frame = element(
            "svg",
            pieces,
            xmlns=NAMESPACE,
            lang=language or None,
            role="img",
            width=self.width,
            height=height,
            viewBox=f"0 0 {self.width} {height}",
            font_family="sans-serif",
            font_size="13",
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{frame}\n'

    def _keys(self) -> tuple[Markup, int]:
        """The key to the fills, and how many lines it takes."""
        pieces, x, row = [], 0.0, 0
        for name, sign in self.key:
            width = 32 + len(name) * CHARACTER
            if x and x + width > self.width:
                x, row = 0.0, row + 1
            place = f"translate({round(x, 1)} {row * _LINE})"
            pieces.append(element("g", [sign, text(26, 13, name)], transform=place))
            x += width + 16
        return Markup("").join(pieces), row + 1 if self.key else 0


def element(name: str, content: Iterable[Markup | str] = (), /, **attributes: object) -> Markup:
    """One element; ``_`` in names of attributes stands for a hyphen, ``class_`` for class."""
    told = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-") if key != "viewBox" else key, value)
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(map(escape, content))
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), told, inner)  # noqa: S704  # names are our own


def text(x: float, y: float, words: str, class_: str = "", anchor: str | None = None) -> Markup:
    """Words at a place."""
    fill = QUIET if "dim" in class_ else INK
    return element("text", [words], x=x, y=y, class_=class_ or None, text_anchor=anchor, fill=fill)


def line(x1: float, y1: float, x2: float, y2: float, class_: str = "l") -> Markup:
    """A straight line."""
    stroke = INK if class_ == "l2" else RULE
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_, stroke=stroke)
