"""Pages are made for all by turns, and who finds no room is told so in the form that was asked for."""

from __future__ import annotations

import asyncio
import gzip
import json
from asyncio import Task
from threading import Semaphore

import pytest
from flask import Flask

from bibgraph.limits import Limits
from bibgraph.store.serving import Cached
from bibgraph.store.threads import Threads
from bibgraph.web.http.reader import DEFAULT
from bibgraph.web.server import pages
from bibgraph.web.server.pages import THREADS, WAITING, Pages, Site
from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Request
from web_world import graph

LONG = 60.0
"""Seconds that pass only where a test fails."""


class Halted:
    """A site whose slow pages are not ready before they may be. begun: pages, as they were begun."""

    def __init__(self, limits: Limits) -> None:
        self._go = Semaphore(0)
        self.slow = Semaphore(0)
        self.begun: list[str] = []
        self.pages = Pages(limits)
        app = Flask("halted")
        app.config[DEFAULT] = "nb"
        app.add_url_rule("/<name>", "page", self._page)
        self._site = Site(app, Cached(Threads(graph().store, limits), 0))

    def _page(self, name: str) -> str:
        self.begun.append(name)
        if name.startswith("slow"):
            self.slow.release()
            self._go.acquire()
        return name

    def let_go(self, number: int = 10_000) -> None:
        """Let so many slow pages be ready, whichever."""
        self._go.release(number)

    def ask(self, client: str, name: str, target: str = "", **headers: str) -> Task[Reply]:
        """The page of this name, for this client."""
        request = Request(client, ("a", "80"), client=client, path=f"/{name}", query_string=target)
        for header, value in headers.items():
            request.headers.add(header.replace("_", "-").encode(), value.encode())
        return asyncio.create_task(self.pages.reply(self._site, request))

    async def wait_for_slow(self, number: int) -> None:
        """Until so many more slow pages have been begun."""
        for _ in range(number):
            assert await asyncio.to_thread(self.slow.acquire, timeout=LONG)


@pytest.mark.parametrize("leaves", [False, True])
def test_slow_pages_of_one_client_leave_threads_to_others(leaves: bool) -> None:  # noqa: FBT001  # a parameter
    async def play() -> None:
        halted = Halted(Limits(wait=LONG))
        many = [halted.ask("many", f"slow{number}") for number in range(THREADS)]
        try:
            await halted.wait_for_slow(THREADS - 4)
            if leaves:  # which ends no thread, and so makes no room for more
                for one in many:
                    one.cancel()
                many = [halted.ask("many", f"slow{number}") for number in range(THREADS)]
                await asyncio.sleep(0)
            for client in ("first", "second"):
                reply = await asyncio.wait_for(halted.ask(client, "quick"), LONG)
                assert (reply.status, reply.body) == (200, b"quick")
        finally:
            halted.let_go()
        assert {reply.status for reply in await asyncio.gather(*many)} == {200}

    asyncio.run(play())


def test_a_thread_that_becomes_free_is_for_who_has_none() -> None:
    async def play() -> None:
        halted = Halted(Limits(wait=LONG))
        many = [halted.ask("many", f"slow{number}") for number in range(THREADS)]
        others = [halted.ask(f"other{number}", "slow") for number in range(4)]
        try:
            await halted.wait_for_slow(THREADS)
            late = halted.ask("late", "quick")
            halted.let_go(1)
            assert (await asyncio.wait_for(late, LONG)).body == b"quick"
            assert (await asyncio.wait_for(halted.ask("late", "again"), LONG)).body == b"again"
            assert len([name for name in halted.begun if name.startswith("slow")]) == THREADS
        finally:
            halted.let_go()
        assert {reply.status for reply in await asyncio.gather(*others, *many)} == {200}

    asyncio.run(play())


