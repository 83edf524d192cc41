"""Workers forked from a zygote, a process that holds the data."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence

from bibgraph.errors import StoreError
from bibgraph.store.sandbox.allocator import environment
from bibgraph.store.sandbox.control import Control
from bibgraph.store.sandbox.frames import decode_error
from bibgraph.store.sandbox.processing import processing
from bibgraph.store.sandbox.workers import Ending, Nursery, Worker, lost

_PIECE = 65536
_WIDTH = 4 * _PIECE
"""Bytes that a pipe holds, where it can be told: so most answers go at once, and the worker is free."""
_INT = struct.calcsize("i")
_LOG = logging.getLogger(__name__)
_room = memoryview(bytearray(_WIDTH))
"""Where all pipes are read into, one at a time: room made for each piece would cost more than the piece."""


class _Forked(Worker):
    """A worker at the other end of two pipes: one that its answers come from, one that jobs go to.

    parent: the line to its zygote, which alone may end it: another one has no child of this number.
    The pipes are read and written without asyncio's transports, which take longer than a short query.
    """

    def __init__(
        self, pid: int, ended: Callable[[Worker], None], pipes: tuple[int, int], parent: Control
    ) -> None:
        super().__init__(pid, ended)
        for pipe in pipes:
            os.set_blocking(pipe, False)
        _widen(pipes[0])
        self.parent = parent
        self._answers, self._jobs = pipes
        self._closed = False
        self._loop.add_reader(self._answers, self._read)
        self._length = 0
        self._unsent = b""

    def _send(self, frame: bytes) -> None:
        self._length = len(frame)
        self._push(frame)

    def _push(self, frame: bytes) -> None:
        try:
            sent = os.write(self._jobs, frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.lose(begun=len(frame) < self._length)
            return
        if sent < len(frame):
            self._unsent = frame[sent:]
            self._loop.add_writer(self._jobs, self._send_rest)

    def _send_rest(self) -> None:
        self._loop.remove_writer(self._jobs)
        if not self.gone:
            self._push(self._unsent)

    def _read(self) -> None:
        try:
            size = os.readv(self._answers, (_room,))
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if size:
            self.take(_room[:size])
        else:
            begun = _unread(self._jobs) != self._length
            self.close()
            self.lose(begun=begun)

    def close(self) -> None:
        """Let go of the pipes."""
        if not self._closed:
            self._closed = True
            self._loop.remove_reader(self._answers)
            self._loop.remove_writer(self._jobs)
            os.close(self._answers)
            os.close(self._jobs)


class ForkNursery(Nursery):
    """Workers forked from a zygote: a process started by ``command``, which gets the socket's number last."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Control | None = None
        self._workers: set[_Forked] = set()
        self._opened = False
        self._used: float | None = None

    @property
    def pid(self) -> int:
        """Of the zygote; 0 while there is none."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the process, so that it loads the data while other things are made ready."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own program
                [*self._command, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                process_group=0,
                env=environment(),
            )
        self._control = Control(ours, self._works, self._kill)

    async def open(self) -> None:
        """See ``Nursery.open``."""
        if self._control is None or self._opened:
            await self.close()
            self.start()
        self._opened = True
        if self._control is None:
            raise lost()
        mark, _, said = (await self._control.ready()).partition(" ")
        if mark != "R":
            await self.close()
            raise decode_error(said.encode())
        self.version = said

    async def hatch(self, ended: Callable[[Worker], None]) -> Worker:
        """See ``Nursery.hatch``."""
        control = self._control
        if control is None:
            raise lost()
        mark, *numbers = (await control.tell("F")).split(" ")
        if mark != "F":
            raise OSError(int(numbers[0]), os.strerror(int(numbers[0])))
        pid, answers, jobs = map(int, numbers)
        worker = _Forked(pid, ended, (answers, jobs), control)
        self._workers.add(worker)
        return worker

    async def end(self, worker: Worker) -> Ending:
        """See ``Nursery.end``."""
        control = self._control
        if isinstance(worker, _Forked):
            worker.close()
            self._workers.discard(worker)
            if worker.parent is not control:
                return Ending("killed", worker.seconds)  # it has ended with its zygote
        try:
            if control is None:
                raise lost()
            _, _, cause, seconds = (await control.tell(f"E {worker.pid}")).split(" ")
        except StoreError:
            return Ending("killed", worker.seconds)  # it ends with the zygote
        return Ending(cause, float(seconds))

    async def close(self) -> None:
        """See ``Nursery.close``: when the control socket ends so does the zygote, and with it all workers."""
        control, self._control = self._control, None
        if control is not None:
            control.cut()
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(process.wait, 1.0)
            process.kill()
            await asyncio.to_thread(process.wait)
        while self._workers:
            worker = self._workers.pop()
            worker.close()
            worker.lose()

    def _works(self) -> bool:
        """Whether the zygote has had a processor since this was last asked, as far as the system tells."""
        before, self._used = self._used, processing(self.pid)
        return self._used is None or self._used != before

    def _kill(self) -> None:
        """End a zygote that says nothing any more; its workers end with it, and another one is started."""
        _LOG.error("the process that holds the data does not reply: it is started anew")
        if self._process is not None:
            self._process.kill()


def _unread(pipe: int) -> int:
    """How many bytes wait in a pipe, even if nobody is left to read them; -1 where that is not told."""
    try:
        import fcntl  # noqa: PLC0415  # not on Windows
        import termios  # noqa: PLC0415

        told = fcntl.ioctl(pipe, termios.FIONREAD, bytes(_INT))
        return int.from_bytes(told, sys.byteorder)
    except (ImportError, OSError):
        return -1


def _widen(pipe: int) -> None:
    with contextlib.suppress(ImportError, AttributeError, OSError):  # Linux has it, and bounds it
        import fcntl  # noqa: PLC0415  # not on Windows

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _WIDTH)
