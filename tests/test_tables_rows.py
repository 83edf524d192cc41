"""Each row of the tables on strategies, measures, reports, events and law is in the graph, cell by cell.

The mappings are not asked: what a cell should have become is written down here once more, in Python.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.repository import Repository

TABLES = Path(__file__).parent.parent / "data" / "tables"
ID = "https://w3id.org/bibgraph/id/"
PREFIXES = """
PREFIX bg: <https://w3id.org/bibgraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
CODES = "(skos:notation|skos:prefLabel|skos:altLabel|skos:hiddenLabel)"
Row = dict[str, str]


def read(name: str) -> list[Row]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


STRATEGIES = {row["key"]: row for row in read("strategies")}
LAWS = {row["key"]: row for row in read("legal")}
# Entries of part II are of the strategy that they quote too; what leads up to one is a measure of it.
MEASURES = {(row["strategy"], row["label_nb"]): row["key"] for row in read("measures") if row["part"] != "II"}
PUBLISHED = ["strategies", "measures", "status_reports", "status_history", "legal", "legal_history"]


@pytest.fixture(scope="module")
def graph(repository: Repository) -> ox.Store:
    store = ox.Store()
    store.extend(
        ox.Quad(quad.subject, quad.predicate, quad.object) for quad in repository.quads("ontology", "data")
    )
    return store


def values(graph: ox.Store, thing: str, path: str) -> set[str]:
    found = graph.query(f"{PREFIXES} SELECT DISTINCT ?value {{ <{thing}> {path} ?value }}")
    assert isinstance(found, ox.QuerySolutions)
    return {term.value for row in found if (term := row["value"]) is not None and hasattr(term, "value")}


def cases(name: str, *, pages: bool = True) -> list[Row]:
    """The rows of a table that are from a page, or from a document of ours."""
    return [row for row in read(name) if row["source_url"].startswith("http") == pages]


def ids(row: Row) -> str:
    return row["key"]


def holds(
    graph: ox.Store, thing: str, row: Row, cells: dict[str, tuple[str, Callable[[str], str] | None]]
) -> None:
    """Each cell that is not empty, and each item of it, is a value that the path leads to."""
    for column, (path, made) in cells.items():
        for item in filter(None, row[column].split("|")):
            wanted = made(item) if made else item
            assert wanted in values(graph, thing, path), (column, item, path)


def same_for_all(graph: ox.Store, thing: str, row: Row) -> None:
    assert row["source_url"] in values(graph, thing, "dcterms:source/bg:link")
    assert row["confidence"] in values(graph, thing, "bg:confidence/skos:notation")
    if row["note"]:
        assert row["note"] in values(graph, thing, "skos:editorialNote")


def strategy(key: str) -> str:
    return f"{ID}strategy/{STRATEGIES[key]['id']}"


def start(day: str) -> str:
    return day + "-01-01"[len(day) - 4 :]


@pytest.mark.parametrize("row", cases("strategies"), ids=ids)
def test_a_strategy_is_there_with_all_that_its_row_tells(graph: ox.Store, row: Row) -> None:
    decided = row["kind"] in ("prolongation decision", "assignment letter")
    thing = f"{ID}{'decision' if decided else 'strategy'}/{row['id']}"
    same_for_all(graph, thing, row)
    named = "dcterms:title|dcterms:alternative"
    cells: dict[str, tuple[str, Callable[[str], str] | None]] = {
        "title_nb": (named, None),
        "title_nn": (named, None),
        "title_en": (named, None),
        "kind": (f"bg:kind/{CODES}", lambda kind: NAMES.get(kind, kind)),
        "issuing_ministries": ("bg:issuer/skos:prefLabel", None),
        "issued": ("bg:earliest", None if len(row["issued"]) == 10 else start),
        "period_start": ("bg:startYear", lambda day: day[:4]),
        "period_end": ("bg:endYear", lambda day: day[:4]),
        "measure_count": ("bg:measureCount", None),
        "main_lines": ("^bg:partOfStrategy/skos:prefLabel", None),
        "url": ("bg:link", None),
    }
    if row["issued_precision"] == "year (spring)":
        cells["issued"] = ("bg:earliest", lambda year: f"{year}-03-01")
    holds(graph, thing, row, cells)
    paths = {
        "followedBy": "^dcterms:replaces", "follows": "dcterms:replaces", "prolongedBy": "^bg:prolongs",
        "prolongs": "bg:prolongs", "extendedBy": "^bg:extends", "extends": "bg:extends",
        "supersededBy": "dcterms:isReplacedBy", "leadsTo": "^prov:wasInfluencedBy", "revises": "bg:concerns",
        "relatedTo": "dcterms:relation", "implements": "schema:isBasedOn",
    }  # fmt: skip
    for relation in filter(None, row["relations"].split("|")):
        how, _, other = relation.partition(":")
        ends = {target.rpartition("/id/")[2].partition("/")[2] for target in values(graph, thing, paths[how])}
        assert STRATEGIES[other]["id"] in ends, relation


