"""One connection: replies in order, everything bounded, and every state left in time."""

from __future__ import annotations

import asyncio
import gc
import logging
import math
import weakref

import pytest

from bibgraph.web.server import connection as module
from bibgraph.web.server import intake
from bibgraph.web.server.reply import Reply
from connection_world import PEER, Scene, get, head, played, post, ticks

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
EXPECT = "Expect: 100-continue"
LARGE = Reply(200, (), b"x" * 300_000)


@played
async def test_replies_come_in_the_order_of_the_requests_whichever_is_ready_first() -> None:
    scene = Scene()
    await scene.send(get("/wait1") + get("/now1") + get("/soon") + get("/wait2") + get("/now2"))
    assert not scene.line.written
    await scene.desk.let("/wait1")
    assert scene.line.replies == ["/wait1", "/now1", "/soon"]
    await scene.desk.let("/wait2")
    assert scene.line.replies == ["/wait1", "/now1", "/soon", "/wait2", "/now2"]
    assert not scene.gone


@played
async def test_no_request_is_begun_before_the_one_before_it_has_been_answered() -> None:
    scene = Scene()
    await scene.send(get("/wait1") + get("/wait2"), get("/wait3"))
    assert scene.desk.begun == ["/wait1"]
    await scene.desk.let("/wait1")
    assert scene.desk.begun == ["/wait1", "/wait2"]
    await scene.desk.let("/wait2")
    assert scene.desk.begun == ["/wait1", "/wait2", "/wait3"]


@played
async def test_no_request_is_begun_before_the_reply_before_it_has_been_taken_in() -> None:
    scene = Scene()
    scene.line.full = True
    await scene.send(get("/now") + get("/soon") + get("/now2"))
    assert (scene.desk.at_hand, scene.desk.begun) == (["/now"], [])
    scene.line.drain()
    await ticks()
    assert scene.line.replies == ["/now", "/soon", "/now2"]


@played
async def test_what_comes_meanwhile_is_held_and_no_more_than_so_much_is_let_in() -> None:
    scene = Scene()
    one = get("/now")
    await scene.send(get("/wait"))
    sent = 0
    while scene.line.is_reading():
        await scene.send(one)
        sent += 1
    assert module._MOST_HELD < sent * len(one) <= module._MOST_HELD + len(one)
    assert not scene.desk.at_hand
    await scene.desk.let("/wait")
    assert scene.line.is_reading()
    assert scene.line.replies == ["/wait", *["/now"] * sent]
    await scene.send(get("/after"))
    assert scene.line.replies[-1] == "/after"


@played
async def test_of_many_requests_that_come_in_one_go_few_are_read_before_they_are_due() -> None:
    scene = Scene()
    one = get("/now")
    await scene.send(get("/wait1") + one * 5000 + get("/wait2") + one * 5000)
    assert len(scene.connection._reader.requests) <= module._PIECE / len(one)
    assert not scene.line.is_reading()
    await scene.desk.let("/wait1")
    assert (len(scene.desk.at_hand), scene.line.is_reading()) == (5000, False)
    await scene.desk.let("/wait2")
    assert (len(scene.desk.at_hand), scene.line.is_reading()) == (10_000, True)


@played
async def test_others_have_their_turn_between_many_replies_that_are_there() -> None:
    crowd, other = Scene(), Scene()
    crowd.connection.data_received(get("/now") * 1000)
    assert 0 < len(crowd.desk.at_hand) <= module._AT_A_TIME
    other.connection.data_received(get("/now"))
    assert other.line.replies == ["/now"]
    crowd.connection.data_received(get("/after"))  # which does not overtake
    await ticks()
    assert crowd.line.replies == [*["/now"] * 1000, "/after"]


@played
async def test_a_connection_that_is_lost_before_its_turn_does_nothing_more() -> None:
    scene = Scene()
    scene.connection.data_received(get("/now") * 1000)
    scene.line.abort()
    await ticks()
    assert scene.gone
    assert len(scene.desk.at_hand) <= module._AT_A_TIME


@played
async def test_work_is_cancelled_a_moment_after_its_client_has_sent_its_last() -> None:
    scene = Scene()
    await scene.send(get("/wait1") + get("/wait2"))
    await scene.end()
    assert not scene.gone
    await scene.later(module._LEAVING)
    assert (scene.desk.begun, scene.desk.cancelled) == (["/wait1"], ["/wait1"])
    assert scene.gone


