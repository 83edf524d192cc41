"""``bibgraph import``: documents in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibgraph.changes import as_text, compare, known_reports, read_report
from bibgraph.commands.diff import day_of
from bibgraph.commands.help import Group, option
from bibgraph.commands.shared import PATH, say, setting_options, show, tell, with_settings
from bibgraph.commands.tables import command as table
from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.findings import Finding, Severity
from bibgraph.messages import Message, message
from bibgraph.repository import Repository, locate
from bibgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from bibgraph.ingest import Prepared

_SIGNS = {
    Severity.VIOLATION: message("error"),
    Severity.WARNING: message("warning"),
    Severity.INFO: message("remark"),
}


@click.group("import", cls=Group)
@setting_options("root", "language")
@click.pass_context
def command(context: click.Context, /, **told: str | None) -> None:
    """Take a document into the graph."""
    context.ensure_object(dict).update({name: value for name, value in told.items() if value is not None})


command.add_command(table)


@command.command("status-report")
@click.argument("file", type=PATH)
@option("--date", "issued", metavar="YYYY-MM-DD", required=True, help="The date of the report.")
@option("--strategy", default="", metavar="KEY", help="Its strategy, if not that of the latest report.")
@option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
@option(
    "--decisions",
    type=PATH,
    metavar="FILE",
    help="Which measures the rows are that cannot be matched surely. If there is no such file, it is written "
    "as a template to fill in.",
)
@with_settings()
def status_report(
    settings: Settings, file: Path, issued: str, strategy: str, *, dry_run: bool, decisions: Path | None
) -> None:
    """Read the status report FILE into files of the graph.

    It is a PDF with a text layer, DOCX, ODT, HTML, Markdown, XLSX or CSV with the table in cells, or plain
    text (.txt) as it comes out of a PDF.

    Nothing that is there is changed but data/sources.ttl, which gets an entry. Prints what has changed since
    the last report. Ends with 1, and writes nothing, if rows are undecided or something is unknown.
    """
    try:
        from bibgraph.ingest import (  # noqa: PLC0415  # what it needs is an extra
            Request,
            prepare,
            read_decisions,
            read_document,
            read_vocabulary,
            template,
            write_all,
        )
    except ModuleNotFoundError as error:
        raise SettingsError(
            message("This command needs {name}.", name=error.name),
            hint=message("Install it with: pip install 'bibgraph[ingest]'"),
        ) from error
    repository = Repository(locate(settings.root))
    read = read_document(file, read_vocabulary(repository).heads)
    decided = read_decisions(decisions) if decisions and decisions.exists() else {}
    request = Request(file, read, day_of(issued, "--date"), strategy, decided, decisions or Path())
    prepared = prepare(repository, request)
    if prepared.unchanged:
        say(message("This report is in the graph already; nothing is changed."), settings)
        return
    _tell(prepared, settings)
    if not prepared.ready:
        if prepared.undecided and decisions and not decisions.exists() and not dry_run:
            write_all(decisions.parent, {decisions.name: template(prepared.undecided).encode()})
            say(message("What is to be decided stands in {file}.", file=decisions), settings)
        say(message("Nothing is written."), settings)
        click.get_current_context().exit(1)
    if not dry_run:
        write_all(repository.root, prepared.files)
    for name in sorted(prepared.files):
        done = (
            message("Would be written: {file}", file=name)
            if dry_run
            else message("Written: {file}", file=name)
        )
        say(done, settings)
    _show_changes(repository, prepared, settings)


def _show_changes(repository: Repository, prepared: Prepared, settings: Settings) -> None:
    """Print what has changed since the report before, if there is one on the same strategy."""
    quads = [*repository.quads("ontology", "data"), *prepared.quads]
    store = EmbeddedStore(quads, f"draft-{prepared.names.key}")
    earlier = [
        day
        for day, strategy in known_reports(store, repository)
        if day < prepared.names.issued and strategy == prepared.names.strategy
    ]
    if earlier:
        days = (earlier[-1], prepared.names.issued)
        before, after = (read_report(store, repository, day) for day in days)
        say(message("Changes since the report of {date}:", date=earlier[-1]), settings)
        show(as_text(compare(before, after), settings.language))


def _tell(prepared: Prepared, settings: Settings) -> None:
    for finding in sorted(prepared.findings, key=lambda each: -each.severity):
        tell(_line(finding, settings.language))
    sentence: Message = message(
        "{rows} rows are read, {matched} of them matched to measures.",
        rows=len(prepared.matches),
        matched=len(prepared.matches) - len(prepared.undecided),
    )
    say(sentence, settings)
    if prepared.missing:
        names = ", ".join(measure.name for measure in prepared.missing)
        say(message("No row speaks of these measures: {names}.", names=names), settings)


def _line(finding: Finding, language: str) -> str:
    """A finding in one line: how grave, which row, what."""
    sign = _SIGNS[finding.severity].text(language)
    row = message("row {name}", name=finding.label).text(language) if finding.label else finding.thing
    return ": ".join(part for part in (sign, row, finding.text(language)) if part)
