"""The servers: how each is found, filled, started and asked. All get the same triples.

The default graph of bibgraph is the union of all graphs, each triple once. The others get that union as their
default graph beside the named graphs, except rdflib-endpoint, which makes it by itself.
"""

from __future__ import annotations

import enum
import functools
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bibgraph.store.sandbox.allocator import environment
from endpoints.graphs import Made
from endpoints.running import HOST, Address, Process, ServerError

CHECKOUT = Path(__file__).resolve().parent.parent.parent
TIMEOUT = 5
"""Seconds that a query may take, where a server can be told: the default of bibgraph."""
PATIENCE = 60
"""The same where large graphs are asked for all that they have."""

_LOADED_WITHIN = 3600.0
_NO_CONTENT = 204


class Mode(enum.Enum):
    """What a server is started for. A limit that one has, all have that can."""

    USUAL = "usual"
    PATIENT = "patient"
    HOSTILE = "hostile"

    @property
    def seconds(self) -> int:
        """How long a query may take."""
        return PATIENCE if self is Mode.PATIENT else TIMEOUT


@dataclass
class Server:
    """A server that can be started; the classes below say how.

    program: what must be there for it. loads_only: it differs from another only under load.
    """

    key: str
    name: str
    program: str = ""
    path: str = "/sparql"
    parameters: tuple[tuple[str, str], ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    loads_only: bool = False

    def missing(self) -> str:
        """What has to be installed to run it; empty if nothing."""
        return "" if self.program and Path(self.program).exists() else f"{self.name} is not installed"

    def version(self) -> str:
        """Its name and version."""
        raise NotImplementedError

    def prepare(self, made: Made, folder: Path) -> None:
        """Load the graph onto the disk, for servers that keep it there."""

    def command(self, made: Made, folder: Path, port: int, mode: Mode) -> Sequence[str]:
        """What starts it on a graph that is prepared."""
        raise NotImplementedError

    def fill(self, made: Made, process: Process, port: int) -> None:
        """Load the graph into the running server, for servers that take it so."""

    def start(
        self, made: Made, folder: Path, port: int, cores: frozenset[int], mode: Mode
    ) -> tuple[Process, Address]:
        """Start it on a graph that is prepared; who calls waits for its answers. Raises ServerError."""
        command = self.command(made, folder, port, mode)
        process = Process.start(command, folder / "log.txt", cores, self.environment)
        try:
            self.fill(made, process, port)
        except ServerError:
            process.stop()
            raise
        return process, Address(port, self.path, self.parameters)


@dataclass
class Bibgraph(Server):
    """``bibgraph serve --data FILE`` of this checkout. ``limits``: NAME=VALUE, where it knows the name."""

    program: str = sys.executable
    limits: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: {"PYTHONPATH": str(CHECKOUT / "src")})

    def missing(self) -> str:
        """See ``Server.missing``."""
        lacking = sorted({each.partition("=")[0] for each in self.limits} - known_limits())
        return f"{self.name}: bibgraph serve has no --limit {', '.join(lacking)}" if lacking else ""

    def command(self, made: Made, folder: Path, port: int, mode: Mode) -> Sequence[str]:
        """See ``Server.command``. All requests come from one address here, so its budget is taken off."""
        del folder
        chosen = {
            Mode.HOSTILE: (),
            Mode.USUAL: ("client-budget=off",),
            Mode.PATIENT: (
                *("client-budget=off", f"timeout={PATIENCE}"),
                *(f"memory={8 << 30}", f"result-bytes={1 << 30}"),
            ),
        }[mode]
        usable = [each for each in (*self.limits, *chosen) if each.partition("=")[0] in known_limits()]
        limits = [word for each in usable for word in ("--limit", each)]
        where = ("--host", HOST, "--port", str(port))
        return (self.program, "-m", "bibgraph", "serve", *self.data(made), *where, *limits)

    def data(self, made: Made) -> Sequence[str]:
        """What is served."""
        return ("--data", str(made.named))

    def version(self) -> str:
        """See ``Server.version``."""
        said = output((self.program, "-m", "bibgraph", "--version"), self.environment)
        allocator = environment().get("LD_PRELOAD", "").split(" ")[0]
        return f"bibgraph {number_in(said)} with {Path(allocator).name or 'the allocator of the C library'}"


@dataclass
class OwnGraph(Bibgraph):
    """``bibgraph serve`` with the project's own graph."""

    def data(self, made: Made) -> Sequence[str]:
        """See ``Bibgraph.data``."""
        del made
        return ("--root", str(CHECKOUT))


