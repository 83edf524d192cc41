"""The description of the addresses for programs: valid, complete, and kept to by what answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema

from bibgraph import __version__
from bibgraph.config import Settings
from bibgraph.graph import Graph, open_graph
from bibgraph.messages import LANGUAGES
from bibgraph.publish.dumps import dump, write
from bibgraph.repository import Repository
from bibgraph.web import create_app
from bibgraph.web.described.files import files_of
from conftest import CHECKOUT
from questions_world import FILES, small_graph
from web_world import header_values

EXAMPLES = 5
FIXED = [
    ("get", "/queries"),
    ("get", "/openapi.json"),
    ("get", "/sparql"),
    ("post", "/sparql"),
    ("get", "/id/{kind}/{key}"),
    ("get", "/doc/{kind}/{key}"),
    ("get", "/.well-known/void"),
    ("get", "/.well-known/api-catalog"),
    ("get", "/catalog"),
    ("get", "/concepts"),
    ("get", "/health"),
    ("get", "/feed"),
    ("get", "/feed/{kind}/{key}"),
    ("get", "/changes/activity"),
    ("get", "/changes/activity/page/{number}"),
    ("get", "/changes/activity/{release}/{index}"),
    ("get", "/changes/releases"),
    ("get", "/changes/releases/{release}.rdfp"),
    ("get", "/changes/releases/{release}.nq"),
    ("get", "/oai"),
    ("post", "/oai"),
    ("get", "/dumps/"),
    ("get", "/dumps/{name}"),
    ("get", "/dumps/{strategy}.stratml.xml"),
    ("get", "/linkset/{page}"),
    ("get", "/timegate/doc/{kind}/{key}"),
    ("get", "/timemap/doc/{kind}/{key}"),
    ("get", "/search/suggest"),
    ("get", "/opensearch.xml"),
    ("get", "/sparql/words"),
    ("get", "/neighbourhood/{kind}/{key}"),
    ("get", "/overviews/{overview}.csv"),
    ("get", "/overviews/{overview}.svg"),
    ("get", "/overviews/{overview}.png"),
]
FILES_OF_QUESTIONS = sorted((CHECKOUT / "queries/questions").glob("*.rq"), key=lambda file: file.stem)
QUESTIONS = [path.stem for path in FILES_OF_QUESTIONS]
TAKES_A_THING = re.compile(r"^#\+ parameter: \w+ thing", re.MULTILINE)
OF_THINGS = [path.stem for path in FILES_OF_QUESTIONS if TAKES_A_THING.search(path.read_text("utf-8"))]
OPERATIONS = [*FIXED, *(("get", f"/queries/{question}") for question in QUESTIONS)]
BEYOND_A_SCHEMA = ("/sparql", *(f"/queries/{question}" for question in OF_THINGS))
"""What these take is a language of its own, or must be in the graph: more than a JSON Schema can say."""


@schemathesis.serializer("application/sparql-query")
def as_it_is(_context: object, value: object) -> bytes:
    return str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def graph(repository: Repository) -> Graph:
    return open_graph(Settings(root=repository.root))


@pytest.fixture(scope="module")
def app(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, with dumps that hold nothing, but are there."""
    made = create_app(Settings(language="en", cache=tmp_path_factory.mktemp("cache")), graph)
    write(
        dump([], [], {"strategy-2023-2025.stratml.xml": b"<PerformancePlanOrReport/>"}),
        files_of(made).folder(),
    )
    return made


