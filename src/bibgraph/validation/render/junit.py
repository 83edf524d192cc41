"""Findings as JUnit XML, which CI systems count: a suite per file, a test case per rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO

from junitparser import Failure, JUnitXml, TestCase, TestSuite

from bibgraph.findings import Criterion, Finding, text_in
from bibgraph.messages import message
from bibgraph.namespaces import shorten
from bibgraph.reasons import harmless
from bibgraph.validation.render.context import PLAIN_RUN, WORDS, Run, headline, relative, shortened, told

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for."""


def render_junit(findings: Sequence[Finding], language: str, run: Run = PLAIN_RUN) -> str:
    """A failure for each rule and file with findings as bad as the gate; milder ones as output of the case.

    Rules that found nothing anywhere are cases too, in a suite of their own, so that the number of cases says
    how much was asked.
    """
    names = {criterion.id: criterion for criterion in run.criteria}
    grouped: dict[str, dict[str, list[Finding]]] = {}
    for finding in findings:
        file = relative(finding.file, run) if finding.file else ""
        grouped.setdefault(file, {}).setdefault(finding.rule, []).append(finding)
    xml = JUnitXml("bibgraph check")
    for file, by_rule in grouped.items():
        suite = _suite(file or message("No file").text(language))
        suite.add_testcases(
            [_case(names.get(rule), listed, file, language, run) for rule, listed in sorted(by_rule.items())]
        )
        xml.add_testsuite(suite)
    broken = {finding.rule for finding in findings}
    kept = [criterion for criterion in run.criteria if criterion.id not in broken]
    if kept:
        suite = _suite(message("Rules that are kept").text(language))
        suite.add_testcases(list(_kept(kept, language)))
        xml.add_testsuite(suite)
    total: Callable[[], None] = xml.update_statistics  # which its library has left without types
    total()
    written = BytesIO()
    xml.write(written, pretty=True)
    return written.getvalue().decode().rstrip() + "\n"


def _suite(name: str) -> TestSuite:
    return TestSuite(_clean(name))


def _kept(criteria: Iterable[Criterion], language: str) -> Iterator[TestCase]:
    for criterion in sorted(criteria, key=lambda each: each.id):
        yield TestCase(
            _clean(_name(criterion.id, criterion, language)), classname=_clean(criterion.id), time=0
        )


def _case(
    criterion: Criterion | None, findings: Sequence[Finding], file: str, language: str, run: Run
) -> TestCase:
    rule = findings[0].rule
    case = TestCase(_clean(_name(rule, criterion, language)), classname=_clean(rule), time=0)
    if file:
        case._elem.set("file", _clean(file))  # noqa: SLF001  # as pytest writes it; junitparser has no name for it
    failing = [finding for finding in findings if finding.severity >= run.gate]
    milder = [finding for finding in findings if finding.severity < run.gate]
    if failing:
        first = _clean(failing[0].text(language))
        failure = Failure(first, WORDS[max(each.severity for each in failing)].text(language))
        failure.text = _clean("\n".join(_line(each, file, language) for each in failing))
        case.result = [failure]
    if milder:
        case.system_out = _clean("\n".join(_line(each, file, language) for each in milder))
    return case


def _name(rule: str, criterion: Criterion | None, language: str) -> str:
    name = text_in(criterion.name, language) if criterion else ""
    return f"{name} ({shorten(rule)})" if name else shorten(rule)


def _line(finding: Finding, file: str, language: str) -> str:
    place = ":".join(str(part) for part in (file, finding.line, finding.column) if part)
    parts = (
        place,
        WORDS[finding.severity].text(language),
        headline(finding),
        finding.path,
        shortened(finding.value),
        told(finding, language),
    )
    return "  ".join(part for part in parts if part)


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", harmless(text))
