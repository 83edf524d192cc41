"""Findings for people: by file and thing, in colour on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.style import Style
from rich.text import Text

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

_COLOURS = {Severity.VIOLATION: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def render_text(findings: Sequence[Finding], language: str, run: Run = PLAIN_RUN) -> str:
    """Findings by file and thing, without the colours that ``paint`` gives them."""
    return _text(findings, language, run).plain


def paint(findings: Sequence[Finding], language: str, console: Console, run: Run = PLAIN_RUN) -> None:
    """Print the text form to a terminal, in colour where it has any."""
    console.print(_text(findings, language, run), end="", soft_wrap=True)


def _text(findings: Sequence[Finding], language: str, run: Run) -> Text:
    text = Text()
    for file, in_file in groupby(findings, key=lambda finding: finding.file):
        text.append(
            f"{in_line(file) or message('No file').text(language)}\n", Style(bold=True, underline=True)
        )
        for thing, of_thing in groupby(in_file, key=lambda finding: finding.thing):
            listed = list(of_thing)
            text.append(f"  {in_line(headline(listed[0]))}\n" if thing else "", Style(bold=True))
            for finding in listed:
                _append(text, finding, language)
        text.append("\n")
    for sentence in (summary(findings, run), *baseline_note(run)):
        text.append(f"{sentence.text(language)}\n", Style(bold=True))
    return text


def _append(text: Text, finding: Finding, language: str) -> None:
    place = f"{finding.line}:{finding.column}" if finding.line else ""
    text.append(f"    {place:<9} ", Style(dim=True))
    text.append(WORDS[finding.severity].text(language), Style.parse(_COLOURS[finding.severity]))
    text.append(f"  {in_line(finding.text(language))}\n")
    hint = in_line(finding.advice(language))
    text.append(f"{'':14}→ {hint}\n" if hint else "")
    details = [finding.path, shortened(finding.value), f"[{shorten(finding.rule)}]"]
    text.append(f"{'':14}{in_line('  '.join(each for each in details if each))}\n", Style(dim=True))
