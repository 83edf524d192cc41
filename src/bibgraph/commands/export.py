"""``bibgraph export``: the whole site as files for any web server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bibgraph.commands.help import Command, option
from bibgraph.commands.shared import PATH, say, tell, with_settings
from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.graph import open_graph
from bibgraph.messages import message
from bibgraph.web.export import EngineError, Report, Site, engine, renewed
from bibgraph.webaddresses import checked_address

_MOST_TOLD = 20
_EXAMPLE = message("Write a web address without question mark and fragment: https://example.org/policy/")


@click.command("export", cls=Command)
@click.argument("folder", metavar="DIR", type=PATH)
@option(
    "--base-url",
    metavar="URL",
    required=True,
    help="Where the files will be served, such as https://example.org/policy/. A path in it is kept.",
)
@option("--no-sparql", is_flag=True, help="Leave SPARQL in the browser out.")
@with_settings("endpoint")
def command(settings: Settings, folder: Path, base_url: str, *, no_sparql: bool) -> None:
    """Write the whole site as files into DIR, for any web server.

    GitHub Pages will do too. DIR must be empty, not there yet, or a former export, which is then replaced as
    a whole. The same graph gives the same files. Ends with 1 if a page links to something that is not there.
    """
    base = _checked(base_url)
    found = {} if no_sparql else _engine(settings)
    with renewed(folder) as made:
        site = Site(open_graph(settings), settings, base, found, os.cpu_count() or 1)
        with _shown(settings) as progress:
            report = site.write(made, progress)
    _tell(report, folder, settings)


def _checked(url: str) -> str:
    try:
        checked = checked_address("--base-url", url)
    except SettingsError as error:
        raise SettingsError(error.problem, hint=_EXAMPLE) from error
    if "?" in checked or "#" in checked:
        raise SettingsError(
            message("{name} cannot be {value!r}.", name="--base-url", value=url), hint=_EXAMPLE
        )
    return checked.rstrip("/") + "/"


def _engine(settings: Settings) -> Mapping[str, bytes]:
    """What answers SPARQL in the browser; nothing, and a word about it, if that cannot be had."""
    try:
        return engine()
    except EngineError as error:
        tell(error.text(settings.language))
        return {}


@contextmanager
def _shown(settings: Settings) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing in a pipe."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, auto_refresh=False, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task(message("Writing …").text(settings.language), total=None)
        yield lambda done, known: progress.update(task, completed=done, total=known, refresh=True)


def _tell(report: Report, folder: Path, settings: Settings) -> None:
    for address, pages in list(report.missing.items())[:_MOST_TOLD]:
        say(
            message("There is nothing at {address}, which {page} links to.", address=address, page=pages[0]),
            settings,
        )
    if report.missing:
        say(message("Links that lead nowhere: {count}.", count=len(report.missing)), settings)
    if Console(stderr=True).is_terminal:
        size = f"{report.bytes / 1_000_000:.1f}"
        done = message(
            "Written to {folder}: {files} files, {size} MB.", folder=folder, files=report.files, size=size
        )
        say(done, settings)
    if report.missing:
        click.get_current_context().exit(1)
