from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph import graph as graph_module
from bibgraph import reasoning
from bibgraph.config import Settings
from bibgraph.errors import QueryError, SourceError
from bibgraph.graph import SHIPPED, Graph, inferences_file, inferences_key, open_graph
from bibgraph.repository import Repository
from bibgraph.store.remote import RemoteStore
from bibgraph.web import create_app

COUNT = "SELECT (COUNT(*) AS ?n) { %s }"
INFERRED = "GRAPH <https://w3id.org/bibgraph/graph/inferred> { ?s ?p ?o }"
ONTOLOGY = """
@prefix : <https://w3id.org/bibgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
:Measure a owl:Class ; rdfs:subClassOf prov:Plan .
"""
DATA = """
@prefix bg: <https://w3id.org/bibgraph/ontology#> .
<https://w3id.org/bibgraph/id/measure/1> a bg:Measure .
"""
QUESTION = """\
#+ id: all
#+ question-nb: Hva?
#+ question-nn: Kva?
#+ question-en: What?
#+ why-nb: Derfor.
#+ why-nn: Difor.
#+ why-en: Therefore.
#+ kind: ask
ASK { ?s ?p ?o }
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name, text in {
        "ontology/bibgraph.ttl": ONTOLOGY,
        "data/measures/report.ttl": DATA,
        "shapes/measure.ttl": "",
        "queries/questions/all.rq": QUESTION,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def settings(root: Path, tmp_path: Path) -> Settings:
    return Settings(root=root, cache=tmp_path / "cache")


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows whenever inferences are worked out."""
    calls: list[int] = []
    infer = reasoning.infer

    def counted(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
        found = infer(quads)
        calls.append(len(found))
        return found

    monkeypatch.setattr(reasoning, "infer", counted)
    return calls


def count(graph: Graph, pattern: str) -> int:
    answer = graph.store.query(COUNT % pattern)
    assert isinstance(answer, ox.QuerySolutions)
    return int(next(answer)["n"].value)


def test_the_graph_holds_ontology_data_and_what_follows(settings: Settings) -> None:
    graph = open_graph(settings)
    assert count(graph, "?s a <http://www.w3.org/ns/prov#Plan>") == 1
    assert count(graph, f"{INFERRED} FILTER (?o = <http://www.w3.org/ns/prov#Plan>)") == 1
    assert count(graph, "GRAPH <https://w3id.org/bibgraph/graph/measures/report> { ?s ?p ?o }") == 1
    assert count(graph, "GRAPH <https://w3id.org/bibgraph/graph/ontology/bibgraph> { ?s ?p ?o }") == 2
    assert graph.version == Repository(graph.repository.root).version
    assert [question.id for question in graph.catalogue] == ["all"]


def test_without_inference_nothing_is_inferred_and_the_version_says_so(
    settings: Settings, worked: list[int]
) -> None:
    graph = open_graph(settings, inferred=False)
    assert count(graph, INFERRED) == 0
    assert not worked
    assert graph.version == f"{open_graph(settings).version}-stated"


def test_what_follows_is_worked_out_once(settings: Settings, worked: list[int]) -> None:
    first, second = (open_graph(settings) for _ in range(2))
    assert len(worked) == 1
    assert count(first, INFERRED) == count(second, INFERRED) == worked[0]


def test_a_changed_graph_is_worked_out_anew(settings: Settings, root: Path, worked: list[int]) -> None:
    first = open_graph(settings)
    (root / "data" / "more.ttl").write_text(DATA.replace("measure/1", "measure/2"), "utf-8")
    second = open_graph(settings)
    assert len(worked) == 2
    assert first.version != second.version
    assert count(second, "?s a <http://www.w3.org/ns/prov#Plan>") == 2


@pytest.mark.parametrize("damage", ["", "nonsense", "# inferences x y\n", None])
def test_a_damaged_cache_is_worked_out_anew(
    settings: Settings, worked: list[int], damage: str | None
) -> None:
    before = count(open_graph(settings), INFERRED)
    assert settings.cache is not None
    (kept,) = settings.cache.glob("*.nq")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-10] if damage is None else damage.encode())
    assert count(open_graph(settings), INFERRED) == before
    assert len(worked) == 2
    assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_no_error(root: Path, tmp_path: Path, worked: list[int]) -> None:
    (tmp_path / "file").write_text("")
    for cache in (tmp_path / "file" / "cache", tmp_path / "file", None):
        assert count(open_graph(Settings(root=root, cache=cache)), INFERRED) > 0
    assert len(worked) == 3


def test_the_cache_leaves_nothing_half_written_and_does_not_grow_for_ever(
    settings: Settings, root: Path
) -> None:
    for number in range(12):
        (root / "data" / "more.ttl").write_text(DATA.replace("measure/1", f"measure/x{number}"), "utf-8")
        open_graph(settings)
    assert settings.cache is not None
    names = [path.name for path in settings.cache.iterdir()]
    assert len(names) == 8
    assert all(name.startswith("inferred-") and name.endswith(".nq") for name in names)


