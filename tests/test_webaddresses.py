"""Addresses that people give: refused with the reason before anything is asked, or made fit to be sent."""

from __future__ import annotations

import pytest

from bibgraph.errors import SettingsError
from bibgraph.webaddresses import checked_address


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("http://127.0.0.1:8890/sparql", "http://127.0.0.1:8890/sparql"),
        ("HTTPS://example.org", "HTTPS://example.org"),
        ("http://[::1]:1/x?a=b%20c#d", "http://[::1]:1/x?a=b%20c#d"),
        ("http://my_service:3030/ds", "http://my_service:3030/ds"),
        ("http://example.org:/x", "http://example.org:/x"),
        ("http://example.org/blå?å=%C3#é", "http://example.org/bl%C3%A5?%C3%A5=%C3#%C3%A9"),
        ("http://blåbær.no:8080/x", "http://xn--blbr-roah.no:8080/x"),
    ],
)
def test_what_can_be_sent_is_sent_in_ascii(given: str, sent: str) -> None:
    assert checked_address("x", given) == sent


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("ftp://example.org/", "http://"),
        ("example.org/sparql", "http://"),
        ("http:///x", "http://"),
        ("http://[::1/x", "http://"),
        ("http://h:65536/", "from 1 to 65535"),
        ("http://h:0/", "from 1 to 65535"),
        ("http://h:-1/", "from 1 to 65535"),
        ("http://h:http/", "from 1 to 65535"),
        ("http://h:٩/", "from 1 to 65535"),
        ("http://[::1]:99999/", "from 1 to 65535"),
        ("http://h/a b", "a space"),
        ("http://a b/", "a space"),
        ("http://h/x\n", "a line break"),
        ("http://h/\x1b[31m", "another sign"),
        ("http://h/\u202ex", "another sign"),
        ("http://h/\udcff", "another sign"),
        ("http://h/%zz", "%25"),
        ("http://h..x/", "the name of a host"),
        (f"http://{'a' * 64}.no/", "the name of a host"),
    ],
)
def test_what_can_be_no_address_is_refused_with_the_reason(given: str, reason: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        checked_address("endpoint", given)
    problem, hint = str(refusal.value).splitlines()
    assert problem == f"endpoint cannot be {given!r}."
    assert reason in hint


@pytest.mark.parametrize(
    "given", ["http://me:horse@h/", "http://me:horse@[::1/", "me:horse@h", "//me:horse@h"]
)
def test_a_password_is_refused_and_not_shown(given: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        checked_address("endpoint", given)
    assert "horse" not in str(refusal.value)
    assert "BIBGRAPH_ENDPOINT_PASSWORD" in str(refusal.value)


def test_a_fragment_is_refused_where_it_would_be_lost() -> None:
    with pytest.raises(SettingsError, match="Leave out #"):
        checked_address("endpoint", "http://h/x#y", fragment=False)
