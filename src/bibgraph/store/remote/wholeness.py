"""Whether an answer is whole: Virtuoso gives no more than its ResultSetMaxRows, with status 200.

Of SELECT it tells in a header that there are as many rows as it gives at most. Of CONSTRUCT and DESCRIBE it
tells nothing: it makes one triple more than that, or describes one thing more, and leaves out the others. But
it says how many these are when it is asked.
"""

from __future__ import annotations

import sys
from email.message import Message

import pyoxigraph as ox

from bibgraph.sparql import Kind, Token, tokens
from bibgraph.store import Answer

MOST = "SELECT (bif:sys_stat('sparql_result_set_max_rows') AS ?most) {}"
"""Asks Virtuoso for its ResultSetMaxRows."""

_ROWS = "X-SPARQL-MaxRows"
_ITS_OWN = "X-SPARQL-default-graph"
_MOST_DIGITS = 18
_AFTER_HEAD = ("FROM", "WHERE")


def rows_at_most(headers: Message, text: str) -> int:
    """The number of rows at which the answer to a SELECT stopped; 0 where all of them are there."""
    told = headers.get(_ROWS, "")
    most = _whole(told)
    if not most:
        return 0
    limit = _limit(text)
    return 0 if limit is not None and limit <= most else most


def is_virtuoso(headers: Message) -> bool:
    """Whether an answer comes from Virtuoso, perhaps through a proxy that says nothing of it."""
    return "virtuoso" in headers.get("Server", "").lower() or _ITS_OWN in headers


def number_in(answer: Answer) -> int:
    """The number in the first cell of an answer; 0 if there is none."""
    cells = [row[0] for row in answer] if isinstance(answer, ox.QuerySolutions) else []
    number = cells[0].value if cells and isinstance(cells[0], ox.Literal) else ""
    return _whole(number)


def things_asked(text: str) -> tuple[int, str]:
    """How many things a DESCRIBE names, and a SELECT for those that it looks for; empty where it does not."""
    found = list(tokens(text))
    start = next(number for number, token in enumerate(found) if token.is_word("DESCRIBE"))
    head: list[Token] = []
    for token in found[start + 1 :]:
        if token.is_word(*_AFTER_HEAD) or token.text == "{":
            break
        head.append(token)
    named = sum(token.kind in (Kind.IRI, Kind.NAME) for token in head)
    looked_for = " ".join(token.text for token in head if token.kind is Kind.VARIABLE or token.text == "*")
    if not looked_for:
        return named, ""
    return named, f"{text[: found[start].start]}SELECT DISTINCT {looked_for} {text[head[-1].end :]}"


def things_in(answer: Answer) -> int:
    """How many things the rows of an answer name."""
    rows = answer if isinstance(answer, ox.QuerySolutions) else ()
    return len({cell for row in rows for cell in row if cell is not None})


def _limit(text: str) -> int | None:
    """The LIMIT of the whole query."""
    depth, before = 0, None
    for token in tokens(text):
        depth += (token.text == "{") - (token.text == "}")
        if before is not None and not depth and before.is_word("LIMIT"):
            return _whole(token.text)
        before = token
    return None


def _whole(text: str) -> int:
    """The number that is written, or the largest that is counted with; 0 for what is none."""
    digits = text.lstrip("0") if text.isascii() and text.isdecimal() else ""
    return sys.maxsize if len(digits) > _MOST_DIGITS else int(digits or 0)
