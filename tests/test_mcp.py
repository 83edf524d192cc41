"""``bibgraph mcp``, as the protocol's own client sees it over standard input and output."""

from __future__ import annotations

import asyncio
import builtins
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp import Client, MCPError, types
from mcp.client.stdio import StdioServerParameters, stdio_client

from bibgraph.config import Settings
from bibgraph.graph import open_graph
from bibgraph.limits import Limits
from bibgraph.mcp import Tools
from bibgraph.mcp.running import called
from bibgraph.repository import Repository
from conftest import CHECKOUT, Outcome
from test_serve_command import TURTLE, served

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
CALLS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "list": ("list_questions", {"language": "nn"}),
    "ask": ("ask_question", {"question": "status-as-of", "parameters": {"date": "2025-10-14"}, "limit": 3}),
    "whole": ("ask_question", {"question": "measures-by-status"}),
    "select": ("sparql", {"query": "SELECT ?p { ?s ?p ?o }", "limit": 2}),
    "truth": ("sparql", {"query": "ASK {}"}),
    "drawn": ("sparql", {"query": "CONSTRUCT WHERE { ?m <https://w3id.org/bibgraph/ontology#number> ?n }"}),
    "thing": ("describe", {"thing": "measure/2023-2025/14"}),
    "no question": ("ask_question", {"question": "measures-by-statu"}),
    "no value": ("ask_question", {"question": "measures-by-unit", "parameters": {"unit": "BUI"}}),
    "no thing": ("describe", {"thing": "measure/2023-2025/140"}),
    "no query": ("sparql", {}),
    "no number": ("sparql", {"query": "ASK {}", "limit": 0}),
    "no tool": ("drop", {}),
    "update": ("sparql", {"query": "INSERT DATA { <x:a> <x:b> 1 }"}),
    "service": ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}),
    "from": ("sparql", {"query": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"}),
    "endless": ("sparql", {"query": CROSS}),
    "greedy": ("sparql", {"query": "SELECT DISTINCT ?a ?b ?c ?d ?e ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f"}),
    "broken": ("sparql", {"query": "SELECT * {"}),
    "after": ("sparql", {"query": "SELECT (1 AS ?one) {}"}),
}


@dataclass(frozen=True)
class Conversation:
    """All that the server answered in one session."""

    tools: list[types.Tool]
    results: Mapping[str, types.CallToolResult]
    resources: list[types.Resource]
    text: str
    refused: str


def program(*options: str) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "bibgraph", "--language", "en", "mcp", *options],
        env={"PYTHONPATH": str(CHECKOUT / "src")},
        cwd=str(CHECKOUT),
    )


async def converse(mode: str) -> Conversation:
    limited = program("--limit", "timeout=3", "--limit", "workers=1")
    async with Client(stdio_client(limited), mode=mode) as client:
        tools = (await client.list_tools()).tools
        results = {key: await client.call_tool(name, asked) for key, (name, asked) in CALLS.items()}
        resources = (await client.list_resources()).resources
        read = (await client.read_resource(resources[0].uri)).contents[0]
        assert isinstance(read, types.TextResourceContents)
        with pytest.raises(MCPError) as refused:
            await client.read_resource("bibgraph://ontology/nope")
        return Conversation(tools, results, resources, read.text, str(refused.value))


@pytest.fixture(scope="module", params=["legacy", "auto"])
def said(request: pytest.FixtureRequest) -> Conversation:
    """A session as older clients begin it, and one as newer ones do."""
    return asyncio.run(asyncio.wait_for(converse(request.param), 300))


def told(said: Conversation, key: str) -> dict[str, Any]:
    """What a call answered; as text and as members it is the same."""
    result = said.results[key]
    assert not result.is_error, result.content
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    assert json.loads(content.text) == result.structured_content
    members: dict[str, Any] = result.structured_content
    return members


def problem(said: Conversation, key: str) -> str:
    result = said.results[key]
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    assert result.structured_content["problem"] == content.text
    return content.text


def test_every_tool_only_reads_and_says_what_it_takes(said: Conversation) -> None:
    assert [tool.name for tool in said.tools] == ["list_questions", "ask_question", "sparql", "describe"]
    for tool in said.tools:
        assert tool.annotations
        assert tool.annotations.read_only_hint
        Draft202012Validator.check_schema(tool.input_schema)


def test_the_questions_are_listed_with_the_schemas_of_their_parameters(said: Conversation) -> None:
    listed = {question["id"]: question for question in told(said, "list")["questions"]}
    assert set(listed) == {path.stem for path in (CHECKOUT / "queries/questions").glob("*.rq")}
    schema = listed["measures-by-unit"]["parameters"]
    Draft202012Validator.check_schema(schema)
    assert "BU" in schema["properties"]["unit"]["enum"]
    assert listed["measures"]["question"].startswith("Kva tiltak")
    assert all(question["why"] for question in listed.values())


