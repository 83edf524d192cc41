"""What the tests share: the checkout's graph, a command line to call, and no way to the network."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bibgraph.cli import run
from bibgraph.repository import Repository

CHECKOUT = Path(__file__).resolve().parent.parent

settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to write golden files anew."""
    parser.addoption("--rewrite", action="store_true", help="write the golden files anew")


@dataclass(frozen=True)
class Outcome:
    """How a command line ended."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder with ontology/, data/, shapes/ and queries/."""
    return CHECKOUT


@pytest.fixture(scope="session")
def repository() -> Repository:
    """The project's own files, parsed once."""
    return Repository(CHECKOUT)


@pytest.fixture
def bibgraph(capfd: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Call the command line inside this process; talk is in English unless the call says otherwise."""

    def call(*arguments: object, language: str | None = "en") -> Outcome:
        before = () if language is None else ("--language", language)
        with pytest.raises(SystemExit) as ended:
            run([*before, *map(str, arguments)])
        captured = capfd.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the developer's settings and cache out of the tests."""
    for name in os.environ:
        if name.startswith("BIBGRAPH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Refuse connections from this process to anywhere but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:  # noqa: ANN401  # an address is what its family wants
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in ("localhost", "::1") and not str(host).startswith("127."):
            raise AssertionError(f"a test reached for {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield
