"""The allocator of the process that holds the data, and of its workers: tcmalloc where the system has it.

A query takes and gives back many small pieces of memory. tcmalloc (S. Ghemawat and P. Menage: TCMalloc:
Thread-Caching Malloc, 2005; of gperftools) hands out first what was given back last, which is still in the
processor's cache. mimalloc (D. Leijen, B. Zorn and L. de Moura: Mimalloc: free list sharding in action,
2019), which comes with this program, goes round all that is free, but takes less time than the C library's.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bibgraph.store.sandbox.worker import size

_OF_SYSTEM = "libtcmalloc_minimal.so.4"
_PLACES = (f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/lib64", "/usr/lib")
_QUIET = {"TCMALLOC_LARGE_ALLOC_REPORT_THRESHOLD": "0"}
_PACKAGE = "cmeel"
_LIBRARY = "cmeel.prefix/lib/libmimalloc.so.3"
_OPTIONS = {
    "MIMALLOC_ALLOW_THP": "0",  # else what is set aside, but never used, would be given pages
    "MIMALLOC_ARENA_RESERVE": "32MiB",
    "MIMALLOC_RETRY_ON_OOM": "0",  # a query that takes too much is not to wait for more
}
_TUNABLES = "glibc.malloc.tcache_count=127"
"""For the C library's allocator: to keep more small pieces at hand saves it a sixth of a query's time."""
_PIECES = (1 << 20, 1 << 16)
_STDERR = 2
_NOTES = 1 << 20
"""Bytes for an allocator's notes of where its pages lie: it has to write those before it can use a page."""


def environment() -> dict[str, str]:
    """The environment for a process that holds the data: what this one has comes before what is set here."""
    preloaded = os.environ.get("LD_PRELOAD", "")
    if library := _of_system():
        return {**_QUIET, **os.environ, "LD_PRELOAD": f"{library} {preloaded}".strip()}
    if library := _of_package():
        return {**_OPTIONS, **os.environ, "LD_PRELOAD": f"{library} {preloaded}".strip()}
    return {"GLIBC_TUNABLES": _TUNABLES, **os.environ}


def settle(memory: int) -> int:
    """Leave each process that is forked from this one ``memory`` bytes to allocate, and no more.

    Both take memory from the system in large parts, of which much may be unused when the data are loaded; a
    limit on address space would not count it. So it is used up. For mimalloc half of what a worker may have
    is set aside instead: for much data the next part would be too large for the limit. Returns the bytes of
    address space that a worker may take besides.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "MallocExtension_ReleaseFreeMemory"):
        library.MallocExtension_ReleaseFreeMemory()
        _use_up(library)
        return memory
    if not hasattr(library, "mi_collect"):
        return memory
    library.mi_reserve_os_memory.argtypes = [ctypes.c_size_t, ctypes.c_bool, ctypes.c_bool]
    library.mi_collect(ctypes.c_bool(True))  # noqa: FBT003  # as C has it
    _use_up(library)
    half = memory // 2
    reserved = library.mi_reserve_os_memory(half, True, False) == 0  # noqa: FBT003
    return memory - half if reserved else memory


def _use_up(library: ctypes.CDLL) -> None:
    """Take all memory that can be had without asking the system for more than room for notes."""
    import resource  # noqa: PLC0415  # an allocator is preloaded, so this is no Windows

    library.malloc.argtypes, library.malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
    before = resource.getrlimit(resource.RLIMIT_AS)
    with _silent():
        resource.setrlimit(resource.RLIMIT_AS, (size() + _NOTES, before[1]))
        try:
            for piece in _PIECES:
                while library.malloc(piece):
                    pass
        finally:
            resource.setrlimit(resource.RLIMIT_AS, before)


@contextmanager
def _silent() -> Generator[None]:
    """Let nothing be written to standard error: tcmalloc says there that it could not have more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)  # takes the place of a standard error that is closed
    kept = os.dup(_STDERR)
    try:
        os.dup2(nowhere, _STDERR)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
        os.close(nowhere)


def _of_system() -> Path | None:
    found = (Path(place, _OF_SYSTEM) for place in _PLACES)
    return next((library for library in found if library.exists()), None)


def _of_package() -> Path | None:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        return None
    library = Path(found.origin).parents[1] / _LIBRARY
    told_apart = not any(letter in str(library) for letter in " :")  # by either the list of libraries is cut
    return library if library.exists() and told_apart else None
