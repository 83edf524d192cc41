"""A diagram of classes as SVG: boxes, and arrows with the names of properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from bibgraph.web.pictures.layers import Edge, arrange

_BOX_WIDTH, _BOX_HEIGHT = 168, 30
_COLUMN, _ROW = 316, 46
_MARGIN = 8
_NEAR_START, _NEAR_END = (0.4, 0.5, 0.3, 0.6, 0.2, 0.7), (0.62, 0.7, 0.5, 0.8, 0.4, 0.3)
"""Where the words may stand on an arrow that shares its end or its start, the best place first."""
_LETTER, _LETTERS_HIGH = 6, 14
_LONGEST_ROW = 24
"""So many letters have room between two columns."""
_LONGEST = 25

_BOX = Markup(
    '<a href="{href}"><rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}"/>'
    '<text x="{middle}" y="{base}" class="t">{label}</text></a>'
)
_LINE = Markup('<path d="{way}" marker-end="url(#arrow)"/>')
_WORDS = Markup('<text x="{x}" y="{y}" class="l">{lines}</text>')
_ROW_OF_WORDS = Markup('<tspan x="{x}" dy="{dy}">{words}</tspan>')
_WHOLE = Markup(
    '<svg class="diagram" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="group"'
    ' aria-labelledby="diagram-title diagram-desc">'
    '<title id="diagram-title">{title}</title><desc id="diagram-desc">{description}</desc>'
    '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8"'
    ' orient="auto"><path d="M0 0 10 5 0 10z"/></marker></defs>{pieces}</svg>'
)


_Area = tuple[float, float, float, float]
"""Left, top, width, height."""


@dataclass(frozen=True)
class Box:
    """A class: its name, where a click leads, and whether it is one of our own."""

    label: str
    href: str
    own: bool


def draw(
    boxes: Mapping[str, Box], edges: Mapping[Edge, Sequence[str]], title: str, description: str
) -> Markup:
    """The diagram: boxes by IRI, and the names on the arrow from one to another; unstyled, for a page."""
    layout = arrange(list(boxes), edges)
    starts, ends = Counter(start for start, _ in edges), Counter(end for _, end in edges)
    lines, words, shapes = Markup(), Markup(), Markup()
    taken: list[_Area] = [(*_corner(place), _BOX_WIDTH, _BOX_HEIGHT) for place in layout.places.values()]
    for edge, names in edges.items():
        route = layout.routes.get(edge)
        if not route:
            continue
        points = _points(route)
        lines += _LINE.format(way=_curve(points))
        parts = _NEAR_END if starts[edge[0]] > ends[edge[1]] else _NEAR_START
        rows = _rows(names)
        size = (max(map(len, rows)) * _LETTER, len(rows) * _LETTERS_HIGH)
        x, y = _free([_along(points[0], points[1], part) for part in parts], size, taken)
        told = (
            _ROW_OF_WORDS.format(x=_round(x), dy=_LETTERS_HIGH if n else 0, words=row)
            for n, row in enumerate(rows)
        )
        top = y - 3 - (len(rows) - 1) * _LETTERS_HIGH
        words += _WORDS.format(x=_round(x), y=_round(top), lines=Markup().join(told))
    for iri, box in boxes.items():
        shapes += _box(box, *_corner(layout.places[iri]))
    width = (layout.columns - 1) * _COLUMN + _BOX_WIDTH + 2 * _MARGIN
    height = (layout.rows - 1) * _ROW + _BOX_HEIGHT + 2 * _MARGIN
    return _WHOLE.format(
        width=width,
        height=_round(height),
        title=title,
        description=description,
        pieces=lines + words + shapes,
    )


def _rows(names: Sequence[str]) -> list[str]:
    """Names after one another, in rows that have room."""
    rows = [""]
    for place, name in enumerate(names):
        piece = name if place == len(names) - 1 else f"{name}, "
        if rows[-1] and len(rows[-1] + piece) > _LONGEST_ROW:
            rows.append("")
        rows[-1] += piece
    return rows


def _free(
    places: Sequence[tuple[float, float]], size: tuple[float, float], taken: list[_Area]
) -> tuple[float, float]:
    """The first place where words of that size cover nothing, else where least; it is taken then."""
    areas = [(x - size[0] / 2, y - size[1], *size) for x, y in places]
    covered = [sum(_shared(area, other) for other in taken) for area in areas]
    chosen = covered.index(min(covered))
    taken.append(areas[chosen])
    return places[chosen]


def _shared(one: _Area, other: _Area) -> float:
    """How much two areas have in common."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(across, 0.0) * max(down, 0.0)


def _corner(place: tuple[int, float]) -> tuple[float, float]:
    return _MARGIN + place[0] * _COLUMN, _MARGIN + place[1] * _ROW


def _box(box: Box, x: float, y: float) -> Markup:
    return _BOX.format(
        href=box.href,
        kind="own" if box.own else "other",
        x=_round(x),
        y=_round(y),
        width=_BOX_WIDTH,
        height=_BOX_HEIGHT,
        middle=_round(x + _BOX_WIDTH / 2),
        base=_round(y + _BOX_HEIGHT / 2 + 5),
        label=box.label if len(box.label) <= _LONGEST else box.label[: _LONGEST - 1] + "…",
    )


def _points(route: Sequence[tuple[int, float]]) -> list[tuple[float, float]]:
    """From the edge of the first box to that of the last, passing between the boxes of columns between."""
    forward = route[0][0] < route[-1][0]
    found: list[tuple[float, float]] = []
    for number, place in enumerate(route):
        x, y = _corner(place)
        left, right = (x, y + _BOX_HEIGHT / 2), (x + _BOX_WIDTH, y + _BOX_HEIGHT / 2)
        first, second = (left, right) if forward else (right, left)
        if number:
            found.append(first)
        if number < len(route) - 1:
            found.append(second)
    return found


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """A smooth way through the points, level at each."""
    (x, y), *_ = points
    way = [f"M{_round(x)} {_round(y)}"]
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = _round((x1 + x2) / 2)
        way.append(f"C{middle} {_round(y1)} {middle} {_round(y2)} {_round(x2)} {_round(y2)}")
    return "".join(way)


def _along(start: tuple[float, float], end: tuple[float, float], part: float) -> tuple[float, float]:
    """A point of the curve from one to the other."""
    (x1, y1), (x2, y2) = start, end
    rest = 1 - part
    x = x1 * rest**3 + 1.5 * (x1 + x2) * part * rest + x2 * part**3
    return x, y1 + (y2 - y1) * part**2 * (3 - 2 * part)


def _round(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
