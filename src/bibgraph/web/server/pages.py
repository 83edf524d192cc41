"""Flask's answers, made in threads: pages, documents, and what is said of errors."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from flask import Flask

from bibgraph.errors import BibgraphError, LimitError, NotAcceptable
from bibgraph.limits import Limits
from bibgraph.media import negotiate, negotiate_language
from bibgraph.messages import LANGUAGES, message
from bibgraph.store import Written
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.serving import Cached, asked_by
from bibgraph.store.turns import Turns
from bibgraph.web.http.answers import HARDENED, QUERIES
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.problems import FAILURE, JSON, TEXT, problem_of
from bibgraph.web.http.reader import DEFAULT, PARAMETER
from bibgraph.web.server.bridge import call, environ
from bibgraph.web.server.packing import pack
from bibgraph.web.server.reply import PLAIN, Reply
from bibgraph.web.server.request import Request

THREADS = 16
WAITING = 240
_FOR_NEWCOMERS = 4
"""Threads that only those get who hold none: so many are left when one client has slow pages made."""
_MOST_READ = 1000
"""Characters of a header that are looked at for a refusal."""
_CHOSEN = re.compile(rf"(?:^|&){PARAMETER}=((?i:{'|'.join(LANGUAGES)}))(?:&|$)")


@dataclass(eq=False)
class Site:
    """One version of what is served: the Flask application, and what answers its queries.

    users: requests under way that use it.
    """

    app: Flask
    evaluator: Cached
    users: int = 0

    @property
    def state(self) -> str:
        """Names what the answers are made of; equal states give equal answers."""
        return f"{self.evaluator.version}{self.app.config.get(QUERIES, '')}"


class Pages:
    """Asks Flask, for a bounded number of requests at a time, and packs what is large, by turns of clients.

    Who waits for a thread does so as long as the limits let a query wait.
    """

    def __init__(self, limits: Limits) -> None:
        held_to = replace(limits, queue=WAITING)
        self._turns = Turns[Reply](THREADS, held_to, "page", for_newcomers=_FOR_NEWCOMERS)

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
            return await asyncio.shield(await self._turns.begin(request.client, work))
        except LimitError as error:
            told = _full() if error.limit == "queue" else error
            return refusal(request, told, site.app.config[DEFAULT])

    async def pack(self, client: str, reply: Reply, accept_encoding: str) -> Reply:
        """The reply, packed as this client wants it; where no thread is free for that, as it is."""
        try:
            return await asyncio.shield(
                await self._turns.begin(client, partial(pack, reply, accept_encoding))
            )
        except LimitError:
            reply.lasting = False  # the next who asks may have it packed
            return pack(reply, "")


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


def refusal(request: Request, error: BibgraphError, default: str) -> Reply:
    """What ``problems.show`` would say, made without a thread. To who wants a page it is said as text.

    default: the language where none is asked for.
    """
    language, kind = _language(request, default), _kind(request)
    problem = problem_of(error)
    if kind == JSON:
        body = json.dumps(problem.members(language), ensure_ascii=False, indent=2)
    else:
        hint = problem.hint.text(language) if problem.hint else ""
        lines = (problem.title(language), problem.sentence(language), hint, problem.met)
        body = "\n".join(filter(None, lines))
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


def _language(request: Request, default: str) -> str:
    said = request.query_string
    chosen = _CHOSEN.search(said) if PARAMETER in said else None
    if chosen:
        return chosen[1].lower()
    wanted = request.headers.get("accept-language", "")[:_MOST_READ]
    return negotiate_language(wanted, LANGUAGES, default)
