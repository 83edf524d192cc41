"""Files named by paths, folders and patterns, expanded here and not by a shell."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bibgraph.errors import SourceError
from bibgraph.messages import message
from bibgraph.suggestions import suggestion
from bibgraph.turtle import SUFFIXES

_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")


@dataclass(frozen=True)
class Patterns:
    """What was asked for: paths of files, folders and patterns, as seen from the folder ``base``.

    ``**`` stands for any folders, ``*`` and ``?`` for parts of a name, ``[ab]`` for one sign, ``{ttl,trig}``
    for either. Hidden files and folders are only met by their names.
    """

    base: Path
    texts: tuple[str, ...] = ()

    def files(self, suffixes: Sequence[str] = SUFFIXES, *, lenient: bool = False) -> dict[Path, bool]:
        """The files, in order, each with whether it was named itself (and not by folder or pattern).

        Folders and patterns give files with one of ``suffixes`` alone. Raises SourceError for what names
        nothing, unless ``lenient``.
        """
        found: dict[Path, bool] = {}
        for text in self.texts:
            inside = list(self._expand(text, suffixes))
            if not inside and not lenient:
                raise self._nothing(text, suffixes)
            for path, named in inside:
                found[path] = found.get(path, False) or named
        return found

    def moved(self, old: Path, new: Path) -> Patterns:
        """The same in a copy of the folder ``old`` that lies in ``new``; what lies elsewhere stays there."""
        texts = tuple(
            str(new / Path(text).relative_to(old))
            if Path(text).is_absolute() and Path(text).is_relative_to(old)
            else text
            for text in self.texts
        )
        base = new / self.base.relative_to(old) if self.base.is_relative_to(old) else self.base
        return Patterns(base, texts)

    def _expand(self, text: str, suffixes: Sequence[str]) -> Iterator[tuple[Path, bool]]:
        literal = self.base / text
        if literal.is_file():
            yield literal, True
            return
        hits = [literal] if literal.is_dir() else sorted(self._hits(text))
        for hit in hits:
            if hit.is_dir():
                yield from ((path, False) for path in _inside(hit, suffixes))
            elif hit.suffix in suffixes:
                yield hit, False

    def _hits(self, text: str) -> set[Path]:
        return {
            self.base / name
            for each in _alternatives(text)
            for name in glob.glob(each, root_dir=self.base, recursive=True)  # noqa: PTH207  # that of Path meets hidden files
        }

    def _nothing(self, text: str, suffixes: Sequence[str]) -> SourceError:
        endings = message("Files that can be read end in {allowed}.", allowed=", ".join(suffixes))
        literal = self.base / text
        if literal.is_dir():
            return SourceError(message("There is no file to read in this folder."), where=text, hint=endings)
        if glob.has_magic(text) or _BRACES.search(text):
            problem = message("No file fits the pattern {pattern}.", pattern=text)
            if any(True for _ in self._hits(text)):
                problem = message("No file that fits the pattern {pattern} can be read.", pattern=text)
            return SourceError(problem, where=str(self.base), hint=endings)
        folder = literal.parent
        beside = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
        return SourceError(
            message("There is no such file or folder."), where=text, hint=suggestion(literal.name, beside)
        )


def _alternatives(text: str) -> Iterator[str]:
    """``a.{x,y}`` as ``a.x`` and ``a.y``."""
    braces = _BRACES.search(text)
    if not braces:
        yield text
        return
    for part in braces[1].split(","):
        yield from _alternatives(text[: braces.start()] + part + text[braces.end() :])


def _inside(folder: Path, suffixes: Iterable[str]) -> list[Path]:
    allowed = set(suffixes)
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in allowed
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
