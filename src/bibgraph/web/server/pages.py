"""Flask's answers, made in threads: pages, documents, and what is said of errors."""

from __future__ import annotations

import asyncio
import json
import re
from asyncio import Future
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from flask import Flask

from bibgraph.errors import BibgraphError, LimitError, NotAcceptable
from bibgraph.limits import Limits
from bibgraph.media import negotiate, negotiate_language
from bibgraph.messages import LANGUAGES, message
from bibgraph.store import Written
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.sandbox.queue import Queue
from bibgraph.store.serving import Cached, asked_by
from bibgraph.web.http.answers import HARDENED
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.problems import FAILURE, JSON, TEXT, problem_of
from bibgraph.web.http.reader import DEFAULT, PARAMETER
from bibgraph.web.server.bridge import call, environ
from bibgraph.web.server.reply import PLAIN, Reply
from bibgraph.web.server.request import Request

THREADS = 16
WAITING = 240
_FOR_NEWCOMERS = 4
"""Threads that only those get who hold none: so many are left when one client has slow pages made."""
_MOST_READ = 1000
"""Characters of a header that are looked at for a refusal."""
_CHOSEN = re.compile(rf"(?:^|&){PARAMETER}=({'|'.join(LANGUAGES)})(?:&|$)")


@dataclass(eq=False)
class Site:
    """One version of what is served: the Flask application, and what answers its queries.

    users: requests under way that use it.
    """

    app: Flask
    evaluator: Cached
    users: int = 0


class Pages:
    """Asks Flask, for a bounded number of requests at a time. threads: where that is done.

    Who waits for a thread is served by turns of clients, as long as the limits let a query wait.
    """

    def __init__(self, limits: Limits) -> None:
        self._line = _Line(replace(limits, queue=WAITING))
        self.threads = self._line.threads

    async def reply(
        self,
        site: Site,
        request: Request,
        failure: BibgraphError | None = None,
        number: str = "",
        *,
        found: Mapping[Job, Written | BibgraphError] | None = None,
    ) -> Reply:
        """Flask's answer; told of a failure that has arisen here, it says so in its way.

        number: the id of the query that failed. found: what queries have come to that it will ask.
        """
        more: dict[str, object] = {FAILURE: (failure, number)} if failure or number else {}
        work = partial(_call_for, request.client, found or {}, site.app, environ(request, more))
        try:
            return await self._line.run(request.client, work)
        except LimitError as error:
            return _refusal(site, request, _full() if error.limit == "queue" else error)


class _Line:
    """Threads, and who waits for one: a thread that becomes free goes to the client that holds fewest."""

    def __init__(self, limits: Limits) -> None:
        self.threads = ThreadPoolExecutor(THREADS, "page")
        self._free = THREADS
        self._held: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()
        self._queue = Queue[None, Future[Reply]](limits, lambda: self._held, lambda _: None)

    async def run(self, client: str, work: Callable[[], Reply]) -> Reply:
        """What the work comes to. Raises LimitError if there is no room, or no thread in time."""
        begin = partial(self._begin, client, work)
        made = begin(None) if self._may_begin((client,)) else await self._wait(client, begin)
        # A thread cannot be ended: it is held to the end of its work even if the client leaves before.
        return await asyncio.shield(made)

    async def _wait(self, client: str, begin: Callable[[None], Future[Reply]]) -> Future[Reply]:
        self._waiting[client] += 1
        try:
            return await self._queue.wait(client, begin)
        finally:
            self._waiting -= Counter((client,))

    def _may_begin(self, clients: Iterable[str]) -> bool:
        """Whether one of these may have a thread now."""
        return self._free > _FOR_NEWCOMERS or (self._free > 0 and not all(map(self._held.get, clients)))

    def _begin(self, client: str, work: Callable[[], Reply], _: None) -> Future[Reply]:
        self._free -= 1
        self._held[client] += 1
        made = asyncio.wrap_future(self.threads.submit(work))
        made.add_done_callback(lambda _: self._ended(client))
        return made

    def _ended(self, client: str) -> None:
        self._free += 1
        self._held -= Counter((client,))
        if self._may_begin(self._waiting):
            self._queue.give(None)


def _call_for(
    client: str,
    found: Mapping[Job, Written | BibgraphError],
    app: Flask,
    environment: dict[str, object],
) -> Reply:
    with asked_by(client, found):
        return call(app, environment)


def _full() -> LimitError:
    return LimitError(
        message("The service is busy: try again later."), limit="pages", value=str(WAITING), retry_after=1
    )


def _refusal(site: Site, request: Request, error: LimitError) -> Reply:
    """What ``problems.show`` would say, made without a thread. To who wants a page it is said as text."""
    language, kind = _language(site, request), _kind(request)
    problem = problem_of(error)
    if kind == JSON:
        body = json.dumps(problem.members(language), ensure_ascii=False, indent=2)
    else:
        hint = problem.hint.text(language) if problem.hint else ""
        met = f"{error.limit}: {error.value}"
        body = "\n".join(filter(None, (problem.title(language), problem.sentence(language), hint, met)))
    headers = (
        ("content-type", JSON) if kind == JSON else PLAIN,
        *problem.headers().items(),
        ("vary", "Accept, Accept-Language"),
        ("content-language", language),
        ("cache-control", "no-store"),
        *HARDENED.items(),
    )
    return Reply(problem.status, headers, f"{body}\n".encode(), lasting=False)


def _kind(request: Request) -> str:
    try:
        return negotiate(request.headers.get("accept", "")[:_MOST_READ], (JSON, HTML, TEXT))
    except NotAcceptable:
        return JSON


def _language(site: Site, request: Request) -> str:
    said = request.query_string
    chosen = _CHOSEN.search(said) if PARAMETER in said else None
    if chosen:
        return chosen[1]
    wanted = request.headers.get("accept-language", "")[:_MOST_READ]
    return negotiate_language(wanted, LANGUAGES, site.app.config[DEFAULT])
