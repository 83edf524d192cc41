"""A worker looks for its next job for a moment before it sleeps, where the system lets it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bibgraph.store.sandbox import worker
from bibgraph.store.sandbox.worker import Pipes

pytestmark = pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="this system cannot look so")


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where jobs are put in."""
    source, sink = os.pipe()
    monkeypatch.setattr(worker, "_STDIN", source)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    yield sink
    os.close(source)


def test_a_job_is_taken_however_it_comes_to_it_and_the_end_is_seen(jobs: int) -> None:
    pipes = Pipes()
    os.write(jobs, b"one")
    assert pipes.recv(16) == b"one"
    os.write(jobs, b"two, and more")
    assert pipes.recv(4) == b"two,"
    assert pipes.recv(16) == b" and more"
    os.close(jobs)
    assert pipes.recv(16) == b""


def test_where_one_cannot_look_it_is_waited_for(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuses(*_: object) -> int:
        asked.append(1)
        raise OSError(95, "not supported")

    monkeypatch.setattr(os, "preadv", refuses)
    pipes = Pipes()
    for text in (b"one", b"two"):
        os.write(jobs, text)
        assert pipes.recv(16) == text
    assert len(asked) == 1
    os.close(jobs)


def test_who_has_looked_in_vain_waits(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "preadv", nothing)
    os.write(jobs, b"one")
    assert Pipes().recv(16) == b"one"
    os.close(jobs)
