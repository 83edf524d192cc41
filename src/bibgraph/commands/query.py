"""``bibgraph query``: ask a ready question, or a query of one's own."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console

from bibgraph.catalogue import Catalogue, Question
from bibgraph.commands.help import Command, option
from bibgraph.commands.shared import say, show, with_settings
from bibgraph.config import Settings
from bibgraph.errors import ParameterError, QueryError, SettingsError, SourceError
from bibgraph.graph import open_graph
from bibgraph.messages import message
from bibgraph.repository import Repository, locate
from bibgraph.results import Table, readable, tabulate, verdict
from bibgraph.sparql import in_file
from bibgraph.sparql.guard import check
from bibgraph.store import Answer
from bibgraph.store.sandbox.apart import Apart
from bibgraph.store.writing import ROWS, TRIPLES, render
from bibgraph.turtle import read_text

TABLE = "table"
STDIN = "-"

_POSITION = re.compile(r"\d+:\d+")


@click.command("query", cls=Command)
@click.argument("name", required=False)
@option("--file", "file", metavar="FILE", help="Ask the SPARQL query in this file; - reads it from stdin.")
@option(
    "--param",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="What the question is to be about; may be given again for other parameters.",
)
@option(
    "--format",
    "format_",
    type=click.Choice((TABLE, *ROWS, *TRIPLES)),
    help="How the answer is written: a table unless told otherwise, Turtle (ttl) if it is a graph.",
)
@with_settings("endpoint")
def command(
    settings: Settings, name: str | None, file: str | None, parameters: tuple[str, ...], format_: str | None
) -> None:
    """Ask a ready question, or a query of your own.

    NAME is that of a ready question; --file has a query. Without either, the questions are listed. stdout
    carries the answer and nothing else. A file with the header of a ready question takes --param too.
    """
    if name and file:
        raise SettingsError(message("Give the name of a question or a file, not both."))
    if not name and not file:
        _list(settings, parameters, format_)
        return
    given = _given(parameters)
    if name:
        answer, headings = _ask_ready(settings, name, given)
    else:
        answer, headings = _ask_file(settings, str(file), given)
    _write(answer, format_, headings, settings)


def _given(parameters: Iterable[str]) -> dict[str, str]:
    """The values by name."""
    given: dict[str, str] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not name.strip():
            raise ParameterError(
                message("«{parameter}» is no parameter.", parameter=parameter),
                hint=message("Write its name and its value: --param date=2025-10-14"),
            )
        if name.strip() in given:
            raise ParameterError(message("The parameter is given twice."), where=name.strip())
        given[name.strip()] = value
    return given


def _ask_ready(settings: Settings, name: str, given: dict[str, str]) -> tuple[Answer, dict[str, str]]:
    graph = open_graph(settings)
    question = graph.catalogue.get(name)
    text = question.bind(given, graph.store, settings.language)
    return graph.store.query(text), question.headings(settings.language)


def _ask_file(settings: Settings, file: str, given: dict[str, str]) -> tuple[Answer, dict[str, str]]:
    question = _as_question(file, given) if given else None
    text = question.query if question else _text(file)
    name = "stdin" if file == STDIN else file
    try:
        check(text)
        graph = open_graph(settings)
        if question:
            text = question.bind(given, graph.store, settings.language)
        store = graph.store if settings.endpoint else Apart(graph.store)
        return store.query(text), question.headings(settings.language) if question else {}
    except QueryError as error:
        if _POSITION.fullmatch(error.where):
            raise in_file(error, name) from error
        raise


def _as_question(file: str, given: dict[str, str]) -> Question:
    if file == STDIN:
        raise ParameterError(
            message("A query from stdin takes no parameters."),
            where=", ".join(given),
            hint=message("Put it into a file with the header of a ready question."),
        )
    return next(iter(Catalogue.load([Path(file)])))


def _text(file: str) -> str:
    if file != STDIN and not Path(file).is_fifo():  # which may be what a shell has for ``<(…)``
        return read_text(Path(file))
    try:
        content = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = "stdin" if file == STDIN else file
        raise SourceError(message("The query is not UTF-8."), where=name) from error


def _list(settings: Settings, parameters: Iterable[str], format_: str | None) -> None:
    """Print the ready questions: ids, what they ask, their parameters with defaults, why anyone asks."""
    if any(parameters) or format_ not in (None, TABLE):
        raise SettingsError(
            message("There is no question to ask."),
            hint=message("Name one; «bibgraph query» alone lists them."),
        )
    repository = Repository(locate(settings.root))
    catalogue = Catalogue.load(repository.questions, root=repository.root)
    headings = (message("Name"), message("Question"), message("Parameters"), message("Why"))
    language = settings.language
    rows = (
        (question.id, question.text(language), _parameters_of(question), question.why(language))
        for question in catalogue
    )
    _show(
        Table(
            headings=tuple(heading.text(settings.language) for heading in headings),
            rows=tuple(tuple(map(readable, row)) for row in rows),
            numbers=(False,) * len(headings),
        )
    )


def _parameters_of(question: Question) -> str:
    return " ".join(
        parameter.name if parameter.default is None else f"{parameter.name}={parameter.default}"
        for parameter in question.parameters
    )


def _write(answer: Answer, format_: str | None, headings: dict[str, str], settings: Settings) -> None:
    if format_ is None:
        format_ = "ttl" if isinstance(answer, ox.QueryTriples) else TABLE
    if format_ == TABLE and isinstance(answer, ox.QuerySolutions):
        table = tabulate(answer, headings)
        _show(table)
        if not table.rows:
            say(message("The answer has no rows."), settings)
    elif format_ == TABLE and isinstance(answer, ox.QueryBoolean):
        click.echo(verdict(answer).text(settings.language))
    else:
        content = render(answer, format_)
        show(content, nl=not content.endswith(b"\n"))


def _show(table: Table) -> None:
    if sys.stdout.isatty():  # not rich's own test, which FORCE_COLOR deceives about pipes
        Console().print(table.rich())
    else:
        click.echo(table.plain(), nl=False)
