"""The ontology as a page in the reader's language, and as data, from its own triples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, Response, render_template

from bibgraph.describe import Describer, Statement, Traits, collect, iris, reading, value_of
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.namespaces import ONTOLOGY
from bibgraph.web.answers import Alternate, alternates, represent
from bibgraph.web.decoding import iri_path, own_iri
from bibgraph.web.formats import HTML, RDF, wanted
from bibgraph.web.reader import reader
from bibgraph.web.serialising import serialise

_OWL = "http://www.w3.org/2002/07/owl#"
_CLASSES = {_OWL + "Class", "http://www.w3.org/2000/01/rdf-schema#Class"}
_PROPERTIES = {
    _OWL + "ObjectProperty",
    _OWL + "DatatypeProperty",
    _OWL + "AnnotationProperty",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property",
}
HEADER = str(ONTOLOGY).rstrip("#")


@dataclass(frozen=True)
class Term:
    """A class or property: its IRI, its texts and the other statements, as they are read."""

    iri: str
    lead: Sequence[Statement]
    rows: Sequence[tuple[str, list[Statement]]]

    @property
    def key(self) -> str:
        """Its name inside the ontology, the fragment of its IRI."""
        return self.iri.removeprefix(str(ONTOLOGY))


class Vocabulary:
    """The page and documents of the ontology in ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    def blueprint(self) -> Blueprint:
        """The address of the ontology, with and without an ending that names a format."""
        pages = Blueprint("vocabulary", __name__)
        pages.add_url_rule("/ontology", "ontology", self.ontology)
        pages.add_url_rule("/ontology.<ending>", "document", self.ontology)
        pages.add_url_rule("/ontology/<version>", "version", self.version)
        return pages

    def ontology(self, ending: str = "") -> Response:
        """All terms of the ontology with its header; its terms' IRIs are fragments of this address."""
        want = wanted(f"ontology.{ending}" if ending else "ontology")
        rows = self.describer.about("pages/page-ontology", "ontology", [HEADER])
        said = [*self.describer.statements([HEADER]), *collect(rows)]
        statements = [statement for statement in said if not statement.inferred]
        if want.key != "ontology" or not statements:
            raise NotFound(message("There is no ontology in this graph, or not in that format."))
        links = alternates("/ontology", RDF)
        if want.type == HTML:
            body: str | bytes = self._page(statements, links)
        else:
            body = serialise([statement.quad for statement in statements], want.type, first=HEADER)
        return represent(body, want.type, version=self.graph.version, links=links, varies=not want.fixed)

    def version(self, version: str) -> Response:
        """303 to the ontology, if ``version`` is the one served."""
        if not self.describer.exists(own_iri(f"ontology/{iri_path(version)}")):
            raise NotFound(message("There is no version {version} of the ontology here.", version=version))
        path = reader().link("/ontology")
        return Response(f"{path}\n", 303, {"Location": path}, content_type="text/plain; charset=utf-8")

    def _page(self, statements: Sequence[Statement], links: Sequence[Alternate]) -> str:
        traits = self.describer.traits({statement.predicate for statement in statements})
        language = reader().language
        said = {subject: list(group) for subject, group in groupby(statements, key=lambda s: s.subject.value)}
        names = self.describer.names({HEADER, *iris(statements)})

        def terms(kinds: set[str]) -> list[Term]:
            found = [_term(iri, said[iri], traits) for iri in _of_kind(said, kinds, traits)]
            return sorted(found, key=lambda term: names.of(term.iri, language).text.casefold())

        return render_template(
            "ontology.html",
            title=names.of(HEADER, language).text,
            header=_term(HEADER, said.get(HEADER, []), traits),
            classes=terms(_CLASSES),
            properties=terms(_PROPERTIES),
            names=names,
            traits=traits,
            alternates=links,
            section="/ontology",
            crumbs=[("", message("Ontology").text(language))],
        )


def _of_kind(said: dict[str, list[Statement]], kinds: set[str], traits: Traits) -> list[str]:
    """The terms that are said to be of one of these kinds."""
    return [
        iri
        for iri, statements in said.items()
        if iri.startswith(str(ONTOLOGY))
        and any(traits.has(s.predicate, "kind") and value_of(s.value) in kinds for s in statements)
    ]


def _term(iri: str, statements: Sequence[Statement], traits: Traits) -> Term:
    rows = reading(statements, traits, reader().language)
    lead = next((said for property_, said in rows if traits.has(property_, "lead")), [])
    apart = ("name", "lead", "kind", "home")
    return Term(iri, lead, [row for row in rows if not any(traits.has(row[0], role) for role in apart)])
