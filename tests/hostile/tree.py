"""The processes of a server, as Linux tells of them in /proc."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_LISTENS = "0A"
_BURIED_WITHIN = 30.0


class Tree:
    """A process and all that come from it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._start = self.memory()

    def members(self) -> list[int]:
        """All processes, the first one first."""
        found, to_see = [], [self.pid]
        while to_see:
            pid = to_see.pop(0)
            found.append(pid)
            to_see += _children(pid)
        return found

    def memory(self) -> int:
        """Bytes held, pages that several processes share counted once (Linux: Pss)."""
        return sum(_held(pid) for pid in self.members())

    def grown(self) -> int:
        """Bytes more than at the start."""
        return self.memory() - self._start

    def zombies(self) -> list[int]:
        """Processes that have ended and that nobody has buried for a while."""
        return [pid for pid in self.members() if _state(pid) == "Z" and _lasting(pid)]

    def descriptors(self) -> int:
        """Files and sockets that are open in the first process."""
        return len(list((_PROC / str(self.pid) / "fd").iterdir()))

    def zygote(self) -> int:
        """The process that the workers come from; 0 while there is none."""
        return next(iter(_children(self.pid)), 0)

    def workers(self) -> list[int]:
        """The processes that answer queries."""
        return _children(self.zygote())


def ended(pids: Iterable[int]) -> bool:
    """Whether all these processes have ended, buried or not."""
    return all(_state(pid) in ("", "Z") for pid in pids)


def listener_of(port: int) -> int:
    """The process that listens at a port of this machine. Raises LookupError if there is none to be seen."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        for line in (_PROC / "net" / table).read_text("ascii").splitlines()[1:]:
            parts = line.split()
            if parts[3] == _LISTENS and int(parts[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{parts[9]}]")
    for pid in sorted(int(found.name) for found in _PROC.iterdir() if found.name.isdigit()):
        with suppress(OSError):
            if any(str(link.readlink()) in inodes for link in (_PROC / str(pid) / "fd").iterdir()):
                return pid
    raise LookupError(port)


def _children(pid: int) -> list[int]:
    """The processes that come from this one."""
    found: list[int] = []
    with suppress(OSError):
        for thread in (_PROC / str(pid) / "task").iterdir():
            found += map(int, (thread / "children").read_text("ascii").split())
    return found


def _state(pid: int) -> str:
    """The letter for what a process does; empty if it is gone."""
    with suppress(OSError):
        return (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
    return ""


def _lasting(pid: int) -> bool:
    """Whether a zombie stays: between its end and its burial it must be one."""
    ends = time.monotonic() + _BURIED_WITHIN
    while _state(pid) == "Z":
        if time.monotonic() > ends:
            return True
        time.sleep(0.02)
    return False


def _held(pid: int) -> int:
    with suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
