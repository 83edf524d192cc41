"""Findings for programs, as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bibgraph.findings import Finding, Text
from bibgraph.messages import LANGUAGES, Message
from bibgraph.validation.fingerprints import fingerprint
from bibgraph.validation.render.context import PLAIN_RUN, Run, counts
from bibgraph.validation.terms import escaped


def render_json(findings: Sequence[Finding], language: str, run: Run = PLAIN_RUN) -> str:
    """A list of findings with the keys of ``Finding``; ``messages``, ``hints`` by language; fingerprints."""
    listed = [_listed(finding, language) for finding in findings]
    document: dict[str, object] = {"findings": listed, "counts": counts(findings)}
    if run.known is not None:
        document["baseline"] = {"known": run.known, "fixed": run.fixed or 0}
    return escaped(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _listed(finding: Finding, language: str) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "component": finding.component,
        "severity": finding.severity.name.lower(),
        "thing": finding.thing,
        "label": finding.label,
        "path": finding.path,
        "value": finding.value,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "message": finding.text(language),
        "messages": {each: finding.text(each) for each in _languages(finding.message)},
        "hint": finding.advice(language),
        "hints": {each: finding.advice(each) for each in _languages(finding.hint or {})},
        "fingerprint": fingerprint(finding),
    }


def _languages(text: Text) -> Sequence[str]:
    return LANGUAGES if isinstance(text, Message) else sorted(text)
