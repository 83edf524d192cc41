"""Engines of others, started for the tests on this machine: Oxigraph's own server, OpenLink Virtuoso 7."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import pytest

from bibgraph.store.remote import Login

REQUIRED = bool(os.environ.get("BIBGRAPH_REQUIRE_ENGINES"))
"""Set where all engines must be there: a missing one then is a failure, not a reason to skip."""

SECONDS = 120.0

VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx

[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 10
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
SchedulerInterval = 0
; With several threads Virtuoso now and then leaves a variable of an OPTIONAL unbound that has a value.
ThreadsPerQuery = 1

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8

[SPARQL]
ResultSetMaxRows = 1000000
"""


@dataclass(frozen=True)
class Engine:
    """Where a running engine is asked, and filled in both ways, and by whom."""

    name: str
    query: str
    update: str
    graph_store: str
    login: Login


def program(name: str, package: str) -> str:
    """The path of a program; without it the test is skipped, or fails where all engines are required."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found:
        return found
    reason = f"{name} is not installed ({package})"
    if REQUIRED:
        pytest.fail(f"{reason}, and BIBGRAPH_REQUIRE_ENGINES is set")
    pytest.skip(reason)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at."""
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in taken]


@contextmanager
def running(arguments: list[str], folder: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is ended at the end; begins when ``url`` answers."""
    log = folder / "said.txt"
    with (
        log.open("wb") as said,
        subprocess.Popen(arguments, stdout=said, stderr=said, cwd=folder) as process,
    ):
        try:
            wait_for(url, process, log)
            yield process
        finally:
            process.kill()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when ``url`` answers with anything below 500."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=SECONDS):  # noqa: S310  # loopback
                return
        except (URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"{url} does not answer: {log.read_text(errors='replace')[-2000:]}")


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Engine]:
    """Oxigraph's own server, in memory."""
    path = program("oxigraph", "package oxigraph on PyPI")
    (port,) = free_ports(1)
    base = f"http://127.0.0.1:{port}"
    with running(
        [path, "serve", "--bind", f"127.0.0.1:{port}", *options], folder, f"{base}/query?query=ASK%7B%7D"
    ):
        yield Engine("oxigraph", f"{base}/query", f"{base}/update", f"{base}/store", Login())


@contextmanager
def virtuoso(folder: Path) -> Iterator[Engine]:
    """OpenLink Virtuoso 7 with an empty database; who fills it is its administrator, by digest."""
    path = program("virtuoso-t", "Debian package virtuoso-opensource-7-bin")
    sql, http = free_ports(2)
    settings = folder / "virtuoso.ini"
    settings.write_text(VIRTUOSO.format(folder=folder, sql=sql, http=http), "utf-8")
    base = f"http://127.0.0.1:{http}"
    command = [path, "+foreground", "+configfile", str(settings)]
    with running(command, folder, f"{base}/sparql?query=ASK%7B%7D"):
        yield Engine(
            "virtuoso",
            f"{base}/sparql",
            f"{base}/sparql-auth",
            f"{base}/sparql-graph-crud-auth",
            Login("dba", "dba"),
        )


STARTERS = {"oxigraph": oxigraph, "virtuoso": virtuoso}