@pytest.fixture(scope="module")
def web(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def api(app: Flask) -> OpenApiSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


def told(web: FlaskClient, language: str = "en") -> Any:  # noqa: ANN401  # JSON is what it is
    answer = web.get(f"/openapi.json?lang={language}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    return json.loads(answer.data)


def operations(description: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def parameters(description: Mapping[str, Any], question: str) -> dict[str, Any]:
    listed = description["paths"][f"/queries/{question}"]["get"]["parameters"]
    common = description["components"]["parameters"]
    found = [common[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in listed]
    return {one["name"]: one for one in found}


def test_it_is_valid_and_names_every_address_and_no_other(web: FlaskClient) -> None:
    description = told(web)
    OpenAPIV31SpecValidator(description).validate()
    assert [(method, path) for method, path, _ in operations(description)] == OPERATIONS
    assert description["openapi"].startswith("3.1.")
    assert description["info"]["version"] == __version__
    assert description["info"]["license"]["identifier"] == "MIT"
    assert description["servers"] == [{"url": "/"}]
    identifiers = [operation["operationId"] for _, _, operation in operations(description)]
    assert len(set(identifiers)) == len(identifiers)


def test_it_speaks_the_readers_language_and_says_the_same_in_all(web: FlaskClient, graph: Graph) -> None:
    shapes = set()
    for language in LANGUAGES:
        description = told(web, language)
        for question in graph.catalogue:
            operation = description["paths"][f"/queries/{question.id}"]["get"]
            assert operation["summary"] == question.text(language)
            assert operation["description"] == question.why(language)
        shapes.add(
            json.dumps(
                [(method, path, sorted(op["responses"])) for method, path, op in operations(description)]
            )
        )
    assert len(shapes) == 1
    assert "Enhet. Tillatt: BU" in parameters(told(web, "nb"), "measures-by-unit")["unit"]["description"]


def test_parameters_are_typed_and_list_what_the_graph_holds(web: FlaskClient) -> None:
    found = parameters(told(web), "measures-by-unit")
    assert list(found) == ["unit", "date", "limit", "offset", "format", "lang"]
    assert {"BU", "TK", "any"} <= set(found["unit"]["schema"]["enum"])
    assert found["unit"]["schema"]["default"] == "any"
    assert found["unit"]["x-labels"]["BU"] == "Bibliotekutvikling"
    assert found["date"]["schema"]["anyOf"] == [{"type": "string", "format": "date"}, {"const": "latest"}]
    assert found["date"]["schema"]["default"] == "latest"
    assert found["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100_000}
    assert "csv" in found["format"]["schema"]["enum"]
    assert not any(one.get("required") for one in found.values())


def test_an_address_lists_its_columns_with_headings(web: FlaskClient, graph: Graph) -> None:
    description = told(web, "nn")
    for question in graph.catalogue:
        schema = description["components"]["schemas"][f"rows-{question.id}"]["properties"]
        headings = question.headings("nn")
        assert schema["head"]["properties"]["vars"]["const"] == list(headings)
        cells = schema["results"]["properties"]["bindings"]["items"]["properties"]
        assert {name: cell["description"] for name, cell in cells.items()} == headings


def test_it_is_the_same_until_the_graph_changes(web: FlaskClient, graph: Graph) -> None:
    first = web.get("/openapi.json")
    again = (
        create_app(Settings(language="en"), graph)
        .test_client()
        .get("/openapi.json", base_url="https://other.example")
    )
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert header_values(first, "Vary") >= {"Accept-Language"}
    unchanged = web.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert (
        web.get("/openapi.json", headers={"Accept-Language": "nb"}).headers["ETag"] != first.headers["ETag"]
    )


def test_the_examples_in_it_are_answered(web: FlaskClient) -> None:
    tried = 0
    for method, path, operation in operations(told(web)):
        examples = {one["name"]: one for one in operation["parameters"] if "example" in one}
        asked = {name: one["example"] for name, one in examples.items() if one["in"] == "query"}
        place = {name: one["example"] for name, one in examples.items() if one["in"] == "path"}
        if method == "get":
            answer = web.get(path.format(**place), query_string=asked)
            assert answer.status_code in (200, 302, 303), path
            tried += len(examples)
        for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
            sent: Any = {"data": body["example"], "content_type": media_type}
            assert web.post(path, **sent).status_code == 200
            tried += 1
    assert tried > len(QUESTIONS) / 2


@pytest.mark.parametrize("data", ["", '<https://e/a> <https://e/b> "c"@en .'])
def test_other_data_are_described_by_what_they_have(tmp_path: Path, data: str) -> None:
    file = tmp_path / "other.ttl"
    file.write_text(data, "utf-8")
    other = open_graph(Settings(root=CHECKOUT), data=[file])
    web = create_app(Settings(language="en", cache=tmp_path), other).test_client()
    described = told(web)
    OpenAPIV31SpecValidator(described).validate()
    assert "Norway" not in described["info"]["description"]
    assert "measure/2023-2025" not in json.dumps(described)
    assert "2025-10-14" not in json.dumps(described)
    assert '"examples": []' not in json.dumps(described)
    day = parameters(described, "measures-by-status")["date"]
    assert "example" not in day
    assert day["description"].endswith(
        "Write a day of the calendar as year-month-day. Without it: the latest."
    )
    for method, path, operation in operations(described):
        known = {one["name"]: one["example"] for one in operation["parameters"] if "example" in one}
        parts = {one["name"] for one in operation["parameters"] if one.get("in") == "path"}
        if method == "get" and parts and parts <= set(known) and not path.startswith("/dumps/"):
            assert web.get(path.format(**known)).status_code == 200, path
        elif method == "get" and path.startswith("/queries/"):
            assert web.get(path, query_string=known).status_code == 200, path


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_an_address_answers_as_described(api: OpenApiSchema, method: str, path: str) -> None:
    passed_over: list[Any] = [positive_data_acceptance] if path in BEYOND_A_SCHEMA else []

    @given(case=api[path][method].as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    def answers(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(excluded_checks=passed_over)

    answers()


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_question_cannot_take_is_refused_as_described(api: OpenApiSchema, question: str) -> None:
    operation = api[f"/queries/{question}"]["get"]

    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    def refuses(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate()

    refuses()


@pytest.mark.parametrize(
    "address",
    [
        "/sparql?query=SELECT+*+%7B+?s+?p+%7D",
        "/sparql?query=ASK%7B%7D&format=png",
        "/sparql?query=ASK%7B%7D&timeout=x",
        "/queries/measures?format=csv&format=json",
        "/queries/measures.json?format=csv",
        "/queries/measures.csv?limit=0",
        "/queries/measures.csv?limit=1&limit=2",
        "/queries/measures-by-unit.csv?unit=BUI",
        "/queries/measures-by-unit.csv?unit=BU&unit=KD",
        "/queries/measures-by-unit.csv?nothing=1",
    ],
)
def test_all_that_is_told_of_a_failure_is_described(web: FlaskClient, address: str) -> None:
    described = told(web)["components"]["schemas"]["Problem"]
    answer = web.get(address)
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.data)
    assert set(problem) <= set(described["properties"])
    Draft202012Validator(described).validate(problem)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_day_is_taken_by_the_questions_that_have_one_and_refused_by_the_others(
    web: FlaskClient, graph: Graph, question: str
) -> None:
    own = [one.name for one in graph.catalogue.get(question).parameters]
    answer = web.get(f"/queries/{question}.json?date=2025-10-14")
    if "date" in own:
        assert answer.status_code == 200
    else:
        problem = json.loads(answer.data)
        assert (answer.status_code, problem["parameter"], problem["parameters"]) == (400, "date", own)
        assert all(name in problem["hint"] for name in own)


@pytest.mark.parametrize("question", QUESTIONS)
def test_rows_in_json_are_as_described(api: OpenApiSchema, question: str) -> None:
    for type_ in ("application/json", "application/sparql-results+json"):
        case = api[f"/queries/{question}"]["get"].Case(headers={"Accept": type_})
        answer = case.call_and_validate(excluded_checks=[negative_data_rejection])
        assert answer.status_code == 200
        assert answer.json()["results"]["bindings"]


def test_questions_of_every_kind_and_type_are_described(tmp_path_factory: pytest.TempPathFactory) -> None:
    small = small_graph(tmp_path_factory.mktemp("queries"))
    described = told(create_app(Settings(language="en"), small).test_client())
    OpenAPIV31SpecValidator(described).validate()
    typed = parameters(described, "typed")
    assert typed["least"]["schema"]["anyOf"][0]["type"] == "integer"
    assert typed["most"]["schema"]["default"] == 10
    assert typed["words"]["schema"]["type"] == "string"
    must = parameters(described, "must")
    assert must["kind"]["required"]
    assert set(must["kind"]["schema"]["enum"]) == {"Measure", "StatusObservation"}
    assert "limit" not in must
    api = schemathesis.openapi.from_wsgi("/openapi.json", create_app(Settings(language="en"), small))
    for question in FILES:
        answer = api[f"/queries/{question}"]["get"].Case(
            query={"kind": "Measure"} if question == "must" else {}
        )
        assert answer.call_and_validate().status_code == 200
