"""Where ``bibgraph check`` puts what it found: the screen, any number of files, and a baseline."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bibgraph.commands.help import option
from bibgraph.commands.shared import PATH, show, tell
from bibgraph.errors import SettingsError
from bibgraph.findings import Finding
from bibgraph.messages import message
from bibgraph.reasons import reason
from bibgraph.suggestions import suggestion
from bibgraph.validation import Known, compare, read_baseline, read_entries, write_baseline
from bibgraph.validation.render import FORMATS, Run, paint

_PERMISSIONS = 0o666
_COLOUR_ANYWAY = {"FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}
"""With these in the environment, rich may take for a terminal what is none."""


@dataclass(frozen=True)
class Reporting:
    """How findings are to be reported.

    form: what is printed. outputs: further forms, each with its file. known: what a baseline
    knows, None without one; new_baseline: the file to write one to.
    """

    form: str = "text"
    outputs: Sequence[tuple[str, Path]] = ()
    known: Known | None = None
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
            _each_for_itself([_output(each) for each in outputs]),
            read_baseline(baseline) if baseline else None,
            _writable(new_baseline) if new_baseline else None,
        )
        return function(reporting=reporting, **rest)

    decorated: Callable[..., Any] = wrapped
    for each in _OPTIONS:
        decorated = each(decorated)
    return decorated


_OPTIONS = (
    option(
        "--write-baseline",
        "new_baseline",
        metavar="FILE",
        type=PATH,
        help="Write all that is found to this file, to be known from now on, and end with 0.",
    ),
    option(
        "--baseline",
        metavar="FILE",
        type=PATH,
        help="Leave out what this file knows, so that only new findings are shown and fail.",
    ),
    option(
        "--output",
        "outputs",
        metavar="FORM=FILE",
        multiple=True,
        help="Write the findings to a file too, such as sarif=report.sarif. May be given several times.",
    ),
    option(
        "--format",
        "form",
        type=click.Choice(sorted(FORMATS)),
        default="text",
        help="How to print the findings; text unless told otherwise.",
    ),
)


def report(
    findings: Sequence[Finding],
    language: str,
    run: Run,
    reporting: Reporting,
    *,
    not_looked_at: Callable[[str], bool] | None = None,
) -> bool:
    """Print and write the findings; true if they fail, which known ones do not.

    not_looked_at: whether a file, by its name, was left aside, so that what a baseline knows of it stays
    known; None if everything was looked at, so that what was not found is gone. Raises SettingsError for a
    file that cannot be written, SourceError for an older baseline that cannot be read.
    """
    known = reporting.known
    if reporting.new_baseline:
        known = _make_known(findings, language, reporting.new_baseline, not_looked_at)
    if known is not None:
        compared = compare(findings, known, lambda finding: finding.severity >= run.gate)
        findings = compared.new
        run = replace(run, known=compared.known, fixed=compared.fixed if not_looked_at is None else None)
    _show(findings, language, run, reporting.form)
    for form, path in reporting.outputs:
        replace_file(path, FORMATS[form](findings, language, run))
    return any(finding.severity >= run.gate for finding in findings)


def _make_known(
    findings: Sequence[Finding], language: str, file: Path, not_looked_at: Callable[[str], bool] | None
) -> Known:
    """Write a baseline, with what an older one has about other files than were looked at."""
    older = read_entries(file) if not_looked_at is not None and file.exists() else ()
    kept = [entry for entry in older if not_looked_at is not None and not_looked_at(str(entry.get("file")))]
    replace_file(file, write_baseline(findings, kept))
    known = read_baseline(file)
    sentence = message(
        "Known from now on: {count} findings, in {file}.", count=sum(known.counts.values()), file=file
    )
    tell(sentence.text(language))
    return known


def replace_file(path: Path, text: str) -> None:
    """Put ``text`` into the file, so that nobody sees half of it. Raises SettingsError where that fails.

    A link stays one, and what is no file, such as a pipe, is written to.
    """
    path = path.resolve()
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", newline="\n")
            return
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
            message("The file cannot be written: {reason}.", reason=reason(error)), where=str(path)
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
    if path.exists() and not os.access(path, os.W_OK):
        raise SettingsError(
            message("{path} may only be read.", path=path),
            hint=message("Name another file, or allow writing to this one."),
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


def _each_for_itself(outputs: Sequence[tuple[str, Path]]) -> Sequence[tuple[str, Path]]:
    """The outputs. Raises SettingsError if one would write over another."""
    files = [path.resolve() for _, path in outputs]
    for (_, path), file in zip(outputs, files, strict=True):
        if files.count(file) > 1 and (path.is_file() or not path.exists()):
            raise SettingsError(
                message("Several outputs go to {file}.", file=path),
                hint=message("Name a file of its own for each."),
            )
    return outputs


def _show(findings: Sequence[Finding], language: str, run: Run, form: str) -> None:
    if form == "text" and (sys.stdout.isatty() or not _COLOUR_ANYWAY.isdisjoint(os.environ)):
        console = import_module("rich.console").Console(highlight=False)
        if console.is_terminal:
            paint(findings, language, console, run)
            return
    show(FORMATS[form](findings, language, run))
