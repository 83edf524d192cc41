"""The graph, opened: the project's files with what follows from them, or other files, or a service."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from bibgraph import __version__
from bibgraph.config import Settings
from bibgraph.errors import SourceError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.namespaces import graph_named
from bibgraph.repository import Repository, locate
from bibgraph.store import SparqlStore
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.store.lines import read_lines
from bibgraph.turtle import label_blank_nodes, read_quads
from bibgraph.turtle.reading import check_kind

if TYPE_CHECKING:
    from bibgraph.catalogue import Catalogue
    from bibgraph.store.remote import RemoteStore

SHIPPED = "inferred.nq"
"""A file of inferences by this name in the repository's root, made by ``inferences_file``, saves the work."""

_MARK = b"# inferences "
_KEPT = 8
_MOST_READINGS = 5
_AS_JSON = 4
"""So many times larger than in other formats an answer may be in JSON, in which a service is asked."""


@dataclass(frozen=True)
class Graph:
    """What answers, and what it can be asked."""

    repository: Repository
    store: SparqlStore
    catalogue: Catalogue

    @property
    def version(self) -> str:
        """Names what the store holds."""
        return self.store.version


def open_graph(settings: Settings, *, data: Sequence[Path] = (), inferred: bool = True) -> Graph:
    """The graph that the settings name, ready to be asked.

    That is the service at ``settings.endpoint`` if there is one; else the files ``data`` by themselves, as
    they are; else the project's ontology and data and, with ``inferred``, what follows from them. Raises
    SourceError for files that cannot be read, QueryError for a question file that is wrong.
    """
    if settings.endpoint:
        return graph_around(remote_store(settings), settings)
    return graph_around(load(settings, data, inferred=inferred), settings)


def remote_store(settings: Settings, limits: Limits | None = None) -> RemoteStore:
    """The service at ``settings.endpoint``. limits: those on queries; without, the store's own."""
    from bibgraph.store.remote import Login, RemoteStore  # noqa: PLC0415  # what it needs is slow to load

    login = Login(settings.endpoint_user, settings.endpoint_password, settings.endpoint_token)
    if limits is None:
        return RemoteStore(settings.endpoint, login=login)
    return RemoteStore(
        settings.endpoint,
        login=login,
        timeout=limits.timeout,
        most_bytes=limits.result_bytes * _AS_JSON,
        longest=limits.query_bytes,
        deepest=limits.nesting,
    )


def graph_around(store: SparqlStore, settings: Settings) -> Graph:
    """The graph that ``store`` answers for, with the project's questions. Raises as ``open_graph``."""
    from bibgraph.catalogue import Catalogue  # noqa: PLC0415  # the process that holds the data needs none

    repository = Repository(locate(settings.root))
    repository.read_queries()  # what changes later is not to be served unchecked
    return Graph(repository, store, Catalogue.load(repository.questions, root=repository.root))


def load(
    settings: Settings, data: Sequence[Path] = (), limits: Limits | None = None, *, inferred: bool = True
) -> EmbeddedStore:
    """The files' quads in memory: see ``open_graph``. limits: those on queries; without, the guard's own."""
    most = {"longest": limits.query_bytes, "deepest": limits.nesting} if limits else {}
    if data:
        read, version = read_unchanged(data)
        return EmbeddedStore.around(read, version, **most)
    repository = Repository(locate(settings.root))
    stated = repository.quads("ontology", "data")
    if not inferred:
        return EmbeddedStore(stated, f"{repository.version}-stated", **most)
    return EmbeddedStore([*stated, *inferences(repository, settings.cache)], repository.version, **most)


def read_files(paths: Sequence[Path]) -> ox.Store:
    """The quads of RDF files: graphs that a file names are kept, its other triples are in a graph of its own.

    That graph is named after the file, ``graph/<name without ending>``; of two files with one name the second
    gets ``-2``. Relative IRIs start from that name. Blank nodes have the same labels in every
    run. Raises SourceError.
    """
    store = ox.Store()
    taken: set[str] = set()
    for path in paths:
        graph = graph_named(path.stem)
        numbered = (f"{graph}-{number}" if number > 1 else graph for number in range(1, len(paths) + 1))
        name = next(name for name in numbered if name not in taken)
        taken.add(name)
        scope = f"f{len(taken)}b"
        if not read_lines(store, path, name, scope):
            store.bulk_extend(label_blank_nodes(read_quads(path, graph=name, base=name), scope))
    return store


def version_of_files(paths: Iterable[Path]) -> str:
    """SHA-256, in hex, of the files' names and contents, in order. Raises SourceError, and OSError."""
    parts = []
    for path in paths:
        check_kind(path, str(path))
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        parts.append(os.fsencode(path.name) + f":{content}\n".encode())
    return hashlib.sha256(b"".join(parts)).hexdigest()


def read_unchanged(paths: Sequence[Path]) -> tuple[ox.Store, str]:
    """The quads of files and the version of just these: files that change meanwhile are read again.

    Raises SourceError.
    """
    for _ in range(_MOST_READINGS):
        before = _version_now(paths)
        read = read_files(paths)
        if before and _version_now(paths) == before:
            return read, before
    raise SourceError(
        message("The files change while they are read."),
        where=", ".join(map(str, paths)),
        hint=message("Try again when they are all written."),
    )


def _version_now(paths: Iterable[Path]) -> str:
    """The version of the files; empty where one cannot be read, which is told of as they are read."""
    try:
        return version_of_files(paths)
    except OSError:
        return ""


def inferences(repository: Repository, cache: Path | None) -> list[ox.Quad]:
    """What follows from the project's ontology and data: as found in the cache or the root, else worked out.

    What is worked out is left in the cache. A cache that cannot be read or written is no error.
    """
    key = inferences_key(repository)
    kept = cache / f"inferred-{__version__}-{key[:32]}.nq" if cache else None
    for path in (kept, repository.root / SHIPPED):
        found = _read(path, key) if path else None
        if found is not None:
            return found
    from bibgraph.reasoning import infer  # noqa: PLC0415  # what it needs is slow to load, and seldom needed

    quads = infer(repository.quads("ontology", "data"))
    if kept:
        with suppress(OSError):
            _write(kept, inferences_file(key, quads))
    return quads


def inferences_key(repository: Repository) -> str:
    """A hash of all that inferences depend on: the graph, our rules, and the libraries' versions."""
    rules = hashlib.sha256((Path(__file__).parent / "reasoning.py").read_bytes()).hexdigest()
    parts = (repository.version, __version__, rules, installed("owlrl"), installed("rdflib"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def inferences_file(key: str, quads: Iterable[ox.Quad]) -> bytes:
    """The quads as N-Quads; a comment in the first line holds the key and a hash of the rest."""
    body = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return b"%s%s %s\n%s" % (_MARK, key.encode(), hashlib.sha256(body).hexdigest().encode(), body)


def _read(path: Path, key: str) -> list[ox.Quad] | None:
    """The quads of a file that ``inferences_file`` made for this key and that is whole; else None."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        if head == b"%s%s %s" % (_MARK, key.encode(), hashlib.sha256(body).hexdigest().encode()):
            return list(ox.parse(body, format=ox.RdfFormat.N_QUADS))
    except (OSError, SyntaxError):
        return None
    return None


def _write(path: Path, content: bytes) -> None:
    """Put a whole file there at once, and remove the oldest of its kind when there are many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".inferred-", delete=False) as file:
        beside = Path(file.name)
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    others = sorted(path.parent.glob("inferred-*.nq"), key=lambda other: other.stat().st_mtime)
    for old in others[:-_KEPT]:
        old.unlink(missing_ok=True)
