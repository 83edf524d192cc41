"""The shapes as a page in the reader's language, and as data: what the graph's things are held to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

from flask import Blueprint, Response, render_template

from bibgraph.describe import Describer
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.namespaces import SHAPES
from bibgraph.web.documents.publication import Publication
from bibgraph.web.documents.signposting import Signs
from bibgraph.web.http.answers import Alternate, Document, alternates, represent
from bibgraph.web.http.formats import HTML, RDF, wanted
from bibgraph.web.http.reader import reader
from bibgraph.web.rdf.serialising import serialise
from bibgraph.web.vocabulary.ontology import add_names
from bibgraph.web.vocabulary.rules import Rule, Rules
from bibgraph.web.vocabulary.words import sentences

HEADER = str(SHAPES).rstrip("#")
PATH = "/shapes"


class Shapes:
    """The page and documents of the shapes that belong to ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)
        self.publication = Publication(graph)

    def blueprint(self) -> Blueprint:
        """The address of the shapes, with and without an ending that names a format."""
        pages = Blueprint("shapes", __name__)
        pages.add_url_rule(PATH, "shapes", self.shapes)
        pages.add_url_rule(f"{PATH}.<ending>", "document", self.shapes)
        return pages

    def shapes(self, ending: str = "") -> Response:
        """All shapes; their IRIs are fragments of this address."""
        want = wanted(f"shapes.{ending}" if ending else "shapes")
        quads = self.graph.repository.quads("shapes")
        if want.key != "shapes" or not quads:
            raise NotFound(message("There are no shapes here, or not in that format."))
        links = alternates(PATH, RDF)
        if want.type == HTML:
            body: str | bytes = self._page(Rules(quads), links)
        else:
            body = serialise(quads, want.type, first=HEADER, context=self.publication.context)
        signs = self._signs()
        return represent(
            body,
            want.type,
            version=f"{self.graph.version}/{self._shapes_version}",
            links=links,
            varies=not want.fixed,
            document=Document(PATH, tuple(signs.header()), signs.colophon.modified),
        )

    def signs(self, path: str) -> Signs | None:
        """The links of the page at ``path``; None if it is not this one."""
        return self._signs() if path == PATH and self.graph.repository.shapes else None

    def _signs(self) -> Signs:
        return Signs(PATH, HEADER, alternates(PATH, RDF), self.publication.colophon())

    @cached_property
    def _shapes_version(self) -> str:
        """A hash of the files: the graph's version says nothing of shapes."""
        contents = b"".join(file.path.read_bytes() for file in self.graph.repository.shapes)
        return hashlib.sha256(contents).hexdigest()

    def _page(self, rules: Rules, links: Sequence[Alternate]) -> str:
        language = reader().language
        names = self.describer.names(set(rules.iris()))
        add_names(names, rules)
        targeted = [rule for rule in rules.all.values() if rule.targets]
        asked = [rule for rule in rules.all.values() if not rule.targets and rule.messages]
        silent = [rule for rule in rules.all.values() if not rule.targets and not rule.messages]

        def listed(found: list[Rule]) -> list[Rule]:
            return sorted(found, key=lambda rule: (names.of(rule.iri, language).text.casefold(), rule.iri))

        return render_template(
            "shapes.html",
            title=message("Rules").text(language),
            header=HEADER,
            groups=[
                ("kinds", message("Rules for kinds of things"), listed(targeted)),
                ("properties", message("Rules for properties"), listed(asked)),
                ("conditions", message("Conditions that rules are put together from"), listed(silent)),
            ],
            rules=rules,
            words=lambda rule: list(sentences(rule, language)),
            names=names,
            alternates=links,
            section=PATH,
            crumbs=[("", message("Rules").text(language))],
        )
