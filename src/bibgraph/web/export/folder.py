"""The folder of an export: made beside the old one, and put in its place when it is whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bibgraph.errors import SettingsError, SourceError
from bibgraph.messages import message

MARKER = ".bibgraph-export"
"""A file that tells that a folder is an export, so that the next one may take its place."""

_KEPT = (".git", "CNAME")
_PUBLIC = 0o755


@contextmanager
def renewed(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of ``folder`` at the end, unless an error ends it.

    ``folder`` must be missing, empty or a former export; else SettingsError. ``.git`` and ``CNAME`` in it
    stay. Raises SourceError if it cannot be written.
    """
    target = folder.resolve()
    if target.exists() and not _ours(target):
        raise SettingsError(
            message("The folder holds other things than an export; nothing was written."),
            where=str(folder),
            hint=message("Name a folder that is empty, not there yet, or written by an earlier export."),
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as beside:
            made = Path(beside) / "new"
            made.mkdir()
            yield made
            (made / MARKER).touch()
            made.chmod(_PUBLIC)
            _swap(made, target, Path(beside) / "old")
    except OSError as error:
        raise SourceError(
            message("The export cannot be written: {reason}.", reason=error.strerror or error),
            where=str(error.filename or folder),
            hint=message("Name a folder that you may write to."),
        ) from error


def _ours(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    return (folder / MARKER).is_file() or all(path.name in _KEPT for path in folder.iterdir())


def _swap(made: Path, target: Path, old: Path) -> None:
    if target.exists():
        for name in _KEPT:
            if (target / name).exists():
                shutil.move(str(target / name), str(made / name))
        target.rename(old)
    made.rename(target)
