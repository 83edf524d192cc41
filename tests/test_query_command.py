from __future__ import annotations

import io
import json
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Outcome

DATA = """
@prefix bg: <https://w3id.org/bibgraph/ontology#> .
@prefix m: <https://w3id.org/bibgraph/id/measure/2030/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
m:1 a bg:Measure ; bg:number 1 ; bg:text "Låne ut"@nb ; bg:latest "2030-01-01"^^xsd:date .
m:2 a bg:Measure ; bg:number 2 ; bg:text "Kontroll\\u0001tegn" ; bg:latest "2031-01-01"^^xsd:date .
"""
MEASURES = """\
#+ id: measures
#+ question-nb: Hvilke tiltak?
#+ question-nn: Kva tiltak?
#+ question-en: Which measures?
#+ why-nb: Derfor.
#+ why-nn: Difor.
#+ why-en: Therefore.
#+ kind: select
#+ parameter: to date any
#+ parameter: thing thing any
#+ columns-nb: thing=Tiltak, number=Nr
#+ columns-nn: thing=Tiltak, number=Nr
#+ columns-en: thing=Measure, number=No
PREFIX bg: <https://w3id.org/bibgraph/ontology#>
SELECT ?thing ?number {
    VALUES $to { UNDEF }
    VALUES $thing { UNDEF }
    ?thing bg:number ?number ; bg:latest ?latest
    FILTER (!BOUND($to) || ?latest <= $to)
}
ORDER BY ?number
"""
ALL = "CONSTRUCT { ?s <https://e/text> ?o } WHERE { ?s <https://w3id.org/bibgraph/ontology#text> ?o }"

Call = Callable[..., Outcome]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name, text in {
        "ontology/bibgraph.ttl": "",
        "data/measures/report.ttl": DATA,
        "shapes/measure.ttl": "",
        "queries/questions/measures.rq": MEASURES,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def query(bibgraph: Call, root: Path) -> Call:
    """Call ``bibgraph query`` on the small project above."""
    return lambda *arguments, **more: bibgraph("--root", root, "query", *arguments, **more)


def saved(folder: Path, text: str, name: str = "own.rq") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_ready_question_is_answered_as_a_table_with_headings(query: Call) -> None:
    done = query("measures")
    assert (done.code, done.err) == (0, "")
    assert done.out == "Measure         No\n--------------  --\nmeasure/2030/1   1\nmeasure/2030/2   2\n"
    assert query("measures", language="nb").out.splitlines()[0] == "Tiltak          Nr"
    assert query("measures", "--language", "nn").out.splitlines()[0] == "Tiltak          Nr"


def test_parameters_are_bound(query: Call) -> None:
    done = query("measures", "--param", "to=2030-12-31", "--format", "csv")
    assert done.out == "thing,number\r\nhttps://w3id.org/bibgraph/id/measure/2030/1,1\r\n"
    done = query("measures", "--param", "thing=measure/2030/2", "--param", "to=any", "--format", "csv")
    assert done.out == "thing,number\r\nhttps://w3id.org/bibgraph/id/measure/2030/2,2\r\n"


def test_an_answer_without_rows_is_said_beside_it(query: Call) -> None:
    done = query("measures", "--param", "to=1999-01-01")
    assert done.code == 0
    assert done.out == "Measure  No\n-------  --\n"
    assert done.err == "The answer has no rows.\n"


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "xml"])
def test_stdout_holds_the_answer_and_nothing_else(query: Call, format_: str) -> None:
    done = query("measures", "--format", format_)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\n")
    assert done.out.count("measure/2030/1") == 1
    if format_ == "json":
        assert len(json.loads(done.out)["results"]["bindings"]) == 2


def test_a_file_of_ones_own_is_asked(query: Call, tmp_path: Path) -> None:
    path = saved(tmp_path, "SELECT ?text { ?s <https://w3id.org/bibgraph/ontology#text> ?text } ORDER BY ?s")
    assert query("--file", path).out == "text\n----------------\nLåne ut\nKontroll\\x01tegn\n"


