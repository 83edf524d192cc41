from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef

from bibgraph.errors import SourceError
from bibgraph.namespaces import ONTOLOGY, PREFIXES, THINGS
from bibgraph.turtle import (
    SUFFIXES,
    canonical,
    differences,
    from_rdflib,
    label_blank_nodes,
    read_quads,
    to_dataset,
    to_rdflib,
)

MEASURES = THINGS["measure/2023-2025/"]
XSD = PREFIXES["xsd"]
HEAD = f"@prefix bg: <{ONTOLOGY}> .\n@prefix m: <{MEASURES}> .\n\n"

# --- Reading ---------------------------------------------------------------------------------------------

ONE_TRIPLE = {
    ".ttl": "<http://a.example/s> <http://a.example/p> 1 .",
    ".trig": "<http://a.example/s> <http://a.example/p> 1 .",
    ".nt": f'<http://a.example/s> <http://a.example/p> "1"^^<{XSD}integer> .',
    ".nq": f'<http://a.example/s> <http://a.example/p> "1"^^<{XSD}integer> .',
    ".rdf": f"""<rdf:RDF xmlns:rdf="{PREFIXES["rdf"]}" xmlns:a="http://a.example/">
        <rdf:Description rdf:about="http://a.example/s"><a:p rdf:datatype="{XSD}integer">1</a:p>
        </rdf:Description></rdf:RDF>""",
    ".jsonld": '{"@id": "http://a.example/s", "http://a.example/p": 1}',
}


