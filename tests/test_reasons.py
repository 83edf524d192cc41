"""What others say, in our sentences."""

from __future__ import annotations

import errno
import socket
from http.client import BadStatusLine, IncompleteRead, RemoteDisconnected

import pytest

from bibgraph.messages import message
from bibgraph.reasons import harmless, in_line, reason


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("blåbær «x» 😀\n\tnext", "blåbær «x» 😀\n\tnext"),
        ("\x1b]0;evil\x07\r\0", r"\x1b]0;evil\x07\r\x00"),
        ("a\u202eb\u2066c\u200f", r"a\u202eb\u2066c\u200f"),
        ("\x9b31m\x7f\u2028", r"\x9b31m\x7f\u2028"),
        ("w/\udcff.ttl", r"w/\udcff.ttl"),
    ],
)
def test_what_could_do_something_to_a_terminal_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_in_a_line_there_are_no_breaks() -> None:
    assert in_line(" a\r\nb\x1b ") == r"a b\x1b"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "whatever"), "No space left on device"),
        (OSError(9999, "odd \x1b"), r"odd \x1b"),
        (OSError("nothing more"), "nothing more"),
        (socket.gaierror(socket.EAI_NONAME, "x"), "Name or service not known"),
        (UnicodeEncodeError("idna", "x", 0, 1, "why"), "there are letters in it that cannot be used here"),
        (RemoteDisconnected("x"), "the connection ended before an answer came"),
        (IncompleteRead(b"x"), "the connection ended in the middle of the answer"),
        (BadStatusLine("\x1b"), "what came is no HTTP"),
        (ValueError(message("it says the same twice")), "it says the same twice"),
        (ValueError("odd."), "odd"),
        (KeyError(), "KeyError"),
    ],
)
def test_why_something_failed(error: Exception, says: str) -> None:
    assert str(reason(error)) == says
