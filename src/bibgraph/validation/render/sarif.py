"""Findings as SARIF 2.1.0 (OASIS 2020), which code hosts and editors show beside the lines of a file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from bibgraph import __version__
from bibgraph.findings import Criterion, Finding, Severity, text_in
from bibgraph.messages import message
from bibgraph.namespaces import BASE, shorten
from bibgraph.validation.fingerprints import fingerprint
from bibgraph.validation.render.context import PLAIN_RUN, Run, counts, headline, relative, shortened, told
from bibgraph.validation.terms import escaped

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT, _HERE = "ROOT", "./"
_LINK = re.compile(r"\[(?=[^\]]*\]\()")
"""What opens a link in the plain text of a SARIF message (section 3.11.6)."""

_Object = dict[str, Any]


def render_sarif(findings: Sequence[Finding], language: str, run: Run = PLAIN_RUN) -> str:
    """One run with its rules, results, places and fingerprints; the same for the same findings.

    Places count characters. Files are named from the folder where the program runs, never absolutely.
    """
    criteria = _criteria(findings, run)
    index = {criterion.id: number for number, criterion in enumerate(criteria)}
    seen: dict[str, int] = {}
    results = []
    for finding in findings:
        print_ = fingerprint(finding)
        seen[print_] = seen.get(print_, 0) + 1
        results.append(_result(finding, language, run, index, f"{print_}/{seen[print_]}"))
    files = sorted({_uri(relative(finding.file, run)) for finding in findings if finding.file})
    described = {
        "tool": {"driver": _driver(criteria, language)},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "originalUriBaseIds": {_ROOT: {"description": {"text": _root_note(language)}}},
        "artifacts": [{"location": _location(uri), "roles": ["analysisTarget"]} for uri in files],
        "results": results,
        "properties": {"counts": counts(findings)},
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [described]}
    return escaped(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _driver(criteria: Sequence[Criterion], language: str) -> _Object:
    return {
        "name": "bibgraph",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": BASE,
        "rules": [_rule(criterion, language) for criterion in criteria],
    }


def _rule(criterion: Criterion, language: str) -> _Object:
    name, text = (text_in(each, language) for each in (criterion.name, criterion.text))
    described = _plain(text or name or shorten(criterion.id))
    return {
        "id": criterion.id,
        "shortDescription": _plain(name or shorten(criterion.id)),
        "fullDescription": described,
        "help": described,
        "defaultConfiguration": {"level": _LEVELS[criterion.severity]},
    }


def _criteria(findings: Sequence[Finding], run: Run) -> list[Criterion]:
    """The rules asked, and those that speak without having been announced."""
    by_id = {criterion.id: criterion for criterion in run.criteria}
    for finding in findings:
        if finding.rule not in by_id:
            by_id[finding.rule] = Criterion(finding.rule, finding.severity, {}, {})
    return [by_id[key] for key in sorted(by_id)]


def _result(finding: Finding, language: str, run: Run, index: dict[str, int], print_: str) -> _Object:
    result: _Object = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "kind": "fail",
        "message": _plain(told(finding, language) or shorten(finding.rule)),
        "locations": [_place(finding, run)],
        "partialFingerprints": {"bibgraph/v1": print_},
        "properties": _properties(finding),
    }
    if run.known is not None:
        result["baselineState"] = "new"
    return result


def _plain(text: str) -> _Object:
    """A message in which no sign means more than itself: braces would be slots (3.11.5), brackets links."""
    return {"text": _LINK.sub(r"\\[", text.replace("{", "{{").replace("}", "}}"))}


def _place(finding: Finding, run: Run) -> _Object:
    # What is about no file is about the folder: code hosts refuse a result without a physical location.
    uri = _uri(relative(finding.file, run)) if finding.file else _HERE
    place: _Object = {"physicalLocation": {"artifactLocation": _location(uri)}}
    if finding.file and finding.line:
        region = {"startLine": finding.line}
        if finding.column:
            region["startColumn"] = finding.column
        if finding.end_line:
            region |= {"endLine": finding.end_line, "endColumn": finding.end_column}
        place["physicalLocation"]["region"] = region
    if finding.thing:
        place["logicalLocations"] = [
            {"name": headline(finding), "fullyQualifiedName": finding.thing, "kind": "resource"}
        ]
    return place


def _properties(finding: Finding) -> _Object:
    told_ = {
        "component": finding.component,
        "path": finding.full_path or finding.path,
        "value": shortened(finding.value),
    }
    return {key: value for key, value in told_.items() if value}


def _location(uri: str) -> _Object:
    return {"uri": uri, "uriBaseId": _ROOT}


def _uri(path: str) -> str:
    """A relative path as a relative URI reference; a first step with a colon would be taken for a scheme."""
    return "/".join(quote(os.fsencode(part), safe="") for part in PurePosixPath(path).parts)


def _root_note(language: str) -> str:
    return message("The folder in which the check was run.").text(language)
