"""The making of the dumps when the process that wants them ends: nobody waits, and nothing is left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from bibgraph.config import Settings
from bibgraph.errors import Unavailable
from bibgraph.publish.making import Maker
from bibgraph.repository import Repository
from bibgraph.web import create_app
from bibgraph.web.described.files import Files, files_of
from bibgraph.web.described.fleeting import Fleeting
from conftest import CHECKOUT
from test_serve_command import SECONDS, served
from web_world import TRIG, graph, quads

STANDS_STILL = """
import os, sys, time
from pathlib import Path
if "bibgraph.publish.making" in sys.orig_argv:
    Path(__file__).with_name("begun." + str(os.getpid())).touch()
    time.sleep(600)
"""
"""Loaded by every Python process that looks for modules here first."""


@pytest.fixture
def still(tmp_path: Path) -> Path:
    """A folder in which the process that makes the files tells its id, and then stands still."""
    (tmp_path / "sitecustomize.py").write_text(STANDS_STILL, encoding="utf-8")
    return tmp_path


def begun(folder: Path, seen: set[int] | None = None) -> int:
    """The id of the process that has begun to make the files, once one has that was not seen before."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for found in folder.glob("begun.*"):
            number = int(found.suffix.removeprefix("."))
            if number not in (seen or ()):
                return number
        time.sleep(0.02)
    raise AssertionError("nobody makes the files")


def is_gone(number: int) -> bool:
    """Whether a process has ended, or does so soon."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def asking(address: str) -> socket.socket:
    """A connection over which the sums have been asked for."""
    place = urlsplit(address)
    connection = socket.create_connection((place.hostname, place.port), timeout=SECONDS)
    connection.sendall(b"GET /dumps/SHA256SUMS HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    return connection


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_ends_while_files_are_made_lets_nobody_wait(
    monkeypatch: pytest.MonkeyPatch, still: Path, number: signal.Signals
) -> None:
    (still / "world.trig").write_text(TRIG, encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(still / "cache"))
    with served("--data", str(still / "world.trig"), before=str(still)) as server:
        with asking(server.address) as connection:
            maker = begun(still)
            server.process.send_signal(number)
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        assert answer.startswith(b"HTTP/1.1 503 "), answer
        assert re.search(rb"\r\nretry-after: 1\r\n", answer, re.IGNORECASE)
        assert server.process.wait(SECONDS) == 0
        assert server.process.stderr
        assert "Traceback" not in server.process.stderr.read()
    assert is_gone(maker)


def test_with_an_old_version_goes_what_is_made_of_it(monkeypatch: pytest.MonkeyPatch, still: Path) -> None:
    (still / "world.trig").write_text(TRIG, encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(still / "cache"))
    with served("--data", str(still / "world.trig"), before=str(still)) as server:
        with asking(server.address):
            old = begun(still)
        server.process.send_signal(signal.SIGHUP)
        assert is_gone(old)
        with asking(server.address):
            begun(still, {old})
            server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(SECONDS) == 0
        assert server.process.stderr
        assert "Traceback" not in server.process.stderr.read()


@pytest.mark.parametrize("error", [RuntimeError("Event loop is closed"), CancelledError(), SystemExit()])
def test_whatever_ends_the_making_who_waits_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException
) -> None:
    def ends(*_: object) -> None:
        raise error

    monkeypatch.setattr(Maker, "make", ends)
    monkeypatch.setattr("bibgraph.web.described.files._PAUSE", 0)
    made: Future[None] = Future()
    with suppress(SystemExit):
        files_of(create_app(Settings(cache=tmp_path), graph()))._make(made)
    assert made.done()
    assert isinstance(made.exception(), Unavailable)


def test_once_closed_nobody_waits_and_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    began, go_on, threads = threading.Event(), threading.Event(), []

    def ended(*_: object) -> None:
        threads.append(threading.current_thread())
        began.set()
        go_on.wait()
        raise RuntimeError("Event loop is closed")

    monkeypatch.setattr(Maker, "make", ended)
    app = create_app(Settings(cache=tmp_path), graph())
    files = files_of(app)
    made = files.begin()
    assert made is not None
    assert began.wait(SECONDS)
    files.close()
    assert made.done()
    assert app.test_client().get("/dumps/").status_code == 503
    go_on.set()
    [thread] = threads
    thread.join(SECONDS)
    assert isinstance(made.exception(), Unavailable)
    assert not caplog.records
    assert not list(tmp_path.iterdir())


def test_what_is_ended_while_it_is_told_the_graph_makes_nothing(
    tmp_path: Path, repository: Repository
) -> None:
    maker, after = Maker(), []

    def told() -> Iterator[ox.Quad]:
        first, *others = quads()
        yield first
        maker.end()
        for quad in others:
            after.append(quad)
            yield quad

    with pytest.raises(CancelledError):
        maker.make(told(), repository.root, tmp_path / "dumps", "version")
    with pytest.raises(CancelledError):
        maker.make(quads(), repository.root, tmp_path / "dumps", "version")
    assert len(after) == 1
    assert not (tmp_path / "dumps").exists()


def run(script: str, first: Path) -> subprocess.CompletedProcess[str]:
    """A Python process at its end, with ``first`` for modules and for what is temporary."""
    places = os.pathsep.join((str(first), str(CHECKOUT / "src"), str(CHECKOUT / "tests")))
    environment = {**os.environ, "PYTHONPATH": places, "TMPDIR": str(first)}
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


@pytest.mark.parametrize("cache", [None, "cache"])
def test_a_process_that_ends_while_files_are_made_leaves_nothing(still: Path, cache: str | None) -> None:
    script = """
from pathlib import Path
from bibgraph.config import Settings
from bibgraph.web import create_app
from bibgraph.web.described.files import files_of
from test_dumps_ended import begun
from web_world import graph
files_of(create_app(Settings(cache={cache}), graph())).begin()
begun(Path({still!r}))
"""
    done = run(script.format(still=str(still), cache=cache and f"Path({str(still / cache)!r})"), still)
    assert (done.returncode, done.stderr) == (0, "")
    assert is_gone(begun(still))
    assert not list(still.glob("bibgraph-*"))


def test_nothing_is_made_any_more_when_the_folder_of_the_files_goes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    there: list[bool] = []
    monkeypatch.setattr(Maker, "end", lambda _: there.append(any(tmp_path.glob("bibgraph-*"))))
    files = Files(graph(), None)
    assert not files.ready()
    assert not list(tmp_path.iterdir())
    assert files.folder().parent.is_dir()
    del files
    assert there[0]
    assert not list(tmp_path.iterdir())


def test_the_folder_of_a_process_that_was_killed_goes_with_the_next_and_others_stay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    script = """
import os, signal
from bibgraph.web.described.fleeting import Fleeting
(Fleeting().path / "file").touch()
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert run(script, tmp_path).returncode == -signal.SIGKILL
    [left] = tmp_path.glob("bibgraph-*")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "bibgraph-fleeting-link").symlink_to(tmp_path / "elsewhere")
    first = Fleeting()
    assert not left.exists()
    second = Fleeting()
    assert first.path.is_dir()
    assert (tmp_path / "elsewhere").is_dir()
    for each in (first, second):
        each.remove()
    assert [path.name for path in tmp_path.glob("bibgraph-*")] == ["bibgraph-fleeting-link"]
