"""Answers beside the tables that the graph was made from, read here without the graph."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

import bibgraph
from bibgraph import KnowledgeGraph
from bibgraph.ingest.tables.functions import slug
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
        granted, applications = int(str(row["granted"])), int(str(row["applications"]))
        assert row["percent"] == (200 * granted + applications) // (2 * applications)


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
    rows = [row for row in table("measures") if row["key"].startswith("2023-2025/")]
    named = {
        "new": {row["key"] for row in rows if row["relation_to_previous"] == "new"},
        "carried-on": {
            row["key"]
            for row in rows
            if row["relation_to_previous"] == "unknown" and row["predecessor_label_nb"]
        },
    }
    # The slides call one new of which the table does not say how it stands.
    named["new"] |= {"2023-2025/ii-02"}
    answer = graph.ask("plan-drift")
    for drift, keys in named.items():
        found = {str(row["measure"]).rpartition("measure/")[2] for row in answer if row["drift"] == drift}
        assert found == keys, drift


def test_a_measure_is_dropped_only_where_the_next_list_is_known_whole(graph: KnowledgeGraph) -> None:
    rows = table("measures")
    taken_up = {row["predecessor_label_nb"] for row in rows}
    left = {
        row["key"]
        for row in rows
        if row["key"].startswith("2020-2023/")
        and row["row_kind"].startswith("measure")
        and row["label_nb"] not in taken_up
    }
    assert left
    answer = graph.ask("plan-drift")
    dropped = {str(row["earlier"]).rpartition("measure/")[2] for row in answer if row["drift"] == "dropped"}
    assert dropped == left
    before = graph.ask("plan-drift", strategy="2020-2023")
    assert {row["drift"] for row in before if row["measure"] is None} == {"no-successor-known"}


def test_the_newest_strategy_is_meant_where_none_is_named(graph: KnowledgeGraph) -> None:
    for question in ("measures", "plan-drift"):
        assert list(graph.ask(question)) == list(graph.ask(question, strategy="2023-2025"))


def test_totals_are_the_sums_of_the_table(graph: KnowledgeGraph) -> None:
    """Counted from the cells: by year, by county, by theme, and by the kind of the owner of the table."""
    rows = [row for row in table("projects") if row["amount_nok"]]
    bodies = table("organisations")
    kinds = {row["key"]: row["kind"].removesuffix(" (earlier)").replace(" ", "-") for row in bodies}
    named = {row["name_nb"]: row["key"] for row in bodies}
    groups: dict[tuple[str, str], int] = {}
    for row in rows:
        themes = {("theme", slug(theme)) for theme in row["theme"].split(";") if theme.strip()}
        counties = {("county", county) for county in row["county"].split("|") if county}
        lead = row["lead"] or named.get(row["lead_organisation"], "")
        owner = {("classification", kinds[lead])} if lead in kinds else set()
        for group in {("awardYear", row["funding_year"])} | themes | counties | owner:
            groups[group] = groups.get(group, 0) + int(row["amount_nok"])
    answer = {
        (re.split("[#/]", str(row["by"]))[-1], re.sub("^.*/id/(theme/|code/)?", "", str(row["group"]))): row
        for row in graph.ask("award-totals")
    }
    compared = {group: total for group, total in groups.items() if group[1] and group[0] != "classification"}
    assert len(compared) > 100
    assert {group: answer[group]["total_nok"] for group in compared} == compared
    for kind in ("county-library", "university-library", "municipal-library"):
        assert answer[("classification", kind)]["total_nok"] == groups[("classification", kind)]
    for total in answer.values():
        assert int(str(total["all_years_nok"])) + int(str(total["one_year_nok"])) <= int(
            str(total["total_nok"])
        )


def test_projects_of_a_scheme_are_of_the_years_of_the_strategy(graph: KnowledgeGraph) -> None:
    expected = {
        row["key"]
        for row in table("projects")
        if row["fund"] == "aktiv-formidling" and row["funding_year"] in ("2023", "2024", "2025")
    }
    answer = graph.ask("projects-by-scheme", measure="measure/2023-2025/1")
    assert expected
    assert {key(row["project"]) for row in answer} == expected


def test_what_two_pages_say_of_a_project_stands_beside_each_other(graph: KnowledgeGraph) -> None:
    accounts = [row for row in table("project_accounts") if row["period_from"] or row["end_year"]]
    assert accounts
    for row in accounts:
        answer = graph.ask("source-disagreements", thing=f"project/{row['key']}")
        told = {str(each["value"]) for each in answer}
        assert {row["end_year"] or f"{row['period_from']}/{row['period_to']}"} <= told
    noted = {row["key"] for row in table("projects") if "CONTRADICTION" in row["note"]}
    assert noted <= {key(row["thing"]) for row in graph.ask("source-disagreements")}


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
