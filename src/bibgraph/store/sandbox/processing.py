"""The processing that another process has used so far, as the clock of POSIX for it tells."""

from __future__ import annotations

import ctypes
import time
from typing import Any


def processing(pid: int) -> float | None:
    """Seconds of processing that a process has used; None if it is gone, or the system has no such clock.

    The clock is that of ``clock_getcpuclockid`` (POSIX.1-2001): Linux has it, macOS and Windows have not.
    """
    if _CLOCK_OF is None:
        return None
    clock = ctypes.c_int()
    if _CLOCK_OF(pid, ctypes.byref(clock)):
        return None
    try:
        return time.clock_gettime(clock.value)
    except OSError:  # it ended between the two
        return None


def _clock_of() -> Any:  # noqa: ANN401  # a function of C
    return getattr(ctypes.CDLL(None), "clock_getcpuclockid", None) if hasattr(time, "clock_gettime") else None


_CLOCK_OF = _clock_of()