def test_inferences_that_are_shipped_are_taken_if_they_fit(
    settings: Settings, root: Path, worked: list[int]
) -> None:
    repository = Repository(root)
    quads = reasoning.infer(repository.quads("ontology", "data"))
    (root / SHIPPED).write_bytes(inferences_file(inferences_key(repository), quads))
    worked.clear()
    assert count(open_graph(settings), INFERRED) == len(quads)
    assert not worked
    (root / "data" / "more.ttl").write_text(DATA.replace("measure/1", "measure/2"), "utf-8")
    open_graph(settings)
    assert len(worked) == 1


def test_other_files_are_served_by_themselves_each_in_a_graph_of_its_own(
    settings: Settings, tmp_path: Path, worked: list[int]
) -> None:
    first, second, third = (tmp_path / name for name in ("a b.ttl", "x/a b.ttl", "named.trig"))
    second.parent.mkdir()
    for path in (first, second):
        path.write_text("<https://e/s> <https://e/p> _:b .", "utf-8")
    third.write_text(
        "<https://e/g> { <https://e/s> <https://e/p> 1 } <https://e/s> <https://e/p> 2 .", "utf-8"
    )
    graph = open_graph(settings, data=[first, second, third])
    answer = graph.store.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["g"].value for row in answer] == [
        "https://e/g",
        "https://w3id.org/bibgraph/graph/a%20b",
        "https://w3id.org/bibgraph/graph/a%20b-2",
        "https://w3id.org/bibgraph/graph/named",
    ]
    assert count(graph, "?s ?p ?o") == 4
    assert not worked


def test_the_version_of_other_files_changes_with_them(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    versions = []
    for text in ("<https://e/s> <https://e/p> _:b .\n", "<https://e/s> <https://e/p> _:b .\n", "\n"):
        path.write_text(text, "utf-8")
        versions.append(open_graph(settings, data=[path]).version)
    assert versions[0] == versions[1] != versions[2]


def test_files_that_change_while_they_are_read_are_read_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.nt"
    path.write_text("<x:s> <x:p> <x:old> .\n", "utf-8")
    whole = graph_module.read_files

    def changing(paths: Sequence[Path]) -> ox.Store:
        read = whole(paths)
        path.write_text("<x:s> <x:p> <x:new> .\n", "utf-8")
        return read

    monkeypatch.setattr(graph_module, "read_files", changing)
    found = open_graph(settings, data=[path])
    assert found.version == graph_module.version_of_files([path])
    assert found.store.query("ASK { ?s ?p <x:new> }")
    assert not found.store.query("ASK { ?s ?p <x:old> }")


def test_queries_are_those_that_were_there_when_the_graph_was_opened(settings: Settings, root: Path) -> None:
    graph = open_graph(settings)
    (root / "queries" / "questions" / "all.rq").write_text("SELECT {", "utf-8")
    assert graph.repository.query("questions/all") == QUESTION


def test_other_questions_give_other_tags_for_the_same_graph(settings: Settings, root: Path) -> None:
    tags = []
    for words in ("What?", "What?", "What then?"):
        (root / "queries" / "questions" / "all.rq").write_text(QUESTION.replace("What?", words), "utf-8")
        graph = open_graph(settings)
        answer = create_app(settings, graph).test_client().get("/queries/all.json")
        tags.append((graph.version, answer.headers["ETag"]))
    assert tags[0] == tags[1] != tags[2]
    assert len({version for version, _ in tags}) == 1


def test_files_that_never_rest_are_not_served(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.nt"
    path.write_text("", "utf-8")
    versions = iter(range(100))
    monkeypatch.setattr(graph_module, "version_of_files", lambda _: str(next(versions)))
    with pytest.raises(SourceError, match="change while"):
        open_graph(settings, data=[path])


def test_blank_nodes_of_other_files_have_the_same_labels_in_every_run(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("<https://e/s> <https://e/p> [ <https://e/q> 1 ] .", "utf-8")
    answers = [
        open_graph(settings, data=[path]).store.query("CONSTRUCT WHERE { ?s ?p ?o }") for _ in range(2)
    ]
    first, second = (
        {str(triple) for triple in answer} for answer in answers if not isinstance(answer, ox.QueryBoolean)
    )
    assert first == second


def test_an_endpoint_takes_the_place_of_the_files(root: Path, worked: list[int]) -> None:
    graph = open_graph(Settings(root=root, endpoint="http://127.0.0.1:9/sparql"))
    assert isinstance(graph.store, RemoteStore)
    assert graph.version.startswith("remote:")
    assert "all" in graph.catalogue
    assert not worked


def test_what_cannot_be_read_is_told(settings: Settings, root: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        open_graph(settings, data=[tmp_path / "none.ttl"])
    (root / "queries/questions/all.rq").write_text(QUESTION.replace("kind: ask", "kind: tell"), "utf-8")
    with pytest.raises(QueryError) as caught:
        open_graph(settings)
    assert caught.value.where == "queries/questions/all.rq:8"
    shutil.rmtree(root / "data")
    with pytest.raises(SourceError, match="lacks data/"):
        open_graph(settings)
