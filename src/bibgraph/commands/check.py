"""``bibgraph check``: say what is wrong with the graph, and where."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from bibgraph import checking
from bibgraph.checking import World, asked, examine
from bibgraph.commands.help import option
from bibgraph.commands.outputs import Reporting, report, reporting_options
from bibgraph.commands.scope import Configured, Scope, find_revision, scope_options
from bibgraph.commands.shared import PATH, say, with_settings
from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.findings import Severity
from bibgraph.messages import message
from bibgraph.validation import ENGINES, REFERENCE
from bibgraph.validation.render import Run

_SELDOM = 100_000
_GATES = [severity.name.lower() for severity in sorted(Severity, reverse=True)]


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Inside, circles of objects are seldom looked for: hardly any are made, and looking takes its time."""
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _is_aside(world: World | None, file: str) -> bool:
    """Whether findings in this file, by its name, are not wanted, or not looked for with all rules."""
    if world is None:
        return True
    if not world.partial:
        return file in world.left_out
    return all(read.file.name != file for read in world.files["data"])


@click.command("check", cls=Configured)
@scope_options
@reporting_options
@option(
    "--fail-on",
    type=click.Choice(_GATES),
    default="violation",
    help="End with 1 if there is a finding as bad as this, or worse. It is violation unless told otherwise.",
)
@option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default=REFERENCE,
    help="What runs the shapes. All say the same; shacl-rust and shifty are faster and need bibgraph[fast].",
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=PATH)
@with_settings()
@_seldom_collecting()
def command(
    settings: Settings,
    paths: tuple[Path, ...],
    fail_on: str,
    reporting: Reporting,
    scope: Scope,
    changed: str | None,
    engine: str,
) -> None:
    """Check the graph, and tell what is wrong, and where.

    Shapes, lint queries, terms, dates, quotations and their documents are looked at.

    Without PATHs the whole project is checked. Files of the project's data are checked within the whole.
    Other files or folders are checked as data of their own, with the project's ontology, shapes and rules.

    With --data, --shapes or --ontology any other files are checked, in any folder. These and the other
    options may also stand in bibgraph.toml, table [check], or in pyproject.toml, table [tool.bibgraph.check].
    """
    world: World | None
    run_checks = partial(examine, engine=engine)
    checked = scope.checked(settings, paths)
    if changed is None:
        now = checked.now()
        findings = run_checks(now)
        world, criteria = now, asked(now)
    else:
        if reporting.new_baseline:
            raise SettingsError(
                message("--changed and --write-baseline exclude each other."),
                hint=message("A baseline is written of all that there is."),
            )
        changes = checking.changes_since(find_revision(checked, changed), checked, run_checks)
        findings = changes.findings
        world = changes.world
        criteria = asked(world) if world else []
        if changes.idle:
            say(message("Nothing that is checked has changed since {revision}.", revision=changed), settings)
        elif changes.left_out:
            say(
                message(
                    "Older findings, untouched since {revision} and left out: {count}.",
                    revision=changed,
                    count=changes.left_out,
                ),
                settings,
            )
    run = Run(Severity[fail_on.upper()], criteria, checked.root)
    aside = partial(_is_aside, world) if paths or changed is not None else None
    if report(findings, settings.language, run, reporting, not_looked_at=aside):
        click.get_current_context().exit(1)
