"""What a run is to do, and servers started for it on graphs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from endpoints.answers import Answer
from endpoints.graphs import Made
from endpoints.running import Address, Cores, Process, ServerError, free_port, wait
from endpoints.servers import Mode, Server
from endpoints.workloads import Request

NO_ANSWER = "no answer in"
"""How the reason begins when a question is not waited for any longer."""
NOT_ASKED = "not asked any more"
"""The reason when a server has used up the time that it has for all questions."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How long and how often, and with what.

    base: the key of the server whose answers the others' are held to. loaded: the questions that are timed.
    first, expected: what a server has to answer to count as started, and how.
    """

    folder: Path
    cores: Cores
    servers: Sequence[Server]
    questions: Sequence[Request]
    loaded: Sequence[Request]
    first: Request
    expected: Answer
    base: str
    steps: frozenset[str]
    seconds: float = 1.0
    rounds: int = 3
    cold: int = 5
    hostile: float = 30.0

    def place(self, made: Made, server: Server) -> Path:
        """The folder of a server on a graph."""
        folder = self.folder / f"{made.scale}x" / server.key
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@dataclass
class Running:
    """A server on a graph. ``answers``, ``took``: what it said to each question, in how many seconds."""

    plan: Plan
    server: Server
    made: Made
    mode: Mode
    started: float = 0.0
    answers: dict[str, Answer] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)

    def start(self) -> None:
        """Start it; it answers on return. Raises ServerError."""
        began = time.perf_counter()
        place, cores = self.plan.place(self.made, self.server), self.plan.cores.server
        self.process: Process
        self.address: Address
        self.process, self.address = self.server.start(self.made, place, free_port(), cores, self.mode)
        try:
            wait(self.process, self.address, self.plan.first, self.plan.expected)
        except ServerError:
            self.process.stop()
            raise
        self.started = time.perf_counter() - began

    def ask(self, request: Request, within: float) -> Answer:
        """The answer to a request. A server that has none in time is started anew: it may be busy for ever.

        Raises ServerError.
        """
        began = time.perf_counter()
        try:
            answer = self.address.answer(request, within=within)
        except ServerError:
            if time.perf_counter() - began < within:
                raise
            self.process.stop()
            self.start()
            raise ServerError(f"{NO_ANSWER} {within:.0f} s") from None
        self.answers[request.name], self.took[request.name] = answer, time.perf_counter() - began
        return answer


@contextmanager
def running(plan: Plan, server: Server, made: Made, mode: Mode) -> Iterator[Running]:
    """Start a server on a graph that is prepared; inside, it answers. Raises ServerError."""
    one = Running(plan, server, made, mode)
    one.start()
    try:
        yield one
    finally:
        one.process.stop()


def prepared(plan: Plan, server: Server, made: Made) -> float:
    """Load the graph onto the disk; the seconds. Raises ServerError."""
    began = time.perf_counter()
    server.prepare(made, plan.place(made, server))
    return time.perf_counter() - began
