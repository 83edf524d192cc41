"""Pictures of answers: bars, spans of time, and who goes with what. A table beside each says the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from bibgraph.describe import Row, Term, natural, value_of
from bibgraph.messages import message
from bibgraph.web.http.reader import reader
from bibgraph.web.pictures.svg import INK, PAPER, Picture, element, line, text

Say = Callable[[Term | None], str]
"""What a value is called for the reader."""

_WIDTH = 1100
_LABEL = 330
_HEAD = 220
_ROW = 26
_CELL = 25
_CHARACTER = 7.2
_MOST_ROWS = 60
_MOST_COLUMNS = 45
_FILLS = (
    ("s1", INK),
    ("s2", "#59636d"),
    ("s3", "#ccd3d2"),
    ("s4", PAPER),
    ("s5", "#8f9aa3"),
    ("s6", "#e4e8e7"),
)
"""Fills of series by the style sheet's class, told apart without colours."""


def bars(rows: Sequence[Row], x: str, y: str, series: str, say: Say) -> Picture | None:
    """One bar for each value of ``x`` (or of several, joined by +): the sum of ``y``, by ``series``."""
    sizes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        number = _number(row[y])
        if number is not None:
            label = " · ".join(say(row[name]) for name in x.split("+"))
            sizes[label][say(row[series]) if series else ""] += number
    most = max((sum(parts.values()) for parts in sizes.values()), default=0.0)
    if not most or len(sizes) > _MOST_ROWS:
        return None
    names = _few(sizes)
    drawn: list[Markup] = []
    for place, (label, parts) in enumerate(sizes.items()):
        top, start = place * _ROW, float(_LABEL)
        drawn.append(text(0, top + 17, _clip(label, _LABEL)))
        for name, size in parts.items():
            length = size / most * (_WIDTH - _LABEL - 110)
            drawn.append(_box(start, top + 5, length, _fill(names, name)))
            start += length
        drawn.append(text(start + 8, top + 17, _shown(sum(parts.values())), "dim"))
    key = tuple((name, _box(1, 1, 18, _fill(names, name))) for name in names if name)
    return Picture(_WIDTH, len(sizes) * _ROW + 4, Markup("").join(drawn), key)


