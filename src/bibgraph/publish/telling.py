"""Releases told to people: an entry of the change log, and a sentence for each change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bibgraph.messages import Message, message
from bibgraph.publish.patches import Kind
from bibgraph.publish.releases import Activity, Release
from bibgraph.publish.versions import Labels, Versions

MOST_NAMED = 10
"""So many things of one class are named in an entry; of more it says how many."""

_HEADS = {
    Kind.CREATE: message("New"),
    Kind.UPDATE: message("Changed"),
    Kind.DEPRECATE: message("Withdrawn"),
    Kind.DELETE: message("Removed"),
}
_OTHERS = message("Other things")


def head(kind: Kind) -> Message:
    """One word for a kind of change."""
    return _HEADS[kind]


def sentence(activity: Activity, labels: Labels, language: str) -> str:
    """What changed, in a few words: ``Changed: Tiltak 14 (Tiltak)``."""
    name, kind = labels.name(activity.thing, language).text, labels.kind(activity.thing, language)
    return f"{_HEADS[activity.kind].text(language)}: {name}" + (f" ({kind})" if kind else "")


def title(release: Release) -> str:
    """The heading of an entry: its number and day."""
    return f"{release.number} – {release.date}"


def entry(versions: Versions, release: Release, language: str) -> str:
    """The entry about a release in Markdown: what was said of it, how much changed, and what."""
    counts = message(
        "Things changed: {things}. Statements added: {came}; removed: {went}.",
        things=sum(release.things.values()),
        came=release.added,
        went=release.removed,
    )
    told = [f"## {title(release)}\n"]
    told += [f"{release.message}\n"] if release.message else []
    told.append(f"{counts.text(language)}\n")
    return "\n".join((*told, *_items(versions, release, language))) + "\n"


def _items(versions: Versions, release: Release, language: str) -> Iterator[str]:
    activities = versions.log.activities(release)
    labels = versions.labels(activity.thing for activity in activities)
    found: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for activity in activities:
        class_ = labels.kind(activity.thing, language) or _OTHERS.text(language)
        found[activity.kind, class_].append(labels.name(activity.thing, language).text)
    order = list(Kind)
    for (kind, class_), names in sorted(
        found.items(), key=lambda pair: (order.index(pair[0][0]), pair[0][1])
    ):
        said = f"- {_HEADS[kind].text(language)}: {class_} ({len(names)})"
        yield said if len(names) > MOST_NAMED else f"{said}: {'; '.join(sorted(names))}"
