"""``bibgraph build``: all dumps or none, silence in a pipe, and the same bytes each time."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Outcome
from small_repository import small_repository

Bibgraph = Callable[..., Outcome]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_dumps_are_written_in_silence(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path / "project").root
    assert bibgraph("--root", root, "build", "--output", tmp_path / "dist") == Outcome(0, "", "")
    written = contents(tmp_path / "dist")
    sums = dict(line.split("  ")[::-1] for line in written.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in written.items()}
    plain = {f"bibgraph.{form}" for form in ("nq", "trig", "ttl", "jsonld", "rdf")}
    plain |= {"canonical.nq", "inferred.nq", "inferred.ttl"}
    packed = {f"{name}.gz" for name in plain}
    assert set(written) == plain | packed | {"strategy-2030.stratml.xml"}


def test_a_second_run_gives_the_same_bytes(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path / "project").root
    for folder in ("one", "two"):
        bibgraph("--root", root, "build", "--output", tmp_path / folder)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_without_a_folder_named_it_is_dist(
    tmp_path: Path, bibgraph: Bibgraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = small_repository(tmp_path / "project").root
    monkeypatch.chdir(tmp_path)
    bibgraph("--root", root, "build")
    assert (tmp_path / "dist" / "bibgraph.nq").is_file()


def test_a_graph_that_contradicts_itself_is_not_written(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path / "project").root
    (root / "ontology/more.ttl").write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix bg: <https://w3id.org/bibgraph/ontology#> .\n"
        "bg:Measure owl:disjointWith bg:Milestone . <http://x/a> a bg:Measure , bg:Milestone .",
        encoding="utf-8",
    )
    outcome = bibgraph("--root", root, "build", "--output", tmp_path / "dist")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("The graph contradicts itself: ")
    assert not (tmp_path / "dist").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path / "project").root
    (tmp_path / "file").write_bytes(b"")
    outcome = bibgraph("--root", root, "build", "--output", tmp_path / "file" / "dist")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--output" in outcome.err
