"""What is checked: the files by kind, read, and the rules that apply to them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from bibgraph.checking.graphs import Graphs
from bibgraph.errors import SourceError
from bibgraph.messages import message
from bibgraph.repository import KINDS, Repository, SourceFile
from bibgraph.selection import Patterns
from bibgraph.turtle import SUFFIXES, read_content, read_quads
from bibgraph.validation import ReadFile, Rule, asks_for_files, read_rules

READABLE = SUFFIXES
"""The endings of files that patterns and folders give."""


@dataclass(frozen=True)
class World:
    """What is checked.

    files: read files by kind ("ontology", "data", "shapes"). rules: lint rules. partial: the data are not all
    there is. repository: the project whose own rules apply, None elsewhere. left_out: names of the files
    about which findings are not wanted.
    """

    files: Mapping[str, tuple[ReadFile, ...]]
    rules: tuple[Rule, ...]
    partial: bool
    repository: Repository | None = None
    left_out: frozenset[str] = frozenset()

    @cached_property
    def graphs(self) -> Graphs:
        """The statements of all files, to be asked."""
        own = self.repository is not None
        return Graphs(self.files, each_file=own or asks_for_files(self.rules))

    def quads(self, *kinds: str) -> list[ox.Quad]:
        """The quads of all files of these kinds."""
        return [quad for kind in kinds for read in self.files[kind] for quad in read.quads]


@dataclass(frozen=True)
class Moved:
    """A copy of a folder, as it was at another time, that stands for the folder."""

    folder: Path
    copy: Path

    def back(self, path: Path) -> Path:
        """What ``path``, if in the copy, is in the folder itself."""
        return self.folder / path.relative_to(self.copy) if path.is_relative_to(self.copy) else path

    def there(self, path: Path) -> Path:
        """What ``path``, if in the folder, is in the copy."""
        whole = path.resolve()
        return self.copy / whole.relative_to(self.folder) if whole.is_relative_to(self.folder) else path


@dataclass(frozen=True)
class Checked:
    """What is to be checked, now and as it was.

    root: what names of files are counted from. now: the world of the files as they are. then: that of a copy
    of the work tree as it was, and partial if that of now is; what cannot be read there counts as not there.
    names: paths of the files that matter now. concerns: whether a file of the work tree, by its path there,
    matters, or may have.
    """

    root: Path
    now: Callable[[], World]
    then: Callable[[Moved, bool], World]
    names: Callable[[], Iterable[Path]]
    concerns: Callable[[Path], bool]


@dataclass(frozen=True)
class Selection:
    """Files of any folder to be checked, by kind; lint holds files or folders of more lint queries.

    root: the folder that names of files are counted from.
    """

    root: Path
    data: Patterns
    shapes: Patterns
    ontology: Patterns
    lint: Patterns
    exclude: Patterns

    @property
    def all(self) -> tuple[Patterns, ...]:
        """All patterns, those to exclude last."""
        return self.data, self.shapes, self.ontology, self.lint, self.exclude

    def moved(self, old: Path, new: Path) -> Selection:
        """The same in a copy of the folder ``old`` that lies in ``new``."""
        return Selection(self.root, *(each.moved(old, new) for each in self.all))


def project(
    repository: Repository,
    paths: Sequence[Path] = (),
    *,
    more_rules: Sequence[Path] = (),
    moved: Moved | None = None,
) -> World:
    """The project; of ``paths``, those among its data narrow the findings, others stand for its data.

    moved: as for ``elsewhere``. Raises SourceError for what cannot be read, QueryError for a lint query with
    a wrong header.
    """
    rules = (*read_rules(repository.lint), *read_rules(more_rules, own=False))
    read = {kind: _project_files(repository, kind, moved) for kind in KINDS}
    whole = World(read, rules, partial=False, repository=repository)
    return _narrowed(whole, repository.data, paths, moved)


def elsewhere(
    selection: Selection,
    builtin: Sequence[Path],
    paths: Sequence[Path] = (),
    *,
    moved: Moved | None = None,
) -> World:
    """Files of any folder, with those of the lint rules ``builtin`` that hold for all graphs.

    ``paths`` as for ``project``. moved: the files are read from a copy; then patterns may fit nothing, and
    what does not parse counts as empty. Raises SourceError, QueryError.
    """
    lenient = moved is not None
    there = selection.moved(moved.folder, moved.copy) if moved else selection
    excluded = set(there.exclude.files((*READABLE, ".rq"), lenient=True))
    found = {kind: getattr(there, kind).files(READABLE, lenient=lenient) for kind in KINDS}
    chosen = {kind: [path for path in found[kind] if path not in excluded] for kind in KINDS}
    others = {path.resolve() for kind in ("ontology", "shapes") for path in chosen[kind]}
    chosen["data"] = [path for path in chosen["data"] if found["data"][path] or path.resolve() not in others]
    for kind in KINDS:
        if found[kind] and not chosen[kind] and not lenient:
            raise SourceError(
                message("Of the files for {kind}, none is left.", kind=kind),
                hint=message("They are excluded, or taken as shapes or ontology."),
            )
    named = {
        kind: tuple(_source_file(path, selection.root, moved) for path in chosen[kind]) for kind in KINDS
    }
    rules = [
        replace(rule, severity=rule.elsewhere, partial=rule.partial and min(rule.partial, rule.elsewhere))
        for rule in read_rules(builtin)
        if rule.elsewhere
    ]
    lint = there.lint.files((".rq",), lenient=lenient)
    whole = World(
        {
            kind: tuple(_read(file, lenient=lenient, later=kind == "data") for file in named[kind])
            for kind in KINDS
        },
        (*rules, *read_rules(lint, own=False)),
        partial=False,
    )
    return _narrowed(whole, named["data"], paths, moved)


def _narrowed(world: World, data: Sequence[SourceFile], paths: Sequence[Path], moved: Moved | None) -> World:
    files = _files(paths)
    own = {file.path.resolve(): file for file in data}
    if not files:
        return world
    if all(path.resolve() in own for path in files):
        wanted = {own[path.resolve()].name for path in files}
        return replace(world, left_out=frozenset(file.name for file in data) - wanted)
    given = []
    for path in files:
        known = moved.back(path) if moved else path
        file = SourceFile(path, known.as_posix(), known.resolve().as_uri(), _base(known.as_posix()))
        given.append(_read(file, lenient=moved is not None, later=True))
    return replace(world, files={**world.files, "data": tuple(given)}, partial=True)


def _project_files(repository: Repository, kind: str, moved: Moved | None) -> tuple[ReadFile, ...]:
    files: tuple[SourceFile, ...] = getattr(repository, kind)
    return tuple(_read(file, lenient=moved is not None, later=kind == "data") for file in files)


def _source_file(path: Path, base: Path, moved: Moved | None) -> SourceFile:
    known = Path(os.path.normpath(moved.back(path) if moved else path))
    name = known.relative_to(base).as_posix() if known.is_relative_to(base) else known.as_posix()
    return SourceFile(path, name, known.absolute().as_uri(), _base(name))


def _base(name: str) -> str:
    """What relative IRIs in a file start from (RFC 3986, 5.1.4): on every machine the same."""
    return f"file:///{quote(os.fsencode(name.lstrip('/')))}"


def _read(file: SourceFile, *, lenient: bool, later: bool) -> ReadFile:
    """A file; lenient: empty if it cannot be read; later: perhaps without its quads, which may be many."""
    try:
        if later and not lenient:
            return ReadFile.later(file, read_content(file.path, name=file.name))
        return ReadFile.of(file, read_quads(file.path, name=file.name, graph=file.graph, base=file.base))
    except SourceError:
        if not lenient:
            raise
        return ReadFile.of(file, [])


def _files(paths: Sequence[Path]) -> list[Path]:
    """The RDF files named, and those under folders named. Raises SourceError for a folder without any."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = [path]
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
            if not inside:
                raise SourceError(
                    message("There is no RDF file in this folder."),
                    where=str(path),
                    hint=message("Files that can be read end in {allowed}.", allowed=", ".join(SUFFIXES)),
                )
        found.update(dict.fromkeys(inside))
    return list(found)
