"""``bibgraph serve``: from the command line to an answer on loopback, and to a clean end."""

from __future__ import annotations

import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import pytest

from bibgraph import nursery
from bibgraph.limits import Limits
from conftest import CHECKOUT, Outcome
from web_world import TRIG

SECONDS = 120.0
ASK = "ASK%20%7B?s%20?p%20?o%7D"
COMMAND = (sys.executable, "-m", "bibgraph")
TURTLE = '<https://w3id.org/bibgraph/id/thing/a> <http://www.w3.org/2000/01/rdf-schema#label> "A" .\n'


class Server:
    """A running server: its process, its address, and all that it has said on stderr."""

    def __init__(self, process: subprocess.Popen[str], address: str, said: str) -> None:
        self.process = process
        self.address = address
        self.said = said

    def get(self, path: str, accept: str = "*/*") -> tuple[int, str]:
        """Status and body of an answer."""
        request = urllib.request.Request(self.address + path.lstrip("/"), headers={"Accept": accept})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  # loopback
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


@contextmanager
def served(*arguments: str, language: str = "en", before: str = "") -> Iterator[Server]:
    """A server started with these arguments on a free port, ended at the end.

    before: a folder in which its processes look for modules first.
    """
    command = [*COMMAND, "--language", language, "serve", *arguments, "--port", "0"]
    places = [before, str(CHECKOUT / "src")] if before else [str(CHECKOUT / "src")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=environment, cwd=CHECKOUT
    ) as process:
        try:
            said = _read_until_address(process)
            address = re.search(r"http://\S+", said)
            assert address, said
            yield Server(process, address[0], said)
        finally:
            process.kill()


