"""Files of lines give the same store, whether the engine reads them alone or Python does."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.errors import SourceError
from bibgraph.graph import read_files
from bibgraph.store.lines import read_lines
from bibgraph.turtle import label_blank_nodes, read_quads

HOME = "https://w3id.org/bibgraph/graph/x"
LINES = (
    "<x:a> <x:p> <x:b> <x:g> .",
    '<x:a> <x:p> "_:no << node" <x:g> .',
    '_:a <x:p> "1" <x:g> .',
    "<x:a> <x:p> _:a .",
    "_:a <x:q> _:b <x:h> .",
    '<x:c> <x:p> "å"@nb .',
    '<x:c> <x:p> "o"_:a .',
    '<x:a> <x:p> <x:b> .\r_:b <x:p> "1" <x:g> .',
    "# _:a comment",
    "",
)


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_the_engine_and_python_read_the_same(lines: list[str]) -> None:
    text = "\n".join(lines)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.nq"
        file.write_text(text, encoding="utf-8")
        store = ox.Store()
        assert read_lines(store, file, HOME, "s")
        expected = label_blank_nodes(read_quads(file, graph=HOME), "s")
        assert set(store) == set(expected)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("<x:a> <x:p> <x:b> .\n_:a <x:p> oops .\n", "2:"),
        ("_:a <x:p> <x:b> .\n<x:a> <x:p> oops .\n", "2:"),
    ],
)
def test_what_does_not_parse_is_told_with_its_line(tmp_path: Path, content: str, place: str) -> None:
    path = tmp_path / "x.nt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError) as told:
        read_files([path])
    assert f"x.nt:{place}" in told.value.where


def test_large_files_keep_their_lines_apart_at_the_same_places(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    plain = "".join(f"<x:s{n}> <x:p> <x:o{n}> .\n" for n in range(60_000))
    path.write_text(f"{plain}_:a <x:p> oops .\n", encoding="utf-8")
    with pytest.raises(SourceError) as told:
        read_files([path])
    assert "x.nt:60001:" in told.value.where
    path.write_text(f"{plain}_:a <x:p> <x:o> .\n", encoding="utf-8")
    assert len(read_files([path])) == 60_001


def test_relative_iris_start_from_the_name_of_the_files_graph(tmp_path: Path) -> None:
    path = tmp_path / "my data.ttl"
    path.write_text("<> <urn:p> <#x> .", "utf-8")
    graph = "https://w3id.org/bibgraph/graph/my%20data"
    [quad] = read_files([path])
    assert [node.value for node in (quad.graph_name, quad.subject, quad.object)] == [
        graph,
        graph,
        f"{graph}#x",
    ]
