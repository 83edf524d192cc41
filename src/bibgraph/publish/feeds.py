"""What of all feeds can stand as files on any web server: their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bibgraph.publish import activity, atom
from bibgraph.publish.versions import Versions

ENDINGS = (".jsonld", ".trig")
"""Of the documents of the stream: as a list of activities, and with what is said of each thing."""


def addresses(versions: Versions, things: Iterable[str] = ()) -> Iterator[str]:
    """The addresses, from the site's on, of the feeds of all and of ``things``, of stream and releases."""
    for thing in ("", *things):
        for page in range(1, atom.pages_of(atom.entries(versions, thing)) + 1):
            yield atom.path_of(thing, page)
    pages = activity.Stream(versions, "").pages
    for ending in ENDINGS:
        yield from (f"{path}{ending}" for path in (activity.ENTRY, *(page.path for page in pages)))
    for release in versions.log.releases:
        yield from (activity.patch_path(release), f"changes/releases/{release.number}.nq")