def spans(rows: Sequence[Row], label: str, x: str, y: str, series: str, say: Say) -> Picture | None:
    """One span of years for each row, from ``x`` to ``y``; what has no end is drawn open."""
    dated = [(row, begin, _year(row[y])) for row in rows if (begin := _year(row[x])) is not None]
    if not dated or len(dated) > _MOST_ROWS:
        return None
    first = int(min(begin for _, begin, _ in dated))
    last = int(max(end if end is not None else begin for _, begin, end in dated)) + 1
    scale = (_WIDTH - _LABEL - 20) / (last - first)
    step = max(1, (last - first) // 12)
    drawn: list[Markup] = []
    height = len(dated) * _ROW + 24
    for year in range(first, last + 1, step):
        at = round(_LABEL + (year - first) * scale, 1)
        drawn += [line(at, 18, at, height), text(at + 3, 12, str(year), "dim")]
    names = list(dict.fromkeys(say(row[series]) for row, _, _ in dated)) if series else [""]
    for place, (row, begin, end) in enumerate(dated):
        top = 24 + place * _ROW
        until = end if end is not None else begin
        width = max((until - begin) * scale, 5.0) if until != begin else 5.0
        fill = _fill(names, say(row[series]) if series else "")
        drawn.append(text(0, top + 16, _clip(say(row[label]), _LABEL)))
        drawn.append(_box(_LABEL + (begin - first) * scale, top + 5, width, fill))
    key = tuple((name, _box(1, 1, 18, _fill(names, name))) for name in names if name)
    return Picture(_WIDTH, height, Markup("").join(drawn), key)


def matrix(rows: Sequence[Row], x: str, y: str, mark: str, say: Say) -> Picture | None:
    """A sign where a row (``y``) goes with a column (``x``): filled, or as ``mark`` names it."""
    rows = [row for row in rows if row[x] is not None and row[y] is not None]
    across = _known(rows, x, say)
    down = _known(rows, y, say)
    if not across or len(across) > _MOST_COLUMNS or len(down) > _MOST_ROWS:
        return None
    head = 14 + round(min(max(map(len, across)) * _CHARACTER, _HEAD) * 0.72)
    left = min(_LABEL, 14 + round(max(map(len, down)) * _CHARACTER))
    width, height = left + len(across) * _CELL + round(head * 0.75), head + len(down) * _CELL + 6
    drawn = []
    for place, name in enumerate(across):
        at = left + place * _CELL + 12
        turned = element(
            "g", [text(0, 0, _clip(name, _HEAD))], transform=f"translate({at} {head - 8}) rotate(-45)"
        )
        drawn += [turned, line(at, head, at, height)]
    for place, name in enumerate(down):
        drawn.append(text(0, head + place * _CELL + 17, _clip(name, left)))
        drawn.append(
            line(0, head + (place + 1) * _CELL, left + len(across) * _CELL, head + (place + 1) * _CELL)
        )
    for row in rows:
        column, number = across.index(say(row[x])), down.index(say(row[y]))
        centre = (left + column * _CELL + 12, head + number * _CELL + 12)
        drawn.append(_sign(*centre, value_of(row.get(mark)) if mark else "first"))
    return Picture(max(width, 300), height, Markup("").join(drawn))


def _few(sizes: dict[str, dict[str, float]]) -> list[str]:
    """The names of the series, as many as there are fills: the smallest become one, in ``sizes`` too."""
    sums: dict[str, float] = defaultdict(float)
    for parts in sizes.values():
        for name, size in parts.items():
            sums[name] += size
    if len(sums) <= len(_FILLS):
        return list(sums)
    kept = sorted(sums, key=lambda name: -sums[name])[: len(_FILLS) - 1]
    others = message("others").text(reader().language)
    for label, parts in sizes.items():
        rest = sum(size for name, size in parts.items() if name not in kept)
        sizes[label] = {name: size for name, size in parts.items() if name in kept} | (
            {others: rest} if rest else {}
        )
    return [*kept, others]


def _sign(x: float, y: float, name: str) -> Markup:
    """First: a full disc. Later: a ring. Bracketed: a ring in brackets."""
    if name == "first":
        return element("circle", cx=x, cy=y, r=7, class_="f", fill=INK)
    ring = element("circle", cx=x, cy=y, r=5, class_="h", fill=PAPER, stroke=INK, stroke_width=2)
    if name != "bracketed":
        return ring
    curves = f"M{x - 7} {y - 7}q-4 7 0 14M{x + 7} {y - 7}q4 7 0 14"
    return ring + element("path", d=curves, class_="p", fill="none", stroke=INK, stroke_width=1.6)


def flow(rows: Sequence[Row], x: str, y: str, say: Say) -> Picture | None:
    """What leads from the values of ``x``, on the left, to those of ``y``, on the right."""
    rows = [row for row in rows if row[x] is not None and row[y] is not None]
    left, right = _known(rows, x, say), _known(rows, y, say)
    if not rows or max(len(left), len(right)) > _MOST_ROWS:
        return None
    column, gap = 430, _WIDTH - 2 * 430
    drawn = [
        text(column, place * _ROW + 17, _clip(name, column), "", "end") for place, name in enumerate(left)
    ]
    drawn += [text(column + gap, place * _ROW + 17, _clip(name, column)) for place, name in enumerate(right)]
    for row in rows:
        begin = left.index(say(row[x])) * _ROW + 13
        end = right.index(say(row[y])) * _ROW + 13
        middle = column + gap / 2
        curve = f"M{column + 8} {begin}C{middle} {begin} {middle} {end} {column + gap - 8} {end}"
        drawn.append(element("path", d=curve, class_="p", fill="none", stroke=INK, stroke_width=1.6))
    return Picture(_WIDTH, max(len(left), len(right)) * _ROW + 4, Markup("").join(drawn))


def _known(rows: Iterable[Row], name: str, say: Say) -> list[str]:
    return list(dict.fromkeys(say(row[name]) for row in rows))


def _box(x: float, y: float, width: float, fill: tuple[str, str]) -> Markup:
    return element(
        "rect",
        x=round(x, 1),
        y=y,
        width=round(max(width, 0.5), 1),
        height=15,
        class_=fill[0],
        fill=fill[1],
        stroke=INK,
    )


def _fill(names: Sequence[str], name: str) -> tuple[str, str]:
    return _FILLS[names.index(name) % len(_FILLS)]


def _clip(words: str, width: int) -> str:
    most = int(width / _CHARACTER) - 1
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _number(term: Term | None) -> float | None:
    try:
        return float(value_of(term))
    except ValueError:
        return None


def _year(term: Term | None) -> float | None:
    """A year, or the place of a day in its year."""
    pieces = natural(value_of(term))
    numbers = [number for is_word, number, _ in pieces if not is_word]
    if not numbers:
        return None
    months = numbers[1] - 1 if len(numbers) > 1 else 0
    days = numbers[2] - 1 if len(numbers) > 2 else 0  # noqa: PLR2004  # year, month, day
    return numbers[0] + months / 12 + days / 365


def _shown(size: float) -> str:
    return f"{size:,.0f}".replace(",", "\u202f")
