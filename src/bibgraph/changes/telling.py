"""Changes as sentences, and as data for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bibgraph.changes.comparing import Change, Kind
from bibgraph.messages import LANGUAGES, Message, message

FIELDS = ("kind", "measure", "name", "line", "before", "after", "about", "sentence")
"""The columns of the CSV, and the members of the JSON beside ``words``."""

_NEAR = {"nb": ("nn", "en"), "nn": ("nb", "en"), "en": ("nb", "nn")}


def sentence(change: Change) -> Message:
    """What has changed, without the measure's name."""
    values = {
        "before": change.before or message("nothing"),
        "after": change.after or message("nothing"),
        "about": change.about,
    }
    return Message(_SENTENCES[change.kind].sentence, {**values, "words": marked(change.words)})


_SENTENCES = {
    Kind.MEASURE_NEW: message("New in the report, with the status «{after}»."),
    Kind.MEASURE_MISSING: message("Missing from the report; the status was «{before}»."),
    Kind.REWORDED: message("Reworded: {words}"),
    Kind.CLOSED: message("Newly closed: the status was «{before}» and is now «{after}»."),
    Kind.REOPENED: message("Open again: the status was «{before}» and is now «{after}»."),
    Kind.STATUS: message("The status was «{before}» and is now «{after}»."),
    Kind.STATUS_WORDS: message("The status is worded «{after}», before «{before}»; it means the same."),
    Kind.RESPONSIBLE: message("Responsible was «{before}» and is now «{after}»."),
    Kind.COMMENT: message("The comment has changed: {words}"),
    Kind.PASSED: message("Has happened, as promised for {before} (now reported for {after}): {about}"),
    Kind.MOVED: message("Moved from {before} to {after}: {about}"),
    Kind.NEW: message("New milestone, {after}: {about}"),
    Kind.OVERDUE: message("Overdue, promised for {before} and not reported as done: {about}"),
    Kind.CONTRADICTION: message("Reported as «{before}» although this is still to come, {after}: {about}"),
}


def marked(words: Sequence[tuple[str, str]]) -> str:
    """A word diff in one line: what is gone as ``[-…-]``, what has come as ``{+…+}``."""
    signs = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return " ".join(signs[sign].format(text) for sign, text in words)


def lead(change: Change) -> Message:
    """The sentence without the words of a word diff, for those who show them in another way."""
    return sentence(replace(change, words=()))


@dataclass(frozen=True)
class OfMeasure:
    """All changes of one measure: its IRI, and its label in the language asked for."""

    iri: str
    label: str
    changes: tuple[Change, ...]


def by_line(changes: Sequence[Change], language: str) -> list[tuple[str, list[OfMeasure]]]:
    """The changes by measure, under the labels of their main lines."""
    lines: dict[str, dict[str, list[Change]]] = {}
    for change in changes:
        lines.setdefault(change.subject.line, {}).setdefault(change.subject.iri, []).append(change)
    return [
        (
            _line(next(iter(measures.values()))[0], language),
            [OfMeasure(iri, _label(found[0], language), tuple(found)) for iri, found in measures.items()],
        )
        for measures in lines.values()
    ]


def as_text(changes: Sequence[Change], language: str) -> str:
    """The changes as lines under their main lines and measures."""
    parts = []
    for line, measures in by_line(changes, language):
        lines = [line]
        for measure in measures:
            told = (sentence(change).text(language) for change in measure.changes)
            lines += [f"  {measure.label}", *(f"    - {each}" for each in told)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts or [message("Nothing has changed.").text(language)]) + "\n"


def as_json(changes: Sequence[Change], language: str) -> str:
    """The changes as a JSON list of objects."""
    content = [
        {**_fields(change, language), "words": [list(pair) for pair in change.words]} for change in changes
    ]
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_csv(changes: Sequence[Change], language: str) -> str:
    """The changes as CSV (RFC 4180), a row each."""
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS)
    writer.writeheader()
    writer.writerows(_fields(change, language) for change in changes)
    return out.getvalue()


def _fields(change: Change, language: str) -> dict[str, str]:
    subject = change.subject
    told = sentence(change).text(language)
    values = (
        change.kind.value,
        subject.iri,
        subject.name,
        subject.line,
        change.before,
        change.after,
        change.about,
    )
    return dict(zip(FIELDS, (*values, told), strict=True))


def _line(change: Change, language: str) -> str:
    if not change.subject.line:
        return message("Under no main line").text(language)
    return _in(change.subject.line_labels, language) or change.subject.line


def _label(change: Change, language: str) -> str:
    return _in(change.subject.labels, language) or change.subject.name


def _in(labels: dict[str, str], language: str) -> str:
    return next((labels[each] for each in (language, *_NEAR.get(language, LANGUAGES)) if each in labels), "")
