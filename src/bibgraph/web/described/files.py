"""The files of the dumps: kept on disk by version, and made by another process when they are missing."""

from __future__ import annotations

import hashlib
import logging
import shutil
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread

import pyoxigraph as ox
from flask import Flask, current_app

from bibgraph import __version__
from bibgraph.describe import Describer, collect, select, value_of
from bibgraph.errors import BibgraphError, NotFound, Unavailable
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.publish import dumps
from bibgraph.publish.making import Maker
from bibgraph.web.described.fleeting import Fleeting

PATH = "/dumps"
_EXTENSION = "bibgraph-dumps"
_ELSEWHERE = "remote:"
_KEPT = 3
_PATIENCE = 600.0
_MOST_WAITING = 4
_ATTEMPTS = 5
_PAUSE = 2.0
_LOG = logging.getLogger(__name__)
_TYPES = {
    **{media.suffix: media.content_type for media in BY_NAME.values()},
    ".gz": "application/gzip",
    ".xml": "application/xml",
    "": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class DumpFile:
    """A file of the dumps: its name, size in bytes, SHA-256 in hex, and media type."""

    name: str
    size: int
    sha256: str
    type: str

    @property
    def path(self) -> str:
        """Its path on this site."""
        return f"{PATH}/{self.name}"


class Files:
    """The files of ``graph``. cache: where they are kept; without, in a folder that goes with the process."""

    def __init__(self, graph: Graph, cache: Path | None) -> None:
        self._graph = graph
        self._cache = cache
        self._fleeting: Fleeting | None = None
        self._lock = Lock()
        self._maker = Maker()
        weakref.finalize(self, self._maker.end)
        self._making: Future[None] | None = None
        self._waiting = BoundedSemaphore(_MOST_WAITING)
        self._read = lru_cache(maxsize=1)(_listed)

    def install(self, app: Flask) -> None:
        """Let ``files_of`` find them."""
        app.extensions[_EXTENSION] = self

    def ready(self) -> Sequence[DumpFile]:
        """The files, the sums last; none if they are not made yet, or the graph is kept elsewhere."""
        if self._graph.version.startswith(_ELSEWHERE) or (self._cache is None and self._fleeting is None):
            return ()
        folder = self.folder()
        return self._read(folder) if (folder / dumps.SUMS).is_file() else ()

    def get(self) -> Sequence[DumpFile]:
        """The files; while they are made, a few who ask may wait for them.

        Raises NotFound where the graph is kept elsewhere, Unavailable for who may not wait, for files that
        cannot be made, and after ``close``.
        """
        found = self.ready()
        if found:
            return found
        made = self.begin()
        if made is None:
            raise NotFound(message("The graph is kept by another service, and this one has no dumps of it."))
        if not self._waiting.acquire(blocking=False):  # others would wait in vain for a page
            raise _not_yet()
        try:
            made.result(_PATIENCE)
        except TimeoutError as error:
            raise _not_yet() from error
        finally:
            self._waiting.release()
        return self.ready()

    def begin(self) -> Future[None] | None:
        """Have them made, if they are not, and nobody is at it; None where the graph is kept elsewhere.

        What comes back is done in any case, once they are made, cannot be, or this is closed.
        """
        if self._graph.version.startswith(_ELSEWHERE):
            return None
        with self._lock:
            if self._making is None or self._making.done():
                self._making = Future()
                if self._maker.ended.is_set():
                    self._making.set_exception(_not_yet())
                else:
                    Thread(target=self._make, args=(self._making,), name="dumps", daemon=True).start()
            return self._making

    def close(self) -> None:
        """Make nothing any more; who waits for it is asked to come again, at once."""
        self._maker.end()
        with self._lock:
            making = self._making
        if making is not None:
            self._settle(making, _not_yet())

    def folder(self) -> Path:
        """Where the files of this version are, once they are made."""
        return self._home() / f"dumps-{__version__}-{self._graph.version[:32]}"

    def _make(self, making: Future[None]) -> None:
        made = False
        try:
            made = self._made()
        finally:  # whatever has happened, nobody waits for what does not come
            self._settle(making, None if made else self._why_not())

    def _made(self) -> bool:
        for left in reversed(range(_ATTEMPTS)):
            try:
                if not self.ready():
                    self._maker.make(
                        self._quads(), self._graph.repository.root, self.folder(), self._graph.version
                    )
                    _forget_old(self.folder())
            except (BibgraphError, OSError, RuntimeError, CancelledError) as error:
                # The last two: what is asked, or its loop, has ended.
                if self._maker.ended.is_set():
                    break
                _LOG.warning(
                    "the dumps cannot be made, attempts left: %d: %s", left, str(error) or repr(error)
                )
                self._maker.ended.wait(_PAUSE if left else 0)  # a busy service may have had no time to answer
            else:
                return True
        return False

    def _why_not(self) -> Unavailable:
        if self._maker.ended.is_set():
            return _not_yet()
        told = message("The files cannot be made here."), message("The log of the service says why.")
        return Unavailable(told[0], hint=told[1])

    def _settle(self, making: Future[None], failure: Unavailable | None) -> None:
        with self._lock:
            if making.done():
                return
            if failure is None:
                making.set_result(None)
            else:
                making.set_exception(failure)

    def _home(self) -> Path:
        if self._cache is not None:
            return self._cache
        with self._lock:
            if self._fleeting is None:
                self._fleeting = Fleeting()
                weakref.finalize(self, _removed, self._maker, self._fleeting)
            return self._fleeting.path

    def _quads(self) -> Iterator[ox.Quad]:
        """All that the store holds, a graph at a time, as no answer may be very large."""
        describer = Describer(self._graph.store, self._graph.repository)
        graphs = select(self._graph.store, self._graph.repository.query("pages/page-graphs"))
        for iri in [value_of(row["graph"]) for row in graphs]:
            for statement in collect(describer.about("pages/page-graph", "graph", [iri])):
                yield from statement.quads()


def files_of(app: Flask | None = None) -> Files:
    """The files that an application offers; without, those of the present one."""
    found: Files = (app or current_app).extensions[_EXTENSION]
    return found


def _not_yet() -> Unavailable:
    return Unavailable(message("The files are being made just now."), hint=message("Try again in a moment."))


def _removed(maker: Maker, fleeting: Fleeting) -> None:
    """Remove a folder, in which nothing is made any more."""
    maker.end()
    fleeting.remove()


def _listed(folder: Path) -> Sequence[DumpFile]:
    sums = (folder / dumps.SUMS).read_bytes()
    told = [line.split("  ", 1) for line in sums.decode().splitlines()]
    found = (_file(folder, name, sha256) for sha256, name in told)
    return (*found, _file(folder, dumps.SUMS, hashlib.sha256(sums).hexdigest()))


def _file(folder: Path, name: str, sha256: str) -> DumpFile:
    return DumpFile(name, (folder / name).stat().st_size, sha256, _TYPES.get(Path(name).suffix, _TYPES[""]))


def _forget_old(folder: Path) -> None:
    """Remove the folders of old versions but the last few."""
    others = sorted(folder.parent.glob("dumps-*"), key=lambda other: other.stat().st_mtime)
    for old in others[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
