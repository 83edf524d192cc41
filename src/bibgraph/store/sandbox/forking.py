"""Workers forked from a zygote, a process that holds the data."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Callable, Sequence

from bibgraph.errors import StoreError
from bibgraph.store.sandbox.frames import decode_error
from bibgraph.store.sandbox.workers import Ending, Nursery, Worker, lost

_PIECE = 65536
_WIDTH = 4 * _PIECE
"""Bytes that a pipe holds, where it can be told: so most answers go at once, and the worker is free."""
_MOST_PIPES = 128
_FORKED = "F "
_TUNABLES = "glibc.malloc.tcache_count=127"
"""A query takes and gives back many small pieces of memory: to keep more of them at hand saves a sixth."""
_room = memoryview(bytearray(_WIDTH))
"""Where all pipes are read into, one at a time: room made for each piece would cost more than the piece."""


class _Forked(Worker):
    """A worker at the other end of two pipes: one that its answers come from, one that jobs go to.

    parent: the control socket of its zygote, which alone may end it: another one has no child of this number.
    The pipes are read and written without asyncio's transports, which take longer than a short query.
    """

    def __init__(
        self, pid: int, ended: Callable[[Worker], None], pipes: tuple[int, int], parent: socket.socket
    ) -> None:
        super().__init__(pid, ended)
        for pipe in pipes:
            os.set_blocking(pipe, False)
        _widen(pipes[0])
        self.parent = parent
        self._answers, self._jobs = pipes
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._answers, self._read)
        self._unsent = b""

    def _send(self, frame: bytes) -> None:
        try:
            sent = os.write(self._jobs, frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.lose()
            return
        if sent < len(frame):
            self._unsent = frame[sent:]
            self._loop.add_writer(self._jobs, self._send_rest)

    def _send_rest(self) -> None:
        self._loop.remove_writer(self._jobs)
        if not self.gone:
            self._send(self._unsent)

    def _read(self) -> None:
        try:
            size = os.readv(self._answers, (_room,))
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if size:
            self.take(bytes(_room[:size]))
        else:
            self.close()
            self.lose()

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
        self._control: socket.socket | None = None
        self._replies: deque[Future[str]] = deque()
        self._pipes: deque[int] = deque()
        self._workers: set[_Forked] = set()
        self._held = b""
        self._opened = False

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
                env={"GLIBC_TUNABLES": _TUNABLES, **os.environ},
            )
        ours.setblocking(False)  # noqa: FBT003  # as sockets have it
        self._control = ours

    async def open(self) -> None:
        """See ``Nursery.open``."""
        if self._control is None or self._opened:
            await self.close()
            self.start()
        self._opened = True
        loop = asyncio.get_running_loop()
        ready: Future[str] = loop.create_future()
        self._replies.append(ready)
        if self._control is not None:
            loop.add_reader(self._control.fileno(), self._read, loop)
        mark, _, said = (await ready).partition(" ")
        if mark != "R":
            await self.close()
            raise decode_error(said.encode())
        self.version = said

    async def hatch(self, ended: Callable[[Worker], None]) -> Worker:
        """See ``Nursery.hatch``."""
        control = self._control
        if control is None:
            raise lost()
        pid, answers, jobs = (int(number) for number in (await self._tell("F")).split(" ")[1:])
        worker = _Forked(pid, ended, (answers, jobs), control)
        self._workers.add(worker)
        return worker

    async def end(self, worker: Worker) -> Ending:
        """See ``Nursery.end``."""
        if isinstance(worker, _Forked):
            worker.close()
            self._workers.discard(worker)
            if worker.parent is not self._control:
                return Ending("killed", worker.seconds)  # it has ended with its zygote
        try:
            _, _, cause, seconds = (await self._tell(f"E {worker.pid}")).split(" ")
        except StoreError:
            return Ending("killed", worker.seconds)  # it ends with the zygote
        return Ending(cause, float(seconds))

    async def close(self) -> None:
        """See ``Nursery.close``: when the control socket ends so does the zygote, and with it all workers."""
        self._cut()
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

    async def _tell(self, line: str) -> str:
        if self._control is None:
            raise lost()
        reply: Future[str] = asyncio.get_running_loop().create_future()
        self._replies.append(reply)
        try:
            self._control.sendall(f"{line}\n".encode())
        except OSError as error:
            self._cut()
            raise lost() from error
        try:
            return await reply
        except asyncio.CancelledError:
            if reply.done() and not reply.cancelled() and not reply.exception():
                _let_go(reply.result())
            raise

    def _read(self, loop: AbstractEventLoop) -> None:
        """Take the zygote's replies, in the order of what it was told."""
        del loop
        if self._control is None:
            return
        try:
            data, pipes, _, _ = socket.recv_fds(self._control, _PIECE, _MOST_PIPES)
        except BlockingIOError:
            return
        except OSError:
            data, pipes = b"", []
        if not data:
            self._cut()
            return
        self._pipes.extend(pipes)
        *lines, self._held = (self._held + data).split(b"\n")
        for line in lines:
            said = line.decode()
            if said.startswith(_FORKED):
                said = f"{said} {self._pipes.popleft()} {self._pipes.popleft()}"
            reply = self._replies.popleft()
            if reply.done():
                _let_go(said)
            else:
                reply.set_result(said)

    def _cut(self) -> None:
        control, self._control = self._control, None
        if control is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop may have ended
            asyncio.get_running_loop().remove_reader(control.fileno())
        control.close()
        self._held = b""
        while self._pipes:
            os.close(self._pipes.popleft())
        while self._replies:
            reply = self._replies.popleft()
            if not reply.done():
                reply.set_exception(lost())


def _widen(pipe: int) -> None:
    with contextlib.suppress(ImportError, AttributeError, OSError):  # Linux has it, and bounds it
        import fcntl  # noqa: PLC0415  # not on Windows

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _WIDTH)


def _let_go(said: str) -> None:
    """Close the pipes in a reply that nobody waits for any more; the worker ends with them."""
    if said.startswith(_FORKED):
        for pipe in said.split(" ")[2:]:
            os.close(int(pipe))
