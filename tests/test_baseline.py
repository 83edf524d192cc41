"""Only new findings fail, whatever has moved since the baseline was written."""

import json
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.errors import SourceError
from bibgraph.findings import Finding, Severity
from bibgraph.repository import SourceFile
from bibgraph.turtle import read_quads
from bibgraph.validation import (
    Known,
    Places,
    ReadFile,
    compare,
    fingerprint,
    read_baseline,
    validate,
    write_baseline,
)
from bibgraph.validation.identities import identity

Check = Callable[..., Any]

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://x/> .
:S a sh:NodeShape ; sh:targetClass :C ; sh:property :P , :Q .
:P sh:path :name ; sh:minCount 1 ; sh:maxCount 1 .
:Q sh:path :part ; sh:node :Part .
:Part a sh:NodeShape ; sh:targetObjectsOf :part ; sh:property :R .
:R sh:path :size ; sh:maxLength 2 .
"""
DATA = """@prefix : <http://x/> .
:a a :C .
:b a :C ; :name "1" , "2" .
:c a :C ; :name "c" ; :part [ :size "long" ] , [ :size "longer" ] , [ :size "ok" ] .
"""


def findings(folder: Path, data: str) -> list[Finding]:
    (folder / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (folder / "data.ttl").write_text(data, encoding="utf-8")
    file = SourceFile(folder / "data.ttl", "data.ttl", "http://x/graph")
    quads = read_quads(file.path, name=file.name)
    places = Places([ReadFile(file, tuple(quads))])
    return [places.place(each) for each in validate(quads, read_quads(folder / "shapes.ttl"))]


def prints(found: list[Finding]) -> list[str]:
    return sorted(map(fingerprint, found))


def test_moved_and_reordered_statements_keep_their_fingerprints(tmp_path: Path) -> None:
    before = findings(tmp_path, DATA)
    head, *lines = DATA.strip().splitlines()
    after = findings(tmp_path, "\n\n# a note\n".join([head, *reversed(lines)]))
    assert len(before) == 6
    assert [each.line for each in before] != [each.line for each in after]
    assert prints(before) == prints(after)


def test_blank_nodes_are_known_by_what_is_stated_around_them(tmp_path: Path) -> None:
    before = findings(tmp_path, DATA)
    turned = DATA.replace('[ :size "long" ] , [ :size "longer" ]', '[ :size "longer" ] , [ :size "long" ]')
    more = turned.replace(":a a :C .", ':a a :C ; :name "a" ; :part [ :size "no" ] .')
    assert turned != DATA
    assert prints(findings(tmp_path, turned)) == prints(before)
    assert set(prints(findings(tmp_path, more))) < set(prints(before))
    assert len(set(prints(before))) == len(before), "two parts with different faults are two things"


@pytest.mark.parametrize("other", ["rule", "component", "thing", "path", "value", "file"])
def test_what_counts_changes_the_fingerprint(other: str) -> None:
    finding = Finding("r", Severity.INFO, {}, thing="t", path="p", value="v", file="f", component="c")
    changed = Finding(**{**vars(finding), other: "other"})
    assert fingerprint(changed) != fingerprint(finding)


@pytest.mark.parametrize(
    "other", [{"line": 9, "column": 9}, {"label": "x"}, {"message": {"en": "x"}}, {"hint": {}}]
)
def test_what_does_not_count_leaves_it(other: dict[str, Any]) -> None:
    finding = Finding("r", Severity.INFO, {}, thing="t", line=1)
    assert fingerprint(Finding(**{**vars(finding), **other})) == fingerprint(finding)


@pytest.mark.parametrize("length", [500, 5000])
def test_a_node_far_inside_is_known_by_what_is_near_it(length: int) -> None:
    stated = Chain(length)
    known = {
        identity(Finding("r", Severity.INFO, {}, thing=f"_:n{place}"), stated.under, stated.over)
        for place in range(1, length)
    }
    # Those near an end are told apart; the others look all the same.
    assert 50 < len(known) < 70


def test_where_many_ways_meet_no_way_is_gone_twice() -> None:
    stated = Chain(1000, ways=2)
    middle = Finding("r", Severity.INFO, {}, thing="_:n500")
    assert len(identity(middle, stated.under, stated.over)) < 50_000
    assert stated.looks < 200


class Chain:
    """A chain of blank nodes below a thing, in which each leads to the next one in several ways."""

    def __init__(self, length: int, ways: int = 1) -> None:
        nodes: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode("http://x/top")]
        nodes += (ox.BlankNode(f"n{place}") for place in range(1, length))
        properties = [ox.NamedNode(f"http://x/{way}") for way in range(ways)]
        self._quads = [[ox.Quad(one, each, other) for each in properties] for one, other in pairwise(nodes)]
        self.looks = 0

    def under(self, node: str) -> list[ox.Quad]:
        """What is stated of a node."""
        return self._at(int(node[3:]))

    def over(self, node: str) -> list[ox.Quad]:
        """What leads to a node."""
        return self._at(int(node[3:]) - 1)

    def _at(self, place: int) -> list[ox.Quad]:
        self.looks += 1
        return self._quads[place] if 0 <= place < len(self._quads) else []


def test_the_parts_of_a_fingerprint_do_not_run_together() -> None:
    one = Finding("r", Severity.INFO, {}, path="ab", value="c")
    other = Finding("r", Severity.INFO, {}, path="a", value="bc")
    assert fingerprint(one) != fingerprint(other)


RULES = st.lists(st.sampled_from("abc").map(lambda rule: Finding(rule, Severity.INFO, {})), max_size=6)


@given(RULES, RULES)
def test_a_baseline_takes_out_as_many_as_it_knows(
    tmp_path_factory: pytest.TempPathFactory, old: list[Finding], new: list[Finding]
) -> None:
    path: Path = tmp_path_factory.mktemp("baseline") / "b.json"
    path.write_text(write_baseline(old), encoding="utf-8")
    compared = compare(new, read_baseline(path))
    left = [rule.rule for rule in new]
    fixed = 0
    for each in old:
        if each.rule in left:
            left.remove(each.rule)
        else:
            fixed += 1
    assert sorted(each.rule for each in compared.new) == sorted(left)
    assert (compared.known, compared.fixed) == (len(new) - len(left), fixed)


def test_of_equal_findings_the_worse_ones_are_the_new_ones() -> None:
    mild, bad = (Finding("r", severity, {}) for severity in (Severity.INFO, Severity.VIOLATION))
    compared = compare(
        [bad, mild], Known({fingerprint(mild): 1}), lambda each: each.severity is Severity.VIOLATION
    )
    assert list(compared.new) == [bad]


def test_a_baseline_is_sorted_and_readable() -> None:
    found = [Finding("r", Severity.INFO, {}, thing=f"http://x/{name}", file="f") for name in "bab"]
    document = json.loads(write_baseline(found))
    assert [(entry["thing"], entry["count"]) for entry in document["findings"]] == [
        ("http://x/a", 1),
        ("http://x/b", 2),
    ]
    assert write_baseline(found[::-1]) == write_baseline(found)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '"x"', '{"format": "bibgraph-baseline/1"}', '{"format": "other", "findings": []}',
     '{"format": "bibgraph-baseline/1", "findings": [{"fingerprint": 1, "count": 1}]}',
     '{"format": "bibgraph-baseline/1", "findings": [{"fingerprint": "x", "count": 0}]}',
     '{"format": "bibgraph-baseline/1", "findings": [{"fingerprint": "x", "count": true}]}',
     '{"format": "bibgraph-baseline/1", "findings": [{"count": 1}]}'],
)  # fmt: skip
def test_a_broken_baseline_is_named_with_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as raised:
        read_baseline(path)
    assert path.as_posix() in raised.value.where
    assert raised.value.hint is not None
    assert "--write-baseline" in raised.value.hint.text("en")


# --- on the command line ---


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "data.ttl").write_text(DATA, encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


WHERE = ("--data", "data", "--shapes", "shapes.ttl")


def test_only_new_findings_fail(world: Path, bibgraph: Check) -> None:
    assert bibgraph("check", *WHERE).code == 1
    written = bibgraph("check", *WHERE, "--write-baseline", "known.json")
    assert written.code == 0
    assert "known.json" in written.err
    assert bibgraph("check", *WHERE, "--baseline", "known.json").code == 0
    data = world / "data" / "data.ttl"
    data.write_text(DATA + "\n:d a :C .\n", encoding="utf-8")
    outcome = bibgraph("check", *WHERE, "--baseline", "known.json", "--format", "json")
    assert outcome.code == 1
    document = json.loads(outcome.out)
    assert [each["thing"] for each in document["findings"]] == ["http://x/d"]
    assert document["baseline"]["known"] > 0


@pytest.mark.parametrize(
    "value", ["( " + "1 " * 1000 + ")", ":b [ " * 300 + "] " * 300, "( " * 300 + ") " * 300], ids=len
)
def test_what_is_found_deep_inside_can_be_told_and_known(world: Path, bibgraph: Check, value: str) -> None:
    (world / "data" / "data.ttl").write_text(
        f"@prefix : <http://x/> .\n:a :b {value.removeprefix(':b ')} .\n", encoding="utf-8"
    )
    outcome = bibgraph("check", "data/data.ttl", "--write-baseline", "known.json", "--format", "json")
    assert (outcome.code, outcome.err.startswith("Known from now on: ")) == (0, True), outcome.err
    assert json.loads(outcome.out)["baseline"]["known"] >= 300
    assert bibgraph("check", "data/data.ttl", "--baseline", "known.json").code == 0


def test_what_is_known_moves_with_its_file(world: Path, bibgraph: Check) -> None:
    def new() -> list[str]:
        outcome = bibgraph("check", *WHERE, "--baseline", "known.json", "--format", "json")
        return [each["thing"] for each in json.loads(outcome.out)["findings"] if each["component"]]

    bibgraph("check", *WHERE, "--write-baseline", "known.json")
    (world / "data" / "data.ttl").rename(world / "data" / "renamed.ttl")
    assert new() == []
    twice = "@prefix : <http://x/> .\n:a a :C .\n"
    (world / "data" / "twice.ttl").write_text(twice + ":b a :C .\n:new a :C .\n", encoding="utf-8")
    assert new() == ["http://x/new"]


def test_what_is_fixed_is_told_and_does_not_fail(world: Path, bibgraph: Check) -> None:
    bibgraph("check", *WHERE, "--write-baseline", "known.json")
    data = world / "data" / "data.ttl"
    data.write_text(DATA.replace(":a a :C .", ':a a :C ; :name "a" .'), encoding="utf-8")
    outcome = bibgraph("check", *WHERE, "--baseline", "known.json")
    assert outcome.code == 0
    assert "Fixed since the baseline: 1. Remove them with --write-baseline." in outcome.out


@pytest.mark.parametrize(
    "options",
    [("--baseline", "none.json"), ("--output", "srif=x"), ("--output", "sarif"), ("--output", "sarif="),
     ("--output", "sarif=none/x"), ("--output", "text=data"), ("--write-baseline", "none/x"),
     ("--output", "sarif=x", "--output", "junit=./x"),
     ("--format", "srif")],
)  # fmt: skip
@pytest.mark.usefixtures("world")
def test_wrong_use_ends_with_2_and_says_what_is_right(bibgraph: Check, options: tuple[str, ...]) -> None:
    outcome = bibgraph("check", *WHERE, *options)
    assert outcome.code == 2
    assert len(outcome.err.strip().splitlines()) >= 2
    assert outcome.out == ""


def test_several_files_are_written_at_once(world: Path, bibgraph: Check) -> None:
    (world / "report.sarif").write_text("old", encoding="utf-8")
    outcome = bibgraph(
        "check",
        *WHERE,
        "--output",
        "sarif=report.sarif",
        "--output",
        "junit=r=1.xml",
        "--output",
        "turtle=r.ttl",
    )
    assert outcome.code == 1
    assert "Violations:" in outcome.out
    results = json.loads((world / "report.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert len(results) > 1
    assert (world / "r=1.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert sorted(path.name for path in world.iterdir()) == [
        "data", "r.ttl", "r=1.xml", "report.sarif", "shapes.ttl",
    ]  # fmt: skip
    assert all(
        location["physicalLocation"]["artifactLocation"]["uri"].startswith("data/")
        for result in results
        for location in result["locations"]
        if "physicalLocation" in location
    )


def test_a_baseline_of_some_files_keeps_what_is_known_of_the_others(world: Path, bibgraph: Check) -> None:
    def things() -> list[str]:
        document = json.loads((world / "known.json").read_text(encoding="utf-8"))
        return sorted(entry["thing"] for entry in document["findings"] if entry["file"].startswith("data/"))

    more = world / "data" / "more.ttl"
    more.write_text("@prefix : <http://x/> .\n:m a :C .\n", encoding="utf-8")
    bibgraph("check", *WHERE, "--write-baseline", "known.json")
    before = things()
    more.write_text("@prefix : <http://x/> .\n:n a :C .\n", encoding="utf-8")
    written = bibgraph("check", *WHERE, "--write-baseline", "known.json", "data/more.ttl")
    assert written.code == 0
    assert things() == sorted(thing.replace("http://x/m", "http://x/n") for thing in before)
    assert bibgraph("check", *WHERE, "--baseline", "known.json").code == 0


def test_a_baseline_of_data_given_by_path_keeps_what_is_known_of_other_data(
    world: Path, bibgraph: Check
) -> None:
    (world / "other.ttl").write_text("@prefix : <http://x/> .\n:o a :C .\n", encoding="utf-8")
    bibgraph("check", *WHERE, "--write-baseline", "known.json")
    bibgraph("check", *WHERE, "--write-baseline", "known.json", "other.ttl")
    assert bibgraph("check", *WHERE, "--baseline", "known.json").code == 0
    assert bibgraph("check", *WHERE, "--baseline", "known.json", "other.ttl").code == 0


def test_an_output_goes_where_a_link_leads_and_into_what_is_no_file(world: Path, bibgraph: Check) -> None:
    (world / "link").symlink_to("report.json")
    os.mkfifo(world / "pipe")
    # Open for both, so that nobody waits for anybody.
    pipe = os.open(world / "pipe", os.O_RDWR)
    try:
        outcome = bibgraph("check", *WHERE, "--output", "json=link", "--output", "markdown=pipe")
        assert os.read(pipe, 1 << 16).startswith(b"## ")
    finally:
        os.close(pipe)
    assert outcome.code == 1
    assert (world / "link").is_symlink()
    assert json.loads((world / "report.json").read_text(encoding="utf-8"))["findings"]
    assert (world / "pipe").is_fifo()
