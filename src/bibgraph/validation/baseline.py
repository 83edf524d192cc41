"""What is known to be wrong already, so that only new findings fail: a file of fingerprints."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bibgraph.errors import SourceError
from bibgraph.findings import Finding
from bibgraph.messages import message
from bibgraph.turtle import read_text
from bibgraph.validation.fingerprints import fingerprint

_FORMAT = "bibgraph-baseline/1"
_LONGEST_VALUE = 80


@dataclass(frozen=True)
class Compared:
    """Findings against a baseline: the new ones, how many are known, how many known ones are gone."""

    new: Sequence[Finding]
    known: int
    fixed: int


def write_baseline(findings: Sequence[Finding]) -> str:
    """The text of a baseline file that knows all ``findings``: JSON, one entry for equal ones, sorted."""
    entries: dict[str, dict[str, object]] = {}
    for finding in findings:
        print_ = fingerprint(finding)
        entry = entries.setdefault(print_, {**_told(finding), "fingerprint": print_, "count": 0})
        entry["count"] = int(str(entry["count"])) + 1
    listed = sorted(entries.values(), key=lambda entry: [str(value) for value in entry.values()])
    return json.dumps({"format": _FORMAT, "findings": listed}, ensure_ascii=False, indent=2) + "\n"


def read_baseline(path: Path) -> Mapping[str, int]:
    """How often each fingerprint is known. Raises SourceError for a file that is missing or none of ours."""
    name = path.as_posix()
    hint = message("Write a new one with --write-baseline {file}.", file=name)
    if not path.is_file():
        raise SourceError(message("There is no such baseline file."), where=name, hint=hint)
    try:
        counted = _counted(json.loads(read_text(path, name=name)))
    except json.JSONDecodeError as error:
        where = f"{name}:{error.lineno}:{error.colno}"
        raise SourceError(message("The baseline file is no JSON."), where=where, hint=hint) from error
    except (KeyError, TypeError, ValueError) as error:
        sentence = message("This is no baseline file of this program.")
        raise SourceError(sentence, where=name, hint=hint) from error
    return counted


def _counted(document: Any) -> Counter[str]:  # noqa: ANN401  # whatever JSON holds; what does not fit is raised
    if document["format"] != _FORMAT:
        raise ValueError(_FORMAT)
    counted: Counter[str] = Counter()
    for entry in document["findings"]:
        counted[_string(entry["fingerprint"])] += _number(entry["count"])
    return counted


def compare(
    findings: Sequence[Finding],
    known: Mapping[str, int],
    failing: Callable[[Finding], bool] = lambda _: True,
) -> Compared:
    """Take the ``known`` findings out of ``findings``; of equal ones, as many as are known.

    failing: of more equal findings than are known, those of which this is true are counted as new first.
    """
    left = dict(known)
    new: dict[int, Finding] = {}
    for number, finding in sorted(enumerate(findings), key=lambda pair: failing(pair[1])):
        print_ = fingerprint(finding)
        if left.get(print_, 0):
            left[print_] -= 1
        else:
            new[number] = finding
    return Compared([new[number] for number in sorted(new)], len(findings) - len(new), sum(left.values()))


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
