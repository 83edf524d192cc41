"""``bibgraph diff``: what has changed from one status report to another."""

from __future__ import annotations

from datetime import date

import click

from bibgraph.changes import as_csv, as_json, as_text, compare, read_report
from bibgraph.commands.help import Command, option
from bibgraph.commands.shared import show, with_settings
from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.graph import open_graph
from bibgraph.messages import message

_WRITERS = {"text": as_text, "json": as_json, "csv": as_csv}


@click.command("diff", cls=Command)
@click.argument("old", metavar="DATE")
@click.argument("new", metavar="DATE")
@option(
    "--format",
    "format_",
    type=click.Choice(tuple(_WRITERS)),
    default="text",
    help="How to print it; text unless told otherwise.",
)
@with_settings("endpoint")
def command(settings: Settings, old: str, new: str, format_: str) -> None:
    """Say what has changed from one status report to another.

    They are the reports of the first DATE and of the second; dates are written year-month-day. Grouped by
    main line: statuses, who is responsible, comments word by word, milestones that have passed, moved, come
    or are overdue, measures that are missing, and what does not agree.
    """
    days = [day_of(text, "DATE") for text in (old, new)]
    graph = open_graph(settings, inferred=False)
    before, after = (read_report(graph.store, graph.repository, day) for day in days)
    show(_WRITERS[format_](compare(before, after), settings.language))


def day_of(text: str, name: str) -> date:
    """The day that is written as year-month-day. Raises SettingsError, which names the argument."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            message("{name} cannot be {value!r}.", name=name, value=text),
            hint=message("Write it as year-month-day: 2026-04-20"),
        ) from error
