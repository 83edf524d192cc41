"""What can stand at a place of a query, summed up for people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from bibgraph.messages import Message, message
from bibgraph.sparql.words import CLAUSES, FUNCTIONS

DIGIT = "['0'..='9']"
"""The engine's word for any digit."""

_HERE = message("Here could stand: {expected}").sentence
_FEW = 4
_KINDS = (
    ("$", "$ ?", message("a variable")),
    ("= &&", "= != < <= > >= && || + - * /", message("an operator such as =")),
    ("&&", "&& || + - * /", message("an operator such as &&")),
    ("< :", "< :", message("an address (in < > or with a prefix)")),
    (":", ":", message("a prefix with its colon")),
    ("<", "<", message("an address in < >")),
    ('"', "\" ' \"\"\" '''", message("a text")),
)
"""Signs that together begin something, those that then need no naming, and what people call the thing."""
_SEVERAL = (
    (FUNCTIONS, {"EXISTS", "NOT"}, message("a function such as STR")),
    (CLAUSES, {"SELECT"}, message("a clause such as FILTER")),
)
"""Keywords of which many can stand in the same places, others that then need no naming, and their name."""
_RARE = {"<<", "<<(", "{|", "~"}
_UNUSUAL = (("[", "[ ( _:"), ("^", "^ ! ("))
"""Signs that show that something unusual could stand, and those that begin it: nameless nodes; paths."""
_UNSAID = {"SERVICE", "LATERAL"}
"""What the engine would take, and nobody may ask; and what is no standard."""
_VALUES = {'"', "'", '"""', "'''", "+", "-", ".", DIGIT}
_ORDER = "})]|>a.;,{([|"
"""The signs that are the likeliest."""


def could_stand(signs: set[str], words: set[str]) -> Message | None:
    """A hint that lists these signs and keywords of the engine's grammar; None if there are none."""
    expected = listed(signs, words)
    return Message(_HERE, {"expected": expected}) if expected else None


def expected_in(hint: Message) -> object:
    """What could stand at the place of an error, if its hint, or a part of it, is one of ``could_stand``."""
    if hint.sentence == _HERE:
        return hint.values["expected"]
    parts = (part for part in hint.values.values() if isinstance(part, Message))
    return next(filter(None, map(expected_in, parts)), None)


def listed(signs: set[str], words: set[str]) -> Message | str | None:
    """These signs and keywords in words for people, the likeliest first; None if there are none."""
    spelt = {sign for sign in signs if sign in ("true", "false")}
    left, words = signs - spelt - _RARE, (words | spelt) - _UNSAID
    if "OPTIONAL" in words and DIGIT in left:
        # Here the engine takes values as subjects too, of which no graph says anything.
        left, words = left - _VALUES, words - {"true", "false"}
    left, kinds = _summed_up(left)
    if '"' in signs:  # where a text can stand
        words = words - {"true", "false"}
    for several, covered, kind in _SEVERAL:
        if len(words & several) > _FEW:
            words = words - several - covered
            kinds.append(kind)
    shown = [f"«{sign}»" for sign in sorted(left, key=lambda sign: (_ORDER.find(sign) % len(_ORDER), sign))]
    rest = [" ".join(some) for some in (shown, sorted(words)) if some]
    kinds.extend(message("one of {signs}", signs=some) if " " in some else some for some in rest)
    return _joined(kinds) if kinds else None


def _summed_up(signs: set[str]) -> tuple[set[str], list[Message | str]]:
    """What people call the things that these signs begin, and the signs that are then left."""
    left = set(signs)
    kinds: list[Message | str] = []
    for begins, covered, kind in _KINDS:
        if left.issuperset(begins.split()):
            left -= set(covered.split())
            kinds.append(kind)
    if DIGIT in left:
        left -= {DIGIT, "+", "-", "."}
        kinds.append(message("a number") if "+" in signs else message("a whole number"))
    for sign, covered in _UNUSUAL if kinds else ():
        if sign in left:
            left -= set(covered.split())
    return left, kinds


def both(first: Message | None, then: Message | None) -> Message | None:
    """Two hints as one."""
    if first and then:
        return message("{hint} {more}", hint=first, more=then)
    return first or then


def _joined(kinds: Sequence[Message | str]) -> Message | str:
    *firsts, last = kinds
    if not firsts:
        return last
    before = reduce(lambda one, other: message("{some}, {next}", some=one, next=other), firsts)
    return message("{some} or {last}", some=before, last=last)
