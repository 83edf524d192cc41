"""Servers as processes: started in a group of their own, pinned, asked, weighed and ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from endpoints.answers import Answer, read
from endpoints.workloads import Request

HOST = "127.0.0.1"
OK = 200
STARTED_WITHIN = 900.0
"""Seconds that a server has from its start to its first right answer; large graphs take their time."""

_POLL = 0.005
_ENDED_WITHIN = 15.0
_GONE_WITHIN = 1.0
_RESTS_WITHIN = 30.0
_LOOKS_EVERY = 0.05
_RESTING = 0.5
_TICKS = os.sysconf("SC_CLK_TCK")


class ServerError(Exception):
    """A server does not start, ends, or answers with something else than an answer."""


@dataclass(frozen=True)
class Cores:
    """Which cores the server has, and which those who ask it."""

    server: frozenset[int]
    client: frozenset[int]

    @classmethod
    def choose(cls) -> Cores:
        """Two cores for the server and all others for who asks; the same two if there are no others."""
        ours = sorted(os.sched_getaffinity(0))
        return cls(frozenset(ours[:2]), frozenset(ours[2:] or ours[:2]))

    def told(self) -> str:
        """Who has which cores, in words."""
        shared = " the same" if self.client == self.server else f" {len(self.client)} others"
        return f"{len(self.server)} for every server, and{shared} for the load generator"


@contextmanager
def pinned(cores: Set[int]) -> Iterator[None]:
    """Processes that are started inside run on these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """A server that runs. ``log``: a file with all it says."""

    command: Sequence[str]
    log: Path
    popen: subprocess.Popen[bytes] = field(repr=False)

    @classmethod
    def start(
        cls, command: Sequence[str], log: Path, cores: frozenset[int] | None, environment: Mapping[str, str]
    ) -> Process:
        """Start ``command`` on ``cores``, or on any, in a session of its own."""
        with log.open("ab") as out, pinned(cores or os.sched_getaffinity(0)):
            popen = subprocess.Popen(  # noqa: S603  # the commands are our own
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=log.parent,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        return cls(command, log, popen)

    @property
    def alive(self) -> bool:
        """Whether its first process still runs."""
        return self.popen.poll() is None

    def await_listener(self, port: int) -> None:
        """Return as soon as it listens at ``port``. Raises ServerError if it ends or never does."""
        end = time.monotonic() + STARTED_WITHIN
        while time.monotonic() < end:
            if not self.alive:
                raise ServerError(f"it ended: {self.said()}")
            with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
                return
            time.sleep(_POLL)
        raise ServerError(f"nothing listens after {STARTED_WITHIN:.0f} s: {self.said()}")

    def stop(self) -> None:
        """End the group of processes: politely, then not."""
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(_ENDED_WITHIN)
        self.kill()

    def kill(self) -> None:
        """End the group of processes at once; they are gone on return."""
        end = time.monotonic() + _GONE_WITHIN
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()
            while time.monotonic() < end:
                os.killpg(self.popen.pid, signal.SIGKILL)
                time.sleep(_POLL)
        self.popen.wait()

    def rest(self) -> None:
        """Return when its processes have next to nothing left to do, or after a while."""
        end, before = time.monotonic() + _RESTS_WITHIN, -1.0
        while time.monotonic() < end:
            used = self._used()
            if 0 <= used - before < _RESTING * _LOOKS_EVERY and before >= 0:
                return
            before = used
            time.sleep(_LOOKS_EVERY)

    def _used(self) -> float:
        """The processor seconds of its processes."""
        return sum(stat[3] for pid in self._pids() if (stat := _stat(pid)))

    def memory(self) -> tuple[float, float]:
        """Resident memory in MiB of all its processes: each page counted once (PSS), and the sum (RSS)."""
        proportional = resident = 0
        for pid in self._pids():
            with suppress(OSError):
                text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
                kib = dict(line.split()[:2] for line in text.splitlines()[1:])
                proportional += int(kib["Pss:"])
                resident += int(kib["Rss:"])
        return proportional / 1024, resident / 1024

    def _pids(self) -> Iterator[int]:
        """All processes of its session, and children that left it."""
        known = {self.popen.pid}
        stats = [stat for stat in map(_stat, sorted(_numbers())) if stat]
        for pid, parent, session, _ in stats:
            if session == self.popen.pid or parent in known or pid == self.popen.pid:
                known.add(pid)
        yield from known

    def said(self) -> str:
        """The end of its log on one line."""
        return " ".join(self.log.read_text(encoding="utf-8", errors="replace")[-400:].split())


def _numbers() -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            yield int(entry.name)


def _stat(pid: int) -> tuple[int, int, int, float] | None:
    """Its id, parent and session, and the processor seconds it has used; None if it is gone."""
    try:
        rest = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return None
    return pid, int(rest[1]), int(rest[3]), (int(rest[11]) + int(rest[12])) / _TICKS


@dataclass(frozen=True)
class Address:
    """Where a SPARQL service answers. ``parameters``: what every request to it carries besides the query."""

    port: int
    path: str
    parameters: tuple[tuple[str, str], ...] = ()

    def target(self, query: str) -> str:
        """Path and query of the request by GET."""
        return f"{self.path}?{urlencode([*self.parameters, ('query', query)])}"

    def ask(self, request: Request, *, number: int = 0, within: float = 30.0) -> tuple[int, bytes]:
        """Status and content of the answer. Raises OSError, HTTPException."""
        connection = HTTPConnection(HOST, self.port, timeout=within)
        try:
            headers = {"Accept": request.accept}
            connection.request("GET", self.target(request.numbered(number)), headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def answer(self, request: Request, *, within: float = 30.0) -> Answer:
        """What a request is answered with. Raises ServerError if that is no answer."""
        try:
            status, body = self.ask(request, within=within)
        except (OSError, HTTPException) as error:
            raise ServerError(f"{type(error).__name__}: {error}") from error
        if status != OK:
            raise ServerError(f"{status}: {' '.join(body[:160].decode(errors='replace').split())}")
        try:
            return read(body, request.accept)
        except (ValueError, KeyError, SyntaxError) as error:
            raise ServerError(f"unreadable answer: {error}") from error


def wait(process: Process, address: Address, request: Request, expected: Answer) -> None:
    """Return as soon as ``request`` gets its right answer. Raises ServerError if it never does."""
    end = time.monotonic() + STARTED_WITHIN
    heard = ""
    while time.monotonic() < end:
        if not process.alive:
            raise ServerError(f"it ended: {process.said()}")
        try:
            if address.answer(request) == expected:
                return
        except ServerError as error:
            heard = str(error)
        time.sleep(_POLL)
    raise ServerError(f"no right answer after {STARTED_WITHIN:.0f} s: {heard}")
