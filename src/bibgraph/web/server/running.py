"""The server: one process that takes in requests, another that holds the data, and workers that ask it."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
from asyncio import Event, Task
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any
from weakref import WeakSet

from flask import Flask

from bibgraph.config import Settings
from bibgraph.errors import BibgraphError, SourceError, Unavailable
from bibgraph.graph import graph_around, remote_store
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.repository import locate
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.sandbox.nursery import nursery
from bibgraph.store.sandbox.pool import Pool
from bibgraph.store.sandbox.workers import Nursery
from bibgraph.store.serving import Cached, ServedStore
from bibgraph.store.threads import Threads
from bibgraph.web import create_app
from bibgraph.web.described.files import Files, files_of
from bibgraph.web.server.clients import Clients
from bibgraph.web.server.gateway import Gateway
from bibgraph.web.server.journal import Journal
from bibgraph.web.server.listening import Listener, connections_beside
from bibgraph.web.server.pages import Site, refusal
from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Request
from bibgraph.web.server.shares import ANSWERS, Shares

_GRACE = 10.0
_BETWEEN_USES = 0.2
_BETWEEN_LOOKS = 1.0
_SWITCH = 0.0005
_UNHURRIED = 15.0
_BETWEEN_COLLECTIONS = (10_000, 20, 20)
"""Between two looks for what nothing leads to but itself: little is, and each look takes from a request."""
_FIRST = Job("ASK { ?s ?p ?o }")
_LOG = logging.getLogger(__name__)


class Server:
    """Serves what the settings name, or the files ``data``, within ``limits``.

    proxies: networks of those that may say for whom they ask. first: where the first workers come from, if
    that is started already. journal: of queries. Raises SettingsError where so many workers have no room.
    """

    def __init__(
        self,
        settings: Settings,
        data: Sequence[Path],
        limits: Limits,
        proxies: Sequence[IPv4Network | IPv6Network] = (),
        first: Nursery | None = None,
        journal: Journal | None = None,
    ) -> None:
        connections_beside(limits.workers)  # rather than when the data have been loaded for nothing
        self._settings = settings
        self._data = data
        self._limits = limits
        self._first = first
        self._clients = Clients(proxies)
        self._journal = journal or Journal()
        self._gateway: Gateway | None = None
        self._pool: Pool | None = None
        self._tasks: set[Task[Any]] = set()
        self._offered: WeakSet[Files] = WeakSet()
        self._dumps: Task[None] | None = None
        self._tally: Counter[str] = Counter()
        self._swapping = asyncio.Lock()
        self._due = False

    async def run(self, heard: socket.socket, started: Callable[[], None], *, watch: bool = False) -> None:
        """Serve at the socket ``heard`` until SIGTERM or SIGINT, then finish what is under way.

        started: called once, when all is ready. Whoever has asked when it is to end before that is told so.
        Raises what opening the graph raises.
        """
        sys.setswitchinterval(_SWITCH)  # pages are made in threads, and must not hold up the loop for long
        stop = Event()
        _on_signals(dict.fromkeys(("SIGTERM", "SIGINT"), stop.set))
        opened = await self._opened(stop)
        if opened is None:
            listener = Listener(_Leaving(self._settings.language), self._limits, Shares(ANSWERS), heard)
            await listener.open()
            await listener.close(_GRACE)
            return
        pool, site = opened
        self._pool = pool
        self._gateway = Gateway(site, self._limits, self._clients, self._journal, pool)
        listener = Listener(self._gateway, self._limits, self._gateway.outgoing, heard)
        del pool, site, opened  # they are for the first version only
        _on_signals({"SIGHUP": lambda: self._start(self.reload())})
        await listener.open()
        if watch:
            self._start(self._watch())
        gc.set_threshold(*_BETWEEN_COLLECTIONS)
        gc.freeze()  # what is there for good is not looked through again and again
        try:
            started()
            await stop.wait()
        finally:
            for files in tuple(self._offered):
                files.close()  # nobody waits any more for what takes long
            await listener.close(_GRACE)
            for task in self._tasks:
                task.cancel()
            if self._pool is not None:
                await self._pool.close()

    async def reload(self) -> None:
        """Check the files and, if they pass, serve them in place of the old ones; no request is dropped.

        Nothing is done where that is about to be done already.
        """
        if self._due:
            return
        self._due = True
        async with self._swapping:
            self._due = False
            try:
                await self._check()
                pool, site = await self._open()
            except BibgraphError as error:
                _LOG.error("the old version stays: %s", error.text("en"))
                return
            if self._gateway is None:
                return
            old, self._gateway.site = self._gateway.site, site
            before, self._pool, self._gateway.pool = self._pool, pool, pool
            _LOG.warning("now serving version %s", site.evaluator.version)
            if before is not None:
                self._start(_close(before, old))

    async def _opened(self, stop: Event) -> tuple[Pool | None, Site] | None:
        """See ``_open``; None if ``stop`` comes before."""
        opening, stopping = asyncio.create_task(self._open()), asyncio.create_task(stop.wait())
        await asyncio.wait((opening, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if opening.done():
            return opening.result()
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        return None

    async def _open(self) -> tuple[Pool | None, Site]:
        settings, limits = self._settings, self._limits
        pool, evaluator = None, None
        if settings.endpoint:
            store = await asyncio.to_thread(remote_store, settings, limits)
            evaluator = Cached(Threads(store, limits), limits.cache // 2)
        else:
            made, self._first = self._first or nursery(settings, self._data, limits), None
            pool = Pool(made, limits, self._tally)
            evaluator = Cached(pool, limits.cache // 2)
        served = ServedStore(evaluator, asyncio.get_running_loop())
        around = asyncio.create_task(asyncio.to_thread(graph_around, served, settings))
        try:
            if pool is not None:
                await pool.open()
                await evaluator.afresh(_FIRST)
            app = create_app(settings, await around, limits)
            self._offered.add(files_of(app))
            if not self._data:  # files of others may be of any size, and nobody has asked for dumps of them
                if self._dumps is not None:
                    self._dumps.cancel()
                self._dumps = self._start(_make_files(app))
            return pool, Site(app, evaluator)
        except BaseException:
            around.cancel()
            if pool is not None:
                await pool.close()
            raise

    async def _check(self) -> None:
        """Raise SourceError unless ``bibgraph check`` finds the project's files fit to be served."""
        if self._data or self._settings.endpoint:
            return
        root = str(locate(self._settings.root))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bibgraph", "--root", root, "check"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            failed = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
        if failed:
            raise SourceError(
                message("The files do not pass the checks."),
                where=root,
                hint=message("Run bibgraph check to see why."),
            )

    async def _watch(self) -> None:
        seen = await asyncio.to_thread(self._stamps)
        while True:
            await asyncio.sleep(_BETWEEN_LOOKS)
            now = await asyncio.to_thread(self._stamps)
            if now == seen:
                continue
            while now != seen:  # still being written
                await asyncio.sleep(_BETWEEN_LOOKS)
                seen, now = now, await asyncio.to_thread(self._stamps)
            try:
                await self.reload()
            except Exception:  # noqa: BLE001  # what fails once must not end the watch
                _LOG.exception("the old version stays")

    def _stamps(self) -> dict[str, tuple[int, int]]:
        """Time and size of all files that are served; of those that are there, should a folder be away."""
        found = {}
        with suppress(BibgraphError, OSError):
            for path in self._files():
                with suppress(OSError):
                    state = path.stat()
                    found[str(path)] = (state.st_mtime_ns, state.st_size)
        return found

    def _files(self) -> Iterator[Path]:
        if self._data:
            yield from self._data
            return
        root = locate(self._settings.root)
        for folder in ("ontology", "data", "shapes", "queries"):
            yield from (root / folder).rglob("*.*")

    def _start(self, work: Coroutine[Any, Any, None]) -> Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class _Leaving:
    """Tells whoever asks a server that ends before it has anything to serve.

    language: where none is asked for.
    """

    def __init__(self, language: str) -> None:
        self._language = language

    def at_once(self, request: Request) -> Reply:
        """See ``connection.Handler``."""
        error = Unavailable(message("The service is about to end."), hint=message("Try again in a moment."))
        return refusal(request, error, self._language)

    async def reply(self, request: Request) -> Reply:
        """See ``connection.Handler``."""
        return self.at_once(request)


def _on_signals(handlers: Mapping[str, Callable[[], object]]) -> None:
    """Have these called when the signals of these names come."""
    loop = asyncio.get_running_loop()
    for name, handler in handlers.items():
        with suppress(AttributeError, NotImplementedError):  # not on Windows
            loop.add_signal_handler(getattr(signal, name), handler)


async def _make_files(app: Flask) -> None:
    """Have the dumps made before somebody asks for them, but not while the service has just begun."""
    await asyncio.sleep(_UNHURRIED)
    files_of(app).begin()


async def _close(pool: Pool, site: Site) -> None:
    """End an old version once nobody uses it."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + _GRACE
    while site.users and loop.time() < ends:
        await asyncio.sleep(_BETWEEN_USES)
    await asyncio.to_thread(files_of(site.app).close)
    await pool.close(_GRACE)
    gc.unfreeze()
    del pool, site
    gc.collect()  # so that the old version goes, which is full of circles
    gc.freeze()
