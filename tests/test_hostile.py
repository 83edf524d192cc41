"""The hostile battery over HTTP against a server that is started here, and signals that come under load."""

from __future__ import annotations

import asyncio
import json
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from bibgraph.config import Settings
from bibgraph.errors import SourceError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.repository import FOLDERS
from bibgraph.web.server.running import Server
from conftest import CHECKOUT
from hostile.battery import chosen, listening
from hostile.cases import Case, Target, sound, tried
from hostile.client import Client
from hostile.data import nquads
from hostile.loading import HEAVY, polite
from hostile.tree import Tree

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are watched by /proc"),
]

TIMEOUT = 3.0
SECONDS = 120.0
DESCRIPTORS = 60
LOGGED = ("time", "id", "query", "ms", "outcome", "bytes", "begins")
LIMITS = (f"timeout={TIMEOUT}", "wait=10", "memory=64MiB", "client-budget=off")
ROOMY = ("timeout=60", "wait=60", "memory=64MiB", "client-budget=off")
"""Where no limit is what is tried."""


class Started:
    """A server under watch: its process, its client, and the file that its log goes to."""

    def __init__(self, process: subprocess.Popen[bytes], client: Client, log: Path) -> None:
        self.process = process
        self.client = client
        self.log = log
        self.tree = Tree(process.pid)

    def ends(self) -> int:
        """What the process ends with."""
        return self.process.wait(SECONDS)


def served(data: Path, *more: str, limits: Sequence[str] = LIMITS) -> list[str]:
    """The command of a server over these data."""
    limit = [part for one in limits for part in ("--limit", one)]
    given = ["--language", "en", "serve", "--port", "0", *limit, *more, "--data", str(data)]
    return [sys.executable, "-m", "bibgraph", *given]


