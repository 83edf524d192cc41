"""Shapes and data as pySHACL looks them up: in dictionaries.

pySHACL asks for the values of one property of one thing at a time; from a store, each answer is parsed anew.
Here every term that is looked up becomes one of rdflib's once: more than twice as fast as Oxigraph, ten times
as fast as rdflib.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from importlib import import_module
from typing import Any

import pyoxigraph as ox
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import BNode, Graph, IdentifiedNode, Literal, URIRef
from rdflib.namespace import NamespaceManager

from bibgraph.errors import QueryError
from bibgraph.namespaces import XSD
from bibgraph.validation.statements import Key, Statements, key, literal
from bibgraph.validation.triples import Triples

_Term = IdentifiedNode | Literal
_YES, _NO = "ASK {}", "ASK { FILTER (false) }"


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
    """The counterpart in rdflib of each term of Oxigraph, or of a term as N-Triples writes it; made once.

    Values stay as they are written: 01 is another term than 1. Strings have their datatype, as pySHACL gets
    them from a store: to rdflib, those without are others.
    """

    def __missing__(self, term: Any) -> Any:  # noqa: ANN401  # each kind of term has its counterpart
        if isinstance(term, bytes):
            node = _of_key(term)
        elif isinstance(term, ox.NamedNode):
            node = URIRef(term.value)
        elif isinstance(term, ox.BlankNode):
            node = BNode(term.value)
        else:
            node = _literal(term.value, term.language or "", term.datatype.value)
        self[term] = node
        return node


class DataGraph(OxigraphDataGraph):
    """The data as dictionaries, in which only what is looked up becomes rdflib's; SPARQL is asked of a store.

    Two slips of the class above are left out with it: it counts all triples to know whether it is true, and
    fails where a value that should be a thing is a literal, of which nothing can be stated.
    """

    def __init__(self, data: Statements) -> None:
        self._asked = ox.Store()
        self._filling: Statements | None = None
        super().__init__(self._asked)
        self.is_oxigraph = True  # or else pySHACL asks the store what it is
        self._namespace_manager = _Plain(self._default_graph, bind_namespaces="none")
        self._known = _Terms()
        self._keys: dict[_Term, Key] = {}
        self._data = data
        self._filling = data

    def terms(self, keys: Iterable[Key]) -> list[_Term]:
        """Terms as they are in the data, as rdflib's."""
        known = self._known
        return [known[each] for each in keys]

    @property
    def impl(self) -> ox.Store:
        """The store, which is only filled for those who want more than the dictionaries can give."""
        if self._filling is not None:
            self._asked.bulk_extend(self._filling.quads())
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
        return object_ in self.terms(self._data.values(self._key(subject), self._key(predicate)))

    # The signatures are those of the class above; unique changes nothing where no triple stands twice.
    def objects(
        self,
        subject: Any = None,  # noqa: ANN401
        predicate: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[_Term, None, None]:
        """The values of a property of a thing."""
        yield from self.terms(self._data.values(self._key(subject), self._key(predicate)))

    def subjects(
        self,
        predicate: Any = None,  # noqa: ANN401
        object_: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[_Term, None, None]:
        """The things with this value of a property."""
        into = self._data.into(self._key(predicate))
        if not isinstance(object_, Literal):
            yield from self.terms(into.get(self._key(object_), ()))
            return
        # Literals are the same to rdflib in more ways of writing than one.
        for value, subjects in into.items():
            if self._known[value] == object_:
                yield from self.terms(subjects)

    def subject_objects(
        self,
        predicate: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[tuple[_Term, _Term], None, None]:
        """All things that have a property, with its values."""
        for subject, values in self._data.along(self._key(predicate)):
            for value in values:
                yield self._known[subject], self._known[value]

    def predicate_objects(
        self,
        subject: Any = None,  # noqa: ANN401
        unique: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Generator[tuple[IdentifiedNode, _Term], None, None]:
        """All that is stated of a thing."""
        about = self._key(subject)
        for predicate in self._data.about.get(about, ()):
            for value in self._data.values(about, predicate):
                yield self._known[predicate], self._known[value]

    def query_oxigraph(
        self,
        query_object: str,
        initNs: Any = None,  # noqa: ANN401, N803  # the signature is that of the class above
        initBindings: Any = None,  # noqa: ANN401, N803
        **more: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """The answer to the query of a shape, each variable with its value wherever it stands."""
        # Loaded when it is needed: the patterns of SPARQL take a while.
        prebinding = import_module("bibgraph.validation.engines.prebinding")
        values = initBindings or {}
        written = {name: str(value) for name, value in values.items() if not isinstance(value, ox.BlankNode)}
        try:
            prebound = prebinding.prebind(query_object, written, values.keys() - written.keys())
        except QueryError:  # the engine has its own words for what is wrong
            prebound = prebinding.Prebound(query_object)
        told = {name: values[name] for name in prebound.told}
        answer: Any = super().query_oxigraph(prebound.text, initNs=initNs, initBindings=told or None, **more)
        if not prebound.asks:
            return answer
        return self.impl.query(_YES if any(True for _ in answer) else _NO)

    def _key(self, term: _Term | None) -> Key:
        """A term of rdflib as N-Triples writes it; that of none is nowhere."""
        found = self._keys.get(term) if term is not None else b""
        if found is None and term is not None:
            found = self._keys[term] = _key_of(term)
        return found or b""


def _of_key(term: Key) -> _Term:
    if term.startswith(b"<"):
        return URIRef(term[1:-1].decode())
    if term.startswith(b"_:"):
        return BNode(term[2:].decode())
    return _literal(*literal(term))


def _literal(text: str, language: str, datatype: str) -> Literal:
    if language:
        return Literal(text, lang=language)
    return Literal(text, datatype=URIRef(datatype or XSD.string), normalize=False)


def _key_of(term: _Term) -> Key:
    if isinstance(term, URIRef):
        return key(str(term))
    if isinstance(term, BNode):
        return key(ox.BlankNode(str(term)))
    if isinstance(term, Literal) and term.language:
        return key(ox.Literal(str(term), language=term.language))
    datatype = term.datatype if isinstance(term, Literal) else None
    return key(ox.Literal(str(term), datatype=ox.NamedNode(str(datatype or XSD.string))))
