"""The server as it begins and ends: nobody is left without an answer, and no process is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bibgraph.config import Settings
from bibgraph.limits import Limits
from bibgraph.store.sandbox.workers import Ending, Nursery, Worker
from bibgraph.web.server.running import Server
from conftest import CHECKOUT

SECONDS = 60.0
"""After so many, what has not happened never will, however slow the machine."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="signals and processes as POSIX has them")


class Loading(Nursery):
    """A nursery that loads its data for ever. begun: it has begun. closed: it was closed."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.closed = False

    async def open(self) -> None:
        """See ``Nursery.open``."""
        self.begun.set()
        await asyncio.Event().wait()

    async def hatch(self, ended: Callable[[Worker], None]) -> Worker:
        """See ``Nursery.hatch``."""
        raise AssertionError(ended)

    async def end(self, worker: Worker) -> Ending:
        """See ``Nursery.end``."""
        raise AssertionError(worker)

    async def close(self) -> None:
        """See ``Nursery.close``."""
        self.closed = True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_asks_a_server_that_ends_before_its_data_are_loaded_is_told_to_come_back(
    number: signal.Signals,
) -> None:
    async def play(heard: socket.socket) -> None:
        clients = [await asyncio.open_connection(*heard.getsockname()) for _ in range(5)]
        for _, writer in clients[1:]:
            writer.write(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a\r\nAccept-Language: en\r\n\r\n")
        nursery, started = Loading(), list[None]()
        server = Server(Settings(cache=None), [Path("a.nq")], Limits(), first=nursery)
        running = asyncio.create_task(server.run(heard, lambda: started.append(None)))
        await nursery.begun.wait()
        os.kill(os.getpid(), number)
        async with asyncio.timeout(SECONDS):
            told = [await reader.read() for reader, _ in clients]
            await running
        assert told[0] == b""  # nothing was asked: an end, and no error
        for answer in told[1:]:
            head, _, body = answer.decode().partition("\r\n\r\n")
            assert head.startswith("HTTP/1.1 503 ")
            assert "\r\nretry-after: 1" in head.lower()
            assert "The service is about to end." in body
        assert (nursery.closed, started) == (True, [])
        for _, writer in clients:
            writer.close()

    before = signal.signal(number, lambda *_: None)  # so that it ends nothing if the server does not heed it
    try:
        with socket.create_server(("127.0.0.1", 0)) as heard:
            asyncio.run(play(heard))
    finally:
        signal.signal(number, before)


def test_a_check_of_files_ends_with_who_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told, program = tmp_path / "pid", tmp_path / "python"
    program.write_text(f"#!/bin/sh\necho $$ > {told}.new\nmv {told}.new {told}\nexec sleep 1000\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))

    async def play() -> None:
        checking = asyncio.create_task(Server(Settings(root=CHECKOUT), (), Limits())._check())
        await until(told.exists)
        pid = int(told.read_text("ascii"))
        checking.cancel()
        try:
            await until(lambda: checking.done() and has_ended(pid))
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    asyncio.run(play())


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something to happen."""
    ends = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < ends, "it does not happen"
        await asyncio.sleep(0.005)


def has_ended(pid: int) -> bool:
    """Whether a process is there no more."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
