"""What ``bibgraph check`` is to look at: the project, or any files, as options and settings say."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from bibgraph.checking import Checked, Moved, Selection, World, elsewhere, project
from bibgraph.commands.help import Command, option
from bibgraph.config import Settings
from bibgraph.errors import BibgraphError, SettingsError
from bibgraph.messages import LANGUAGES, message
from bibgraph.preferences import KEYS, PATTERNS, Preferences, find_preferences, parse_preferences
from bibgraph.repository import FOLDERS, Repository, general_rules, locate
from bibgraph.selection import Patterns
from bibgraph.turtle import SUFFIXES

if TYPE_CHECKING:
    from bibgraph.revision import Revision

_NOTED = "bibgraph.preferences"
_RULES = (".rq",)
_FOREIGN = ("data", "shapes", "ontology")


@dataclass(frozen=True)
class Scope:
    """What is asked for: patterns by kind, and which of them come from the settings file."""

    patterns: Mapping[str, tuple[str, ...]]
    from_file: frozenset[str]
    preferences: Preferences
    allowed: Mapping[str, Any]

    def checked(self, settings: Settings, paths: Sequence[Path]) -> Checked:
        """The world to be checked, for ``paths`` or for all.

        Raises SettingsError for options that exclude each other, and what reading raises.
        """
        foreign = [kind for kind in _FOREIGN if self.patterns[kind]]
        told = [kind for kind in foreign if kind not in self.from_file]
        if settings.root is not None and told:
            raise SettingsError(
                message("--root and --{option} exclude each other.", option=told[0]),
                hint=message("--root is for the project that has folders for all it needs."),
            )
        if foreign and settings.root is None:
            return self._of_files(paths)
        if self.patterns["exclude"]:
            raise SettingsError(message("exclude has a meaning only where data or shapes are named."))
        return self._of_project(Repository(locate(settings.root)), paths)

    def _of_project(self, repository: Repository, paths: Sequence[Path]) -> Checked:
        root = repository.root.resolve()
        lint = self._patterns("lint", self.preferences)

        def then(moved: Moved, partial: bool) -> World:  # noqa: FBT001  # as `Checked` has it
            copy = moved.there(root)
            for folder in FOLDERS:
                (copy / folder).mkdir(parents=True, exist_ok=True)
            rules = lint.moved(moved.folder, moved.copy).files(_RULES, lenient=True)
            return project(
                Repository(copy), _there(paths, moved) if partial else (), more_rules=list(rules), moved=moved
            )

        def names() -> Iterator[Path]:
            for folder in FOLDERS:
                yield from (path for path in (root / folder).rglob("*") if path.is_file())
            yield from (path for path in (*map(Path.absolute, paths), *lint.files(_RULES)) if path.is_file())

        return Checked(
            root,
            lambda: project(repository, paths, more_rules=list(lint.files(_RULES))),
            then,
            names,
            lambda path: (
                any(path.is_relative_to(root / folder) for folder in FOLDERS)
                or path.suffix in (*SUFFIXES, *_RULES)
            ),
        )

    def _of_files(self, paths: Sequence[Path]) -> Checked:
        preferences, rules = self.preferences, general_rules()
        # Without data named otherwise, the paths are all the data there are.
        data = self.patterns["data"] or tuple(map(str, paths))
        within = paths if self.patterns["data"] else ()

        def selection(told: Preferences, patterns: Mapping[str, tuple[str, ...]]) -> Selection:
            chosen = {**patterns, "data": data if "data" not in self.from_file else patterns["data"]}
            each = {kind: self._patterns(kind, told, chosen) for kind in PATTERNS}
            return Selection(preferences.folder if preferences.file else Path.cwd(), **each)

        now = selection(preferences, self.patterns)

        def then(moved: Moved, partial: bool) -> World:  # noqa: FBT001  # as `Checked` has it
            before = self._before(moved)
            return elsewhere(
                selection(*before) if before else now,
                rules,
                _there(within, moved) if partial else (),
                moved=moved,
            )

        def names() -> Iterator[Path]:
            for each in now.all[:-1]:
                found = each.files((*SUFFIXES, *_RULES), lenient=True)
                yield from (Path(os.path.normpath(path.absolute())) for path in found)
            yield from (path.absolute() for path in paths if path.is_file())
            if preferences.file:
                yield preferences.file

        return Checked(
            now.root,
            lambda: elsewhere(now, rules, within),
            then,
            names,
            lambda path: path.suffix in (*SUFFIXES, *_RULES) or path == preferences.file,
        )

    def _patterns(
        self,
        kind: str,
        preferences: Preferences,
        patterns: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Patterns:
        base = preferences.folder if kind in self.from_file else Path.cwd()
        return Patterns(base, (patterns or self.patterns)[kind])

    def _before(self, moved: Moved) -> tuple[Preferences, dict[str, tuple[str, ...]]] | None:
        """Settings and patterns as they were, if the settings file was another then."""
        file = self.preferences.file
        if file is None or not file.is_relative_to(moved.folder):
            return None
        old = moved.there(file)
        try:
            text = old.read_text(encoding="utf-8") if old.is_file() else ""
            found = parse_preferences(text, file, self.allowed) if text else None
        except (BibgraphError, UnicodeDecodeError):
            found = None
        values = found.values if found else {}
        patterns = dict(self.patterns)
        for kind in self.from_file.intersection(PATTERNS):
            patterns[kind] = tuple(values.get(kind, ()))
        return self.preferences, patterns


class Configured(Command):
    """A command whose options have their defaults from a settings file, which an argument wins over."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401  # as click has it
    ) -> click.Context:
        """The context of the command, its defaults those of the settings file."""
        if "--help" in args or "-h" in args:
            return super().make_context(info_name, args, parent, **extra)
        preferences = find_preferences(Path.cwd(), self.settable())
        told = parent.obj if parent is not None and isinstance(parent.obj, dict) else {}
        defaults = {}
        for key, value in preferences.values.items():
            name = self._options()[key].name
            if key == "language" and (told.get("language") or os.environ.get("BIBGRAPH_LANGUAGE")):
                continue
            defaults[str(name)] = _located(key, value, preferences.folder)
        context = super().make_context(info_name, args, parent, default_map=defaults, **extra)
        context.meta[_NOTED] = preferences
        return context

    def settable(self) -> dict[str, Sequence[str] | None]:
        """The keys of a settings file that this command has options for, and their values where few."""
        options = self._options()
        return {key: _choices(key, options[key]) for key in KEYS if key in options}

    def _options(self) -> dict[str, click.Parameter]:
        return {option.removeprefix("--"): each for each in self.params for option in each.opts}


