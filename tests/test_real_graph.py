"""The real data as a whole: nothing wrong, only the agreed remarks, every line of both documents used."""

import csv
from pathlib import Path

import pytest

from bibgraph.checking import check
from bibgraph.findings import Finding, Severity
from bibgraph.namespaces import BASE, shorten
from bibgraph.repository import Repository
from bibgraph.sources import coverage, read_sources

AGREED = Path(__file__).parent / "expected" / "warnings.csv"


@pytest.fixture(scope="module")
def findings(repository: Repository) -> list[Finding]:
    return check(repository)


def test_there_are_no_violations(findings: list[Finding]) -> None:
    assert [found for found in findings if found.severity is Severity.VIOLATION] == []


def test_the_remarks_are_those_agreed_on_each_with_its_reason(findings: list[Finding]) -> None:
    with AGREED.open(encoding="utf-8", newline="") as file:
        agreed = list(csv.DictReader(file))
    assert all(row["reason"] for row in agreed)
    assert sorted((row["severity"], row["rule"], row["thing"]) for row in agreed) == sorted(
        (found.severity.name.lower(), shorten(found.rule), found.thing.removeprefix(f"{BASE}id/"))
        for found in findings
    )


def test_every_finding_has_its_place(findings: list[Finding]) -> None:
    assert all(found.file and found.line and found.column for found in findings)


def test_every_line_of_the_documents_is_cited_or_marked_as_layout(repository: Repository) -> None:
    covered = coverage(read_sources(repository.quads("ontology", "data"), repository))
    assert len(covered) == 2
    assert [document.uncovered for document in covered] == [(), ()]
