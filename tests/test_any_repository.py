"""``bibgraph check`` in any folder, with anybody's data, shapes and ontology."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from books import FILES, PREFIXES, change, write
from conftest import Outcome

Call = Callable[..., Outcome]

BOOK = "<https://books.example/id/{}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://books.example/ns#Book>"
RDF_XML = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="https://books.example/ns#">
  <ex:Book rdf:about="https://books.example/id/rdf"/>
</rdf:RDF>
"""


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The books, in order, in a folder without settings."""
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(outcome: Outcome) -> list[tuple[str, str, str]]:
    """File, thing and rule of each finding, without what is before the last / or #."""
    assert outcome.code in (0, 1), outcome.err
    return [
        (each["file"], each["thing"].rpartition("/")[2], each["rule"].rpartition("#")[2])
        for each in json.loads(outcome.out)["findings"]
    ]


def check(bibgraph: Call, *arguments: str, data: str = "data", shapes: str = "shapes") -> Outcome:
    return bibgraph("check", "--format", "json", "--data", data, "--shapes", shapes, *arguments)


ONTOLOGY = ("--ontology", "ontology.ttl")


@pytest.mark.usefixtures("books")
def test_books_in_order_pass(bibgraph: Call) -> None:
    outcome = check(bibgraph, *ONTOLOGY)
    assert (outcome.code, found(outcome), outcome.err) == (0, [], "")


def test_the_ontology_is_part_of_the_check(books: Path, bibgraph: Call) -> None:
    change(books, "data/books.ttl", 'b:two dcterms:title "Two" .\n', "")
    assert ("data/books.ttl", "two", "Book-title") in found(check(bibgraph, *ONTOLOGY))
    assert ("data/books.ttl", "two", "Book-title") not in found(check(bibgraph))


@pytest.mark.parametrize(
    "data",
    [
        "data",
        "data/",
        "data/**",
        "data/**/*.ttl",
        "./data/**/*.{ttl,trig}",
        "data/*",
        "**/[bp]*.ttl",
        "data/../data/**/*.ttl",
    ],
)
def test_data_are_named_by_folder_or_pattern(books: Path, bibgraph: Call, data: str) -> None:
    change(books, "data/books.ttl", 'dcterms:title "One"', 'dcterms:tittle "One"')
    change(books, "data/more/people.ttl", 'b:ola ex:name "Ola" .\n', "")
    assert found(check(bibgraph, *ONTOLOGY, data=data)) == [
        ("data/books.ttl", "one", "Book-title"),
        ("data/books.ttl", "one", "unknown-term"),
        ("data/more/people.ttl", "kari", "Person-books"),
        ("data/more/people.ttl", "ola", "Person-name"),
    ]


def test_data_are_named_several_times_and_by_absolute_paths(books: Path, bibgraph: Call) -> None:
    more = str(books / "data/more/*.ttl")
    outcome = bibgraph(
        "check", "--data", "data/books.ttl", "--data", more, "--shapes", "shapes/all.ttl", *ONTOLOGY
    )
    assert (outcome.code, outcome.out) == (0, "Nothing to remark on.\n")


@pytest.mark.usefixtures("books")
def test_paths_alone_are_the_data(bibgraph: Call) -> None:
    outcome = bibgraph("check", "--shapes", "shapes", *ONTOLOGY, "data")
    assert (outcome.code, outcome.out) == (0, "Nothing to remark on.\n")


def test_paths_among_the_data_narrow_the_findings(books: Path, bibgraph: Call) -> None:
    change(books, "data/books.ttl", 'b:one dcterms:title "One" .\n', "")
    assert [thing for _, thing, _ in found(check(bibgraph, *ONTOLOGY, "data/books.ttl"))] == ["one"]
    assert [thing for _, thing, _ in found(check(bibgraph, *ONTOLOGY, "data/more"))] == ["kari"]


@pytest.mark.parametrize(
    ("name", "content", "thing"),
    [
        ("x.nt", BOOK.format("nt") + " .\n", "nt"),
        ("x.nq", BOOK.format("nq") + " <https://books.example/g> .\n", "nq"),
        ("x.trig", "<https://books.example/g> { " + BOOK.format("trig") + " . }", "trig"),
        ("x.rdf", RDF_XML, "rdf"),
        ("x.jsonld", '{"@id": "https://books.example/id/j", "@type": "https://books.example/ns#Book"}', "j"),
    ],
)
def test_every_form_of_rdf_is_checked(
    books: Path, bibgraph: Call, name: str, content: str, thing: str
) -> None:
    write(books, {f"data/{name}": content})
    assert (f"data/{name}", thing, "Book-title") in found(check(bibgraph, *ONTOLOGY))