@contextmanager
def started(folder: Path, data: Path, *more: str, limits: Sequence[str] = LIMITS) -> Iterator[Started]:
    """A server over these data, ended at the end if it has not ended before."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "src")}
    log = folder / "log"
    with log.open("wb") as out:
        command = served(data, *more, limits=limits)
        process = subprocess.Popen(command, stderr=out, env=environment, cwd=CHECKOUT)
    try:
        ends = time.monotonic() + SECONDS
        while not (address := re.search(r"http://\S+\n", log.read_text("utf-8"))):
            assert process.poll() is None
            assert time.monotonic() < ends
            time.sleep(0.02)
        yield Started(process, Client(address[0].strip()), log)
    finally:
        process.kill()
        process.wait(SECONDS)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("hostile") / "data.nq"
    file.write_text(nquads(), "utf-8")
    return file


@pytest.fixture(scope="module")
def tested(data: Path) -> Iterator[tuple[Started, Target, list[str]]]:
    with started(data.parent, data) as server, listening() as (url, heard):
        yield server, Target(server.client, TIMEOUT, server.tree, soak=2.0, listener=url), heard


CASES = chosen(quick=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}.{case.name}")
def test_it_is_bounded_clear_and_right_straight_after(
    tested: tuple[Started, Target, list[str]], case: Case
) -> None:
    _, target, heard = tested
    (verdict,) = tried(target, [case])
    assert not verdict.problem
    assert not heard


def test_after_all_of_it_the_server_is_as_it_was(tested: tuple[Started, Target, list[str]]) -> None:
    server, target, _ = tested
    sound(target)
    assert server.process.poll() is None
    workers = max(4, 2 * (os.cpu_count() or 1))
    _until(lambda: len(server.tree.members()) <= 2 + workers and server.tree.descriptors() <= DESCRIPTORS)
    said = server.log.read_text("utf-8").splitlines()
    assert not any("Traceback" in line for line in said)
    queries = [json.loads(line) for line in said if line.startswith("{")]
    assert len(queries) > 500
    others = [line for line in said if not line.startswith("{")]
    assert all(re.match(r"\d{4}-\d\d-\d\d |Serving at ", line) or "again" in line for line in others), others
    assert {len(one["begins"]) <= 200 for one in queries} == {True}
    assert {frozenset(one) for one in queries} == {frozenset(LOGGED)}


def test_sigterm_under_load_ends_it_within_bounds_and_leaves_nothing(data: Path, tmp_path: Path) -> None:
    with started(tmp_path, data, limits=("timeout=1", "wait=1")) as server:
        members, target = server.tree.members(), Target(server.client, TIMEOUT, server.tree)
        loads = [server.client.connection() for _ in range(12)]
        for number, connection in enumerate(loads):
            accept = "text/html" if number % 2 else "*/*"
            path = "/sparql?query=" + quote(target.fresh(HEAVY))
            connection.send(server.client.written("GET", path, [("Accept", accept)]))
        idle = [server.client.connection() for _ in range(20)]
        _until(lambda: target.under_way()["running"])
        members += server.tree.members()
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.ends() == 0
        assert time.monotonic() - began < SECONDS / 2
        for connection in loads + idle:
            connection.close()
        _until(lambda: not [pid for pid in set(members) if Path(f"/proc/{pid}").exists()])
        assert "Traceback" not in server.log.read_text("utf-8")


def test_a_log_that_nobody_reads_stops_nothing(data: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "src")}
    command = served(data, limits=ROOMY)
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, cwd=CHECKOUT) as process:
        try:
            assert process.stderr
            assert select.select([process.stderr], [], [], SECONDS)[0]
            address = re.search(r"http://\S+", process.stderr.readline().decode())
            assert address
            client = Client(address[0])
            for number in range(250):
                assert client.query(f"SELECT ({number} AS ?n) {{}} # {'x' * 200}").status == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS) == 0
        finally:
            process.kill()


def test_a_new_version_comes_in_under_load_and_drops_nothing(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "served.nq"
    file.write_text(data.read_text("utf-8"), "utf-8")
    more = '<https://example.org/new> <https://example.org/says> "new" <https://example.org/graph/texts> .\n'
    new = "SELECT ?n { <https://example.org/new> ?p ?n }"
    with started(tmp_path, file, limits=ROOMY) as server:
        target = Target(server.client, TIMEOUT, server.tree)
        found: list[tuple[bool, float, int]] = []
        going_on = threading.Event()
        going_on.set()

        def ask(seed: int) -> None:
            while going_on.is_set():
                found.append(polite(target, seed + len(found)))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        try:
            assert server.client.rows(new) == []
            file.write_text(data.read_text("utf-8") + more, "utf-8")
            server.process.send_signal(signal.SIGHUP)
            _until(lambda: server.client.rows(new) == [{"n": "new"}])
            file.write_text(more + "<oops", "utf-8")
            server.process.send_signal(signal.SIGHUP)
            _until(lambda: "the old version stays" in server.log.read_text("utf-8"))
            assert server.client.rows(new) == [{"n": "new"}]
            _until(lambda: len(found) > 50)
        finally:
            going_on.clear()
            for thread in threads:
                thread.join()
        assert all(right for right, _, _ in found), [one for one in found if not one[0]]
        _until(lambda: len(server.tree.members()) <= 2 + 2 * max(4, 2 * (os.cpu_count() or 1)))


def test_watching_takes_in_a_change_and_not_a_bad_one(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "served.nq"
    file.write_text(data.read_text("utf-8"), "utf-8")
    more = '<https://example.org/new> <https://example.org/says> "new" <https://example.org/graph/texts> .\n'
    new = "SELECT ?n { <https://example.org/new> ?p ?n }"
    with started(tmp_path, file, "--watch", limits=ROOMY) as server:
        assert server.client.rows(new) == []
        file.write_text(more, "utf-8")
        _until(lambda: server.client.rows(new) == [{"n": "new"}])
        file.write_text("<oops", "utf-8")
        _until(lambda: "the old version stays" in server.log.read_text("utf-8"))
        assert server.client.rows(new) == [{"n": "new"}]


def test_watching_goes_on_when_a_folder_was_away_for_a_while(tmp_path: Path) -> None:
    root, away = tmp_path / "root", tmp_path / "away"
    root.mkdir()
    (root / "ontology").mkdir()
    server = Server(Settings(root=root), (), Limits())
    assert server._stamps() == {}
    for name in FOLDERS:
        (root / name).mkdir(exist_ok=True)
    (root / "data" / "a.ttl").write_text("", "utf-8")
    assert list(server._stamps()) == [str(root / "data" / "a.ttl")]
    root.rename(away)
    assert server._stamps() == {}


def test_of_many_wishes_to_read_the_files_again_one_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    server, looked = Server(Settings(), (), Limits()), []

    async def play() -> None:
        go_on = asyncio.Event()

        async def check() -> None:
            looked.append(server)
            await go_on.wait()
            raise SourceError(message("No."))

        monkeypatch.setattr(server, "_check", check)
        wishes = [asyncio.create_task(server.reload()) for _ in range(9)]
        await asyncio.sleep(0)
        wishes += [asyncio.create_task(server.reload()) for _ in range(9)]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(*wishes)

    asyncio.run(play())
    assert len(looked) == 2


def test_behind_a_proxy_clients_are_told_apart_and_elsewhere_nobody_is_believed(
    data: Path, tmp_path: Path
) -> None:
    limits = ("timeout=1", "client-budget=1.5")
    with started(tmp_path, data, "--behind", "127.0.0.2", limits=limits) as server:
        proxy, stranger = server.client.elsewhere("127.0.0.2"), server.client
        assert _spent(proxy, "10.0.0.1")
        assert proxy.query(f"{HEAVY} # other", x_forwarded_for="10.0.0.2").status == 504
        assert _spent(stranger, "10.0.0.3")
        assert stranger.query(f"{HEAVY} # spoofed", x_forwarded_for="10.0.0.4").status == 429


def _spent(client: Client, address: str) -> bool:
    """Whether the budget of a client comes to its end, after one query or some."""
    statuses = []
    for number in range(20):  # a query may get little of a processor in its time
        statuses.append(client.query(f"{HEAVY} # {address} {number}", x_forwarded_for=address).status)
        if statuses[-1] != 504:
            break
    return len(statuses) > 1 and statuses[-1] == 429


def _until(happened: Callable[[], object]) -> None:
    ends = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < ends, "it does not happen"
        time.sleep(0.05)
