"""How long a worker goes on before another process has its turn, where the system lets that be said.

A query that answers in a few milliseconds is best answered in one go: each change of process costs it what
the processor had at hand of it. And the first process, whose turns stay short, then comes before workers
whenever it has something to do (``sched(7)``; Linux 6.12 and later, EEVDF).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

SLICE = 6_000_000
"""Nanoseconds: some times what the system gives, and what nearly all queries end in."""
SET = {"x86_64": 314, "aarch64": 274, "riscv64": 274}
"""The number of ``sched_setattr`` for each kind of processor: the C library has no function for it."""
ATTRIBUTES = struct.Struct("IIQiIQQQII")
"""Of ``struct sched_attr``: size, policy, flags, nice, priority, runtime, deadline, period, two bounds."""
_KEEP_POLICY = 0x08


def take_long_slices() -> bool:
    """Let this process go on for ``SLICE`` at a time. Returns whether the system took that.

    One that knows of no slices takes it as well, and does as before.
    """
    number = SET.get(platform.machine())
    if number is None or platform.system() != "Linux":
        return False
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    said = ATTRIBUTES.pack(ATTRIBUTES.size, 0, _KEEP_POLICY, nice, 0, SLICE, 0, 0, 0, 0)
    told = ctypes.create_string_buffer(said, ATTRIBUTES.size)
    return bool(ctypes.CDLL(None).syscall(ctypes.c_long(number), 0, told, 0) == 0)
