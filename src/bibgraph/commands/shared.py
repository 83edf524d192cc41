"""What all commands share: the settings that a user gives, and talk on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

import click

from bibgraph.commands.help import Decorated, option
from bibgraph.config import Settings
from bibgraph.messages import Message
from bibgraph.reasons import harmless

PATH = click.Path(readable=False, path_type=Path)
"""Any path: what is wrong with it is told by who reads or writes there, in the reader's language."""

_OPTIONS = {
    "root": option(
        "--root",
        metavar="FOLDER",
        help="Folder with ontology/, data/, shapes/ and queries/. Without it: the current folder if it has "
        "them, else the copy that is installed with the program.",
    ),
    "language": option(
        "--language", metavar="nb|nn|en", help="Language of all talk and of answers that have several."
    ),
    "endpoint": option(
        "--endpoint", metavar="URL", help="Ask this SPARQL 1.1 service instead of the project's files."
    ),
    "host": option("--host", metavar="NAME", help="Where to listen; 127.0.0.1 unless told otherwise."),
    "port": option("--port", metavar="NUMBER", help="The port to listen at; 8000 unless told otherwise."),
}
_EVERYWHERE = ("root", "language")


def setting_options(*names: str) -> Callable[[Decorated], Decorated]:
    """Give a command or group the options of these settings, as strings or None."""

    def decorate(function: Decorated) -> Decorated:
        for name in reversed(names):
            function = _OPTIONS[name](function)
        return function

    return decorate


def with_settings(*more: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command --root, --language and the options ``more``, and hand it ``settings`` made of them.

    What is given after the command wins over what is given before it. The language is noted for those who
    show errors. Raises SettingsError for a value that a setting cannot have.
    """
    names = (*_EVERYWHERE, *more)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapped(**values: Any) -> Any:  # noqa: ANN401  # click hands over whatever the options yield
            told: dict[str, object] = click.get_current_context().ensure_object(dict)
            told.update({name: values[name] for name in names if values[name] is not None})
            rest = {name: value for name, value in values.items() if name not in names}
            return function(settings=Settings.load(**told), **rest)

        return setting_options(*names)(wrapped)

    return decorate


def data_option(help_: str) -> Callable[[Decorated], Decorated]:
    """Give a command ``--data FILE...``: files after the first are in its arguments ``more``."""

    def decorate(function: Decorated) -> Decorated:
        function = click.argument("more", metavar="", nargs=-1, type=PATH)(function)
        return option("--data", "data", metavar="FILE...", multiple=True, type=PATH, help=help_)(function)

    return decorate


def say(sentence: Message, settings: Settings) -> None:
    """Talk to the user: on stderr, in their language."""
    tell(sentence.text(settings.language))


def tell(text: str) -> None:
    """Say it on stderr. That nobody can hear it is no failure."""
    with suppress(OSError):
        click.echo(harmless(text), err=True)


def show(content: str | bytes, *, nl: bool = False) -> None:
    """Print an answer: as it is; on a terminal without what could do something to that."""
    if sys.stdout.isatty():
        text = content if isinstance(content, str) else content.decode("utf-8", "replace")
        content = harmless(text.replace("\r\n", "\n"))  # as CSV ends its lines
    click.echo(content, nl=nl)


def display_name(path: Path, root: Path) -> str:
    """``path`` from ``root`` on with slashes, if it lies there; otherwise as it is."""
    resolved, base = path.resolve(), root.resolve()
    return resolved.relative_to(base).as_posix() if resolved.is_relative_to(base) else str(path)