def test_an_answer_comes_with_passages_version_and_citation(said: Conversation) -> None:
    answer = told(said, "ask")
    assert (len(answer["rows"]), answer["complete"]) == (3, False)
    assert answer["columns"] == list(answer["headings"])
    behind = [source for source in answer["sources"] if answer["rows"][0]["measure"] in source["of"]]
    assert behind
    assert any(source.get("quotation") and source.get("line_start") for source in behind)
    assert all(source["source"] for source in behind)
    assert answer["graph_version"] in answer["citation"]["text"]
    assert "date=2025-10-14" in answer["citation"]["text"]
    assert answer["citation"]["csl_json"]["type"] == "dataset"
    assert told(said, "whole")["complete"]


def test_sparql_gives_rows_truth_or_turtle(said: Conversation) -> None:
    rows = told(said, "select")
    assert (len(rows["rows"]), rows["complete"]) == (2, False)
    assert told(said, "truth")["answer"] is True
    assert "bg:number 14" in told(said, "drawn")["turtle"]


def test_a_thing_is_described_with_its_proof(said: Conversation) -> None:
    thing = told(said, "thing")
    assert thing["name"] == "Measure 14: infrastructure for metadata"
    assert {"property": "number", "value": "14"}.items() <= next(
        statement for statement in thing["statements"] if statement["property"] == "number"
    ).items()
    assert any("14. Nasjonalbiblioteket" in source["quotation"] for source in thing["sources"])
    assert thing["citation"]["csl_json"]["URL"] == thing["thing"]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("no question", "Did you mean measures-by-status"),
        ("no value", "Did you mean BU?"),
        ("no thing", "Did you mean measure/2023-2025/14"),
        ("no query", "'query' is a required property"),
        ("no number", "less than the minimum"),
        ("no tool", "Allowed: ask_question, describe, list_questions, sparql."),
        ("update", "would change the graph"),
        ("service", "SERVICE would ask another server"),
        ("from", "There is no graph file:///etc/passwd here."),
        ("endless", "took more than the 3 s that it may"),
        ("broken", "1:10: «{» is never closed."),
    ],
)
def test_what_cannot_be_done_is_refused_and_says_why(said: Conversation, key: str, says: str) -> None:
    assert says in problem(said, key)


def test_whatever_was_asked_the_next_query_is_answered(said: Conversation) -> None:
    assert said.results["greedy"].is_error
    assert told(said, "after")["rows"] == [{"one": 1}]


def test_the_ontology_can_be_read(said: Conversation) -> None:
    assert {resource.uri for resource in said.resources} >= {"bibgraph://ontology/bibgraph.ttl"}
    assert "bg:Strategy" in said.text
    assert "There is no resource" in said.refused


async def ask_elsewhere(*options: str) -> list[types.CallToolResult]:
    async with Client(stdio_client(program(*options))) as client:
        named = {"query": "SELECT ?l { <https://w3id.org/bibgraph/id/thing/a> ?p ?l }"}
        return [await client.call_tool("sparql", asked) for asked in (named, {"query": "DROP ALL"})]


def test_other_files_and_services_are_asked_the_same_way(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(TURTLE, "utf-8")
    with served("--data", str(file)) as server:
        for options in (("--data", str(file)), ("--endpoint", f"{server.address}sparql")):
            answered, refused = asyncio.run(asyncio.wait_for(ask_elsewhere(*options), 60))
            assert [list(row.values()) for row in answered.structured_content["rows"]] == [["A"]]
            assert refused.is_error


def test_an_error_speaks_the_language_of_the_call(repository: Repository) -> None:
    tools = Tools(open_graph(Settings(root=repository.root)), Limits(), "en")
    for language, says in (("nn", "Meinte du"), ("nb", "Mente du"), ("xx", "Did you mean")):
        result = called(tools, "ask_question", {"question": "measure", "language": language})
        assert says in result.structured_content["problem"]


def test_without_the_extra_the_command_says_how_to_get_it(
    bibgraph: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("bibgraph.mcp")]:
        monkeypatch.delitem(sys.modules, name)
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:  # noqa: ANN401  # as the built-in has it
        if name.partition(".")[0] == "mcp":
            raise ModuleNotFoundError(name=name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    done = bibgraph("mcp")
    assert (done.code, done.out) == (2, "")
    assert "pip install 'bibgraph[mcp]'" in done.err


def test_wrong_use_is_told(bibgraph: Callable[..., Outcome], tmp_path: Path) -> None:
    assert "no option" in bibgraph("mcp", "stray").err
    assert bibgraph("mcp", "--limit", "tmeout=1").code == 2
    assert bibgraph("mcp", "--data", str(tmp_path / "none.ttl")).code == 2
