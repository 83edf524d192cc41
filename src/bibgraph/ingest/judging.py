"""The draft of a report as it grows, and what whoever imports should know of its rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyoxigraph as ox

from bibgraph.findings import Finding, Severity
from bibgraph.ingest.matching import SAME, Match
from bibgraph.ingest.names import Names
from bibgraph.ingest.records import Record
from bibgraph.messages import Message, message


@dataclass
class Draft:
    """Records by the name of the query that writes them, and what is to be said to whoever imports."""

    names: Names
    language: str
    title: str = ""
    records: dict[str, list[Record]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def say(self, name: str, **values: ox.NamedNode | ox.Literal) -> None:
        """One more record for ``queries/ingest/write-<name>.rq``."""
        self.records.setdefault(name, []).append(values)

    def find(self, rule: str, severity: Severity, sentence: Message, row: str = "") -> None:
        """One more finding, which names its row."""
        self.findings.append(Finding(rule, severity, sentence, label=row))


def judge_row(draft: Draft, match: Match) -> None:
    """What whoever imports should know of a row."""
    row, measure = match.row, match.measure
    if row.unread:
        sentence = message(
            "«{words}» begins with no known status words. If it is a status, list the words as "
            "skos:hiddenLabel of a code in ontology/codes.ttl, and import again.",
            words=row.unread,
        )
        draft.find("status-unknown", Severity.VIOLATION, sentence, match.name)
    elif row.beside:
        sentence = message("More than a status stands in its cell; the rest is kept with the comment.")
        draft.find("status-noted", Severity.WARNING, sentence, match.name)
    elif not row.answer:
        draft.find("row-silent", Severity.WARNING, message("Nothing is said of this measure."), match.name)
    elif not row.status:
        draft.find("status-missing", Severity.INFO, message("The report gives no status."), match.name)
    if measure and match.reworded:
        sentence = message(
            "The wording is not that of the measure ({score} % alike): {wording}",
            score=int(match.score),
            wording=match.wording,
        )
        severity = Severity.WARNING if match.score < SAME else Severity.INFO
        draft.find("wording-changed", severity, sentence, match.name)
    if measure and row.line and measure.line and row.line != measure.line:
        sentence = message("The measure stood under another main line before.")
        draft.find("line-changed", Severity.WARNING, sentence, match.name)
    elif measure and row.line and not measure.line:
        sentence = message("The measure stood under no main line before.")
        draft.find("line-changed", Severity.WARNING, sentence, match.name)
