"""Files that would take memory or time without end."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.errors import SourceError
from bibgraph.graph import read_files
from bibgraph.repository import version_of
from bibgraph.turtle.bounds import DEEPEST, most_alike
from bibgraph.turtle.reading import label_blank_nodes, parse

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="http://a/">'
END = "</p:p></rdf:Description></rdf:RDF>"
BOMB = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10 if level else "lol"}">' for level in range(10))


def read(folder: Path, name: str, content: str) -> ox.Store:
    path = folder / name
    path.write_text(content, "utf-8")
    return read_files([path])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.rdf", f"<!DOCTYPE r [{BOMB}]>{RDF}<rdf:Description><p:p>&l9;{END}", "entities"),
        ("b.rdf", RDF + "<rdf:Description><p:p>" * DEEPEST, "too deep"),
        ("a.nt", f"<x:s> <x:p> {'<<( <x:a> <x:b> ' * 200_000}<x:c>{' )>>' * 200_000} .", "too deep"),
        ("a.ttl", f"{'<< ' * 200_000}<x:a> <x:b> <x:c>{' >>' * 200_000} <x:b> <x:c> .", "too deep"),
        ("b.ttl", f'<x:a> <x:b> "{"a" * 20_000_000}" .', "too long"),
        ("b.nt", f'<x:a> <x:b> "{"a" * 20_000_000}" .', "too long"),
    ],
    ids=["entities", "elements", "triples in lines", "triples", "text", "line"],
)
def test_what_has_no_bound_is_refused_by_the_name_of_its_file(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    with pytest.raises(SourceError, match=says) as refusal:
        read(tmp_path, name, content)
    assert refusal.value.where.startswith(str(tmp_path / name))


def test_entities_as_they_are_used_for_namespaces_are_read(tmp_path: Path) -> None:
    entities = '<!DOCTYPE r [<!ENTITY e "http://e/">]>'
    text = f'{entities}{RDF}<rdf:Description rdf:about="&e;s"><p:p>x{END}'
    assert [quad.subject.value for quad in read(tmp_path, "a.rdf", text)] == ["http://e/s"]


@pytest.mark.parametrize("values", ["1 " * 1000, "( " * 1000 + ") " * 1000], ids=["flat", "in one another"])
def test_a_list_of_what_looks_alike_is_read_and_has_the_same_labels_in_every_run(
    tmp_path: Path, values: str
) -> None:
    once, again = (read(tmp_path, "a.ttl", f"<x:a> <x:b> ( {values}) .") for _ in range(2))
    assert len(once) > 1000
    assert set(once) == set(again)


def test_the_version_of_what_looks_alike_is_found_and_follows_the_content() -> None:
    def version(values: str) -> str:
        quads = parse(f"<x:a> <x:b> ( {values}) .".encode(), ox.RdfFormat.TURTLE, where="x")[1]
        return version_of(label_blank_nodes(quads, "b"))

    assert version("1 " * 500) == version("1 " * 500)
    assert version("1 " * 500) != version("1 " * 501)


def test_those_that_look_alike_and_are_linked_are_counted() -> None:
    def alike(text: str) -> int:
        return most_alike(parse(text.encode(), ox.RdfFormat.TURTLE, where="x")[1])

    assert alike("<x:a> <x:b> [ <x:c> 1 ], [ <x:c> 1 ] .") == 0
    assert alike("<x:a> <x:b> ( 1 2 3 4 ) .") == 0
    assert alike("<x:a> <x:b> ( 1 1 1 1 1 ), ( 2 2 2 2 2 2 ) .") == 4  # not the first and the last


def test_labels_by_order_keep_what_is_linked() -> None:
    quads = parse(f"<x:a> <x:b> ( {'1 ' * 20}) .".encode(), ox.RdfFormat.TURTLE, where="x")[1]
    named = label_blank_nodes(quads, "s")
    assert {node.value for quad in named for node in quad if isinstance(node, ox.BlankNode)} == {
        f"sn{number}" for number in range(20)
    }
    one, other = ox.Dataset(quads), ox.Dataset(named)
    for dataset in (one, other):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert one == other


@pytest.mark.parametrize("name", ["a.ttl", "a.nt"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(SourceError, match="no file but a pipe"):
        read_files([tmp_path / name])


@pytest.mark.parametrize("name", ["a.nt", "a.nq", "a.ttl", "a.trig", "a.rdf", "a.jsonld"])
@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_told_with_what_to_do(tmp_path: Path, name: str, encoding: str) -> None:
    texts = {
        ".rdf": f'{RDF}<rdf:Description rdf:about="x:s">\n<p:p>blå</p:p></rdf:Description></rdf:RDF>',
        ".jsonld": '{"@id": "x:s",\n"x:p": "blå"}',
    }
    path = tmp_path / name
    path.write_bytes(texts.get(path.suffix, '\n<x:s> <x:p> "blå" .').encode(encoding))
    with pytest.raises(SourceError) as refusal:
        read_files([path])
    assert refusal.value.where.startswith(f"{path}:{2 if encoding == 'latin-1' else 1}:")
    assert str(refusal.value.hint) == "Save the file anew with the encoding UTF-8."


@pytest.mark.parametrize("line", ['<x:s> <x:p> "blå" .\n', "_:b <x:p> <x:o> .\n"])
@pytest.mark.parametrize("name", ["a.nt", "a.nq", "a.ttl", "a.trig"])
def test_a_byte_order_mark_is_left_off(tmp_path: Path, name: str, line: str) -> None:
    assert len(read(tmp_path, name, "\ufeff" + line)) == 1


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has such a file")
def test_lines_that_cannot_be_read_are_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.nt").symlink_to("/proc/self/mem")
    with pytest.raises(SourceError, match="The file cannot be read: Input/output error"):
        read_files([tmp_path / "a.nt"])
