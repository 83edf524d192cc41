"""The served site, walked through from link to link, by several processes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bibgraph.web.export.addresses import Address, read
from bibgraph.web.export.sharing import shared
from bibgraph.web.export.visits import MOST_SOURCES, HeaderLink, Visit, Visitor, stem
from bibgraph.web.http.formats import HTML

_MOST_MOVES = 5

Progress = Callable[[int, int], None]
"""Told how many addresses are done, and how many are known."""


@dataclass(frozen=True)
class Page:
    """A page that was found: its address, its file, and the links of its headers.

    kept: where its text lies until it is written as it will be.
    """

    address: Address
    file: str
    kept: Path
    links: Sequence[HeaderLink]

    @property
    def text(self) -> str:
        """The page as it was served."""
        return self.kept.read_text("utf-8")


@dataclass
class Found:
    """What a walk found.

    files: by address; several addresses may be one file. pages: those in HTML. naming: other files that name
    the site itself. missing: addresses that there is nothing at, with some of those that lead there.
    """

    files: dict[Address, str] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    naming: list[tuple[Address, str]] = field(default_factory=list)
    missing: dict[Address, set[str]] = field(default_factory=dict)


class Crawl:
    """A walk with ``visitor``. alone: paths of pages that see to query strings themselves."""

    def __init__(self, visitor: Visitor, alone: tuple[str, ...] = ()) -> None:
        self._visitor = visitor
        self._alone = alone
        self.found = Found()
        self._written: set[str] = set()
        self._sources: dict[Address, set[str]] = defaultdict(set)
        self._moved: dict[Address, Address] = {}

    def run(self, begin: Iterable[Address], processes: int, progress: Progress) -> Found:
        """What is at these addresses and at all that they lead to."""
        waiting = list(begin)
        for address in waiting:
            self._sources[address] = set()
        done: set[Address] = set()
        with shared(self._visitor.visit, processes) as work:
            while waiting:
                groups: dict[str, list[Address]] = defaultdict(list)
                for address in waiting:
                    groups[stem(address)].append(address)
                for visits in work(groups.values()):
                    self._note(visits)
                    done.update(visit.address for visit in visits)
                    progress(len(done), len(self._sources))
                waiting = sorted(self._sources.keys() - done)
        self._settle(done)
        return self.found

    def place(self, url: str, page: Address) -> tuple[str, str] | None:
        """The file that a link leads to, and what comes after its name; None for nothing exported.

        Raises LookupError for a link to another site.
        """
        place = read(url, page, self._visitor.language)
        if place is None:
            raise LookupError(url)
        meant, fragment = place
        address = self._stands_for(meant)
        file = self.found.files.get(address) or self.found.files.get(Address(address.path, address.query))
        told = f"?{meant.query}" if address != meant else ""
        return (file, told + (f"#{fragment}" if fragment else "")) if file else None

    def _stands_for(self, address: Address) -> Address:
        return Address(address.path, "", address.language) if address.path in self._alone else address

    def _note(self, visits: Iterable[Visit]) -> None:
        for visit in visits:
            source = visit.address.url
            for other in visit.leads:
                sources = self._sources[self._stands_for(other)]
                if len(sources) < MOST_SOURCES:
                    sources.add(source)
            if visit.moved is not None:
                self._moved[visit.address] = self._stands_for(visit.moved)
            elif not visit.file:
                self.found.missing[visit.address] = self._sources[visit.address]
            else:
                self.found.files[visit.address] = self.found.files[visit.own] = visit.file
                self._keep(visit)

    def _keep(self, visit: Visit) -> None:
        if visit.file in self._written:
            return
        self._written.add(visit.file)
        if visit.type == HTML:
            kept = self._visitor.raw / visit.file
            self.found.pages.append(Page(visit.own, visit.file, kept, visit.links))
        elif visit.naming:
            self.found.naming.append((visit.own, visit.file))

    def _settle(self, known: Iterable[Address]) -> None:
        """What leads on is where it leads to."""
        for address in known:
            end = address
            for _ in range(_MOST_MOVES):
                end = self._moved.get(end, end)
            if end in self.found.files:
                self.found.files[address] = self.found.files[end]
        self.found.pages.sort(key=lambda page: page.file)
        self.found.naming.sort()
