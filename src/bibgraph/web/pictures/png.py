"""Pictures as PNG (ISO/IEC 15948), drawn by resvg with a typeface of its own: alike on every machine.

Needs the packages of the extra ``png``; without them there are no such files, and no links to them.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from bibgraph.errors import Unavailable
from bibgraph.messages import message

MEDIA_TYPE = "image/png"
_FAMILY, _FONTS = "Source Sans Pro", "font_source_sans_pro"
_FACES = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")
_SCALE = 2
_DOTS_PER_METRE = round(_SCALE * 96 / 0.0254)
"""So that the picture is printed as large as it is shown: a pixel of CSS is 1/96 of an inch."""
_AFTER_HEADER = 8 + 25
"""The signature and the chunk IHDR, which have fixed lengths."""
_PROGRAM = Path(__file__).with_name("drawing.py")
_SECONDS = 20.0
_MOST_KEPT = 16 * 1024 * 1024


class Drawer:
    """Has another process draw, as resvg lets nothing else go on in its own; one at a time.

    What was drawn last is remembered. program: what that process runs. seconds: that a picture may take, and
    as long again until its turn comes. most: bytes of pictures that are kept.
    """

    def __init__(self, program: Path = _PROGRAM, seconds: float = _SECONDS, most: int = _MOST_KEPT) -> None:
        self._program = program
        self._seconds = seconds
        self._room = most
        self._kept: dict[bytes, bytes] = {}
        self._turn = Lock()

    def drawn(self, svg: str) -> bytes:
        """The picture on white, at twice the size in pixels.

        Raises ImportError where ``can_draw`` says no, Unavailable if it cannot be drawn, or not in time.
        """
        told = svg.encode()
        key = sha256(told).digest()
        found = self._kept.get(key)
        if found is not None:
            return found
        if not self._turn.acquire(timeout=self._seconds):
            raise Unavailable(message("The service is busy: try again later."))
        try:
            found = self._kept.get(key)
            if found is None:
                found = self._draw(told)
                self._keep(key, found)
            return found
        finally:
            self._turn.release()

    def _draw(self, svg: bytes) -> bytes:
        folder = resources.files(_FONTS) / "files"
        faces = [str(folder / face) for face in _FACES]
        command = [sys.executable, "-P", str(self._program), str(_SCALE), _FAMILY, *faces]
        try:
            done = subprocess.run(  # noqa: S603  # our own words, no shell
                command, input=svg, capture_output=True, timeout=self._seconds, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _failure(str(error)) from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise _failure(said[-1] if said else str(done.returncode))
        return done.stdout[:_AFTER_HEADER] + _resolution() + done.stdout[_AFTER_HEADER:]

    def _keep(self, key: bytes, image: bytes) -> None:
        """Remember it, and forget for it those that have been kept longest."""
        self._kept[key] = image
        self._room -= len(image)
        while self._room < 0:
            self._room += len(self._kept.pop(next(iter(self._kept))))


_DRAWER = Drawer()


@cache
def can_draw() -> bool:
    """Whether what draws and the typeface are installed."""
    return all(find_spec(name) is not None for name in ("resvg_py", _FONTS))


def drawn(svg: str) -> bytes:
    """See ``Drawer.drawn``."""
    return _DRAWER.drawn(svg)


def _failure(reason: str) -> Unavailable:
    told = Unavailable(
        message("The picture cannot be drawn just now."), hint=message("Read the table instead.")
    )
    return Unavailable(message("The picture cannot be drawn: {reason}", reason=reason)).but_outside(told)


def _resolution() -> bytes:
    """The chunk pHYs: pixels per metre, across and down."""
    content = b"pHYs" + struct.pack(">IIB", _DOTS_PER_METRE, _DOTS_PER_METRE, 1)
    return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
