"""The shapes as pages in the reader's language, and as data: what the graph's things are held to.

``/shapes`` names every shape, where the fragment of its IRI leads to; each file has a page of its own.
"""

from __future__ import annotations

import hashlib
from functools import cached_property

from flask import Blueprint, Response, render_template

from bibgraph.describe import Describer, Name, Names
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.namespaces import GRAPHS, SHAPES
from bibgraph.web.documents.publication import Publication
from bibgraph.web.documents.signposting import Signs
from bibgraph.web.http.answers import Document, alternates, represent
from bibgraph.web.http.decoding import iri_path, url_path
from bibgraph.web.http.formats import HTML, RDF, wanted
from bibgraph.web.http.reader import reader
from bibgraph.web.rdf.serialising import serialise
from bibgraph.web.vocabulary.known import add_names
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
        pages.add_url_rule(f"{PATH}/<path:key>", "part", self.part)
        return pages

    def shapes(self, ending: str = "") -> Response:
        """All shapes; their IRIs are fragments of this address."""
        want = wanted(f"shapes.{ending}" if ending else "shapes")
        quads = self.graph.repository.quads("shapes")
        if want.key != "shapes" or not quads:
            raise NotFound(message("There are no shapes here, or not in that format."))
        if want.type == HTML:
            body: str | bytes = self._page(self._rules)
        else:
            body = serialise(quads, want.type, first=HEADER, context=self.publication.context)
        signs = self._signs()
        return represent(
            body,
            want.type,
            version=self._version,
            links=alternates(PATH, RDF),
            varies=not want.fixed,
            document=Document(PATH, tuple(signs.header()), signs.colophon.modified),
        )

    def signs(self, path: str) -> Signs | None:
        """The links of the page at ``path``; None if it is not this one."""
        return self._signs() if path == PATH and self.graph.repository.shapes else None

    def _signs(self) -> Signs:
        return Signs(PATH, HEADER, alternates(PATH, RDF), self.publication.colophon())

    @property
    def _version(self) -> str:
        return f"{self.graph.version}/{self._shapes_version}"

    @cached_property
    def _shapes_version(self) -> str:
        """A hash of the files: the graph's version says nothing of shapes."""
        contents = b"".join(file.path.read_bytes() for file in self.graph.repository.shapes)
        return hashlib.sha256(contents).hexdigest()

    @cached_property
    def _rules(self) -> Rules:
        return Rules(self.graph.repository.quads("shapes"))

    def part(self, key: str) -> Response:
        """The rules of one file, in full."""
        rules, language, file = self._rules, reader().language, iri_path(key)
        found = [rule for rule in rules.all.values() if file_of_rule(rule) == file]
        if not found:
            raise NotFound(
                message("There are no rules in a file {key}.", key=key),
                hint=message("See which there are at /shapes."),
            )
        names = self._names(rules)
        targets = (iri for rule in found for way, iri in rule.targets if way == "targetClass")
        body = render_template(
            "rules.html",
            **self._seen(rules, names),
            key=file,
            targets=list(dict.fromkeys(targets)),
            found=_sorted([rule for rule in found if rule.targets], names)
            + _sorted([rule for rule in found if not rule.targets], names),
            words=lambda rule: list(sentences(rule, language)),
            crumbs=[(PATH, message("Rules").text(language)), ("", Name(file, voice="machine"))],
        )
        return represent(
            body, HTML, version=self._version, links=alternates(PATH, RDF), varies=False, localised=True
        )

    def _page(self, rules: Rules) -> str:
        language, names = reader().language, self._names(rules)
        targeted = [rule for rule in rules.all.values() if rule.targets]
        asked = [rule for rule in rules.all.values() if not rule.targets and rule.messages]
        silent = [rule for rule in rules.all.values() if not rule.targets and not rule.messages]
        return render_template(
            "shapes.html",
            **self._seen(rules, names),
            title=message("Rules").text(language),
            header=HEADER,
            groups=[
                ("kinds", message("Rules for kinds of things").text(language), _sorted(targeted, names)),
                ("properties", message("Rules for properties").text(language), _sorted(asked, names)),
                (
                    "conditions",
                    message("Conditions that rules are put together from").text(language),
                    _sorted(silent, names),
                ),
            ],
            crumbs=[("", message("Rules").text(language))],
        )

    def _names(self, rules: Rules) -> Names:
        names = self.describer.names(set(rules.iris()))
        add_names(names, rules)
        return names

    def _seen(self, rules: Rules, names: Names) -> dict[str, object]:
        """What both kinds of page need."""
        return {
            "rules": rules,
            "names": names,
            "path_of_rule": path_of_rule,
            "alternates": alternates(PATH, RDF),
            "section": PATH,
        }


def file_of_rule(rule: Rule) -> str:
    """The file that a rule stands in, without folder and ending; by its named graph."""
    return rule.graph.removeprefix(str(GRAPHS)).removeprefix("shapes/") or "rules"


def path_of_rule(rule: Rule) -> str:
    """The place on this site where a rule is told in full."""
    return f"{PATH}/{url_path(file_of_rule(rule))}#{rule.key}"


def _sorted(found: list[Rule], names: Names) -> list[Rule]:
    language = reader().language
    return sorted(found, key=lambda rule: (names.of(rule.iri, language).text.casefold(), rule.iri))
