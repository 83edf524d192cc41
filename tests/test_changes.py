"""What changes from one report to the next, with an invented report of April 2026."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.changes import Change, Kind, Report, as_text, compare, known_reports, read_report, word_diff
from bibgraph.changes.telling import marked
from bibgraph.cli import run
from bibgraph.ingest import read_vocabulary
from bibgraph.messages import LANGUAGES
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore
from conftest import Outcome
from report_world import copy, edited, without_measure

Bibgraph = Callable[..., Outcome]

ALL_KINDS = (
    ("statusrapport 14.10 - 2025", "statusrapport 20.04 - 2026"),
    ("TK Under arbeid Norsk vitenarkiv ble lansert", "TK Avsluttet Norsk vitenarkiv ble lansert"),
    ("BU Avsluttet Siste tildeling offentliggjort 28.08.25", "BU Løpende Ny utlysning kommer hausten 2026"),
    ("BU Under arbeid I samtaler med KS-digital \n", "BU Løpende I samtaler med KS-digital \n"),
    ("BU, TK Avsluttet Har laget", "BU Avsluttet Har laget"),
    ("skolebibliotekene. \n", "skolebibliotekene og folkebibliotekene. \n"),
    ("DF/IKT Avsluttet", "DF, IKT Ferdig"),
    ("TK/BU Avsluttet Gitt", "TK / BU avsluttet Gitt"),
    ("vil blir levert i november, med \nunntak", "ble levert i november 2025, med \nunntak"),
    ("i løpet av første halvår 2026", "i løpet av andre halvår 2026"),
    (
        "BU Løpende  \n Del II.",
        "BU Løpende  \n\n21. Nasjonalbiblioteket skal lage lydbøker. \n\nTL Under arbeid \n Del II.",
    ),
)
DECISION = """
["21"]
wording = "Nasjonalbiblioteket skal lage lydbøker."
measure = "new"
label.nb = "Tiltak 21: lydbøker"
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with both reports."""
    folder = tmp_path_factory.mktemp("reports")
    root = copy(folder / "root")
    (folder / "report.txt").write_text(without_measure(edited(*ALL_KINDS), 6), encoding="utf-8")
    (folder / "decisions.toml").write_text(DECISION, encoding="utf-8")
    told = ("--root", root, "--date", "2026-04-20", "--decisions", folder / "decisions.toml")
    with pytest.raises(SystemExit) as ended:
        run(["import", "status-report", str(folder / "report.txt"), *map(str, told)])
    assert ended.value.code == 0
    return root


@pytest.fixture(scope="module")
def changes(world: Path) -> list[Change]:
    old, new = reports(world)
    return compare(old, new)


def reports(root: Path) -> tuple[Report, Report]:
    repository = Repository(root)
    store = EmbeddedStore(repository.quads("ontology", "data"), "test")
    first, second = (read_report(store, repository, day) for day, _ in known_reports(store, repository))
    return first, second


def of_kind(changes: list[Change], kind: Kind) -> list[tuple[str, str, str]]:
    return [(each.subject.name, each.before, each.after) for each in changes if each.kind is kind]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.MEASURE_NEW, [("21", "", "Under arbeid")]),
        (Kind.MEASURE_MISSING, [("6", "Avsluttet", "")]),
        (Kind.CLOSED, [("13", "Under arbeid", "Avsluttet")]),
        (Kind.REOPENED, [("1", "Avsluttet", "Løpende")]),
        (Kind.STATUS, [("16", "Under arbeid", "Løpende")]),
        (Kind.STATUS_WORDS, [("11", "Avsluttet", "Ferdig")]),
        (Kind.RESPONSIBLE, [("10", "BU, TK", "BU")]),
        (Kind.PASSED, [("14", "november", "november 2025")]),
        (Kind.MOVED, [("14", "i løpet av første halvår 2026", "i løpet av andre halvår 2026")]),
        (Kind.NEW, [("1", "", "hausten 2026")]),
        (
            Kind.OVERDUE,
            [("13", "høsten 2025", ""), ("ii-10", "november 2025", ""), ("ii-11", "november 2025", "")],
        ),
        (Kind.CONTRADICTION, [("14", "Avsluttet", "i løpet av andre halvår 2026")]),
    ],
)
def test_every_kind_of_change_is_found_and_no_other(
    changes: list[Change], kind: Kind, expected: list[tuple[str, str, str]]
) -> None:
    assert of_kind(changes, kind) == expected


def test_a_changed_comment_is_shown_word_by_word(changes: list[Change]) -> None:
    comments = {each.subject.name: marked(each.words) for each in changes if each.kind is Kind.COMMENT}
    assert list(comments) == ["1", "14"]
    assert "i løpet av [-første-] {+andre+} halvår 2026." in comments["14"]


def test_a_new_wording_is_shown_word_by_word(changes: list[Change]) -> None:
    wordings = {each.subject.name: marked(each.words) for each in changes if each.kind is Kind.REWORDED}
    assert list(wordings) == ["10"]
    assert wordings["10"].endswith(
        "overfor [-skolebibliotekene.-] {+skolebibliotekene og folkebibliotekene.+}"
    )


def test_the_next_report_is_matched_by_the_new_wording_too(world: Path) -> None:
    measures = {measure.name: measure for measure in read_vocabulary(Repository(world)).measures}
    assert [text.endswith("folkebibliotekene.") for text in measures["10"].wordings] == [False, True]


def test_each_report_prints_its_own_wording(bibgraph: Bibgraph, world: Path) -> None:
    texts = [bibgraph("report", day, "--root", world).out for day in ("2025-10-14", "2026-04-20")]
    assert [text.count("skolebibliotekene og folkebibliotekene.") for text in texts] == [0, 1]


def test_a_report_does_not_differ_from_itself_but_for_what_stands_in_it(world: Path) -> None:
    first, _ = reports(world)
    kinds = {each.kind for each in compare(first, first)}
    assert kinds == {Kind.CONTRADICTION}
    assert word_diff("", "") == ()


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]))


@given(WORDS, WORDS)
def test_a_word_diff_holds_both_texts(old: list[str], new: list[str]) -> None:
    parts = word_diff(" ".join(old), " ".join(new))
    assert " ".join(words for sign, words in parts if sign in "=-").split() == old
    assert " ".join(words for sign, words in parts if sign in "=+").split() == new


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_stand_under_main_lines_and_measures(changes: list[Change], language: str) -> None:
    lines = as_text(changes, language).splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    assert len(heads) == 4
    assert (
        heads[:2]
        == {
            "nb": ["Formidling", "Samarbeid og utvikling"],
            "nn": ["Formidling", "Samarbeid og utvikling"],
            "en": ["Dissemination", "Cooperation and development"],
        }[language]
    )
    assert sum(line.startswith("    - ") for line in lines) == len(changes)


def test_the_command_prints_text_json_and_csv(bibgraph: Bibgraph, world: Path, changes: list[Change]) -> None:
    arguments = ("diff", "2025-10-14", "2026-04-20", "--root", world)
    assert bibgraph(*arguments).out == as_text(changes, "en")
    data = json.loads(bibgraph(*arguments, "--format", "json").out)
    rows = list(csv.DictReader(io.StringIO(bibgraph(*arguments, "--format", "csv").out)))
    assert (
        [each["kind"] for each in data]
        == [row["kind"] for row in rows]
        == [each.kind.value for each in changes]
    )
    closed = next(each for each in data if each["kind"] == "closed")
    assert closed["sentence"] == "Newly closed: the status was «Under arbeid» and is now «Avsluttet»."


def test_two_states_of_one_report_have_nothing_to_tell(bibgraph: Bibgraph, world: Path) -> None:
    assert as_text([], "en") == "Nothing has changed.\n"
    outcome = bibgraph("diff", "2026-04-20", "2026-04-20", "--root", world)
    assert "Newly closed" not in outcome.out


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (("2024-01-01", "2026-04-20"), "There is no status report of 2024-01-01."),
        (("i fjor", "2026-04-20"), "DATE cannot be 'i fjor'"),
    ],
)
def test_a_report_that_is_not_there_is_named_with_those_that_are(
    bibgraph: Bibgraph, world: Path, days: tuple[str, str], says: str
) -> None:
    outcome = bibgraph("diff", *days, "--root", world)
    assert outcome.code == 2
    assert says in outcome.err
    assert "2026-04-20" in outcome.err


def test_a_date_that_moves_by_a_year_alone_is_told_with_its_years(world: Path) -> None:
    old, _ = reports(world)
    iri, said = next((iri, each) for iri, each in old.observations.items() if each.subject.name == "5")
    (milestone,) = said.milestones
    moved = replace(milestone, edtf="2026-08-28", latest=date(2026, 8, 28))
    new = Report(date(2026, 10, 1), {iri: replace(said, milestones=(moved,))})
    (change,) = compare(Report(old.issued, {iri: said}), new)
    assert (change.kind, change.before, change.after) == (Kind.MOVED, "28.8. (2025)", "28.8. (2026)")


def test_dates_that_no_calendar_has_break_nothing(world: Path) -> None:
    repository = Repository(world)
    known = repository.quads("ontology", "data")
    days = {"2026-04-20": "12026-04-20", "2025-12-31": "12025-12-31", "2025-11-30": "-0044-03-15"}
    said = [
        ox.Quad(
            quad.subject,
            quad.predicate,
            ox.Literal(days[quad.object.value], datatype=quad.object.datatype),
            quad.graph_name,
        )
        if isinstance(quad.object, ox.Literal) and quad.object.value in days
        else quad
        for quad in known
    ]
    store = EmbeddedStore(said, "test")
    ((day, _),) = known_reports(store, repository)
    found = read_report(store, repository, day).observations.values()
    latest = {milestone.latest for each in found for milestone in each.milestones}
    assert {date.min, date.max} < latest
