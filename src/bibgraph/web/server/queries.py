"""The SPARQL service as the gateway answers it: without Flask, unless it comes to a page or an error."""

from __future__ import annotations

import itertools
import secrets
import time
from functools import lru_cache

from bibgraph.errors import BibgraphError, LimitError, NotAcceptable
from bibgraph.media import BY_TYPE
from bibgraph.store import Written
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.serving import lasting
from bibgraph.web.endpoint.asking import DIRECT, FORM, Asked, Incoming, asked, told
from bibgraph.web.http.answers import HARDENED, attachment, etag
from bibgraph.web.http.decoding import decode_value
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.problems import UnsupportedType
from bibgraph.web.server.journal import Journal
from bibgraph.web.server.packing import ACCEPT_ENCODING
from bibgraph.web.server.pages import Pages, Site
from bibgraph.web.server.reply import Headers, Reply
from bibgraph.web.server.request import Request

_REMEMBERED = 64
_MOST_READ = 1000
"""Characters of the parameters of a media type that are looked at."""
_ONLY_A_QUERY = "query="
_IDENTITY = "identity"
_HARDENED = tuple((name.lower(), value) for name, value in HARDENED.items())


class Queries:
    """Answers requests to the SPARQL service; pages and errors are made by ``pages``."""

    def __init__(self, pages: Pages, journal: Journal) -> None:
        self._pages = pages
        self._journal = journal
        self._numbers = itertools.count()
        self._prefix = secrets.token_hex(4)

    async def reply(self, site: Site, request: Request) -> Reply:
        """The whole answer to a request by GET, HEAD or POST."""
        try:
            question = _asked(request)
            if question is None:
                return await self._pages.reply(site, request)
            rows, triples = question.types(request.headers.get("accept", ""))
        except BibgraphError as error:
            return _with_what_is_read(await self._pages.reply(site, request, error), request, error)
        page = question.job(HTML, HTML) if HTML in (rows, triples) else None
        # What a GET is told is kept whole, so the answer need not be as well, unless others may share it.
        keep = request.method == "POST" or page is not None
        job = question.job(rows, triples)
        found = site.evaluator.find(job) or await self._evaluated(
            site, request, job, question.timeout, keep=keep
        )
        if not isinstance(found, Written) and isinstance(found[0], NotAcceptable):
            others = question.others(request.headers.get("accept", ""), rows, triples)
            if others:
                rows, triples = others
                job = question.job(rows, triples)
                found = await self._evaluated(site, request, job, question.timeout, keep=keep)
        if not isinstance(found, Written):
            if page is None:
                return await self._pages.reply(site, request, *found)
            return await self._pages.reply(site, request, number=found[1], found={page: found[0]})
        media_type = triples if found.kind == "triples" else rows
        if page is not None and media_type == HTML:
            return await self._pages.reply(site, request, found={page: found})
        return _data(site, request, question.query, media_type, found)

    async def _evaluated(
        self, site: Site, request: Request, job: Job, timeout: float, *, keep: bool
    ) -> Written | tuple[BibgraphError, str]:
        """The answer, or what came instead of it and the id that it has in the journal.

        If the client leaves, this is cancelled, and with it the query.
        """
        number = f"{self._prefix}{next(self._numbers):x}"
        began = time.perf_counter()
        ask = site.evaluator.run if keep else site.evaluator.afresh
        try:
            written = await ask(job, request.client, timeout)
        except BibgraphError as error:
            self._journal.query(number, job.text, time.perf_counter() - began, _name(error), 0)
            return error, number
        self._journal.query(number, job.text, time.perf_counter() - began, "answered", len(written.body))
        return written


def _asked(request: Request) -> Asked | None:
    """What is asked; None if there is no query in the address of a request that has no body.

    Raises QueryError.
    """
    said = request.query_string
    if request.method != "POST" and said.startswith(_ONLY_A_QUERY) and "&" not in said:
        # Nearly all requests are such; what they say is read here as ``asked`` reads it.
        return Asked(decode_value(said[len(_ONLY_A_QUERY) :].encode(), "query"), (), (), "", 0.0)
    fields = told(_incoming(request))
    return asked(fields) if request.method == "POST" or fields.all("query") else None


def _with_what_is_read(reply: Reply, request: Request, error: BibgraphError) -> Reply:
    """The reply; to a body that is not read, with the codings or the types that are (RFC 9110, 15.5.16)."""
    coding = request.headers.get("content-encoding") or _IDENTITY
    if isinstance(error, UnsupportedType):
        packed = coding.lower() != _IDENTITY
        reply.put(*(("accept-encoding", _IDENTITY) if packed else ("accept", f"{DIRECT}, {FORM}")))
    return reply


def _incoming(request: Request) -> Incoming:
    get = request.headers.get
    kind, _, parameters = (get("content-type") or "").partition(";")
    return Incoming(
        "GET" if request.method == "HEAD" else request.method,
        request.query_string.encode().decode("latin-1"),
        request.headers.get("accept", ""),
        kind.strip().lower(),
        _charset(parameters[:_MOST_READ]) if parameters else "",
        get("content-encoding") or "",
        request.body,
    )


@lru_cache(maxsize=_REMEMBERED)
def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"')
    return ""


def _data(site: Site, request: Request, query: str, media_type: str, written: Written) -> Reply:
    """An answer that is data, with the headers that ``answers.represent`` gives it."""
    tag = ""
    if request.method != "POST" and lasting(query):
        tag = etag(site.state, f"{request.path}?{request.query_string}", media_type)
    return Reply(200, _headers(media_type), written.body, f'"{tag}"' if tag else "", varies=True)


@lru_cache(maxsize=_REMEMBERED)
def _headers(media_type: str) -> Headers:
    content_type = BY_TYPE[media_type].content_type if media_type in BY_TYPE else media_type
    return (
        ("content-type", content_type),
        ("cache-control", "no-cache"),
        ("vary", f"Accept, Accept-Language, {ACCEPT_ENCODING}"),
        *_HARDENED,
        *attachment(media_type).items(),
    )


def _name(error: BibgraphError) -> str:
    told = error.outside or error
    return told.limit if isinstance(told, LimitError) else type(told).__name__