def _read_until_address(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    said, end = "", time.monotonic() + SECONDS
    while "http://" not in said and process.poll() is None and time.monotonic() < end:
        if select.select([process.stderr], [], [], 0.2)[0]:
            said += process.stderr.readline()
    return said


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "a.ttl").write_text(TURTLE, encoding="utf-8")
    (tmp_path / "world.trig").write_text(TRIG, encoding="utf-8")
    return [str(tmp_path / "a.ttl"), str(tmp_path / "world.trig")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_answers_there_and_ends_cleanly(files: list[str], number: signal.Signals) -> None:
    with served("--data", *files) as server:
        status, body = server.get("/health")
        assert (status, json.loads(body)["status"]) == (200, "ok")
        assert server.get("/doc/thing/a.ttl")[0] == 200
        assert server.get("/doc/measure/2030/2.ttl")[0] == 200
        server.process.send_signal(number)
        assert server.process.wait(SECONDS) == 0
        assert server.process.stderr
        assert "Traceback" not in server.process.stderr.read()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be made to stand still here")
def test_what_has_been_asked_before_it_is_to_end_is_answered(files: list[str]) -> None:
    with served("--data", *files) as server, ExitStack() as clients:
        place = urllib.parse.urlsplit(server.address).netloc

        def client() -> http.client.HTTPConnection:
            made = http.client.HTTPConnection(place, timeout=SECONDS)
            clients.callback(made.close)
            made.connect()
            return made

        kept = [client() for _ in range(3)]
        for one in kept:
            one.request("GET", f"/sparql?query={ASK}")
            assert one.getresponse().read()
        server.process.send_signal(signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(server.process.pid, os.WUNTRACED)[1])
        asking = [*kept, *(client() for _ in range(20))]
        for one in asking:
            one.request("GET", f"/sparql?query={ASK}")
        for number in (signal.SIGTERM, signal.SIGCONT):
            server.process.send_signal(number)
        replies = [one.getresponse() for one in asking]
        assert [reply.status for reply in replies] == [200] * len(asking)
        assert all(reply.read() for reply in replies)
        assert server.process.wait(SECONDS) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device here")
def test_what_cannot_be_said_is_lost_and_keeps_nobody_from_an_answer(files: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*COMMAND, "serve", "--data", files[0], "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "src")}
    with (
        Path("/dev/full").open("wb") as full,
        subprocess.Popen(command, stderr=full, text=True, env=environment, cwd=CHECKOUT) as process,
    ):
        try:
            end, answers = time.monotonic() + SECONDS, 0
            # The first may be answered before what is said at the start is lost, the last ones are not.
            while answers < 20 and process.poll() is None and time.monotonic() < end:
                with suppress(OSError, http.client.HTTPException):
                    answers += Server(process, f"http://127.0.0.1:{port}/", "").get("/health")[0] == 200
                time.sleep(0.05)
            assert (answers, process.poll()) == (20, None)
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS) == 0
        finally:
            process.kill()


def test_files_can_be_named_with_one_option_each_and_keep_their_graphs(files: list[str]) -> None:
    with served("--data", files[0], "--data", files[1]) as server:
        query = "SELECT%20(COUNT(DISTINCT%20?g)%20AS%20?n)%20%7B%20GRAPH%20?g%20%7B?s%20?p%20?o%7D%7D"
        assert server.get(f"/sparql?query={query}", "text/csv")[1].split() == ["n", "6"]


def test_pages_work_the_same_on_a_service_elsewhere(files: list[str]) -> None:
    with served("--data", *files) as store, served("--endpoint", f"{store.address}sparql") as server:
        for path in ("/doc/measure/2030/2", "/doc/measure", "/graph/measures/report", "/ontology", "/"):
            here, there = store.get(path, "text/html"), server.get(path, "text/html")
            assert (here[0], there[0]) == (200, 200)
            assert without_version(store, here[1]) == without_version(server, there[1])
        assert json.loads(server.get("/health")[1])["status"] == "ok"


def without_version(server: Server, page: str) -> str:
    """The page but for where it names the version of the graph, in full or by how it begins."""
    version = json.loads(server.get("/health")[1])["graph"]
    short = version.removeprefix("remote:")[:12]
    return page.replace(version, "").replace(version[:16], "").replace(short, "")


def test_bytes_that_are_not_utf8_are_told_through_the_real_server(files: list[str]) -> None:
    with served("--data", *files) as server:
        assert server.get("/id/%ff")[0] == 400
        assert server.get("/sparql?query=%ff")[0] == 400
        assert server.get("/sparql?query=ASK%7B%7D%zz")[0] == 400


def test_what_it_says_is_in_the_language_asked_for(files: list[str]) -> None:
    with served("--data", files[1], language="nn") as server:
        assert '<html lang="nn">' in server.get("/", "text/html")[1]


def test_a_port_in_use_is_a_failure_of_the_surroundings(
    bibgraph: Callable[..., Outcome], files: list[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = bibgraph("serve", "--data", *files, "--port", port)
    assert outcome.code == 3
    assert f"127.0.0.1:{port}" in outcome.err
    assert "--port" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_host_that_is_none_is_a_failure_of_the_surroundings(
    bibgraph: Callable[..., Outcome], files: list[str]
) -> None:
    outcome = bibgraph("serve", "--data", *files, "--host", "256.1.1.1.invalid", "--port", "0")
    assert outcome.code == 3
    assert "256.1.1.1.invalid" in outcome.err


def test_a_missing_or_broken_file_is_wrong_use(bibgraph: Callable[..., Outcome], tmp_path: Path) -> None:
    missing = bibgraph("serve", "--port", "0", "--data", tmp_path / "none.ttl")
    assert missing.code == 2
    assert "none.ttl" in missing.err
    broken = tmp_path / "broken.ttl"
    broken.write_text("<a:b> <a:c>\n  oops .\n", encoding="utf-8")
    outcome = bibgraph("serve", "--port", "0", "--data", broken)
    assert outcome.code == 2
    assert "broken.ttl:2:" in outcome.err


def test_files_without_the_option_and_ports_out_of_range_are_wrong_use(
    bibgraph: Callable[..., Outcome], files: list[str]
) -> None:
    assert bibgraph("serve", files[0]).code == 2
    outcome = bibgraph("serve", "--port", "70000")
    assert outcome.code == 2
    assert "65535" in outcome.err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere names of files are texts")
def test_files_may_have_names_that_are_no_utf8(tmp_path: Path) -> None:
    place = os.fsdecode(os.fsencode(tmp_path) + b"/b\xe6r.ttl")
    Path(place).write_text("<x:a> <x:b> <x:c> .", "utf-8")
    with served("--data", place) as server:
        status, found = server.get("sparql?query=SELECT%20%3Fg%20%7B%20GRAPH%20%3Fg%20%7B%7D%20%7D")
    assert status == 200
    assert "/graph/b%E6r" in found


def test_data_that_cannot_be_loaded_for_any_reason_are_told_of(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    def load(*_: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(nursery, "load", load)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    told = json.dumps({"folders": {}, "data": [], "limits": asdict(Limits())})
    nursery.main([told, "keep", str(tmp_path / "kept.nq")])
    assert b"The data cannot be loaded: {reason}." in capfdbinary.readouterr().out


def test_it_serves_though_nobody_hears_what_it_says(files: list[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = 'exec "$@" 2>&- >&- <&-'
    command = ["/bin/sh", "-c", line, "sh", *COMMAND, "serve", "--port", str(port), "--data", *files]
    with subprocess.Popen(command) as process:
        try:
            while process.poll() is None:
                with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)) as line_:
                    line_.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n\r\n")
                    said = b"".join(iter(lambda: line_.recv(65536), b""))
                    break
            process.terminate()
            assert process.wait(SECONDS) == 0
        finally:
            process.kill()
    assert said.startswith(b"HTTP/1.1 200 OK\r\n")


def test_files_and_a_service_are_not_served_together(
    bibgraph: Callable[..., Outcome], files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = bibgraph("serve", "--data", files[0], "--endpoint", "http://127.0.0.1:9/sparql")
    monkeypatch.setenv("BIBGRAPH_ENDPOINT", "http://127.0.0.1:9/sparql")
    stated = bibgraph("serve", "--data", files[0])
    for outcome in (given, stated):
        assert outcome.code == 2
        assert outcome.err.startswith("Either files are served or a service, not both.\n")


def test_a_host_that_can_be_none_is_told_of(bibgraph: Callable[..., Outcome]) -> None:
    outcome = bibgraph("serve", "--host", "a..b")
    assert outcome.code == 3
    assert outcome.err.startswith("a..b:8000: Cannot listen there: ")
    assert "--host" in outcome.err
    assert "--port" not in outcome.err


def test_a_proxy_that_is_no_address_is_wrong_use(bibgraph: Callable[..., Outcome]) -> None:
    outcome = bibgraph("--language", "en", "serve", "--behind", "10.0.0.1", "--behind", "nginx")
    assert outcome.code == 2
    assert outcome.err.startswith("--behind: nginx is neither an address nor a network.\n")


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="only Linux has it")
def test_no_process_of_the_server_breaks_another_off(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE, encoding="utf-8")
    with served("--data", str(tmp_path / "a.ttl")) as server:
        pids = [server.process.pid]
        for pid in pids:
            tasks = Path(f"/proc/{pid}/task").glob("*/children")
            pids += [int(child) for task in tasks for child in task.read_text("ascii").split()]
        assert len(pids) > 2, "the server, who holds the data, and workers"
        assert {os.sched_getscheduler(pid) for pid in pids} == {os.SCHED_BATCH}


@pytest.mark.skipif(sys.platform == "win32", reason="it counts open files as POSIX has them")
def test_more_workers_than_files_may_be_open_are_wrong_use_and_many_are_not(files: list[str]) -> None:
    resource = pytest.importorskip("resource")
    with served("--limit", "workers=300", "--data", *files) as server:  # more than a socket holds lines for
        assert server.get("sparql?query=ASK%7B%7D")[0] == 200

    finished = subprocess.run(
        [*COMMAND, "--language", "en", "serve", "--limit", "workers=20", "--port", "0", "--data", *files],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256)),
        check=False,
    )
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith("--limit workers: 20 workers leave no room for connections.\n")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals are sent otherwise on Windows")
def test_signals_are_heeded_as_soon_as_it_listens(files: list[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = ""
    for number in (signal.SIGHUP, signal.SIGTERM):
        command = (*COMMAND, "serve", "--port", str(port), "--data", *files)
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            try:
                while True:
                    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                        break
                process.send_signal(number)
                if number == signal.SIGHUP:
                    said = _read_until_address(process)
                    process.terminate()
                _, rest = process.communicate(timeout=SECONDS)
                assert process.returncode == 0
                assert "Traceback" not in rest
            finally:
                process.kill()
    assert "http://" in said
