"""``/changes``: what differs between two reports, as a page and as data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from bibgraph.catalogue import Catalogue
from bibgraph.changes import as_csv, as_json, compare, read_report
from bibgraph.config import Settings
from bibgraph.graph import Graph
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.web import create_app

FIRST, SECOND = "2025-10-14", "2026-04-20"
DAYS = (date(2025, 10, 14), date(2026, 4, 20))
EDITS = (("Under arbeid", "Avsluttet"), ("in-progress", "closed"), ("I samtaler", "I nye samtaler"))


def later(quads: Sequence[ox.Quad]) -> list[ox.Quad]:
    """The quads of the first report as those of a second, in which some words are others."""

    def named(term: object) -> ox.NamedNode:
        assert isinstance(term, ox.NamedNode)
        return ox.NamedNode(changed(term.value))

    def moved(term: object) -> ox.NamedNode | ox.Literal:
        if isinstance(term, ox.NamedNode):
            return named(term)
        assert isinstance(term, ox.Literal)
        if term.language:
            return ox.Literal(changed(term.value), language=term.language)
        return ox.Literal(changed(term.value), datatype=term.datatype)

    def changed(text: str) -> str:
        for old, new in ((FIRST, SECOND), *EDITS):
            text = text.replace(old, new)
        return text

    return [
        ox.Quad(named(quad.subject), quad.predicate, moved(quad.object), quad.graph_name)
        for quad in quads
        if f"graph/status/{FIRST}" in str(quad.graph_name) or f"milestone/{FIRST}/" in str(quad.subject)
    ]


def graph_with(repository: Repository, quads: Sequence[ox.Quad]) -> Graph:
    catalogue = Catalogue.load(repository.questions, root=repository.root)
    return Graph(repository, EmbeddedStore(quads, "0123456789"), catalogue)


@pytest.fixture(scope="module")
def graph(repository: Repository) -> Graph:
    quads = [*repository.quads("ontology", "data")]
    return graph_with(repository, [*quads, *later(quads)])


@pytest.fixture(scope="module")
def web(graph: Graph) -> FlaskClient:
    return create_app(Settings(language="nb"), graph).test_client()


def test_the_page_tells_what_the_command_tells(web: FlaskClient) -> None:
    page = web.get(f"/changes?from={FIRST}&to={SECOND}&lang=nb")
    assert page.status_code == 200
    assert "status var «Under arbeid» og er nå «Avsluttet»" in page.text
    assert "I <ins>nye</ins> samtaler med KS-digital" in page.text
    assert "/id/measure/2023-2025/13" in page.text
    assert '<option value="2025-10-14" selected>' in page.text


def test_without_days_the_last_two_reports_are_compared(web: FlaskClient) -> None:
    named = web.get(f"/changes?from={FIRST}&to={SECOND}&format=json").json
    assert web.get("/changes?format=json").json == named
    assert web.get(f"/changes?to={SECOND}&format=json").json == named
    assert web.get(f"/changes?from={FIRST}&format=json").json == named


@pytest.mark.parametrize("headers", [{"Accept": "application/json"}, {}])
def test_the_data_are_those_of_the_command(graph: Graph, web: FlaskClient, headers: dict[str, str]) -> None:
    before, after = (read_report(graph.store, graph.repository, day) for day in DAYS)
    expected = compare(before, after)
    query = "" if headers else "&format=json"
    answer = web.get(f"/changes?from={FIRST}&to={SECOND}&lang=nn{query}", headers=headers)
    assert answer.mimetype == "application/json"
    assert json.loads(answer.text) == json.loads(as_json(expected, "nn"))
    table = web.get(f"/changes?from={FIRST}&to={SECOND}&lang=nn&format=csv")
    assert table.mimetype == "text/csv"
    assert table.text == as_csv(expected, "nn")
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == len(expected) > 3


@pytest.mark.parametrize("format_", ["", "json", "csv", "html"])
@pytest.mark.parametrize(
    ("name", "value"),
    [("from", "2025-13-01"), ("to", "i fjor"), ("from", "2024-01-01"), ("to", "2026-04-21")],
)
def test_a_day_without_a_report_is_named_with_those_that_have_one(
    web: FlaskClient, name: str, value: str, format_: str
) -> None:
    answer = web.get(f"/changes?{name}={value}&format={format_}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    told = json.loads(answer.text)
    assert (told["parameter"], told["given"], told["allowed"]) == (name, value, [FIRST, SECOND])


def test_an_unknown_format_is_told_with_those_that_there_are(web: FlaskClient) -> None:
    answer = web.get("/changes?format=ttl")
    assert answer.status_code == 406
    assert "csv" in answer.text


def test_the_same_answer_is_not_sent_twice(web: FlaskClient) -> None:
    tag = web.get("/changes").headers["ETag"]
    assert web.get("/changes", headers={"If-None-Match": tag}).status_code == 304
    assert web.get("/changes?lang=nn").headers["ETag"] != tag


@pytest.mark.parametrize(
    ("drop", "says"),
    [("", "one status report, that of 14 October 2025"), ("StatusReport", "holds no status report")],
)
def test_where_there_is_nothing_to_compare_the_page_says_so(
    repository: Repository, drop: str, says: str
) -> None:
    quads = [
        quad for quad in repository.quads("ontology", "data") if not drop or drop not in str(quad.object)
    ]
    web = create_app(Settings(language="nb"), graph_with(repository, quads)).test_client()
    page = web.get("/changes?lang=en")
    assert page.status_code == 200
    assert says in page.text
    assert web.get("/changes?format=json").json == []
