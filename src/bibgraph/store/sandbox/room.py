"""Room in memory for large answers, given back when they have been sent."""

from __future__ import annotations

import ctypes
import sys

_THRESHOLD = -3
_LARGE = 256 * 1024
"""Bytes of a piece whose room is given back."""


def give_back_room() -> None:
    """Have the room of what is large given back to the system as soon as it is not needed any more.

    The C library of Linux raises by itself the size from which it does so (M_MMAP_THRESHOLD in mallopt(3)),
    and after many large pages keeps some hundred megabytes. Elsewhere nothing is done.
    """
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_THRESHOLD, _LARGE)
