"""What is known to be wrong already, so that only new findings fail: a file of fingerprints."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bibgraph.errors import SourceError
from bibgraph.findings import Finding
from bibgraph.messages import message
from bibgraph.turtle import read_text
from bibgraph.validation.fingerprints import fingerprint
from bibgraph.validation.terms import escaped

_FORMAT = "bibgraph-baseline/1"
_LONGEST_VALUE = 80

Entry = dict[str, object]
"""What a baseline file says of equal findings: their fingerprint, how many they are, and some words."""


@dataclass(frozen=True)
class Known:
    """How often each fingerprint is known, and of a finding in which file it is."""

    counts: Mapping[str, int]
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Compared:
    """Findings against a baseline: the new ones, how many are known, how many known ones are gone."""

    new: Sequence[Finding]
    known: int
    fixed: int


def write_baseline(findings: Sequence[Finding], kept: Iterable[Entry] = ()) -> str:
    """The text of a baseline file that knows all ``findings``: JSON, one entry for equal ones, sorted.

    kept: entries of an older file that still hold.
    """
    entries: dict[str, Entry] = {}
    for finding in findings:
        print_ = fingerprint(finding)
        entry = entries.setdefault(print_, {**_told(finding), "fingerprint": print_, "count": 0})
        entry["count"] = int(str(entry["count"])) + 1
    for entry in kept:
        entries.setdefault(str(entry["fingerprint"]), dict(entry))
    listed = sorted(entries.values(), key=lambda entry: [str(value) for value in entry.values()])
    document = {"format": _FORMAT, "findings": listed}
    return escaped(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def read_baseline(path: Path) -> Known:
    """What a baseline file knows. Raises SourceError for a file that is missing or none of ours."""
    counted: Counter[str] = Counter()
    files: dict[str, str] = {}
    for entry in read_entries(path):
        print_ = _string(entry["fingerprint"])
        counted[print_] += _number(entry["count"])
        files[print_] = str(entry.get("file", ""))
    return Known(counted, files)


def read_entries(path: Path) -> Sequence[Entry]:
    """The entries of a baseline file. Raises SourceError for a file that is missing or none of ours."""
    name = path.as_posix()
    hint = message("Write a new one with --write-baseline {file}.", file=name)
    if not path.is_file():
        raise SourceError(message("There is no such baseline file."), where=name, hint=hint)
    try:
        return _entries(json.loads(read_text(path, name=name)))
    except json.JSONDecodeError as error:
        where = f"{name}:{error.lineno}:{error.colno}"
        raise SourceError(message("The baseline file is no JSON."), where=where, hint=hint) from error
    except (KeyError, TypeError, ValueError) as error:
        sentence = message("This is no baseline file of this program.")
        raise SourceError(sentence, where=name, hint=hint) from error


def _entries(document: Any) -> Sequence[Entry]:  # noqa: ANN401  # whatever JSON holds; what does not fit is raised
    if document["format"] != _FORMAT:
        raise ValueError(_FORMAT)
    entries: list[Entry] = [dict(entry) for entry in document["findings"]]
    for entry in entries:
        _string(entry["fingerprint"])
        _number(entry["count"])
    return entries


def compare(
    findings: Sequence[Finding],
    known: Known,
    failing: Callable[[Finding], bool] = lambda _: True,
) -> Compared:
    """Take the ``known`` findings out of ``findings``; of equal ones, as many as are known.

    A finding about a thing is also known if it was found in another file, and is there no longer: things move
    with their files. failing: of more equal findings than are known, those of which this is true are counted
    as new first.
    """
    left = dict(known.counts)
    in_turn = sorted(enumerate(findings), key=lambda pair: failing(pair[1]))
    new = {number: finding for number, finding in in_turn if not _taken(left, fingerprint(finding))}
    files = {known.files.get(print_, "") for print_, count in left.items() if count} - {""}
    for number, finding in [*new.items()] if files else ():
        elsewhere = (fingerprint(replace(finding, file=file)) for file in files if finding.thing)
        if any(_taken(left, print_) for print_ in elsewhere):
            del new[number]
    return Compared([new[number] for number in sorted(new)], len(findings) - len(new), sum(left.values()))


def _taken(left: dict[str, int], print_: str) -> bool:
    """Whether there is one of these left, which then is no more."""
    if not left.get(print_, 0):
        return False
    left[print_] -= 1
    return True


def _told(finding: Finding) -> dict[str, object]:
    value = finding.value
    return {
        "file": finding.file,
        "thing": "_:" if finding.thing.startswith("_:") else finding.thing,
        "rule": finding.rule,
        "component": finding.component.rpartition("#")[2],
        "path": finding.path,
        "value": value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…",
    }


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(str(value))
    return value
