"""``bibgraph mcp``: the graph for programs that speak the Model Context Protocol."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bibgraph.commands.help import Command, option
from bibgraph.commands.shared import data_option, with_settings
from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.limits import Limits
from bibgraph.messages import message


@click.command("mcp", cls=Command)
@data_option("Answer from these RDF files instead of the project's graph.")
@option(
    "--limit",
    "stated",
    metavar="NAME=VALUE",
    multiple=True,
    help="Set a limit of queries: {names}.",
    values={"names": "timeout, memory, result-bytes, query-bytes, nesting, workers"},
)
@with_settings("endpoint")
def command(
    settings: Settings, data: tuple[Path, ...], more: tuple[Path, ...], stated: tuple[str, ...]
) -> None:
    """Answer a program that speaks the Model Context Protocol.

    The two talk on standard input and output. The program can list and ask the ready questions, ask in SPARQL
    and have things described; nothing can be changed.
    """
    if more and not data:
        raise SettingsError(
            message("{found} is no option.", found=str(more[0])), hint=message("Name files with --data.")
        )
    try:
        from bibgraph.mcp import serve  # noqa: PLC0415  # what it needs is an extra
    except ModuleNotFoundError as error:
        raise SettingsError(
            message("This command needs {name}.", name=error.name),
            hint=message("Install it with: {command}", command="pip install 'bibgraph[mcp]'"),
        ) from error
    asyncio.run(serve(settings, (*data, *more), Limits.parse(stated)))
