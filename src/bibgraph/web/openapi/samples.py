"""What a graph has that can stand as an example in the description of its addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bibgraph.describe import Describer, select, value_of
from bibgraph.graph import Graph
from bibgraph.messages import Message
from bibgraph.namespaces import BASE, THINGS
from bibgraph.parameters import EXAMPLES, Parameter, hint_of, resolve
from bibgraph.sparql import in_sparql
from bibgraph.web.documents.mementos import history
from bibgraph.web.documents.signposting import Colophon


@dataclass(frozen=True)
class Samples:
    """Examples out of ``graph``, which need not be the project's own; empty where it has none."""

    graph: Graph

    @cached_property
    def project(self) -> bool:
        """Whether it is the project's own, of which is known what it has."""
        return Colophon.of(Describer(self.graph.store, self.graph.repository)).dataset.startswith(BASE)

    @cached_property
    def released(self) -> bool:
        """Whether it has been released."""
        return bool(history(self.graph).log.releases)

    @cached_property
    def things(self) -> list[str]:
        """A thing of each kind by its key, the kinds in order."""
        rows = select(self.graph.store, self.graph.repository.query("pages/page-kinds"))
        found = [value_of(row["one"]) for row in rows]
        return [iri.removeprefix(THINGS) for iri in found if iri.startswith(THINGS)]

    def of(self, type_: str) -> str:
        """An example of a parameter of this type, if that is one whose values are not listed."""
        if type_ == "thing":
            return self._thing
        return self._day if type_ == "date" else EXAMPLES.get(type_, "")

    def hint(self, parameter: Parameter, listed: Sequence[str]) -> Message:
        """What can be written for a parameter. listed: its values, if they are."""
        return hint_of(Parameter(parameter.name, parameter.type), "", listed, self.of(parameter.type))

    @cached_property
    def _thing(self) -> str:
        usual = resolve(EXAMPLES["thing"])
        if usual and self.graph.store.query(f"ASK {{ {in_sparql(usual)} ?property ?value }}"):
            return EXAMPLES["thing"]
        return next(iter(self.things), "")

    @cached_property
    def _day(self) -> str:
        rows = select(self.graph.store, self.graph.repository.query("pages/page-reports"))
        days = [value_of(row["issued"]) for row in rows if row["issued"]]
        return EXAMPLES["date"] if EXAMPLES["date"] in days else next(iter(days), "")
