"""``bibgraph format``: lay out Turtle files in the one layout."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from bibgraph.commands.help import Command, option
from bibgraph.commands.shared import PATH, display_name, say, show, with_settings
from bibgraph.config import Settings
from bibgraph.errors import SourceError
from bibgraph.messages import message
from bibgraph.reasons import reason
from bibgraph.repository import locate
from bibgraph.turtle import canonical, read_text


@click.command("format", cls=Command)
@option(
    "--check", "checking", is_flag=True, help="Change nothing; end with 1 if a file is laid out otherwise."
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=PATH)
@with_settings()
def command(settings: Settings, paths: tuple[Path, ...], *, checking: bool) -> None:
    """Lay out Turtle files in the one layout.

    Those under data/ are taken unless PATHs (files or folders) are given. Names the files that it changed, or
    with --check those that it would change. A file is written whole or not at all, and none is written if one
    of them does not parse.
    """
    root = locate(settings.root)
    files = turtle_files(paths or [root / "data"])
    changed = {}
    for path in files:
        name = display_name(path, root)
        laid_out = canonical(read_text(path, name=name), name=name)
        if laid_out.encode() != path.read_bytes():
            changed[path] = laid_out
    for path, text in changed.items():
        if not checking:
            write(path, text)
        show(display_name(path, root), nl=True)
    if not changed:
        say(message("All {count} files are laid out as they should be.", count=len(files)), settings)
    elif checking:
        say(
            message(
                "{count} of {all} files are laid out otherwise. Put it right with: bibgraph format",
                count=len(changed),
                all=len(files),
            ),
            settings,
        )
        click.get_current_context().exit(1)
    else:
        say(
            message("{count} of {all} files were laid out anew.", count=len(changed), all=len(files)),
            settings,
        )


def turtle_files(paths: Sequence[Path]) -> list[Path]:
    """The Turtle files named by ``paths``, and those anywhere under folders named there; sorted, each once.

    Raises SourceError for a path that is neither, and for a folder without any: nothing looked at is no
    success.
    """
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            inside = [file for file in path.rglob("*.ttl") if file.is_file()]
            if not inside:
                raise SourceError(message("There is no Turtle file (.ttl) in this folder."), where=str(path))
            found.update(inside)
        elif path.exists() and path.suffix != ".ttl":
            raise SourceError(
                message("Only Turtle files, which end in .ttl, can be laid out."), where=str(path)
            )
        else:
            found.add(path)
    return sorted(found)


def write(path: Path, text: str) -> None:
    """Replace the file's content at once: a reader sees the old text or the new, never a part.

    Raises SourceError if the folder or file cannot be written.
    """
    target = path.resolve()
    beside = ""
    try:
        mode = target.stat().st_mode
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            beside = file.name
            file.write(text)
        Path(beside).chmod(mode & 0o777)
        Path(beside).replace(target)
    except OSError as error:
        if beside:
            with suppress(OSError):
                Path(beside).unlink()
        raise SourceError(
            message("The file cannot be written: {reason}.", reason=reason(error)), where=str(path)
        ) from error
