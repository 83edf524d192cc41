"""What a run says, as a page of the documentation; and what is known to survive."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bibgraph.namespaces import shorten
from mutation.operators import LEGAL, OTHER, UNCHANGED, Mutant
from mutation.running import Outcome

SURVIVORS = Path(__file__).with_name("survivors.toml")

Kind = tuple[str, str, str]
"""Shape, constraint and way."""

_HEAD = """\
# Mutation score of the shapes

Do the shapes catch what they exist to catch? Every valid thing that the tests know (in \
`tests/cases/base.ttl`, in the world after each case of `tests/cases/valid/`, and in the ontology \
with its codes) is copied many times, each copy with one fault: a value dropped, given twice, \
retyped, misdirected, out of range; a text in another language or in none; days reversed; a property \
misspelt or taken from another class. The faults follow from the shapes, one for all that each \
constraint forbids. A fault is caught when **that shape, by that constraint,** speaks about the \
copy. That another rule finds it too does not count.

`make mutants` makes this page anew. The tests run a smaller sample and compare the figures of this page.
"""
_EXCUSES = """\
## Changes that are no faults

These are left out by rule. Whether a value is allowed is worked out in `tests/mutation/meaning.py`, which \
shares nothing with the engines.
"""


def page(outcome: Outcome) -> str:
    """The page, the same for the same outcome."""
    faults = len(outcome.killed) + len(outcome.survived)
    return "\n".join(
        [
            _HEAD,
            f"**Score: {outcome.score:.2%}** – {len(outcome.killed)} of {faults} faults are caught.",
            "",
            "## Survivors",
            "",
            *_survivors(outcome),
            "## By constraint",
            "",
            *_table("Constraint", outcome, lambda mutant: f"`sh:{mutant.constraint}`"),
            "",
            "## By kind of fault",
            "",
            *_table("Fault", outcome, lambda mutant: mutant.way),
            "",
            "## By shape",
            "",
            *_table("Shape", outcome, lambda mutant: f"`{shorten(mutant.rule.shape)}`"),
            "",
            _EXCUSES,
            *_excuses(outcome.excused),
            "",
        ]
    )


def kinds(mutants: Iterable[Mutant]) -> set[Kind]:
    """What mutants have in common that one reason may hold for."""
    return {(shorten(mutant.rule.shape), mutant.constraint, mutant.way) for mutant in mutants}


def known_survivors() -> dict[Kind, str]:
    """The reason for each kind that is listed."""
    listed = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))["survivor"]
    return {(each["shape"], each["constraint"], each["way"]): each["reason"] for each in listed}


def _survivors(outcome: Outcome) -> Iterator[str]:
    found = kinds(outcome.survived)
    if not found:
        yield from ("None.", "")
    reasons = known_survivors()
    for kind in sorted(found):
        shape, constraint, way = kind
        yield f"- `{shape}`, `sh:{constraint}`, {way}: {reasons.get(kind, 'not explained')}"
    if found:
        yield ""


def _table(title: str, outcome: Outcome, group: Callable[[Mutant], str]) -> Iterator[str]:
    caught, missed = Counter(map(group, outcome.killed)), Counter(map(group, outcome.survived))
    yield f"| {title} | Faults | Caught |"
    yield "|---|---:|---:|"
    for each in sorted(caught | missed):
        yield f"| {each} | {caught[each] + missed[each]} | {caught[each]} |"


def _excuses(excused: Iterable[Mutant]) -> Iterator[str]:
    counts = Counter(mutant.excused for mutant in excused)
    yield "| Reason | Changes |"
    yield "|---|---:|"
    for reason in (LEGAL, UNCHANGED, OTHER):
        yield f"| {reason} | {counts[reason]} |"
