"""Positions come from a parse that reads the same statements as the engine does."""

from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.turtle.positions import Outline, statements
from bibgraph.turtle.scanning import PositionError

ROOT = Path(__file__).parent.parent
TURTLE_FILES = sorted(
    path for folder in ("ontology", "data", "shapes") for path in (ROOT / folder).rglob("*.ttl")
)

EVERYTHING = '''@prefix a: <http://a/> . @prefix : <http://d/> .
:x a:p [ a:q "x" , """two
"lines\\" text"""@nb ; a:r ( 1 2.5 -3e4 [ a:s true ] ) ] , <http://z> ; ; .
[ a:p a:b ] . [] a:p 'it\\'s \\u00e6' . _:b1 a:p _:b2.
:a.b a:c\\,d :e%20f ; # a comment with "quotes" and <brackets>
    a:long
        a:split .
( 1 2 ) a:p () .
PREFIX q: <http://q/>
BASE <http://base/x/>
<y> q: "1"^^q:t , +5 , "k"@en-GB , 4.
'''
GRAPHS = """@prefix a: <http://a/> .
a:g { a:s a:p a:o . a:s a:p2 [ a:x 1 ] }
GRAPH a:h { [] a:p a:q }
{ a:d a:p a:e }
_:g { a:s a:p a:o, a:o2 ; a:z "k"@nn }
"""
QUADS = '<http://a> <http://b> "x\\n" <http://g> .\n<http://a> <http://b> _:c .\n'


def canonical(quads: list[ox.Quad]) -> list[str]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def read(text: str, format_: ox.RdfFormat) -> list[str]:
    return canonical(list(ox.parse(text.encode(), format=format_)))


@pytest.mark.parametrize("path", TURTLE_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_of_the_project_reads_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    assert canonical([found.quad for found in statements(text)]) == read(text, ox.RdfFormat.TURTLE)


SIGNS = """@prefix x: <http://x/#> .
x:😀𝔘.a a x:C ; x:p x:a·b , _:1.😀 . _:1.😀 x:p <http://x/#ø> , x:e\u0301 , x:æ.ø.å .
"""
"""No letters, and yet what names may be made of (Turtle, PN_CHARS)."""

BASES = """VERSION "1.2" @base <http://x/y/z?q> . @prefix a: <http://x/ns#> . @version "1.1" .
a:s a:p <#> , <?> , <> , <../up#> , <./a/../b> , <//h/i> , <http://x/ns#> , <http://x/a/../b> , <urn:b> .
@base <urn:u> . a:s a:p <#f> , <v> , "x"@ar--rtl , "y"@en-GB--ltr .
"""


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        (EVERYTHING, ox.RdfFormat.TURTLE),
        (SIGNS, ox.RdfFormat.TURTLE),
        (BASES, ox.RdfFormat.TURTLE),
        (GRAPHS, ox.RdfFormat.TRIG),
        (QUADS, ox.RdfFormat.N_QUADS),
        ("", ox.RdfFormat.TURTLE),
    ],
    ids=["turtle", "signs", "bases", "trig", "nquads", "empty"],
)
def test_every_construct_reads_the_same(text: str, format_: ox.RdfFormat) -> None:
    assert canonical([found.quad for found in statements(text)]) == read(text, format_)


def place_of(text: str, value: str) -> tuple[int, int]:
    found = [s.object for s in statements(text) if value in str(s.quad.object)]
    assert len(found) == 1, found
    return found[0].line, found[0].column


@pytest.mark.parametrize(
    ("value", "line", "column"),
    [
        ("lines", 2, 20),
        ("2.5", 3, 31),
        ("true", 3, 46),
        ("http://z", 3, 59),
        ("it's", 4, 22),
        ("e%20f", 5, 13),
        ("split", 7, 9),
        ("http://q/t", 11, 8),
        ("en-gb", 11, 24),
    ],
)
def test_objects_have_their_exact_place(value: str, line: int, column: int) -> None:
    assert place_of(EVERYTHING, value) == (line, column)


def test_the_place_of_a_long_literal_ends_on_its_last_line() -> None:
    found = next(s.object for s in statements(EVERYTHING) if "lines" in str(s.quad.object))
    assert (found.end_line, found.end_column) == (3, 20)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_a_line_is_one(end: str) -> None:
    text = f'# one{end}<http://s> <http://p>{end}{end}  "inside" , """a{end}b""", 7 .'
    places = [statement.object for statement in statements(text)]
    assert [place[:2] for place in places] == [(4, 3), (4, 14), (5, 7)]


def test_a_statement_keeps_its_graph() -> None:
    graphs = {
        s.quad.graph_name.value for s in statements(GRAPHS) if isinstance(s.quad.graph_name, ox.NamedNode)
    }
    assert graphs == {"http://a/g", "http://a/h"}
    home = list(statements("<http://a> <http://b> 1 .", "http://home"))
    assert home[0].quad.graph_name == ox.NamedNode("http://home")