def test_stdin_is_asked(query: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\ufeffASK { ?s ?p 'Låne ut'@nb }"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert query("--file", "-").out == "yes\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ASK { \xff }")))
    done = query("--file", "-")
    assert (done.code, done.out) == (2, "")
    assert done.err == "stdin: The query is not UTF-8.\n"


def test_a_yes_or_no_is_told_in_the_readers_language(query: Call, tmp_path: Path) -> None:
    path = saved(tmp_path, "ASK { ?s ?p 'nothing' }")
    assert query("--file", path).out == "no\n"
    assert query("--file", path, "--format", "json").out == '{"head":{},"boolean":false}\n'


def test_a_graph_comes_as_turtle_or_as_told(query: Call, tmp_path: Path) -> None:
    path = saved(tmp_path, ALL)
    assert '<https://e/text> "Låne ut"@nb' in query("--file", path).out
    assert '"Låne ut"@nb .\n' in query("--file", path, "--format", "nt").out
    done = query("--file", path, "--format", "csv")
    assert (done.code, done.out) == (2, "")
    assert "There is: ttl, nt, jsonld, rdf, trig, nq." in done.err


def test_what_xml_cannot_hold_leaves_stdout_empty(query: Call, tmp_path: Path) -> None:
    done = query("--file", saved(tmp_path, ALL), "--format", "rdf")
    assert (done.code, done.out) == (2, "")
    assert "XML cannot hold" in done.err


def test_a_file_with_a_header_takes_parameters(query: Call, tmp_path: Path) -> None:
    path = saved(tmp_path, MEASURES.replace("id: measures", "id: own"))
    done = query("--file", path, "--param", "thing=measure/2030/1")
    assert done.out.splitlines()[2:] == ["measure/2030/1   1"]
    assert query("--file", path, "--format", "csv").out.count("measure/2030") == 2


def test_without_a_name_the_questions_are_listed(query: Call) -> None:
    done = query()
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Name      Question         Parameters        Why\n"
        "--------  ---------------  ----------------  ----------\n"
        "measures  Which measures?  to=any thing=any  Therefore.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["measure"], "There is no question «measure».\nDid you mean measures?"),
        (["measures", "--param", "form=1"], "«measures» has no parameter «form».\nAllowed: thing, to."),
        (["measures", "--param", "to"], "«to» is no parameter.\nWrite its name and its value"),
        (["measures", "--param", "=x"], "«=x» is no parameter."),
        (["measures", "--param", "to=any", "--param", "to=any"], "to: The parameter is given twice."),
        (["measures", "--param", "to=soon"], "to: «soon» is none of its values.\nWrite a day"),
        (["measures", "--param", "thing=measure/2030/3"], "Did you mean measure/2030/"),
        (["measures", "--file", "x.rq"], "a question or a file, not both"),
        (["--param", "to=any"], "There is no question to ask."),
        (["--format", "csv"], "There is no question to ask."),
        (["--file", "-", "--param", "to=any"], "A query from stdin takes no parameters."),
        (["--file", "none.rq"], "none.rq: There is no such file."),
        (["measures", "--format", "ttl"], "This answer cannot be written as ttl."),
        (["measures", "--endpoint", "ftp://x"], "endpoint cannot be 'ftp://x'."),
    ],
)
def test_wrong_use_ends_with_2_and_what_would_have_been_right(
    query: Call, arguments: list[str], says: str
) -> None:
    done = query(*arguments)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("SELECT *\nWHERE { ?s ?p }", "2:15", "«}»"),
        ("SELECT *\nWHERE { ?s ?p ex:x }", "2:15", "PREFIX ex:"),
        ("SELECT *\nWHER { ?s ?p ?o }", "2:1", "Did you mean WHERE?"),
        ("ASK {\n  SERVICE <https://e/> {} }", "2:3", "not allowed here"),
        ("DROP ALL", "1:1", "would change the graph"),
        ("ASK " + "{" * 100 + "}" * 100, "1:65", "nested deeper"),
    ],
)
def test_a_query_that_cannot_be_asked_is_told_with_file_line_and_column(
    query: Call, tmp_path: Path, text: str, place: str, says: str
) -> None:
    path = saved(tmp_path, text)
    done = query("--file", path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"{path}:{place}: ")
    assert says in done.err


def test_a_file_that_is_no_ready_question_takes_no_parameters(query: Call, tmp_path: Path) -> None:
    path = saved(tmp_path, "ASK {}")
    done = query("--file", path, "--param", "to=any")
    assert (done.code, done.out) == (2, "")
    assert f"{path}:1: The header lacks id" in done.err


def test_an_endpoint_that_is_down_ends_with_3(query: Call) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/sparql"
    done = query("measures", "--endpoint", url)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"{url}: The service cannot be reached")


def test_a_terminal_gets_a_drawn_table(query: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "┃" not in query("measures").out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    drawn = re.sub("\x1b\\[[0-9;]*m", "", query("measures").out)
    assert "┃ Measure        ┃ No ┃" in drawn
    assert "│ measure/2030/1 │  1 │" in drawn
