"""The ontology as a page in the reader's language, and as data, from its own triples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flask import Blueprint, Response, render_template
from markupsafe import Markup

from bibgraph.describe import Describer, Names, Statement, Traits, collect, iris, value_of
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.namespaces import ONTOLOGY, SKOS
from bibgraph.namespaces import RDF as RDF_TERMS
from bibgraph.web.documents.publication import Publication
from bibgraph.web.documents.signposting import Signs
from bibgraph.web.http.answers import Alternate, Document, alternates, etag, represent
from bibgraph.web.http.decoding import iri_path, own_iri
from bibgraph.web.http.formats import HTML, RDF, wanted
from bibgraph.web.http.reader import reader
from bibgraph.web.parts.display import href
from bibgraph.web.pictures.diagram import Box, draw
from bibgraph.web.rdf.serialising import serialise
from bibgraph.web.vocabulary.rules import Rules
from bibgraph.web.vocabulary.terms import (
    CLASSES,
    PROPERTIES,
    Entry,
    class_table,
    examples,
    iri_of_example,
    of_kind,
    plain_entry,
)
from bibgraph.web.vocabulary.uses import Uses

HEADER = str(ONTOLOGY).rstrip("#")
PATH = "/ontology"
_SCHEME = str(SKOS.inScheme)
_EXAMPLE = str(SKOS.example)
_TYPE = str(RDF_TERMS.type)


@dataclass(frozen=True)
class _Known:
    """What the page of the ontology shows, in all languages."""

    said: Mapping[str, Sequence[Statement]]
    classes: Sequence[str]
    properties: Sequence[str]
    codes: Sequence[Statement]
    traits: Traits
    uses: Uses
    rules: Rules
    names: Names
    examples: Mapping[str, Sequence[Statement]]

    def entry(self, iri: str) -> Entry:
        """A term as it is read in the reader's language."""
        is_property = iri in self.properties
        return replace(
            plain_entry(iri, self.said[iri], self.traits),
            uses=self.uses.count(iri),
            table=class_table(iri, self.rules, self.uses) if iri in self.classes else (),
            on=self.uses.kinds(iri) if is_property else (),
            to=self.uses.ends(iri) if is_property else (),
            rules=self.rules.about(iri),
            example=self.examples.get(iri, ()),
        )


