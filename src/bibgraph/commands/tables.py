"""``bibgraph import table``: tables in."""

from __future__ import annotations

from pathlib import Path

import click

from bibgraph.commands.help import Command, option
from bibgraph.commands.shared import PATH, say, show, tell, with_settings
from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.findings import Finding
from bibgraph.messages import message
from bibgraph.repository import Repository, locate


@click.command("table", cls=Command)
@click.argument("file", required=False, type=PATH)
@option("--name", default="", metavar="TABLE", help="Which table it is, if not what the file is called.")
@option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
@with_settings()
def command(settings: Settings, file: Path | None, name: str, *, dry_run: bool) -> None:
    """Read the table FILE (CSV) into files of the graph.

    Without FILE, all files that are made from tables are made anew. The table is put in place as
    data/tables/TABLE.csv. What its rows mean is said by the queries in queries/tables/TABLE/. Only files that
    are made from tables are written. Ends with 1, and writes nothing, if cells cannot be used.
    """
    try:
        from bibgraph.ingest.tables import build, decode, write_all  # noqa: PLC0415  # what it needs is an extra
    except ModuleNotFoundError as error:
        raise SettingsError(
            message("This command needs {name}.", name=error.name),
            hint=message("Install it with: pip install 'bibgraph[ingest]'"),
        ) from error
    if name and file is None:
        raise SettingsError(message("--name says which table a file is; there is no file."))
    repository = Repository(locate(settings.root))
    built = build(repository, {name or file.stem: decode(file)} if file else {})
    for table, findings in built.findings.items():
        for finding in findings:
            tell(_line(table, finding, settings.language))
    if built.findings:
        say(message("Nothing is written."), settings)
        click.get_current_context().exit(1)
    if not built.files and not built.emptied:
        say(message("The graph has all that the tables say already; nothing is changed."), settings)
        return
    if not dry_run:
        write_all(repository.root, built.files, built.emptied)
    for change in built.changes:
        sentence = message(
            "{file}: {new} new, {changed} changed, {gone} gone.",
            file=change.name,
            new=change.new,
            changed=change.changed,
            gone=change.gone,
        )
        show(sentence.text(settings.language), nl=True)
    if dry_run:
        say(message("Nothing is written."), settings)


def _line(table: str, finding: Finding, language: str) -> str:
    """A finding in one line: which table, row and column, and what."""
    row = message("row {name}", name=finding.line).text(language)
    column = message("column {name}", name=finding.path).text(language) if finding.path else ""
    place = ", ".join(filter(None, (table, row, column)))
    return f"{place}: {finding.text(language)}"
