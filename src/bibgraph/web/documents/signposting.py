"""Links in headers that lead programs: FAIR Signposting, level 1 (signposting.org/FAIR; RFC 8288).

What is said of all documents alike (licence, author, day of the last change) stands in the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from bibgraph.describe import Collection, Describer, Description, select, value_of
from bibgraph.media import BY_NAME
from bibgraph.namespaces import BASE, SDO, THINGS
from bibgraph.web.http.answers import Alternate, Link
from bibgraph.web.http.decoding import url_path
from bibgraph.web.http.formats import HTML
from bibgraph.web.parts.display import canonical

MOST_ITEMS = 20
"""So many items are in a header at most; the link set has all."""
LINKSET = "application/linkset"
LINKSET_JSON = "application/linkset+json"
ENDINGS = {"json": LINKSET_JSON, "txt": LINKSET}
"""Endings of the addresses of link sets."""

_TYPES = {**{media.name: media.type for media in BY_NAME.values()}, "gz": "application/gzip"}
"""Media types of files, by their ending; what has none of these is a page."""
_ABOUT_PAGE = str(SDO.AboutPage)
_COLLECTION_PAGE = str(SDO.CollectionPage)


@dataclass(frozen=True)
class Colophon:
    """What holds of all documents: the catalogue and data set, its licence, makers and last change.

    modified: an ISO day; empty where the graph gives none. files: paths of what the data set can be had as.
    """

    catalogue: str = ""
    dataset: str = ""
    license: str = ""
    creators: Sequence[str] = ()
    modified: str = ""
    files: Sequence[str] = ()

    @classmethod
    def of(cls, describer: Describer) -> Colophon:
        """As the graph's catalogue has it; empty without a catalogue."""
        rows = list(select(describer.store, describer.repository.query("pages/page-dataset")))
        if not rows:
            return cls()
        first = rows[0]
        creators = dict.fromkeys(value_of(row["creator"]) for row in rows if row["creator"] is not None)
        newest = max(value_of(row["modified"]) for row in rows)
        return cls(
            value_of(first["catalogue"]),
            value_of(first["dataset"]),
            value_of(first["terms"]),
            tuple(creators),
            newest,
            tuple(dict.fromkeys(_path(value_of(row["file"])) for row in rows)),
        )

    def links(self) -> Iterator[Link]:
        """Its licence and makers."""
        if self.license:
            yield Link(self.license, "license")
        for creator in self.creators:
            yield Link(creator, "author")


def _path(address: str) -> str:
    """The path on this site of an address under the base; any other address as it is."""
    return "/" + url_path(address.removeprefix(BASE)) if address.startswith(BASE) else address


def http_date(stated: str) -> str:
    """An ISO day (its first second) or moment as a header has it; empty for none, and for one to come."""
    if not stated:
        return ""
    moment = datetime.fromisoformat(stated)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return format_datetime(moment, usegmt=True) if moment <= datetime.now(UTC) else ""


@dataclass(frozen=True)
class Signs:
    """The links of one page: its own path, the IRI of what it is about, and what is around it.

    forms: its other formats. kinds: what the thing is. whole: the path of the collection it is in. items:
    paths of what is in it.
    """

    path: str
    iri: str
    forms: Sequence[Alternate]
    colophon: Colophon
    kinds: Sequence[str] = ()
    whole: str = ""
    items: Sequence[str] = ()

    def links(self) -> Iterator[Link]:
        """All of them, for a link set."""
        yield Link(self.iri, "cite-as")
        page = _COLLECTION_PAGE if self.items and not self.kinds else _ABOUT_PAGE
        for kind in dict.fromkeys((page, *self.kinds)):
            yield Link(kind, "type")
        for form in self.forms:
            if form.type != HTML:
                yield Link(form.path, "describedby", form.type)
        yield from self.colophon.links()
        if self.whole:
            yield Link(self.whole, "collection", HTML)
        for item in self.items:
            yield Link(item, "item", _TYPES.get(item.rpartition(".")[2], HTML))

    def header(self) -> Iterator[Link]:
        """Those that a header holds: not very many items, and where the link set is."""
        items = 0
        for link in self.links():
            items += link.rel == "item"
            if link.rel != "item" or items <= MOST_ITEMS:
                yield link
        for ending, type_ in ENDINGS.items():
            yield Link(f"{linkset_path(self.path)}.{ending}", "linkset", type_)


def signs_of(
    path: str,
    iri: str,
    found: Iterable[Description | Collection],
    forms: Sequence[Alternate],
    colophon: Colophon,
) -> Signs:
    """The links of the page about a thing, or about what is in a collection, or both."""
    kinds: Sequence[str] = ()
    items: Sequence[str] = ()
    for part in found:
        if isinstance(part, Description):
            kinds = part.kinds
        else:
            items = [canonical(thing) for thing in part.things]
    if iri == colophon.dataset:
        items = [*colophon.files, *items]
    outer = iri.rpartition("/")[0]
    whole = path.rpartition("/")[0] if outer.startswith(str(THINGS)[:-1]) else ""
    return Signs(path, iri, forms, colophon, tuple(kinds), whole, tuple(items))


def linkset_path(path: str) -> str:
    """Where the link set of the page at ``path`` is, without an ending."""
    return f"/linkset{path}"
