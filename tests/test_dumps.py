"""The dumps hold the whole graph, in every form, and are the same bytes every time."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.errors import SourceError
from bibgraph.namespaces import INFERRED
from bibgraph.publish.dumps import SUMS, dump, write
from bibgraph.reasoning import infer
from bibgraph.repository import Repository, version_of
from small_repository import small_repository

PLAIN = {
    "bibgraph.jsonld",
    "bibgraph.nq",
    "bibgraph.rdf",
    "bibgraph.trig",
    "bibgraph.ttl",
    "canonical.nq",
    "inferred.nq",
    "inferred.ttl",
}
NAMES = {*PLAIN, *(f"{name}.gz" for name in PLAIN), SUMS}
FORMATS = {
    "nq": ox.RdfFormat.N_QUADS,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> list[ox.Quad]:
    return small_repository(tmp_path_factory.mktemp("project")).quads("ontology", "data")


@pytest.fixture(scope="module")
def inferred(stated: list[ox.Quad]) -> list[ox.Quad]:
    return infer(stated)


@pytest.fixture(scope="module")
def files(stated: list[ox.Quad], inferred: list[ox.Quad]) -> dict[str, bytes]:
    return dump(stated, inferred)


def canonical(quads: list[ox.Quad]) -> set[ox.Quad]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def read(files: dict[str, bytes], name: str) -> list[ox.Quad]:
    return list(ox.parse(files[name], format=FORMATS[name.partition(".")[2]]))


def merged(quads: list[ox.Quad]) -> list[ox.Quad]:
    return [ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads]


def test_the_files_are_those_promised(files: dict[str, bytes]) -> None:
    assert set(files) == NAMES


@pytest.mark.parametrize("name", ["bibgraph.nq", "bibgraph.trig", "bibgraph.jsonld"])
def test_forms_with_graphs_hold_all_that_is_stated_and_inferred_each_in_its_graph(
    files: dict[str, bytes], stated: list[ox.Quad], inferred: list[ox.Quad], name: str
) -> None:
    assert inferred
    assert canonical(read(files, name)) == canonical([*stated, *inferred])


def test_turtle_holds_the_same_as_one_graph(
    files: dict[str, bytes], stated: list[ox.Quad], inferred: list[ox.Quad]
) -> None:
    assert canonical(read(files, "bibgraph.ttl")) == canonical(merged([*stated, *inferred]))


def test_what_is_inferred_has_files_of_its_own(files: dict[str, bytes], inferred: list[ox.Quad]) -> None:
    assert set(read(files, "inferred.nq")) == set(inferred)
    assert {quad.graph_name for quad in inferred} == {ox.NamedNode(str(INFERRED))}
    assert set(read(files, "inferred.ttl")) == set(merged(inferred))


def test_n_quads_are_sorted_lines(files: dict[str, bytes]) -> None:
    lines = files["bibgraph.nq"].decode().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    assert all(line.endswith(" .\n") for line in lines)


def test_trig_is_written_with_prefixes_and_subjects_in_natural_order(files: dict[str, bytes]) -> None:
    text = files["bibgraph.trig"].decode()
    header = text.partition("\n\n")[0].splitlines()
    assert header == sorted(header)
    assert "@prefix bg: <https://w3id.org/bibgraph/ontology#> ." in header
    assert "<https://w3id.org/bibgraph/graph/status/2030-05-01> {" in text
    assert " a bg:StatusObservation ;" in text
    assert "\\/" not in text


def test_n_quads_loaded_again_are_the_identical_version(
    files: dict[str, bytes], stated: list[ox.Quad]
) -> None:
    version = version_of(stated)
    again = [quad for quad in read(files, "bibgraph.nq") if quad.graph_name != ox.NamedNode(str(INFERRED))]
    assert version_of(again) == version
    assert hashlib.sha256(files["canonical.nq"]).hexdigest() == version


def test_rdf_xml_holds_the_same_as_turtle(files: dict[str, bytes]) -> None:
    assert canonical(read(files, "bibgraph.rdf")) == canonical(read(files, "bibgraph.ttl"))
    assert b"<bg:text " in files["bibgraph.rdf"]


def test_packed_files_hold_the_same_without_time_or_name(files: dict[str, bytes]) -> None:
    for name in PLAIN:
        packed = files[f"{name}.gz"]
        assert gzip.decompress(packed) == files[name]
        assert packed[3:8] == bytes(5)  # no name (flags), no time


def test_further_files_are_in_the_sums() -> None:
    files = dump([], [], {"plan.xml": b"<x/>"})
    assert files["plan.xml"] == b"<x/>"
    assert f"{hashlib.sha256(b'<x/>').hexdigest()}  plan.xml\n" in files[SUMS].decode()


def test_natural_order_puts_two_before_ten() -> None:
    quads = [
        ox.Quad(ox.NamedNode(f"http://x/{n}"), ox.NamedNode("http://x/p"), ox.Literal("æ"))
        for n in (10, 9, 2)
    ]
    text = dump(quads, [])["bibgraph.ttl"].decode()
    assert text.index("/2>") < text.index("/9>") < text.index("/10>")


def test_a_literal_that_looks_like_a_prefix_is_kept() -> None:
    literal = ox.Literal("a\n@prefix bg: <http://y/> .\u2028@prefix c: <http://z/> .")
    quad = ox.Quad(ox.NamedNode("http://x/s"), ox.NamedNode("http://x/p"), literal)
    files = dump([quad], [])
    assert all(read(files, name) == [quad] for name in ("bibgraph.ttl", "bibgraph.trig", "bibgraph.jsonld"))


def test_json_ld_is_json_that_people_can_compare(files: dict[str, bytes]) -> None:
    text = files["bibgraph.jsonld"].decode()
    assert isinstance(json.loads(text), list)
    assert text.count("\n") > 1000
    assert "lesesalen" in text


def test_the_sums_are_those_of_the_files(files: dict[str, bytes]) -> None:
    lines = files[SUMS].decode().splitlines()
    assert lines == [
        f"{hashlib.sha256(content).hexdigest()}  {name}"
        for name, content in sorted(files.items())
        if name != SUMS
    ]


def test_the_order_in_which_quads_come_does_not_matter(
    files: dict[str, bytes], stated: list[ox.Quad], inferred: list[ox.Quad]
) -> None:
    assert dump([*stated[::-1], *stated], inferred[::-1]) == files


def test_an_empty_graph_has_empty_dumps() -> None:
    files = dump([], [])
    assert files["bibgraph.nq"] == b""
    assert read(files, "bibgraph.jsonld") == read(files, "bibgraph.trig") == []


def test_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    """Reading, reasoning and writing: none of it depends on the order of hashes."""
    root = small_repository(tmp_path / "project").root
    program = (
        "import sys; from pathlib import Path; from bibgraph.publish.dumps import SUMS, dump\n"
        "from bibgraph.reasoning import infer; from bibgraph.repository import Repository\n"
        "quads = Repository(Path(sys.argv[1])).quads('ontology', 'data')\n"
        "sys.stdout.write(dump(quads, infer(quads))[SUMS].decode())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program, root],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1
    quads = Repository(root).quads("ontology", "data")
    assert runs.pop() == dump(quads, infer(quads))[SUMS]


# --- writing ---


def test_files_are_written_over_older_ones_and_others_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    write({"x": b"one", SUMS: b"1"}, folder)
    (folder / "other").write_bytes(b"kept")
    write({"x": b"two", SUMS: b"2"}, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "x": b"two",
        SUMS: b"2",
        "other": b"kept",
    }
    assert (folder / "x").stat().st_mode & 0o777 == 0o644


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SourceError) as raised:
        write({"x": b"one"}, tmp_path / "file" / "inside")
    assert "--output" in raised.value.text("en")


def test_nothing_half_written_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()  # a file cannot replace a folder
    with pytest.raises(SourceError):
        write({"x": b"one"}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
