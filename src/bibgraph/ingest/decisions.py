"""What people decide of rows that are matched to no measure, in a TOML file that is written and read back."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from bibgraph.errors import SourceError
from bibgraph.ingest.matching import Match
from bibgraph.ingest.vocabulary import Measure, Vocabulary
from bibgraph.messages import LANGUAGES, message
from bibgraph.namespaces import THINGS
from bibgraph.turtle import read_text

NEW = "new"
_LANGUAGE = "nb"
"""The remarks in the file are in the language of the reports."""
_HOW = message('"14", "ii-03" …, or "new" with a label in nb, and in nn and en if you can')


@dataclass(frozen=True)
class Decision:
    """What a row is: the name of a measure, or ``new`` with labels by language; empty if undecided."""

    wording: str
    measure: str
    labels: dict[str, str]


def template(undecided: Iterable[Match]) -> str:
    """The text of a file in which the rows can be decided; each with why, and with the nearest measures."""
    return "\n".join(_entry(match) for match in undecided)


def read_decisions(path: Path) -> dict[str, Decision]:
    """The decisions by the rows' names. Raises SourceError for a file that is not what ``template`` makes."""
    text = read_text(path)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(
            message("The file is not TOML: {reason}.", reason=error), where=str(path)
        ) from error
    decisions = {}
    for name, entry in content.items():
        labels = entry.get("label", {}) if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(labels, dict):
            raise SourceError(
                message("«{name}» is no table with a measure.", name=name),
                where=str(path),
                hint=message("Let the import write the file anew, and fill it in."),
            )
        texts = {
            language: str(labels[language]).strip()
            for language in LANGUAGES
            if str(labels.get(language, "")).strip()
        }
        decisions[name] = Decision(
            str(entry.get("wording", "")), str(entry.get("measure", "")).strip(), texts
        )
    return decisions


def decide(
    matches: list[Match], decisions: dict[str, Decision], vocabulary: Vocabulary, strategy: str, path: Path
) -> tuple[list[Match], dict[str, dict[str, str]]]:
    """The matches with what was decided, and the labels of new measures by IRI.

    Raises SourceError for a decision that cannot be: of a row that needs none or reads otherwise now, for a
    measure that is not there, and for a new one without a label in bokmål.
    """
    rows = {match.name: match for match in matches}
    known = {measure.name: measure for measure in vocabulary.measures if measure.strategy == strategy}
    labels: dict[str, dict[str, str]] = {}
    made = dict(rows)
    for name, decision in decisions.items():
        if not decision.measure:
            continue
        match = rows.get(name)
        if match is None or decision.wording != match.wording:
            raise _refused(path, name, "stale")
        if decision.measure == NEW:
            if not decision.labels.get("nb"):
                raise _refused(path, name, "label")
            measure = _new_measure(match, known, strategy)
            labels[measure.iri] = decision.labels
            known[measure.name] = measure
        elif decision.measure in known:
            measure = known[decision.measure]
        else:
            raise _refused(path, name, "unknown")
        made[name] = replace(match, measure=measure, problem=None)
    return [made[match.name] for match in matches], labels


def _new_measure(match: Match, known: dict[str, Measure], strategy: str) -> Measure:
    """A measure for the row: under its number, or the next free place of its part."""
    row = match.row
    sign = match.name.partition("-")[0]
    place = 1 + max((int(name.partition("-")[2]) for name in known if name.startswith(f"{sign}-")), default=0)
    key = "" if row.number else f"{sign}-{place:02}"
    home = THINGS["measure/"] + strategy.rpartition("/")[2] + "/"
    return Measure(
        home + (key or str(row.number)), strategy, row.number, key, match.wording, row.part, row.line
    )


def _refused(path: Path, name: str, reason: str) -> SourceError:
    sentences = {
        "stale": message("There is no such row, or it reads otherwise than when it was decided."),
        "label": message("A new measure needs a label in bokmål."),
        "unknown": message("There is no measure of that name."),
    }
    hints = {
        "stale": message("Let the import write the file anew, and fill it in."),
        "label": message('Write it as: label.nb = "…"'),
        "unknown": message("Give a number or key such as 14 or ii-03, or write: new"),
    }
    return SourceError(sentences[reason], where=f"{path}: {name}", hint=hints[reason])


def _entry(match: Match) -> str:
    lines = [f"[{json.dumps(match.name, ensure_ascii=False)}]"]
    if match.problem:
        lines.append(f"# {match.problem.text(_LANGUAGE)}")
    for measure, score in match.candidates:
        lines.append(f"# {score:.0f} %: {measure.name}: {measure.text}")
    lines += [
        f"wording = {json.dumps(match.wording, ensure_ascii=False)}",
        f"# {_HOW.text(_LANGUAGE)}",
        'measure = ""',
        'label.nb = ""',
        'label.nn = ""',
        'label.en = ""',
    ]
    return "\n".join(lines) + "\n"
