"""The log of releases: it leads to the graphs that it names, and says of each thing what became of it."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.describe import value_of
from bibgraph.errors import SettingsError, SourceError
from bibgraph.publish import drafting
from bibgraph.publish.drafting import compare, draft, write_release
from bibgraph.publish.patches import Kind, apply, read, write
from bibgraph.publish.releases import ABOUT, FOLDER, PATCH, Log
from bibgraph.repository import Repository, version_of
from releases_world import BASE, DAYS, LAYOUT, MEASURE, OBSERVATION, World, moment, release, releases_world
from small_repository import CHECKOUT, small_repository


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return releases_world(tmp_path_factory.mktemp("project") / "root")


def kinds(world: World, number: int) -> dict[str, Kind]:
    return {a.thing: a.kind for a in world.log.activities(world.log.releases[number - 1])}


def test_each_state_is_replayed_from_nothing(world: World) -> None:
    assert tuple(version_of(world.log.state(number)) for number in (1, 2, 3)) == world.hashes
    assert tuple(release.version for release in world.log.releases) == world.hashes
    assert world.log.state(0) == ()
    assert world.repository.version == world.hashes[-1]


def test_a_thing_is_created_changed_withdrawn_or_deleted(world: World) -> None:
    assert set(kinds(world, 1).values()) == {Kind.CREATE}
    assert kinds(world, 2) == {
        LAYOUT: Kind.DELETE,
        f"{MEASURE}2": Kind.DELETE,
        f"{MEASURE}3": Kind.CREATE,
        OBSERVATION: Kind.UPDATE,
        f"{BASE}ontology#Probe": Kind.UPDATE,
    }
    assert kinds(world, 3) == {f"{MEASURE}1": Kind.DEPRECATE}


def test_a_change_set_says_what_went_and_what_came(world: World) -> None:
    [change] = [a.change for a in world.log.of(OBSERVATION) if a.kind is Kind.UPDATE]
    assert [value_of(quad.object) for quad in (*change.removed, *change.added)] == [
        "Ferdig i mai 2030.",
        "Ferdig i april 2030.",
    ]


def test_blank_nodes_belong_to_the_thing_that_leads_to_them(world: World) -> None:
    [change] = [a.change for a in world.log.of(f"{BASE}ontology#Probe") if a.kind is Kind.UPDATE]
    assert any(isinstance(quad.subject, ox.BlankNode) for quad in change.added)
    assert not [thing for thing in world.log.by_thing if thing.startswith("_:")]


def test_what_is_gone_has_the_release_and_what_replaces_it(world: World) -> None:
    gone = world.log.gone()
    assert set(gone) == {f"{MEASURE}2", LAYOUT}
    assert gone[LAYOUT].successor == ""
    removal = gone[f"{MEASURE}2"]
    assert (removal.date, removal.version, removal.successor) == (DAYS[1], world.hashes[1], f"{MEASURE}3")


def test_releases_are_found_by_number_hash_and_time(world: World) -> None:
    log = world.log
    assert [r and r.number for r in map(log.find, ("2", world.hashes[1], world.hashes[1][:8]))] == [2, 2, 2]
    assert [log.find(text) for text in ("0", "4", "x", "", "-1", "²", world.hashes[1][:5])] == [None] * 7
    found = [log.find(day) for day in ("2026-11-21", "2026-11-30", DAYS[1], "2030-01-01")]
    assert [release.number if release else 0 for release in found] == [0, 1, 2, 3]


def test_what_concerns_a_measure_is_also_what_reports_say_of_it(world: World) -> None:
    things = {activity.thing for activity in world.log.concerning(f"{MEASURE}1")}
    assert {f"{MEASURE}1", OBSERVATION} <= things
    assert f"{MEASURE}2" not in things


def test_what_concerns_a_unit_is_what_reports_say_where_it_answers(world: World) -> None:
    things = {activity.thing for activity in world.log.concerning(f"{BASE}id/unit/a")}
    assert {OBSERVATION, f"{BASE}id/strategy/2030"} <= things
    assert not {thing for thing in things if thing.startswith(MEASURE)}


def test_things_as_they_were(world: World) -> None:
    labels = [
        [
            value_of(s.value)
            for s in world.versions.describer(number).statements([OBSERVATION])
            if "comment" in s.predicate
        ]
        for number in (1, 2)
    ]
    assert labels == [["Ferdig i mai 2030."], ["Ferdig i april 2030."]]
    assert world.versions.labels([f"{MEASURE}2"]).name(f"{MEASURE}2", "nb").text == "Tiltak 2"


def test_an_unchanged_graph_is_no_release(world: World) -> None:
    quads = world.repository.quads("ontology", "data")
    assert draft(world.log, quads) is None
    assert draft(world.log, reversed(quads)) is None


def test_the_same_release_is_the_same_bytes(world: World, tmp_path: Path) -> None:
    again = releases_world(tmp_path / "root")
    ours, theirs = (w.repository.root / FOLDER for w in (world, again))
    names = sorted(path.relative_to(ours) for path in ours.rglob("*.*"))
    assert len(names) == 6
    assert [(ours / name).read_bytes() for name in names] == [(theirs / name).read_bytes() for name in names]


def test_a_large_patch_is_packed_without_time_or_name(world: World) -> None:
    folder = world.repository.root / FOLDER
    content = (folder / "1" / f"{PATCH}.gz").read_bytes()
    assert content[3:8] == bytes(5)  # no name (flags), no time
    assert gzip.decompress(content).decode() == world.log.patch(world.log.releases[0])
    assert (folder / "2" / PATCH).read_text("utf-8").startswith(f"H id <urn:sha256:{world.hashes[1]}> .\n")


def test_a_day_may_have_several_releases_but_none_before_the_last(tmp_path: Path) -> None:
    root = small_repository(tmp_path / "root").root
    release(root, "2026-11-22")
    (root / "data/more.ttl").write_text("<http://x/a> <http://x/b> <http://x/c> .", "utf-8")
    quads = Repository(root).quads("ontology", "data")
    made = draft(Log.read(root), quads, moment("2026-11-22"))
    assert made
    assert made.release.published == "2026-11-22T00:00:01Z"
    with pytest.raises(SettingsError, match="2026-11-22"):
        draft(Log.read(root), quads, moment("2026-11-22") - timedelta(days=1))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (f"2/{PATCH}", b"TX .\nTC .\n"),
        (f"2/{ABOUT}", b"{"),
        (f"2/{ABOUT}", b'{"number": 2}'),
        (f"2/{ABOUT}", None),
        (f"1/{PATCH}.gz", b"no gzip"),
        (f"1/{PATCH}.gz", None),
    ],
)
def test_a_log_that_was_touched_is_refused(
    world: World, tmp_path: Path, name: str, content: bytes | None
) -> None:
    shutil.copytree(world.repository.root / FOLDER, tmp_path / FOLDER)
    path = tmp_path / FOLDER / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(SourceError, match="take"):
        Log.read(tmp_path).state(3)


def test_nothing_half_written_is_left_behind(world: World, tmp_path: Path) -> None:
    made = draft(Log(tmp_path), world.repository.quads("ontology", "data"))
    assert made
    (tmp_path / FOLDER / "1").mkdir(parents=True)
    (tmp_path / FOLDER / "1" / "taken").touch()
    with pytest.raises(SourceError):
        write_release(made, tmp_path)
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["1"]


def test_without_releases_the_log_is_empty(tmp_path: Path) -> None:
    log = Log.read(tmp_path)
    assert (log.releases, log.latest, dict(log.gone()), log.find("1")) == ((), None, {}, None)


def test_what_a_release_says_of_itself_is_sorted_json(world: World) -> None:
    members = json.loads((world.repository.root / FOLDER / "2" / ABOUT).read_bytes())
    assert list(members) == sorted(members)
    assert (members["message"], members["things"]) == ("Andre.", {"Create": 1, "Delete": 2, "Update": 2})
    assert members["previous"] == world.hashes[0]


def test_the_log_of_this_checkout_leads_to_the_graphs_that_it_names() -> None:
    log = Log.read(CHECKOUT)
    assert [version_of(log.state(r.number)) for r in log.releases] == [r.version for r in log.releases]


# --- patches of any graphs ---

NODES = st.sampled_from(
    [ox.NamedNode(f"http://x/{n}") for n in "abæ"] + [ox.BlankNode("r1"), ox.BlankNode("r2")]
)
TEXTS = st.text(max_size=8) | st.sampled_from(['"', "\n# Update <http://x/a>", "TC .", "\u2028A "])
OBJECTS = NODES | TEXTS.map(ox.Literal) | TEXTS.map(lambda text: ox.Literal(text, language="nb"))
QUADS = st.builds(
    ox.Quad, NODES, st.just(ox.NamedNode("http://x/p")), OBJECTS, st.just(ox.NamedNode("http://x/graph"))
)
GRAPHS = st.frozensets(QUADS, max_size=8)


@given(before=GRAPHS, after=GRAPHS)
def test_a_patch_leads_from_any_graph_to_any_other(
    before: Iterable[ox.Quad], after: Iterable[ox.Quad]
) -> None:
    changes = compare(before, after)
    again = read(write(changes, "new", "old"), "patch")
    assert again == changes
    assert apply(before, again) == set(after)


@pytest.mark.parametrize(
    "text",
    [
        "A <http://x/a> <http://x/b> <http://x/c> .\n",
        "# Update <http://x/a>\nX <http://x/a> <http://x/b> <http://x/c> .\n",
        "# Update <http://x/a>\nA <http://x/a> <http://x/b> .\n",
        "# Rename <http://x/a>\nA <http://x/a> <http://x/b> <http://x/c> .\n",
    ],
)
def test_what_is_no_patch_of_ours_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="patch"):
        read(text, "patch")


def test_small_patches_stay_readable() -> None:
    assert drafting.LARGEST_PLAIN >= 64 * 1024
