"""What answers requests: what is kept, SPARQL without detours, Flask for all the rest.

Everything that strangers send has been bounded before (``intake``). A reply is whole before its first byte
leaves.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace

from bibgraph.errors import LimitError
from bibgraph.limits import Limits, show_size
from bibgraph.messages import message
from bibgraph.store.sandbox.pool import Pool
from bibgraph.web.http.problems import NoSuchPart, PreconditionFailed
from bibgraph.web.server import conditions, ranges
from bibgraph.web.server.clients import Clients
from bibgraph.web.server.intake import READING
from bibgraph.web.server.journal import Journal
from bibgraph.web.server.metrics import CONTENT_TYPE, exposition
from bibgraph.web.server.packing import pack
from bibgraph.web.server.pages import Pages, Site
from bibgraph.web.server.queries import Queries
from bibgraph.web.server.reply import PLAIN, Reply
from bibgraph.web.server.request import Request
from bibgraph.web.server.shares import ANSWERS, LARGE, Shares
from bibgraph.web.server.shelf import Key, Shelf

_SOON = 5
_LARGE = 64 * 1024
_MOST_READ = 1000
"""Characters of a list of codings that are looked at."""
_VARYING = (
    "accept",
    "accept-encoding",
    "accept-language",
    "accept-datetime",
    "cookie",
    "host",
    "x-forwarded-proto",
)
"""Headers that an answer may depend on."""
_METHODS = ("GET", "HEAD", "POST")
_OF_METRICS = (("content-type", CONTENT_TYPE), ("cache-control", "no-store"))
_LOG = logging.getLogger(__name__)


class Gateway:
    """Answers requests over ``site``, which may be changed for another one at any time.

    tally: replies by status.
    """

    def __init__(
        self, site: Site, limits: Limits, clients: Clients, journal: Journal, pool: Pool | None = None
    ) -> None:
        self.site = site
        self.pool = pool
        self.shelf = Shelf(limits.cache // 2)
        self.outgoing = Shares(ANSWERS)
        self.tally: Counter[int] = Counter()
        self._clients = clients
        self._pages = Pages(limits)
        self._queries = Queries(self._pages, journal)

    def at_once(self, request: Request) -> Reply | None:
        """See ``connection.Handler``: what is kept."""
        self._clients.settle(request)
        request.key = key = _key(self.site.state, request)
        if request.fault is not None or not key or conditions.stated(request.headers):
            return None
        kept = self.shelf.find(key)
        if kept is None or len(kept.body) >= LARGE:
            return None
        self.tally[kept.status] += 1
        return kept

    async def reply(self, request: Request) -> Reply:
        """See ``connection.Handler``."""
        site = self.site
        site.users += 1
        try:
            request.client = self._clients.of(request)
            reply = await self._made(site, request)
            if request.method in _METHODS and conditions.stated(request.headers):
                reply = await self._conditional(site, request, reply)
            if _asks_for_part(request):
                reply = await self._part(site, request, reply)
            if len(reply.body) >= LARGE and not self.outgoing.fits(request.client, len(reply.body)):
                reply = await self._crowded(site, request)
        except Exception:  # noqa: BLE001  # a fault of ours must not end the server, nor go unanswered
            _LOG.exception("a request could not be answered")
            reply = Reply(500, (PLAIN,), b"Something failed on our side\n")
        finally:
            site.users -= 1
        self.tally[reply.status] += 1
        return reply

    async def _made(self, site: Site, request: Request) -> Reply:
        """The whole reply, whatever state of it the request knows; it is kept for others if it can be."""
        key = request.key if request.fault is None else ()
        if key and key[0] != site.state:
            key = ()
        kept = self.shelf.find(key) if key else None
        if kept is not None:
            return kept
        if request.fault is not None:
            reply = await self._pages.reply(site, request, request.fault)
        elif request.path == "/sparql" and request.method in _METHODS:
            reply = await self._queries.reply(site, request)
        elif request.path == "/metrics" and request.method in READING:
            reply = Reply(200, _OF_METRICS, exposition(self), lasting=False)
        else:
            reply = await self._pages.reply(site, request)
        coding = "" if _asks_for_part(request) else request.headers.get("accept-encoding", "")
        if len(coding) > _MOST_READ:
            coding = coding[:_MOST_READ].rpartition(",")[0]  # a wish that is cut off would be another one
        if len(reply.body) > _LARGE and coding:
            reply = await self._pages.pack(request.client, reply, coding)
        elif coding or not reply.varies:
            pack(reply, coding)
        if key and reply.status == conditions.OK and reply.etag and reply.lasting:
            self.shelf.put(key, reply)
        return reply

    async def _conditional(self, site: Site, request: Request, reply: Reply) -> Reply:
        if reply.status != conditions.OK:
            return reply
        if request.method == "POST":
            shown = await self._made(site, replace(request, method="GET", body=b"", key=None))
            if not conditions.forbid(shown, request.headers):
                return reply
        elif not conditions.fails(reply, request.headers):
            return conditions.unless_known(reply, request.headers)
        error = PreconditionFailed(
            message("What you ask for is no longer in the state that you know."),
            hint=message("Read it again, without If-Match and If-Unmodified-Since."),
        )
        return await self._pages.reply(site, request, error)

    async def _part(self, site: Site, request: Request, reply: Reply) -> Reply:
        found = ranges.part(reply, request.headers)
        if found is not None:
            return found
        size = len(reply.body)
        error = NoSuchPart(message("It has only {size} bytes.", size=size))
        reply = await self._pages.reply(site, request, error)
        reply.put(*ranges.none_of(size))
        return reply

    async def _crowded(self, site: Site, request: Request) -> Reply:
        error = LimitError(
            message("Too many large answers are on their way already."),
            limit="outgoing",
            value=show_size(ANSWERS),
            retry_after=_SOON,
            hint=message("Try again in a moment."),
        )
        return await self._pages.reply(site, request, error)


def _asks_for_part(request: Request) -> bool:
    """Whether a part is asked for, which only GET can (RFC 9110, section 14.2)."""
    return request.method == "GET" and ranges.asked(request.headers)


def _key(state: str, request: Request) -> Key:
    """What the reply to a request depends on; nothing if it cannot be kept."""
    get = request.headers.get
    if request.method not in READING or get("range"):
        return ()
    return (state, request.path, request.query_string, *map(get, _VARYING))