@played
async def test_who_has_sent_its_last_is_answered_all_that_takes_no_longer_than_a_moment() -> None:
    scene = Scene()
    await scene.send(get("/wait1") + get("/soon") + get("/wait2") + get("/now") + get("/half")[:-1])
    await scene.end()
    await scene.desk.let("/wait1")
    await scene.desk.let("/wait2")
    assert scene.line.replies == ["/wait1", "/soon", "/wait2", "/now"]
    assert scene.gone
    await scene.later(module._LEAVING)
    assert scene.desk.cancelled == []


@played
async def test_a_body_that_is_cut_off_behind_other_requests_is_told() -> None:
    scene = Scene()
    await scene.send(get("/wait1") + post("/", b"abc")[:-1])
    await scene.end()
    await scene.desk.let("/wait1")
    assert scene.line.replies == ["/wait1", "MalformedRequest"]


@played
async def test_work_is_cancelled_when_its_client_is_gone() -> None:
    scene = Scene()
    await scene.send(get("/wait1") + get("/wait2"), get("/wait3"))
    scene.line.abort()
    await ticks()
    assert (scene.desk.begun, scene.desk.cancelled) == (["/wait1"], ["/wait1"])
    assert scene.gone


@played
async def test_a_client_that_leaves_when_it_has_asked_nothing_is_let_go() -> None:
    for begun in (b"", get("/")[:-1], get("/now")):
        scene = Scene()
        await scene.send(begun)
        await scene.end()
        assert scene.gone


@played
async def test_a_head_that_does_not_come_in_time_is_408() -> None:
    scene = Scene()
    assert 0 < scene.left <= intake.SECONDS_FOR_HEAD
    await scene.send(get("/")[:5])
    assert scene.left == intake.SECONDS_FOR_HEAD
    scene.connection.until -= 9
    await scene.send(get("/")[5:-1])
    assert scene.left == intake.SECONDS_FOR_HEAD - 9
    await scene.expire()
    assert scene.line.replies == ["header-time"]
    assert scene.line.ended


@played
async def test_a_body_that_does_not_come_in_time_is_408() -> None:
    scene = Scene()
    await scene.send(post("/", b"abc")[:-3])
    assert scene.left == intake.SECONDS_FOR_BODY
    scene.connection.until -= 19
    await scene.send(b"a", b"b")
    assert scene.left == intake.SECONDS_FOR_BODY - 19
    await scene.expire()
    assert scene.line.replies == ["body-time"]
    assert scene.line.ended


@played
async def test_each_request_has_its_own_time() -> None:
    scene = Scene()
    for _ in range(3):
        await scene.send(get("/now")[:5])
        assert scene.left == intake.SECONDS_FOR_HEAD
        scene.connection.until -= 9
        await scene.send(get("/now")[5:] + post("/now", b"ab")[:-2])
        assert scene.left == intake.SECONDS_FOR_BODY
        scene.connection.until -= 9
        await scene.send(b"ab" + get("/now")[:5])
        assert scene.left == intake.SECONDS_FOR_HEAD
        await scene.send(get("/now")[5:])
        assert scene.left == module._IDLE


@played
async def test_a_connection_on_which_nothing_is_asked_is_closed_without_a_word() -> None:
    scene = Scene()
    await scene.send(get("/soon"))
    assert scene.left == module._IDLE
    assert scene.connection.idle
    await scene.expire()
    assert scene.line.replies == ["/soon"]
    assert scene.gone
    assert not scene.line.aborted


@played
async def test_empty_lines_do_not_keep_a_connection() -> None:
    scene = Scene()
    before = scene.left
    await scene.send(b"\r\n")
    assert scene.left <= before


@played
async def test_work_has_the_time_that_its_handler_gives_it() -> None:
    scene = Scene()
    await scene.send(get("/wait") + get("/wait2")[:9])
    assert scene.left == math.inf
    assert not scene.connection.idle
    await scene.desk.let("/wait")
    assert scene.left == intake.SECONDS_FOR_HEAD


@pytest.mark.parametrize("path", ["/now", "/soon"])
@played
async def test_a_reply_that_is_not_taken_in_is_counted_until_it_has_been(path: str) -> None:
    scene = Scene()
    scene.desk.replies[path] = LARGE
    scene.line.full = True
    await scene.send(get(path))
    assert scene.outgoing.bytes > len(LARGE.body)
    assert scene.outgoing._held.keys() == {PEER}
    assert module._FOR_REPLY < scene.left < module._FOR_REPLY + 2 * len(LARGE.body) / module._SLOWEST
    assert not scene.connection.idle
    scene.line.drain()
    await ticks()
    assert (scene.outgoing.bytes, dict(scene.outgoing._held)) == (0, {})
    assert scene.left == module._IDLE
    assert scene.line.replies == ["x" * len(LARGE.body)]


@pytest.mark.parametrize("said", ["keep-alive", "close"])
@played
async def test_a_reply_that_is_not_taken_in_in_time_is_thrown_away_with_its_connection(said: str) -> None:
    scene = Scene()
    scene.desk.replies["/now"] = LARGE
    scene.line.full = True
    await scene.send(get("/now", f"Connection: {said}"), get("/wait"))
    assert scene.left < math.inf
    await scene.expire()
    assert scene.gone
    assert scene.line.aborted
    assert scene.outgoing.bytes == 0
    assert not scene.desk.begun


@played
async def test_a_client_that_goes_gives_back_what_its_reply_held() -> None:
    scene = Scene()
    scene.desk.replies["/now"] = LARGE
    scene.line.full = True
    await scene.send(get("/now") + get("/wait"))
    scene.line.abort()
    await ticks()
    assert (scene.outgoing.bytes, scene.desk.begun) == (0, [])


@played
async def test_who_has_sent_its_last_still_gets_the_reply_that_is_on_its_way() -> None:
    scene = Scene()
    scene.desk.replies["/now"] = LARGE
    scene.line.full = True
    await scene.send(get("/now"))
    await scene.end()
    assert not scene.gone
    scene.line.drain()
    await ticks()
    assert scene.line.replies == ["x" * len(LARGE.body)]
    assert scene.gone


@played
async def test_a_body_that_is_cut_off_is_told() -> None:
    scene = Scene()
    await scene.send(post("/", b"abc")[:-1])
    await scene.end()
    assert scene.line.replies == ["MalformedRequest"]
    await scene.expire()
    assert scene.gone


@played
async def test_who_is_refused_may_send_on_for_a_moment_and_what_it_sends_is_ignored() -> None:
    scene = Scene()
    await scene.send(get("/now") + get("odd") + get("/now2"))
    assert scene.line.replies == ["/now", "MalformedRequest"]
    assert scene.line.ended
    assert not scene.line.closing
    assert scene.left == module._LINGERING
    await scene.send(get("/now3"), b"x" * 100_000)
    assert (scene.desk.at_hand, len(scene.desk.begun)) == (["/now"], 1)
    assert not scene.connection._held
    assert scene.left == module._LINGERING
    await scene.expire()
    assert scene.gone


@played
async def test_who_is_refused_and_leaves_is_let_go() -> None:
    scene = Scene()
    await scene.send(get("odd"))
    await scene.end()
    assert scene.gone


@played
async def test_who_is_refused_may_not_send_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_IGNORED", 1000)
    scene = Scene()
    await scene.send(get("odd"))
    await scene.send(b"x" * 1000)
    assert not scene.gone
    await scene.send(b"x")
    assert scene.gone


@played
async def test_who_is_refused_while_much_of_it_is_held_is_read_from_again() -> None:
    scene = Scene()
    await scene.send(get("/wait") + get("odd"), b"x" * 2 * module._MOST_HELD)
    assert not scene.line.is_reading()
    await scene.desk.let("/wait")
    assert scene.line.replies == ["/wait", "MalformedRequest"]
    assert scene.line.is_reading()
    assert not scene.connection._held


@played
async def test_a_refusal_that_is_not_taken_in_waits_and_then_lingers() -> None:
    scene = Scene()
    scene.line.full = True
    await scene.send(get("odd"))
    assert module._LINGERING < scene.left < math.inf
    scene.line.drain()
    await ticks()
    assert scene.left == module._LINGERING
    await scene.expire()
    assert scene.gone


@played
async def test_finish_ends_what_is_idle_or_has_sent_but_part_of_a_head() -> None:
    for begun in (b"", get("/now"), get("/")[:-1]):
        scene = Scene()
        await scene.send(begun)
        scene.connection.finish()
        await ticks()
        assert scene.gone


@played
async def test_finish_waits_for_the_answer_and_says_in_it_that_the_connection_ends() -> None:
    scene = Scene()
    await scene.send(get("/wait") + get("/now") + get("/wait2"))
    scene.connection.finish()
    await ticks()
    assert not scene.gone
    await scene.desk.let("/wait")
    assert scene.line.replies == ["/wait"]
    assert b"connection: close" in scene.line.written[0]
    assert scene.gone


@played
async def test_finish_waits_for_the_rest_of_a_body_and_its_answer() -> None:
    scene = Scene()
    await scene.send(post("/wait", b"abc")[:-1])
    scene.connection.finish()
    await ticks()
    assert not scene.gone
    await scene.send(b"c" + get("/now"))
    await scene.desk.let("/wait")
    assert scene.line.replies == ["/wait"]
    assert b"connection: close" in scene.line.written[0]
    assert scene.gone


@played
async def test_finish_lets_a_reply_be_taken_in_that_has_been_begun() -> None:
    scene = Scene()
    scene.desk.replies["/now"] = LARGE
    scene.line.full = True
    await scene.send(get("/now"))
    scene.connection.finish()
    await ticks()
    assert not scene.gone
    scene.line.drain()
    await ticks()
    assert scene.line.replies == ["x" * len(LARGE.body)]
    assert scene.gone


@played
async def test_finish_begins_no_request_after_the_last_reply() -> None:
    scene = Scene()
    scene.line.full = True
    await scene.send(get("/now") + get("/now2") + get("/now3") + get("/wait"), get("/now4"))
    scene.connection.finish()
    scene.line.drain()
    await ticks()
    assert scene.gone
    assert scene.desk.at_hand in (["/now"], ["/now", "/now2"])  # the first may have said that it goes on
    assert scene.line.replies == scene.desk.at_hand
    assert (scene.desk.begun, scene.line.late) == ([], [])


@played
async def test_no_request_is_begun_after_one_that_ends_the_connection() -> None:
    scene = Scene()
    await scene.send(get("/soon", "Connection: close") + get("/now") + get("/wait"), get("/now"))
    assert scene.line.replies == ["/soon"]
    assert scene.gone
    assert (scene.desk.begun, scene.desk.at_hand, scene.line.late) == (["/soon"], [], [])


@played
async def test_finish_while_lingering_ends_in_time() -> None:
    scene = Scene()
    await scene.send(get("odd"))
    scene.connection.finish()
    await ticks()
    assert scene.line.closing or scene.left <= module._LINGERING


@pytest.mark.parametrize("path", ["/soon", "/wait"])
@played
async def test_a_reply_that_cannot_be_sent_ends_the_connection(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    scene = Scene()
    scene.desk.replies[path] = Reply(200, (("x", "a\r\nb: c"),), b"")
    await scene.send(get(path) + get("/now"))
    if path == "/wait":
        await scene.desk.let(path)
    assert scene.gone
    assert not scene.line.written
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@played
async def test_a_second_reply_that_cannot_be_sent_ends_the_connection(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene()
    scene.desk.replies["/now2"] = Reply(200, (("x", "a\r\nb: c"),), b"")
    await scene.send(get("/soon") + get("/now2") + get("/now3"))
    assert scene.line.replies == ["/soon"]
    assert scene.gone
    assert caplog.records


@played
async def test_no_reply_takes_the_place_of_one_that_cannot_be_sent(caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene()
    scene.desk.replies["/now2"] = Reply(200, (), b"", '"a"\r\nb: c')
    scene.line.full = True
    await scene.send(get("/now") + get("/now2") + get("/now3"))
    scene.line.drain()
    await ticks()
    assert scene.line.replies == ["/now"]
    assert scene.gone
    assert caplog.records


@played
async def test_a_handler_that_fails_against_its_promise_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scene = Scene()

    async def fail(_: object) -> Reply:
        await asyncio.sleep(0)
        raise KeyError("a fault of ours")

    monkeypatch.setattr(scene.desk, "reply", fail)
    await scene.send(get("/soon") + get("/now"))
    assert scene.gone
    assert not scene.line.written
    assert caplog.records


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        (head("HEAD /now HTTP/1.1", "Host: a"), LARGE),
        (head("HEAD /soon HTTP/1.1", "Host: a"), Reply(200, (), b"abc")),
        (get("/now"), Reply(304, (), b"abc")),
        (get("/soon"), Reply(204, (), b"abc")),
    ],
    ids=["HEAD", "HEAD later", "304", "204"],
)
@played
async def test_what_has_no_content_is_sent_without_any(request_: bytes, reply: Reply) -> None:
    scene = Scene()
    scene.desk.replies = {"/now": reply, "/soon": reply}
    await scene.send(request_)
    (sent,) = scene.line.written
    assert sent.endswith(b"\r\n\r\n")
    length = b"content-length: %d\r\n" % len(reply.body)
    assert (length in sent) == (reply.status == 200)
    assert sent.count(b"content-length") == (reply.status == 200)
    await scene.send(get("/after"))
    assert len(scene.line.written) == 2


@played
async def test_a_client_that_waits_with_its_body_is_told_to_go_on_and_once() -> None:
    scene = Scene()
    asked = post("/soon", b"abc", EXPECT)
    await scene.send(asked[:9], asked[9:-3])
    assert scene.line.written == [CONTINUE]
    assert not scene.desk.begun
    await scene.send(b"ab", b"c")
    assert scene.line.replies == ["100", "/soon"]
    assert scene.desk.bodies == [b"abc"]


@pytest.mark.parametrize("cut", [True, False], ids=["apart", "together"])
@played
async def test_a_client_is_told_to_go_on_after_the_replies_that_come_before(*, cut: bool) -> None:
    scene = Scene()
    asked = post("/soon", b"abc", EXPECT)[:-3]
    await scene.send(*([get("/wait"), asked] if cut else [get("/wait") + asked]))
    assert not scene.line.written
    await scene.desk.let("/wait")
    assert scene.line.replies == ["/wait", "100"]
    await scene.send(b"abc")
    assert scene.line.replies == ["/wait", "100", "/soon"]


@played
async def test_a_client_that_does_not_take_in_that_it_may_go_on_is_ended_in_time() -> None:
    scene = Scene()
    scene.line.full = True
    await scene.send(post("/soon", b"abc", EXPECT)[:-3])
    assert scene.left <= intake.SECONDS_FOR_BODY
    await scene.expire()
    assert scene.gone


@played
async def test_a_client_that_takes_in_late_that_it_may_go_on_is_answered() -> None:
    scene = Scene()
    scene.line.full = True
    await scene.send(post("/soon", b"abc", EXPECT)[:-3], b"a")
    scene.line.drain()
    await ticks()
    assert scene.left <= intake.SECONDS_FOR_BODY
    await scene.send(b"bc")
    assert scene.line.replies == ["100", "/soon"]
    assert scene.desk.bodies == [b"abc"]


@played
async def test_an_upgrade_that_is_offered_does_not_leave_the_next_request_unanswered() -> None:
    scene = Scene()
    offer = ("Connection: Upgrade", "Upgrade: h2c")
    await scene.send(get("/now", *offer), get("/soon", *offer) + post("/soon", b"ab", *offer))
    await scene.send(get("/now2"))
    assert scene.line.replies == ["/now", "/soon", "/soon", "/now2"]
    assert scene.desk.bodies == [b"", b"ab"]


@played
async def test_many_offers_of_an_upgrade_in_one_go_are_passed_over() -> None:
    scene = Scene()
    count = 3000
    await scene.send(head("GET /now HTTP/1.1", "Host:a", "Upgrade:a", "Connection:upgrade") * count)
    assert scene.line.replies == ["/now"] * count


@pytest.mark.parametrize("last", ["idle", "asked", "refused", "left", "unsent"])
@played
async def test_nothing_of_a_connection_stays_when_it_has_gone(last: str) -> None:
    scene = Scene()
    scene.line.full = last == "unsent"
    data = {"idle": get("/soon"), "asked": get("/wait"), "refused": get("odd"), "left": post("/", b"a")[:-1]}
    await scene.send(data.get(last, get("/soon")))
    if last == "left":
        await scene.end()
    scene.line.abort()
    await ticks()
    gc.disable()
    try:
        found = weakref.ref(scene.connection)
        assert scene.gone
        del scene.connection
        assert found() is None, "only the collector would find it"
    finally:
        gc.enable()
