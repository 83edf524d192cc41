"""What ``bibgraph load`` put into a service, as the service itself tells it."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.namespaces import BASE, DCTERMS, PREFIXES
from bibgraph.store import Answer

LOADED = BASE + "loaded"
"""The graph that tells what was loaded, and the thing it tells it of."""
UNION = LOADED + "/union"
"""The graph with every triple of the graphs loaded, once: the default graph of all queries."""
NOTHING = LOADED + "/nothing"
"""A graph that there never is, for data sets without a default graph or without named ones."""

_VERSION = ox.NamedNode(str(DCTERMS.identifier))
_PART = ox.NamedNode(str(DCTERMS.hasPart))

_STATUS = ox.NamedNode(PREFIXES["adms"] + "status")
_INCOMPLETE = ox.NamedNode(LOADED + "/incomplete")
_VARIABLES = {"property", "value"}
QUESTION = f"SELECT ?property ?value {{ GRAPH <{LOADED}> {{ <{LOADED}> ?property ?value }} }}"


@dataclass(frozen=True)
class Contents:
    """The graphs loaded, and the version they are together; empty while they are being loaded."""

    version: str
    graphs: frozenset[str]

    @classmethod
    def of(cls, answer: Answer) -> Contents | None:
        """What the answer to ``QUESTION`` says; None where nothing was ever loaded."""
        if not isinstance(answer, ox.QuerySolutions) or {v.value for v in answer.variables} != _VARIABLES:
            return None
        said = [(row["property"], row["value"]) for row in answer]
        parts = frozenset(value.value for property_, value in said if property_ == _PART)
        versions = [value.value for property_, value in said if property_ == _VERSION]
        complete = len(versions) == 1 and (_STATUS, _INCOMPLETE) not in said
        return cls(versions[0] if complete else "", parts - {UNION}) if said else None

    def triples(self) -> list[ox.Triple]:
        """The same as triples, for the graph ``LOADED``."""
        itself = ox.NamedNode(LOADED)
        parts = [ox.Triple(itself, _PART, ox.NamedNode(graph)) for graph in sorted((*self.graphs, UNION))]
        if self.version:
            return [*parts, ox.Triple(itself, _VERSION, ox.Literal(self.version))]
        return [*parts, ox.Triple(itself, _STATUS, _INCOMPLETE)]
