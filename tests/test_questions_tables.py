"""Answers beside the tables that the graph was made from, read here without the graph."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

import bibgraph
from bibgraph import KnowledgeGraph
from conftest import CHECKOUT

RUNNING = "Pågående"


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return bibgraph.open(CHECKOUT, language="nb")


def table(name: str) -> list[dict[str, str]]:
    with (CHECKOUT / "data" / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key(value: object) -> str:
    """The last part of an address, by which tables know a thing."""
    return str(value).rpartition("/")[2]


def from_pages(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows that rest on a web page; those on our two documents are in files by hand."""
    return [row for row in rows if row["source_url"].startswith("http")]


def test_totals_of_rounds_are_those_of_the_table(graph: KnowledgeGraph) -> None:
    stated = {
        (row["round"], int(row["total_amount_nok"])) for row in table("grants") if row["total_amount_nok"]
    }
    answered = {
        (key(row["round"]), row["total_nok"]) for row in graph.ask("grants-by-year") if row["total_nok"]
    }
    assert answered
    assert answered <= stated
    pages = {row["round"] for row in from_pages(table("grants")) if row["total_amount_nok"]}
    assert pages <= {round_ for round_, _ in answered}


def test_the_rate_of_a_round_is_its_awards_over_its_applications(graph: KnowledgeGraph) -> None:
    known = {
        (row["round"], int(row["number_of_projects"]), int(row["number_of_applications"]))
        for row in table("grants")
        if row["number_of_projects"] and row["number_of_applications"]
    }
    answer = graph.ask("success-rate")
    assert {(key(row["round"]), row["granted"], row["applications"]) for row in answer} == known
    for row in answer:
        assert row["percent"] == 100 * int(str(row["granted"])) // int(str(row["applications"]))


def test_owners_that_have_changed_are_those_of_the_table(graph: KnowledgeGraph) -> None:
    changed = {
        (row["key"], key(row["owner_at_grant_key"]), key(row["owner_now_key"]))
        for row in table("projects")
        if row["owner_at_grant_key"] != row["owner_now_key"]
    }
    answer = graph.ask("projects-after-owner-change")
    assert {
        (key(row["project"]), key(row["owner_at_grant"]), key(row["owner_now"])) for row in answer
    } == changed


def test_projects_that_ran_longer_are_those_of_the_table(graph: KnowledgeGraph) -> None:
    longer = {
        row["key"]
        for row in table("projects")
        if row["grant_years"]
        and row["start_year"]
        and row["end_year"]
        and int(row["end_year"]) - int(row["start_year"]) + 1 > int(row["grant_years"])
    }
    assert {key(row["project"]) for row in graph.ask("extended-projects")} == longer


@pytest.mark.parametrize("year", [2023, 2025])
def test_projects_still_running_are_those_of_the_table(graph: KnowledgeGraph, year: int) -> None:
    running = {
        row["key"]
        for row in table("projects")
        if row["status"] == RUNNING and row["end_year"] and int(row["end_year"]) < year
    }
    assert running
    assert {key(row["project"]) for row in graph.ask("still-running", year=year)} == running


def test_amounts_of_projects_are_those_of_the_table(graph: KnowledgeGraph) -> None:
    stated = {
        (row["key"], int(row["amount_nok"])) for row in from_pages(table("projects")) if row["amount_nok"]
    }
    answered = {(key(row["project"]), row["amount_nok"]) for row in graph.ask("project-amounts")}
    assert stated
    assert stated <= answered


def test_every_theme_is_counted_as_in_the_table(graph: KnowledgeGraph) -> None:
    counted = Counter(
        theme.strip()
        for row in from_pages(table("projects"))
        for theme in set(row["theme"].split(";"))
        if theme
    )
    answer = {row["name"]: row["projects"] for row in graph.ask("projects-by-theme")}
    for theme in ("forskningsdata", "debatt", "leselyst"):
        assert counted[theme]
        assert answer[theme] == counted[theme]


def test_measures_are_tied_to_the_edition_before_as_in_the_table(graph: KnowledgeGraph) -> None:
    new = {row["key"] for row in table("measures") if row["relation_to_previous"] == "new"}
    answer = graph.ask("plan-drift")
    assert {str(row["measure"]).rpartition("measure/")[2] for row in answer if row["drift"] == "new"} == new


def test_services_stand_under_the_standards_of_the_table(graph: KnowledgeGraph) -> None:
    stated = {
        (row["key"], standard.strip())
        for row in from_pages(table("services"))
        for standard in row["standards"].split("|")
        if standard
    }
    answered = {(key(row["service"]), row["standard_name"]) for row in graph.ask("services-by-standard")}
    assert stated
    assert {standard for _, standard in stated} <= {standard for _, standard in answered}
