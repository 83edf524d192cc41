"""Ready questions: their list, their forms, their answers in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bibgraph.catalogue import Catalogue
from bibgraph.config import Settings
from bibgraph.graph import Graph
from bibgraph.repository import Repository
from bibgraph.web import create_app
from web_world import BASE, CHECKOUT, VERSION, CountingStore, header_values, quads

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HEADER = """\
#+ id: {id}
#+ question-nb: Hvilke tiltak er det?
#+ question-nn: Kva tiltak er det?
#+ question-en: Which measures are there?
#+ why-nb: Å se dem.
#+ why-nn: Å sjå dei.
#+ why-en: To see them.
#+ kind: {kind}
"""
COLUMNS = "".join(
    f"#+ columns-{tag}: measure={word}, number=Nr\n"
    for tag, word in (("nb", "Tiltak"), ("nn", "Tiltak"), ("en", "Measure"))
)
SELECT = """
PREFIX bg: <https://w3id.org/bibgraph/ontology#>
SELECT ?measure ?number
WHERE {
    ?measure a bg:Measure ; bg:number ?number .
    VALUES $least { UNDEF }
    VALUES $day { UNDEF }
    VALUES $spoken { UNDEF }
    FILTER (!BOUND($least) || ?number >= $least)
    FILTER (STR($spoken) != "")
}
ORDER BY ?number
"""
FILES = {
    "numbered": HEADER.format(id="numbered", kind="select")
    + COLUMNS
    + "#+ parameter: least integer any\n#+ parameter: day date latest\n#+ parameter: spoken language reader\n"
    + SELECT,
    "any": HEADER.format(id="any", kind="ask") + "\nASK { ?s ?p ?o }\n",
    "drawn": HEADER.format(id="drawn", kind="construct")
    + "\nCONSTRUCT WHERE { ?m <https://w3id.org/bibgraph/ontology#number> ?n }\n",
    "must": HEADER.format(id="must", kind="ask")
    + "#+ parameter: kind kinds\n\nASK { VALUES $kind { UNDEF } ?thing a $kind }\n",
}
KINDS = """\
SELECT ?value ?term ?label
WHERE {
    ?term a <http://www.w3.org/2002/07/owl#Class> .
    ?term <http://www.w3.org/2000/01/rdf-schema#label> ?label .
    BIND (REPLACE(STR(?term), "^.*#", "") AS ?value)
}
"""


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("queries")
    for name in ("questions", "values"):
        (folder / name).mkdir()
    (folder / "values" / "kinds.rq").write_text(KINDS, encoding="utf-8")
    paths: list[Path] = []
    for name, text in FILES.items():
        paths.append(folder / "questions" / f"{name}.rq")
        paths[-1].write_text(text, encoding="utf-8")
    graph = Graph(Repository(CHECKOUT), CountingStore(quads(), VERSION), Catalogue.load(paths))
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


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/queries/numbered.csv?least=many", ("least", "whole number")),
        ("/queries/numbered.csv?day=juli", ("day", "2025-10-14")),
        ("/queries/numbered.csv?day=2030-02-30", ("day", "2025-10-14")),
        ("/queries/numbered.csv?lest=1", ("lest", "least")),
        ("/queries/numbered.csv?least=1&least=2", ("least", "once")),
        ("/queries/must.json", ("kind", "Measure")),
        ("/queries/must.json?kind=Measur", ("kind", "Measure")),
    ],
)
def test_a_wrong_value_is_400_and_names_the_parameter_and_what_is_right(
    web: FlaskClient, address: str, says: tuple[str, str]
) -> None:
    answer = web.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    told = json.loads(answer.data)
    text = f"{told['detail']} {told.get('hint', '')}"
    assert says[0] in text
    assert says[1] in text


def test_on_a_page_a_wrong_value_is_told_above_the_form_to_mend_it(web: FlaskClient) -> None:
    answer = web.get("/queries/must?lang=en", headers={"Accept": BROWSER})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert '<option value="Measure">Measure</option>' in answer.text
    assert web.get("/queries/must?lang=en&kind=Measure", headers={"Accept": BROWSER}).status_code == 200


def test_values_are_terms_and_never_text_of_the_query(web: FlaskClient) -> None:
    for value in ("1 } } #", '1" || "1"="1', "1) || (1=1"):
        assert web.get("/queries/numbered.csv", query_string={"least": value}).status_code == 400


def test_an_unknown_question_is_404_and_names_those_like_it(web: FlaskClient) -> None:
    answer = web.get("/queries/numberd", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "numbered" in json.loads(answer.data)["hint"]
    assert web.get("/queries/numbered.doc").status_code == 404


def test_a_format_that_does_not_fit_the_answer_is_406(web: FlaskClient) -> None:
    assert web.get("/queries/numbered.ttl").status_code == 406
    assert web.get("/queries/drawn.csv").status_code == 406
    assert web.get("/queries/numbered", headers={"Accept": "image/png"}).status_code == 406


def test_the_same_answer_is_not_sent_twice(web: FlaskClient) -> None:
    first = web.get("/queries/numbered.csv")
    again = web.get("/queries/numbered.csv", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert web.get("/queries/numbered.csv?least=5").headers["ETag"] != first.headers["ETag"]
