"""The header of a question file: its lines, and what they must and may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bibgraph.errors import QueryError
from bibgraph.messages import LANGUAGES, Message, message
from bibgraph.parameters import RESERVED, Parameter
from bibgraph.suggestions import suggestion

KINDS = ("select", "ask", "construct")

_MARK = "#+"
_LINE = re.compile(r"#\+[ \t]*([A-Za-z-]+)[ \t]*:(.*)")
_PARAMETER = re.compile(r"([a-z][a-z0-9_]*)[ \t]+([a-z][a-z0-9-]*)(?:[ \t]+(\S+))?")
_REQUIRED = ("id", "kind", *(f"{key}-{language}" for key in ("question", "why") for language in LANGUAGES))
_COLUMNS = tuple(f"columns-{language}" for language in LANGUAGES)
_LABELS = tuple(f"labels-{language}" for language in LANGUAGES)
_OPTIONAL = ("tags", "chart", "coded", "choices", "parameter")


@dataclass(frozen=True)
class Header:
    """The values of a header by key, and the lines they stand on; parameters apart, for they may be many."""

    name: str
    values: Mapping[str, str]
    lines: Mapping[str, int]
    parameters: tuple[Parameter, ...]

    def where(self, key: str) -> str:
        """The file and line of a key; of parameters, ``parameter <name>``."""
        return f"{self.name}:{self.lines.get(key, 1)}"

    def by_language(self, key: str) -> dict[str, str]:
        """The values of ``key-nb``, ``key-nn``, ``key-en`` by language."""
        return {language: self.values[f"{key}-{language}"] for language in LANGUAGES}

    def columns(self) -> dict[str, dict[str, str]]:
        """By language, the headings by variable; empty for questions that have no columns.

        Raises QueryError if a line is malformed or names other variables than the first.
        """
        return {key.removeprefix("columns-"): self._pairs(key) for key in _COLUMNS if key in self.values}

    def labels(self) -> dict[str, dict[str, str]]:
        """By language, what the parameters are called, by name; empty without such lines.

        Raises QueryError if a line is malformed or names what is no parameter.
        """
        found = {key.removeprefix("labels-"): self._pairs(key) for key in _LABELS if key in self.values}
        known = [parameter.name for parameter in self.parameters]
        for language, labels in found.items():
            if sorted(labels) != sorted(known):
                raise QueryError(
                    message(
                        "The labels are not those of the parameters: {labels}; there are {parameters}.",
                        labels=", ".join(labels),
                        parameters=", ".join(known) or "–",
                    ),
                    where=self.where(f"labels-{language}"),
                )
        return found

    def listed(self, key: str) -> tuple[str, ...]:
        """The members of a value with commas."""
        return tuple(part.strip() for part in self.values.get(key, "").split(",") if part.strip())

    def _pairs(self, key: str) -> dict[str, str]:
        pairs: dict[str, str] = {}
        for part in self.listed(key):
            name, _, text = (side.strip() for side in part.partition("="))
            if not name or not text or name in pairs:
                raise _no_pair(key, part, where=self.where(key))
            pairs[name] = text
        return pairs


def _no_pair(key: str, part: str, where: str) -> QueryError:
    if key in _LABELS:
        return QueryError(
            message("«{part}» is no label.", part=part),
            where=where,
            hint=message("Write each parameter once, with its label: date=På datoen, unit=Enhet"),
        )
    return QueryError(
        message("«{part}» is no column.", part=part),
        where=where,
        hint=message("Write each variable once, with its heading: measure=Tiltak, number=Nr"),
    )


def read_header(text: str, name: str) -> Header:
    """The header of a question file. Raises QueryError with file and line for whatever it must not be."""
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    parameters: list[Parameter] = []
    for number, key, value in _lines(text, name):
        _refuse_key(key, value, lines, where=f"{name}:{number}")
        if key == "parameter":
            parameters.append(_parameter(value, parameters, where=f"{name}:{number}"))
            lines[f"parameter {parameters[-1].name}"] = number
        else:
            values[key], lines[key] = value, number
    header = Header(name, values, lines, tuple(parameters))
    _refuse_incomplete(header)
    return header


def _lines(text: str, name: str) -> Iterable[tuple[int, str, str]]:
    """Number, key and value of each line of the header, which ends where the query begins."""
    begun = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith(_MARK):
            begun = begun or not (line.startswith("#") or not line.strip())
            continue
        match = _LINE.fullmatch(line)
        if begun or not match:
            problem = (
                message("This line of the header comes after the query begins.")
                if begun
                else message("This is no line of a header.")
            )
            raise QueryError(
                problem,
                where=f"{name}:{number}",
                hint=message("Put lines «#+ key: value» first in the file."),
            )
        yield number, match[1], match[2].strip()


def _refuse_key(key: str, value: str, lines: Mapping[str, int], where: str) -> None:
    known = (*_REQUIRED, *_COLUMNS, *_LABELS, *_OPTIONAL)
    if key not in known:
        raise QueryError(
            message("The header has no key «{key}».", key=key), where=where, hint=suggestion(key, known)
        )
    if key in lines:
        raise QueryError(
            message("«{key}» is stated already, in line {line}.", key=key, line=lines[key]), where=where
        )
    if not value:
        raise QueryError(message("«{key}» has no value.", key=key), where=where)


def _parameter(value: str, before: Iterable[Parameter], where: str) -> Parameter:
    match = _PARAMETER.fullmatch(value)
    if not match:
        raise QueryError(
            message("«{value}» is no parameter.", value=value),
            where=where,
            hint=message("Write its name, its type and, if there is one, its default: date date latest"),
        )
    if match[1] in (parameter.name for parameter in before):
        raise QueryError(message("The parameter «{name}» is stated already.", name=match[1]), where=where)
    if match[1] in RESERVED:
        raise QueryError(
            message("A parameter cannot be called «{name}»: addresses need the name.", name=match[1]),
            where=where,
            hint=message("Taken are: {taken}.", taken=", ".join(RESERVED)),
        )
    return Parameter(match[1], match[2], match[3])


def _refuse_incomplete(header: Header) -> None:
    kind = header.values.get("kind", "")
    if kind and kind not in KINDS:
        raise QueryError(
            message("A question cannot be of the kind «{kind}».", kind=kind),
            where=header.where("kind"),
            hint=suggestion(kind, KINDS),
        )
    labelled = any(key in header.values for key in _LABELS)
    required = (*_REQUIRED, *(_COLUMNS if kind == "select" else ()), *(_LABELS if labelled else ()))
    missing = [key for key in required if key not in header.values]
    if missing:
        raise QueryError(
            message("The header lacks {missing}.", missing=", ".join(missing)),
            where=f"{header.name}:1",
            hint=_example(missing[0]),
        )
    needless = [key for key in _COLUMNS if key in header.values and kind != "select"]
    if needless:
        raise QueryError(
            message("A question of the kind «{kind}» has no columns.", kind=kind),
            where=header.where(needless[0]),
        )


def _example(key: str) -> Message:
    return message("Add a line that begins with: {line}", line=f"{_MARK} {key}: ")
