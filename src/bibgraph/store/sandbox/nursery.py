"""Where workers come from, as the web process sees it: a zygote that forks them, or separate processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bibgraph.config import Settings
from bibgraph.errors import StoreError, Unavailable
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.store.sandbox.frames import OUTCOME, Job, cause, decode_error

_PIECE = 65536
_MOST_LINKS = 64
_FORKED = "F "


_PROGRAM = "bibgraph.nursery"
_FOLDERS = ("root", "cache")


def command(settings: Settings, data: Sequence[Path], limits: Limits) -> list[str]:
    """The command that starts a process which holds the graph that the settings name, or these files."""
    folders = {name: str(path) for name in _FOLDERS if (path := getattr(settings, name))}
    members = {"folders": folders, "data": [str(path) for path in data], "limits": asdict(limits)}
    return [sys.executable, "-m", _PROGRAM, json.dumps(members)]


@dataclass(frozen=True)
class Ending:
    """Why a worker ended, and the seconds of processing that it used: see ``zygote``."""

    cause: str
    seconds: float


class WorkerGone(Exception):
    """A worker ended before it answered."""


class Worker(ABC):
    """A worker, as the pool sees it: it takes one job at a time.

    pid: of its process. jobs: how many it has answered. seconds: of processing that it has used so far.
    """

    def __init__(self, pid: int, ended: Callable[[Worker], None]) -> None:
        self.pid = pid
        self.jobs = 0
        self.seconds = 0.0
        self.gone = False
        self._ended = ended
        self._answer: Future[tuple[int, float, bytes]] | None = None
        self._held = bytearray()
        self._wanted = 0

    def ask(self, job: Job) -> Future[tuple[int, float, bytes]]:
        """The kind (its place in ``frames.KINDS``), the seconds used for it and the bytes of the answer.

        The future fails with WorkerGone if the worker ends before.
        """
        self._answer = asyncio.get_running_loop().create_future()
        if self.gone:
            self._answer.set_exception(WorkerGone())
        else:
            self._send(job.encoded())
        return self._answer

    def take(self, data: bytes) -> None:
        """Take in a part of an answer."""
        if self._held:
            self._held += data
            if len(self._held) < self._wanted:
                return
            data = bytes(self._held)
            self._held.clear()
        self._wanted = OUTCOME.size
        if len(data) >= OUTCOME.size:
            kind, seconds, length = OUTCOME.unpack_from(data)
            self._wanted += length
            if len(data) >= self._wanted:
                used, self.seconds = seconds - self.seconds, seconds
                self.jobs += 1
                if self._answer is not None and not self._answer.done():
                    self._answer.set_result((kind, used, data[OUTCOME.size :]))
                return
        self._held += data

    def lose(self) -> None:
        """Note that it has ended. May be called more than once."""
        self.gone = True
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(WorkerGone())
        self._ended(self)

    @abstractmethod
    def _send(self, frame: bytes) -> None:
        """Send a job on its way."""


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


class _Alone(Worker):
    """A worker that reads its standard input."""

    def __init__(self, ended: Callable[[Worker], None]) -> None:
        super().__init__(0, ended)
        self.pipe: asyncio.WriteTransport | None = None

    def _send(self, frame: bytes) -> None:
        if self.pipe is not None:
            self.pipe.write(frame)


class Nursery(ABC):
    """Makes workers over one version of the data, and ends them."""

    version = ""

    @abstractmethod
    async def open(self) -> None:
        """Make ready; ``version`` is known then. Raises what loading the data raises, or StoreError."""

    @abstractmethod
    async def hatch(self, ended: Callable[[Worker], None]) -> Worker:
        """A new worker. Raises StoreError if none can be had. ended: called when its link ends."""

    @abstractmethod
    async def end(self, worker: Worker) -> Ending:
        """End a worker, or bury it if it has ended. Once only for each."""

    @abstractmethod
    async def close(self) -> None:
        """End all workers and what makes them."""


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
            raise _lost()
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
            raise _lost()
        reply: Future[str] = asyncio.get_running_loop().create_future()
        self._replies.append(reply)
        try:
            self._control.sendall(f"{line}\n".encode())
        except OSError as error:
            self._cut()
            raise _lost() from error
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
                reply.set_exception(_lost())


class _Piped(asyncio.SubprocessProtocol):
    """The link of a worker that is a process of its own, over its standard input and output."""

    def __init__(self, ended: Callable[[Worker], None]) -> None:
        self.worker = _Alone(ended)
        self.ready: Future[str] = asyncio.get_running_loop().create_future()
        self.said = b""
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        process: Any = transport
        self.worker.pid = process.get_pid()
        self.worker.pipe = process.get_pipe_transport(0)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd != 1:
            self.said = (self.said + data)[-_PIECE:]
        elif self.ready.done():
            self.worker.take(data)
        else:
            self._held += data
            line, newline, rest = self._held.partition(b"\n")
            if newline:
                self.ready.set_result(line.decode())
                if rest:
                    self.worker.take(rest)

    def process_exited(self) -> None:
        if not self.ready.done():
            self.ready.set_exception(_lost())
        self.worker.lose()


class SpawnNursery(Nursery):
    """Workers that are processes of their own and load the data themselves, where there is no fork."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._processes: dict[Worker, tuple[asyncio.SubprocessTransport, _Piped]] = {}

    async def open(self) -> None:
        """See ``Nursery.open``."""
        worker = await self.hatch(lambda _: None)
        await self.end(worker)

    async def hatch(self, ended: Callable[[Worker], None]) -> Worker:
        """See ``Nursery.hatch``."""
        loop = asyncio.get_running_loop()
        transport, piped = await loop.subprocess_exec(lambda: _Piped(ended), *self._command)
        mark, _, said = (await piped.ready).partition(" ")
        if mark != "R":
            transport.close()
            raise decode_error(said.encode())
        self.version = said
        self._processes[piped.worker] = (transport, piped)
        return piped.worker

    async def end(self, worker: Worker) -> Ending:
        """See ``Nursery.end``."""
        transport, piped = self._processes.pop(worker)
        with contextlib.suppress(ProcessLookupError):
            transport.kill()
        while transport.get_returncode() is None:  # its exit is told to another callback
            await asyncio.sleep(0.001)
        number = max(0, -(transport.get_returncode() or 0))
        transport.close()
        return Ending(cause(piped.said, number), worker.seconds)

    async def close(self) -> None:
        """See ``Nursery.close``."""
        for worker in list(self._processes):
            await self.end(worker)


def nursery(settings: Settings, data: Sequence[Path], limits: Limits) -> Nursery:
    """Where workers over this graph come from on this system; what can be started before it is needed, is."""
    told = command(settings, data, limits)
    if not hasattr(os, "fork"):
        return SpawnNursery(told)
    made = ForkNursery(told)
    made.start()
    return made


def _let_go(said: str) -> None:
    """Close the link in a reply that nobody waits for any more; the worker ends with it."""
    if said.startswith(_FORKED):
        os.close(int(said.rpartition(" ")[2]))


def _lost() -> StoreError:
    return Unavailable(
        message("The process that holds the data has ended."),
        hint=message("It is started anew: try again in a moment."),
    )
