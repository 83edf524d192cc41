"""Large answers on their way: how much of them is held, and for whom."""

from __future__ import annotations

from bibgraph.web.server.outgoing import Outgoing

SIZE = 1000


def test_one_client_may_hold_half_and_all_together_the_whole() -> None:
    going = Outgoing(3 * SIZE)
    assert not going.fits("a", 2 * SIZE)
    going.begin("a", SIZE)
    assert not going.fits("a", SIZE)
    assert going.fits("b", SIZE)
    going.begin("b", SIZE)
    going.begin("c", SIZE)
    assert not going.fits("d", 1)
    assert going.bytes == 3 * SIZE


def test_what_has_gone_makes_room_at_once() -> None:
    going = Outgoing(2 * SIZE)
    going.begin("a", SIZE)
    assert not going.fits("a", SIZE)
    going.end("a", SIZE)
    assert going.fits("a", SIZE)
    assert going.bytes == 0
