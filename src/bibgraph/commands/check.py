"""``bibgraph check``: say what is wrong with the graph, and where."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from bibgraph.checking import asked, changes_since, examine
from bibgraph.commands.outputs import Reporting, report, reporting_options
from bibgraph.commands.scope import Configured, Scope, find_revision, scope_options
from bibgraph.commands.shared import say, with_settings
from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.findings import Severity
from bibgraph.messages import message
from bibgraph.validation import ENGINES, REFERENCE
from bibgraph.validation.render import Run

_GATES = [severity.name.lower() for severity in sorted(Severity, reverse=True)]


@click.command("check", cls=Configured)
@scope_options
@reporting_options
@click.option(
    "--fail-on",
    type=click.Choice(_GATES),
    default="violation",
    help="End with 1 if there is a finding as bad as this, or worse. It is violation unless told otherwise.",
)
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default=REFERENCE,
    help="What runs the shapes. All say the same; shacl-rust and shifty are faster and need bibgraph[fast].",
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@with_settings()
def command(
    settings: Settings,
    paths: tuple[Path, ...],
    fail_on: str,
    reporting: Reporting,
    scope: Scope,
    changed: str | None,
    engine: str,
) -> None:
    """Check the graph: shapes, lint queries, terms, dates, quotations and their documents.

    Without PATHs the whole project is checked. Files of the project's data are checked within the whole.
    Other files or folders are checked as data of their own, with the project's ontology, shapes and rules.

    With --data, --shapes or --ontology any other files are checked, in any folder. These and the other
    options may also stand in bibgraph.toml, table [check], or in pyproject.toml, table [tool.bibgraph.check].
    """
    run_checks = partial(examine, engine=engine)
    checked = scope.checked(settings, paths)
    if changed is None:
        world = checked.now()
        findings = run_checks(world)
        criteria = asked(world)
    else:
        if reporting.new_baseline:
            raise SettingsError(
                message("--changed and --write-baseline exclude each other."),
                hint=message("A baseline is written of all that there is."),
            )
        changes = changes_since(find_revision(checked, changed), checked, run_checks)
        findings = changes.findings
        criteria = asked(changes.world) if changes.world else []
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
    if report(findings, settings.language, run, reporting, whole=not paths and changed is None):
        click.get_current_context().exit(1)
