"""From a document to the files that would be written, all proved before any is."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from bibgraph.errors import SettingsError, SourceError
from bibgraph.findings import Finding, Severity
from bibgraph.ingest.cells import read_cells
from bibgraph.ingest.decisions import Decision, decide
from bibgraph.ingest.documents import Read, language_of
from bibgraph.ingest.draft import draft
from bibgraph.ingest.filing import SOURCES, files_of, paths_of
from bibgraph.ingest.judging import Draft
from bibgraph.ingest.matching import Match, match_rows
from bibgraph.ingest.names import Names
from bibgraph.ingest.plain import read_plain
from bibgraph.ingest.table import Table
from bibgraph.ingest.vocabulary import Measure, Vocabulary, read_vocabulary
from bibgraph.messages import message
from bibgraph.namespaces import THINGS
from bibgraph.repository import Repository
from bibgraph.sources import Document, coverage, judge, prove, read_sources
from bibgraph.turtle import to_store

_SILENT = 0.3
"""A text in which more than this part of the rows have nothing beside them is not read as it was meant."""
_WORDS = 12
"""So many words of a document that is no report are shown."""


@dataclass(frozen=True)
class Prepared:
    """What an import would do.

    files: contents by path from the root; that of ``data/sources.ttl`` replaces what is there. matches: the
    rows. missing: measures of the strategy that no row speaks of. findings: those of severity Violation stand
    in the way. quads: what the files add to the graph. unchanged: this very document is in the graph already.
    """

    names: Names
    files: dict[str, bytes]
    matches: tuple[Match, ...]
    missing: tuple[Measure, ...]
    findings: tuple[Finding, ...]
    quads: tuple[ox.Quad, ...] = ()
    unchanged: bool = False

    @property
    def undecided(self) -> tuple[Match, ...]:
        """The rows that are matched to no measure."""
        return tuple(match for match in self.matches if match.measure is None)

    @property
    def ready(self) -> bool:
        """Whether it can be written."""
        return not self.undecided and not any(found.severity is Severity.VIOLATION for found in self.findings)


@dataclass(frozen=True)
class Request:
    """What is to be imported: a file's path, what was read of it, the report's date, how rows were decided.

    strategy: the key of a strategy; empty for that of the latest report.
    """

    path: Path
    read: Read
    issued: date
    strategy: str = ""
    decisions: dict[str, Decision] | None = None
    decided_in: Path = Path()


def prepare(repository: Repository, request: Request) -> Prepared:
    """What importing the document would do; nothing is written.

    Raises SourceError for a document in which no row is recognised, for another document of the same report,
    and for decisions that cannot be; SettingsError for a strategy that has no measures.
    """
    vocabulary = read_vocabulary(repository)
    names = Names(request.issued, _strategy(repository, vocabulary, request.strategy))
    if _is_there(repository, names, request):
        return Prepared(names, {}, (), (), (), unchanged=True)
    setting = request.read.setting
    table = read_cells(setting, vocabulary) if setting else read_plain(request.read.text, vocabulary)
    if not table.rows:
        raise SourceError(
            message(
                "No row of a status report is recognised in this document. It begins: {words}",
                words=" ".join(request.read.text.split()[:_WORDS]),
            ),
            where=str(request.path),
            hint=message(
                "Expected: tables under the head «{head}», in each row a wording, then units and a status.",
                head=vocabulary.head,
            ),
        )
    _refuse_apart(table, request)
    matches = match_rows(table, vocabulary, names.strategy)
    labels: dict[str, dict[str, str]] = {}
    if request.decisions:
        matches, labels = decide(matches, request.decisions, vocabulary, names.strategy, request.decided_in)
    made = draft(table, matches, labels, vocabulary, names, language_of(request.read.text))
    _judge_matches(made, matches)
    matched = {match.measure.iri for match in matches if match.measure}
    missing = [
        each for each in vocabulary.measures if each.strategy == names.strategy and each.iri not in matched
    ]
    files, quads = files_of(repository, made, request.read.content)
    decided = all(match.measure for match in matches)
    proofs = _proofs(repository, quads, made, request) if decided else []
    return Prepared(names, files, tuple(matches), tuple(missing), (*made.findings, *proofs), tuple(quads))


def _refuse_apart(table: Table, request: Request) -> None:
    """Raise SourceError for a text in which the answers do not stand beside their measures."""
    silent = sum(1 for row in table.rows if not row.answer)
    if silent > _SILENT * len(table.rows):
        raise SourceError(
            message(
                "The columns of the tables are torn apart or mixed in this text: of {rows} rows, {silent} "
                "have neither units, status nor comment.",
                rows=len(table.rows),
                silent=silent,
            ),
            where=str(request.path),
            hint=message(
                "Import the document that the text was taken from (PDF, DOCX …), or a text in which the "
                "columns stand side by side, as «pdftotext -layout» makes it."
            ),
        )


def _judge_matches(made: Draft, matches: list[Match]) -> None:
    for match in matches:
        if match.problem:
            made.find("row-undecided", Severity.VIOLATION, match.problem, match.name)
        if not match.wording:
            sentence = message("There is no wording beside this answer.")
            made.find("row-without-wording", Severity.VIOLATION, sentence, match.name)
    for iri, count in Counter(match.measure.iri for match in matches if match.measure).items():
        if count > 1:
            sentence = message("{count} rows are decided to be the same measure.", count=count)
            made.find("measure-twice", Severity.VIOLATION, sentence, iri.rpartition("/")[2])


def _strategy(repository: Repository, vocabulary: Vocabulary, key: str) -> str:
    known = sorted({measure.strategy for measure in vocabulary.measures})
    if key:
        wanted = THINGS["strategy/"] + key
        if wanted not in known:
            raise SettingsError(
                message("No measures of the strategy {key} are known.", key=key),
                hint=message("Allowed: {allowed}.", allowed=_keys(known)),
            )
        return wanted
    store = to_store(repository.quads("data"))
    solutions = store.query(repository.query("ingest/reports"))
    rows = list(solutions) if isinstance(solutions, ox.QuerySolutions) else []
    last = rows[0]["strategy"] if rows else None
    if isinstance(last, ox.NamedNode):
        return last.value
    if len(known) == 1:
        return known[0]
    raise SettingsError(
        message("There is no earlier report, so the strategy must be named."),
        hint=message("Name it with --strategy: {allowed}.", allowed=_keys(known) or "–"),
    )


def _keys(strategies: list[str]) -> str:
    return ", ".join(iri.rpartition("/")[2] for iri in strategies)


def _is_there(repository: Repository, names: Names, request: Request) -> bool:
    """Whether the document is imported already; SourceError if another stands in its place."""
    digest = hashlib.sha256(request.read.content).hexdigest()
    sources = read_sources(repository.quads("ontology", "data"), repository)
    status = repository.root / paths_of(names)["status"]
    for document in sources.documents.values():
        if document.stated == digest and document.iri == names.source and status.exists():
            return True
        if document.stated == digest:
            raise SourceError(
                message("This document is in the graph already, as {other}.", other=document.iri),
                where=str(request.path),
                hint=message("Check the date."),
            )
    taken = [path for path in paths_of(names).values() if (repository.root / path).exists()]
    if taken or names.source in sources.documents:
        raise SourceError(
            message("Another report of {date} is in the graph already.", date=names.issued),
            where=", ".join(taken) or SOURCES,
            hint=message("Check the date; or remove what stands there, if it is to be imported anew."),
        )
    return False


def _proofs(repository: Repository, quads: list[ox.Quad], made: Draft, request: Request) -> list[Finding]:
    """What would be wrong with the words and places that the files state."""
    stated = read_sources([*repository.quads("ontology"), *quads], repository)
    digest = hashlib.sha256(request.read.content).hexdigest()
    file, lines = paths_of(made.names)["text"], tuple(request.read.text.split("\n"))
    document = Document(made.names.source, made.title, file, digest, digest, lines)
    sources = replace(stated, documents={document.iri: document})
    return [*prove(sources), *judge(coverage(sources))]
