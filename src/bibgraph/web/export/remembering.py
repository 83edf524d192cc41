"""A store that keeps what it has answered: the pages and documents of a site ask nearly the same.

Some queries are about any number of things, and what they say of one does not depend on the others. Their
rows are kept by thing, and asked for many things at once before the walk begins; of other queries the rows
of the last ones are kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from bibgraph.describe import Row, value_of
from bibgraph.describe.statements import fetch
from bibgraph.repository import Repository
from bibgraph.store import Answer, SparqlStore

_KEPT = 256
_BATCH = 300
_BEGINNING = "VALUES ?thing { "
_EMPTY = f"{_BEGINNING}}}"
_IRI = re.compile(r"<([^>]*)>")
_PROPERTIES = "VALUES ?property { "
_BY_THING = (
    "describe-statements",
    "describe-labels",
    "describe-kinds",
    "describe-properties",
    "describe-evidence",
    "page-evidence",
)
"""The queries of pages whose rows name the thing that they are about; the statements first."""
_PLACES = "describe-places"


class Kept(Repository):
    """``repository``, of whose queries each is read once."""

    def __init__(self, repository: Repository) -> None:
        super().__init__(repository.root)
        vars(self).update(vars(repository))
        self._texts: dict[str, str] = {}

    def query(self, name: str) -> str:
        """See ``Repository.query``."""
        if name not in self._texts:
            self._texts[name] = super().query(name)
        return self._texts[name]


class Remembering:
    """What ``store``, which must never change, answers to the queries of ``repository``."""

    def __init__(self, store: SparqlStore, repository: Repository) -> None:
        self._store = store
        self.version = store.version
        self._whole = lru_cache(maxsize=_KEPT)(self._fetch)
        texts = (repository.query(f"pages/{name}") for name in _BY_THING)
        self._known: dict[tuple[str, str], dict[str, Sequence[Row]]] = {
            (head, tail): {} for head, _, tail in (text.partition(_EMPTY) for text in texts)
        }
        self._statements = next(iter(self._known))
        head, _, tail = repository.query(f"pages/{_PLACES}").partition(_EMPTY)
        self._places = (head, *tail.split(f"{_PROPERTIES}}}"))

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``."""
        return self._store.query(text, default_graphs=default_graphs, named_graphs=named_graphs)

    def rows(self, text: str) -> Sequence[Row]:
        """See ``KeepsRows.rows``."""
        head, _, rest = text.partition(_BEGINNING)
        listed, _, tail = rest.partition("}")
        if (head, tail) in self._known:
            return tuple(self._of(head, tail, _IRI.findall(listed)))
        between, _, more = tail.partition(_PROPERTIES)
        properties, _, end = more.partition("}")
        if (head, between, end) == self._places:
            return self._placed(_IRI.findall(listed), set(_IRI.findall(properties)))
        return self._whole(text)

    def prepare(self, things: Sequence[str]) -> None:
        """Ask what there is to know of these things beforehand."""
        for head, tail in self._known:
            for start in range(0, len(things), _BATCH):
                for _ in self._of(head, tail, things[start : start + _BATCH]):
                    pass

    def _of(self, head: str, tail: str, things: Sequence[str]) -> Iterator[Row]:
        """The rows about these things, in the order of the things."""
        known = self._known[head, tail]
        new = [thing for thing in things if thing not in known]
        if new:
            listed = " ".join(f"<{iri}>" for iri in new)
            found = _grouped(fetch(self._store, f"{head}{_BEGINNING}{listed} }}{tail}"))
            known.update((thing, found.get(thing, ())) for thing in new)
        for thing in things:
            yield from known[thing]

    def _placed(self, things: Sequence[str], properties: Collection[str]) -> Sequence[Row]:
        """In which graphs the things have the properties: their statements tell this as well."""
        said = self._of(*self._statements, things)
        return tuple(row for row in said if row["graph"] and value_of(row["property"]) in properties)

    def _fetch(self, text: str) -> Sequence[Row]:
        return tuple(fetch(self._store, text))


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[value_of(row["thing"])].append(row)
    return found
