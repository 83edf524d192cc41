"""Answers in parts: put together they are the whole, and each part leads to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.config import Settings
from bibgraph.graph import Graph, open_graph
from bibgraph.messages import LANGUAGES
from bibgraph.repository import Repository
from bibgraph.web import create_app
from bibgraph.web.http.paging import Window
from bibgraph.web.parts.tables import MOST_ROWS
from conftest import CHECKOUT
from questions_world import BROWSER, one_question
from web_world import Response

QUESTIONS = sorted(path.stem for path in (CHECKOUT / "queries/questions").glob("*.rq"))
DIGITS = " ".join(map(str, range(14)))
MANY = f"""
SELECT ?number
WHERE {{
    VALUES ?a {{ {DIGITS} }} VALUES ?b {{ {DIGITS} }} VALUES ?c {{ {DIGITS} }}
    BIND (?a * 196 + ?b * 14 + ?c AS ?number)
}}
ORDER BY ?number
"""
ROWS = 14**3


@pytest.fixture(scope="module")
def real(repository: Repository) -> FlaskClient:
    graph: Graph = open_graph(Settings(root=repository.root))
    return create_app(Settings(language="nb"), graph).test_client()


@pytest.fixture(scope="module")
def many() -> FlaskClient:
    return create_app(Settings(language="en"), one_question(MANY, "number")).test_client()


def links(answer: Response) -> dict[str, str]:
    """The addresses in the header Link by relation, but for other formats."""
    found = re.findall(r'<([^>]*)>; rel="(\w+)"', ", ".join(answer.headers.getlist("Link")))
    return {relation: path for path, relation in found if relation != "alternate"}


def followed(web: FlaskClient, address: str, relation: str = "next") -> Iterator[Response]:
    """The answer at the address, and all that links of this relation lead to."""
    while address:
        answer = web.get(address)
        assert answer.status_code == 200
        yield answer
        address = links(answer).get(relation, "")


def lines(answer: Response) -> list[str]:
    """The rows of an answer in TSV, where each is one line."""
    return answer.text.split("\n")[1:-1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_parts_of_every_answer_put_together_are_the_whole(real: FlaskClient, question: str) -> None:
    whole = lines(real.get(f"/queries/{question}.tsv"))
    for limit in (7 if len(whole) < 50 else 90, len(whole), len(whole) + 1):
        parts = list(followed(real, f"/queries/{question}.tsv?limit={limit}"))
        assert [line for part in parts for line in lines(part)] == whole
        assert len(parts) == max(-(-len(whole) // limit), 1)
        assert {part.headers["X-Total-Count"] for part in parts} == {str(len(whole))}


def test_the_way_back_and_to_the_ends_is_linked_too(many: FlaskClient) -> None:
    first = many.get("/queries/one.tsv?limit=1000")
    assert links(first) == {
        "first": "/queries/one.tsv?limit=1000",
        "next": "/queries/one.tsv?limit=1000&offset=1000",
        "last": "/queries/one.tsv?limit=1000&offset=2000",
    }
    back = list(followed(many, links(first)["last"], "prev"))
    assert [len(lines(part)) for part in back] == [744, 1000, 1000]
    assert "prev" not in links(back[-1])
    assert [line for part in reversed(back) for line in lines(part)] == lines(many.get("/queries/one.tsv"))


def test_the_way_back_from_amid_a_part_shows_no_row_twice(many: FlaskClient) -> None:
    back = list(followed(many, "/queries/one.tsv?limit=10&offset=15", "prev"))
    assert links(back[1])["prev"] == "/queries/one.tsv?limit=5"
    assert [line for part in reversed(back) for line in lines(part)] == [str(row) for row in range(25)]


def test_a_part_beyond_the_end_is_empty_and_leads_back(many: FlaskClient) -> None:
    beyond = many.get("/queries/one.tsv?limit=1000&offset=9000")
    assert (beyond.status_code, lines(beyond), beyond.headers["X-Total-Count"]) == (200, [], str(ROWS))
    assert links(beyond)["prev"] == links(beyond)["last"] == "/queries/one.tsv?limit=1000&offset=2000"
    assert "next" not in links(beyond)


def test_offset_alone_gives_the_rest(many: FlaskClient) -> None:
    rest = many.get("/queries/one.tsv?offset=2740")
    assert (lines(rest), rest.headers["X-Total-Count"], links(rest)) == (
        ["2740", "2741", "2742", "2743"],
        str(ROWS),
        {},
    )


def test_all_of_an_answer_has_no_parts(many: FlaskClient) -> None:
    whole = many.get("/queries/one.tsv")
    assert len(lines(whole)) == ROWS
    assert links(whole) == {}
    assert many.get("/queries/one.tsv?limit=&offset=").data == whole.data


def test_links_keep_what_was_asked(real: FlaskClient) -> None:
    address = "/queries/measures-by-unit?unit=BU&date=2025-10-14&format=csv&lang=nn&limit=2"
    assert links(real.get(address))["next"] == f"{address}&offset=2"


def test_parts_have_tags_of_their_own(many: FlaskClient) -> None:
    tags = {many.get(f"/queries/one.csv?limit=5&offset={start}").headers["ETag"] for start in (0, 5, 10)}
    assert len(tags) == 3
    again = many.get("/queries/one.csv?limit=5&offset=5", headers={"If-None-Match": ", ".join(tags)})
    assert again.status_code == 304


def test_a_head_request_counts(many: FlaskClient) -> None:
    answer = many.head("/queries/one.json?limit=1")
    assert (answer.data, answer.headers["X-Total-Count"]) == (b"", str(ROWS))


def test_a_page_that_is_cut_says_so_and_leads_on(many: FlaskClient) -> None:
    answers = list(followed(many, "/queries/one?format=html"))
    assert len(answers) == -(-ROWS // MOST_ROWS)
    assert [answer.text.count("<tr>") - 1 for answer in answers] == [
        *[MOST_ROWS] * (ROWS // MOST_ROWS),
        ROWS % MOST_ROWS,
    ]
    assert f"Showing rows 1 to {MOST_ROWS} of {ROWS}." in answers[0].text
    assert f"Showing rows {ROWS // MOST_ROWS * MOST_ROWS + 1} to {ROWS} of {ROWS}." in answers[-1].text
    assert f'<h2 id="answer">{ROWS} rows</h2>' in answers[0].text
    shown = [set(re.findall(r'<a href="[^"]*" rel="(\w+)">', answer.text)) for answer in answers]
    assert shown == [{"next"}, *[{"prev", "next"}] * (len(answers) - 2), {"prev"}]
    for answer in answers:
        assert '<a href="/queries/one.csv">CSV</a>' in answer.text
        assert ".csv?limit" not in answer.text


def test_a_page_shows_no_more_rows_than_pages_do(many: FlaskClient) -> None:
    page = many.get("/queries/one?limit=2000", headers={"Accept": BROWSER})
    assert page.text.count("<tr>") == MOST_ROWS + 1
    assert links(page)["next"] == f"/queries/one?limit={MOST_ROWS}&offset={MOST_ROWS}"
    assert len(lines(many.get("/queries/one.tsv?limit=2000"))) == 2000


def test_a_page_with_all_rows_says_nothing_of_parts(real: FlaskClient) -> None:
    page = real.get("/queries/measures?lang=en", headers={"Accept": BROWSER})
    assert "Showing rows" not in page.text
    assert "next" not in links(page)
    assert page.headers["X-Total-Count"] == "32"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_beyond_the_end_leads_back(many: FlaskClient, language: str) -> None:
    page = many.get(f"/queries/one?offset=9000&lang={language}", headers={"Accept": BROWSER})
    assert page.status_code == 200
    assert 'rel="prev"' in page.text
    assert f'<a href="/queries/one?lang={language}&amp;limit={MOST_ROWS}">' in page.text


@given(limit=st.integers(1, 50), offset=st.integers(0, 200), total=st.integers(0, 120))
def test_links_lead_to_parts_that_exist_and_meet(limit: int, offset: int, total: int) -> None:
    others = dict(Window(limit, offset).others(total))
    assert others["first"] == Window(limit)
    assert all(0 <= part.offset < max(total, 1) for part in others.values())
    assert ("next" in others) == (offset + limit < total)
    assert ("prev" in others) == (offset > 0)
    if "next" in others:
        assert others["next"] == Window(limit, offset + limit)
    if "prev" in others:
        before = others["prev"]
        assert 0 < (before.limit or 0) <= limit
        assert before.offset + (before.limit or 0) == offset or offset >= total
        assert before.offset + (before.limit or 0) <= offset
    assert others["last"].offset + limit >= total
