"""The log of releases: what was published when, and how each thing changed with it.

A release is a folder ``data/releases/<number>`` with ``release.json``, which says what it is, and its patch:
see ``patches``. Large patches are packed. All else about changes (feeds, harvesting, versions of things) is
made from this log.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

from bibgraph.errors import SourceError
from bibgraph.messages import message
from bibgraph.namespaces import DCTERMS
from bibgraph.publish.patches import Change, Kind, apply, read

FOLDER = "data/releases"
ABOUT = "release.json"
PATCH = "changes.rdfp"

_SHORTEST_HASH = 8
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Release:
    """One release.

    published: when, as ``2026-11-22T00:00:00Z``. version: the hash of its graph. previous: that of the graph
    before it, empty for none. added, removed: how many statements came and went. things: how many things
    changed, by kind of change. sha256: of the patch as text.
    """

    number: int
    published: str
    version: str
    previous: str
    message: str
    added: int
    removed: int
    things: Mapping[str, int] = field(hash=False)
    sha256: str = ""

    @property
    def date(self) -> str:
        """The day it was published."""
        return self.published.partition("T")[0]

    @property
    def time(self) -> datetime:
        """When it was published."""
        return datetime.fromisoformat(self.published)

    def json(self) -> bytes:
        """The content of its ``release.json``."""
        members = {**asdict(self), "things": dict(self.things)}
        return (json.dumps(members, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


@dataclass(frozen=True)
class Activity:
    """One change of one thing, the ``index``-th (from 1) of its release."""

    release: Release
    index: int
    change: Change

    @property
    def thing(self) -> str:
        """The IRI of the thing."""
        return self.change.thing

    @property
    def kind(self) -> Kind:
        """What happened to it."""
        return self.change.kind

    @property
    def path(self) -> str:
        """Its address from the base on."""
        return f"changes/activity/{self.release.number}/{self.index}"


@dataclass(frozen=True)
class Removal:
    """What is known of a thing that the graph no longer has. successor: what replaces it, if anything."""

    release: Release
    successor: str = ""

    @property
    def version(self) -> str:
        """The hash of the first graph without it."""
        return self.release.version

    @property
    def date(self) -> str:
        """The day from which on it is gone."""
        return self.release.date


class Log:
    """The releases in ``folder``, the oldest first. Patches are read when they are needed, and kept."""

    def __init__(self, folder: Path, releases: Sequence[Release] = ()) -> None:
        self.folder = folder
        self.releases = tuple(releases)
        self._changes: dict[int, tuple[Activity, ...]] = {}

    @classmethod
    def read(cls, root: Path) -> Log:
        """The log of the project in the folder ``root``; one without releases if there are none.

        Raises SourceError for a log with a gap or a file that is not as it was written.
        """
        folder = root / FOLDER
        numbers = sorted(int(path.parent.name) for path in folder.glob(f"*/{ABOUT}") if _is_number(path))
        if numbers != list(range(1, len(numbers) + 1)):
            raise _damaged(folder)
        return cls(folder, [_read(folder / str(number) / ABOUT) for number in numbers])

    def plus(self, release: Release, changes: Sequence[Change]) -> Log:
        """The log with one more release, which is not written yet."""
        longer = Log(self.folder, (*self.releases, release))
        longer._changes = {**self._changes, release.number: _activities(release, changes)}
        return longer

    @property
    def latest(self) -> Release | None:
        """The newest release."""
        return self.releases[-1] if self.releases else None

    def find(self, text: str) -> Release | None:
        """The release with this number, this hash, or a hash that begins so; or the one in force on a day.

        Hashes are told from numbers from eight digits on. A day (``2026-11-30``) is meant to its end.
        """
        if text.isascii() and text.isdigit() and len(text) < _SHORTEST_HASH:
            return self.releases[int(text) - 1] if 0 < int(text) <= len(self.releases) else None
        if _DAY.fullmatch(text):
            past = [release for release in self.releases if release.date <= text]
            return past[-1] if past else None
        if len(text) < _SHORTEST_HASH:
            return None
        return next((release for release in self.releases if release.version.startswith(text)), None)

    def activities(self, release: Release) -> tuple[Activity, ...]:
        """What changed with a release, by thing. Raises SourceError for a damaged patch."""
        if release.number not in self._changes:
            changes = read(self.patch(release), f"{FOLDER}/{release.number}/{PATCH}")
            self._changes[release.number] = _activities(release, changes)
        return self._changes[release.number]

    def patch(self, release: Release) -> str:
        """The patch of a release as text. Raises SourceError if it is not as it was written."""
        path = self.folder / str(release.number) / PATCH
        packed = path.with_name(f"{PATCH}.gz")
        try:
            content = gzip.decompress(packed.read_bytes()) if packed.is_file() else path.read_bytes()
        except (OSError, EOFError) as error:
            raise _damaged(path) from error
        if hashlib.sha256(content).hexdigest() != release.sha256:
            raise _damaged(path)
        return content.decode()

    def state(self, number: int) -> tuple[ox.Quad, ...]:
        """The graph as it was released, sorted; nothing for 0."""
        state: set[ox.Quad] = set()
        for release in self.releases[:number]:
            state = apply(state, [activity.change for activity in self.activities(release)])
        return tuple(sorted(state, key=str))

    @cached_property
    def by_thing(self) -> Mapping[str, tuple[Activity, ...]]:
        """All activities by thing, the oldest first."""
        found: dict[str, list[Activity]] = {}
        for release in self.releases:
            for activity in self.activities(release):
                found.setdefault(activity.thing, []).append(activity)
        return MappingProxyType({thing: tuple(activities) for thing, activities in found.items()})

    def of(self, thing: str) -> tuple[Activity, ...]:
        """What happened to a thing, the oldest first."""
        return self.by_thing.get(thing, ())

    def statements(self, thing: str, number: int) -> set[ox.Quad]:
        """What was said of a thing, and of its blank nodes, with release ``number``."""
        changes = [activity.change for activity in self.of(thing) if activity.release.number <= number]
        said: set[ox.Quad] = set()
        for change in changes:
            said = apply(said, [change])
        return said

    def changed(self, thing: str) -> Release | None:
        """The last release that changed the thing."""
        return self.of(thing)[-1].release if self.of(thing) else None

    @cached_property
    def mentions(self) -> Mapping[str, frozenset[str]]:
        """The things that ever named another one, by the one that they named."""
        found: dict[str, set[str]] = {}
        for thing, activities in self.by_thing.items():
            for quad in (quad for activity in activities for quad in activity.change.added):
                if isinstance(quad.object, ox.NamedNode):
                    found.setdefault(quad.object.value, set()).add(thing)
        return MappingProxyType({named: frozenset(things) for named, things in found.items()})

    def concerning(self, thing: str) -> list[Activity]:
        """What happened to a thing and to what names it, the oldest first.

        What names it only as a part of one other thing stands for that one too: so a unit has what reports
        say of the measures that it answers for.
        """
        near = {thing, *self.mentions.get(thing, ())}
        wholes = [self.mentions.get(part, frozenset()) for part in near - {thing}]
        near.update(*(whole for whole in wholes if len(whole) == 1))
        found = [activity for one in near for activity in self.of(one)]
        return sorted(found, key=lambda activity: (activity.release.number, activity.index))

    @cached_property
    def _gone(self) -> Mapping[str, Removal]:
        last = (activities[-1] for activities in self.by_thing.values())
        gone = [activity for activity in last if activity.kind is Kind.DELETE]
        successors = dict(self._successors()) if gone else {}
        return MappingProxyType({a.thing: Removal(a.release, successors.get(a.thing, "")) for a in gone})

    def gone(self) -> Mapping[str, Removal]:
        """The things that were in a release and are not in the latest, by IRI."""
        return self._gone

    def _successors(self) -> Iterator[tuple[str, str]]:
        """Pairs of a thing and what was ever said to replace it."""
        for activity in (activity for activities in self.by_thing.values() for activity in activities):
            for quad in activity.change.added:
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                    if quad.predicate.value == DCTERMS.isReplacedBy:
                        yield quad.subject.value, quad.object.value
                    elif quad.predicate.value == DCTERMS["replaces"]:
                        yield quad.object.value, quad.subject.value


def _activities(release: Release, changes: Sequence[Change]) -> tuple[Activity, ...]:
    return tuple(Activity(release, index, change) for index, change in enumerate(changes, 1))


def _is_number(path: Path) -> bool:
    name = path.parent.name
    return name.isascii() and name.isdigit() and not name.startswith("0")


def _read(path: Path) -> Release:
    try:
        members = json.loads(path.read_bytes())
        release = Release(**{entry.name: members[entry.name] for entry in fields(Release)})
        if release.number != int(path.parent.name) or release.time.tzinfo is None:
            raise _damaged(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    return release


def _damaged(path: Path) -> SourceError:
    return SourceError(
        message("The log of releases is not as it was written."),
        where=str(path),
        hint=message("Files of a release are never edited: take them from git again."),
    )
