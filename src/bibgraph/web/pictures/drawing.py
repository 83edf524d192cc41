"""Draws one picture, as a program of its own: ``python -P drawing.py SCALE FAMILY FACE…``.

SVG comes in on standard input, PNG goes out on standard output, what goes wrong on standard error. FAMILY is
the name of the typeface, the FACEs are its files. Nothing of bibgraph is loaded, so that it starts at once.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

_NICENESS = 10
"""Who reads pages goes first."""


def main(arguments: Sequence[str]) -> int:
    """Read the SVG and write it on white; 1 if that cannot be done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whom it serves, which ends it then
    import resvg_py  # noqa: PLC0415  # only for those who have it

    scale, family, *faces = arguments
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    try:
        image = resvg_py.svg_to_bytes(
            svg_string=sys.stdin.buffer.read().decode(),
            background="#ffffff",
            zoom=int(scale),
            skip_system_fonts=True,
            font_files=faces,
            font_family=family,
            sans_serif_family=family,
        )
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(image)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
