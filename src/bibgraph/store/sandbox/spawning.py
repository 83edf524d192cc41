"""Workers that are processes of their own, where there is no fork.

A first process loads the data and writes them to a file. All workers read that file, so that they answer
alike and of what was checked, whatever becomes of the files that the data came from.
"""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import Future
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bibgraph.errors import BibgraphError
from bibgraph.store.sandbox.frames import cause, decode_error
from bibgraph.store.sandbox.processing import processing
from bibgraph.store.sandbox.workers import Ending, Nursery, Worker, lost

_PIECE = 65536


class _Alone(Worker):
    """A worker that reads its standard input."""

    def __init__(self, ended: Callable[[Worker], None]) -> None:
        super().__init__(0, ended)
        self.pipe: asyncio.WriteTransport | None = None

    def _send(self, frame: bytes) -> None:
        if self.pipe is not None:
            self.pipe.write(frame)


class _Piped(asyncio.SubprocessProtocol):
    """The link of a worker that is a process of its own, over its standard input and output.

    ready: its first line; empty if it ends before that. over: all that it said has been read.
    """

    def __init__(self, ended: Callable[[Worker], None]) -> None:
        self.worker = _Alone(ended)
        loop = asyncio.get_running_loop()
        self.ready: Future[str] = loop.create_future()
        self.over: Future[None] = loop.create_future()
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
        self.worker.lose()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self.ready.done():
            self.ready.set_result("")
        if not self.over.done():
            self.over.set_result(None)


class SpawnNursery(Nursery):
    """Workers that are processes of their own. command: see ``nursery.command``."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._folder: TemporaryDirectory[str] | None = None
        self._processes: dict[Worker, tuple[asyncio.SubprocessTransport, _Piped]] = {}

    async def open(self) -> None:
        """See ``Nursery.open``."""
        await self.close()
        folder = TemporaryDirectory(prefix="bibgraph-", ignore_cleanup_errors=True)
        with contextlib.ExitStack() as undone:
            undone.callback(folder.cleanup)
            piped = await self._started(lambda _: None, "keep", _kept(folder))
            try:
                said = await piped.ready
            finally:
                await self.end(piped.worker)
            error = _refusal(said)
            if error is not None:
                raise error
            self.version = said.partition(" ")[2]
            self._folder = folder
            undone.pop_all()

    async def hatch(self, ended: Callable[[Worker], None]) -> Worker:
        """See ``Nursery.hatch``."""
        folder = self._folder
        if folder is None:
            raise lost()
        piped = await self._started(ended, "serve", _kept(folder), self.version)
        error = self._failure(await piped.ready, folder)
        if error is not None:
            await self.end(piped.worker)
            raise error
        piped.worker.seconds = processing(piped.worker.pid) or 0.0  # to load the data is no query's doing
        return piped.worker

    async def end(self, worker: Worker) -> Ending:
        """See ``Nursery.end``."""
        if worker not in self._processes:  # it has ended with the nursery
            return Ending("killed", worker.seconds)
        transport, piped = self._processes[worker]
        with contextlib.suppress(ProcessLookupError):
            transport.kill()
        await asyncio.shield(piped.over)  # whoever stops waiting leaves it to ``close``
        self._processes.pop(worker, None)
        number = max(0, -(transport.get_returncode() or 0))
        transport.close()
        return Ending(cause(piped.said, number), worker.seconds)

    async def close(self) -> None:
        """See ``Nursery.close``."""
        folder, self._folder = self._folder, None
        while self._processes:
            await self.end(next(iter(self._processes)))
        if folder is not None:
            folder.cleanup()

    def _failure(self, said: str, folder: TemporaryDirectory[str]) -> BibgraphError | OSError | None:
        """What to raise of a worker over the data in ``folder`` that said this; None if it is ready."""
        if self._folder is None:
            return lost()
        if not said or self._folder is not folder:
            return OSError("it ended before it was ready")  # the data that were checked are still there
        return _refusal(said)

    async def _started(self, ended: Callable[[Worker], None], *told: str) -> _Piped:
        """The link of a new process, which is ended with the others even if nobody waits for it."""
        loop = asyncio.get_running_loop()
        transport, piped = await loop.subprocess_exec(lambda: _Piped(ended), *self._command, *told)
        self._processes[piped.worker] = (transport, piped)
        return piped


def _kept(folder: TemporaryDirectory[str]) -> str:
    """Where the data are kept."""
    return str(Path(folder.name, "data.nq"))


def _refusal(said: str) -> BibgraphError | None:
    """The error that a process tells of in its first line, or that there is none; None if it is ready."""
    mark, _, rest = said.partition(" ")
    if mark == "R":
        return None
    return decode_error(rest.encode()) if mark else lost()
