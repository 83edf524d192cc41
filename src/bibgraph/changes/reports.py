"""Status reports as the graph has them: what each says of each measure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bibgraph.errors import NotFound
from bibgraph.messages import LANGUAGES, message
from bibgraph.namespaces import XSD
from bibgraph.repository import Repository
from bibgraph.store import SparqlStore
from bibgraph.store.rows import Row, rows


@dataclass(frozen=True)
class Milestone:
    """A dated happening that a report tells of.

    words: those that the report tells it in. stated: the date as printed; edtf: as read; latest: its last
    day.
    """

    iri: str
    label: str
    words: str
    stated: str
    edtf: str
    latest: date
    promised: bool


@dataclass(frozen=True)
class Subject:
    """A measure: its name (number or key), its label and that of its main line by language.

    place: that of the main line among its like; those without one come last.
    """

    iri: str
    name: str
    labels: dict[str, str] = field(compare=False, hash=False)
    line: str
    line_labels: dict[str, str] = field(compare=False, hash=False)
    place: int


@dataclass(frozen=True)
class Observation:
    """What one report says of a measure; empty where it is silent. wording: of the measure, as printed."""

    subject: Subject
    wording: str
    status: str
    closed: bool
    stated: str
    responsible: str
    comment: str
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True)
class Report:
    """A report: its date, and its observations by measure, in printed order."""

    issued: date
    observations: dict[str, Observation]


def known_reports(store: SparqlStore, repository: Repository) -> list[tuple[date, str]]:
    """The dates of the reports, the earliest first, each with the IRI of its strategy.

    A report cannot be asked for, and is left out, if its date has a year after 9999 or a time zone.
    """
    found = rows(store.query(repository.query("changes/reports")))
    return [(day, row["strategy"]) for row in found if (day := _day(row["issued"]))]


def read_report(store: SparqlStore, repository: Repository, issued: date) -> Report:
    """What the report of this date says. Raises NotFound if there is none."""
    known = [day for day, _ in known_reports(store, repository)]
    if issued not in known:
        raise NotFound(
            message("There is no status report of {date}.", date=issued),
            hint=message("Allowed: {allowed}.", allowed=", ".join(map(str, known)) or "–"),
        )
    values = f'\nVALUES ?issued {{ "{issued}"^^<{XSD["date"]}> }}'
    milestones: dict[str, list[Milestone]] = {}
    for row in rows(store.query(repository.query("changes/milestones") + values)):
        of_measure = milestones.setdefault(row["measure"], [])
        if row["milestone"] not in (each.iri for each in of_measure):
            of_measure.append(_milestone(row))
    observed = rows(store.query(repository.query("changes/observations") + values))
    return Report(
        issued,
        {row["measure"]: _observation(row, tuple(milestones.get(row["measure"], ()))) for row in observed},
    )


def _milestone(row: Row) -> Milestone:
    latest = _day(row["latest"]) or (date.min if row["latest"].startswith("-") else date.max)
    words = row["words"] or row["label"]
    promised = row["promised"] == "true"
    return Milestone(row["milestone"], row["label"], words, row["stated"], row["date"], latest, promised)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _observation(row: Row, milestones: tuple[Milestone, ...]) -> Observation:
    labels = {language: row[language] for language in LANGUAGES if row[language]}
    lines = {language: row[f"line_{language}"] for language in LANGUAGES if row[f"line_{language}"]}
    return Observation(
        Subject(row["measure"], row["name"], labels, row["line"], lines, int(row["place"])),
        row["wording"],
        row["status"],
        row["closed"] == "true",
        row["stated"],
        row["responsible"],
        row["comment"],
        milestones,
    )
