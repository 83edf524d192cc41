"""Workers and where they come from, as the pool sees them."""

from __future__ import annotations

import asyncio
import math
from abc import ABC, abstractmethod
from asyncio import Future
from collections.abc import Callable
from dataclasses import dataclass

from bibgraph.errors import StoreError, Unavailable
from bibgraph.messages import message
from bibgraph.store.sandbox.frames import OUTCOME
from bibgraph.store.sandbox.processing import processing


@dataclass(frozen=True)
class Ending:
    """Why a worker ended, and the seconds of processing that it used: see ``zygote``."""

    cause: str
    seconds: float


class WorkerGone(Exception):
    """A worker ended before it answered. begun: it may have read something of its job."""

    def __init__(self, *, begun: bool) -> None:
        super().__init__(begun)
        self.begun = begun


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
        self._loop = asyncio.get_running_loop()
        self._answer: Future[tuple[int, bytes]] | None = None
        self._answered: Callable[[Worker, float], None] | None = None
        self._head: tuple[int, float] | None = None
        self._pieces: list[bytes | memoryview] = []
        self._lacking = 0

    def ask(self, frame: bytes, answered: Callable[[Worker, float], None]) -> Future[tuple[int, bytes]]:
        """The kind (its place in ``frames.KINDS``) and the bytes of the answer.

        The future fails with WorkerGone if the worker ends before. frame: of a job. answered: called with the
        seconds used for it as soon as it is all there, so that the worker has its next job before this answer
        goes out; not called if nobody waits for it any more.
        """
        self._answer = self._loop.create_future()
        self._answered = answered
        if self.gone:
            self._answer.set_exception(WorkerGone(begun=False))
        else:
            self._send(frame)
        return self._answer

    def used(self) -> float:
        """Seconds of processing since its last answer; without bound where the system does not tell."""
        so_far = processing(self.pid)
        return math.inf if so_far is None else so_far - self.seconds

    def take(self, data: bytes | memoryview) -> None:
        """Take in a part of an answer, of which nothing is kept but copies."""
        if self._head is None:
            if self._pieces:  # of a head
                self._pieces.append(data)
                data = b"".join(self._pieces)
                self._pieces.clear()
            if len(data) < OUTCOME.size:
                self._pieces.append(bytes(data))
                return
            kind, seconds, self._lacking = OUTCOME.unpack_from(data)
            self._head = kind, seconds
            data = data[OUTCOME.size :]
        self._lacking -= len(data)
        if self._lacking > 0:
            self._pieces.append(bytes(data))
        else:
            self._pieces.append(data)
            self._whole(*self._head)

    def _whole(self, kind: int, seconds: float) -> None:
        """The answer is all there."""
        used, self.seconds = seconds - self.seconds, seconds
        body = b"".join(self._pieces) if len(self._pieces) > 1 else bytes(self._pieces[0])
        self._head = None
        self._pieces.clear()
        self.jobs += 1
        answer, self._answer = self._answer, None  # it may be large, and this worker idle for long
        if answer is not None and not answer.done():
            answer.set_result((kind, body))
            if self._answered is not None:
                self._answered(self, used)

    def lose(self, *, begun: bool = True) -> None:
        """Note that it has ended. May be called more than once. begun: see ``WorkerGone``."""
        self.gone = True
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(WorkerGone(begun=begun))
        self._ended(self)

    @abstractmethod
    def _send(self, frame: bytes) -> None:
        """Send a job on its way."""


class Nursery(ABC):
    """Makes workers over one version of the data, and ends them."""

    version = ""

    @abstractmethod
    async def open(self) -> None:
        """Load the data, also if it was open; ``version`` is known then.

        Raises what loading the data raises, or StoreError.
        """

    @abstractmethod
    async def hatch(self, ended: Callable[[Worker], None]) -> Worker:
        """A new worker. ended: called when its link ends.

        Raises BibgraphError if the nursery has to be opened again, OSError if only this one cannot be made.
        """

    @abstractmethod
    async def end(self, worker: Worker) -> Ending:
        """End a worker, or bury it if it has ended. Once only for each."""

    @abstractmethod
    async def close(self) -> None:
        """End all workers and what makes them."""


def lost() -> StoreError:
    """What is raised when the process that holds the data is gone."""
    return Unavailable(
        message("The process that holds the data has ended."),
        hint=message("It is started anew: try again in a moment."),
    )
