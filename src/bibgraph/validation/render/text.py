"""Findings for people: by file and thing, in colour on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING

from bibgraph.findings import Finding, Severity
from bibgraph.messages import message
from bibgraph.namespaces import shorten
from bibgraph.validation.render.context import (
    PLAIN_RUN,
    WORDS,
    Run,
    baseline_note,
    headline,
    in_line,
    shortened,
    summary,
)

if TYPE_CHECKING:
    from rich.console import Console

_COLOURS = {Severity.VIOLATION: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def render_text(findings: Sequence[Finding], language: str, run: Run = PLAIN_RUN) -> str:
    """Findings by file and thing, without the colours that ``paint`` gives them."""
    return "".join(text for text, _ in _spans(findings, language, run))


def paint(findings: Sequence[Finding], language: str, console: Console, run: Run = PLAIN_RUN) -> None:
    """Print the text form to a terminal, in colour where it has any."""
    text = import_module("rich.text").Text()
    for span, style in _spans(findings, language, run):
        text.append(span, style)
    console.print(text, end="", soft_wrap=True)


def _spans(findings: Sequence[Finding], language: str, run: Run) -> Iterator[tuple[str, str]]:
    """The pieces of the text, each with its style."""
    for file, in_file in groupby(findings, key=lambda finding: finding.file):
        yield (in_line(file) or message("No file").text(language)) + "\n", "bold underline"
        for thing, of_thing in groupby(in_file, key=lambda finding: finding.thing):
            listed = list(of_thing)
            yield f"  {in_line(headline(listed[0]))}\n" if thing else "", "bold"
            for finding in listed:
                yield from _about(finding, language)
        yield "\n", ""
    for sentence in (summary(findings, run), *baseline_note(run)):
        yield f"{sentence.text(language)}\n", "bold"


def _about(finding: Finding, language: str) -> Iterator[tuple[str, str]]:
    place = f"{finding.line}:{finding.column}" if finding.line else ""
    yield f"    {place:<9} ", "dim"
    yield WORDS[finding.severity].text(language), _COLOURS[finding.severity]
    yield f"  {in_line(finding.text(language))}\n", ""
    hint = in_line(finding.advice(language))
    yield f"{'':14}→ {hint}\n" if hint else "", ""
    details = [finding.path, shortened(finding.value), f"[{shorten(finding.rule)}]"]
    yield f"{'':14}{in_line('  '.join(each for each in details if each))}\n", "dim"
