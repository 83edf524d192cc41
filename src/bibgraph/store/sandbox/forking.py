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
_MOST_LINKS = 64
_FORKED = "F "


class _Forked(Worker):
    """A worker at the other end of a socket.

    parent: the control socket of its zygote, which alone may end it: another one has no child of this number.
    The socket is read and written without asyncio's transports, which take longer than a short query.
    """

    def __init__(
        self, pid: int, ended: Callable[[Worker], None], link: socket.socket, parent: socket.socket
    ) -> None:
        super().__init__(pid, ended)
        link.setblocking(False)  # noqa: FBT003  # as sockets have it
        self.parent = parent
        self._link = link
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(link.fileno(), self._read)
        self._unsent = b""

    def _send(self, frame: bytes) -> None:
        try:
            sent = self._link.send(frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.lose()
            return
        if sent < len(frame):
            self._unsent = frame[sent:]
            self._loop.add_writer(self._link.fileno(), self._send_rest)

    def _send_rest(self) -> None:
        self._loop.remove_writer(self._link.fileno())
        if not self.gone:
            self._send(self._unsent)

    def _read(self) -> None:
        try:
            data = self._link.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.take(data)
        else:
            self.close()
            self.lose()

    def close(self) -> None:
        """Let go of the link."""
        if self._link.fileno() >= 0:
            self._loop.remove_reader(self._link.fileno())
            self._loop.remove_writer(self._link.fileno())
            self._link.close()


class ForkNursery(Nursery):
    """Workers forked from a zygote: a process started by ``command``, which gets the socket's number last."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._replies: deque[Future[str]] = deque()
        self._links: deque[int] = deque()
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
        _, pid, number = (await self._tell("F")).split(" ")
        worker = _Forked(int(pid), ended, socket.socket(fileno=int(number)), control)
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
            data, links, _, _ = socket.recv_fds(self._control, _PIECE, _MOST_LINKS)
        except BlockingIOError:
            return
        except OSError:
            data, links = b"", []
        if not data:
            self._cut()
            return
        self._links.extend(links)
        *lines, self._held = (self._held + data).split(b"\n")
        for line in lines:
            said = line.decode()
            if said.startswith(_FORKED):
                said = f"{said} {self._links.popleft()}"
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
        while self._links:
            os.close(self._links.popleft())
        while self._replies:
            reply = self._replies.popleft()
            if not reply.done():
                reply.set_exception(lost())


def _let_go(said: str) -> None:
    """Close the link in a reply that nobody waits for any more; the worker ends with it."""
    if said.startswith(_FORKED):
        os.close(int(said.rpartition(" ")[2]))
