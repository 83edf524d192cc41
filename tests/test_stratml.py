"""Strategies as StratML: elements in the order and number that the standard demands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from lxml.etree import _Element as Element
from lxml.etree import fromstring

from bibgraph.publish.stratml import NAMESPACE, documents
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore
from web_world import quads

# Each element's children in order, as the standard has them: ? at most one, * any number, + at least one.
TEXT: tuple[str, ...] = ()
STAKEHOLDER = ("Name", "Description?", "Role*")
GOAL = ("Name", "Description", "Identifier?", "SequenceIndicator?", "Stakeholder*", "OtherInformation?")
RESULT = ("StartDate?", "EndDate?", "NumberOfUnits?", "Descriptor?", "Description?")
RULES: dict[str, tuple[str, ...]] = {
    "PerformancePlanOrReport": (
        "Name",
        "Description?",
        "OtherInformation?",
        "StrategicPlanCore",
        "AdministrativeInformation?",
        "Submitter?",
    ),
    "StrategicPlanCore": ("Organization*", "Vision?", "Mission?", "Value*", "Goal+"),
    "Organization": ("Name?", "Acronym?", "Identifier?", "Description?", "Stakeholder*"),
    "Goal": (*GOAL, "Objective*"),
    "Objective": ("Name?", "Description?", *GOAL[2:], "PerformanceIndicator*"),
    "Stakeholder": STAKEHOLDER,
    "Role": ("Name", "Description?", "RoleType?", "RoleType?"),
    "PerformanceIndicator": (
        "SequenceIndicator?",
        "MeasurementDimension",
        "UnitOfMeasurement",
        "Identifier?",
        "Relationship*",
        "MeasurementInstance*",
        "OtherInformation?",
    ),
    "MeasurementInstance": ("TargetResult*", "ActualResult*"),
    "TargetResult": RESULT,
    "ActualResult": RESULT,
    "Descriptor": ("DescriptorName?", "DescriptorValue?"),
    "AdministrativeInformation": ("Identifier?", "StartDate?", "EndDate?", "PublicationDate?", "Source?"),
}
ATTRIBUTES = {
    "PerformancePlanOrReport": {"Type": {"Strategic_Plan", "Performance_Plan", "Performance_Report"}},
    "Stakeholder": {"StakeholderTypeType": {"Person", "Organization", "Generic_Group"}},
    "PerformanceIndicator": {"PerformanceIndicatorType": {"Quantitative", "Qualitative"}},
}
DATES = {"StartDate", "EndDate", "PublicationDate"}
ROLES = {"Performer", "Beneficiary"}
NC_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


def faults(element: Element) -> Iterator[str]:
    """What in an element and below does not hold to the standard's structure."""
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    children = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element]
    pattern = "".join(
        f"(?:{rule.rstrip('?*+')} ){rule[-1] if rule[-1] in '?*+' else ''}" for rule in RULES.get(name, TEXT)
    )
    if not re.fullmatch(pattern, "".join(f"{child} " for child in children)):
        yield f"{name}: {children}"
    if name in DATES:
        date.fromisoformat(element.text or "")
    if name == "RoleType" and element.text not in ROLES:
        yield f"RoleType {element.text}"
    for key, value in element.items():
        if value not in ATTRIBUTES.get(name, {}).get(str(key), ()):
            yield f"{name} {key!r}={value!r}"
    for child in element:
        yield from faults(child)


def texts(element: Element, path: str) -> list[str]:
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    return [found.text or "" for found in element.findall(f".//{steps}")]


@pytest.fixture(scope="module")
def plans(repository: Repository) -> dict[str, Element]:
    store = EmbeddedStore(repository.quads("ontology", "data"), repository.version)
    return {name: fromstring(content) for name, content in documents(store, repository).items()}


def test_every_strategy_is_a_document_of_the_standards_structure(plans: dict[str, Element]) -> None:
    assert len(plans) > 5
    for name, plan in plans.items():
        assert plan.tag == f"{{{NAMESPACE}}}PerformancePlanOrReport"
        assert list(faults(plan)) == [], name


def test_identifiers_are_xml_names_and_each_stands_once(plans: dict[str, Element]) -> None:
    for plan in plans.values():
        identifiers = texts(plan, "Identifier")
        assert identifiers
        assert len(set(identifiers)) == len(identifiers)
        assert all(NC_NAME.fullmatch(identifier) for identifier in identifiers)


def test_main_lines_measures_and_reports_are_goals_objectives_and_results(plans: dict[str, Element]) -> None:
    plan = plans["strategy-2023-2025.stratml.xml"]
    assert plan.get("Type") == "Performance_Report"
    assert texts(plan, "Goal/Name")[:3] == ["Formidling", "Samarbeid og utvikling", "Infrastruktur"]
    first = plan.find(f".//{{{NAMESPACE}}}Objective")
    assert first is not None
    assert texts(first, "Role/Description")[0].startswith("BU (")
    assert texts(first, "ActualResult/EndDate")[0] == "2025-10-14"
    assert texts(first, "Descriptor/DescriptorValue")[0] == "Avsluttet"
    assert texts(first, "ActualResult/Description")[0].startswith("«Avsluttet» Siste tildeling")


def test_what_is_promised_is_a_target(plans: dict[str, Element]) -> None:
    plan = plans["strategy-2023-2025.stratml.xml"]
    assert set(texts(plan, "TargetResult/Descriptor/DescriptorValue")) == {"Er lovet"}


def test_the_structure_check_finds_faults() -> None:
    plan = fromstring(
        f'<PerformancePlanOrReport xmlns="{NAMESPACE}" Type="Plan"><StrategicPlanCore/><Name/>'
        "</PerformancePlanOrReport>"
    )
    assert len(list(faults(plan))) == 3


def test_a_strategy_of_which_nothing_more_is_known_is_a_plan(repository: Repository) -> None:
    [(name, content)] = documents(EmbeddedStore(quads(), "v"), repository).items()
    plan = fromstring(content)
    assert (name, plan.get("Type"), list(faults(plan))) == (
        "strategy-2023-2025.stratml.xml",
        "Strategic_Plan",
        [],
    )
    assert texts(plan, "Name") == ["Strategien", "Strategien"]


def test_the_same_graph_is_the_same_bytes(repository: Repository) -> None:
    stated = repository.quads("ontology", "data")
    stores = (EmbeddedStore(stated, "v"), EmbeddedStore(reversed(stated), "v"))
    one, other = (documents(store, repository) for store in stores)
    assert one == other
