"""``bibgraph release``: the graph as it is now becomes a release."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bibgraph.commands.help import Command, option
from bibgraph.commands.shared import display_name, say, show, with_settings
from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.messages import message
from bibgraph.publish.drafting import Draft, draft, note, write_release
from bibgraph.publish.releases import Log
from bibgraph.publish.telling import entry
from bibgraph.publish.versions import Versions
from bibgraph.repository import Repository, locate, version_of


@click.command("release", cls=Command)
@option("--message", "told", metavar="TEXT", default="", help="What people are to know of it.")
@option(
    "--date",
    "stated",
    metavar="WHEN",
    help="When it is published: 2026-11-22 or 2026-11-22T12:00:00Z; now unless told otherwise.",
)
@option("--dry-run", is_flag=True, help="Only tell what the release would be; write nothing.")
@option("--check", "only_check", is_flag=True, help="Only tell whether the log is whole and up to date.")
@with_settings()
def command(settings: Settings, told: str, stated: str | None, *, dry_run: bool, only_check: bool) -> None:
    """Make a release of the graph as it is now.

    It is compared with the last release, and what has changed is written into the log. The log is
    data/releases/: for each release its number, time and hash, and the change set of every thing; CHANGES.md
    tells people. Nothing is written if nothing has changed. --check ends with 1 if there are changes that are
    not released, or if the log does not lead to the graphs that it names.
    """
    root = locate(settings.root)
    log, when = Log.read(root), _moment(stated)
    quads = Repository(root).quads("ontology", "data")
    made = draft(log, quads, when, told)
    if only_check:
        click.get_current_context().exit(_check(log, made, settings))
    if made is None:
        _say_unchanged(log, settings)
        return
    longer = log.plus(made.release, made.changes)
    text = entry(Versions(longer, Repository(root)), made.release, settings.language)
    show(text)
    if dry_run:
        say(message("Nothing is written: this was a trial."), settings)
        return
    folder = write_release(made, root)
    note(text, root)
    where = display_name(folder, Path.cwd())
    say(
        message("Release {number} is written to {folder}.", number=made.release.number, folder=where),
        settings,
    )


def _check(log: Log, made: Draft | None, settings: Settings) -> int:
    """Tell what is wrong with the log; the exit code."""
    code = 0
    for release in log.releases:
        if version_of(log.state(release.number)) != release.version:
            problem = message(
                "The change sets up to release {number} do not lead to its graph.", number=release.number
            )
            say(problem, settings)
            code = 1
    if made is None:
        _say_unchanged(log, settings)
        return code
    things = sum(made.release.things.values())
    say(message("Things that have changed since the last release: {things}.", things=things), settings)
    return 1


def _say_unchanged(log: Log, settings: Settings) -> None:
    if log.latest:
        unchanged = message(
            "Nothing has changed since release {number} of {date}.",
            number=log.latest.number,
            date=log.latest.date,
        )
        say(unchanged, settings)


def _moment(stated: str | None) -> datetime | None:
    if stated is None:
        return None
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError as error:
        raise SettingsError(
            message("{text!r} is no day and no time.", text=stated),
            where="--date",
            hint=message("Write it so: {example}", example="2026-11-22"),
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
