"""The allocator of the processes that answer queries: it is there, and what a worker may take is held to."""

from __future__ import annotations

import errno
import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bibgraph.limits import Limits
from bibgraph.store.sandbox import allocator
from bibgraph.store.sandbox.allocator import environment, settle

MIB = 1 << 20
FORKED = """
import ctypes, os, sys
from bibgraph.store.sandbox.allocator import settle
from bibgraph.store.sandbox.worker import bound

held = [bytes(1000) for _ in range(200_000)]
del held[::2]
left = settle(int(sys.argv[1]))
child = os.fork()
if child == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where a worker may say that it could have no more
    bound(left)
    take, had = ctypes.CDLL(None).malloc, 0
    take.argtypes, take.restype = [ctypes.c_size_t], ctypes.c_void_p
    while take(int(sys.argv[2])):
        had += int(sys.argv[2])
    os.write(1, str(had).encode())
    os._exit(0)
os.waitpid(child, 0)
"""
WITHOUT_STDERR = """
import os
from bibgraph.store.sandbox.allocator import settle

settle(1 << 20)
try:
    os.fstat(2)
except OSError as error:
    print(os.strerror(error.errno))
"""
PACKAGE = pytest.param(
    "not_installed.so",
    id="mimalloc",
    marks=pytest.mark.skipif(
        importlib.util.find_spec("cmeel") is None, reason="mimalloc has no wheel for this system"
    ),
)
SYSTEM = pytest.param(
    allocator._OF_SYSTEM,
    id="tcmalloc",
    marks=pytest.mark.skipif(allocator._of_system() is None, reason="tcmalloc is not installed"),
)


@pytest.fixture
def none_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocator, "_OF_SYSTEM", "not_installed.so")
    monkeypatch.delenv("LD_PRELOAD", raising=False)


@pytest.mark.parametrize("of_system", [PACKAGE, SYSTEM])
def test_what_is_set_already_stays(of_system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocator, "_OF_SYSTEM", of_system)
    monkeypatch.setenv("LD_PRELOAD", "/other.so")
    monkeypatch.setenv("MIMALLOC_ARENA_RESERVE", "64MiB")
    monkeypatch.setenv("TCMALLOC_LARGE_ALLOC_REPORT_THRESHOLD", "5")
    library, other = environment()["LD_PRELOAD"].split(" ")
    assert Path(library).is_file()
    assert other == "/other.so"
    assert environment()["MIMALLOC_ARENA_RESERVE"] == "64MiB"
    assert environment()["TCMALLOC_LARGE_ALLOC_REPORT_THRESHOLD"] == "5"


def test_that_of_the_system_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    library = tmp_path / allocator._OF_SYSTEM
    monkeypatch.setattr(allocator, "_PLACES", (str(tmp_path / "none"), str(tmp_path)))
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    assert environment().get("LD_PRELOAD") != str(library)
    library.touch()
    assert environment()["LD_PRELOAD"] == str(library)


@pytest.mark.usefixtures("none_of_the_system")
def test_without_either_that_of_the_c_library_keeps_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocator, "_PACKAGE", "not_installed")
    assert "LD_PRELOAD" not in environment()
    assert "tcache" in environment()["GLIBC_TUNABLES"]
    assert settle(5 * MIB) == 5 * MIB


@pytest.mark.usefixtures("none_of_the_system")
def test_it_is_left_alone_where_its_path_would_be_cut(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "a place"
    library = folder / "cmeel.prefix/lib/libmimalloc.so.3"
    library.parent.mkdir(parents=True)
    library.touch()
    (folder / "made_for_this").mkdir()
    (folder / "made_for_this/__init__.py").touch()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(allocator, "_PACKAGE", "made_for_this")
    assert "LD_PRELOAD" not in environment()
    monkeypatch.chdir(folder.rename(tmp_path / "place").parent)
    monkeypatch.syspath_prepend(str(tmp_path / "place"))
    importlib.invalidate_caches()
    assert environment()["LD_PRELOAD"] == f"{tmp_path}/place/cmeel.prefix/lib/libmimalloc.so.3"


@pytest.mark.parametrize("of_system", [PACKAGE, SYSTEM])
@pytest.mark.parametrize("piece", [200, 5_000, 70_000, 1_000_000])
@pytest.mark.parametrize("memory", [48 * MIB, Limits().memory])
def test_a_worker_gets_what_it_may_take_and_no_more(
    memory: int, piece: int, of_system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allocator, "_OF_SYSTEM", of_system)
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    told = subprocess.run(
        [sys.executable, "-c", FORKED, str(memory), str(piece)],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stderr == ""
    # Pieces that do not fill their page, and gaps between the data, make it not quite the same.
    assert memory * 0.7 < int(told.stdout) < memory + 24 * MIB


@pytest.mark.parametrize("of_system", [PACKAGE, SYSTEM])
def test_it_settles_where_standard_error_is_closed_and_leaves_it_so(
    of_system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allocator, "_OF_SYSTEM", of_system)
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    told = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-c", WITHOUT_STDERR],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert told.stdout == f"{os.strerror(errno.EBADF)}\n"