def test_a_full_line_of_pages_is_shared_and_served_by_turns() -> None:
    async def play() -> tuple[Halted, list[Reply], Reply]:
        halted = Halted(Limits(wait=LONG))
        many = [halted.ask("many", f"slow{number}") for number in range(THREADS - 4 + WAITING)]
        few = [halted.ask("few", "slow"), halted.ask("few", "second")]
        try:
            await halted.wait_for_slow(THREADS - 4 + 1)
            assert not any(one.done() for one in many[:-1])
            gave_way = await asyncio.wait_for(many.pop(), LONG)
        finally:
            halted.let_go()
        return halted, await asyncio.gather(*many, *few), gave_way

    halted, answered, gave_way = asyncio.run(play())
    assert {reply.status for reply in answered} == {200}
    assert halted.begun.index("second") < 2 * THREADS
    members = json.loads(gave_way.body)
    assert (gave_way.status, gave_way.header("retry-after")) == (503, "1")
    assert (members["limit"], members["value"]) == ("pages", str(WAITING))


LARGE = b"a long answer " * 10_000


def test_large_answers_are_packed_by_turns_and_sent_as_they_are_where_no_thread_is_free() -> None:
    def fresh() -> Reply:
        return Reply(200, (("Content-Type", "text/csv"),), LARGE, etag='"version"')

    async def play() -> tuple[Reply, Reply]:
        halted = Halted(Limits(wait=0.05))
        many = [halted.ask("many", f"slow{number}") for number in range(THREADS - 4)]
        try:
            await halted.wait_for_slow(THREADS - 4)
            return (
                await halted.pages.pack("few", fresh(), "gzip"),
                await halted.pages.pack("many", fresh(), "gzip"),
            )
        finally:
            halted.let_go()
            await asyncio.gather(*many)

    packed, plain = asyncio.run(play())
    assert gzip.decompress(packed.body) == plain.body == LARGE
    assert (packed.header("content-encoding"), packed.etag, packed.lasting) == (
        "gzip",
        '"version-gzip"',
        True,
    )
    assert (plain.header("content-encoding"), plain.etag) == ("", '"version"')
    assert (packed.lasting, plain.lasting) == (True, False)
    assert packed.header("vary") == plain.header("vary") == "Accept-Encoding"


REFUSED = [
    ({}, "", "application/problem+json", "nb", "Tjenesten er opptatt"),
    ({"accept": "image/png"}, "", "application/problem+json", "nb", "Tjenesten er opptatt"),
    ({"accept_language": "en"}, "", "application/problem+json", "en", "The service is busy"),
    ({"accept": "text/html"}, "a=b&lang=nn", "text/plain; charset=utf-8", "nn", "Tenesta er oppteken"),
    ({"accept": "text/plain", "accept_language": "nn"}, "", "text/plain; charset=utf-8", "nn", "Tenesta"),
    ({"accept": "*/*," * 9000}, "lang=de", "application/problem+json", "nb", "Tjenesten er opptatt"),
]


@pytest.mark.parametrize(("headers", "target", "content_type", "language", "says"), REFUSED)
def test_who_finds_no_room_is_told_in_the_form_and_language_asked_for(
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    target: str,
    content_type: str,
    language: str,
    says: str,
) -> None:
    reply = refusal(monkeypatch, 0, Limits(wait=LONG), target, headers)
    assert (reply.status, reply.header("retry-after"), reply.lasting) == (503, "1", False)
    assert (reply.header("content-type"), reply.header("content-language")) == (content_type, language)
    assert (reply.header("cache-control"), reply.header("x-content-type-options")) == ("no-store", "nosniff")
    assert says in reply.body.decode()
    assert "pages" in reply.body.decode()
    reply.head(kept=True)  # it can be sent


def test_who_has_waited_for_a_thread_too_long_is_told_how_long_that_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reply = refusal(monkeypatch, 1, Limits(wait=0.05), "", {})
    members = json.loads(reply.body)
    assert (reply.status, members["limit"], members["value"]) == (503, "wait", "0.05 s")
    assert int(reply.header("retry-after")) > 0
    assert members["hint"]


def refusal(
    monkeypatch: pytest.MonkeyPatch, waiting: int, limits: Limits, target: str, headers: dict[str, str]
) -> Reply:
    """What is said where the only thread is taken."""
    monkeypatch.setattr(pages, "THREADS", 1)
    monkeypatch.setattr(pages, "WAITING", waiting)

    async def play() -> Reply:
        halted = Halted(limits)
        before = halted.ask("many", "slow")
        try:
            await halted.wait_for_slow(1)
            return await asyncio.wait_for(halted.ask("few", "quick", target, **headers), LONG)
        finally:
            halted.let_go()
            await before

    return asyncio.run(play())