@pytest.mark.parametrize("row", cases("measures"), ids=ids)
def test_a_measure_from_a_page_is_there_with_its_lineage(graph: ox.Store, row: Row) -> None:
    thing = f"{ID}measure/{row['key']}"
    assert strategy(row["strategy"]) in values(graph, thing, "bg:partOfStrategy")
    if row["part"] == "list":
        same_for_all(graph, thing, row)
        cells: dict[str, tuple[str, Callable[[str], str] | None]] = {
            "number": ("bg:number", None),
            "part": ("bg:inPart/skos:notation", None),
            "row_kind": (f"bg:kind/{CODES}", None),
            "main_line": ("bg:mainLine/skos:prefLabel", None),
            "label_nb": ("rdfs:label", None),
            "responsible": (
                "bg:responsibleUnit/(skos:prefLabel|skos:altLabel)",
                lambda name: {"Unit": UNIT}.get(name, name),
            ),
        }
        holds(graph, thing, row, cells)
        assert values(graph, thing, "bg:text") == set()
        return
    assert row["relation_to_previous"] in values(graph, thing, "bg:novelty/skos:notation")
    lineage_of(graph, row)


UNIT = "Unit – Direktoratet for IKT og fellestjenester i høyere utdanning og forskning"


def lineage_of(graph: ox.Store, row: Row) -> None:
    lineage, measure = f"{ID}lineage/{row['key']}", f"{ID}measure/{row['key']}"
    assert measure in values(graph, lineage, "bg:ofMeasure")
    assert row["relation_to_previous"] in values(graph, lineage, "bg:novelty/skos:notation")
    if not row["predecessor_label_nb"]:
        assert values(graph, lineage, "bg:earlierMeasure") == set()
        return
    earlier = f"{ID}measure/{MEASURES[row['predecessor_strategy'], row['predecessor_label_nb']]}"
    assert values(graph, lineage, "bg:earlierMeasure") == {earlier}
    assert values(graph, lineage, "bg:confidence/skos:notation") == {row["predecessor_confidence"]}
    sure = row["predecessor_confidence"] == "high"
    assert (earlier in values(graph, measure, "bg:continues")) is sure


@pytest.mark.parametrize("row", cases("measures", pages=False), ids=ids)
def test_a_measure_from_a_document_is_there_by_hand_with_its_passage(graph: ox.Store, row: Row) -> None:
    thing = f"{ID}measure/{row['key']}"
    assert values(graph, thing, "bg:evidence/prov:wasQuotedFrom")
    if row["part"] == "list":
        assert row["label_nb"] in values(graph, thing, "rdfs:label")
        assert row["confidence"] in values(graph, thing, "bg:confidence/skos:notation")
        return
    assert values(graph, thing, "bg:text")
    assert row["main_line"] in values(graph, thing, "bg:mainLine/skos:prefLabel") | {""}
    lineage_of(graph, row)
    first = row["source_url"].partition("#L")[2].partition("-")[0]
    assert first in values(graph, thing, "bg:evidence/bg:lineStart")


@pytest.mark.parametrize("row", cases("status_reports"), ids=ids)
def test_a_report_that_is_known_of_is_there_and_is_no_status_report(graph: ox.Store, row: Row) -> None:
    thing = f"{ID}notice/{row['key']}"
    same_for_all(graph, thing, row)
    assert strategy(row["strategy"]) in values(graph, thing, "bg:reportsOn")
    holds(
        graph,
        thing,
        row,
        {
            "kind": (f"bg:kind/{CODES}", lambda kind: NAMES.get(kind, kind)),
            "as_of": ("bg:date", None),
            "title": ("dcterms:title", None),
            "url": ("bg:link", None),
            "text_available": (f"bg:availability/{CODES}", lambda told: NAMES.get(told, told)),
        },
    )
    assert values(graph, thing, "a") == {"https://w3id.org/bibgraph/ontology#ReportNotice"}


NAMES = {
    "national library strategy": "National library strategy", "assignment letter": "Assignment letter",
    "status report": "Status report", "evaluation": "Evaluation", "article on status": "Article on status",
    "opening only": "Opening only",
}  # fmt: skip


def test_the_report_whose_text_is_there_is_a_status_report(graph: ox.Store) -> None:
    (row,) = cases("status_reports", pages=False)
    assert row["as_of"] in values(graph, f"{ID}report/{row['as_of']}", "dcterms:issued")


@pytest.mark.parametrize("row", cases("status_history"), ids=ids)
def test_an_event_is_there_and_in_no_report(graph: ox.Store, row: Row) -> None:
    thing = f"{ID}milestone/{row['key']}"
    same_for_all(graph, thing, row)
    assert values(graph, thing, "bg:inReport") == set()
    assert row["event_nb"] in values(graph, thing, "rdfs:label")
    assert row["key_date"] in {date.rstrip("?") for date in values(graph, thing, "bg:date")}
    late = "planned" in row["key_date_precision"] or "derived" in row["key_date_precision"]
    assert values(graph, thing, "bg:tense/skos:notation") == {"promised" if late else "happened"}
    if row["number"]:
        number = f"{ID}measure/{STRATEGIES[row['strategy']]['id']}/{row['number']}"
        assert values(graph, thing, "bg:ofMeasure") == {number}
    else:
        assert strategy(row["strategy"]) in values(graph, thing, "bg:concerns")


