"""What the forms of output share: the run that they report on, the words for severities, counts."""

from __future__ import annotations

import os.path
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol

from bibgraph.findings import Criterion, Finding, Severity
from bibgraph.messages import Message, message
from bibgraph.namespaces import shorten
from bibgraph.reasons import harmless

WORDS: dict[Severity, Message] = {
    Severity.VIOLATION: message("Violation"),
    Severity.WARNING: message("Warning"),
    Severity.INFO: message("Tip"),
}
_BREAKS = re.compile(r"[\t\n\r]+")
_LONGEST_VALUE = 100


@dataclass(frozen=True)
class Run:
    """How findings came about.

    gate: a finding as bad as this fails. criteria: the rules that were asked, whether or not they found
    anything. root: the folder that the findings' files are named from, None for the current one. known,
    fixed: how many findings a baseline has set aside, and how many of its own are gone; None where there is
    none.
    """

    gate: Severity = Severity.VIOLATION
    criteria: Sequence[Criterion] = ()
    root: Path | None = None
    known: int | None = None
    fixed: int | None = None


PLAIN_RUN = Run()


class Renderer(Protocol):
    """Findings, a language (nb, nn, en) and the run in; a text that ends its last line out."""

    def __call__(self, findings: Sequence[Finding], language: str, run: Run = PLAIN_RUN) -> str:
        """The findings in one form."""


def headline(finding: Finding) -> str:
    """The thing of a finding by name and short IRI; empty if it has none."""
    short = shorten(finding.thing)
    return f"{finding.label} ({short})" if finding.label else short


def told(finding: Finding, language: str) -> str:
    """Message and hint in one."""
    return " ".join(part for part in (finding.text(language), finding.advice(language)) if part)


def in_line(text: str) -> str:
    """``text`` on one line, with escapes for signs that steer a terminal."""
    return harmless(_BREAKS.sub(" ", text)).strip()


def shortened(value: str) -> str:
    """A value, cut where it is long."""
    return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings there are of each severity, the worst first."""
    return {
        severity.name.lower(): sum(finding.severity is severity for finding in findings)
        for severity in sorted(Severity, reverse=True)
    }


def summary(findings: Sequence[Finding], run: Run) -> Message:
    """The counts in a sentence."""
    if not findings:
        return message("Nothing new to remark on.") if run.known else message("Nothing to remark on.")
    return message("Violations: {violation}. Warnings: {warning}. Tips: {info}.", **counts(findings))


def baseline_note(run: Run) -> list[Message]:
    """What a baseline has to do with the findings, in a sentence or two."""
    notes = []
    if run.known:
        notes.append(message("Known from the baseline and left out: {known}.", known=run.known))
    if run.fixed:
        notes.append(
            message("Fixed since the baseline: {fixed}. Remove them with --write-baseline.", fixed=run.fixed)
        )
    return notes


def relative(file: str, run: Run) -> str:
    """A finding's file as a path with slashes from the current folder on; never an absolute one."""
    path, here = Path(file), Path.cwd()
    if path.is_absolute():
        return PurePath(os.path.relpath(path, here)).as_posix()
    if run.root is not None and not path.exists():
        inside = run.root.resolve() / path
        if inside.is_relative_to(here):
            return inside.relative_to(here).as_posix()
    return path.as_posix()