def test_named_graphs_are_kept_for_lint_queries(books: Path, bibgraph: Call) -> None:
    write(books, {"data/x.trig": "<https://books.example/g> { " + BOOK.format("three") + " . }"})
    write(books, {"rules/in-graph.rq": LINT})
    outcome = check(bibgraph, *ONTOLOGY, "--lint", "rules")
    assert ("data/x.trig", "three", "in-graph") in found(outcome)


def test_a_text_that_a_shape_is_run_for_stands_where_it_is_a_value(books: Path, bibgraph: Call) -> None:
    shape = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://books.example/ns#> .
ex:Long a sh:NodeShape ; sh:targetObjectsOf ex:name ; sh:minLength 4 .
"""
    write(books, {"shapes/long.ttl": shape})
    [finding] = json.loads(check(bibgraph, *ONTOLOGY).out)["findings"]
    line = (books / finding["file"]).read_text("utf-8").splitlines()[finding["line"] - 1]
    assert finding["thing"] == '"Ola"'
    assert line[finding["column"] - 1 :].startswith('"Ola"')


INVERSE = """
ex:Written a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:written .
ex:written sh:path [ sh:inversePath ex:by ] ; sh:class ex:Poem .
"""
CHAPTERS = """
ex:Chapters a sh:NodeShape ; sh:targetClass ex:Book ; sh:property ex:chapters .
ex:chapters sh:path ( ex:chapter ex:by ) ; sh:class ex:Person .
"""
NOBODY = """
ex:Named a sh:NodeShape ; sh:targetObjectsOf ex:by ; sh:property ex:named .
ex:named sh:path ex:name ; sh:minCount 1 .
"""


@pytest.mark.parametrize(
    ("shape", "rule", "written"),
    [
        (INVERSE, "written", "b:one ex:by b:kari"),
        (INVERSE, "written", "b:two ex:by b:ola"),
        (CHAPTERS, "chapters", "[ ex:by b:nobody"),
        (NOBODY, "named", "b:three ex:by b:nobody"),
        (NOBODY + "ex:Named sh:targetNode ex:none .", "named", "sh:targetNode ex:none"),
    ],
)
def test_a_place_is_found_from_the_other_end_of_a_triple(
    books: Path, bibgraph: Call, shape: str, rule: str, written: str
) -> None:
    """A value along an inverse path, and a thing that nothing is stated of, stand at the object."""
    change(books, "data/books.ttl", "b:two a ex:Novel .", "b:two a ex:Novel . b:three ex:by b:nobody .")
    change(books, "data/books.ttl", "[ dcterms:title", "[ ex:by b:nobody ; dcterms:title")
    write(books, {"shapes/more.ttl": PREFIXES + shape})
    found = json.loads(check(bibgraph, *ONTOLOGY).out)["findings"]
    places = {
        (books / each["file"]).read_text("utf-8").splitlines()[each["line"] - 1][: each["end_column"] - 1]
        for each in found
        if each["rule"].endswith(f"#{rule}")
    }
    assert any(place.endswith(written) for place in places), places


def test_relative_iris_start_from_the_file_and_are_the_same_wherever_the_folder_stands(
    books: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, bibgraph: Call
) -> None:
    text = """\
@prefix ex: <https://books.example/ns#> .
<> ex:about <#one> .
<#one> a ex:Book .
@base <https://books.example/id/> .
<four> a ex:Book .
"""
    rdf = RDF_XML.replace("https://books.example/id/rdf", "#three")
    told = []
    for folder in (books, tmp_path_factory.mktemp("elsewhere")):
        write(folder)
        write(folder, {"data/own name.ttl": text, "data/x.rdf": rdf})
        monkeypatch.chdir(folder)
        outcome = check(bibgraph, *ONTOLOGY)
        told.append(
            [
                (each["thing"], each["line"], each["fingerprint"])
                for each in json.loads(outcome.out)["findings"]
                if each["rule"].endswith("Book-title")
            ]
        )
    lines = (books / "data/own name.ttl").read_text("utf-8").splitlines()
    assert [(thing, lines[line - 1] if line else "") for thing, line, _ in told[0]] == [
        ("file:///data/own%20name.ttl#one", "<#one> a ex:Book ."),
        ("https://books.example/id/four", "<four> a ex:Book ."),
        ("file:///data/x.rdf#three", ""),
    ]
    assert told[0] == told[1]


LINT = """\
#+ id: in-graph
#+ title-en: {thing} stands in {value}.
#+ severity: info