@pytest.mark.parametrize("row", cases("status_history", pages=False), ids=ids)
def test_what_the_report_tells_is_there_by_hand(graph: ox.Store, row: Row) -> None:
    if row["row_kind"] == "event":
        number, day = row["key"].removeprefix("hendelser/").partition("-")[::2]
        measure = f"{ID}measure/2023-2025/{number}"
        dated = values(graph, measure, "^bg:ofMeasure/bg:date") | values(
            graph, measure, "^bg:ofMeasure/bg:latest"
        )
        assert day in dated
        return
    thing = f"{ID}status/{row['key']}"
    assert values(graph, thing, "bg:statusAsStated") == ({row["status_term"]} - {""})
    assert bool(values(graph, thing, "bg:status")) is bool(row["status_term"])


@pytest.mark.parametrize("row", cases("legal"), ids=ids)
def test_a_legal_source_is_there_with_all_that_its_row_tells(graph: ox.Store, row: Row) -> None:
    thing = f"{ID}law/{row['id']}"
    same_for_all(graph, thing, row)
    section = "eli:number" if row["kind"] == "section" else "^eli:is_part_of/eli:number"
    address = "bg:link|bg:constructedAddress"
    whole = len(row["in_force"]) == 10
    holds(
        graph,
        thing,
        row,
        {
            "official_id": ("eli:id_local", None),
            "title": ("dcterms:title|dcterms:alternative", None),
            "short_title": ("skos:altLabel", None),
            "section": (section, None),
            "topic_nb": ("bg:ownWords", None),
            "lovdata_url": (address, None),
            "eli_uri": (address, None),
            "eli_status": ("skos:editorialNote", lambda told: f"ELI: {told}."),
            "in_force": (
                "eli:first_date_entry_in_force" if whole else "bg:period",
                None if whole else (lambda year: f"{year}/.."),
            ),
            "repealed": ("eli:date_no_longer_in_force", None),
            "amended_by": ("eli:amended_by/eli:id_local", lambda told: told.partition(" ")[0]),
        },
    )
    assert not {link for link in values(graph, thing, "bg:link") if "/eli/" in link}, "no ELI was looked up"


@pytest.mark.parametrize(
    ("law", "concerned"),
    [
        ("fbl", ["strategy/2015-2018", "strategy/2020-2023", "strategy/2023-2025"]),
        ("fbl-3", ["service/biblioteksok"]),
        ("fbl-6", [f"measure/2023-2025/{number}" for number in ("16", "17", "19", "ii-05")]),
        ("fbl-8", ["organisation/nasjonalbiblioteket"]),
        ("fbl-2013", ["law/folkebibliotekloven"]),
        ("avlvl", ["measure/2023-2025/13", "measure/2023-2025/ii-01"]),
        ("bokloven", ["measure/2023-2025/ii-02"]),
        ("uhl-2024", [f"measure/2023-2025/{number}" for number in ("12", "13", "ii-12")]),
        ("opplaeringslova-1998", ["strategy/2020-2023"]),
        ("forskrift-kvalifikasjon", ["law/folkebibliotekloven/5"]),
        ("forskrift-statistikk", ["strategy/2020-2023"]),
    ],
)
def test_what_a_legal_source_concerns_is_followed(graph: ox.Store, law: str, concerned: list[str]) -> None:
    found = values(graph, f"{ID}law/{LAWS[law]['id']}", "bg:concerns")
    assert sorted(found) == sorted(ID + each for each in concerned)


@pytest.mark.parametrize("row", cases("legal_history"), ids=ids)
def test_an_earlier_section_is_there_with_what_became_of_it(graph: ox.Store, row: Row) -> None:
    thing = f"{ID}law/{row['id']}"
    same_for_all(graph, thing, row)
    assert row["section"] in values(graph, thing, "eli:number")
    assert values(graph, thing, "eli:in_force") == {"http://data.europa.eu/eli/ontology#InForce-notInForce"}
    heirs = {f"{ID}law/{row['new_id']}"} if row["new_id"] else set()
    assert values(graph, thing, "^dcterms:replaces") == heirs
    assert values(graph, thing, "eli:date_no_longer_in_force") == ({row["date"]} - {""})


@pytest.mark.parametrize("name", PUBLISHED)
def test_no_row_is_there_that_may_not_be_published(name: str) -> None:
    for row in read(name):
        assert row["confidence"] in ("high", "medium")
        assert not any(cell.startswith("[beskrivende navn]") for cell in row.values())
        assert not row["source_checked"].startswith("not seen")
