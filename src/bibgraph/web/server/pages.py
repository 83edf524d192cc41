"""Flask's answers, made in threads: pages, documents, and what is said of errors."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flask import Flask

from bibgraph.errors import BibgraphError
from bibgraph.store import Written
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.serving import Cached, asked_by
from bibgraph.web.http.problems import FAILURE
from bibgraph.web.server.bridge import call, environ
from bibgraph.web.server.reply import PLAIN, Reply
from bibgraph.web.server.request import Request

THREADS = 16
_MOST_IN_THREADS = 256


@dataclass(eq=False)
class Site:
    """One version of what is served: the Flask application, and what answers its queries.

    users: requests under way that use it.
    """

    app: Flask
    evaluator: Cached
    users: int = 0


class Pages:
    """Asks Flask, for a bounded number of requests at a time. threads: where that is done."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(THREADS, "page")
        self._under_way = 0

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
        if self._under_way >= _MOST_IN_THREADS:
            return Reply(503, (PLAIN, ("retry-after", "1")), b"Busy\n")
        more: dict[str, object] = {FAILURE: (failure, number)} if failure or number else {}
        environment = environ(request, more)
        self._under_way += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                self.threads, _call_for, request.client, found or {}, site.app, environment
            )
        finally:
            self._under_way -= 1


def _call_for(
    client: str,
    found: Mapping[Job, Written | BibgraphError],
    app: Flask,
    environment: dict[str, object],
) -> Reply:
    with asked_by(client, found):
        return call(app, environment)
