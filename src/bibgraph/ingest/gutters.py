"""Where the columns of a table begin: between rules that go down, else where no words stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, takewhile

from bibgraph.ingest.heads import COMMENT, STATUS, UNITS, WORDING, Heads, columns, is_heading
from bibgraph.ingest.lines import Line, Rule, Sheet, Word

_MOST_LINES = 3
"""The head of a table may stand in so many lines."""
_SAME = 2.5
"""Rules that lie no further apart are the two sides of one."""
_FAR = 100_000.0


@dataclass(frozen=True)
class Head:
    """The head of a table: its labels from left to right, which of them is which, and its lines."""

    labels: tuple[Word, ...]
    order: tuple[int, ...]
    begin: int
    end: int

    @property
    def top(self) -> float:
        """The top of the highest label."""
        return min(label.top for label in self.labels)

    @property
    def bottom(self) -> float:
        """The bottom of the lowest."""
        return max(label.bottom for label in self.labels)


@dataclass(frozen=True)
class Columns:
    """The columns of a table: where each but the first begins, and between which places the table lies.

    order: the places of wording, units, status and comment. walls: the rules that go down between them.
    """

    begins: tuple[float, ...]
    left: float
    right: float
    order: tuple[int, ...]
    walls: tuple[Rule, ...] = ()

    @property
    def ruled(self) -> bool:
        """Whether rules part the columns."""
        return bool(self.walls)

    @property
    def wording(self) -> int:
        """The column of the wording, or that of the number if it has one of its own."""
        return self.order[-1] if len(self.order) > COMMENT + 1 else self.order[WORDING]

    @property
    def answer(self) -> tuple[int, int]:
        """The columns of units and status."""
        return self.order[UNITS], self.order[STATUS]

    def sides(self) -> Iterator[tuple[float, float]]:
        """Where each column begins and ends."""
        yield from pairwise((-_FAR, *self.begins, _FAR))

    def cells(self, line: Line) -> list[str]:
        """The words of a line in their columns."""
        held: list[list[str]] = [[] for _ in range(len(self.begins) + 1)]
        for word in line.words:
            held[bisect_right(self.begins, (word.left + word.right) / 2)].append(word.text)
        return [" ".join(words) for words in held]

    def crossed_by(self, line: Line) -> bool:
        """Whether words of a line go through a place where a column begins, or no wall stands beside it."""
        if self.walls:
            return not any(wall.begin - 1 <= line.middle <= wall.end + 1 for wall in self.walls)
        return any(
            run.left + 1 < begin < run.right - 1 and " " in run.text and not self._is_long(line, begin)
            for run in line.runs()
            for begin in self.begins
        )

    def _is_long(self, line: Line, begin: float) -> bool:
        """Whether one word alone goes through: one that is too long for its column."""
        return any(word.left + 1 < begin < word.right - 1 for word in line.words) and not any(
            begin < word.left < begin + line.height for word in line.words
        )

    def parted_at(self, sheet: Sheet, share: float) -> list[float]:
        """The heights of the rules that go through so much of the table's width."""
        wide = (self.right - self.left) * share
        return [at for at, rules in _clusters(sheet.across) if _covered(rules, self.left, self.right) >= wide]

    def on(self, sheet: Sheet, lines: Sequence[Line]) -> Columns:
        """The same columns where the rules of this page have them, if the page has as many."""
        if not self.ruled or not lines:
            return self
        top, bottom = lines[0].middle, lines[-1].middle
        beside = [rule for rule in sheet.down if rule.begin <= bottom and rule.end >= top]
        found = _clusters(beside)
        if len(found) != len(self.begins) + 2:
            return replace(self, walls=())
        walls = tuple(rule for _, rules in found[1:-1] for rule in rules)
        left, *begins, right = (at for at, _ in found)
        return replace(self, begins=tuple(begins), left=left, right=right, walls=walls)


