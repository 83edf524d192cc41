"""``bibgraph report``: a status report printed again."""

from __future__ import annotations

import sys

import click

from bibgraph.commands.diff import day_of
from bibgraph.commands.help import Command, option
from bibgraph.commands.shared import show, with_settings
from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.graph import open_graph
from bibgraph.messages import message

FORMATS = ("text", "markdown", "csv", "html", "docx", "xlsx")
_BINARY = ("docx", "xlsx")


@click.command("report", cls=Command)
@click.argument("day", metavar="DATE")
@option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    help="How to print it; text unless told otherwise.",
)
@with_settings("endpoint")
def command(settings: Settings, day: str, format_: str) -> None:
    """Print the status report of DATE as the table that it was.

    DATE is written year-month-day. Headings and notes are in the language chosen, the report's words as they
    are. All formats can be imported again. Send DOCX and XLSX to a file: > report.docx
    """
    try:
        from bibgraph.ingest.printing import printed  # noqa: PLC0415  # what it needs is an extra
        from bibgraph.ingest.writers import WRITERS  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise SettingsError(
            message("This command needs {name}.", name=error.name),
            hint=message("Install it with: pip install 'bibgraph[ingest]'"),
        ) from error
    if format_ in _BINARY and sys.stdout.isatty():
        raise SettingsError(
            message("A document of this format cannot be shown in a terminal."),
            hint=message("Send it to a file: > report.{ending}", ending=format_),
        )
    issued = day_of(day, "DATE")
    graph = open_graph(settings, inferred=False)
    show(WRITERS[format_](printed(graph.store, graph.repository, issued, settings.language)))