@dataclass
class OxigraphOnDisk(Server):
    """Oxigraph's server, read-only, on a store that ``oxigraph load`` has made."""

    path: str = "/query"

    def prepare(self, made: Made, folder: Path) -> None:
        """See ``Server.prepare``."""
        run(
            (self.program, "load", "--location", str(folder / "store"), "--file", str(made.copied)),
            folder / "load.txt",
        )

    def command(self, made: Made, folder: Path, port: int, mode: Mode) -> Sequence[str]:
        """See ``Server.command``."""
        del made
        place = ("--location", str(folder / "store"), "--bind", f"{HOST}:{port}")
        return (self.program, "serve-read-only", *place, *_timeout(mode))

    def version(self) -> str:
        """See ``Server.version``."""
        return f"Oxigraph {number_in(output((self.program, '--version')))}"


@dataclass
class OxigraphInMemory(OxigraphOnDisk):
    """Oxigraph's server without a place on disk, filled through its Graph Store Protocol."""

    def prepare(self, made: Made, folder: Path) -> None:
        """There is nothing to prepare."""

    def command(self, made: Made, folder: Path, port: int, mode: Mode) -> Sequence[str]:
        """See ``Server.command``."""
        del made, folder
        return (self.program, "serve", "--bind", f"{HOST}:{port}", *_timeout(mode))

    def fill(self, made: Made, process: Process, port: int) -> None:
        """See ``Server.fill``."""
        process.await_listener(port)
        connection = HTTPConnection(HOST, port, timeout=_LOADED_WITHIN)
        try:
            with made.copied.open("rb") as file:
                size = {"Content-Length": str(os.fstat(file.fileno()).st_size)}
                connection.request("POST", "/store", file, {"Content-Type": "application/n-quads", **size})
                response = connection.getresponse()
                if response.status != _NO_CONTENT:
                    raise ServerError(f"POST /store: {response.status} {response.read()[:200]!r}")
        except (OSError, HTTPException) as error:
            raise ServerError(f"POST /store: {error}") from error
        finally:
            connection.close()


@dataclass
class RdflibEndpoint(Server):
    """rdflib-endpoint as its own command line starts it, with RDFLib's store in memory."""

    path: str = "/"

    def command(self, made: Made, folder: Path, port: int, mode: Mode) -> Sequence[str]:
        """See ``Server.command``."""
        del folder, mode
        return (self.program, "serve", "--host", HOST, "--port", str(port), str(made.named))

    def version(self) -> str:
        """See ``Server.version``."""
        pip = str(Path(self.program).with_name("pip"))
        return f"rdflib-endpoint {number_in(output((pip, 'show', 'rdflib-endpoint')))}"


def _timeout(mode: Mode) -> tuple[str, ...]:
    """The time limit of Oxigraph's server, but for the usual load.

    It is a thread for each query, which sleeps that long: under a load of many small queries the server
    runs out of threads within seconds and ends.
    """
    return () if mode is Mode.USUAL else ("--timeout-s", str(mode.seconds))


def output(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """All that a short command says."""
    done = subprocess.run(  # noqa: S603  # the commands are our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **(environment or {})},
        timeout=60,
        check=False,
    )
    return done.stdout.decode(errors="replace")


def run(command: Sequence[str], log: Path) -> None:
    """Run a command that loads a graph. Raises ServerError if it fails."""
    with log.open("wb") as out:
        done = subprocess.run(  # noqa: S603  # the commands are our own
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=_LOADED_WITHIN, check=False
        )
    if done.returncode:
        said = log.read_text(encoding="utf-8", errors="replace")[-300:]
        raise ServerError(f"{command[0]} ended with {done.returncode}: {said}")


def number_in(text: str) -> str:
    """The first number of a version in a text."""
    found = re.search(r"\d+(?:\.\d+)+", text)
    return found[0] if found else "?"


@functools.cache
def known_limits() -> frozenset[str]:
    """The names that ``bibgraph serve --limit`` takes, as its help and its complaint of another name say."""
    serve = (sys.executable, "-m", "bibgraph", "serve")
    environment = Bibgraph("", "").environment
    said = output((*serve, "--help"), environment)
    if "--limit" not in said:
        return frozenset()
    said += output((*serve, "--limit", "no-such-limit=1", "--data", os.devnull, "--port", "0"), environment)
    said = re.sub(r"-\n\s*", "-", said)  # help is broken into lines at hyphens too
    return frozenset(re.findall(r"\b(?:timeout|memory|result-bytes|client-budget|cache)\b", said))