def find_head(lines: Sequence[Line], at: int, heads: Heads) -> Head | None:
    """The head of a table that begins in a line, if there is one; its labels may be broken into lines."""
    for count in range(1, min(_MOST_LINES, len(lines) - at) + 1):
        together = lines[at : at + count]
        if count > 1 and any(_labels([line], heads)[1] for line in together):
            break  # what stands above a head is no part of it
        labels, order = _labels(together, heads)
        if order:
            taller, same = _labels(lines[at : at + count + 1], heads)
            if at + count < len(lines) and same == order and len(taller) == len(labels):
                return Head(tuple(taller), tuple(order), at, at + count + 1)
            return Head(tuple(labels), tuple(order), at, at + count)
    words = _stacked(lines[at].words)  # the columns may be so narrow that the labels nearly touch
    order = columns([word.text for word in words], heads)
    return Head(tuple(words), tuple(order), at, at + 1) if order and len(order) == len(words) else None


def _labels(lines: Sequence[Line], heads: Heads) -> tuple[list[Word], list[int]]:
    """Lines as labels of columns, and which of them is which; the latter is empty if they are no such."""
    labels = _stacked([run for line in lines for run in line.runs()])
    return labels, columns([label.text for label in labels], heads)


def _stacked(runs: list[Word]) -> list[Word]:
    """Runs that stand one above the other, as one label."""
    labels: list[Word] = []
    for run in sorted(runs, key=lambda each: each.top):
        above = next(
            (at for at, one in enumerate(labels) if one.left < run.right and run.left < one.right), None
        )
        if above is None:
            labels.append(run)
            continue
        one = labels[above]
        joined = one.text[:-1] if one.text.endswith("-") else f"{one.text} "
        labels[above] = Word(
            joined + run.text, min(one.left, run.left), max(one.right, run.right), one.top, run.bottom
        )
    return sorted(labels, key=lambda each: each.left)


def gutters(head: Head, following: Sequence[Line], sheet: Sheet, heads: Heads) -> Columns:
    """The columns under a head; following: the lines after it."""
    crossing = [rule for rule in sheet.down if rule.begin < head.bottom + 1 and rule.end > head.top - 1]
    walls = [at for at, _ in _clusters(crossing)]
    pairs = list(pairwise(head.labels))
    between = [[at for at in walls if a.right - 1 <= at <= b.left + 1] for a, b in pairs]
    edges = [edge for rule in sheet.across for edge in (rule.begin, rule.end)]
    words = [word for line in following for word in line.words]
    left = min(
        [head.labels[0].left, *(edges if between and all(between) else ()), *(word.left for word in words)]
    )
    right = max([head.labels[-1].right, *(word.right for word in words)])
    if all(between):
        begins = tuple(found[0] for found in between)
        beside = tuple(rule for rule in sheet.down if any(abs(rule.at - at) <= _SAME for at in begins))
        return Columns(begins, min(walls), max(walls), head.order, beside)
    table = list(takewhile(lambda line: not is_heading(line.text(), heads), following))
    begins = tuple(_empty(table, a, b) for a, b in pairs)
    return Columns(begins, left, right, head.order)


def _empty(lines: Sequence[Line], before: Word, after: Word) -> float:
    """The place between two labels through which the fewest lines go: the right end of the widest such."""
    first, last = int((before.left + before.right) / 2), int(after.right)
    through = [0] * (last - first + 1)
    for line in lines:
        for word in line.words:
            for at in range(max(int(word.left), first), min(int(word.right), last) + 1):
                through[at - first] += 1
    for at in range(int(after.left), last + 1):
        through[at - first] += len(lines) + 1
    fewest = min(through)
    runs = [
        [at for at, _ in group]
        for free, group in groupby(enumerate(through, first), key=lambda pair: pair[1] == fewest)
        if free
    ]
    widest = max(runs, key=lambda run: (len(run), run[-1]))
    return widest[-1] + 0.5


def _clusters(rules: Sequence[Rule]) -> list[tuple[float, list[Rule]]]:
    """Rules at the same place, or nearly, by the middle of their places."""
    found: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda each: each.at):
        if found and rule.at - found[-1][-1].at <= _SAME:
            found[-1].append(rule)
        else:
            found.append([rule])
    return [(sum(rule.at for rule in group) / len(group), group) for group in found]


def _covered(rules: Sequence[Rule], left: float, right: float) -> float:
    """How much of the way from left to right the rules cover together."""
    reached, total = left, 0.0
    for rule in sorted(rules, key=lambda each: each.begin):
        begin, end = max(rule.begin, reached), min(rule.end, right)
        if end > begin:
            total, reached = total + end - begin, end
    return total
