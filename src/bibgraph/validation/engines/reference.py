"""pySHACL, with inference off, on data that are looked up in dictionaries.

With inference on, ``rdfs:range`` would make ``sh:class`` always true. pySHACL asks for the values of one
property of one thing at a time; from a store, each answer is parsed anew. Here every term becomes one of
rdflib's once, and is then only looked up: more than twice as fast as Oxigraph, ten times as fast as rdflib.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pyoxigraph as ox
import pyshacl
from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning
from pyshacl.graph_abstraction import OxigraphDataGraph, to_rdf
from rdflib import XSD, BNode, Graph, IdentifiedNode, Literal, URIRef
from rdflib.namespace import NamespaceManager

from bibgraph.validation.engines.choice import Unusable
from bibgraph.validation.engines.comparing import comparing_as_sparql
from bibgraph.validation.flatten import flatten

_UNUSABLE = (ReportableRuntimeError, AssertionError, SyntaxError, TypeError, ValueError, re.error)
"""What pySHACL raises for shapes that it cannot make sense of."""

_LOGGERS = ("pyshacl-validate", "rdflib.term")

_Term = IdentifiedNode | Literal
_Index = dict[_Term, list[_Term]]


class _Reference:
    """pySHACL as an engine."""

    def report(self, data: ox.Store, shapes: Graph) -> Graph:
        """As ``Engine.report``."""
        return self.report_flat(data, flatten(shapes))

    def report_flat(self, data: ox.Store, shapes: Graph) -> Graph:
        """The same for shapes that have been made flat."""
        with _quiet(), comparing_as_sparql():
            try:
                _, report, text = pyshacl.validate(_Data(data), shacl_graph=_Shapes(shapes), inference="none")
            except _UNUSABLE as error:
                raise Unusable(str(error)) from error
        if not isinstance(report, Graph):
            raise Unusable(str(text))
        return report


ENGINE = _Reference()


class _Plain(NamespaceManager):
    """No prefixes: pySHACL would shorten all names for texts that nobody reads."""

    def bind(self, *_: Any, **__: Any) -> None:  # noqa: ANN401  # as in the class above
        """Nothing."""

    def normalizeUri(self, rdfTerm: str) -> str:  # noqa: N802, N803  # the name is rdflib's
        """The whole name."""
        return f"<{rdfTerm}>"


class _Shapes(Graph):
    """A copy of shapes in which values are looked up in a dictionary."""

    def __init__(self, shapes: Graph) -> None:
        super().__init__("SimpleMemory", bind_namespaces="none")
        self._values: dict[tuple[object, object], list[_Term]] = {}
        for subject, predicate, value in shapes:
            typed = _with_datatype(value)
            self.add((subject, predicate, typed))
            self._values.setdefault((subject, predicate), []).append(typed)
        self.namespace_manager = _Plain(self, bind_namespaces="none")

    def objects(
        self,
        subject: Any = None,  # noqa: ANN401
        predicate: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: FBT001, FBT002
    ) -> Generator[Any, None, None]:
        if isinstance(subject, IdentifiedNode) and isinstance(predicate, URIRef):
            yield from self._values.get((subject, predicate), ())
        else:
            yield from super().objects(subject, predicate, unique)


def _with_datatype(value: Any) -> Any:  # noqa: ANN401  # any kind of term in, the same kind out
    """Strings with their datatype, as pySHACL gets them from a store: to rdflib, those without are others."""
    if isinstance(value, Literal) and value.datatype is None and not value.language:
        return Literal(value, datatype=XSD.string)
    return value


class _Data(OxigraphDataGraph):
    """The data as dictionaries, one pair for each property that is asked for; SPARQL is asked of the store.

    Two slips of the class above are left out with it: it counts all triples to know whether it is true, and
    fails where a value that should be a thing is a literal, of which nothing can be stated.
    """

    def __init__(self, store: ox.Store) -> None:
        super().__init__(store)
        self._namespace_manager = _Plain(self._default_graph, bind_namespaces="none")
        self._along: dict[_Term | None, tuple[_Index, _Index]] = {}
        self._known: dict[object, Any] = {}

    def __bool__(self) -> bool:
        return True

    def __contains__(self, triple: Any) -> bool:  # noqa: ANN401  # as in the class above
        subject, predicate, object_ = triple
        return object_ in self._indexes(predicate)[0].get(subject, ())

    # The signatures are those of the class above; unique changes nothing where no triple stands twice.
    def objects(
        self,
        subject: Any = None,  # noqa: ANN401
        predicate: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[_Term, None, None]:
        yield from self._indexes(predicate)[0].get(subject, ())

    def subjects(
        self,
        predicate: Any = None,  # noqa: ANN401
        object_: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[_Term, None, None]:
        yield from self._indexes(predicate)[1].get(object_, ())

    def subject_objects(
        self,
        predicate: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[tuple[_Term, _Term], None, None]:
        for subject, values in self._indexes(predicate)[0].items():
            for value in values:
                yield subject, value

    def predicate_objects(
        self,
        subject: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[tuple[IdentifiedNode, _Term], None, None]:
        if isinstance(subject, Literal):
            return
        for quad in self.impl.quads_for_pattern(_term(subject), None, None, ox.DefaultGraph()):
            yield self._node(quad.predicate), self._node(quad.object)

    def _indexes(self, predicate: _Term | None) -> tuple[_Index, _Index]:
        """The objects by subject and the subjects by object of all triples with this property."""
        if predicate not in self._along:
            objects: _Index = {}
            subjects: _Index = {}
            along = ox.NamedNode(str(predicate))
            for quad in self.impl.quads_for_pattern(None, along, None, ox.DefaultGraph()):
                subject, object_ = self._node(quad.subject), self._node(quad.object)
                objects.setdefault(subject, []).append(object_)
                subjects.setdefault(object_, []).append(subject)
            self._along[predicate] = objects, subjects
        return self._along[predicate]

    def _node(self, term: Any) -> Any:  # noqa: ANN401  # each kind of term has its counterpart
        if term not in self._known:
            self._known[term] = to_rdf(term)
        return self._known[term]


def _term(node: IdentifiedNode) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(str(node)) if isinstance(node, BNode) else ox.NamedNode(str(node))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' logs, with their tracebacks, away from the user: findings tell the same."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ShapeRecursionWarning)
            yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled
