"""What is done to a reply on its way out: made smaller, or left out because the client has it."""

from __future__ import annotations

import pytest

from bibgraph.web.server.conditions import fails, forbid, unless_known
from bibgraph.web.server.packing import pack
from bibgraph.web.server.ranges import none_of, part
from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Headers

LATER, EARLIER = "Sun, 02 Nov 2025 08:00:00 GMT", "Sat, 01 Nov 2025 08:00:00 GMT"


def reply(status: int = 200, kind: str = "text/turtle") -> Reply:
    headers = (("content-type", kind), ("last-modified", EARLIER), ("vary", "Accept"))
    return Reply(status, headers, b"x" * 5000, '"a"')


def asked(**headers: str) -> Headers:
    made = Headers()
    for name, value in headers.items():
        made.add(name.replace("_", "-").encode(), value.encode())
    return made


MANY = ",".join(f'"{number}"' for number in range(10_000))


def test_a_reply_without_a_tag_is_none_that_is_named() -> None:
    assert fails(Reply(200, (), b"x"), asked(if_match='""'))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"if_none_match": '"a"'}, 304),
        ({"if_none_match": 'W/"a"'}, 304),
        ({"if_none_match": '"b", "a"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"b"'}, 200),
        ({"if_modified_since": EARLIER}, 304),
        ({"if_modified_since": LATER}, 304),
        ({"if_modified_since": "Fri, 31 Oct 2025 08:00:00 GMT"}, 200),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_none_match": '"b"', "if_modified_since": LATER}, 200),
        ({"if_none_match": f'{MANY}, "a"'}, 304),
        ({"if_none_match": f'{MANY}\t,W/"a" ,"c"'}, 304),
        ({"if_none_match": MANY}, 200),
        ({"if_none_match": '"b"a"'}, 200),
        ({"if_none_match": '"a"b", "a'}, 200),
        ({"if_none_match": 'w/"a"'}, 200),
        ({"if_none_match": 'xW/"a"'}, 200),
    ],
)
def test_what_the_client_has_is_not_sent_again(headers: dict[str, str], status: int) -> None:
    answer = unless_known(reply(), asked(**headers))
    assert answer.status == status
    assert bool(answer.body) == (status == 200)
    assert answer.header("vary") == "Accept"
    assert b'\r\netag: "a"\r\n' in answer.head(kept=True)


def test_without_a_date_of_its_own_a_reply_is_always_newer() -> None:
    undated = Reply(200, (), b"x", '"a"')
    assert unless_known(undated, asked(if_modified_since=LATER)).status == 200


@pytest.mark.parametrize(
    ("headers", "fail"),
    [
        ({}, False),
        ({"if_match": '"a"'}, False),
        ({"if_match": "*"}, False),
        ({"if_match": '"b", "a"'}, False),
        ({"if_match": 'W/"a"'}, True),
        ({"if_match": f'{MANY},"a"'}, False),
        ({"if_match": f'{MANY},W/"a"'}, True),
        ({"if_match": f'W/"a",{MANY}, "a"'}, False),
        ({"if_match": '"b"'}, True),
        ({"if_unmodified_since": EARLIER}, False),
        ({"if_unmodified_since": "Fri, 31 Oct 2025 08:00:00 GMT"}, True),
        ({"if_unmodified_since": "yesterday"}, False),
        ({"if_match": '"a"', "if_unmodified_since": "Fri, 31 Oct 2025 08:00:00 GMT"}, False),
    ],
)
def test_what_is_asked_of_another_state_fails(headers: dict[str, str], fail: bool) -> None:  # noqa: FBT001
    assert fails(reply(), asked(**headers)) == fail
    assert not fails(reply(404), asked(**headers))


@pytest.mark.parametrize(
    ("headers", "shown", "forbidden"),
    [
        ({}, 200, False),
        ({"if_match": '"a"'}, 200, False),
        ({"if_match": '"b"'}, 200, True),
        ({"if_match": 'W/"a"'}, 200, True),
        ({"if_match": "*"}, 200, False),
        ({"if_match": "*"}, 400, False),
        ({"if_match": '"b"'}, 400, True),
        ({"if_none_match": '"b"'}, 200, False),
        ({"if_none_match": 'W/"a"'}, 200, True),
        ({"if_none_match": "*"}, 200, True),
        ({"if_match": '"a"', "if_none_match": '"a"'}, 200, True),
        ({"if_modified_since": LATER}, 200, False),
        ({"if_unmodified_since": EARLIER}, 200, False),
        ({"if_unmodified_since": "Fri, 31 Oct 2025 08:00:00 GMT"}, 200, True),
        ({"if_unmodified_since": "Fri, 31 Oct 2025 08:00:00 GMT"}, 400, False),
    ],
)
def test_what_does_not_only_read_is_forbidden_by_conditions_about_what_is_read(
    headers: dict[str, str],
    shown: int,
    forbidden: bool,  # noqa: FBT001
) -> None:
    assert forbid(reply(shown), asked(**headers)) == forbidden


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
def test_text_is_packed_under_a_tag_of_its_own(coding: str) -> None:
    packed = reply()
    pack(packed, coding)
    assert packed.header("content-encoding") == coding
    assert packed.etag == f'"a-{coding}"'
    assert packed.header("vary") == "Accept, Accept-Encoding"
    assert len(packed.body) < 500


