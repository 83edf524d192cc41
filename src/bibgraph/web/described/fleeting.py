"""Folders that go with the process: those of processes that could not remove theirs go with the next one."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "bibgraph-fleeting-"


class Fleeting:
    """A new folder among the temporary ones, and the removal of such folders that nobody has any more.

    path: where it is. A lock on it, which goes with the process however that ends, says that it is in use.
    """

    def __init__(self) -> None:
        self._held: int | None = None
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            self._held = _lock(self.path)
            if self.path.is_dir():  # else another process held it for left before it was locked
                break
            self._let_go()
        for other in self.path.parent.glob(f"{_PREFIX}*"):
            if other != self.path:
                _sweep(other)

    def remove(self) -> None:
        """Remove the folder and all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._let_go()

    def _let_go(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None


def _lock(folder: Path, *, wait: bool = True) -> int | None:
    """What holds the lock on a folder of ours; None if it cannot be had."""
    try:
        import fcntl  # noqa: PLC0415  # not on Windows
    except ImportError:
        return None
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(held).st_uid == os.geteuid():
            fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            return held
    except OSError:  # in use, or folders cannot be locked here
        pass
    os.close(held)
    return None


def _sweep(folder: Path) -> None:
    """Remove a folder that is ours, and that no process holds."""
    held = _lock(folder, wait=False)
    if held is not None:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            os.close(held)
