"""Shapes and data as pySHACL looks them up: in dictionaries.

pySHACL asks for the values of one property of one thing at a time; from a store, each answer is parsed anew.
Here every term becomes one of rdflib's once, and is then only looked up: more than twice as fast as Oxigraph,
ten times as fast as rdflib.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import cached_property
from typing import Any

import pyoxigraph as ox
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import BNode, Graph, IdentifiedNode, Literal, URIRef
from rdflib.namespace import NamespaceManager

from bibgraph.validation.stated import Stated
from bibgraph.validation.triples import Triples

_Term = IdentifiedNode | Literal
_Index = dict[_Term, list[_Term]]


class _Plain(NamespaceManager):
    """No prefixes: pySHACL would shorten all names for texts that nobody reads."""

    def bind(self, *_: Any, **__: Any) -> None:  # noqa: ANN401  # as in the class above
        """Nothing."""

    def normalizeUri(self, rdfTerm: str) -> str:  # noqa: N802, N803  # the name is rdflib's
        """The whole name."""
        return f"<{rdfTerm}>"


class ShapesGraph(Graph):
    """A copy of shapes in which values are looked up in a dictionary."""

    def __init__(self, shapes: Triples) -> None:
        super().__init__("SimpleMemory", bind_namespaces="none")
        self._values: dict[tuple[object, object], list[_Term]] = {}
        known = _Terms()
        along: dict[str, URIRef] = {}
        for start, iri, end in shapes:
            predicate = along.setdefault(iri, URIRef(iri))
            subject, value = known[start], known[end]
            self.store.add((subject, predicate, value), self)
            self._values.setdefault((subject, predicate), []).append(value)
        self.namespace_manager = _Plain(self, bind_namespaces="none")

    def objects(
        self,
        subject: Any = None,  # noqa: ANN401
        predicate: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: FBT001, FBT002
    ) -> Generator[Any, None, None]:
        """The values of a property of a thing."""
        if isinstance(subject, IdentifiedNode) and isinstance(predicate, URIRef):
            yield from self._values.get((subject, predicate), ())
        else:
            yield from super().objects(subject, predicate, unique)


class _Terms(dict[Any, Any]):
    """The counterpart in rdflib of each term of Oxigraph, made when it is first met.

    Values stay as they are written: 01 is another term than 1. Strings have their datatype, as pySHACL gets
    them from a store: to rdflib, those without are others.
    """

    def __missing__(self, term: Any) -> Any:  # noqa: ANN401  # each kind of term has its counterpart
        if isinstance(term, ox.NamedNode):
            node: _Term = URIRef(term.value)
        elif isinstance(term, ox.BlankNode):
            node = BNode(term.value)
        elif term.language:
            node = Literal(term.value, lang=term.language)
        else:
            node = Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
        self[term] = node
        return node


class DataGraph(OxigraphDataGraph):
    """The data as dictionaries, one pair for each property that is asked for; SPARQL is asked of the store.

    Two slips of the class above are left out with it: it counts all triples to know whether it is true, and
    fails where a value that should be a thing is a literal, of which nothing can be stated.
    """

    def __init__(self, data: Stated) -> None:
        self._asked = ox.Store()
        self._filling: Stated | None = None
        super().__init__(self._asked)
        self.is_oxigraph = True  # or else pySHACL asks the store what it is
        self._namespace_manager = _Plain(self._default_graph, bind_namespaces="none")
        self._along: dict[_Term | None, tuple[_Index, _Index]] = {}
        self._known = _Terms()
        self._data = data
        self._filling = data

    @property
    def impl(self) -> ox.Store:
        """The store, which is only filled for those who want more than the dictionaries can give."""
        if self._filling is not None:
            self._asked.bulk_extend(ox.Quad(*quad.triple) for quad in self._filling.quads)
            self._filling = None
        return self._asked

    @impl.setter
    def impl(self, store: ox.Store) -> None:
        self._asked = store

    @property
    def store(self) -> Any:  # noqa: ANN401  # as in the class above
        """The same store as rdflib has it."""
        _ = self.impl
        return super().store

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
        """The values of a property of a thing."""
        yield from self._indexes(predicate)[0].get(subject, ())

    def subjects(
        self,
        predicate: Any = None,  # noqa: ANN401
        object_: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[_Term, None, None]:
        """The things with this value of a property."""
        yield from self._indexes(predicate)[1].get(object_, ())

    def subject_objects(
        self,
        predicate: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[tuple[_Term, _Term], None, None]:
        """All things that have a property, with its values."""
        for subject, values in self._indexes(predicate)[0].items():
            for value in values:
                yield subject, value

    def predicate_objects(
        self,
        subject: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[tuple[IdentifiedNode, _Term], None, None]:
        """All that is stated of a thing."""
        for predicate, value in self._about.get(subject, ()):
            yield self._known[predicate], self._known[value]

    @cached_property
    def _about(self) -> dict[IdentifiedNode, list[tuple[ox.NamedNode, object]]]:
        """Predicates and objects by subject: only what is closed asks for them."""
        about: dict[object, dict[tuple[ox.NamedNode, object], None]] = {}
        for quad in self._data.quads:
            about.setdefault(quad.subject, {})[quad.predicate, quad.object] = None
        return {self._known[subject]: list(stated) for subject, stated in about.items()}

    @cached_property
    def _by_predicate(self) -> dict[str, list[tuple[object, object]]]:
        found: dict[str, list[tuple[object, object]]] = {}
        for quad in self._data.quads:
            found.setdefault(quad.predicate.value, []).append((quad.subject, quad.object))
        return found

    def _indexes(self, predicate: _Term | None) -> tuple[_Index, _Index]:
        """The objects by subject and the subjects by object of all triples with this property."""
        found = self._along.get(predicate)
        if found is None:
            objects: _Index = {}
            subjects: _Index = {}
            known = self._known
            for start, end in dict.fromkeys(self._by_predicate.get(str(predicate), ())):
                subject, object_ = known[start], known[end]
                objects.setdefault(subject, []).append(object_)
                subjects.setdefault(object_, []).append(subject)
            found = self._along[predicate] = objects, subjects
        return found
