"""Strategies as StratML (ISO 17469-1, with the performance elements of Part 2), for other plan trackers.

A main line is a goal, a measure an objective. What a report says of its status, and its milestones, are
results; what is promised is a target. What plays which part stands in ``queries/stratml/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.etree.ElementTree import Element

import pyoxigraph as ox

from bibgraph.describe import Describer, Row, select, value_of
from bibgraph.namespaces import THINGS
from bibgraph.publish.markup import add, document
from bibgraph.repository import Repository
from bibgraph.store import SparqlStore

NAMESPACE = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport"
SUFFIX = ".stratml.xml"
MEDIA_TYPE = "application/xml"

_PLAN, _REPORT = "Strategic_Plan", "Performance_Report"
_LANGUAGE = "nb"
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9_.-]")

Table = Sequence[Row]


@dataclass(frozen=True)
class Sources:
    """The answers that the plans are made of, and who knows what things are called."""

    describer: Describer
    plans: Table
    objectives: Table
    stakeholders: Table
    results: Table

    @classmethod
    def ask(cls, store: SparqlStore, repository: Repository) -> Sources:
        """The answers of a store. Raises what the store raises."""
        tables = [
            list(select(store, repository.query(f"stratml/{name}")))
            for name in ("plans", "objectives", "stakeholders", "results")
        ]
        return cls(Describer(store, repository), *tables)


def documents(store: SparqlStore, repository: Repository) -> dict[str, bytes]:
    """Each strategy as a StratML document, by file name; the same graph gives the same bytes."""
    sources = Sources.ask(store, repository)
    cells = (cell for table in _tables(sources) for row in table for cell in row.values())
    writer = _Writer(sources, {cell.value for cell in cells if isinstance(cell, ox.NamedNode)})
    return {
        _key(strategy) + SUFFIX: writer.plan(strategy, list(rows))
        for strategy, rows in groupby(sources.plans, lambda row: value_of(row["strategy"]))
    }


class _Writer:
    """Writes plans out of ``sources``; ``iris``: all that may have to be named."""

    def __init__(self, sources: Sources, iris: Iterable[str]) -> None:
        self._sources = sources
        self._names = sources.describer.names(iris)

    def plan(self, strategy: str, rows: Table) -> bytes:
        results = {value_of(row["measure"]) for row in self._sources.results}
        objectives = [row for row in self._sources.objectives if value_of(row["strategy"]) == strategy]
        reported = any(value_of(row["measure"]) in results for row in objectives)
        root = Element(
            "PerformancePlanOrReport", {"xmlns": NAMESPACE, "Type": _REPORT if reported else _PLAN}
        )
        _text(root, "Name", self._name(strategy))
        _text(root, "Description", _first(rows, "goal"))
        _text(root, "OtherInformation", _first(rows, "heading"))
        core = add(root, "StrategicPlanCore")
        for issuer in dict.fromkeys(value_of(row["issuer"]) for row in rows if row["issuer"]):
            organization = add(core, "Organization")
            _text(organization, "Name", self._name(issuer))
            _text(organization, "Identifier", _id(issuer))
        self._goals(core, strategy, rows, objectives)
        about = add(root, "AdministrativeInformation")
        _text(about, "Identifier", _id(strategy))
        for name, column in (("StartDate", "start"), ("EndDate", "end"), ("PublicationDate", "published")):
            _text(about, name, _first(rows, column))
        _text(about, "Source", _first(rows, "link") or strategy)
        return document(root)

    def _goals(self, core: Element, strategy: str, rows: Table, objectives: Table) -> None:
        """A goal for each main line. The strategy itself is the goal of measures without."""
        lines = groupby(objectives, lambda row: value_of(row["line"]))
        found = [(line, list(said)) for line, said in lines] or [("", [])]
        for place, (line, said) in enumerate(found, 1):
            goal = add(core, "Goal")
            _text(goal, "Name", self._name(line or strategy))
            add(goal, "Description", "" if line else _first(rows, "goal"))
            if line:
                # Main lines are shared by strategies, but an identifier is one plan's own.
                _text(goal, "Identifier", f"{_id(line)}.{_key(strategy)}")
            _text(goal, "SequenceIndicator", str(place))
            for measure, told in groupby(said, lambda row: value_of(row["measure"])):
                self._objective(goal, measure, list(told))

    def _objective(self, goal: Element, measure: str, rows: Table) -> None:
        objective = add(goal, "Objective")
        _text(objective, "Name", self._name(measure))
        _text(objective, "Description", _first(rows, "text"))
        _text(objective, "Identifier", _id(measure))
        _text(objective, "SequenceIndicator", _first(rows, "number"))
        mine = [row for row in self._sources.stakeholders if value_of(row["measure"]) == measure]
        for unit in dict.fromkeys(value_of(row["unit"]) for row in mine):
            self._stakeholder(objective, unit, [row for row in mine if value_of(row["unit"]) == unit])
        _text(objective, "OtherInformation", _first(rows, "note"))
        results = [row for row in self._sources.results if value_of(row["measure"]) == measure]
        for dimension, said in groupby(results, lambda row: value_of(row["dimension"])):
            self._indicator(objective, f"{_id(measure)}.{_key(dimension)}", list(said))

    def _stakeholder(self, objective: Element, unit: str, rows: Table) -> None:
        stakeholder = add(objective, "Stakeholder", attributes={"StakeholderTypeType": "Organization"})
        _text(stakeholder, "Name", self._name(unit))
        for row in rows:
            role = add(stakeholder, "Role")
            _text(role, "Name", self._name(value_of(row["role"])))
            report = value_of(row["report"])
            stated = value_of(row["stated"])
            _text(role, "Description", f"{stated} ({self._name(report)})" if report else stated)
            _text(role, "RoleType", "Performer")

    def _indicator(self, objective: Element, identifier: str, rows: Table) -> None:
        indicator = add(
            objective, "PerformanceIndicator", attributes={"PerformanceIndicatorType": "Qualitative"}
        )
        _text(indicator, "MeasurementDimension", self._name(value_of(rows[0]["dimension"])))
        _text(indicator, "UnitOfMeasurement", self._name(value_of(rows[0]["scale"])))
        _text(indicator, "Identifier", identifier)
        for _, same in groupby(rows, lambda row: value_of(row["result"])):
            instance = add(indicator, "MeasurementInstance")
            self._result(instance, list(same))

    def _result(self, instance: Element, rows: Table) -> None:
        row = rows[0]
        is_target = value_of(row["kind"]) == "target"
        result = add(instance, "TargetResult" if is_target else "ActualResult")
        _text(result, "StartDate", value_of(row["start"]))
        _text(result, "EndDate", value_of(row["end"]))
        if row["value"]:
            descriptor = add(result, "Descriptor")
            _text(descriptor, "DescriptorName", self._name(value_of(row["scale"])))
            _text(descriptor, "DescriptorValue", self._name(value_of(row["value"])))
        comment = value_of(row["comment"]) or self._name(value_of(row["result"]))
        stated = value_of(row["stated"])
        _text(result, "Description", f"«{stated}» {comment}" if stated else comment)

    def _name(self, iri: str) -> str:
        return self._names.of(iri, _LANGUAGE).text


def _tables(sources: Sources) -> Iterator[Table]:
    yield from (sources.plans, sources.objectives, sources.stakeholders, sources.results)


def _text(parent: Element, name: str, text: str) -> None:
    """An element with a text, unless there is none."""
    if text:
        add(parent, name, text)


def _first(rows: Table, column: str) -> str:
    return next((value_of(row[column]) for row in rows if row[column]), "")


def _key(iri: str) -> str:
    """The last part of an IRI as a name: ``strategy/2023-2025`` of a thing is ``strategy-2023-2025``."""
    tail = iri.removeprefix(str(THINGS)) if iri.startswith(str(THINGS)) else re.split("[/#]", iri)[-1]
    return _NOT_IN_NAME.sub("-", tail)


def _id(iri: str) -> str:
    """An identifier as XML has them: no digit comes first."""
    return f"_{_key(iri)}"
