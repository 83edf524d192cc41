"""The front page, and the page that says whether the service is well."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Blueprint, Response, current_app, render_template

from bibgraph import __version__
from bibgraph.catalogue import Question
from bibgraph.describe import Describer, Row, select, value_of
from bibgraph.errors import BibgraphError, LimitError, NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.namespaces import BASE, THINGS
from bibgraph.store.serving import afresh
from bibgraph.web.described.contact import mailboxes
from bibgraph.web.documents.sections import Filled, Section, all_sections
from bibgraph.web.http.answers import represent
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.problems import told_of
from bibgraph.web.http.reader import reader
from bibgraph.web.pages.overview_data import Overview, lately, named_in
from bibgraph.web.parts.assets import scripted
from bibgraph.web.parts.evidence import Proof

STATEMENT = "BIBGRAPH_ACCESSIBILITY_STATEMENT"
FEW = 8
"""So many doubts and questions are shown where not all are."""
_KNOWN = "ASK {}"
"""The answer is yes, whatever the data are and however tight the limits."""
_TOLD_OF_FAILURES = ("error", "hint", "limit", "value", "instance")
TESTED = "2026-11-22"
"""The day on which the pages were last tested, as ``/accessibility`` says how."""


@dataclass(frozen=True)
class Specimen:
    """A thing with one piece of its evidence."""

    thing: str
    proof: Proof


class Pages:
    """The pages about ``graph`` as a whole."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.overview = Overview(graph, Describer(graph.store, graph.repository))

    def blueprint(self) -> Blueprint:
        """The addresses of these pages."""
        pages = Blueprint("pages", __name__)
        pages.add_url_rule("/", "front", self.front)
        pages.add_url_rule("/health", "health", self.health)
        pages.add_url_rule("/metrics", "metrics", self.metrics)
        pages.add_url_rule("/accessibility", "accessibility", self.accessibility)
        return pages

    def front(self) -> Response:
        """The newest strategy as a board, what happened lately, what is doubtful, the ways in."""
        kinds = [_kind(row) for row in self._rows("pages/page-kinds")]
        specimens = [_specimen(row) for row in self._rows("pages/page-specimen")]
        strategies = self.overview.strategies()
        shown = self.overview.board(strategies[0].strategy) if strategies else None
        line = lately(self.overview.milestones(), shown.asof, shown.asof) if shown and shown.asof else None
        doubts = self._doubts()
        bands = [band.milestone for band in (line.bands if line else ())]
        evidence = self.overview.proofs([*bands, *doubts.column("witness")])
        wanted = [kind for kind, _, _ in kinds] + [each.strategy for each in strategies]
        wanted += [iri for specimen in specimens for iri in (specimen.thing, specimen.proof.source)]
        named = (wanted, shown.iris() if shown else (), named_in(line), doubts.iris())
        body = render_template(
            "front.html",
            kinds=kinds,
            names=self.overview.names(*named, evidence=evidence),
            specimen=next(iter(specimens), None),
            shown=shown,
            strategy=strategies[0].strategy if strategies else "",
            line=line,
            evidence=evidence,
            doubts=doubts,
            few=FEW,
            marks=self.overview.marks,
            questions=self.graph.catalogue,
            chosen=self._chosen(doubts.section.told.get("questions", "").split()),
        )
        return scripted(represent(body, HTML, version=self.graph.version))

    def accessibility(self) -> Response:
        """How accessible the pages are, and whom to tell of faults: the contact point in the catalogue."""
        found = [value_of(row["address"]) for row in self._rows("pages/page-contact")]
        elsewhere = (address for address in found if not address.startswith(BASE))
        addresses = [
            one for one in (*mailboxes(), *elsewhere) if one.startswith(("mailto:", "https://", "http://"))
        ]
        title = message("Accessibility").text(reader().language)
        body = render_template(
            "accessibility.html",
            addresses=addresses,
            statement=current_app.config[STATEMENT],
            tested=TESTED,
            crumbs=[("", title)],
        )
        return represent(body, HTML, version=self.graph.version)

    def health(self) -> Response:
        """Whether the store answers a question with a known answer now: 200 if it does, else 503."""
        try:
            well = b"true" in afresh(self.graph.store, _KNOWN).body
            told = self._triples()
        except BibgraphError as error:
            problem, language = told_of(error), reader().language
            members = {**problem.members(language), "error": problem.sentence(language)}
            told = {name: members[name] for name in _TOLD_OF_FAILURES if name in members}
            return _state("failing", self.graph.version, told)
        return _state("ok" if well else "failing", self.graph.version, told)

    def _triples(self) -> dict[str, object]:
        """How many there are, where that can be counted within the limits. Raises what the store raises."""
        try:
            (row,) = self._rows("pages/page-health")
        except LimitError:
            return {}
        return {"triples": int(value_of(row["triples"]))}

    def metrics(self) -> Response:
        """Nothing here: what runs the application counts, and answers in place of this if it tells."""
        raise NotFound(message("There is nothing at this address."))

    @cached_property
    def _section(self) -> Section:
        return next(each for each in all_sections(self.graph.repository) if each.name == "page-front")

    def _doubts(self) -> Filled:
        """Where the sources contradict themselves, and what the header of the query says beside it."""
        return Filled(self._section, list(select(self.graph.store, self._section.text)))

    def _chosen(self, keys: Sequence[str]) -> list[Question]:
        """The questions of these keys that there are; the first of all where there is none of them."""
        known = [self.graph.catalogue.get(key) for key in keys if key in self.graph.catalogue]
        return known or list(self.graph.catalogue)[:FEW]

    def _rows(self, query: str) -> list[Row]:
        return list(select(self.graph.store, self.graph.repository.query(query)))


def _kind(row: Row) -> tuple[str, int, str]:
    """A class, how many things are of it, and the collection that one of them lies in."""
    one = value_of(row["one"]).removeprefix(str(THINGS))
    return value_of(row["kind"]), int(value_of(row["things"])), f"/id/{one.partition('/')[0]}"


def _specimen(row: Row) -> Specimen:
    told = {name: value_of(term) for name, term in row.items()}
    proof = Proof(
        told["quotation"],
        told["words"],
        "",
        told["source"],
        int(told["lineStart"]),
        int(told["lineEnd"]),
        told["page"],
        readable=True,
    )
    return Specimen(told["thing"], proof)


def _state(status: str, version: str, answer: dict[str, object]) -> Response:
    members = {"status": status, "program": __version__, "graph": version, **answer}
    body = json.dumps(members, ensure_ascii=False, indent=2) + "\n"
    well = status == "ok"
    response = Response(body, status=200 if well else 503, content_type="application/json")
    response.cache_control.no_store = True
    if not well:
        response.headers["Retry-After"] = "1"
    return response
