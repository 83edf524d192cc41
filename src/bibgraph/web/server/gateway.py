"""The application as an RSGI server sees it: what is kept, SPARQL without detours, Flask for all the rest.

Everything that strangers send is bounded before anything else looks at it (``intake``). A reply is whole
before its first byte leaves.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask

from bibgraph.errors import BibgraphError, LimitError
from bibgraph.limits import Limits, show_size
from bibgraph.media import BY_TYPE
from bibgraph.messages import message
from bibgraph.store import Written
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.sandbox.pool import Pool
from bibgraph.store.serving import Cached, asked_by, lasting
from bibgraph.web.endpoint.asking import Asked, Incoming, asked, told
from bibgraph.web.http.answers import HARDENED, attachment, etag
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.problems import FAILURE, PreconditionFailed
from bibgraph.web.server import conditions
from bibgraph.web.server.bridge import Reply, call, environ
from bibgraph.web.server.clients import Clients
from bibgraph.web.server.intake import body_of, refuse_malformed
from bibgraph.web.server.journal import Journal
from bibgraph.web.server.metrics import CONTENT_TYPE, exposition
from bibgraph.web.server.outgoing import LARGE, MOST, Outgoing, peer_of
from bibgraph.web.server.packing import pack
from bibgraph.web.server.shelf import Shelf

THREADS = 16
_MOST_IN_THREADS = 256
_WATCH_AFTER = 0.05
_SOON = 5
_LARGE = 64 * 1024
_REMEMBERED = 512
_VARYING = ("accept", "accept-language", "accept-datetime", "cookie", "host", "x-forwarded-proto")
"""Headers that an answer may depend on, beside those that are looked at here."""
_LOG = logging.getLogger(__name__)
_HARDENED = tuple((name.lower(), value) for name, value in HARDENED.items())


@dataclass(eq=False)
class Site:
    """One version of what is served: the Flask application, and what answers its queries.

    users: requests under way that use it.
    """

    app: Flask
    evaluator: Cached
    users: int = 0


class Gateway:
    """The RSGI application over ``site``, which may be changed for another one at any time.

    tally: replies by status.
    """

    def __init__(
        self, site: Site, limits: Limits, clients: Clients, journal: Journal, pool: Pool | None = None
    ) -> None:
        self.site = site
        self.pool = pool
        self.limits = limits
        self.shelf = Shelf(limits.cache // 2)
        self.outgoing = Outgoing()
        self.tally: Counter[int] = Counter()
        self._clients = clients
        self._journal = journal
        self._threads = ThreadPoolExecutor(THREADS, "page")
        self._in_threads = 0
        self._numbers = itertools.count()
        self._prefix = secrets.token_hex(4)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:  # noqa: ANN401  # granian has no types for these
        """Answer one request."""
        site = self.site
        site.users += 1
        try:
            reply = await self._reply(site, scope, protocol)
            if len(reply.body) >= LARGE and not self.outgoing.fits(self._clients.of(scope), len(reply.body)):
                reply = await self._crowded(site, scope)
        except asyncio.CancelledError:
            return  # the client has left
        except Exception:  # noqa: BLE001  # a fault of ours must not end the server, nor go unanswered
            _LOG.exception("a request could not be answered")
            reply = Reply(
                500, [("content-type", "text/plain; charset=utf-8")], b"Something failed on our side\n"
            )
        finally:
            site.users -= 1
        self.tally[reply.status] += 1
        if reply.status == conditions.NOT_MODIFIED:
            protocol.response_empty(reply.status, reply.headers)
        elif scope.method == "HEAD":
            length = ("content-length", str(len(reply.body)))
            protocol.response_empty(reply.status, [*reply.headers, length])
        elif len(reply.body) < LARGE:
            protocol.response_bytes(reply.status, reply.headers, reply.body)
        else:
            self.outgoing.note(peer_of(scope.client), self._clients.of(scope), len(reply.body))
            protocol.response_bytes(reply.status, [*reply.headers, ("connection", "close")], reply.body)

    async def _reply(self, site: Site, scope: Any, protocol: Any) -> Reply:  # noqa: ANN401
        reading = scope.method in ("GET", "HEAD")
        get = scope.headers.get
        coding = get("accept-encoding") or ""
        key = None
        if reading and not get("range"):
            key = (site.evaluator.version, scope.path, scope.query_string, coding, *map(get, _VARYING))
            kept = self.shelf.find(key)
            if kept is not None:
                return await self._conditional(site, scope, kept)
        reply = await self._made(site, scope, protocol)
        if len(reply.body) > _LARGE and coding:
            await asyncio.get_running_loop().run_in_executor(self._threads, pack, reply, coding)
        else:
            pack(reply, coding)
        if key is not None and reply.status == conditions.OK and reply.etag:
            self.shelf.put(key, reply)
        return await self._conditional(site, scope, reply) if reading else reply

    async def _conditional(self, site: Site, scope: Any, reply: Reply) -> Reply:  # noqa: ANN401
        if not conditions.fails(reply, scope.headers):
            return conditions.unless_known(reply, scope.headers)
        error = PreconditionFailed(
            message("What you ask for is no longer in the state that you know."),
            hint=message("Read it again, without If-Match and If-Unmodified-Since."),
        )
        return await self._page(site, scope, b"", self._clients.of(scope), error)

    async def _made(self, site: Site, scope: Any, protocol: Any) -> Reply:  # noqa: ANN401
        client = self._clients.of(scope)
        try:
            refuse_malformed(scope)
            body = await body_of(scope, protocol, self.limits) if scope.method not in ("GET", "HEAD") else b""
        except BibgraphError as error:
            return await self._page(site, scope, b"", client, error)
        if scope.path == "/metrics" and scope.method in ("GET", "HEAD"):
            return Reply(
                200, [("content-type", CONTENT_TYPE), ("cache-control", "no-store")], exposition(self)
            )
        if scope.path == "/sparql" and scope.method in ("GET", "HEAD", "POST"):
            return await self._sparql(site, scope, protocol, body, client)
        return await self._page(site, scope, body, client)

    async def _crowded(self, site: Site, scope: Any) -> Reply:  # noqa: ANN401
        error = LimitError(
            message("Too many large answers are on their way already."),
            limit="outgoing",
            value=show_size(MOST),
            retry_after=_SOON,
            hint=message("Try again in a moment."),
        )
        return await self._page(site, scope, b"", self._clients.of(scope), error)

    async def _sparql(self, site: Site, scope: Any, protocol: Any, body: bytes, client: str) -> Reply:  # noqa: ANN401
        """The answer of the SPARQL service; pages and errors are made by Flask."""
        incoming = _incoming(scope, body)
        began = time.perf_counter()
        try:
            said = told(incoming)
            if incoming.method != "POST" and not said.all("query"):
                return await self._page(site, scope, body, client)
            question = asked(said)
            rows, triples = question.types(incoming.accept)
        except BibgraphError as error:
            return await self._page(site, scope, body, client, error)
        if HTML in (rows, triples):
            return await self._answered_page(site, scope, protocol, body, client, question)
        job = question.job(rows, triples)
        written = site.evaluator.find(job)
        if written is not None:
            return _data(site, scope, question, rows if written.kind != "triples" else triples, written)
        number = f"{self._prefix}{next(self._numbers):x}"
        try:
            keep = scope.method == "POST"
            written = await self._evaluated(site, job, client, question.timeout, protocol, keep=keep)
        except BibgraphError as error:
            self._journal.query(number, question.query, time.perf_counter() - began, _name(error), 0)
            return await self._page(site, scope, body, client, error, number)
        self._journal.query(
            number, question.query, time.perf_counter() - began, "answered", len(written.body)
        )
        return _data(site, scope, question, rows if written.kind != "triples" else triples, written)

    async def _answered_page(
        self,
        site: Site,
        scope: Any,  # noqa: ANN401
        protocol: Any,  # noqa: ANN401
        body: bytes,
        client: str,
        question: Asked,
    ) -> Reply:
        """A page with an answer, which is asked for before: while it is waited for, no thread is held."""
        job = Job(
            question.query,
            default_graphs=tuple(question.default_graphs),
            named_graphs=tuple(question.named_graphs),
        )
        answer: Written | BibgraphError | None = site.evaluator.find(job)
        if answer is None:
            number, began, size = f"{self._prefix}{next(self._numbers):x}", time.perf_counter(), 0
            try:
                answer = await self._evaluated(site, job, client, question.timeout, protocol, keep=True)
                size = len(answer.body)
            except BibgraphError as error:
                answer = error
            outcome = _name(answer) if isinstance(answer, BibgraphError) else "answered"
            self._journal.query(number, question.query, time.perf_counter() - began, outcome, size)
        return await self._page(site, scope, body, client, found={job: answer})

    async def _evaluated(
        self,
        site: Site,
        job: Job,
        client: str,
        timeout: float,
        protocol: Any,  # noqa: ANN401
        *,
        keep: bool,
    ) -> Written:
        """The answer, unless the client leaves: then this task is cancelled, and with it the query."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        watches: list[asyncio.Task[None]] = []

        async def watch() -> None:
            await protocol.client_disconnect()
            if task is not None:
                task.cancel()

        timer = loop.call_later(_WATCH_AFTER, lambda: watches.append(loop.create_task(watch())))
        try:
            # What a GET is told is kept whole, so the answer need not be kept as well.
            ask = site.evaluator.run if keep else site.evaluator.afresh
            return await ask(job, client, timeout)
        finally:
            timer.cancel()
            for started in watches:
                started.cancel()

    async def _page(
        self,
        site: Site,
        scope: Any,  # noqa: ANN401
        body: bytes,
        client: str,
        failure: BibgraphError | None = None,
        number: str = "",
        *,
        found: Mapping[Job, Written | BibgraphError] | None = None,
    ) -> Reply:
        """Flask's answer, made in a thread; told of a failure that has arisen here, it says so in its way.

        found: what queries have come to that it will ask.
        """
        if self._in_threads >= _MOST_IN_THREADS:
            return Reply(
                503, [("content-type", "text/plain; charset=utf-8"), ("retry-after", "1")], b"Busy\n"
            )
        more: dict[str, object] = {FAILURE: (failure, number)} if failure else {}
        environment = environ(scope, body, client, more)
        self._in_threads += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                self._threads, _call_for, client, found or {}, site.app, environment
            )
        finally:
            self._in_threads -= 1


