"""The load generators as processes: wrk where it is installed, else one of our own; and hostile clients."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from endpoints.running import HOST, Address, Cores, Process, ServerError, free_port, pinned
from endpoints.workloads import Request, hostile

HERE = Path(__file__).resolve().parent
CONNECTIONS = 4
HOSTILE_CLIENTS = 2
_SLACK = 30.0
_SHORTEST = 1.0
_labels = itertools.count(1)


@dataclass(frozen=True)
class Load:
    """What came of a load: requests answered, refused and broken, and times in milliseconds."""

    answered: int
    refused: int
    broken: int
    seconds: float
    p50: float
    p99: float
    most: float

    @property
    def rate(self) -> float:
        """Requests answered per second."""
        return self.answered / self.seconds if self.seconds else 0.0


@dataclass
class Hostility:
    """What hostile clients got, by status."""

    counts: dict[str, int] = field(default_factory=dict)


def generator(seconds: float) -> str:
    """The name and version of the load generator for loads of so many seconds."""
    if not _wrk(seconds):
        return "benchmarks/endpoints/generator.py"
    done = subprocess.run(("wrk", "--version"), capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.partition(" [")[0].strip()


def closed(address: Address, requests: Sequence[Request], seconds: float, cores: Cores, folder: Path) -> Load:
    """Ask as fast as the answers come, over ``CONNECTIONS`` connections. Raises ServerError."""
    file, label = _write(address, requests, folder), f"r{next(_labels)}"
    if _wrk(seconds):
        command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--timeout", "30s"]
        command += ["--duration", f"{round(seconds)}s", "--script", str(HERE / "wrk.lua")]
        command += [f"http://{HOST}:{address.port}/", "--", str(file), label]
    else:
        command = _own(address, file, label, seconds)
    return _ran(command, seconds, cores)


def steady(
    address: Address, requests: Sequence[Request], seconds: float, rate: float, cores: Cores, folder: Path
) -> Load:
    """Ask ``rate`` times a second, however long the answers take. Raises ServerError."""
    file, label = _write(address, requests, folder), f"r{next(_labels)}"
    return _ran([*_own(address, file, label, seconds), "--rate", str(rate)], seconds, cores)


def nothing(seconds: float, cores: Cores, folder: Path) -> Load:
    """What the generator gets from a server that does nothing. Raises ServerError."""
    port = free_port()
    process = Process.start(
        (sys.executable, str(HERE / "null.py"), str(port)), folder / "null.txt", cores.server, {}
    )
    try:
        process.await_listener(port)
        requests = [Request("null", "PREFIX n@N@: <urn:n> SELECT ?s WHERE { ?s a <urn:c> }")]
        return closed(Address(port, "/sparql"), requests, seconds, cores, folder)
    finally:
        process.stop()


@contextmanager
def attacked(address: Address, cores: Cores, folder: Path) -> Iterator[Hostility]:
    """While inside, hostile clients ask the worst; what they got stands in the result afterwards."""
    file = folder / "hostile.txt"
    queries = (Request("hostile", text).fresh() for text in hostile())
    file.write_text("".join(f"{_target(address, each)}\n" for each in queries), encoding="utf-8")
    command = (sys.executable, str(HERE / "hostile.py"), str(address.port), str(file), str(HOSTILE_CLIENTS))
    found = Hostility()
    with pinned(cores.client):
        process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603  # our own
    try:
        yield found
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=_SLACK)
        found.counts = json.loads(said or b"{}")


def _wrk(seconds: float) -> bool:
    """Whether wrk is there and can be used: it counts in whole seconds."""
    return seconds >= _SHORTEST and shutil.which("wrk") is not None


def _own(address: Address, file: Path, label: str, seconds: float) -> list[str]:
    words = (
        str(address.port),
        str(file),
        label,
        "--seconds",
        str(seconds),
        "--connections",
        str(CONNECTIONS),
    )
    return [sys.executable, str(HERE / "generator.py"), *words]


def _ran(command: Sequence[str], seconds: float, cores: Cores) -> Load:
    with pinned(cores.client):
        done = subprocess.run(  # noqa: S603  # our own
            command, capture_output=True, text=True, timeout=seconds + 2 * _SLACK, check=False
        )
    line = done.stdout.strip().rpartition("\n")[2]
    if done.returncode or not line.startswith("{"):
        raise ServerError(f"{command[0]} ended with {done.returncode}: {(done.stderr or line)[-300:]}")
    return Load(**json.loads(line))


def _write(address: Address, requests: Sequence[Request], folder: Path) -> Path:
    file = folder / "requests.txt"
    lines = (f"{each.accept}\t{_target(address, each)}\n" for each in requests)
    file.write_text("".join(lines), encoding="utf-8")
    return file


def _target(address: Address, request: Request) -> str:
    """The path of a request; the place for its number is kept as it is."""
    return address.target(request.query).replace("%40N%40", "@N@")
