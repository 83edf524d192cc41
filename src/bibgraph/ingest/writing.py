"""Files written all together, or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from bibgraph.errors import SourceError
from bibgraph.messages import message


def write_all(root: Path, files: Mapping[str, bytes], emptied: Iterable[str] = ()) -> None:
    """Write the contents under their paths from ``root``, and remove the files ``emptied``.

    All are laid beside their places first, then moved there; if a move fails, those done are undone. Raises
    SourceError where a file cannot be written; then everything is as it was.
    """
    beside: dict[str, Path] = {}
    before: dict[str, bytes | None] = {}
    try:
        for name, content in files.items():
            beside[name] = _lay_beside(root / name, content)
        for name, path in beside.items():
            target = root / name
            before[name] = target.read_bytes() if target.exists() else None
            path.replace(target)
        for name in emptied:
            before[name] = (root / name).read_bytes()
            (root / name).unlink()
    except OSError as error:
        _undo(root, beside, before)
        raise SourceError(
            message("The file cannot be written: {reason}.", reason=error.strerror), where=str(root)
        ) from error


def _lay_beside(target: Path, content: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        path = Path(file.name)
    try:
        path.write_bytes(content)
        path.chmod(mode)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def _undo(root: Path, beside: Mapping[str, Path], before: Mapping[str, bytes | None]) -> None:
    for path in beside.values():
        with suppress(OSError):
            path.unlink(missing_ok=True)
    for name, content in before.items():
        target = root / name
        with suppress(OSError):
            if content is None:
                target.unlink(missing_ok=True)
            else:
                target.write_bytes(content)
