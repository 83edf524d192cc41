"""What differs between two status reports, as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import Enum

from bibgraph.changes.reports import Milestone, Observation, Report, Subject

ALIKE = 0.6
"""From this likeness on (0 to 1) of their words, dates left out, two milestones are the same happening."""

_DATES = re.compile(r"\d+\.?")
_UNITS = re.compile(r"[()]|[^\s,./;&+()]+")
"""What a column of responsibility says: units, and which of them are in brackets."""


class Kind(Enum):
    """The kinds of changes, in the order in which they are told of a measure."""

    MEASURE_NEW = "measure-new"
    MEASURE_MISSING = "measure-missing"
    REWORDED = "measure-reworded"
    CLOSED = "closed"
    REOPENED = "reopened"
    STATUS = "status-changed"
    STATUS_WORDS = "status-words-changed"
    RESPONSIBLE = "responsible-changed"
    COMMENT = "comment-changed"
    PASSED = "milestone-passed"
    MOVED = "milestone-moved"
    NEW = "milestone-new"
    OVERDUE = "milestone-overdue"
    CONTRADICTION = "closed-with-deliveries"


@dataclass(frozen=True)
class Change:
    """One change: before and after as printed, empty where a report is silent.

    about: the milestone's words. words: of a comment or a wording, what is kept, gone and come, in order, as
    pairs of ``=``, ``-`` or ``+`` and words.
    """

    kind: Kind
    subject: Subject
    before: str = ""
    after: str = ""
    about: str = ""
    words: tuple[tuple[str, str], ...] = ()


def compare(old: Report, new: Report) -> list[Change]:
    """The changes from ``old`` to ``new``, by main line; within each, measures missing from ``new`` last."""
    changes: list[Change] = []
    for iri, after in new.observations.items():
        before = old.observations.get(iri)
        changes.extend(_of_measure(before, after, new.issued))
    for iri, before in old.observations.items():
        if iri not in new.observations:
            changes.append(Change(Kind.MEASURE_MISSING, before.subject, before=before.stated))
    return sorted(changes, key=lambda change: change.subject.place)


def word_diff(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """What of ``before`` is kept (``=``), gone (``-``) and come (``+``), word by word."""
    old, new = before.split(), after.split()
    parts: list[tuple[str, str]] = []
    for action, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if action == "equal":
            parts.append(("=", " ".join(old[a:b])))
            continue
        parts += [("-", " ".join(old[a:b]))] if b > a else []
        parts += [("+", " ".join(new[c:d]))] if d > c else []
    return tuple(parts)


def _of_measure(before: Observation | None, after: Observation, issued: date) -> Iterator[Change]:
    subject = after.subject
    if before is None:
        yield Change(Kind.MEASURE_NEW, subject, after=after.stated)
    else:
        if before.wording != after.wording:
            words = word_diff(before.wording, after.wording)
            yield Change(Kind.REWORDED, subject, before.wording, after.wording, words=words)
        yield from _of_status(before, after)
        if _UNITS.findall(before.responsible) != _UNITS.findall(after.responsible):
            yield Change(Kind.RESPONSIBLE, subject, before.responsible, after.responsible)
        if before.comment != after.comment:
            words = word_diff(before.comment, after.comment)
            yield Change(Kind.COMMENT, subject, before.comment, after.comment, words=words)
    yield from _of_milestones(before, after, issued)
    if after.closed:
        for milestone in after.milestones:
            if milestone.promised and milestone.latest > issued:
                yield Change(
                    Kind.CONTRADICTION, subject, after.stated, milestone.stated, about=milestone.label
                )


def _of_status(before: Observation, after: Observation) -> Iterator[Change]:
    if after.closed and not before.closed:
        kind = Kind.CLOSED
    elif before.closed and not after.closed:
        kind = Kind.REOPENED
    elif before.status != after.status:
        kind = Kind.STATUS
    elif before.stated.casefold() != after.stated.casefold():
        kind = Kind.STATUS_WORDS
    else:
        return
    yield Change(kind, after.subject, before.stated, after.stated)


def _of_milestones(before: Observation | None, after: Observation, issued: date) -> Iterator[Change]:
    old = list(before.milestones) if before else []
    pairs = _paired(old, list(after.milestones))
    for milestone in after.milestones:
        earlier = pairs.get(milestone.iri)
        if earlier is None:
            yield Change(Kind.NEW, after.subject, after=milestone.stated, about=milestone.label)
            continue
        old.remove(earlier)
        if earlier.promised and not milestone.promised:
            yield _milestone_change(Kind.PASSED, after.subject, earlier, milestone)
        elif earlier.edtf != milestone.edtf:
            yield _milestone_change(Kind.MOVED, after.subject, earlier, milestone)
    late = [each for each in (*after.milestones, *old) if each.promised and each.latest < issued]
    for milestone in late:
        yield Change(Kind.OVERDUE, after.subject, before=milestone.stated, about=milestone.label)


def _milestone_change(kind: Kind, subject: Subject, earlier: Milestone, later: Milestone) -> Change:
    before, after = earlier.stated, later.stated
    if before == after:  # the words leave out the year, which differs
        before, after = f"{before} ({earlier.latest.year})", f"{after} ({later.latest.year})"
    return Change(kind, subject, before, after, about=later.label)


def _paired(old: list[Milestone], new: list[Milestone]) -> dict[str, Milestone]:
    """The earlier milestone of each later one that has one: those alike in words, the most alike first."""
    scores = sorted(
        ((_alike(a, b), index, b, a) for index, b in enumerate(new) for a in old),
        key=lambda score: (-score[0], score[1], score[3].latest),
    )
    pairs: dict[str, Milestone] = {}
    for score, _, later, earlier in scores:
        if score >= ALIKE and later.iri not in pairs and earlier not in pairs.values():
            pairs[later.iri] = earlier
    return pairs


def _alike(a: Milestone, b: Milestone) -> float:
    """Likeness of the words without their dates; a little more for the same date, which parts equals."""
    first, second = (_DATES.sub("", each.words.replace(each.stated, "")).casefold() for each in (a, b))
    return SequenceMatcher(None, first.split(), second.split(), autojunk=False).ratio() + (
        0.1 if a.edtf == b.edtf else 0.0
    )
