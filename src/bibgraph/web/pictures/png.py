"""Pictures as PNG (ISO/IEC 15948), drawn by resvg with a typeface of its own: alike on every machine.

Needs the packages of the extra ``png``; without them there are no such files, and no links to them.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache
from importlib import resources
from importlib.util import find_spec

MEDIA_TYPE = "image/png"
_FAMILY, _FONTS = "Source Sans Pro", "font_source_sans_pro"
_FACES = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")
_SCALE = 2
_DOTS_PER_METRE = round(_SCALE * 96 / 0.0254)
"""So that the picture is printed as large as it is shown: a pixel of CSS is 1/96 of an inch."""
_AFTER_HEADER = 8 + 25
"""The signature and the chunk IHDR, which have fixed lengths."""


@cache
def can_draw() -> bool:
    """Whether what draws and the typeface are installed."""
    return all(find_spec(name) is not None for name in ("resvg_py", _FONTS))


def drawn(svg: str) -> bytes:
    """The picture on white, at twice the size in pixels. Raises ImportError where ``can_draw`` says no."""
    import resvg_py  # noqa: PLC0415  # only for those who have it

    folder = resources.files(_FONTS) / "files"
    image = bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            background="#ffffff",
            zoom=_SCALE,
            skip_system_fonts=True,
            font_files=[str(folder / face) for face in _FACES],
            font_family=_FAMILY,
            sans_serif_family=_FAMILY,
        )
    )
    return image[:_AFTER_HEADER] + _resolution() + image[_AFTER_HEADER:]


def _resolution() -> bytes:
    """The chunk pHYs: pixels per metre, across and down."""
    content = b"pHYs" + struct.pack(">IIB", _DOTS_PER_METRE, _DOTS_PER_METRE, 1)
    return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