class Vocabulary:
    """The page and documents of the ontology in ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)
        self.publication = Publication(graph)
        self._kept: _Known | None = None

    def blueprint(self) -> Blueprint:
        """The address of the ontology, with and without an ending that names a format."""
        pages = Blueprint("vocabulary", __name__)
        pages.add_url_rule(PATH, "ontology", self.ontology)
        pages.add_url_rule(f"{PATH}.<ending>", "document", self.ontology)
        pages.add_url_rule(f"{PATH}/<version>", "version", self.version)
        return pages

    def ontology(self, ending: str = "") -> Response:
        """All terms of the ontology with its header; its terms' IRIs are fragments of this address."""
        want = wanted(f"ontology.{ending}" if ending else "ontology")
        rows = self.describer.about("pages/page-ontology", "ontology", [HEADER])
        said = [*self.describer.statements([HEADER]), *collect(rows)]
        statements = [statement for statement in said if not statement.inferred]
        if want.key != "ontology" or not statements:
            raise NotFound(message("There is no ontology in this graph, or not in that format."))
        links = alternates(PATH, RDF)
        if want.type == HTML:
            body: str | bytes = self._page(statements, links)
        else:
            context = self.publication.context
            body = serialise([s.quad for s in statements], want.type, first=HEADER, context=context)
        signs = self._signs(statements)
        return represent(
            body,
            want.type,
            version=self.graph.version,
            links=links,
            varies=not want.fixed,
            document=Document(PATH, tuple(signs.header()), signs.colophon.modified),
        )

    def signs(self, path: str) -> Signs | None:
        """The links of the page at ``path``; None if it is not this one."""
        statements = self.describer.statements([HEADER]) if path == PATH else []
        return self._signs(statements) if statements else None

    def _signs(self, statements: Sequence[Statement]) -> Signs:
        kinds = [value_of(s.value) for s in statements if s.subject.value == HEADER and _is_kind(s)]
        return Signs(PATH, HEADER, alternates(PATH, RDF), self.publication.colophon(), kinds)

    def version(self, version: str) -> Response:
        """303 to the ontology, if ``version`` is the one served."""
        if not self.describer.exists(own_iri(f"ontology/{iri_path(version)}")):
            raise NotFound(message("There is no version {version} of the ontology here.", version=version))
        path = reader().link(PATH)
        return Response(f"{path}\n", 303, {"Location": path}, content_type="text/plain; charset=utf-8")

    def _page(self, statements: Sequence[Statement], links: Sequence[Alternate]) -> str:
        known, language = self._known(statements), reader().language
        names, uses, traits = known.names, known.uses, known.traits

        def listed(found: Iterable[str]) -> list[Entry]:
            return [known.entry(iri) for iri in sorted(found, key=lambda iri: _sorted(names, iri, language))]

        return render_template(
            "ontology.html",
            title=names.of(HEADER, language).text,
            header=plain_entry(HEADER, known.said.get(HEADER, []), traits),
            classes=listed(known.classes),
            properties=listed(known.properties),
            schemes=_schemes(known.codes, traits),
            uses=uses,
            diagram=_diagram(uses, names, language),
            example_of=iri_of_example,
            is_example=lambda property_: property_ == _EXAMPLE,
            names=names,
            traits=traits,
            alternates=links,
            section=PATH,
            crumbs=[("", message("Ontology").text(language))],
        )

    def _known(self, statements: Sequence[Statement]) -> _Known:
        """What the page shows, in all languages: kept, unless the graph may change."""
        if self._kept is None or not etag(self.graph.version, "", ""):
            said = {iri: list(group) for iri, group in groupby(statements, key=lambda s: s.subject.value)}
            codes = self._codes()
            traits = self.describer.traits({s.predicate for s in (*statements, *codes)})
            classes, properties = (of_kind(said, kinds, traits) for kinds in (CLASSES, PROPERTIES))
            uses, rules = Uses.of(self.describer, properties), Rules(self.graph.repository.quads("shapes"))
            shown = examples([*classes, *properties], uses)
            told = self.describer.statements(sorted(set(shown.values())))
            names = self._names([*statements, *codes, *told], rules, uses)
            found = {iri: _example(iri, one, told) for iri, one in shown.items()}
            self._kept = _Known(said, classes, properties, codes, traits, uses, rules, names, found)
        return self._kept

    def _codes(self) -> list[Statement]:
        """What is said of the codes and code lists that the ontology defines."""
        found = collect(self.describer.about("pages/page-ontology-codes", "ontology", [HEADER]))
        return [statement for statement in found if not statement.inferred]

    def _names(self, said: Sequence[Statement], rules: Rules, uses: Uses) -> Names:
        used = {iri for use in uses.rows for iri in (use.kind, use.property)}
        led = {joint.end for joint in uses.joints}
        shown = {iri_of_example(s.value) for s in said if s.predicate == _EXAMPLE} - {""}
        names = self.describer.names({HEADER, *iris(said), *rules.iris(), *used, *led, *shown})
        add_names(names, rules)
        return names


def add_names(names: Names, rules: Rules) -> None:
    """Note what shapes are called, by sh:name."""
    for rule in rules.all.values():
        for text in rule.texts:
            names.add(rule.iri, 1, "", text)


def _is_kind(statement: Statement) -> bool:
    return statement.predicate == _TYPE and not statement.inferred


def _sorted(names: Names, iri: str, language: str) -> tuple[str, str]:
    return names.of(iri, language).text.casefold(), iri


def _example(term: str, thing: str, told: Sequence[Statement]) -> list[Statement]:
    """What the example says with the term: the statements by a property, or that it is of a class."""
    own = [s for s in told if s.subject.value == thing and not s.inferred]
    return [s for s in own if term in (s.predicate, value_of(s.value))]


def _schemes(codes: Sequence[Statement], traits: Traits) -> list[tuple[Entry, list[Entry]]]:
    """The code lists, each with its codes."""
    said = {subject: list(group) for subject, group in groupby(codes, key=lambda s: s.subject.value)}
    members: dict[str, list[Entry]] = {
        iri: [] for iri, statements in said.items() if not any(s.predicate == _SCHEME for s in statements)
    }
    for iri, statements in said.items():
        for scheme in (value_of(s.value) for s in statements if s.predicate == _SCHEME):
            entry = plain_entry(iri, [s for s in statements if s.predicate != _SCHEME], traits)
            members.setdefault(scheme, []).append(entry)
    return [
        (plain_entry(iri, said[iri], traits), found) for iri, found in sorted(members.items()) if iri in said
    ]


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
