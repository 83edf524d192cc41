"""Large answers on their way: room is given back when one has gone, not only at the next look."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator

import pytest

from bibgraph.web.server import outgoing
from bibgraph.web.server.outgoing import Outgoing

pytestmark = pytest.mark.skipif(
    not outgoing._DESCRIPTORS.exists(), reason="the system does not tell what is open"
)

SIZE = 1000


@pytest.fixture
def connections() -> Iterator[list[socket.socket]]:
    """Three connections, as the server has them."""
    with socket.create_server(("127.0.0.1", 0)) as heard:
        clients = [socket.create_connection(heard.getsockname()) for _ in range(3)]
        accepted = [heard.accept()[0] for _ in clients]
        yield accepted
        for connection in (*clients, *accepted):
            connection.close()


def peer(connection: socket.socket) -> str:
    """The address of the other end."""
    host, port = connection.getpeername()
    return f"{host}:{port}"


def test_one_client_may_hold_half_and_all_together_the_whole(connections: list[socket.socket]) -> None:
    async def play() -> None:
        going = Outgoing(3 * SIZE)
        assert not going.fits("a", 2 * SIZE)
        going.note(peer(connections[0]), "a", SIZE)
        assert not going.fits("a", SIZE)
        assert going.fits("b", SIZE)
        going.note(peer(connections[1]), "b", SIZE)
        going.note(peer(connections[2]), "c", SIZE)
        assert not going.fits("d", 1)
        assert going.bytes == 3 * SIZE

    asyncio.run(play())


def test_what_has_gone_makes_room_at_once(connections: list[socket.socket]) -> None:
    async def play() -> None:
        going = Outgoing(2 * SIZE)
        going.note(peer(connections[0]), "a", SIZE)
        assert not going.fits("a", SIZE)
        connections[0].close()
        time.sleep(2 * outgoing._SOONEST)  # nothing else runs in the meantime
        assert going.fits("a", SIZE)
        assert going.bytes == 0

    asyncio.run(play())


def test_who_does_not_take_an_answer_is_cut_off(
    connections: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "_GRACE", -60.0)

    async def play() -> None:
        going = Outgoing(2 * SIZE)
        for connection in connections[:2]:
            going.note(peer(connection), "a", SIZE)
            monkeypatch.setattr(outgoing, "_GRACE", 60.0)
        assert not going.fits("b", SIZE)
        assert connections[0].recv(1) == b""  # cut off
        assert peer(connections[1])  # and this one not

    asyncio.run(play())