def _call_for(
    client: str,
    found: Mapping[Job, Written | BibgraphError],
    app: Flask,
    environment: dict[str, object],
) -> Reply:
    with asked_by(client, found):
        return call(app, environment)


def _incoming(scope: Any, body: bytes) -> Incoming:  # noqa: ANN401
    get = scope.headers.get
    kind, _, parameters = (get("content-type") or "").partition(";")
    return Incoming(
        "GET" if scope.method == "HEAD" else scope.method,
        scope.query_string.encode().decode("latin-1"),
        ", ".join(scope.headers.get_all("accept")),
        kind.strip().lower(),
        _charset(parameters) if parameters else "",
        get("content-encoding") or "",
        body,
    )


@lru_cache(maxsize=_REMEMBERED)
def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"')
    return ""


def _data(site: Site, scope: Any, question: Asked, media_type: str, written: Written) -> Reply:  # noqa: ANN401
    """An answer that is data, with the headers that ``answers.represent`` gives it."""
    headers = list(_headers(media_type))
    tag = ""
    if scope.method != "POST" and lasting(question.query):
        tag = etag(site.evaluator.version, f"{scope.path}?{scope.query_string}", media_type)
        if tag:
            tag = f'"{tag}"'
            headers.append(("etag", tag))
    return Reply(200, headers, written.body, tag)


@lru_cache(maxsize=_REMEMBERED)
def _headers(media_type: str) -> tuple[tuple[str, str], ...]:
    content_type = BY_TYPE[media_type].content_type if media_type in BY_TYPE else media_type
    return (
        ("content-type", content_type),
        ("cache-control", "no-cache"),
        ("vary", "Accept, Accept-Language"),
        *_HARDENED,
        *attachment(media_type).items(),
    )


def _name(error: BibgraphError) -> str:
    return error.limit if isinstance(error, LimitError) else type(error).__name__
