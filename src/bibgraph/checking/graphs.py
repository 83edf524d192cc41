"""The statements of a world in one store: each kind of file as a graph, and where it matters, each file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock

import pyoxigraph as ox

from bibgraph.repository import KINDS
from bibgraph.validation import Asked, ReadFile, Stated, graph_of_kind

_LABEL = b"_:"


class Graphs:
    """Loads the files, once, when it is first asked, from whichever thread."""

    def __init__(self, files: Mapping[str, Sequence[ReadFile]], *, each_file: bool) -> None:
        """each_file: whether queries ask for files; without, those are only kept apart to be found again."""
        self._files = files
        self._each_file = each_file
        self._store: ox.Store | None = None
        self._lock = Lock()

    @property
    def store(self) -> ox.Store:
        """The store. Raises SourceError for a file that cannot be read."""
        with self._lock:
            if self._store is None:
                self._store = self._loaded()
            return self._store

    def asked(self, *kinds: str) -> Asked:
        """All of these kinds, seen as one graph."""
        return Asked(self.store, tuple(graph_of_kind(kind) for kind in kinds))

    def stated(self, about: Callable[[str], Iterable[ox.Quad]]) -> Stated:
        """What shapes are run over; ``about`` tells what is stated of a thing, as it is written."""
        return Stated(
            lambda: (quad for read in self._stated() for quad in read.triples()),
            lambda: b"\n".join(read.text for read in self._stated()),
            lambda: self.asked("ontology", "data"),
            about,
        )

    def _stated(self) -> list[ReadFile]:
        self._lasting()
        return [*self._files["ontology"], *self._files["data"]]

    def named(self) -> bool:
        """Give all blank nodes lasting names; whether that may change what is found."""
        unnamed = [read for read in self._lasting() if read.content is not None and read.may_have_blanks]
        for read in unnamed:
            read.settle()
        if unnamed:
            self._store = None
        return bool(unnamed)

    def _lasting(self) -> list[ReadFile]:
        """All files; those whose blank nodes could be taken for others without lasting names have them.

        Others do without, as long as nobody speaks of their blank nodes: it takes a while to name them.
        """
        files = [read for kind in KINDS for read in self._files[kind]]
        unread = [read for read in files if read.content is not None]
        for read in unread:
            # Loaded twice, or put together with other texts, one name would stand for several nodes.
            alone = len(unread) == 1 or _LABEL not in (read.content or b"")
            if read.may_have_blanks and (self._each_file or not alone):
                read.settle()
        return files

    def holds(self, read: ReadFile, thing: str) -> bool:
        """Whether a file states something of the thing with this IRI."""
        found = self.store.quads_for_pattern(ox.NamedNode(thing), None, None, self._graph_of(read))
        return next(found, None) is not None

    def file_graphs(self, kind: str) -> list[ox.NamedNode | ox.BlankNode]:
        """The graphs that files of a kind are, or that stand in them, if each file is a graph."""
        graphs: dict[ox.NamedNode | ox.BlankNode, None] = {}
        for read in self._files[kind]:
            graphs[ox.NamedNode(read.file.graph)] = None
            for quad in read.quads if read.content is None else ():
                if not isinstance(quad.graph_name, ox.DefaultGraph):
                    graphs[quad.graph_name] = None
        return list(graphs)

    def _graph_of(self, read: ReadFile) -> ox.NamedNode:
        if self._apart:
            return ox.NamedNode(read.file.graph)
        return next(graph_of_kind(kind) for kind in KINDS if read in self._files[kind])

    @property
    def _apart(self) -> bool:
        return self._each_file or any(
            len(files) > 1 for files in self._files.values() if any(read.content for read in files)
        )

    def _loaded(self) -> ox.Store:
        self._lasting()
        store, apart = ox.Store(), self._apart
        for kind in KINDS:
            together = graph_of_kind(kind)
            for read in self._files[kind]:
                self._load(store, read, ox.NamedNode(read.file.graph) if apart else together)
            self._add(store, kind, together, loaded=not apart)
        return store

    def _load(self, store: ox.Store, read: ReadFile, graph: ox.NamedNode) -> None:
        """Load a file of text as a graph; others, if somebody asks for files, as they are."""
        if read.content is not None:
            try:
                store.load(read.content, format=read.format, to_graph=graph)
            except SyntaxError:
                # Reading it in the other way says what is wrong.
                read.settle()
        if read.content is None and self._each_file:
            store.bulk_extend(read.quads)

    def _add(self, store: ox.Store, kind: str, graph: ox.NamedNode, *, loaded: bool) -> None:
        """Load the files of a kind as one graph; but for those of text, if these are ``loaded`` so."""
        # Each has been read by itself, so nothing in one depends on another; one text is quicker than many.
        texts = [] if loaded else [read.content for read in self._files[kind] if read.content is not None]
        if texts:
            store.load(b"\n".join(texts), format=ox.RdfFormat.TURTLE, to_graph=graph)
        store.bulk_extend(
            ox.Quad(quad.subject, quad.predicate, quad.object, graph)
            for read in self._files[kind]
            if read.content is None
            for quad in read.quads
        )
