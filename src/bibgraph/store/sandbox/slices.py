"""When a process has its turn, and how long it goes on, where the system lets that be said (``sched(7)``).

A query that answers in a few milliseconds is best answered in one go: each change of process costs it what
the processor had at hand of it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from contextlib import suppress

SLICE = 6_000_000
"""Nanoseconds: some times what the system gives, and what nearly all queries end in."""
SET = {"x86_64": 314, "aarch64": 274, "riscv64": 274}
"""The number of ``sched_setattr`` for each kind of processor: the C library has no function for it."""
ATTRIBUTES = struct.Struct("IIQiIQQQII")
"""Of ``struct sched_attr``: size, policy, flags, nice, priority, runtime, deadline, period, two bounds."""
_KEEP_POLICY = 0x08


def take_long_slices() -> bool:
    """Let this process go on for ``SLICE`` at a time. Returns whether the system took that.

    The first process, whose turns stay short, then comes before workers whenever it has something to do
    (Linux 6.12 and later, EEVDF). A system that knows of no slices takes it as well, and does as before.
    """
    number = SET.get(platform.machine())
    if number is None or platform.system() != "Linux":
        return False
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    said = ATTRIBUTES.pack(ATTRIBUTES.size, 0, _KEEP_POLICY, nice, 0, SLICE, 0, 0, 0, 0)
    told = ctypes.create_string_buffer(said, ATTRIBUTES.size)
    return bool(ctypes.CDLL(None).syscall(ctypes.c_long(number), 0, told, 0) == 0)


def run_in_batches() -> None:
    """Let this process, and those it starts, not take a processor from one another as soon as they are woken.

    A query passes from this process to a worker and back; without it each handover would break off what runs
    there, which may be the one who hands over (Linux: SCHED_BATCH).
    """
    _change("SCHED_OTHER", "SCHED_BATCH")


def come_at_once() -> bool:
    """Let this process not run in batches any more. Returns whether it had."""
    return _change("SCHED_BATCH", "SCHED_OTHER")


def _change(before: str, after: str) -> bool:
    with suppress(AttributeError, OSError):  # another system, or a sandbox that does not allow it
        if os.sched_getscheduler(0) == getattr(os, before):
            os.sched_setscheduler(0, getattr(os, after), os.sched_param(0))
            return True
    return False