SELECT ?thing ?property ?value
WHERE { VALUES ?value { <https://books.example/g> } GRAPH ?value { ?thing ?property ?any } }
"""


def test_a_lint_query_of_theirs_needs_one_language_and_says_where_it_is_wrong(
    books: Path, bibgraph: Call
) -> None:
    write(books, {"rules/in-graph.rq": LINT.replace("severity: info", "severity: bad")})
    outcome = check(bibgraph, "--lint", "rules/*.rq")
    assert outcome.code == 2
    assert "rules/in-graph.rq: severity cannot be 'bad'." in outcome.err


def test_rules_of_this_project_do_not_apply_elsewhere(books: Path, bibgraph: Call) -> None:
    # Blank nodes, a thing without type, a language tag, a shape without messages: all of them ours to mind.
    write(books, {"data/y.ttl": 'b:loose dcterms:title "x"@no ; dcterms:relation b:nowhere , [] .\n'})
    assert found(check(bibgraph, *ONTOLOGY)) == []


# --- Terms -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('b:one ex:nmae "x" .', "unknown-term"),
        ("b:three a ex:Bok .", "unknown-term"),
        ('b:one dcterms:tittle "x" .', "unknown-term"),
    ],
)
def test_terms_of_the_ontology_and_of_standards_are_known(
    books: Path, bibgraph: Call, line: str, rule: str
) -> None:
    write(books, {"data/y.ttl": line + "\n"})
    assert [(file, rule_) for file, _, rule_ in found(check(bibgraph, *ONTOLOGY))] == [("data/y.ttl", rule)]


def test_things_in_the_namespace_of_the_ontology_are_no_terms(books: Path, bibgraph: Call) -> None:
    write(books, {"data/y.ttl": "b:one dcterms:relation ex:thing . ex:thing dcterms:relation ex:other .\n"})
    assert found(check(bibgraph, *ONTOLOGY)) == []


def test_an_annotation_does_not_make_a_namespace_the_ontologys(books: Path, bibgraph: Call) -> None:
    change(
        books,
        "ontology.ttl",
        "ex:Book a owl:Class .",
        "ex:Book a owl:Class . <http://other.example/Kind> a owl:Class .",
    )
    write(books, {"data/y.ttl": "b:one <http://other.example/unheard> 1 .\n"})
    assert found(check(bibgraph, *ONTOLOGY)) == []


@pytest.mark.parametrize(
    "head", ["", "<https://books.example/> a owl:Ontology ; vann:preferredNamespaceUri {} ."]
)
def test_the_namespace_of_an_ontology_is_found_without_its_iri(
    books: Path, bibgraph: Call, head: str
) -> None:
    stated = "@prefix vann: <http://purl.org/vocab/vann/> .\n" + head.format('"https://books.example/ns#"')
    change(books, "ontology.ttl", "<https://books.example/ns> a owl:Ontology .", stated)
    write(books, {"data/y.ttl": 'b:one ex:nmae "x" .\n'})
    assert [rule for _, _, rule in found(check(bibgraph, *ONTOLOGY))] == ["unknown-term"]


# --- No pass by checking nothing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("shapes/all.ttl", "", "no-shapes"),
        ("shapes/all.ttl", FILES["ontology.ttl"], "no-shapes-in-file"),
        ("shapes/all.ttl", FILES["shapes/all.ttl"].replace("ex:Book ;", "ex:Bok ;"), "target-unmatched"),
        ("shapes/all.ttl", FILES["shapes/all.ttl"].replace("ex:name ;", "ex:nam ;"), "path-unused"),
        (
            "shapes/all.ttl",
            FILES["shapes/all.ttl"].replace("sh:minCount 1 ; sh:class", "sh:clas"),
            "unknown-term",
        ),
        (
            "shapes/all.ttl",
            FILES["shapes/all.ttl"].replace("sh:targetClass ex:Book ; ", ""),
            "shape-unreachable",
        ),
    ],
)
def test_shapes_that_cannot_bite_are_findings(
    books: Path, bibgraph: Call, name: str, content: str, rule: str
) -> None:
    write(books, {name: content})
    outcome = check(bibgraph, *ONTOLOGY)
    assert rule in {each for _, _, each in found(outcome)}
    assert outcome.code == 1


def test_empty_data_are_a_violation(books: Path, bibgraph: Call) -> None:
    write(books, {"empty.ttl": ""})
    outcome = check(bibgraph, *ONTOLOGY, data="empty.ttl")
    assert ("", "", "no-data") in found(outcome)
    assert outcome.code == 1


@pytest.mark.usefixtures("books")
@pytest.mark.usefixtures("books")
def test_data_without_shapes_are_a_violation(bibgraph: Call) -> None:
    outcome = bibgraph("check", "--data", "data", "--format", "json")
    assert (outcome.code, found(outcome)) == (1, [("", "", "no-shapes")])


def test_shapes_without_data_are_a_violation(bibgraph: Call) -> None:
    outcome = bibgraph("check", "--shapes", "shapes", "--format", "json")
    assert outcome.code == 1
    assert ("", "", "no-data") in found(outcome)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--data", "dta/**/*.ttl"), "No file fits the pattern dta/**/*.ttl."),
        (("--data", "dta"), "Did you mean data?"),
        (("--data", "data/books.tll"), "Did you mean books.ttl?"),
        (("--data", "notes/*"), "No file that fits the pattern notes/* can be read."),
        (("--data", "notes"), "There is no file to read in this folder."),
        (("--data", "notes/a.txt"), "The ending '.txt' is not that of an RDF file."),
        (("--data", "data", "--exclude", "data/**"), "none is left"),
        (("--data", "data", "--shapes", "nope.ttl"), "nope.ttl: There is no such file or folder."),
        (("--data", "data", "--lint", "data"), "There is no file to read in this folder."),
        (("--data", "data", "--root", "."), "--root and --data exclude each other."),
        (("--exclude", "data"), "exclude has a meaning only where"),
    ],
)
def test_what_names_nothing_ends_with_2(
    books: Path, bibgraph: Call, arguments: tuple[str, ...], words: str
) -> None:
    write(books, {"notes/a.txt": "x"})
    outcome = bibgraph("check", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err


def test_what_does_not_parse_ends_with_2_and_its_place(books: Path, bibgraph: Call) -> None:
    write(books, {"data/y.ttl": "b:one ex:by\n"})
    outcome = check(bibgraph)
    assert outcome.code == 2
    assert outcome.err.startswith("data/y.ttl:9:")


def test_shapes_among_the_data_are_not_data(books: Path, bibgraph: Call) -> None:
    change(books, "data/books.ttl", 'b:one dcterms:title "One" .\n', "")
    outcome = check(bibgraph, *ONTOLOGY, data="**/*.ttl")
    assert [thing for _, thing, _ in found(outcome)] == ["one", "kari"]


def test_files_can_be_left_out(books: Path, bibgraph: Call) -> None:
    write(books, {"data/drafts/a.ttl": "b:three a ex:Book .\n", "data/.hidden/b.ttl": "b:four a ex:Book .\n"})
    assert {thing for _, thing, _ in found(check(bibgraph, *ONTOLOGY))} == {"three"}
    assert found(check(bibgraph, *ONTOLOGY, "--exclude", "data/drafts")) == []
    assert found(check(bibgraph, *ONTOLOGY, "--exclude", "**/drafts/*.ttl")) == []


def test_findings_about_blank_nodes_have_their_place_and_the_same_name_in_every_run(
    books: Path, bibgraph: Call
) -> None:
    change(books, "data/books.ttl", '[ dcterms:title "A chapter" ]', '[ ex:name "x" ] , [ ex:name "y" ]')
    first, second = check(bibgraph, *ONTOLOGY).out, check(bibgraph, *ONTOLOGY).out
    assert first == second
    findings = json.loads(first)["findings"]
    lines = (books / "data/books.ttl").read_text(encoding="utf-8").splitlines()
    places = [(each["line"], each["column"]) for each in findings]
    assert [lines[line - 1][column - 1] for line, column in places] == ["[", "["]
    assert len(set(places)) == 2


def test_the_graph_of_a_file_is_its_address(books: Path, bibgraph: Call) -> None:
    write(
        books,
        {"rules/in-graph.rq": LINT.replace("https://books.example/g", (books / "data/books.ttl").as_uri())},
    )
    assert ("data/books.ttl", "one", "in-graph") in found(check(bibgraph, *ONTOLOGY, "--lint", "rules"))
