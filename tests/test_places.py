"""A finding is placed at the triple it is about, however its file is written."""

from pathlib import Path

import pytest

from bibgraph.findings import Finding, Severity
from bibgraph.repository import SourceFile
from bibgraph.turtle import read_quads
from bibgraph.validation import Places, ReadFile

TEXT = """@prefix ex: <http://ex.org/> .
ex:cat a ex:Catalogue ; ex:publisher [ a ex:Agent ;
     ex:ids ( 1 2
   "three" ) ] ;
   ex:title "one"@en ,
      "two"@en
      , \"\"\"long
title\"\"\"@en ;
   ex:about
      ex:thing .
"""


def placed(folder: Path, text: str, *, path: str, value: str = "", full_path: str = "") -> tuple[int, int]:
    written = folder / "data.ttl"
    written.write_text(text, "utf-8")
    file = SourceFile(written, "data.ttl", "http://ex.org/graph")
    places = Places([ReadFile.of(file, read_quads(written, graph=file.graph))])
    finding = places.place(
        Finding(
            "http://ex.org/rule",
            Severity.VIOLATION,
            {"en": "Mend it."},
            thing="http://ex.org/cat",
            path=path,
            value=value,
            full_path=full_path,
        )
    )
    assert finding.file == "data.ttl"
    return finding.line, finding.column


@pytest.mark.parametrize(
    ("path", "value", "line", "column"),
    [
        ("http://ex.org/title", '"two"@en', 6, 7),
        ("http://ex.org/title", '"long\\ntitle"@en', 7, 9),
        ("http://ex.org/about", "http://ex.org/thing", 10, 7),
        ("http://ex.org/title", "", 5, 13),
        ("http://ex.org/missing", "", 2, 1),
    ],
)
def test_the_place_is_the_object_or_the_first_statement(
    tmp_path: Path, path: str, value: str, line: int, column: int
) -> None:
    assert placed(tmp_path, TEXT, path=path, value=value) == (line, column)


def test_a_path_is_followed_to_its_value(tmp_path: Path) -> None:
    path = "<http://ex.org/publisher>/<http://ex.org/ids>/<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>*"
    full = f"{path}/<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>"
    assert placed(tmp_path, TEXT, path="ids", full_path=full, value='"three"') == (4, 4)


def test_a_path_that_never_comes_to_its_value_ends_at_the_thing(tmp_path: Path) -> None:
    text = "<http://ex.org/cat> <http://ex.org/next> <http://ex.org/cat> ."
    assert placed(tmp_path, text, path="next", full_path="<http://ex.org/next>+", value='"x"') == (1, 1)


def test_brackets_hundreds_deep_cost_the_place_only(tmp_path: Path) -> None:
    deep = "[ <http://ex.org/p> " * 1500 + "1" + " ]" * 1500
    text = f"<http://ex.org/cat> <http://ex.org/p> {deep} ."
    assert placed(tmp_path, text, path="http://ex.org/p") == (0, 0)
