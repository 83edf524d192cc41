"""Things as they were: the graph of each release, to be asked like the present one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from bibgraph.describe import Describer, Name, Names, value_of
from bibgraph.publish.releases import Log
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore

_KEPT = 2
_NAMELESS = Names()


@dataclass(frozen=True)
class Labels:
    """What things are called, and their classes, by IRI."""

    names: Mapping[str, Names]
    kinds: Mapping[str, str]

    def name(self, thing: str, language: str) -> Name:
        """What to call a thing."""
        return self.names.get(thing, _NAMELESS).of(thing, language)

    def kind(self, thing: str, language: str) -> str:
        """What to call its class; empty if it has none."""
        kind = self.kinds.get(thing, "")
        return self.names[thing].of(kind, language).text if kind else ""


class Versions:
    """The states of the graph that ``log`` tells of, with the queries of ``repository``.

    Two of them are held in memory at a time. What follows by reasoning is not in them: it is not released.
    """

    def __init__(self, log: Log, repository: Repository) -> None:
        self.log = log
        self._repository = repository
        self._kept: OrderedDict[int, Describer] = OrderedDict()
        self._names: dict[str, Names] = {}
        self._kinds: dict[str, str] = {}
        self._lock = Lock()

    def describer(self, number: int) -> Describer:
        """Asks about things as they were with release ``number``; 0 is the empty graph."""
        with self._lock:
            if number not in self._kept:
                version = self.log.releases[number - 1].version if number else ""
                store = EmbeddedStore(self.log.state(number), version)
                self._kept[number] = Describer(store, self._repository)
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(number)
            return self._kept[number]

    @cached_property
    def memory(self) -> Describer:
        """Asks about all things that ever were: as they are with the latest release, or when they went."""
        latest = self.log.latest
        quads = set(self.log.state(latest.number)) if latest else set()
        for thing in self.log.gone():
            quads.update(self.log.of(thing)[-1].change.removed)
        return Describer(EmbeddedStore(quads, latest.version if latest else ""), self._repository)

    def labels(self, things: Iterable[str]) -> Labels:
        """Names and classes of things, as they were known last."""
        new = sorted({thing for thing in things if not thing.startswith("_:")} - self._names.keys())
        if new:
            kinds = _kinds(self.memory, new)
            names = self.memory.names({*new, *kinds.values()})
            self._kinds.update(kinds)
            self._names.update(dict.fromkeys(new, names))
        return Labels(self._names, self._kinds)


def _kinds(describer: Describer, things: Sequence[str]) -> dict[str, str]:
    """The first class of each thing that some source says it is of."""
    rows = describer.about("pages/describe-kinds", "thing", things)
    pairs = sorted((value_of(row["thing"]), value_of(row["value"])) for row in rows)
    return dict(reversed(pairs))
