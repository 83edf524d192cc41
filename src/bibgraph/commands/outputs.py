"""Where ``bibgraph check`` puts what it found: the screen, any number of files, and a baseline."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bibgraph.errors import SettingsError
from bibgraph.findings import Finding
from bibgraph.messages import message
from bibgraph.suggestions import suggestion
from bibgraph.validation import compare, read_baseline, write_baseline
from bibgraph.validation.render import FORMATS, Run, paint

_PERMISSIONS = 0o666
_COLOUR_ANYWAY = {"FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}
"""With these in the environment, rich may take for a terminal what is none."""


@dataclass(frozen=True)
class Reporting:
    """How findings are to be reported.

    form: what is printed. outputs: further forms, each with its file. known: how often each fingerprint is
    known, None without a baseline; new_baseline: the file to write one to.
    """

    form: str = "text"
    outputs: Sequence[tuple[str, Path]] = ()
    known: Mapping[str, int] | None = None
    new_baseline: Path | None = None


def reporting_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options on how to report, and hand it ``reporting`` made of them.

    Raises SettingsError or SourceError, before anything is checked, for a form, folder or baseline that is
    not there.
    """

    @wraps(function)
    def wrapped(
        form: str, outputs: Sequence[str], baseline: Path | None, new_baseline: Path | None, **rest: object
    ) -> object:
        reporting = Reporting(
            form,
            [_output(each) for each in outputs],
            read_baseline(baseline) if baseline else None,
            _writable(new_baseline) if new_baseline else None,
        )
        return function(reporting=reporting, **rest)

    decorated: Callable[..., Any] = wrapped
    for option in _OPTIONS:
        decorated = option(decorated)
    return decorated


_OPTIONS = (
    click.option(
        "--write-baseline",
        "new_baseline",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Write all that is found to this file, to be known from now on, and end with 0.",
    ),
    click.option(
        "--baseline",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Leave out what this file knows, so that only new findings are shown and fail.",
    ),
    click.option(
        "--output",
        "outputs",
        metavar="FORM=FILE",
        multiple=True,
        help="Write the findings to a file too, such as sarif=report.sarif. May be given several times.",
    ),
    click.option(
        "--format",
        "form",
        type=click.Choice(sorted(FORMATS)),
        default="text",
        help="How to print the findings; text unless told otherwise.",
    ),
)


def report(
    findings: Sequence[Finding], language: str, run: Run, reporting: Reporting, *, whole: bool = True
) -> bool:
    """Print and write the findings; true if they fail, which known ones do not.

    whole: everything was looked at, so that what the baseline knows and was not found is gone. Raises
    SettingsError for a file that cannot be written.
    """
    known = reporting.known
    if reporting.new_baseline:
        text = write_baseline(findings)
        replace_file(reporting.new_baseline, text)
        sentence = message(
            "Known from now on: {count} findings, in {file}.",
            count=len(findings),
            file=reporting.new_baseline,
        )
        click.echo(sentence.text(language), err=True)
        known = read_baseline(reporting.new_baseline)
    if known is not None:
        compared = compare(findings, known, lambda finding: finding.severity >= run.gate)
        findings = compared.new
        run = replace(run, known=compared.known, fixed=compared.fixed if whole else None)
    _show(findings, language, run, reporting.form)
    for form, path in reporting.outputs:
        replace_file(path, FORMATS[form](findings, language, run))
    return any(finding.severity >= run.gate for finding in findings)


def replace_file(path: Path, text: str) -> None:
    """Put ``text`` into the file, so that nobody sees half of it. Raises SettingsError where that fails."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            umask = os.umask(0)
            os.umask(umask)
            Path(temporary).chmod(_PERMISSIONS & ~umask)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SettingsError(
            message("The file cannot be written: {reason}.", reason=error.strerror), where=str(path)
        ) from error


def _writable(path: Path) -> Path:
    """``path`` itself. Raises SettingsError if its folder does not exist or it is a folder."""
    if not path.parent.is_dir():
        raise SettingsError(
            message("There is no folder {folder} to write {file} to.", folder=path.parent, file=path.name),
            hint=message("Make the folder first, or name another one."),
        )
    if path.is_dir():
        raise SettingsError(
            message("{path} is a folder, not a file.", path=path),
            hint=message("Name a file in it."),
        )
    return path


def _output(given: str) -> tuple[str, Path]:
    form, mark, file = given.partition("=")
    if form not in FORMATS:
        raise SettingsError(
            message("There is no form of output {form!r}.", form=form), hint=suggestion(form, FORMATS)
        )
    if not mark or not file:
        raise SettingsError(
            message("--output {given} names no file.", given=given),
            hint=message("Write form and file: {example}", example=f"--output {form}=report.{form}"),
        )
    return form, _writable(Path(file))


def _show(findings: Sequence[Finding], language: str, run: Run, form: str) -> None:
    if form == "text" and (sys.stdout.isatty() or not _COLOUR_ANYWAY.isdisjoint(os.environ)):
        console = import_module("rich.console").Console(highlight=False)
        if console.is_terminal:
            paint(findings, language, console, run)
            return
    click.echo(FORMATS[form](findings, language, run), nl=False)
