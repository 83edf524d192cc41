"""The settings of a check, from ``bibgraph.toml`` or ``pyproject.toml``.

``bibgraph.toml`` has them in the table ``[check]``, ``pyproject.toml`` in ``[tool.bibgraph.check]``. The
first of these files, from the current folder up to the root of the git repository, is the one; a
``pyproject.toml`` without the table is passed over.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from bibgraph.errors import SettingsError
from bibgraph.messages import Message, message
from bibgraph.suggestions import suggestion
from bibgraph.turtle import read_text

FILES = {"bibgraph.toml": ("check",), "pyproject.toml": ("tool", "bibgraph", "check")}
"""Where settings are looked for in a folder, and the table they are in; the first one wins."""

PATTERNS = ("data", "shapes", "ontology", "lint", "exclude")
SEVERAL = (*PATTERNS, "output")
SINGLE = ("fail-on", "format", "baseline", "language", "engine")
KEYS = (*SEVERAL, *SINGLE)
"""All that can be set, each by the option of the same name too."""


@dataclass(frozen=True)
class Preferences:
    """What a settings file says.

    file: None if there is none. folder: what its paths are counted from. values: by key, a list for keys that
    may have several values.
    """

    file: Path | None = None
    folder: Path = field(default_factory=Path)
    values: Mapping[str, str | tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


Allowed = Mapping[str, Collection[str] | None]
"""The keys that there are, with the values that they may have; None where it could be any."""


def find_preferences(folder: Path, allowed: Allowed) -> Preferences:
    """The settings for checks in ``folder``; without values if there are none.

    Raises SettingsError, naming file and
    key, for a file that is no TOML, an unknown key and a value of the wrong kind.
    """
    for place in (folder, *folder.parents):
        for name in FILES:
            path = place / name
            if path.is_file():
                found = parse_preferences(read_text(path), path, allowed)
                if found:
                    return found
        if (place / ".git").exists():
            break
    return Preferences(folder=folder)


def parse_preferences(text: str, path: Path, allowed: Allowed) -> Preferences | None:
    """What ``text``, the content of ``path``, says; None for a file of other tools without the table."""
    table = FILES[path.name]
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            message("The file is not TOML: {reason}.", reason=str(error).rstrip(".")), where=str(path)
        ) from error
    inner: object = content
    for depth, key in enumerate(table):
        above, inner = inner, inner.get(key) if isinstance(inner, Mapping) else None
        own = len(table) == 1 or depth == len(table) - 1
        if own and isinstance(above, Mapping):
            _check_keys(above, (key,), path)
        if inner is None:
            return Preferences(path, path.parent) if len(table) == 1 else None
    name = ".".join(table)
    if not isinstance(inner, Mapping):
        raise _wrong(path, name, message("a table"))
    _check_keys(inner, allowed, path)
    values = {key: _value(path, key, value, allowed.get(key)) for key, value in inner.items()}
    return Preferences(path, path.parent, MappingProxyType(values))


def _check_keys(table: Mapping[str, object], allowed: Collection[str], path: Path) -> None:
    for key in table:
        if key not in allowed:
            raise SettingsError(
                message("There is no setting named {name}.", name=key),
                where=str(path),
                hint=suggestion(key, allowed),
            )


def _value(path: Path, key: str, value: object, allowed: Collection[str] | None) -> str | tuple[str, ...]:
    if key in SEVERAL:
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) and each for each in values):
            raise _wrong(path, key, message("a text, or a list of texts"))
        return tuple(values)
    if not isinstance(value, str) or not value:
        raise _wrong(path, key, message("a text"))
    if allowed is not None and value not in allowed:
        raise SettingsError(
            message("{name} cannot be {value!r}.", name=key, value=value),
            where=str(path),
            hint=suggestion(value, allowed),
        )
    return value


def _wrong(path: Path, key: str, wanted: Message) -> SettingsError:
    return SettingsError(message("{name} must be {wanted}.", name=key, wanted=wanted), where=str(path))
