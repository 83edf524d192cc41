"""Which measure each row speaks of: by number and wording, never by guess."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from bibgraph.ingest.table import Row, Table
from bibgraph.ingest.vocabulary import Measure, Vocabulary
from bibgraph.messages import Message, message

SAME = 97.0
"""From this likeness on (0 to 100) a wording is that of the measure; below it has been reworded."""
NUMBERED = 60.0
"""What a wording needs where the number is that of the measure."""
UNNUMBERED = 75.0
"""What it needs where no number is printed."""
LEAD = 10.0
"""How far the best must be before the second."""
_CANDIDATES = 3


@dataclass(frozen=True)
class Match:
    """A row with its name and its measure; without one, why not. score: likeness of wordings, 0 to 100."""

    row: Row
    name: str
    wording: str
    measure: Measure | None
    score: float
    candidates: tuple[tuple[Measure, float], ...]
    problem: Message | None = None

    @property
    def reworded(self) -> bool:
        """Whether the report has other words than the measure; line ends and hyphens are no words."""
        return self.measure is not None and _letters(self.wording) != _letters(self.measure.text)


def match_rows(table: Table, vocabulary: Vocabulary, strategy: str) -> list[Match]:
    """A match for each row, in order. A measure that two rows lay claim to is given to neither."""
    measures = [measure for measure in vocabulary.measures if measure.strategy == strategy]
    names = row_names(table, vocabulary)
    matches = [_match(row, name, table, measures) for row, name in zip(table.rows, names, strict=True)]
    for match in matches:
        if match.measure and match.row.line_unsure:
            match.row.line = match.measure.line
    claims = Counter(match.measure.iri for match in matches if match.measure)
    return [
        _disputed(match) if match.measure and claims[match.measure.iri] > 1 else match for match in matches
    ]


def _letters(text: str) -> str:
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


def row_names(table: Table, vocabulary: Vocabulary) -> list[str]:
    """What each row is called: its number; else the sign of its part and its place there, ``ii-03``."""
    signs = {iri: notation for notation, iri in vocabulary.of("notation").items()}
    places: Counter[str] = Counter()
    names = []
    for row in table.rows:
        if row.number:
            names.append(str(row.number))
            continue
        places[row.part] += 1
        names.append(f"{signs.get(row.part, '0')}-{places[row.part]:02}")
    return names


def without_number(text: str, row: Row) -> str:
    """The wording without the number that is printed before it."""
    return text.removeprefix(f"{row.number}.").lstrip() if row.number else text


def _match(row: Row, name: str, table: Table, measures: Iterable[Measure]) -> Match:
    wording = without_number(table.words(row.wording), row)
    scored = sorted(
        (
            (max(fuzz.ratio(wording, known) for known in measure.wordings), measure)
            for measure in measures
            if bool(measure.number) == bool(row.number)
        ),
        key=lambda pair: -pair[0],
    )
    candidates = tuple((measure, score) for score, measure in scored[:_CANDIDATES])
    if row.number:
        return _by_number(Match(row, name, wording, None, 0.0, candidates), scored)
    best, second = (scored[0][0] if scored else 0.0), (scored[1][0] if len(scored) > 1 else 0.0)
    if best >= UNNUMBERED and best - second >= LEAD:
        return Match(row, name, wording, scored[0][1], best, candidates)
    problem = (
        message("Two measures are alike: decide which it is.")
        if best >= UNNUMBERED
        else message("No measure is known by this wording.")
    )
    return Match(row, name, wording, None, best, candidates, problem)


def _by_number(open_match: Match, scored: list[tuple[float, Measure]]) -> Match:
    row, best = open_match.row, scored[0] if scored else None
    found = next(((score, measure) for score, measure in scored if measure.number == row.number), None)
    if found is None:
        problem = message("No measure is known by the number {number}.", number=row.number)
    elif best and best[1] is not found[1] and best[0] - found[0] >= LEAD:
        problem = message(
            "The number is that of measure {number}, but the wording is like measure {other}.",
            number=row.number,
            other=best[1].name,
        )
    elif found[0] < NUMBERED:
        problem = message("The wording is too unlike that of measure {number}.", number=row.number)
    else:
        return Match(row, open_match.name, open_match.wording, found[1], found[0], open_match.candidates)
    score = found[0] if found else best[0] if best else 0.0
    return Match(row, open_match.name, open_match.wording, None, score, open_match.candidates, problem)


def _disputed(match: Match) -> Match:
    problem = message("Two rows are matched to the same measure: decide which it is.")
    return Match(match.row, match.name, match.wording, None, match.score, match.candidates, problem)