def scope_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a ``Configured`` command the options on what to look at, and hand it ``scope`` and ``changed``."""

    @wraps(function)
    def wrapped(changed: str | None, **rest: Any) -> Any:  # noqa: ANN401  # click hands over whatever there is
        context = click.get_current_context()
        preferences = context.meta.get(_NOTED) or Preferences(folder=Path.cwd())
        patterns = {kind: tuple(rest.pop(kind)) for kind in PATTERNS}
        from_file = frozenset(
            kind for kind in PATTERNS if context.get_parameter_source(kind) is ParameterSource.DEFAULT_MAP
        )
        command = context.command
        allowed = command.settable() if isinstance(command, Configured) else {}
        scope = Scope(patterns, from_file, preferences, allowed)
        return function(scope=scope, changed=changed, **rest)

    decorated: Callable[..., Any] = wrapped
    for each in _OPTIONS:
        decorated = each(decorated)
    return decorated


def find_revision(checked: Checked, name: str) -> Revision:
    """The revision of this name of the repository that the checked files are in."""
    from bibgraph.revision import Revision  # noqa: PLC0415  # what runs other programs is slow to load

    return Revision.find(checked.root, name)


def _several(name: str, metavar: str, help_: str) -> Callable[..., Any]:
    return option(f"--{name}", metavar=metavar, multiple=True, help=help_)


_OPTIONS = (
    option(
        "--changed",
        metavar="REVISION",
        help="Report only what the changes since this git revision touch or break.",
    ),
    _several("exclude", "PATTERN", "Leave these files out."),
    _several("lint", "PATTERN", "Files or folders with more lint queries (.rq)."),
    _several("ontology", "PATTERN", "The ontology that data and shapes use."),
    _several("shapes", "PATTERN", "The shapes to check with; then the project is left out of it."),
    _several(
        "data",
        "PATTERN",
        "Check these files in place of the project: files, folders, patterns such as 'data/**/*.ttl'. "
        "May be given several times, as the four that follow.",
    ),
)


def _choices(key: str, option: click.Parameter) -> Sequence[str] | None:
    if key == "language":
        return LANGUAGES
    return tuple(map(str, option.type.choices)) if isinstance(option.type, click.Choice) else None


def _located(key: str, value: str | tuple[str, ...], folder: Path) -> str | tuple[str, ...]:
    """Paths of a settings file as seen from the current folder; patterns are expanded where they are from."""
    if folder == Path.cwd():
        return value
    if key == "baseline":
        return str(folder / str(value))
    if key == "output":
        parts = (each.partition("=") for each in value)
        return tuple(f"{form}{mark}{folder / file if file else ''}" for form, mark, file in parts)
    return value


def _there(paths: Iterable[Path], moved: Moved) -> list[Path]:
    """The paths in the copy; of folders only those that there were."""
    return [moved.there(path) for path in paths if moved.there(path).exists() or not path.is_dir()]
