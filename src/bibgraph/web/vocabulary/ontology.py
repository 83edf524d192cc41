"""The ontology as pages in the reader's language, and as data, from its own triples.

``/ontology`` tells every term shortly, where the fragment of its IRI leads to; each has a page of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flask import Blueprint, Response, render_template
from markupsafe import Markup

from bibgraph.describe import Describer, Names, Statement, collect, settled, value_of
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import Message, message
from bibgraph.namespaces import ONTOLOGY
from bibgraph.namespaces import RDF as RDF_TERMS
from bibgraph.web.documents.publication import Publication
from bibgraph.web.documents.signposting import Signs
from bibgraph.web.http.addresses import moved
from bibgraph.web.http.answers import Document, alternates, etag, represent
from bibgraph.web.http.decoding import iri_path, own_iri, url_path
from bibgraph.web.http.formats import HTML, RDF, wanted
from bibgraph.web.http.reader import reader
from bibgraph.web.parts.display import href
from bibgraph.web.pictures.diagram import Box, draw
from bibgraph.web.rdf.serialising import serialise
from bibgraph.web.vocabulary.known import EXAMPLE, HEADER, Known
from bibgraph.web.vocabulary.shapes import path_of_rule
from bibgraph.web.vocabulary.terms import iri_of_example
from bibgraph.web.vocabulary.uses import Uses

PATH = "/ontology"
CODES = f"{PATH}/codes"
_TYPE = str(RDF_TERMS.type)
_KINDS: Mapping[str, Message] = {"classes": message("Classes"), "properties": message("Properties")}
"""The folders of terms' pages, apart, so that names that differ by a capital only are two files anywhere."""


