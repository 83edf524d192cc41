"""Files that are checked without being read into Python say the same as those that are."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.checking import Selection, elsewhere, examine
from bibgraph.findings import Finding
from bibgraph.repository import SourceFile, general_rules
from bibgraph.selection import Patterns
from bibgraph.turtle import read_content
from bibgraph.validation import ReadFile

SHAPES = """
@prefix : <http://x/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:S sh:targetClass :C ; sh:property :P , :Q , :R .
:P sh:path :p ; sh:minCount 1 ; sh:datatype xsd:nonNegativeInteger .
:Q sh:path :q ; sh:lessThanOrEquals :r .
:R sh:path :r ; sh:nodeKind sh:Literal .
"""
HEAD = "@prefix : <http://x/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"


def findings(folder: Path, engine: str = "pyshacl") -> list[Finding]:
    none = Patterns(folder, ())
    selection = Selection(
        folder, Patterns(folder, ("*.ttl",)), Patterns(folder, ("shapes.ttl",)), none, none, none
    )
    return by_shapes(examine(elsewhere(selection, general_rules()), engine))


def by_shapes(found: list[Finding]) -> list[Finding]:
    return [each for each in found if each.rule.startswith("http://x/")]


def told(found: list[Finding]) -> list[tuple[str, str, str, int, int]]:
    return [(each.rule, each.thing, each.value, each.line, each.column) for each in found]


def put(folder: Path, *texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "shapes.ttl").write_text(SHAPES, "utf-8")
    for number, text in enumerate(texts):
        (folder / f"data-{number}.ttl").write_text(HEAD + text, "utf-8")
    return folder


@pytest.mark.parametrize("engine", ["pyshacl", "shacl-rust", "shifty"])
def test_values_have_the_datatype_and_the_form_that_are_written(tmp_path: Path, engine: str) -> None:
    """A store that made plain integers of all would find faults that there are not, and hide others."""
    right = ':a a :C ; :p "1"^^xsd:nonNegativeInteger .\n'
    wrong = ':b a :C ; :p 01 ; :q 07 , "5"^^xsd:int ; :r "06"^^xsd:short .\n'
    found = told(findings(put(tmp_path, right + wrong), engine))
    assert [each[:3] for each in found] == [
        ("http://x/P", "http://x/b", '"01"^^xsd:integer'),
        ("http://x/Q", "http://x/b", '"07"^^xsd:integer'),
    ]
    assert [each[3:] for each in found] == [(3, 14), (3, 22)]


@pytest.mark.parametrize("engine", ["pyshacl", "shacl-rust"])
@pytest.mark.parametrize("several", [False, True])
def test_blank_nodes_are_told_apart_and_found(tmp_path: Path, engine: str, several: bool) -> None:  # noqa: FBT001
    one = "[] a :C .\n_:x a :C ; :p 1 .\n"
    other = '_:x a :C ; :p "2"^^xsd:nonNegativeInteger .\n:n :o ( 1 2 ) .\n'
    texts = [one, other] if several else [one + other.replace("_:x", "_:y")]
    found = findings(put(tmp_path, *texts), engine)
    assert [(each.rule, each.value, each.line) for each in found] == [
        ("http://x/P", "", 2),
        ("http://x/P", '"1"^^xsd:integer', 3),
    ]
    assert len({each.thing for each in found}) == 2


def test_a_finding_in_one_of_several_files_is_placed_there(tmp_path: Path) -> None:
    found = findings(put(tmp_path, ":a :p 1 .\n", ":a a :C .\n:b a :C .\n"))
    assert [(each.file, each.thing, each.line) for each in found] == [
        ("data-0.ttl", "http://x/a", 2),
        ("data-1.ttl", "http://x/b", 3),
    ]


def test_files_of_all_kinds_say_the_same(tmp_path: Path) -> None:
    turtle = put(tmp_path / "turtle", ":a a :C ; :q 2 ; :r 1 , :b .\n:b a :D .\n")
    quads = list(ox.parse(path=turtle / "data-0.ttl"))
    expected = [each[:3] for each in told(findings(turtle))]
    assert len(expected) == 3
    for ending in ("nt", "nq", "trig", "rdf", "jsonld"):
        folder = put(tmp_path / ending)
        format_ = ox.RdfFormat.from_extension(ending)
        ox.serialize(quads, output=folder / f"data.{ending}", format=format_)
        none = Patterns(folder, ())
        data = Patterns(folder, (f"data.{ending}",))
        selection = Selection(folder, data, Patterns(folder, ("shapes.ttl",)), none, none, none)
        found = told(by_shapes(examine(elsewhere(selection, general_rules()))))
        assert sorted(each[:3] for each in found) == sorted(expected)


PARTS = [
    *(*"[](){}'\"#\n\\ ", "_:", '"""', '"a [ b"', "'c ( d'", '"""e [ \n f"""'),
    *("<http://x/(y)>", ":p ", ". ", "# [ \n"),
]
TEXT = st.lists(st.sampled_from(PARTS)).map("".join)


@given(TEXT, TEXT)
def test_a_file_without_signs_of_blank_nodes_has_none(before: str, after: str) -> None:
    for middle in (":o", '"x"', "[]", "( 1 )", "_:b", "[ :p 1 ]"):
        text = f"{HEAD}{before}\n:s :p {middle} .\n{after}"
        try:
            quads = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
        except SyntaxError:
            continue
        read = ReadFile(SourceFile(Path("x.ttl"), "x.ttl", "http://g"), content=text.encode())
        has = any(isinstance(node, ox.BlankNode) for quad in quads for node in quad)
        assert read.may_have_blanks or not has


def test_texts_with_brackets_in_them_are_no_sign_of_blank_nodes(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text(f'{HEAD}:a :p "Plan (2024) [sic], _: \\" (x)" .\n', "utf-8")
    read = ReadFile.later(SourceFile(file, "data.ttl", "http://g"), read_content(file))
    assert not read.may_have_blanks
    assert len(read.quads) == 1
