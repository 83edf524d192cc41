"""The application as an RSGI server sees it: what is kept, SPARQL without detours, Flask for all the rest.

Everything that strangers send is bounded before anything else looks at it (``intake``). A reply is whole
before its first byte leaves.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Any

from bibgraph.errors import BibgraphError, LimitError
from bibgraph.limits import Limits, show_size
from bibgraph.messages import message
from bibgraph.store.sandbox.pool import Pool
from bibgraph.web.http.problems import PreconditionFailed
from bibgraph.web.server import conditions
from bibgraph.web.server.bridge import Reply
from bibgraph.web.server.clients import Clients
from bibgraph.web.server.intake import body_of, refuse_malformed
from bibgraph.web.server.journal import Journal
from bibgraph.web.server.metrics import CONTENT_TYPE, exposition
from bibgraph.web.server.outgoing import LARGE, MOST, Outgoing, peer_of
from bibgraph.web.server.packing import pack
from bibgraph.web.server.pages import Pages, Site
from bibgraph.web.server.queries import Queries
from bibgraph.web.server.shelf import Shelf

_SOON = 5
_LARGE = 64 * 1024
_READING = ("GET", "HEAD")
_VARYING = ("accept", "accept-language", "accept-datetime", "cookie", "host", "x-forwarded-proto")
"""Headers that an answer may depend on, beside those that are looked at here."""
_LOG = logging.getLogger(__name__)


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
        self._pages = Pages()
        self._queries = Queries(self._pages, journal)

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
        reading = scope.method in _READING
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
            await asyncio.get_running_loop().run_in_executor(self._pages.threads, pack, reply, coding)
        elif coding or not reply.varies:
            pack(reply, coding)
        if key is not None and reply.status == conditions.OK and reply.etag:
            self.shelf.put(key, reply)
        return await self._conditional(site, scope, reply) if reading else reply

    async def _conditional(self, site: Site, scope: Any, reply: Reply) -> Reply:  # noqa: ANN401
        if not conditions.stated(scope.headers):
            return reply
        if not conditions.fails(reply, scope.headers):
            return conditions.unless_known(reply, scope.headers)
        error = PreconditionFailed(
            message("What you ask for is no longer in the state that you know."),
            hint=message("Read it again, without If-Match and If-Unmodified-Since."),
        )
        return await self._pages.reply(site, scope, b"", self._clients.of(scope), error)

    async def _made(self, site: Site, scope: Any, protocol: Any) -> Reply:  # noqa: ANN401
        client, method = self._clients.of(scope), scope.method
        try:
            refuse_malformed(scope)
            body = b"" if method in _READING else await body_of(scope, protocol, self.limits)
        except BibgraphError as error:
            return await self._pages.reply(site, scope, b"", client, error)
        if scope.path == "/sparql" and method in ("GET", "HEAD", "POST"):
            return await self._queries.reply(site, scope, protocol, body, client)
        if scope.path == "/metrics" and method in _READING:
            return Reply(
                200, [("content-type", CONTENT_TYPE), ("cache-control", "no-store")], exposition(self)
            )
        return await self._pages.reply(site, scope, body, client)

    async def _crowded(self, site: Site, scope: Any) -> Reply:  # noqa: ANN401
        error = LimitError(
            message("Too many large answers are on their way already."),
            limit="outgoing",
            value=show_size(MOST),
            retry_after=_SOON,
            hint=message("Try again in a moment."),
        )
        return await self._pages.reply(site, scope, b"", self._clients.of(scope), error)
