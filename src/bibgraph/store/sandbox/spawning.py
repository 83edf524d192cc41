"""Workers that are processes of their own and load the data themselves, where there is no fork."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import Future
from collections.abc import Callable, Sequence
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
    """The link of a worker that is a process of its own, over its standard input and output."""

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
        if not self.ready.done():
            self.ready.set_exception(lost())
        self.worker.lose()

    def connection_lost(self, exc: Exception | None) -> None:
        """All that it said has been read."""
        del exc
        if not self.over.done():
            self.over.set_result(None)


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
        self._processes[piped.worker] = (transport, piped)  # so that it is ended even if nobody waits for it
        try:
            mark, _, said = (await piped.ready).partition(" ")
            if mark != "R":
                raise decode_error(said.encode())
        except BibgraphError:
            if piped.worker in self._processes:
                await self.end(piped.worker)
            raise
        self.version = said
        piped.worker.seconds = processing(piped.worker.pid) or 0.0  # to load the data is no query's doing
        return piped.worker

    async def end(self, worker: Worker) -> Ending:
        """See ``Nursery.end``."""
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
        while self._processes:
            await self.end(next(iter(self._processes)))
