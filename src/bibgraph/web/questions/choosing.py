"""What the forms of ready questions offer out of the graph: things that have an answer, days of reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.catalogue import Question
from bibgraph.describe import Describer, Row, select, value_of
from bibgraph.graph import Graph
from bibgraph.namespaces import THINGS
from bibgraph.web.parts.kinds import kinds
from bibgraph.web.parts.ordering import alphabetical

_MOST_NEAR = 12


@dataclass(frozen=True)
class Choice:
    """Something to choose: what the address says, its name, the language of that, its group."""

    value: str
    label: str
    language: str = ""
    group: str = ""

    @property
    def name(self) -> str:
        """What it is called, in small letters."""
        return self.label.casefold()


class Choosing:
    """What can be chosen in ``graph``. What is asked of the store is remembered for its version."""

    def __init__(self, graph: Graph, describer: Describer) -> None:
        self.graph = graph
        self.describer = describer
        self._known: dict[str, dict[str, Mapping[str, Sequence[str]]]] = {}
        self._days: dict[str, Sequence[tuple[str, str]]] = {}

    def things(self, question: Question, parameter: str, language: str) -> Sequence[Choice]:
        """The things that the open answer has in the columns of the parameter, sorted by kind and name."""
        if parameter not in question.choices:
            return ()
        things = self._things(question)[parameter]
        classes = kinds(self.describer, things)
        names = self.describer.names({*things, *classes.values()})
        called = {thing: names.of(thing, language) for thing in things}
        times = Counter(name.text for name in called.values())
        grouped = len(set(classes.values())) > 1
        found = [
            Choice(
                key := thing.removeprefix(str(THINGS)),
                name.text if times[name.text] == 1 else f"{name.text} ({key})",
                name.language,
                names.of(classes[thing], language).text if grouped and thing in classes else "",
            )
            for thing, name in called.items()
        ]
        return sorted(found, key=lambda one: (alphabetical(one.group), alphabetical(one.label), one.value))

    def keys(self, question: Question, parameter: str) -> Sequence[str]:
        """The things that the parameter can be, by their keys; none if it is no parameter for things."""
        if parameter not in question.choices:
            return ()
        return [thing.removeprefix(str(THINGS)) for thing in self._things(question)[parameter]]

    def meant(self, question: Question, values: Mapping[str, str], language: str) -> dict[str, str]:
        """The values, with the key of a thing in place of its end or name, if one thing alone has that."""
        found = dict(values)
        for parameter in set(question.choices) & set(values):
            text = values[parameter].strip()
            keys = self._ending(question, parameter, text) or self._called(
                question, parameter, text, language
            )
            found |= {parameter: keys[0]} if len(keys) == 1 else {}
        return found

    def _ending(self, question: Question, parameter: str, text: str) -> list[str]:
        """The keys that end so, whole parts of them: «2023-2025/14» or «bokloven»."""
        return (
            [key for key in self.keys(question, parameter) if f"/{key}".endswith(f"/{text}")] if text else []
        )

    def _called(self, question: Question, parameter: str, text: str, language: str) -> list[str]:
        if "/" in text or not text:  # no name, and then there is no need to know all names
            return []
        things = self.things(question, parameter, language)
        return [one.value for one in things if one.name == text.casefold()]

    def near(self, question: Question, parameter: str, text: str, language: str) -> Sequence[Choice]:
        """The things to choose whose names hold all the words of a text."""
        words = text.casefold().split()
        things = self.things(question, parameter, language)
        return [one for one in things if words and all(word in one.name for word in words)][:_MOST_NEAR]

    def days(self, language: str) -> Sequence[Choice]:
        """The days of the reports, the newest first."""
        days = self._reports()
        names = self.describer.names({report for _, report in days})
        return [Choice(day, (name := names.of(report, language)).text, name.language) for day, report in days]

    def _things(self, question: Question) -> Mapping[str, Sequence[str]]:
        version = self.graph.version
        known = self._known.setdefault(version, {})
        if len(self._known) > 1:
            self._known = {version: known}
        if question.id not in known:
            rows = [*select(self.graph.store, question.query)]
            known[question.id] = {
                parameter: sorted({cell.value for row in rows for cell in _things_in(row, columns)})
                for parameter, columns in question.choices.items()
            }
        return known[question.id]

    def _reports(self) -> Sequence[tuple[str, str]]:
        version = self.graph.version
        if version not in self._days:
            rows = select(self.graph.store, self.graph.repository.query("pages/page-reports"))
            found = {value_of(row["issued"]): value_of(row["report"]) for row in rows if row["issued"]}
            self._days = {version: sorted(found.items(), reverse=True)}
        return self._days[version]


def _things_in(row: Row, columns: Sequence[str]) -> Iterator[ox.NamedNode]:
    return (cell for column in columns if isinstance(cell := row[column], ox.NamedNode))
