"""How much of each document the graph accounts for: lines that a statement cites, lines of mere layout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bibgraph.findings import Finding, Severity
from bibgraph.messages import message
from bibgraph.sources.documents import Document, LayoutPassage, Quotation, Sources
from bibgraph.sources.proof import merge, show_lines


@dataclass(frozen=True)
class Coverage:
    """What is accounted for in one document; blank lines do not count.

    lines: how many there are. quoted: the numbers of those that a cited quotation covers. layout: of those
    marked as layout. uncovered: number and text of the rest.
    """

    document: Document
    lines: int
    quoted: frozenset[int]
    layout: frozenset[int]
    uncovered: tuple[tuple[int, str], ...]

    @property
    def share(self) -> float:
        """The part accounted for, from 0 to 1; an empty document is accounted for."""
        return 1 - len(self.uncovered) / self.lines if self.lines else 1.0


def coverage(sources: Sources) -> list[Coverage]:
    """The coverage of every document whose text can be read, by IRI."""
    cited = [quotation for quotation in sources.quotations.values() if quotation.cited]
    return [
        _of(document, _within(document, cited), _within(document, sources.layout))
        for _, document in sorted(sources.documents.items())
        if document.lines
    ]


def judge(coverages: Iterable[Coverage]) -> list[Finding]:
    """Warnings about lines that nothing accounts for, and about lines that are both quoted and layout."""
    findings = []
    for each in coverages:
        if each.uncovered:
            sentence = message(
                "{count} of {lines} lines are neither cited by a statement nor marked as layout: {rest}.",
                count=len(each.uncovered),
                lines=each.lines,
                rest=_show(number for number, _ in each.uncovered),
            )
            findings.append(Finding("lines-uncovered", Severity.WARNING, sentence, thing=each.document.iri))
        if each.quoted & each.layout:
            sentence = message(
                "These lines are both cited and marked as layout: {both}. Take the mark away from those that "
                "say something.",
                both=_show(each.quoted & each.layout),
            )
            findings.append(Finding("lines-twice", Severity.WARNING, sentence, thing=each.document.iri))
    return findings


def _within(document: Document, passages: Iterable[Quotation | LayoutPassage]) -> frozenset[int]:
    return frozenset(
        number
        for passage in passages
        if passage.document == document.iri and document.holds(passage.first, passage.last)
        for number in range(passage.first, passage.last + 1)
        if document.lines[number - 1].strip()
    )


def _of(document: Document, quoted: frozenset[int], layout: frozenset[int]) -> Coverage:
    speaking = [(number, line) for number, line in enumerate(document.lines, 1) if line.strip()]
    uncovered = tuple((number, line) for number, line in speaking if number not in quoted | layout)
    return Coverage(document, len(speaking), quoted, layout, uncovered)


def _show(numbers: Iterable[int]) -> str:
    return show_lines(merge((number, number) for number in numbers))
