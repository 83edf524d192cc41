"""Addresses and prefixed names of a query that are none, in words that help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bibgraph.errors import QueryError
from bibgraph.messages import message
from bibgraph.namespaces import PREFIXES
from bibgraph.sparql.tokens import Kind, Token, place

_IS_RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\]*>")
_ENDED = re.compile(r"<[^<>\n ][^<>\n]{0,2000}>")
_IN_NO_ADDRESS = re.compile(r"[\x00-\x20\"{}|^`\\]")
_SHOWN = 30


def without_end(text: str, opened: Token) -> QueryError:
    """That the address that begins with the sign ``opened`` has no end, or in it what none can have."""
    where = place(text, opened.start)
    if ended := _ENDED.match(text, opened.start):
        wrong = _IN_NO_ADDRESS.search(ended.group())
        if wrong:
            return QueryError(
                message(
                    "The address that begins here has in it what none can have: «{found}»", found=wrong[0]
                ),
                where=where,
                hint=message("Write it as % with two digits, a space as %20."),
            )
    return QueryError(
        message("With this «<» an address begins, and no «>» ends it."),
        where=where,
        hint=message("An address ends with >; less than or equal is written <=."),
    )


def no_address(text: str, position: int, found: Sequence[Token]) -> QueryError:
    """That the address that ends at ``position`` is none."""
    signs = [token for token in found if token.start < position and token.text == "<"]
    if signs and ">" not in text[signs[-1].start : position - 1]:
        return without_end(text, signs[-1])
    before = next((token for token in found if token.end == position and token.kind is Kind.IRI), None)
    return QueryError(
        message("The address {iri} is no full IRI.", iri=_short(before))
        if before
        else message("The address before this place is no full IRI."),
        where=place(text, before.start if before else position),
        hint=message("Write it whole, from https:// on, or with a prefix."),
    )


def relative(text: str, culprit: Token | None, found: Sequence[Token]) -> QueryError | None:
    """That ``culprit`` is a relative IRI, if it is one and there is no BASE for it."""
    if culprit is None or not _IS_RELATIVE.match(culprit.text) or culprit.kind is not Kind.IRI:
        return None
    bases = (one.start for before, one in pairwise(found) if before.is_word("BASE"))
    if any(start < culprit.start for start in bases):
        return None
    return QueryError(
        message(
            "The address {iri} is not whole, and no BASE says where it starts from.", iri=_short(culprit)
        ),
        where=place(text, culprit.start),
        hint=message(
            "Write it whole, from https:// on, or put such a line at the top of the query: {line}",
            line="BASE <https://…/>",
        ),
    )


def undeclared(text: str, name: Token) -> QueryError:
    """That nothing says what the prefix of ``name`` stands for."""
    prefix = name.text.partition(":")[0]
    line = f"PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>"
    return QueryError(
        message("The prefix «{prefix}:» has not been declared.", prefix=prefix),
        where=place(text, name.start),
        hint=message("Put this line at the top of the query, or correct the prefix: {line}", line=line),
    )


def _short(address: Token) -> str:
    return address.text if len(address.text) <= _SHOWN else f"{address.text[: _SHOWN - 2]}…>"
