"""Pictures of what goes with what: a matrix of signs, and a flow from one side to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bibgraph.describe import Row, value_of
from bibgraph.web.pictures.labels import PATTERNS, ROW, Say, clip, fill, key_of, known, room
from bibgraph.web.pictures.svg import CHARACTER, INK, PAPER, Picture, element, line, text

_LABEL = 330
_HEAD = 220
_CELL = 25
_MOST_ROWS = 60
_MOST_COLUMNS = 45
_GAP = 240
_WIDEST = 430
_THICK, _THIN = 11, 5
"""Of bands: where each stands alone, and where several meet."""


def matrix(
    rows: Sequence[Row], x: str, y: str, mark: str, say: Say, signs: Mapping[str, str] | None = None
) -> Picture | None:
    """A sign where a row (``y``) goes with a column (``x``): filled, or as ``mark`` names it.

    signs: what the signs mean, by name.
    """
    rows = [row for row in rows if row[x] is not None and row[y] is not None]
    across, down = known(rows, x, say), known(rows, y, say)
    if not across or len(across) > _MOST_COLUMNS or len(down) > _MOST_ROWS:
        return None
    head = 14 + round(min(max(map(len, across)) * CHARACTER, _HEAD) * 0.72)
    left = min(_LABEL, room(down))
    width, height = left + len(across) * _CELL + round(head * 0.75), head + len(down) * _CELL + 6
    drawn = []
    for place, name in enumerate(across):
        at = left + place * _CELL + 12
        turned = f"translate({at} {head - 8}) rotate(-45)"
        drawn += [
            element("g", [text(0, 0, clip(name, _HEAD))], transform=turned),
            line(at, head, at, height),
        ]
    for place, name in enumerate(down):
        below = head + (place + 1) * _CELL
        drawn += [
            text(0, below - 8, clip(name, left)),
            line(0, below, left + len(across) * _CELL, below),
        ]
    for row in rows:
        column, place = across.index(say(row[x])), down.index(say(row[y]))
        centre = (left + column * _CELL + 12, head + place * _CELL + 12)
        drawn.append(_sign(*centre, value_of(row.get(mark)) if mark else "first"))
    key = tuple((told, _sign(10, 8, name)) for name, told in (signs or {}).items())
    return Picture(max(width, 300), height, Markup("").join(drawn), key)


def _sign(x: float, y: float, name: str) -> Markup:
    """First: a full disc. Later: a ring. Bracketed: a ring in brackets."""
    if name == "first":
        return element("circle", cx=x, cy=y, r=7, class_="f", fill=INK)
    ring = element("circle", cx=x, cy=y, r=5, class_="h", fill=PAPER, stroke=INK, stroke_width=2)
    if name != "bracketed":
        return ring
    curves = f"M{x - 7} {y - 7}q-4 7 0 14M{x + 7} {y - 7}q4 7 0 14"
    return ring + element("path", d=curves, class_="p", fill="none", stroke=INK, stroke_width=1.6)


def flow(
    rows: Sequence[Row], x: str, y: str, say: Say, series: str = "", heads: tuple[str, str] = ("", "")
) -> Picture | None:
    """What leads from the values of ``x``, on the left, to those of ``y``, on the right, by ``series``.

    heads: the variables whose values stand above those of either side that they are named with.
    """
    rows = [row for row in rows if row[x] is not None and row[y] is not None]
    left, right = (_column(rows, name, head, say) for name, head in zip((x, y), heads, strict=True))
    if not rows or max(len(left), len(right)) > _MOST_ROWS:
        return None
    pairs = [(left.index((say(row[x]), False)), right.index((say(row[y]), False))) for row in rows]
    if not any(heads):
        right, pairs = _untangled(right, pairs)
    thick = _THICK if len(pairs) <= len(left) else _THIN
    height = max(len(left), len(right)) * ROW
    down = [height / len(side) for side in (left, right)]
    near, other = (room(name for name, _ in side) for side in (left, right))
    far = near + _GAP
    drawn = [
        PATTERNS,
        *(_label(0, place * down[0], name) for place, name in enumerate(left)),
        *(_lead(near, place * down[0] + 13, name) for place, name in enumerate(left)),
        *(_label(far, place * down[1], name) for place, name in enumerate(right)),
    ]
    names = known(rows, series, say) if series else [""]
    for row, (begin, end) in zip(rows, pairs, strict=True):
        filled = fill(names, say(row[series]) if series else "")
        drawn.append(_band((near + 8, begin * down[0] + 13), (far - 8, end * down[1] + 13), thick, filled))
    return Picture(far + other, height + 4, Markup("").join(drawn), key_of(names, names))


def _untangled(
    right: Sequence[tuple[str, bool]], pairs: Sequence[tuple[int, int]]
) -> tuple[list[tuple[str, bool]], list[tuple[int, int]]]:
    """The right side in the order of the mean places that lead to it, so that fewer bands cross."""
    leading: dict[int, list[int]] = {}
    for begin, end in pairs:
        leading.setdefault(end, []).append(begin)
    order = sorted(leading, key=lambda end: (sum(leading[end]) / len(leading[end]), end))
    return [right[end] for end in order], [(begin, order.index(end)) for begin, end in pairs]


def _column(rows: Sequence[Row], name: str, head: str, say: Say) -> list[tuple[str, bool]]:
    """What stands in one column, and whether it is a heading."""
    grouped: dict[str, dict[str, None]] = {}
    for row in rows:
        grouped.setdefault(say(row[head]) if head else "", {})[say(row[name])] = None
    found: list[tuple[str, bool]] = []
    for heading, members in grouped.items():
        found += [(heading, True)] if heading else []
        found += [(member, False) for member in members if (member, False) not in found]
    return found


def _lead(near: float, y: float, name: tuple[str, bool]) -> Markup:
    """A line from a short label to its band: labels begin at the edge, where narrow windows begin to look."""
    words, heading = name
    end = len(clip(words, _WIDEST)) * CHARACTER + 8
    if heading or end > near - 12:
        return Markup("")
    return line(round(end, 1), round(y, 1), near + 4, round(y, 1))


def _label(x: float, y: float, name: tuple[str, bool]) -> Markup:
    words, heading = name
    weight = "600" if heading else None
    told = {"x": x, "y": round(y + 17, 1), "font_weight": weight}
    return element("text", [clip(words, _WIDEST)], class_="b" if heading else None, fill=INK, **told)


def _band(
    begin: tuple[float, float], end: tuple[float, float], thick: int, filled: tuple[str, str]
) -> Markup:
    """A band from one place to another, as thick at both ends."""
    (start, high), (stop, low) = ((x, round(y - thick / 2, 1)) for x, y in (begin, end))
    middle = (start + stop) / 2
    over = f"M{start} {high}C{middle} {high} {middle} {low} {stop} {low}v{thick}"
    under = f"C{middle} {low + thick} {middle} {high + thick} {start} {high + thick}Z"
    return element("path", d=over + under, class_=filled[0], fill=filled[1], stroke=INK, stroke_width=0.8)
