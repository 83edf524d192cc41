"""Ready questions: their list, their forms, their answers in every format."""

from __future__ import annotations

import csv
import io
import json
import re

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient

from bibgraph.config import Settings
from bibgraph.web import create_app
from bibgraph.web.rdf import resultset
from questions_world import BROWSER, FILES, one_question, small_graph
from web_world import BASE, VERSION, header_values

RS = rdflib.Namespace(resultset.RS)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    graph = small_graph(tmp_path_factory.mktemp("queries"))
    return create_app(Settings(language="nb"), graph).test_client()


@pytest.mark.parametrize(
    ("language", "question", "why"),
    [
        ("nb", "Hvilke tiltak er det?", "Å se dem."),
        ("nn", "Kva tiltak er det?", "Å sjå dei."),
        ("en", "Which measures are there?", "To see them."),
    ],
)
def test_the_list_asks_and_says_why_in_the_readers_language(
    web: FlaskClient, language: str, question: str, why: str
) -> None:
    page = web.get("/queries", headers={"Accept-Language": language}).text
    assert f'<a href="/queries/numbered">{question}</a>' in page
    assert why in page


def test_a_page_has_the_answer_with_headings_and_links(web: FlaskClient) -> None:
    page = web.get("/queries/numbered?lang=en", headers={"Accept": BROWSER}).text
    headings = re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', page)
    assert headings == ["Measure", "Nr"]
    assert '<a href="/id/measure/2030/2?lang=en"><span>Measure 2</span></a>' in page
    assert '<td class="num">10</td>' in page


def test_values_in_the_address_narrow_the_answer_and_stand_in_the_form(web: FlaskClient) -> None:
    page = web.get("/queries/numbered?least=5&day=2030-01-01", headers={"Accept": BROWSER}).text
    assert 'href="/id/measure/2030/10"' in page
    assert 'href="/id/measure/2030/2"' not in page
    assert re.search(r'<input type="number" id="p-least" name="least" value="5">', page)
    assert re.search(r'<input type="date" id="p-day" name="day" value="2030-01-01">', page)
    assert 'href="/queries/numbered.csv?least=5&amp;day=2030-01-01"' in page


def test_the_query_is_shown_with_the_values_in_it(web: FlaskClient) -> None:
    page = web.get("/queries/numbered?least=5", headers={"Accept": BROWSER}).text
    assert "#+" not in page
    assert "VALUES $least { &#34;5&#34;^^&lt;http://www.w3.org/2001/XMLSchema#integer&gt; }" in page
    address = re.search(r'<a href="(/sparql\?query=[^"]*)"', page)
    assert address
    answer = web.get(address[1].replace("&amp;", "&"), headers={"Accept": "text/csv"})
    assert answer.data == web.get("/queries/numbered.csv?least=5").data


def test_a_language_is_the_readers_unless_another_is_asked_for(web: FlaskClient) -> None:
    page = web.get("/queries/numbered?lang=nn", headers={"Accept": BROWSER}).text
    assert "VALUES $spoken { &#34;nn&#34; }" in page
    assert '<select id="p-spoken" name="spoken">' in page


