"""The front page, the state of the service, languages, and what readers are told of failures."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence

import pytest
from flask.testing import FlaskClient

from bibgraph import __version__
from bibgraph.config import Settings
from bibgraph.errors import LimitError, StoreError
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.store import Answer
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.web import create_app
from pages_world import page as real_page
from pages_world import real_graph
from web_world import VERSION, client, graph, header_values, quads

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    return client()


class Broken:
    """A store that fails, by our error or by a fault."""

    version = VERSION

    def __init__(self, error: Exception) -> None:
        self.error = error

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """Fail, whatever is asked."""
        del text, default_graphs, named_graphs
        raise self.error


def broken(error: Exception) -> FlaskClient:
    sound = graph()
    return create_app(Settings(), Graph(sound.repository, Broken(error), sound.catalogue)).test_client()


def test_the_front_page_says_what_the_graph_holds_and_what_to_ask(web: FlaskClient) -> None:
    page = web.get("/").text
    assert re.search(r'<a href="/id/measure"><span>Tiltak</span></a><span class="n">3</span>', page)
    assert 'href="/queries/status-as-of"' in page
    assert 'href="/sparql"' in page


def test_the_front_page_tells_where_the_source_contradicts_itself_and_asks_a_handful() -> None:
    text = real_page("/", "nb")
    doubts = text.partition('id="doubts"')[2].partition("</section>")[0]
    assert "/id/measure/2023-2025/14?" in doubts
    assert "Meldt avsluttet, men to leveranser er varslet" in doubts
    assert "«2018-2001»" in doubts
    assert "/id/measure/2023-2025/ii-10?" in doubts
    assert "?lines=145-150" in doubts
    shown = set(re.findall(r'href="/queries/([a-z-]+)', text))
    assert "closed-with-open-milestones" in shown
    assert len(shown) < 15 < len(real_graph().catalogue)


def test_health_says_versions_and_the_answer_to_a_known_question(web: FlaskClient) -> None:
    answer = web.get("/health")
    told = json.loads(answer.data)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert (told["status"], told["program"], told["graph"]) == ("ok", __version__, VERSION)
    assert told["triples"] > 0
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_empty_graph_is_healthy_and_so_is_one_whose_triples_the_limits_leave_uncounted() -> None:
    empty = client("").get("/health")
    assert (empty.status_code, json.loads(empty.data)["triples"]) == (200, 0)
    sound = graph()
    shallow = EmbeddedStore(quads(), VERSION, deepest=1)
    tight = create_app(Settings(), Graph(sound.repository, shallow, sound.catalogue)).test_client()
    answer = tight.get("/health")
    assert (answer.status_code, json.loads(answer.data)["status"]) == (200, "ok")
    assert "triples" not in json.loads(answer.data)


def test_health_is_503_when_the_store_fails() -> None:
    failing = broken(StoreError(message("It is gone."))).get("/health")
    assert failing.status_code == 503
    assert json.loads(failing.data)["error"] == "It is gone."
    assert failing.headers["Retry-After"] == "1"


@pytest.mark.parametrize("path", ["/health", "/sparql?query=ASK%7B%7D", "/doc/measure/2030/2"])
@pytest.mark.parametrize("accept", [BROWSER, "text/plain", "application/json"])
def test_what_only_who_runs_the_service_may_know_stands_in_the_log_under_the_number_of_the_answer(
    caplog: pytest.LogCaptureFixture, path: str, accept: str
) -> None:
    inside = StoreError(message("It is gone."), where="http://secret.internal:1/q")
    web = broken(inside.but_outside(LimitError(message("Not now."), limit="timeout", value="5 s")))
    with caplog.at_level(logging.ERROR):
        answer = web.get(path, headers={"Accept": accept})
    assert answer.status_code == (503 if path == "/health" else 504)
    assert "Not now." in answer.text
    assert not re.search("secret|gone", answer.text)
    number = re.search("urn:bibgraph:problem:([0-9a-f]+)", answer.text)
    assert number
    assert f"problem {number[1]}: 'http://secret.internal:1/q: It is gone.'" in caplog.text
    if "json" in str(answer.mimetype):
        told = json.loads(answer.data)
        assert (told["limit"], told["value"]) == ("timeout", "5 s")


def test_the_address_of_the_numbers_takes_no_post(web: FlaskClient) -> None:
    answer = web.post("/metrics")
    assert answer.status_code == 405
    assert header_values(answer, "Allow") == {"GET", "HEAD", "OPTIONS"}


def test_a_store_that_fails_is_502_and_no_fault_of_the_reader() -> None:
    answer = broken(StoreError(message("It is gone."))).get("/sparql?query=ASK%7B%7D")
    assert answer.status_code == 502
    assert json.loads(answer.data)["detail"] == "It is gone."


def test_a_fault_of_ours_is_500_with_a_number_and_the_traceback_only_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = broken(RuntimeError("the secret")).get("/doc/measure", headers={"Accept": BROWSER})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    [number] = re.findall(r"problem ([0-9a-f]{12})", caplog.text)
    assert number in answer.text
    assert "the secret" in caplog.text


@pytest.mark.parametrize(
    ("address", "accept_language", "language"),
    [
        ("/", "", "nb"),
        ("/", "nn-NO, nb;q=0.5", "nn"),
        ("/", "en-GB", "en"),
        ("/", "de, fr", "nb"),
        ("/?lang=nn", "en", "nn"),
        ("/?lang=de", "en", "en"),
        ("/nothing?lang=en", "nn", "en"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_browsers_else_bokmal(
    web: FlaskClient, address: str, accept_language: str, language: str
) -> None:
    headers = {"Accept": BROWSER, "Accept-Language": accept_language}
    page = web.get(address, headers=headers)
    assert f'<html lang="{language}">' in page.text
    assert page.headers["Content-Language"] == language
    assert "Set-Cookie" not in page.headers


def test_the_language_an_application_is_set_to_is_its_default() -> None:
    assert '<html lang="nn">' in client(language="nn").get("/").text


def test_the_language_in_the_address_stays_on_every_link_of_ours(web: FlaskClient) -> None:
    page = web.get("/?lang=nn").text
    links = [href for href in re.findall(r'<a [^>]*href="(/[^"]*)"', page) if "hreflang" not in href]
    assert links
    assert not [link for link in links if not re.search(r"[?&]lang=n[nb]|lang=en", link)]


def test_the_language_switch_leads_to_the_same_page_with_the_same_question(web: FlaskClient) -> None:
    page = web.get("/sparql?query=ASK%20%7B%7D&lang=nn", headers={"Accept": BROWSER}).text
    assert 'href="/sparql?query=ASK+%7B%7D&amp;lang=en" lang="en" hreflang="en"' in page
    page = web.get("/id/nothing%20here", headers={"Accept": BROWSER}).text
    assert 'href="/id/nothing%20here?lang=en"' in page


def test_pages_of_ours_differ_in_the_three_languages(web: FlaskClient) -> None:
    pages = [web.get(f"/?lang={language}").text for language in ("nb", "nn", "en")]
    headings = [re.findall(r"<h1[^>]*>([^<]*)</h1>", page) for page in pages]
    assert all(headings)
    assert (
        len({page.replace(f"lang={tag}", "") for tag, page in zip(("nb", "nn", "en"), pages, strict=True)})
        == 3
    )


def test_pages_hold_no_script_and_no_style_of_their_own(web: FlaskClient) -> None:
    for path in ("/", "/doc/measure/2030/2", "/queries/status-as-of", "/sparql", "/ontology", "/nothing"):
        page = web.get(path, headers={"Accept": BROWSER}).text
        assert not re.search(r'<script(?![^>]* src="/static/)|<style|\sstyle=|\son\w+=', page), path
        assert len(re.findall(r"<h1\b", page)) == 1, path


def test_the_style_sheet_is_ours_and_may_be_kept(web: FlaskClient) -> None:
    address, theme = re.findall(r'<link rel="stylesheet" href="([^"]+)"', web.get("/").text)
    assert theme == "/theme.css"
    with web.get(address) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert "max-age" in answer.headers["Cache-Control"]
        sheet = answer.get_data(as_text=True)
    assert not re.search(r"url\(\s*['\"]?(?:https?:)?//|@import", sheet)


def test_pages_have_an_icon_of_ours(web: FlaskClient) -> None:
    (address,) = re.findall(r'<link rel="icon" type="image/svg\+xml" href="([^"]+)"', web.get("/").text)
    with web.get(address) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
        assert answer.get_data(as_text=True).startswith("<svg ")


@pytest.mark.parametrize(
    "path", ["/static/../__init__.py", "/static/%2e%2e/__init__.py", "/static//etc/passwd"]
)
def test_no_path_leads_out_of_the_static_folder(web: FlaskClient, path: str) -> None:
    assert web.get(path, follow_redirects=True).status_code == 404


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("", "application/problem+json"),
        ("*/*", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("text/turtle", "application/problem+json"),
        ("text/plain", "text/plain"),
        (BROWSER, "text/html"),
    ],
)
def test_failures_come_in_the_form_asked_for(web: FlaskClient, accept: str, mimetype: str) -> None:
    answer = web.get("/nothing", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (404, mimetype)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_problem_repeats_what_was_asked_only_as_text(web: FlaskClient) -> None:
    page = web.get("/id/%3Cscript%3Ealert(1)%3C/script%3E", headers={"Accept": BROWSER}).text
    assert "<script" not in page
    header = web.get("/id/a%0d%0aSet-Cookie:%20x=y")
    assert "Set-Cookie" not in header.headers


@pytest.mark.parametrize("path", ["//evil.example/id", "/id//measure", "/queries/", "//"])
def test_no_redirect_names_a_host(web: FlaskClient, path: str) -> None:
    assert re.fullmatch(r"/(?:[^/].*)?", web.get(path).headers.get("Location", "/"))


@pytest.mark.parametrize("path", ["/", "/doc/measure", "/health", "/queries"])
def test_pages_are_only_for_reading(web: FlaskClient, path: str) -> None:
    answer = web.post(path, data=b"x")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
