"""Findings as workflow commands of GitHub Actions, which it shows beside the lines of a change."""

from __future__ import annotations

from collections.abc import Sequence

from bibgraph.findings import Finding, Severity
from bibgraph.namespaces import shorten
from bibgraph.reasons import harmless
from bibgraph.validation.render.context import (
    PLAIN_RUN,
    Run,
    baseline_note,
    headline,
    relative,
    shortened,
    summary,
    told,
)

_COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(findings: Sequence[Finding], language: str, run: Run = PLAIN_RUN) -> str:
    """A line ``::error file=…,line=…::…`` for each finding, then the counts."""
    lines = [_command(finding, language, run) for finding in findings]
    # Harmless as plain lines of the log: they begin with no colons.
    lines += [sentence.text(language) for sentence in (summary(findings, run), *baseline_note(run))]
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding, language: str, run: Run) -> str:
    properties: dict[str, object] = {}
    if finding.file:
        properties["file"] = relative(finding.file, run)
    if finding.file and finding.line:
        properties |= {"line": finding.line, "col": finding.column}
    if finding.file and finding.end_line:
        properties["endLine"] = finding.end_line
    if finding.file and finding.end_line == finding.line and finding.line:
        # GitHub takes columns for places within one line only.
        properties["endColumn"] = finding.end_column
    properties["title"] = shorten(finding.rule)
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    about = "  ".join(part for part in (headline(finding), finding.path, shortened(finding.value)) if part)
    text = "\n".join(part for part in (told(finding, language), about) if part)
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(text)}"


def _data(text: str) -> str:
    """``text`` so that it cannot end the line that it stands in, or steer who shows it."""
    return harmless(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