class Vocabulary:
    """The pages and documents of the ontology in ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)
        self.publication = Publication(graph)
        self._kept: Known | None = None

    def blueprint(self) -> Blueprint:
        """The address of the ontology, with and without an ending that names a format, and of its parts."""
        pages = Blueprint("vocabulary", __name__)
        pages.add_url_rule(PATH, "ontology", self.ontology)
        pages.add_url_rule(f"{PATH}.<ending>", "document", self.ontology)
        pages.add_url_rule(CODES, "codes", self.codes)
        pages.add_url_rule(f"{PATH}/<any({','.join(_KINDS)}):kind>/<key>", "term", self.term)
        pages.add_url_rule(f"{PATH}/<version>", "version", self.version)
        return pages

    def ontology(self, ending: str = "") -> Response:
        """All terms of the ontology with its header; its terms' IRIs are fragments of this address."""
        want = wanted(f"ontology.{ending}" if ending else "ontology")
        # The format is looked at before the terms are read, which are many.
        html = want.key == "ontology" and want.type == HTML
        statements = self._statements() if want.key == "ontology" else []
        if not statements:
            raise NotFound(message("There is no ontology in this graph, or not in that format."))
        if html:
            body: str | bytes = self._page(self._known(statements))
        else:
            context = self.publication.context
            body = serialise([s.quad for s in statements], want.type, first=HEADER, context=context)
        signs = self._signs(statements)
        return represent(
            body,
            want.type,
            version=self.graph.version,
            links=alternates(PATH, RDF),
            varies=not want.fixed,
            document=Document(PATH, tuple(signs.header()), signs.colophon.modified),
        )

    def term(self, kind: str, key: str) -> Response:
        """One class or property: all that is said of it, its rules, its use in the data."""
        known, iri, language = self._known(), f"{ONTOLOGY}{iri_path(key)}", reader().language
        if iri not in {"classes": known.classes, "properties": known.properties}[kind]:
            raise NotFound(
                message("The ontology has no term {key}.", key=key),
                hint=message("See which there are at /ontology."),
            )
        title = known.names.of(iri, language).text
        seen = {"it": known.entry(iri), "folder": _KINDS[kind].text(language)}
        return self._part(known, "term.html", title, seen)

    def codes(self) -> Response:
        """All code lists, with what each code means."""
        known = self._known()
        schemes = known.schemes()
        if not schemes:
            raise NotFound(message("The ontology has no code lists."))
        return self._part(
            known, "codes.html", message("Code lists").text(reader().language), {"schemes": schemes}
        )

    def paths(self) -> Iterator[str]:
        """The paths of the pages about its parts: terms, and code lists."""
        known = self._known()
        yield from (_path_of_term(known, iri) for iri in (*known.classes, *known.properties))
        if known.schemes():
            yield CODES

    def signs(self, path: str) -> Signs | None:
        """The links of the page at ``path``; None if it is not this one."""
        statements = self.describer.statements([HEADER]) if path == PATH else []
        return self._signs(statements) if statements else None

    def version(self, version: str) -> Response:
        """303 to the ontology, if ``version`` is the one served."""
        want = wanted(iri_path(version))
        if not self.describer.exists(own_iri(f"ontology/{want.key}")):
            raise NotFound(message("There is no version {version} of the ontology here.", version=version))
        return moved(PATH + iri_path(version).removeprefix(want.key), 303)

    def _signs(self, statements: Sequence[Statement]) -> Signs:
        kinds = [value_of(s.value) for s in statements if s.subject.value == HEADER and _is_kind(s)]
        return Signs(PATH, HEADER, alternates(PATH, RDF), self.publication.colophon(), kinds)

    def _statements(self) -> list[Statement]:
        rows = self.describer.about("pages/page-ontology", "ontology", [HEADER])
        said = [*self.describer.statements([HEADER]), *collect(rows)]
        return settled([statement for statement in said if not statement.inferred])

    def _known(self, statements: Sequence[Statement] | None = None) -> Known:
        """What the pages show: kept, unless the graph may change."""
        if self._kept is None or not etag(self.graph.version, "", ""):
            found = self._statements() if statements is None else statements
            self._kept = Known.of(self.graph, self.describer, found)
        return self._kept

    def _page(self, known: Known) -> str:
        language = reader().language
        return render_template(
            "ontology.html",
            **self._seen(known),
            title=known.names.of(HEADER, language).text,
            header=known.header,
            groups=[
                (kind, heading.text(language), known.listed(terms, language))
                for (kind, heading), terms in zip(
                    _KINDS.items(), (known.classes, known.properties), strict=True
                )
            ],
            schemes=known.schemes(),
            codes=CODES,
            uses=known.uses,
            diagram=_diagram(known.uses, known.names, language),
            crumbs=[("", message("Ontology").text(language))],
        )

    def _part(self, known: Known, template: str, title: str, seen: Mapping[str, object]) -> Response:
        """A page about a part of the ontology; the data is that of the whole."""
        links = alternates(PATH, RDF)
        crumbs = [(PATH, message("Ontology").text(reader().language)), ("", title)]
        body = render_template(template, **self._seen(known), **seen, title=title, crumbs=crumbs)
        return represent(body, HTML, version=self.graph.version, links=links, varies=False)

    def _seen(self, known: Known) -> dict[str, object]:
        """What all these pages need."""
        return {
            "names": known.names,
            "traits": known.traits,
            "example_of": iri_of_example,
            "is_example": lambda property_: property_ == EXAMPLE,
            "path_of_term": lambda iri: _path_of_term(known, iri),
            "path_of_rule": path_of_rule,
            "alternates": alternates(PATH, RDF),
            "section": PATH,
        }


def _path_of_term(known: Known, iri: str) -> str:
    """The path of the page about a class or property of the ontology; of other IRIs empty."""
    key = url_path(iri.removeprefix(str(ONTOLOGY)))
    for kind, terms in zip(_KINDS, (known.classes, known.properties), strict=True):
        if iri in terms:
            return f"{PATH}/{kind}/{key}"
    return ""


def _is_kind(statement: Statement) -> bool:
    return statement.predicate == _TYPE and not statement.inferred


def _diagram(uses: Uses, names: Names, language: str) -> Markup:
    """The classes and what joins them, as the data has it."""
    edges = {
        edge: [names.of(iri, language).text for iri in properties]
        for edge, properties in uses.drawn().items()
    }
    shown = sorted({iri for edge in edges for iri in edge})
    boxes = {
        iri: Box(names.of(iri, language).text, href(iri), own=iri.startswith(str(ONTOLOGY))) for iri in shown
    }
    title = message("How classes hang together").text(language)
    desc = message(
        "Boxes are classes; an arrow from one to another is a property that joins them in the data. "
        "The table after it says the same."
    )
    return draw(boxes, edges, title, desc.text(language)) if edges else Markup()
