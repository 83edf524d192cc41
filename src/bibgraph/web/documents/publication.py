"""What all documents about one graph share: names in JSON-LD, licence and makers, the log of its releases."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from bibgraph.describe import Describer
from bibgraph.graph import Graph
from bibgraph.publish.releases import Log
from bibgraph.web.documents.mementos import history
from bibgraph.web.documents.signposting import Colophon, http_date
from bibgraph.web.rdf.jsonld import Context


class Publication:
    """What holds of every document about ``graph``. Asked for when it is first needed, and kept."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    @property
    def log(self) -> Log:
        """The log of releases."""
        return history(self.graph).log

    @cached_property
    def context(self) -> Context:
        """The names that JSON-LD goes by."""
        return Context.of(self.describer)

    def colophon(self) -> Colophon:
        """Licence, makers and the moment of the last change, as a header has it.

        That is the moment of the latest release, if the graph is as it was released; else the day that the
        graph's own catalogue gives.
        """
        colophon, latest = Colophon.of(self.describer), self.log.latest
        released = latest is not None and latest.version == self.graph.version
        changed = latest.published if latest is not None and released else colophon.modified
        return replace(colophon, modified=http_date(changed))
