"""Pictures of answers: bars, and spans of time. A table beside each says the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import ceil

from markupsafe import Markup

from bibgraph.describe import Row
from bibgraph.messages import message
from bibgraph.web.http.reader import reader
from bibgraph.web.pictures.labels import (
    FILLS,
    PATTERNS,
    ROW,
    WIDTH,
    Say,
    box,
    clip,
    fill,
    key_of,
    number,
    on_fill,
    room,
    shown,
    year,
)
from bibgraph.web.pictures.svg import CHARACTER, INK, PAPER, Picture, element, line, text

_MOST_ROWS = 60
_SUM = 110
_MOST_TICKS = 12


def bars(rows: Sequence[Row], x: str, y: str, series: str, say: Say) -> Picture | None:
    """One bar for each value of ``x`` (or of several, joined by +): the sum of ``y``, by ``series``."""
    sizes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        size = number(row[y])
        if size is not None:
            label = " · ".join(say(row[name]) for name in x.split("+"))
            sizes[label][say(row[series]) if series else ""] += size
    most = max((sum(parts.values()) for parts in sizes.values()), default=0.0)
    if not most or len(sizes) > _MOST_ROWS:
        return None
    names, left = _few(sizes), room(sizes)
    scale = (WIDTH - left - _SUM) / most
    drawn = [PATTERNS if len(names) > 1 else Markup()]
    for place, (label, parts) in enumerate(sizes.items()):
        drawn += [text(0, place * ROW + 17, clip(label, left)), _bar(place * ROW, left, parts, names, scale)]
    key = key_of(names, names)
    return Picture(WIDTH, len(sizes) * ROW + 4, Markup("").join(drawn), key)


def _bar(top: int, left: int, parts: Mapping[str, float], names: Sequence[str], scale: float) -> Markup:
    """The pieces of one bar, always in the same order, each with its size where there is room for it."""
    drawn, start = [], float(left)
    for name in sorted(parts, key=names.index):
        length, filled = parts[name] * scale, fill(names, name)
        drawn.append(box(start, top + 5, length, filled))
        words, class_ = shown(parts[name]), on_fill(filled[0])
        if len(parts) > 1 and class_ is not None and length > len(words) * CHARACTER + 8:
            ink = PAPER if class_ else INK
            place = {"x": round(start + length / 2, 1), "y": top + 17, "text_anchor": "middle"}
            drawn.append(element("text", [words], class_=class_ or None, fill=ink, **place))
        start += length
    return Markup("").join((*drawn, text(round(start + 8, 1), top + 17, shown(sum(parts.values())), "dim")))


def spans(rows: Sequence[Row], label: str, x: str, y: str, series: str, say: Say) -> Picture | None:
    """One span of years for each row, from ``x`` to ``y``; what has no end is drawn open."""
    dated = [(row, begin, year(row[y])) for row in rows if (begin := year(row[x])) is not None]
    if not dated or len(dated) > _MOST_ROWS:
        return None
    first = int(min(begin for _, begin, _ in dated))
    last = max(ceil(max(end if end is not None else begin for _, begin, end in dated)), first + 1)
    left = room(say(row[label]) for row, _, _ in dated)
    scale = (WIDTH - left - 40) / (last - first)
    height = len(dated) * ROW + 24
    names = list(dict.fromkeys(say(row[series]) for row, _, _ in dated)) if series else [""]
    drawn = [PATTERNS if len(names) > 1 else Markup()]
    for tick in range(first, last + 1, max(1, (last - first) // _MOST_TICKS)):
        at = round(left + (tick - first) * scale, 1)
        drawn += [line(at, 18, at, height), text(at + 3, 12, str(tick), "dim")]
    for place, (row, begin, end) in enumerate(dated):
        top, until = 24 + place * ROW, end if end is not None else begin
        filled = fill(names, say(row[series]) if series else "")
        drawn.append(text(0, top + 16, clip(say(row[label]), left)))
        drawn.append(box(left + (begin - first) * scale, top + 5, max((until - begin) * scale, 5.0), filled))
    return Picture(WIDTH, height, Markup("").join(drawn), key_of(names, names))


def _few(sizes: dict[str, dict[str, float]]) -> list[str]:
    """The names of the series, as many as there are fills: the smallest become one, in ``sizes`` too."""
    sums: dict[str, float] = defaultdict(float)
    for parts in sizes.values():
        for name, size in parts.items():
            sums[name] += size
    if len(sums) <= len(FILLS):
        return list(sums)
    kept = sorted(sums, key=lambda name: -sums[name])[: len(FILLS) - 1]
    others = message("others").text(reader().language)
    for label, parts in sizes.items():
        rest = sum(size for name, size in parts.items() if name not in kept)
        sizes[label] = {name: size for name, size in parts.items() if name in kept} | (
            {others: rest} if rest else {}
        )
    return [*kept, others]
