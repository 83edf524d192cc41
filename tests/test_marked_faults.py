"""Faults stand where a mark was put before them, however the file is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Outcome

MARK = "¤"
SHAPES = """
@prefix ex: <http://ex.example/ns#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:TShape sh:targetClass ex:T ; sh:property ex:T-n .
ex:T-n sh:path ex:n ; sh:minCount 1 ; sh:datatype xsd:integer .
ex:ListShape sh:targetSubjectsOf ex:list ; sh:property ex:List-item .
ex:List-item sh:path ( ex:list [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ; sh:datatype xsd:integer .
"""
TURTLE = """\ufeff@base <http://ex.example/id/> . @prefix ex: <http://ex.example/ns#> .
@prefix : <x/> . # [ ( "
:𝔘😀\\,a%20b a ex:T ; ex:n ¤'one' , 1 , ¤\"\"\"two
 😀 ; .\"\"\"@nb-NO, 2 ;; ex:sub [ ex:n 3 ; a ex:T ; ex:sub [ a ex:T ; ex:n\t¤2.5 ] ] .
@prefix : <y/> . PREFIX ex2: <http://ex.example/ns#>
<#frag> ex2:list ( 1 ¤[] ¤true 2 ¤ex:one ) ; ex:n 5 . ¤:missing a ex:T . ¤[ a ex:T ] ex:sub <z> .
<../up?q#f> ex:n ¤ex:é.f , 7 ; a ex:T .
"""
TRIG = """@prefix ex: <http://ex.example/ns#> .\r\n<http://ex.example/g> {\r\n
\tex:s a ex:T ; ex:n ¤-1.0e0\r\n} GRAPH _:g { ex:t a ex:T ; ex:n 4 , ¤"x"^^ex:d }\r\n"""
LINES = """<http://ex.example/\\u00E6> \
<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://ex.example/ns#T> .
# a comment\r<http://ex.example/æ>\t<http://ex.example/ns#n>  ¤"\\"\\n." .
"""


def unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without marks, and the line and column of each; a byte order mark takes no column."""
    places, pieces = [], text.split(MARK)
    for number in range(1, len(pieces)):
        before = "".join(pieces[:number]).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        places.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
    return "".join(pieces), places


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a b/ø.ttl", TURTLE),
        ("a b/ø.ttl", TURTLE.replace("\n", "\r\n")),
        ("a b/ø.trig", TURTLE),
        ("g.trig", TRIG),
        ("l.nt", LINES),
        ("l.nq", LINES),
    ],
)
def test_faults_stand_where_they_are_marked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bibgraph: Callable[..., Outcome],
    name: str,
    text: str,
) -> None:
    content, places = unmarked(text)
    file = tmp_path / "data" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(content.encode())
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    outcome = bibgraph("check", "--format", "json", "--data", "data", "--shapes", "shapes.ttl")
    found = [each for each in json.loads(outcome.out)["findings"] if each["component"]]
    assert {each["file"] for each in found} == {f"data/{name}"}
    assert sorted((each["line"], each["column"]) for each in found) == places
