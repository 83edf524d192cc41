"""All connections of the server: room for newcomers, an end for what is late, and an orderly end of all."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import math
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from bibgraph.web.server import listening as module
from bibgraph.web.server.connection import Connection
from bibgraph.web.server.listening import Listener
from bibgraph.web.server.reply import Reply
from bibgraph.web.server.shares import ANSWERS, Shares
from connection_world import LIMITS, Desk, get, post

PATIENCE = 20.0
"""Seconds after which what has not come never will."""
LARGE = Reply(200, (), b"x" * 8 * 1024 * 1024)
END_AT_ONCE = struct.pack("ii", 1, 0)
Play = Callable[["Hall"], Awaitable[None]]


class Hall:
    """A listener that takes in connections from this machine. unseen: what failed without being told."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.outgoing = Shares(ANSWERS)
        self.heard = socket.create_server(("127.0.0.1", 0))
        self.address = self.heard.getsockname()
        self.listener = Listener(self.desk, LIMITS, self.outgoing, self.heard)
        self.unseen: list[dict[str, object]] = []

    @property
    def connections(self) -> set[Connection]:
        return self.listener._connections

    @property
    def unfinished(self) -> list[str]:
        """Of which parts something has come, and not all."""
        return [one._reader.unfinished for one in self.connections if one._reader.unfinished]

    def of(self, guest: Guest) -> Connection:
        """The connection at this end."""
        port = guest.plain.getsockname()[1]
        (found,) = [one for one in self.connections if one._transport.get_extra_info("peername")[1] == port]
        return found

    @asynccontextmanager
    async def guest(self, received: int = 0) -> AsyncIterator[Guest]:
        """A client. received: bytes that it has room for, if that is to be few."""
        plain = socket.socket()
        if received:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, received)
        plain.settimeout(0)
        try:
            await asyncio.get_running_loop().sock_connect(plain, self.address)
            yield Guest(plain)
        finally:
            plain.close()

    async def until(self, holds: Callable[[], object]) -> None:
        """Let the loop go on until this holds."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await asyncio.sleep(0.001)


@dataclass
class Guest:
    """A client with a socket of its own."""

    plain: socket.socket

    async def send(self, data: bytes) -> None:
        async with asyncio.timeout(PATIENCE):
            await asyncio.get_running_loop().sock_sendall(self.plain, data)

    async def bodies(self, count: int = 1) -> list[str]:
        """The bodies of the next replies; fewer if the connection ends before."""
        found: list[str] = []
        for _ in range(count):
            lines = b""
            while not lines.endswith(b"\r\n\r\n"):
                piece = await self._read(1)
                if not piece:
                    return found
                lines += piece
            length = int(lines.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            found.append((await self._read(length)).decode())
        return found

    async def ends(self) -> bool:
        """Whether nothing comes any more but the end."""
        return not await self._read(1)

    async def _read(self, length: int) -> bytes:
        data = bytearray()
        async with asyncio.timeout(PATIENCE):
            while len(data) < length:
                piece = await asyncio.get_running_loop().sock_recv(self.plain, length - len(data))
                if not piece:
                    break
                data += piece
        return bytes(data)


def _loops() -> list[Callable[[], asyncio.AbstractEventLoop]]:
    found = importlib.util.find_spec("uvloop") and importlib.import_module("uvloop").new_event_loop
    return [asyncio.SelectorEventLoop, *([found] if found else [])]


@pytest.fixture(params=_loops(), ids=lambda loop: loop.__module__.partition(".")[0])
def played(request: pytest.FixtureRequest) -> Callable[[Play], None]:
    """Plays in a hall that has been opened; nothing may fail unseen there, nor anything be left of it."""

    def play(test: Play) -> None:
        async def run() -> None:
            hall = Hall()
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda _, context: hall.unseen.append(context))
            await hall.listener.open()
            try:
                await test(hall)
            finally:
                await hall.listener.close(0.0)
                await hall.until(lambda: not hall.connections)
            assert hall.outgoing.bytes == hall.listener.incoming.bytes == 0
            await asyncio.sleep(0)
            assert not hall.unseen, hall.unseen
            assert asyncio.all_tasks() == {asyncio.current_task()}

        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(run())

    return play


def test_requests_are_answered(played: Callable[[Play], None]) -> None:
    async def play(hall: Hall) -> None:
        async with hall.guest() as guest:
            await guest.send(get("/now") + get("/soon"))
            assert await guest.bodies(2) == ["/now", "/soon"]
            await guest.send(post("/soon2", b"abc") + get("/now2", "Connection: close"))
            assert await guest.bodies(2) == ["/soon2", "/now2"]
            assert await guest.ends()
        assert hall.desk.bodies == [b"", b"abc"]
        await hall.until(lambda: not hall.connections)

    played(play)


@pytest.mark.parametrize("path", ["/now", "/soon"])
def test_a_large_reply_is_counted_until_it_has_been_taken_in(
    played: Callable[[Play], None], path: str
) -> None:
    async def play(hall: Hall) -> None:
        hall.desk.replies[path] = LARGE
        async with hall.guest(received=4096) as guest:
            await guest.send(get(path) + get("/now2"))
            await hall.until(lambda: hall.outgoing.bytes)
            assert not hall.desk.at_hand[1:]
            assert [len(body) for body in await guest.bodies()] == [len(LARGE.body)]
            assert await guest.bodies() == ["/now2"]
            assert hall.outgoing.bytes == hall.listener.incoming.bytes == 0

    played(play)


@pytest.mark.parametrize("how", ["close", "asked", "finish"])
def test_a_large_reply_is_taken_in_whole_before_its_connection_ends(
    played: Callable[[Play], None], how: str
) -> None:
    async def play(hall: Hall) -> None:
        hall.desk.replies["/now"] = LARGE
        after = get("/now2", "Connection: close") if how == "asked" else b""
        async with hall.guest(received=4096) as guest:
            await guest.send(get("/now", *(["Connection: close"] if how == "close" else [])) + after)
            await hall.until(lambda: hall.outgoing.bytes)
            if how == "finish":
                for connection in tuple(hall.connections):
                    connection.finish()
            assert [len(body) for body in await guest.bodies()] == [len(LARGE.body)]
            assert await guest.bodies() == (["/now2"] if after else [])
            assert await guest.ends()
        await hall.until(lambda: not hall.connections)

    played(play)


@pytest.mark.parametrize("how", ["close", "reset", "late"])
def test_what_a_reply_holds_is_given_back_when_its_client_goes(
    played: Callable[[Play], None], how: str
) -> None:
    async def play(hall: Hall) -> None:
        hall.desk.replies["/soon"] = LARGE
        async with hall.guest(received=4096) as guest:
            await guest.send(get("/soon") + get("/wait"))
            await hall.until(lambda: hall.outgoing.bytes)
            if how == "late":
                for connection in tuple(hall.connections):
                    connection.expire()
            elif how == "reset":
                guest.plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, END_AT_ONCE)
                guest.plain.close()
            else:
                guest.plain.close()
            await hall.until(lambda: not hall.connections)
        assert hall.outgoing.bytes == 0
        assert hall.desk.begun == ["/soon"]

    played(play)


@pytest.mark.parametrize("more", [1, 5000], ids=["little", "more-than-is-held"])
@pytest.mark.parametrize("how", ["close", "reset", "half"])
def test_work_is_cancelled_when_its_client_leaves(
    played: Callable[[Play], None], how: str, more: int
) -> None:
    async def play(hall: Hall) -> None:
        async with hall.guest() as guest:
            await guest.send(get("/wait") + get("/soon") * more)
            await hall.until(lambda: hall.desk.begun)
            if how == "half":
                guest.plain.shutdown(socket.SHUT_WR)
                assert more > 1 or await guest.ends()  # what was never read makes a reset of the end
            else:
                guest.plain.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, END_AT_ONCE if how == "reset" else bytes(8)
                )
                guest.plain.close()
            await hall.until(lambda: not hall.connections and hall.desk.cancelled)
        assert hall.desk.begun == hall.desk.cancelled == ["/wait"]

    played(play)


def test_who_is_refused_can_read_why_though_it_sends_on(played: Callable[[Play], None]) -> None:
    async def play(hall: Hall) -> None:
        async with hall.guest() as guest:
            await guest.send(post("/soon", bytes(LIMITS.request_bytes + 1)))
            await guest.send(bytes(1_000_000))
            assert await guest.bodies() == ["query-bytes"]
            assert await guest.ends()
            guest.plain.close()
            await hall.until(lambda: not hall.connections)

    played(play)


def test_a_body_that_is_cut_off_is_told_to_who_can_still_read(played: Callable[[Play], None]) -> None:
    async def play(hall: Hall) -> None:
        async with hall.guest() as guest:
            await guest.send(post("/soon", b"abc")[:-1])
            await hall.until(lambda: hall.unfinished)
            guest.plain.shutdown(socket.SHUT_WR)
            assert await guest.bodies() == ["MalformedRequest"]
            assert await guest.ends()
            for connection in tuple(hall.connections):
                connection.expire()
            await hall.until(lambda: not hall.connections)

    played(play)


def test_what_is_late_is_ended(played: Callable[[Play], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BETWEEN_LOOKS", 0.001)

    async def play(hall: Hall) -> None:
        async with hall.guest() as late, hall.guest() as slow, hall.guest() as well:
            for guest in (late, slow, well):
                await guest.send(get("/now"))
                assert await guest.bodies() == ["/now"]
            await slow.send(b"GET")
            await hall.until(lambda: hall.unfinished)
            hall.of(slow).until = hall.of(late).until = -math.inf
            assert await late.ends()
            assert await slow.bodies() == ["header-time"]
            await well.send(get("/now2"))
            assert await well.bodies() == ["/now2"]

    played(play)


def test_when_it_is_full_newcomers_find_room(
    played: Callable[[Play], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONNECTIONS", 3)
    monkeypatch.setattr(module, "_ENDED_AT_ONCE", 1)

    async def play(hall: Hall) -> None:
        async with hall.guest() as busy, hall.guest() as idle, hall.guest() as lately:
            await busy.send(get("/wait"))
            for guest in (idle, lately):
                await guest.send(get("/now"))
                assert await guest.bodies() == ["/now"]
            await hall.until(lambda: hall.desk.begun)
            hall.of(idle).until -= 1
            async with hall.guest() as newcomer:
                await newcomer.send(get("/soon"))
                assert await newcomer.bodies() == ["/soon"]
                assert await idle.ends()
                await lately.send(get("/now2"))
                assert await lately.bodies() == ["/now2"]
                hall.desk.waiting["/wait"].set_result(None)
                assert await busy.bodies() == ["/wait"]

    played(play)


def test_who_only_begins_to_ask_keeps_nobody_out(
    played: Callable[[Play], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONNECTIONS", 3)
    monkeypatch.setattr(module, "_ENDED_AT_ONCE", 1)

    async def play(hall: Hall) -> None:
        async with hall.guest() as sending, hall.guest() as refused, hall.guest() as slow:
            await sending.send(post("/soon", b"abc")[:-1])
            await refused.send(get("odd"))
            assert await refused.bodies() == ["MalformedRequest"]
            await slow.send(get("/now")[:-1])
            await hall.until(lambda: sorted(hall.unfinished) == ["body", "head"])
            for _ in range(2):
                async with hall.guest() as newcomer:
                    await newcomer.send(get("/now"))
                    assert await newcomer.bodies() == ["/now"]
            await sending.send(b"c")
            assert await sending.bodies() == ["/soon"]

    played(play)


@dataclass(eq=False)
class Sitting:
    """A connection as far as a listener looks at it."""

    until: float
    idle: bool = True
    receiving: bool = False
    client: str = "192.0.2.1"
    fails: bool = False
    told: list[str] = field(default_factory=list)

    def look(self) -> None:
        if self.fails:
            raise KeyError("a fault of ours")

    def finish(self) -> None:
        self.told.append("finish")

    def give_way(self) -> None:
        self.told.append("give way")

    def expire(self) -> None:
        self.told.append("expire")
        if self.fails:
            raise KeyError("a fault of ours")
        self.until = math.inf


def seated(hall: Hall, *sitting: Sitting) -> None:
    for one in sitting:
        hall.listener.opened(cast("Connection", one))


def left(hall: Hall, *sitting: Sitting) -> None:
    for one in sitting:
        hall.listener.closed(cast("Connection", one))


def test_those_who_have_asked_nothing_for_longest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECTIONS", 5)
    monkeypatch.setattr(module, "_ENDED_AT_ONCE", 2)
    hall = Hall()
    busy, early, late, later = Sitting(0, idle=False), Sitting(10), Sitting(20), Sitting(30)
    newcomer, one_too_many = Sitting(5), Sitting(4)
    seated(hall, later, busy, early, late, newcomer)
    assert not any(one.told for one in (busy, early, late, later, newcomer))
    newcomer.until = 40
    seated(hall, one_too_many)
    assert [one.told for one in (early, late)] == [["give way"]] * 2
    assert not any(one.told for one in (busy, later, newcomer, one_too_many))
    hall.heard.close()


def test_who_has_most_connections_makes_room_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECTIONS", 5)
    monkeypatch.setattr(module, "_ENDED_AT_ONCE", 3)
    hall = Hall()
    one, other = Sitting(0), Sitting(1, client="192.0.2.2")
    many = [Sitting(75, client="192.0.2.9", receiving=number == 0, idle=number > 0) for number in range(3)]
    seated(hall, one, *many, other, Sitting(10, client="192.0.2.3"))
    assert [sitting.told for sitting in many] == [["give way"]] * 3
    assert [one.told, other.told] == [[], []]
    hall.heard.close()


def test_a_body_that_is_on_its_way_makes_room_at_last_and_is_told_so(
    played: Callable[[Play], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONNECTIONS", 2)
    monkeypatch.setattr(module, "_ENDED_AT_ONCE", 1)

    async def play(hall: Hall) -> None:
        async with hall.guest() as first, hall.guest() as second:
            for guest in (first, second):
                await guest.send(post("/soon", b"abc")[:-1])
            await hall.until(lambda: hall.unfinished == ["body"] * 2)
            hall.of(first).until -= 1
            async with hall.guest() as newcomer:
                await newcomer.send(get("/now"))
                assert await newcomer.bodies() == ["/now"]
                assert await first.bodies() == ["connections"]

    played(play)


def test_when_all_are_busy_the_newcomer_has_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECTIONS", 2)
    hall = Hall()
    busy = [Sitting(0, idle=False), Sitting(0, idle=False)]
    newcomer = Sitting(10)
    seated(hall, *busy, newcomer)
    assert [one.told for one in (*busy, newcomer)] == [[], [], ["give way"]]
    left(hall, newcomer, busy[0])
    another = Sitting(10)
    seated(hall, another)
    assert not another.told
    hall.heard.close()


def test_one_that_fails_as_it_is_ended_does_not_keep_others(
    played: Callable[[Play], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BETWEEN_LOOKS", 0.001)

    async def play(hall: Hall) -> None:
        asyncio.get_running_loop().set_exception_handler(None)  # it may be told of a fault of ours
        sitting = [Sitting(-math.inf, fails=number in (0, 5)) for number in range(6)]
        seated(hall, *sitting)
        await hall.until(lambda: all(one.told for one in sitting))
        again = Sitting(-math.inf)
        seated(hall, again)
        await hall.until(lambda: again.told)
        left(hall, again, *sitting)

    played(play)


def test_close_ends_what_is_idle_and_lets_nobody_in(played: Callable[[Play], None]) -> None:
    async def play(hall: Hall) -> None:
        async with hall.guest() as idle, hall.guest() as begun, hall.guest() as silent:
            await idle.send(get("/now"))
            assert await idle.bodies() == ["/now"]
            await begun.send(get("/now")[:9])
            await hall.until(lambda: len(hall.connections) == 3)
            await hall.until(lambda: hall.unfinished == ["head"])
            await hall.listener.close(PATIENCE)
            assert not hall.connections
            assert [await one.ends() for one in (idle, begun, silent)] == [True] * 3
        with pytest.raises(OSError, match=r".+"):
            async with hall.guest():
                pass

    played(play)


def test_close_waits_for_what_is_under_way(played: Callable[[Play], None]) -> None:
    async def play(hall: Hall) -> None:
        async with hall.guest() as asked, hall.guest() as sending:
            await asked.send(get("/wait") + get("/now"))
            await sending.send(post("/soon", b"abc")[:-1])
            await hall.until(lambda: hall.desk.begun)
            await hall.until(lambda: hall.unfinished)
            closing = asyncio.create_task(hall.listener.close(PATIENCE))
            await asyncio.sleep(0.05)
            assert not closing.done()
            hall.desk.waiting["/wait"].set_result(None)
            await sending.send(b"c")
            await closing
            assert not hall.connections
            assert await asked.bodies(2) == ["/wait"]
            assert await sending.bodies() == ["/soon"]

    played(play)


@pytest.mark.parametrize("asked", [get("/wait"), get("/wait") + get("/now")[:9], post("/", b"abc")[:-1]])
def test_close_waits_no_longer_than_it_is_told(played: Callable[[Play], None], asked: bytes) -> None:
    async def play(hall: Hall) -> None:
        async with hall.guest() as guest, hall.guest(received=4096) as taking_nothing:
            hall.desk.replies["/now2"] = LARGE
            await guest.send(asked)
            await taking_nothing.send(get("/now2"))
            await hall.until(lambda: hall.outgoing.bytes)
            await hall.until(lambda: hall.desk.begun or hall.unfinished)
            await hall.listener.close(0.01)
            await hall.until(lambda: hall.outgoing.bytes == 0)
            guest.plain.close()
            await hall.until(lambda: not hall.connections)
            await asyncio.sleep(0)
        assert hall.desk.cancelled == [path for path in hall.desk.begun if path == "/wait"]

    played(play)


@pytest.mark.parametrize("path", ["/now", "/soon"])
def test_close_answers_what_only_the_system_has_taken_in(played: Callable[[Play], None], path: str) -> None:
    async def play(hall: Hall) -> None:
        async with hall.guest() as kept:
            await kept.send(get("/now"))
            assert await kept.bodies() == ["/now"]
            fresh = [Guest(socket.create_connection(hall.address)) for _ in range(20)]
            for guest in (*fresh, kept):  # the loop has no turn in between
                guest.plain.send(get(path))
                guest.plain.settimeout(0)
            await hall.listener.close(PATIENCE)
            for guest in (*fresh, kept):
                assert await guest.bodies() == [path]
                assert await guest.ends()
                guest.plain.close()

    played(play)


def test_who_has_come_before_it_closes_may_still_ask_and_is_told_that_it_is_the_last_time(
    played: Callable[[Play], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LAST_WORDS", PATIENCE)

    async def play(hall: Hall) -> None:
        async with hall.guest() as guest:
            await guest.send(get("/now"))
            assert await guest.bodies() == ["/now"]
            closing = asyncio.create_task(hall.listener.close(PATIENCE))
            await hall.until(lambda: hall.heard.fileno() < 0)
            await guest.send(get("/now2"))
            reply = await guest._read(1000)
            assert b"\r\nconnection: close\r\n" in reply
            assert reply.endswith(b"/now2")
            await closing

    played(play)
