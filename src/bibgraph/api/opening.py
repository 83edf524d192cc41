"""The graph opened, from the project's files, other files or a service, and asked."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from urllib.parse import urlencode

import pyoxigraph as ox

from bibgraph.api.answers import Answer
from bibgraph.api.citing import Citation, Dataset
from bibgraph.api.things import Thing
from bibgraph.catalogue import Catalogue, Question
from bibgraph.config import Settings
from bibgraph.describe import Describer
from bibgraph.errors import NotFound, ParameterError, QueryError
from bibgraph.graph import Graph
from bibgraph.graph import open_graph as open_files
from bibgraph.messages import message
from bibgraph.namespaces import BASE, PREFIXES, THINGS
from bibgraph.parameters import Context, Parameter, terms_of
from bibgraph.repository import FOLDERS
from bibgraph.selection import Patterns
from bibgraph.store.sandbox.apart import Apart

if TYPE_CHECKING:
    import rdflib

Source: TypeAlias = str | os.PathLike[str]
Given: TypeAlias = str | int | dt.date | None
"""What may be written for a parameter; None is as if nothing were."""

_EVERYTHING = "SELECT ?graph ?subject ?property ?value WHERE { GRAPH ?graph { ?subject ?property ?value } }"
Bound = TypeVar("Bound", bound="rdflib.Graph")
_REMOTE = ("http://", "https://")


class KnowledgeGraph:
    """A graph that can be asked; ``bibgraph.open`` makes it.

    language: ``nb``, ``nn`` or ``en``, of headings, names and citations.
    """

    def __init__(self, graph: Graph, language: str, endpoint: str = "") -> None:
        self.language = language
        # What a query does to the engine, or the user's own data at a question do, is not to end the process.
        self._graph = graph if endpoint else replace(graph, store=Apart(graph.store))
        self._itself = graph.store
        self._endpoint = endpoint

    @property
    def version(self) -> str:
        """Names what the graph holds: equal versions give equal answers."""
        return self._graph.version

    def __repr__(self) -> str:
        return f"<KnowledgeGraph {self._endpoint or self._graph.repository.root.name} {self.version[:12]}>"

    def questions(self) -> Catalogue:
        """The ready questions, to be gone through or looked up by name: what each asks, why, and how."""
        return self._graph.catalogue

    def ask(self, question: str, /, **values: Given) -> Answer:
        """The answer to a ready question.

        values: of its parameters; one that Python has a word for is written with an underscore: ``from_``.
        Raises NotFound for a question that there is not, ParameterError for what no parameter can be, each
        with what would have been right; StoreError if a service fails, or the engine at the question.
        """
        ready = self._graph.catalogue.get(question)
        given = {_name(name, ready): _written(name, value) for name, value in values.items()}
        given = {name: text for name, text in given.items() if text}
        text = ready.bind(given, self._graph.store, self.language)
        if ready.kind == "construct":
            raise QueryError(
                message("«{question}» draws a graph and has no rows.", question=question),
                hint=message("Ask its query with sparql()."),
            )
        address = f"{BASE}queries/{question}" + (f"?{urlencode(given)}" if given else "")
        told = ", ".join((question, *(f"{name}={value}" for name, value in given.items())))
        return Answer(
            self._graph.store.query(text if ready.kind != "select" else ready.part(text)),
            query=text,
            version=self.version,
            cited=partial(self._cite, ready.text(self.language), told, address, self.version),
            headings=ready.headings(self.language),
            coded=ready.coded,
        )

    def sparql(self, query: str) -> Answer | rdflib.Graph:
        """The answer to a SPARQL query: rows of SELECT and ASK, an rdflib graph of CONSTRUCT and DESCRIBE.

        Raises QueryError for a query that does not parse or that is not allowed (updates, SERVICE), with its
        line and column; StoreError or another BibgraphError for one that ends the engine, which ends only the
        process that it runs in.
        """
        found = self._graph.store.query(query)
        if isinstance(found, ox.QueryTriples):
            from bibgraph.turtle import to_rdflib  # noqa: PLC0415  # rdflib is slow to load

            return _with_prefixes(to_rdflib(ox.Quad(*triple) for triple in found))
        title = message("Answer to a SPARQL query").text(self.language)
        told = " ".join(query.split())
        cited = partial(self._cite, title, told, f"{BASE}sparql", self.version)
        return Answer(found, query=query, version=self.version, cited=cited)

    def thing(self, name: str) -> Thing:
        """All that is said of a thing, with evidence.

        name: its address, its path (``measure/2023-2025/14``) or a name with a prefix (``service:bokhylla``).
        Raises ParameterError for what is no thing of the graph, with the nearest that are.
        """
        context = Context(self._graph.store, self.language, {})
        term = terms_of(Parameter("thing", "thing"), name, context)[0]
        described = Describer(self._graph.store, self._graph.repository).describe(term.value)
        if described is None:
            raise NotFound(message("There is no thing «{text}» in the graph.", text=name))
        path = term.value.removeprefix(THINGS)
        cited = partial(self._cite_thing, path, term.value, self.version)
        return Thing(described, self.language, cited)

    def rdflib(self) -> rdflib.Dataset:
        """All of the graph as an rdflib data set, each source a named graph, their union the default."""
        from bibgraph.turtle import to_dataset  # noqa: PLC0415  # rdflib is slow to load

        dataset = to_dataset(self._quads())
        dataset.default_union = True
        return _with_prefixes(dataset)

    def _quads(self) -> Iterator[ox.Quad]:
        found = self._itself.query(_EVERYTHING)
        for row in found if isinstance(found, ox.QuerySolutions) else ():
            yield ox.Quad(row["subject"], row["property"], row["value"], row["graph"])

    def _cite_thing(self, path: str, iri: str, version: str, title: str, accessed: dt.date) -> Citation:
        return self._cite(title, path, iri, version, accessed)

    def _cite(self, title: str, asked: str, url: str, version: str, accessed: dt.date) -> Citation:
        dataset = Dataset.of(self._graph, self.language)
        return Citation(title, asked, dataset, version, self._endpoint or url, accessed, self.language)


def open_graph(
    source: Source | Iterable[Source] | None = None, *, language: str | None = None
) -> KnowledgeGraph:
    """The graph, ready to be asked.

    source: nothing for the project's own graph (of the current folder if it is a checkout, else the one that
    is installed); a folder with ontology/, data/, shapes/ and queries/; RDF files or a folder of them; or the
    address of a SPARQL 1.1 service. language: ``nb``, ``nn`` or ``en``; without it that of BIBGRAPH_LANGUAGE,
    else nb. Raises BibgraphError: SourceError for what cannot be read, SettingsError for a language or an
    address that cannot be; a service that does not answer is told of when it is asked.
    """
    if source is None:
        return _opened(language, endpoint=None)
    if isinstance(source, str) and source.casefold().startswith(_REMOTE):
        return _opened(language, endpoint=source)
    named = [source] if isinstance(source, str | os.PathLike) else list(source)
    if len(named) == 1 and all((Path(named[0]) / folder).is_dir() for folder in FOLDERS):
        return _opened(language, root=named[0])
    return _opened(
        language, data=tuple(Patterns(Path.cwd(), tuple(str(Path(name)) for name in named)).files())
    )


def _opened(
    language: str | None,
    *,
    root: Source | None = None,
    endpoint: str | None = "",
    data: tuple[Path, ...] = (),
) -> KnowledgeGraph:
    settings = Settings.load(language=language, root=root, endpoint=endpoint)
    return KnowledgeGraph(open_files(settings, data=data), settings.language, settings.endpoint)


def _name(name: str, question: Question) -> str:
    """A parameter's own name: without the underscore that keeps it apart from a word of Python."""
    bare = name.removesuffix("_")
    return bare if bare in (parameter.name for parameter in question.parameters) else name


def _written(name: str, value: object) -> str:
    """A value as readers of addresses write it. Raises ParameterError for what has no such form."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise ParameterError(
        message("«{text}» is none of its values.", text=value),
        where=name,
        hint=message("Give a text, a whole number or a date."),
        members={"parameter": name, "given": str(value)},
    )


def _with_prefixes(graph: Bound) -> Bound:
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    return graph
