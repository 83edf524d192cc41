"""Findings as GitHub-flavoured Markdown, for the summary of a job or a comment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from bibgraph.findings import Finding, Severity
from bibgraph.messages import message
from bibgraph.namespaces import shorten
from bibgraph.reasons import harmless
from bibgraph.validation.render.context import (
    PLAIN_RUN,
    WORDS,
    Run,
    baseline_note,
    counts,
    headline,
    shortened,
    summary,
    told,
)

_SPACE = re.compile(r"\s+")
_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+.!|~$&-]|:(?=//))")
_TICKS = re.compile("`+")


def render_markdown(findings: Sequence[Finding], language: str, run: Run = PLAIN_RUN) -> str:
    """A table of the counts, then a table of findings for each file."""
    rows = [
        f"| {WORDS[Severity[name.upper()]].text(language)} | {number} |"
        for name, number in counts(findings).items()
    ]
    total = message("Severity").text(language), message("Findings").text(language)
    heading = message("Check of the graph").text(language)
    blocks = [
        f"## {heading}",
        "\n".join([f"| {total[0]} | {total[1]} |", "| --- | ---: |", *rows]),
    ]
    if not findings:
        blocks.append(summary(findings, run).text(language))
    blocks += [escape(sentence.text(language)) for sentence in baseline_note(run)]
    for file, in_file in groupby(findings, key=lambda finding: finding.file):
        blocks.append("### " + (escape(file) or message("No file").text(language)))
        blocks.append(_table(list(in_file), language))
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """``text`` as plain words on one line: no sign in it means anything, and no address becomes a link."""
    escaped = _SIGNS.sub(r"\\\1", harmless(_SPACE.sub(" ", text)).strip())
    # What comes after an @ is taken for somebody's name, escaped or not, unless something stands between.
    return escaped.replace("@", "@<!-- -->")


def code(text: str) -> str:
    """``text`` as code on one line of a table; empty for empty text."""
    line = harmless(_SPACE.sub(" ", text)).strip()
    if not line or "\\|" in line or line.endswith("\\"):
        # A backslash before the end of a cell is read in different ways by different readers.
        return escape(line)
    fence = "`" * (1 + max((len(ticks) for ticks in _TICKS.findall(line)), default=0))
    room = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{room}{line}{room}{fence}".replace("|", "\\|")


def _table(findings: Sequence[Finding], language: str) -> str:
    heads = (
        message("Line"),
        message("Severity"),
        message("Thing"),
        message("What to do"),
        message("Rule"),
    )
    lines = [_row([head.text(language) for head in heads]), _row(["---:", *["---"] * (len(heads) - 1)])]
    for finding in findings:
        parts = (escape(told(finding, language)), code(finding.path), code(shortened(finding.value)))
        cells = [
            str(finding.line or ""),
            WORDS[finding.severity].text(language),
            escape(headline(finding)),
            "<br>".join(part for part in parts if part),
            code(shorten(finding.rule)),
        ]
        lines.append(_row(cells))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
