"""The time line of milestones as a picture of its own, for files; pages have it as a table with bands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from bibgraph.messages import message
from bibgraph.web.http.reader import reader
from bibgraph.web.pictures.bands import Band, TimeLine
from bibgraph.web.pictures.labels import PATTERNS, ROW, WIDTH, clip
from bibgraph.web.pictures.svg import INK, Picture, element, line, text

_WHEN, _WHAT = 150, 420
_AXIS = 26
_PAST, _PROMISED = INK, "url(#stripes)"


def band_chart(lines: TimeLine, what: Callable[[Band], str], when: Callable[[Band], str]) -> Picture:
    """The bands with what happened and when; what, when: how a band is labelled."""
    left = _WHEN + _WHAT
    scale = (WIDTH - left - 4) / 100
    height = _AXIS + len(lines.bands) * ROW + 4
    drawn = [PATTERNS, *_axis(lines, left, scale, height)]
    for place, band in enumerate(lines.bands):
        top = _AXIS + place * ROW
        drawn += [
            text(0, top + 17, clip(when(band), _WHEN)),
            text(_WHEN, top + 17, clip(what(band), _WHAT)),
            _band(band, left + band.x * scale, top + 6, band.width * scale),
        ]
    if lines.asof_x is not None:
        at = round(left + lines.asof_x * scale, 1)
        drawn.append(
            element("line", x1=at, x2=at, y1=14, y2=height, class_="asof", stroke=INK, stroke_dasharray="2 3")
        )
    return Picture(WIDTH, height, Markup("").join(drawn), _key(lines.bands))


def _axis(lines: TimeLine, left: int, scale: float, height: int) -> list[Markup]:
    drawn = []
    for tick in lines.ticks:
        at = round(left + tick.x * scale, 1)
        drawn.append(line(at, 18, at, height))
        if tick.strong:
            drawn.append(text(at + 3, 13, str(tick.year), "dim"))
    return drawn


def _band(band: Band, x: float, y: float, width: float) -> Markup:
    """Solid: has happened. Striped: announced. A broken edge: a season, which has no first day, or about."""
    wide = 4.0 if band.shape == "day" else max(width, 4.0)
    return element(
        "rect",
        x=round(x - 2 if band.shape == "day" else x, 1),
        y=y,
        width=round(wide, 1),
        height=14,
        fill=_PROMISED if band.promised else _PAST if band.shape != "soft" else "#8b959d",
        stroke=INK,
        stroke_dasharray="3 3" if band.shape == "soft" else None,
    )


def _key(bands: Sequence[Band]) -> tuple[tuple[str, Markup], ...]:
    language = reader().language
    names = (
        (message("has happened"), any(not band.promised for band in bands), _PAST, None),
        (message("announced"), any(band.promised for band in bands), _PROMISED, None),
        (
            message("without sharp edges in the source"),
            any(band.shape == "soft" for band in bands),
            "none",
            "3 3",
        ),
    )
    return tuple(
        (
            name.text(language),
            element("rect", x=1, y=1, width=18, height=14, fill=fill, stroke=INK, stroke_dasharray=dashes),
        )
        for name, there, fill, dashes in names
        if there
    )
