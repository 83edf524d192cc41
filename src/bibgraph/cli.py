"""The command line: one edge where errors become sentences and exit codes.

Exit codes: 0 fine; 1 the data has findings at or above the gate; 2 wrong use or unreadable input; 3 the
endpoint or the environment failed. What ends by the user's hand ends as shells have it: 130 (Ctrl-C), 141
(nobody reads the output any more).
"""

from __future__ import annotations

import errno
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from gettext import gettext
from itertools import pairwise, takewhile
from pathlib import Path
from typing import NoReturn

import click

from bibgraph import __version__
from bibgraph.commands.help import Group
from bibgraph.commands.room import MEMORY_AT_ALL, check_memory
from bibgraph.commands.shared import setting_options, tell
from bibgraph.config import Settings
from bibgraph.errors import BibgraphError, SourceError
from bibgraph.messages import LANGUAGES, click_speaks, message, spoken
from bibgraph.reasons import reason

COMMANDS = {
    "build": "build",
    "check": "check",
    "diff": "diff",
    "export": "export",
    "format": "formatting",
    "import": "importing",
    "load": "load",
    "mcp": "mcp",
    "query": "query",
    "release": "release",
    "report": "report",
    "serve": "serve",
    "sources": "sources",
}
"""Each command and its module in ``bibgraph.commands``, loaded only when the command is asked for."""

LEFT_AT_ONCE = frozenset({"check"})
"""Commands that leave nothing to be tidied up: to free all objects one by one takes a tenth of the time."""

_NO_ROOM = frozenset((errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.ENOSPC))
INTERRUPTED = 130
NOBODY_READS = 141
FAILED = 3


class Surroundings(BibgraphError):
    """The system does not give what the program needs."""

    exit_code = FAILED


class _Commands(Group):
    """Commands that are imported when they are asked for, so that each starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  # click's signature
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"bibgraph.commands.{COMMANDS[cmd_name]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            unknown = message(
                "There is no command {name!r}. The commands are: {commands}.",
                name=args[0],
                commands=", ".join(self.list_commands(ctx)),
            )
            ctx.fail(unknown.text(spoken()))
        return super().resolve_command(ctx, args)


class _OptionOfClick(click.Option):
    """An option whose help click has looked up when this was loaded, before any language was known."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        return record and (record[0], gettext(record[1]))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@setting_options("root", "language")
@click.version_option(__version__, prog_name="bibgraph", cls=_OptionOfClick)
@click.pass_context
def cli(context: click.Context, /, **told: str | None) -> None:
    """Norway's library policy as one linked-data knowledge graph.

    Exit codes: 0 fine; 1 the data has findings; 2 wrong use or unreadable input; 3 the endpoint or the
    environment failed.
    """
    context.ensure_object(dict).update({name: value for name, value in told.items() if value is not None})


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command line (the process's own by default) and end the process with its exit code."""
    _prepare_streams()
    given = sys.argv[1:] if arguments is None else arguments
    language = _language(given)
    with click_speaks(language):
        code = _ended(given, language, may_leave=arguments is None)
    sys.exit(code)


def _ended(arguments: Sequence[str], language: str, *, may_leave: bool) -> int:
    """The exit code, all errors explained. may_leave: whether the process may end at once."""
    try:
        check_memory(MEMORY_AT_ALL)
        code, command = _invoke(arguments)
        if may_leave and command in LEFT_AT_ONCE and not os.environ.get("BIBGRAPH_DEBUG"):
            _leave(code)
    except BrokenPipeError:
        _forget_stdout()
        code = NOBODY_READS
    except (KeyboardInterrupt, click.Abort):
        code = INTERRUPTED
    except click.ClickException as error:
        with suppress(OSError):  # nobody can be told
            error.show()
        code = error.exit_code
    except BibgraphError as error:
        code = _explain(error, language)
    except Exception as error:
        if os.environ.get("BIBGRAPH_DEBUG"):
            raise
        only = _only(error)
        if isinstance(only, BrokenPipeError):
            _forget_stdout()
            code = NOBODY_READS
        else:
            code = _explain(_surroundings(only) or _fault(only), language)
    return code


def _invoke(arguments: Sequence[str]) -> tuple[int, str | None]:
    """The exit code, and the command that was run."""
    # Not click's own ``main``: it would make 1, which means findings, of a pipe that nobody reads.
    command = None
    try:
        with cli.make_context("bibgraph", list(arguments)) as context:
            try:
                cli.invoke(context)
            finally:
                command = context.invoked_subcommand
        code = 0
    except click.exceptions.Exit as ended:
        code = ended.exit_code
    sys.stdout.flush()
    return code, command


def _leave(code: int) -> NoReturn:
    """End the process as it is."""
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def _explain(error: BibgraphError, language: str) -> int:
    tell(error.text(language))
    return error.exit_code


def _fault(error: Exception) -> BibgraphError:
    kind = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Surroundings(
        message(
            "Something failed that should not have: {kind}. Set BIBGRAPH_DEBUG=1 to see where.", kind=kind
        )
    )


def _only(error: Exception) -> Exception:
    """The error that is all there is in groups of errors, as tasks raise them."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _surroundings(error: Exception) -> BibgraphError | None:
    """What the system does not give, whatever the command is; None where it is something else."""
    if isinstance(error, BibgraphError):
        return error
    if isinstance(error, MemoryError):
        return Surroundings(
            message("There is not enough memory."),
            hint=message("Let the program have more: «ulimit -v» shows what it may have."),
        )
    return _of_system(error) if isinstance(error, OSError) else None


def _of_system(error: OSError) -> BibgraphError | None:
    if error.errno in _NO_ROOM:
        _forget_stdout()
        return Surroundings(
            message("The output cannot be written: {reason}.", reason=reason(error)),
            hint=message("Look at where it goes: whether that is open, and has room."),
        )
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return Surroundings(
            message("The system does not let this program have so many files open."),
            hint=message("Let it have more: «ulimit -n 1024», in the same window before you start it."),
        )
    if not _is_somewhere():
        return SourceError(
            message("The current folder is no longer there."), hint=message("Go to another one: cd")
        )
    return None


def _is_somewhere() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, found also where the rest of the command line cannot be understood."""
    choices = [Settings.language, os.environ.get("BIBGRAPH_LANGUAGE")]
    for before, argument in pairwise(("", *takewhile(lambda each: each != "--", arguments))):
        name, _, value = argument.partition("=")
        if name == "--language":
            choices.append(value)
        elif before == "--language":
            choices.append(argument)
    return next(choice for choice in reversed(choices) if choice in LANGUAGES)


def _prepare_streams() -> None:
    """Make files and pipes UTF-8 whatever the locale, and keep terminals from failing on a letter."""
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # rdflib logs a traceback for each ill-typed literal; the checks name them with file and line.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)


def _open_what_is_closed() -> None:
    """Have all three streams: the next file that is opened would take the place of one that is closed.

    What is said on stderr then is lost. What is written to stdout is not taken, which is a failure.
    """
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, flags), True)  # noqa: FBT003  # for processes of ours
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115  # for as long as the program runs
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8")  # noqa: SIM115  # likewise
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8")  # noqa: SIM115  # likewise


def _forget_stdout() -> None:
    """Point stdout nowhere, so that the interpreter's last flush finds no broken pipe."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123  # a device, not a path of ours
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