@pytest.mark.parametrize(
    "text", ["a:b a:c a:d .", "<http://a> .", "<http://a> <http://b> ", "}", '"x" <http://b> 1 .']
)
def test_what_does_not_parse_is_refused(text: str) -> None:
    with pytest.raises(PositionError):
        list(statements(text))


IRIS = st.sampled_from(
    [ox.NamedNode(f"http://example.org/{name}") for name in ("a", "b", "c.d", "e-f", "g%20")]
)
LITERALS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(ox.Literal),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6).map(
        lambda text: ox.Literal(text, language="nn")
    ),
    st.integers().map(ox.Literal),
    st.booleans().map(ox.Literal),
)
GRAPH_NAMES = st.sampled_from([ox.NamedNode("http://example.org/g"), ox.DefaultGraph()])
BLANKS = st.sampled_from([ox.BlankNode("x"), ox.BlankNode("y")])


@given(st.lists(st.tuples(IRIS | BLANKS, IRIS, IRIS | BLANKS | LITERALS), max_size=8), GRAPH_NAMES)
def test_any_graph_reads_the_same(
    rows: list[tuple[ox.NamedNode, ox.NamedNode, ox.Literal]], graph: ox.NamedNode | ox.DefaultGraph
) -> None:
    quads = [ox.Quad(*row, graph) for row in rows]
    for format_ in (ox.RdfFormat.TRIG, ox.RdfFormat.N_QUADS):
        written = ox.serialize(
            quads,
            format=format_,
            prefixes={"e": "http://example.org/"} if format_ == ox.RdfFormat.TRIG else None,
        )
        assert written is not None
        assert canonical([s.quad for s in statements(written.decode())]) == canonical(quads)


@pytest.mark.parametrize("path", TURTLE_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_an_outline_has_the_statements_of_a_whole_parse(path: Path) -> None:
    text = path.read_text("utf-8")
    whole, outline = list(statements(text, "http://g")), Outline(text, "http://g")
    for subject in {found.quad.subject for found in whole if isinstance(found.quad.subject, ox.NamedNode)}:
        assert isinstance(subject, ox.NamedNode)
        expected = [each for each in whole if each.quad.subject == subject]
        if any(isinstance(each.quad.object, ox.BlankNode) for each in expected):
            with pytest.raises(PositionError):
                outline.about(subject.value)
        else:
            assert outline.about(subject.value) == expected
    assert outline.about("http://nobody") == []


def test_an_outline_knows_where_prefixes_change() -> None:
    text = (
        "@prefix a: <http://a/> . a:s a:p 'a. b' , 1. # . a:s\n@prefix a: <http://b/> .\n"
        "PREFIX c: <http://c/>\nBASE <http://base/> a:s a:p c:o.p ; c:q <x> . a:t a:p 2.5 .\n"
        '<http://a/s> a:p """long . \n \'x\'"""@nb ; c:d \'é\'^^c:t .'
    )
    whole, outline = list(statements(text)), Outline(text)
    assert len(whole) == 7
    for subject in ("http://a/s", "http://b/s", "http://b/t"):
        expected = [each for each in whole if each.quad.subject == ox.NamedNode(subject)]
        assert outline.about(subject) == expected
        assert expected


def test_an_outline_passes_over_what_has_no_name() -> None:
    text = "[ <http://p> 1.5 ] . _:x <http://p> 'a.' . ( 1 2.5 ) <http://p> [] .\n<http://a> <http://p> 1 ."
    assert Outline(text).about("http://a") == list(statements(text))[-1:]


@pytest.mark.parametrize("value", ["_:b", "[]", "[ <http://q> 2.5 ]", "( 1 )"])
def test_an_outline_does_not_tell_of_nodes_without_names(value: str) -> None:
    outline = Outline(f"<http://a> <http://p> {value} . <http://b> <http://p> 1 .")
    assert len(outline.about("http://b")) == 1
    with pytest.raises(PositionError):
        outline.about("http://a")


@given(
    st.lists(st.sampled_from([*"<>\"'.;,:@#\\ \n[]()", "a:", "<http://a>", '"""', "1", "true", "@prefix"]))
)
def test_an_outline_says_nothing_that_a_whole_parse_does_not(parts: list[str]) -> None:
    text = "@prefix a: <http://a/> . " + "".join(parts)
    try:
        outline, whole = Outline(text), list(statements(text))
    except PositionError:
        return
    for subject in {found.quad.subject for found in whole}:
        expected = [each for each in whole if each.quad.subject == subject]
        if isinstance(subject, ox.NamedNode):
            with suppress(PositionError):
                assert outline.about(subject.value) == expected