def quad(subject: str, predicate: str, object_: ox.NamedNode | ox.Literal, graph: str = "") -> ox.Quad:
    home = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), object_, home)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_read_into_the_graph_asked_for(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"one{suffix}"
    path.write_text(ONE_TRIPLE[suffix], encoding="utf-8")
    expected = quad("http://a.example/s", "http://a.example/p", ox.Literal(1), "http://a.example/g")
    assert read_quads(path, graph="http://a.example/g") == [expected]


def test_trig_keeps_its_own_graphs(tmp_path: Path) -> None:
    path = tmp_path / "two.trig"
    path.write_text(
        "<http://s> <http://p> 1 . GRAPH <http://own> { <http://s> <http://p> 2 }", encoding="utf-8"
    )
    graphs = {str(q.graph_name) for q in read_quads(path, graph="http://given")}
    assert graphs == {"<http://own>", "<http://given>"}
    assert ox.DefaultGraph() in {q.graph_name for q in read_quads(path)}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a:b a:c 1 .", "1:1", "@prefix a: <…> ."),
        ("\n  skos:x skos:y 1 .", "2:3", f"@prefix skos: <{PREFIXES['skos']}> ."),
        ("<http://s> a <http://y>\n<http://z> a 1 .", "2:1", "has no end"),
        ("<http://s> a <http://y> ;\n a <http://z>", "2:14", "never closed"),
        ("<s> a <http://y> .", "1:1", "https://"),
        ("<http://s s> a <http://y> .", "1:1", "space"),
        ('<http://s> a "\\q" .', "1:15", "twice"),
        ("<http://s> <http://p> ; .", "1:23", "A value is missing"),
        ('"x" <http://p> 1 .', "1:1", "a new thing must begin"),
    ],
)
def test_a_syntax_error_names_file_line_and_column_and_what_helps(
    text: str, place: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as failure:
        read_quads(path, name="data/broken.ttl")
    assert failure.value.where == f"data/broken.ttl:{place}"
    assert failure.value.exit_code == 2
    assert words in str(failure.value).splitlines()[1]
    assert "Parser error" not in str(failure.value)


def test_broken_xml_names_at_least_the_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.rdf"
    path.write_text("<rdf", encoding="utf-8")
    with pytest.raises(SourceError, match=r"broken\.rdf: The file does not parse"):
        read_quads(path)


def test_bytes_that_are_no_utf8_are_named_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "latin.ttl"
    path.write_bytes('<http://s> <http://p> "en" ,\n "bl\xe5b\xe6r" .'.encode("latin-1"))
    with pytest.raises(SourceError, match=r"latin\.ttl:2:5: The file is not UTF-8: byte 0xE5"):
        read_quads(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "bom.ttl"
    path.write_bytes(b"\xef\xbb\xbf<http://s> <http://p> 1 .")
    assert len(read_quads(path)) == 1


def test_a_missing_file_is_refused_with_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "2025-10-14.ttl").touch()
    with pytest.raises(SourceError, match=r"There is no such file\.\nDid you mean 2025-10-14\.ttl\?"):
        read_quads(tmp_path / "2025-10-41.ttl")
    with pytest.raises(SourceError, match=r"Files in .*: 2025-10-14\.ttl\."):
        read_quads(tmp_path / "x.ttl")
    with pytest.raises(SourceError, match=r"There is no folder .*nowhere either"):
        read_quads(tmp_path / "nowhere" / "x.ttl")


def test_a_folder_or_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(SourceError, match="This is a folder"):
        read_quads(tmp_path / "folder.ttl")
    with pytest.raises(SourceError, match=r"'\.csv' is not that of an RDF file.\n.*\.ttl, \.trig"):
        read_quads(tmp_path / "table.csv")


def test_statements_about_statements_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "star.ttl"
    path.write_text("<http://s> <http://p> <<( <http://s> <http://p> 1 )>> .", encoding="utf-8")
    with pytest.raises(SourceError, match="A triple stands as an object"):
        read_quads(path)


def test_blank_nodes_of_two_files_are_never_one_and_labels_from_content_stay(tmp_path: Path) -> None:
    path = tmp_path / "blank.ttl"
    path.write_text("_:x <http://p> [ <http://q> 1 ] .", encoding="utf-8")
    first, second = read_quads(path), read_quads(path)
    assert not {q.subject for q in first} & {q.subject for q in second}
    assert label_blank_nodes(first, "a") == label_blank_nodes(second, "a")
    assert not set(label_blank_nodes(first, "a")) & set(label_blank_nodes(first, "b"))


# --- Conversion and comparison ---------------------------------------------------------------------------


def test_terms_go_to_rdflib_and_back_unchanged() -> None:
    terms: list[ox.NamedNode | ox.Literal] = [
        ox.Literal("01", datatype=ox.NamedNode(f"{XSD}integer")),
        ox.Literal("æ", language="nb"),
        ox.Literal("x"),
        ox.Literal("2025-13-45", datatype=ox.NamedNode(f"{XSD}date")),
        ox.NamedNode("http://o"),
    ]
    quads = [quad("http://s", "http://p", term, "http://g") for term in terms]
    graph = to_rdflib(quads)
    assert (URIRef("http://s"), URIRef("http://p"), RdflibLiteral("æ", lang="nb")) in graph
    assert set(from_rdflib(graph, "http://g")) == set(quads)


def test_a_data_set_keeps_its_graphs() -> None:
    dataset = to_dataset(
        [quad("http://s", "http://p", ox.Literal(1), "http://g"), quad("http://s", "http://p", ox.Literal(1))]
    )
    assert len(dataset.graph(URIRef("http://g"))) == len(dataset.default_graph) == 1


def test_what_is_no_rdf_does_not_come_back_from_rdflib() -> None:
    graph = to_rdflib([])
    graph.add((RdflibLiteral("x"), URIRef("http://p"), URIRef("http://o")))
    with pytest.raises(SourceError, match="RDF does not allow"):
        from_rdflib(graph)


def test_differences_are_lines_to_read() -> None:
    old = [quad(f"{MEASURES}14", f"{ONTOLOGY}number", ox.Literal(14), "http://g")]
    new = [quad(f"{MEASURES}14", f"{ONTOLOGY}number", ox.Literal(15), "http://other")]
    assert differences(old, new) == [
        f'- <{MEASURES}14> bg:number "14"^^xsd:integer',
        f'+ <{MEASURES}14> bg:number "15"^^xsd:integer',
    ]


def test_the_same_said_with_other_blank_labels_is_no_difference() -> None:
    one = list(ox.parse("_:a <http://p> _:b .", format=ox.RdfFormat.TURTLE))
    other = list(ox.parse("_:x <http://p> _:y .", format=ox.RdfFormat.TURTLE))
    assert differences(one, other) == []


# --- The layout ------------------------------------------------------------------------------------------


def test_the_layout_as_a_whole() -> None:
    untidy = f"""# What this file is.
@prefix sch: <https://schema.org/> . @prefix bg: <{ONTOLOGY}> . @prefix m: <{MEASURES}> .
@prefix unused: <http://unused.example/> .
m:14 bg:number 14 ; a bg:Measure ; bg:text "b"@en , "b"@nn, "b"@nb, "a"@nb , "x" ; sch:endDate
"2025-10-14"^^<{XSD}date> . m:2 a bg:Measure , <http://other.example/Thing> ;
  bg:text '''one
two "quoted"'''@nb ; <http://www.w3.org/2000/01/rdf-schema#label> "To"@nb ; bg:open true; bg:share 1.0 .
"""
    assert (
        canonical(untidy, name="x.ttl")
        == f"""# What this file is.

@prefix bg: <{ONTOLOGY}> .
@prefix m: <{MEASURES}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

m:2
    a
        <http://other.example/Thing> ,
        bg:Measure ;
    rdfs:label "To"@nb ;
    bg:open true ;
    bg:share "1.0"^^xsd:decimal ;
    bg:text \"\"\"one
two "quoted\\\"\"\"\"@nb .

m:14
    a bg:Measure ;
    bg:number 14 ;
    bg:text
        "a"@nb ,
        "b"@nb ,
        "b"@nn ,
        "b"@en ,
        "x" ;
    schema:endDate "2025-10-14"^^xsd:date .
"""
    )


@pytest.mark.parametrize(
    ("iri", "written"),
    [
        (f"{MEASURES}14", "m:14"),
        (f"{MEASURES}14-4", "m:14-4"),
        (f"{MEASURES}a.b", "m:a.b"),
        (f"{MEASURES}a.", f"<{MEASURES}a.>"),
        (f"{MEASURES}-a", f"<{MEASURES}-a>"),
        (f"{MEASURES}14/2", f"<{MEASURES}14/2>"),
        (f"{MEASURES}a~b", f"<{MEASURES}a~b>"),
        (f"{MEASURES}", f"<{MEASURES}>"),
        (f"{THINGS}measure/2023-2025", f"<{THINGS}measure/2023-2025>"),
    ],
)
def test_a_prefixed_name_is_used_only_where_it_is_plain(iri: str, written: str) -> None:
    laid_out = canonical(f"{HEAD}<{iri}> a bg:Measure .", name="x.ttl")
    assert f"\n{written}\n    a bg:Measure .\n" in laid_out


def test_the_longest_prefix_wins_and_an_unused_one_goes() -> None:
    text = f"@prefix all: <{THINGS}> .\n@prefix d: <{MEASURES}1> .\n{HEAD}m:14 a bg:Measure ."
    laid_out = canonical(text, name="x.ttl")
    assert "\nd:4\n" in laid_out
    assert "@prefix m:" not in laid_out
    assert "@prefix all:" not in laid_out


def test_things_stand_in_natural_order() -> None:
    keys = ["1", "1-2", "1-10", "2", "010", "10", "a", "a2", "a10", "a-2"]
    statements = "\n".join(f"m:{key} a bg:Measure ." for key in reversed(keys))
    laid_out = canonical(HEAD + statements, name="x.ttl")
    assert [line[2:] for line in laid_out.splitlines() if line.startswith("m:")] == keys


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("tab\there", '"tab\\there"'),
        ("back\\slash", '"back\\\\slash"'),
        ('say "it"', '"say \\"it\\""'),
        ("soft\u00adhyphen", '"soft\\u00ADhyphen"'),
        ("no\u00a0break", '"no\u00a0break"'),
        ("a\u030a", '"å"'),
        ("\U000e0001", '"\\U000E0001"'),
        ('a\n"""b"', '"""a\n\\"\\"\\"b\\""""'),
        ("a\r\nb", '"""a\\r\nb"""'),
    ],
)
def test_texts_show_what_they_hold(value: str, written: str) -> None:
    text = str(ox.Triple(ox.NamedNode("http://s"), ox.NamedNode("http://p"), ox.Literal(value)))
    assert canonical(f"{text} .", name="x.ttl") == f"<http://s>\n    <http://p> {written} .\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{HEAD}# lost\nm:1 a bg:Measure .", 4),
        (f"{HEAD}m:1 a bg:Measure ; # lost\n bg:number 1 .", 4),
        (f'{HEAD}m:1 bg:text """a\nb""" .\n# lost', 6),
    ],
)
def test_a_comment_that_would_be_lost_is_refused_by_line(text: str, line: int) -> None:
    with pytest.raises(SourceError, match=r"skos:editorialNote") as refusal:
        canonical(text, name="x.ttl")
    assert refusal.value.where == f"x.ttl:{line}"


