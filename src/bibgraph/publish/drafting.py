"""A new release: the graph compared with the last one, thing by thing, and written into the log."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyoxigraph as ox

from bibgraph.errors import SettingsError, SourceError
from bibgraph.messages import message
from bibgraph.namespaces import DCTERMS, OWL
from bibgraph.publish.patches import Change, Kind, write
from bibgraph.publish.releases import ABOUT, FOLDER, PATCH, Log, Release
from bibgraph.reasons import reason
from bibgraph.repository import version_of
from bibgraph.turtle import name_blank_nodes, owners

LARGEST_PLAIN = 256 * 1024
"""Bytes up to which a patch is kept as plain text, to be read in git; larger ones are packed."""

CHANGES = "CHANGES.md"

_NODES = "r"


@dataclass(frozen=True)
class Draft:
    """A release that is not yet written, with its patch."""

    release: Release
    changes: tuple[Change, ...]
    patch: str

    def files(self) -> dict[str, bytes]:
        """The contents of its folder by file name. The same release is the same bytes."""
        content = self.patch.encode()
        if len(content) <= LARGEST_PLAIN:
            return {PATCH: content, ABOUT: self.release.json()}
        return {f"{PATCH}.gz": gzip.compress(content, 9, mtime=0), ABOUT: self.release.json()}


def draft(log: Log, quads: Iterable[ox.Quad], when: datetime | None = None, told: str = "") -> Draft | None:
    """What ``quads`` are as the next release; None if they are the graph that was released last.

    when: the time of it; without, now. A time of the last release's day that is not after it becomes the next
    second. told: what people are to know of it. Raises SettingsError for a day before the last release.
    """
    quads = list(quads)
    version, latest = version_of(quads), log.latest
    if latest and latest.version == version:
        return None
    before = set(log.state(latest.number)) if latest else set()
    changes = compare(before, name_blank_nodes(sorted(quads, key=str), _NODES))
    previous = latest.version if latest else ""
    patch = write(changes, version, previous)
    release = Release(
        number=len(log.releases) + 1,
        published=f"{_published(when, latest):%Y-%m-%dT%H:%M:%SZ}",
        version=version,
        previous=previous,
        message=told,
        added=sum(len(change.added) for change in changes),
        removed=sum(len(change.removed) for change in changes),
        things=dict(sorted(Counter(change.kind.value for change in changes).items())),
        sha256=hashlib.sha256(patch.encode()).hexdigest(),
    )
    return Draft(release, tuple(changes), patch)


def compare(before: Iterable[ox.Quad], after: Iterable[ox.Quad]) -> list[Change]:
    """The change sets that lead from one graph to the other, by thing."""
    old, new = set(before), set(after)
    was, now = _by_thing(old), _by_thing(new)
    removed, added = _by_thing(old, only=old - new), _by_thing(new, only=new - old)
    changes = []
    for thing in sorted(removed.keys() | added.keys()):
        gone, come = removed.get(thing, []), added.get(thing, [])
        kind = _kind(thing in was, thing in now, come)
        changes.append(Change(kind, thing, tuple(sorted(gone, key=str)), tuple(sorted(come, key=str))))
    return changes


def write_release(made: Draft, root: Path) -> Path:
    """Put a draft into the log of the project in ``root``, whole or not at all; its folder.

    Raises SourceError if that cannot be done.
    """
    folder = root / FOLDER / str(made.release.number)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".release-", dir=folder.parent))
        try:
            for name, content in made.files().items():
                (beside / name).write_bytes(content)
            beside.chmod(0o755)
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise _unwritten(error, folder) from error
    return folder


def note(entry: str, root: Path) -> None:
    """Put an entry first in the change log for people. Raises SourceError if that cannot be done."""
    path = root / FOLDER / CHANGES
    try:
        before = path.read_text("utf-8") if path.is_file() else ""
        path.write_text(f"{entry}\n{before}" if before else entry, "utf-8")
    except OSError as error:
        raise _unwritten(error, path) from error


def _unwritten(error: OSError, path: Path) -> SourceError:
    return SourceError(
        message("The release cannot be written: {reason}.", reason=reason(error)),
        where=str(error.filename or path),
    )


def _by_thing(quads: set[ox.Quad], only: set[ox.Quad] | None = None) -> Mapping[str, list[ox.Quad]]:
    """Quads by the thing that they are about; a blank node's are those of the thing that leads to it."""
    leads = owners(quads)
    found: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in quads if only is None else only:
        if isinstance(quad.subject, ox.BlankNode):
            found[min(leads[quad.subject.value])].append(quad)
        elif isinstance(quad.subject, ox.NamedNode):
            found[quad.subject.value].append(quad)
    return found


def _kind(was: bool, now: bool, come: Iterable[ox.Quad]) -> Kind:  # noqa: FBT001  # both are the question
    if not was:
        return Kind.CREATE
    if not now:
        return Kind.DELETE
    return Kind.DEPRECATE if any(map(_withdraws, come)) else Kind.UPDATE


def _withdraws(quad: ox.Quad) -> bool:
    """Whether it says that its subject is no longer to be used."""
    predicate = quad.predicate.value
    deprecated = (
        predicate == OWL.deprecated
        and isinstance(quad.object, ox.Literal)
        and quad.object.value in ("true", "1")
    )
    return deprecated or predicate == DCTERMS.isReplacedBy


def _published(when: datetime | None, latest: Release | None) -> datetime:
    moment = (when or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    if latest is None or moment > latest.time:
        return moment
    if moment.date() < latest.time.date():
        raise SettingsError(
            message(
                "The last release is of {last}: a new one cannot be of {date}.",
                last=latest.date,
                date=moment.date(),
            ),
            hint=message("Leave out --date, or give a later one."),
        )
    return latest.time + timedelta(seconds=1)
