from __future__ import annotations

import hashlib
import socket
from importlib import resources
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.errors import SourceError
from bibgraph.namespaces import BASE
from bibgraph.repository import Repository, SourceFile, graph_of, locate, read_file, version_of

FOLDERS = ("ontology", "data", "shapes", "queries")
MEASURE = "<https://a.example/m/1> a <https://a.example/Measure> ."


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project with one file of each kind."""
    for folder in (
        *FOLDERS,
        "data/status",
        "data/sources",
        "queries/questions",
        "queries/lint",
        "queries/pages",
    ):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    for name, text in {
        "ontology/terms.ttl": "<https://a.example/M> <https://a.example/sub> [ a <https://a.example/L> ] .",
        "data/status/2025-10-14.ttl": MEASURE,
        "data/catalogue.ttl": "<https://a.example/c> a <https://a.example/Catalogue> .",
        "data/sources/x.txt": "a document",
        "shapes/measure.ttl": "[] a <https://a.example/Shape> .",
        "queries/questions/b.rq": "SELECT * {}",
        "queries/questions/a.rq": "ASK {}",
        "queries/lint/l.rq": "ASK {}",
        "queries/pages/p.rq": "ASK { ?æ ?p ?o }",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "graph"),
    [
        ("data/status/2025-10-14.ttl", "graph/status/2025-10-14"),
        ("data/sources.ttl", "graph/sources"),
        ("ontology/bibgraph.ttl", "graph/ontology/bibgraph"),
        ("shapes/measure.ttl", "graph/shapes/measure"),
        ("data/status/år 1 [ny] 100 %.ttl", "graph/status/år%201%20%5Bny%5D%20100%20%25"),
        ("data/\udcff<\ufffd>.ttl", "graph/%FF%3C%EF%BF%BD%3E"),
    ],
)
def test_a_file_is_a_graph(name: str, graph: str) -> None:
    assert graph_of(name) == BASE + graph


def test_files_are_found_by_kind_and_sorted(small: Path) -> None:
    repository = Repository(small)
    assert [file.name for file in repository.data] == ["data/catalogue.ttl", "data/status/2025-10-14.ttl"]
    assert [file.name for file in repository.ontology] == ["ontology/terms.ttl"]
    assert [file.name for file in repository.shapes] == ["shapes/measure.ttl"]
    assert [path.name for path in repository.questions] == ["a.rq", "b.rq"]
    assert [path.name for path in repository.lint] == ["l.rq"]
    assert repository.query("pages/p") == "ASK { ?æ ?p ?o }"


def test_each_kind_comes_in_the_graphs_of_its_files(small: Path) -> None:
    repository = Repository(small)
    graphs = {str(quad.graph_name).strip("<>") for quad in repository.quads("data", "shapes")}
    assert graphs == {graph_of(file.name) for file in (*repository.data, *repository.shapes)}
    assert len(repository.quads("ontology", "data")) == 4
    with pytest.raises(ValueError, match="ontology, data, shapes"):
        repository.quads("queries")


def test_blank_nodes_are_the_same_in_every_run(small: Path) -> None:
    assert Repository(small).quads("ontology", "shapes") == Repository(small).quads("ontology", "shapes")


def test_equal_blank_nodes_of_two_files_are_two(small: Path) -> None:
    first = read_file(SourceFile(small / "shapes/measure.ttl", "shapes/a.ttl", graph_of("shapes/a.ttl")))
    other = read_file(SourceFile(small / "shapes/measure.ttl", "shapes/b.ttl", graph_of("shapes/b.ttl")))
    assert first[0].subject != other[0].subject


def test_the_version_is_that_of_ontology_and_data_alone(small: Path) -> None:
    before = Repository(small).version
    (small / "shapes/measure.ttl").write_text("", encoding="utf-8")
    (small / "data/status/2025-10-14.ttl").write_text(f"# laid out otherwise\n\n{MEASURE}", encoding="utf-8")
    assert Repository(small).version == before
    (small / "data/status/2025-10-14.ttl").write_text(MEASURE.replace("m/1", "m/2"), encoding="utf-8")
    assert Repository(small).version != before


def test_the_version_is_the_hash_of_canonical_lines() -> None:
    lines = [
        '<https://a.example/s> <https://a.example/p> "b\\nå" <https://a.example/g> .\n',
        "<https://a.example/s> <https://a.example/p> _:c14n0 .\n",
    ]
    text = "".join(reversed(lines)).replace("c14n0", "x")
    quads = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    assert version_of(quads) == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_a_broken_file_is_named_from_the_root(small: Path) -> None:
    (small / "data/catalogue.ttl").write_text("x", encoding="utf-8")
    with pytest.raises(SourceError, match=r"^data/catalogue\.ttl:1:1: "):
        Repository(small).quads("data")


def test_a_missing_query_is_named_with_what_is_near(small: Path) -> None:
    with pytest.raises(
        SourceError, match=r"queries/questions/aa\.rq: There is no such file\.\nDid you mean a\.rq"
    ):
        Repository(small).query("questions/aa")


def test_the_root_is_the_one_given(small: Path) -> None:
    assert locate(small) == small


def test_without_one_it_is_the_current_folder_if_that_is_such(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small)
    assert locate() == small


def test_elsewhere_it_is_what_comes_with_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    package = Path(str(resources.files("bibgraph")))
    assert locate() in (package / "resources", package.parent.parent)


def test_no_folder_at_all_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(resources, "files", lambda _: tmp_path / "site" / "bibgraph")
    with pytest.raises(SourceError, match="--root"):
        locate()


@pytest.mark.parametrize("missing", FOLDERS)
def test_an_incomplete_root_is_refused_with_what_it_lacks(missing: str, tmp_path: Path) -> None:
    for folder in set(FOLDERS) - {missing}:
        (tmp_path / folder).mkdir()
    for attempt in (locate, Repository):
        with pytest.raises(SourceError, match=f"The folder lacks {missing}/"):
            attempt(tmp_path)


def test_a_root_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no such folder"):
        locate(tmp_path / "nowhere")


def test_the_real_files_are_read_without_the_network(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("no file needs the network")

    monkeypatch.setattr(socket, "socket", refuse)
    repository = Repository(checkout)
    assert len(repository.quads("ontology", "data", "shapes")) > 1000
    assert len(repository.version) == 64


def test_the_real_data_has_no_blank_nodes(repository: Repository) -> None:
    assert not [
        quad for quad in repository.quads("data") if "_:" in (str(quad.subject)[:2], str(quad.object)[:2])
    ]