def test_csv_and_tsv_are_files_and_hold_raw_values(web: FlaskClient) -> None:
    answer = web.get("/queries/numbered.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="numbered.csv"'
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows == [
        ["measure", "number"],
        [f"{BASE}id/measure/2030/2", "2"],
        [f"{BASE}id/measure/2030/10", "10"],
    ]
    assert web.get("/queries/numbered.tsv").text.startswith("?measure\t?number\n")


def test_json_and_xml_come_by_ending_by_format_and_by_accept(web: FlaskClient) -> None:
    by_ending = web.get("/queries/numbered.json")
    assert [row["number"]["value"] for row in json.loads(by_ending.data)["results"]["bindings"]] == [
        "2",
        "10",
    ]
    assert web.get("/queries/numbered?format=json").data == by_ending.data
    by_accept = web.get("/queries/numbered", headers={"Accept": "application/sparql-results+json"})
    assert by_accept.data == by_ending.data
    assert header_values(by_accept, "Vary") >= {"Accept"}
    assert web.get("/queries/numbered.xml").mimetype == "application/sparql-results+xml"


@pytest.mark.parametrize("path", ["/queries/numbered", "/queries", "/openapi.json"])
def test_the_language_of_the_address_is_known_in_capital_letters_too(web: FlaskClient, path: str) -> None:
    small, capital = (web.get(f"{path}?lang={tag}", headers={"Accept": "*/*"}) for tag in ("en", "EN"))
    assert (capital.status_code, capital.headers["Content-Language"]) == (200, "en")
    assert capital.text.replace("lang=EN", "lang=en") == small.text


def test_answers_in_other_languages_have_other_tags(web: FlaskClient) -> None:
    tags = {
        web.get("/queries/numbered.csv", headers={"Accept-Language": tag}).headers["ETag"]
        for tag in ("nb", "nn")
    }
    assert len(tags) == 2
    assert "Accept-Language" in header_values(web.get("/queries/numbered.csv"), "Vary")


def test_yes_or_no_questions_and_drawn_graphs_are_answered_too(web: FlaskClient) -> None:
    assert '<p class="lead">Yes</p>' in web.get("/queries/any?lang=en", headers={"Accept": BROWSER}).text
    assert json.loads(web.get("/queries/any.json").data)["boolean"] is True
    assert web.get("/queries/drawn.ttl").mimetype == "text/turtle"
    assert web.get("/queries/drawn", headers={"Accept": BROWSER}).status_code == 200


def test_on_a_page_a_wrong_value_is_told_above_the_form_to_mend_it(web: FlaskClient) -> None:
    answer = web.get("/queries/must?lang=en&kind=Mesure", headers={"Accept": BROWSER})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert '<option value="Measure">Measure</option>' in answer.text
    assert web.get("/queries/must?lang=en&kind=Measure", headers={"Accept": BROWSER}).status_code == 200


def test_a_page_where_nothing_is_chosen_yet_is_the_form_and_no_fault(web: FlaskClient) -> None:
    answer = web.get("/queries/must?lang=en", headers={"Accept": BROWSER})
    assert answer.status_code == 200
    assert "Choose what the question is about" in answer.text
    assert '<option value="Measure">Measure</option>' in answer.text
    assert 'role="alert"' not in answer.text
    assert "pandas" not in answer.text
    assert web.get("/queries/must.csv").status_code == 400


def test_an_unknown_question_is_404_and_names_those_like_it(web: FlaskClient) -> None:
    answer = web.get("/queries/numberd", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "numbered" in json.loads(answer.data)["hint"]
    assert web.get("/queries/numbered.doc").status_code == 404


def test_a_format_that_does_not_fit_the_answer_is_406(web: FlaskClient) -> None:
    assert web.get("/queries/numbered?format=trig").status_code == 406
    assert web.get("/queries/drawn.csv").status_code == 406
    assert web.get("/queries/drawn.csv?format=ttl").status_code == 406
    assert web.get("/queries/numbered", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("accept", ["application/problem+json", "text/plain", "image/png"])
@pytest.mark.parametrize("wrong", ["least=few", "limit=0"])
def test_a_wrong_value_is_told_before_a_format_that_there_is_not(
    web: FlaskClient, accept: str, wrong: str
) -> None:
    answer = web.get(f"/queries/numbered?{wrong}", headers={"Accept": accept})
    assert answer.status_code == 400
    assert wrong.partition("=")[0] in answer.text


def test_the_same_answer_is_not_sent_twice(web: FlaskClient) -> None:
    first = web.get("/queries/numbered.csv")
    again = web.get("/queries/numbered.csv", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert web.get("/queries/numbered.csv?least=5").headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "rdf"])
def test_tables_come_in_formats_of_graphs_as_result_sets(web: FlaskClient, ending: str) -> None:
    rows = json.loads(web.get("/queries/numbered.json").data)["results"]["bindings"]
    answer = web.get(f"/queries/numbered.{ending}")
    triples = ox.parse(answer.data, format=ox.RdfFormat.from_media_type(str(answer.mimetype)))
    found = rdflib.Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    (result,) = found.subjects(rdflib.RDF.type, RS.ResultSet)
    assert {str(name) for name in found.objects(result, RS.resultVariable)} == {"measure", "number"}
    assert [str(size) for size in found.objects(result, RS["size"])] == [str(len(rows))]
    read = {}
    for row in found.objects(result, RS.solution):
        (place,) = found.objects(row, RS["index"])
        cells = list(found.objects(row, RS.binding))
        read[int(str(place))] = {
            str(found.value(cell, RS.variable)): str(found.value(cell, RS.value)) for cell in cells
        }
    expected = [{name: cell["value"] for name, cell in row.items()} for row in rows]
    assert [read[place] for place in sorted(read)] == expected


def test_a_yes_or_no_is_a_result_set_too_and_a_graph_is_not(web: FlaskClient) -> None:
    verdict = rdflib.Graph().parse(data=web.get("/queries/any.ttl").data, format="turtle")
    assert [str(value) for value in verdict.objects(predicate=RS.boolean)] == ["true"]
    drawn = rdflib.Graph().parse(data=web.get("/queries/drawn.ttl").data, format="turtle")
    assert len(drawn) == 2
    assert RS.ResultSet not in set(drawn.objects())


def test_what_xml_cannot_hold_is_406_in_xml_only() -> None:
    graph = one_question('SELECT ?odd { VALUES ?odd { "\\u0001" } }', "odd")
    web = create_app(Settings(), graph).test_client()
    refused = web.get("/queries/one.rdf")
    assert refused.status_code == 406
    available = json.loads(refused.data)["available"]
    assert {"text/html", "application/ld+json", "text/turtle"} <= set(available)
    assert not {"application/rdf+xml", "application/trig"} & set(available)
    assert web.get("/queries/one.ttl").status_code == 200


@pytest.mark.parametrize(("plain", "ending"), [("application/json", "json"), ("application/xml", "xml")])
def test_formats_are_known_by_their_plain_names_too(web: FlaskClient, plain: str, ending: str) -> None:
    answer = web.get("/queries/numbered", headers={"Accept": plain})
    assert answer.mimetype == plain
    assert answer.data == web.get(f"/queries/numbered.{ending}").data


@pytest.mark.parametrize("address", ["/queries.json", "/queries?format=json", "/queries"])
def test_the_list_is_there_for_programs(web: FlaskClient, address: str) -> None:
    answer = web.get(address, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    told = json.loads(answer.data)
    assert told["graph"] == VERSION
    questions = {question["id"]: question for question in told["questions"]}
    assert list(questions) == sorted(FILES)
    typed = questions["typed"]
    assert typed["question"]["nn"] == "Kva tiltak er det?"
    assert typed["why"] == {"nb": "Å se dem.", "nn": "Å sjå dei.", "en": "To see them."}
    assert typed["columns"] == [{"name": "number", "headings": {"nb": "Nr", "nn": "Nr", "en": "Nr"}}]
    for format_ in typed["formats"]:
        assert web.get(format_["path"]).mimetype == format_["type"]
    assert questions["must"]["parameters"][0]["required"] is True


def test_the_list_tells_of_each_parameter_what_it_can_be(web: FlaskClient) -> None:
    questions = {
        question["id"]: question for question in json.loads(web.get("/queries.json").data)["questions"]
    }
    parameters = {parameter["name"]: parameter for parameter in questions["typed"]["parameters"]}
    sort = parameters["sort"]
    assert (sort["type"], sort["required"], sort["default"]) == ("kinds", False, "any")
    assert sort["label"] == {"nb": "Slag", "nn": "Slag", "en": "Sort"}
    assert sort["default_means"]["en"] == "all"
    assert sort["allowed"][0] == {
        "value": "Measure",
        "label": {"nb": "Tiltak", "nn": "Tiltak", "en": "Measure"},
        "terms": [f"{BASE}ontology#Measure"],
    }
    assert [choice["value"] for choice in parameters["spoken"]["allowed"]] == ["nb", "nn", "en"]
    assert "allowed" not in parameters["day"]
    assert "default_means" not in parameters["most"]


def test_the_list_is_a_page_for_people_and_nothing_else(web: FlaskClient) -> None:
    page = web.get("/queries", headers={"Accept": BROWSER})
    assert page.mimetype == "text/html"
    assert header_values(page, "Vary") >= {"Accept", "Accept-Language"}
    assert "</queries.json>" in page.headers["Link"]
    assert web.get("/queries.csv").status_code == 404
    assert web.get("/queries?format=csv").status_code == 406
    assert web.get("/queries", headers={"Accept": "text/csv"}).status_code == 406


@pytest.mark.parametrize(
    "address", ["/queries", "/queries.json", "/queries/numbered", "/queries/numbered.csv", "/openapi.json"]
)
def test_other_methods_are_answered_as_http_wants(web: FlaskClient, address: str) -> None:
    got, head = web.get(address), web.head(address)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers[name] == got.headers[name]
    options = web.options(address)
    assert options.status_code in (200, 204)
    for name in ("Allow", "Access-Control-Allow-Methods"):
        assert header_values(options, name) == {"GET", "HEAD", "OPTIONS"}
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        refused = web.open(address, method=method)
        assert refused.status_code == 405
        assert header_values(refused, "Allow") == {"GET", "HEAD", "OPTIONS"}


def test_a_field_with_a_wrong_value_is_marked_and_keeps_it(web: FlaskClient) -> None:
    answer = web.get("/queries/numbered?lang=en&day=juli", headers={"Accept": BROWSER})
    assert answer.status_code == 400
    marks = 'aria-invalid="true" aria-describedby="problem"'
    assert f'<input type="date" id="p-day" name="day" value="juli" {marks}>' in answer.text
    assert answer.text.count("aria-invalid") == 1
    assert 'id="problem"' in answer.text
    assert header_values(answer, "Vary") >= {"Accept", "Accept-Language"}
    assert answer.headers["Content-Language"] == "en"


def test_a_field_is_called_what_the_header_calls_it(web: FlaskClient) -> None:
    page = web.get("/queries/typed?lang=en", headers={"Accept": BROWSER}).text
    assert '<label for="p-words">Words ' in page
    assert '<label for="p-spoken">Tongue' in page
    plain = web.get("/queries/numbered?lang=en", headers={"Accept": BROWSER}).text
    assert '<label for="p-day">day' in plain


def test_links_to_other_formats_keep_the_values_and_the_language(web: FlaskClient) -> None:
    links = web.get("/queries/numbered.csv?least=5&lang=nn&limit=1").headers.getlist("Link")
    assert any(link.startswith("</queries/numbered.json?least=5&limit=1&lang=nn>;") for link in links)