@pytest.mark.parametrize(
    "kind", ["application/gzip", "image/png", "application/vnd.openxmlformats-officedocument"]
)
def test_what_is_packed_already_is_left_as_it_is(kind: str) -> None:
    whole = reply(kind=kind)
    pack(whole, "gzip")
    assert (whole.header("content-encoding"), len(whole.body)) == ("", 5000)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        *(("gzip, identity;q=0", "gzip"), ("br;q=0.5, *;q=0", "br"), ("gzip", ""), ("gzip;q=0", "")),
        ("x-gzip, identity;q=0", "gzip"),
    ],
)
def test_short_text_is_packed_for_who_takes_no_plain_one_alone(accepted: str, coding: str) -> None:
    short = reply()
    short.body = b"short"
    pack(short, accepted)
    assert short.header("content-encoding") == coding


@pytest.mark.parametrize("accepted", ["", "gzip", "gzip, identity;q=0"])
@pytest.mark.parametrize("size", [5, 5000])
def test_what_might_be_packed_for_another_client_says_so_to_caches(size: int, accepted: str) -> None:
    text = reply()
    text.body = b"x" * size
    pack(text, accepted)
    assert text.header("vary") == "Accept, Accept-Encoding"


def test_a_reply_is_sent_with_its_length_the_date_and_its_tag_once() -> None:
    head = reply().head(kept=True).decode()
    first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    names = [line.partition(":")[0] for line in lines]
    assert first == "HTTP/1.1 200 OK"
    assert sorted(names) == ["content-length", "content-type", "date", "etag", "last-modified", "vary"]
    assert "content-length: 5000" in lines


@pytest.mark.parametrize(
    ("kept", "version", "said"),
    [(True, "1.1", ""), (True, "1.0", "keep-alive"), (False, "1.1", "close"), (False, "1.0", "close")],
)
def test_a_reply_says_whether_the_connection_goes_on(kept: bool, version: str, said: str) -> None:  # noqa: FBT001
    lines = reply().head(kept=kept, version=version).decode().split("\r\n")
    assert [line for line in lines if line.startswith("connection")] == (
        [f"connection: {said}"] if said else []
    )


@pytest.mark.parametrize("status", [204, 304])
def test_a_reply_without_content_has_no_length(status: int) -> None:
    assert b"content-length" not in Reply(status).head(kept=True)


@pytest.mark.parametrize("value", ["a\r\nb: c", "a\nb: c", "a\rb: c"])
def test_a_header_with_a_line_end_is_never_sent(value: str) -> None:
    with pytest.raises(ValueError, match="a line ends"):
        Reply(200, (("location", value),)).head(kept=True)


TEN = b"0123456789"
ALL, NONE = TEN.decode(), "416"


@pytest.mark.parametrize(
    ("range_", "sent"),
    [
        ("bytes=0-0", "0"),
        ("bytes=2-4", "234"),
        ("Bytes=8-", "89"),
        ("bytes=8-99999999999999999999999", "89"),
        ("bytes=-3", "789"),
        ("bytes=-10", ALL),
        ("bytes=-11", ALL),
        ("bytes=-99999999999999999999999", ALL),
        ("bytes=, 2-4 ,", "234"),
        ("bytes=10-", NONE),
        ("bytes=10-12", NONE),
        (f"bytes={'9' * 5000}-", NONE),
        ("bytes=-0", NONE),
    ],
)
def test_of_what_is_whole_the_part_is_sent_that_is_asked_for(range_: str, sent: str) -> None:
    found = part(Reply(200, (("accept-ranges", "bytes"),), TEN, '"a"'), asked(range=range_))
    if found is None:
        assert sent == NONE
        return
    start = ALL.index(sent)
    assert (found.status, found.body.decode(), found.etag) == (206, sent, '"a"')
    assert found.header("content-range") == f"bytes {start}-{start + len(sent) - 1}/10"


@pytest.mark.parametrize(
    "range_", ["lines=1-2", "bytes=5-1", "bytes=0-0,5-6", "nonsense", "bytes=", "bytes=-", "bytes=1 - 2", ""]
)
def test_what_names_no_one_part_brings_all(range_: str) -> None:
    whole = Reply(200, (("accept-ranges", "bytes"),), TEN)
    assert part(whole, asked(range=range_)) is whole


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ('"a"', 206),
        (EARLIER, 206),
        ('W/"a"', 200),
        ("a", 200),
        ('"b"', 200),
        ('"a", "b"', 200),
        (LATER, 200),
        ("", 206),
    ],
)
def test_a_part_of_another_state_is_of_no_use(state: str, status: int) -> None:
    whole = Reply(200, (("Accept-Ranges", "bytes"), ("last-modified", EARLIER)), TEN, '"a"')
    found = part(whole, asked(range="bytes=0-1", if_range=state))
    assert found is not None
    assert found.status == status


def test_parts_are_sent_only_of_what_is_there_and_offers_them() -> None:
    for other in (Reply(200, (), TEN), Reply(304, (("accept-ranges", "bytes"),)), Reply(404, (), TEN)):
        assert part(other, asked(range="bytes=0-1")) is other
    assert none_of(10) == ("Content-Range", "bytes */10")
