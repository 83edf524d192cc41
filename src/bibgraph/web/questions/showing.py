"""The answer to a ready question as people see it: a table in words, and a chart."""

from __future__ import annotations

import pyoxigraph as ox

from bibgraph.describe import Describer, select, value_of
from bibgraph.describe.names import distance
from bibgraph.graph import Graph
from bibgraph.store import Answer
from bibgraph.web.http.reader import reader
from bibgraph.web.pages.overviews import chart_words, draw
from bibgraph.web.parts.tables import MOST_ROWS, Table, table, worded
from bibgraph.web.pictures.svg import Picture
from bibgraph.web.questions.asked import Asked

MOST_DRAWN = 5000
"""Of so many rows a chart is tried at most."""
MOST_IN_CHART = 60
"""So many rows a chart has room for, if it has not for all."""


class Showing:
    """Shows answers out of ``graph`` in the reader's language."""

    def __init__(self, graph: Graph, describer: Describer) -> None:
        self.graph = graph
        self.describer = describer

    def table(self, asked: Asked, answer: Answer, most: int = MOST_ROWS) -> Table:
        """The answer as people read it: codes as words."""
        headings = asked.question.headings(reader().language)
        found = table(answer, self.describer, headings, most)
        coded = {place for place, name in enumerate(headings) if name in asked.question.coded}
        return worded(found, coded, self._labels()) if coded else found

    def picture(self, asked: Asked, text: str, found: Table, total: int) -> tuple[Picture | None, int]:
        """The chart that the header asks for: of the whole answer, even where a page shows a part.

        And of how many rows it is, if it has no room for all.
        """
        chart = asked.question.chart
        if chart is None or total > MOST_DRAWN:
            return None, 0
        if total > len(found.rows):
            found = self.table(asked, self.graph.store.query(text), MOST_DRAWN)
        names = asked.question.headings(reader().language)
        rows = [dict(zip(names, row, strict=True)) for row in found.rows]
        whole = draw(chart_words(chart), rows, found.names) if rows else None
        if whole or len(rows) <= MOST_IN_CHART:
            return whole, 0
        return draw(chart_words(chart), rows[:MOST_IN_CHART], found.names), MOST_IN_CHART

    def _labels(self) -> dict[str, ox.Literal]:
        """What codes are called in the reader's language, by notation."""
        labels: dict[str, ox.Literal] = {}
        for row in select(self.graph.store, self.graph.repository.query("pages/page-notations")):
            notation, label = value_of(row["notation"]), row["label"]
            if isinstance(label, ox.Literal) and _nearer(label, labels.get(notation)):
                labels[notation] = label
        return labels


def _nearer(label: ox.Literal, known: ox.Literal | None) -> bool:
    language = reader().language
    return known is None or distance(label.language, language) < distance(known.language, language)
