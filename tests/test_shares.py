"""How much is held, and for whom."""

from __future__ import annotations

from bibgraph.web.server.shares import BODIES, SMALL, Body, Shares, for_bodies

SIZE = 1000


def test_one_client_may_hold_half_and_all_together_the_whole() -> None:
    going = Shares(3 * SIZE)
    assert not going.fits("a", 2 * SIZE)
    going.begin("a", SIZE)
    assert not going.fits("a", SIZE)
    assert going.fits("b", SIZE)
    going.begin("b", SIZE)
    going.begin("c", SIZE)
    assert not going.fits("d", 1)
    assert going.bytes == 3 * SIZE


def test_what_has_gone_makes_room_at_once() -> None:
    going = Shares(2 * SIZE)
    going.begin("a", SIZE)
    assert not going.fits("a", SIZE)
    going.end("a", SIZE)
    assert going.fits("a", SIZE)
    assert going.bytes == 0


def test_a_body_needs_room_for_what_is_large_of_it() -> None:
    shares = Shares(2 * SIZE)
    first, second, other = (Body(shares, client) for client in ("a", "a", "b"))
    assert first.grow(SMALL)
    assert shares.bytes == 0
    assert first.grow(SMALL + 1)
    assert first.grow(SMALL + SIZE)
    assert shares.bytes == SIZE
    assert not second.grow(SMALL + 1)
    assert second.grow(SMALL)
    assert other.grow(SMALL + SIZE)
    first.end()
    first.end()
    assert shares.bytes == SIZE
    assert second.grow(SMALL + SIZE)


def test_two_of_the_largest_bodies_of_a_client_fit_in_any_case() -> None:
    for largest in (1000, BODIES):
        shares = for_bodies(largest)
        assert Body(shares, "a").grow(SMALL + largest)
        assert Body(shares, "a").grow(SMALL + largest)
        assert not Body(shares, "a").grow(SMALL + shares.most // 2)