@pytest.mark.parametrize(
    "value",
    ['"a # b"', "'a # b'", '"""a\n# b"""', "'''a\n# b'''", "<http://a.example/#b>", '"\\"# b"', "m:a\\#b"],
)
def test_a_hash_in_a_value_is_no_comment(value: str) -> None:
    text = f"# kept\n{HEAD}m:1 bg:text {value} ."
    assert canonical(text, name="x.ttl").startswith("# kept\n\n@prefix")


def test_a_prefix_of_the_project_has_one_meaning() -> None:
    with pytest.raises(SourceError, match=r"The prefix schema: stands for <https://schema\.org/>") as refusal:
        canonical("@prefix schema: <http://schema.org/> .", name="data/x.ttl")
    assert refusal.value.where == "data/x.ttl"


def test_a_file_that_does_not_parse_is_not_laid_out() -> None:
    with pytest.raises(SourceError, match=r"^x\.ttl:1:"):
        canonical("m:1 a m:2 .", name="x.ttl")


def test_nothing_stays_nothing() -> None:
    assert canonical("", name="x.ttl") == ""
    assert canonical("# Only this.\n\n", name="x.ttl") == "# Only this.\n"


NAMES = st.sampled_from(
    ["1", "2", "14", "14-4", "a", "b.c", "b.", "-", "x/y", "æ", "a%20b", "0014", "9" * 5000]
)
IRIS = st.builds(
    lambda space, name: ox.NamedNode(space + name),
    st.sampled_from([MEASURES, str(ONTOLOGY), "http://a.example/#", "http://a.example/"]),
    NAMES,
)
BLANKS = st.sampled_from([ox.BlankNode(label) for label in ("a", "b", "c")])
DATATYPES = st.sampled_from([f"{XSD}{name}" for name in ("integer", "boolean", "date", "string", "decimal")])
LITERALS = st.one_of(
    st.builds(ox.Literal, st.text()),
    st.builds(ox.Literal, st.text(alphabet="\"\\\n\r\t #'å\u030aa")),
    st.builds(
        lambda text, language: ox.Literal(text, language=language),
        st.text(),
        st.sampled_from(["nb", "nn", "en", "se", "en-gb"]),
    ),
    st.builds(
        lambda text, datatype: ox.Literal(text, datatype=ox.NamedNode(datatype)),
        st.sampled_from(["1", "007", "-3", "+4", "true", "1", "x", ""]),
        DATATYPES,
    ),
)
TRIPLES = st.builds(ox.Triple, st.one_of(IRIS, BLANKS), IRIS, st.one_of(IRIS, BLANKS, LITERALS))


def in_nfc(triple: ox.Triple) -> ox.Triple:
    literal = triple.object
    if not isinstance(literal, ox.Literal):
        return triple
    value = unicodedata.normalize("NFC", literal.value)
    if literal.language:
        return ox.Triple(triple.subject, triple.predicate, ox.Literal(value, language=literal.language))
    return ox.Triple(triple.subject, triple.predicate, ox.Literal(value, datatype=literal.datatype))


@given(triples=st.lists(TRIPLES, max_size=12), order=st.randoms())
def test_the_layout_keeps_the_graph_stays_put_and_forgets_the_order(
    triples: list[ox.Triple], order: random.Random
) -> None:
    lines = [f"{triple} ." for triple in triples]
    laid_out = canonical(HEAD + "\n".join(lines), name="x.ttl")
    wanted = [ox.Quad(*in_nfc(triple)) for triple in triples]
    assert differences(wanted, ox.parse(laid_out, format=ox.RdfFormat.TURTLE)) == []
    assert canonical(laid_out, name="x.ttl") == laid_out
    order.shuffle(lines)
    assert canonical(HEAD + "\n".join(lines), name="x.ttl") == laid_out
