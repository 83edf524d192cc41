"""The project's files as quads, a named graph per file. Reads files; never the network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path

import pyoxigraph as ox

from bibgraph.errors import SourceError
from bibgraph.messages import message
from bibgraph.namespaces import graph_named
from bibgraph.turtle import label_blank_nodes, read_quads, read_text
from bibgraph.turtle.bounds import look_alike

FOLDERS = ("ontology", "data", "shapes", "queries")
KINDS = ("ontology", "data", "shapes")


def locate(root: Path | None = None) -> Path:
    """The folder that holds ontology/, data/, shapes/ and queries/.

    It is ``root`` if given; else the current folder if it is such; else the copy inside the installed
    package; else the checkout that ``src/`` stands in. Raises SourceError if there is none.
    """
    if root is not None:
        return _complete(root)
    for candidate in (Path.cwd(), *_shipped()):
        if not _missing(candidate):
            return candidate
    raise SourceError(
        message("There is no folder with {folders} here.", folders=", ".join(f"{name}/" for name in FOLDERS)),
        where=str(Path.cwd()),
        hint=message("Go to the project's folder, or name it with --root."),
    )


def general_rules() -> tuple[Path, ...]:
    """The lint queries that come with the program, wherever the current folder is."""
    return next((Repository(root).lint for root in _shipped() if not _missing(root)), ())


def _shipped() -> tuple[Path, Path]:
    package = Path(str(resources.files("bibgraph")))
    return package / "resources", package.parent.parent


def _complete(root: Path) -> Path:
    if not root.is_dir():
        raise SourceError(
            message("There is no such folder."),
            where=str(root),
            hint=message("Name the folder that holds {folders}.", folders=", ".join(FOLDERS)),
        )
    missing = _missing(root)
    if missing:
        raise SourceError(
            message("The folder lacks {missing}.", missing=", ".join(f"{name}/" for name in missing)),
            where=str(root),
            hint=message("Name the folder that holds {folders}.", folders=", ".join(FOLDERS)),
        )
    return root


def _missing(root: Path) -> list[str]:
    return [name for name in FOLDERS if not (root / name).is_dir()]


@dataclass(frozen=True)
class SourceFile:
    """A file of RDF and the named graph that its triples are.

    name: its path from the root, with slashes: ``data/status/2025-10-14.ttl``. base: the IRI that
    relative ones in it start from; in files of the project there are none.
    """

    path: Path
    name: str
    graph: str
    base: str = ""


def graph_of(name: str) -> str:
    """The IRI of the graph that the file with this path from the root is."""
    inner = name.removeprefix("data/").rpartition(".")[0]
    return graph_named(inner)


class Repository:
    """Files of one root folder, read when first asked for and kept.

    Raises SourceError, from the constructor for a root that is none, from the rest for files that are
    missing or do not parse.
    """

    def __init__(self, root: Path) -> None:
        self.root = _complete(root)
        self._quads: dict[str, list[ox.Quad]] = {}
        self._queries: dict[str, str] = {}

    @cached_property
    def ontology(self) -> tuple[SourceFile, ...]:
        """The files under ontology/, sorted by name."""
        return self._files("ontology")

    @cached_property
    def data(self) -> tuple[SourceFile, ...]:
        """The files under data/, sorted by name."""
        return self._files("data")

    @cached_property
    def shapes(self) -> tuple[SourceFile, ...]:
        """The files under shapes/, sorted by name."""
        return self._files("shapes")

    @cached_property
    def questions(self) -> tuple[Path, ...]:
        """The ready questions, queries/questions/*.rq."""
        return tuple(sorted((self.root / "queries" / "questions").glob("*.rq")))

    @cached_property
    def lint(self) -> tuple[Path, ...]:
        """The queries that must find nothing, queries/lint/*.rq."""
        return tuple(sorted((self.root / "queries" / "lint").glob("*.rq")))

    def query(self, name: str) -> str:
        """The text of ``queries/<name>.rq``, such as ``pages/quotations``."""
        if name not in self._queries:
            self._queries[name] = read_text(self.root / "queries" / f"{name}.rq", name=f"queries/{name}.rq")
        return self._queries[name]

    def read_queries(self) -> None:
        """Read all queries now, so that files that change later change nothing."""
        folder = self.root / "queries"
        for path in sorted(folder.rglob("*.rq")):
            self.query(path.relative_to(folder).with_suffix("").as_posix())

    @cached_property
    def queries_version(self) -> str:
        """SHA-256, in hex, of the names and texts of all queries."""
        self.read_queries()
        texts = "".join(f"{name}\0{text}\0" for name, text in sorted(self._queries.items()))
        return hashlib.sha256(texts.encode()).hexdigest()

    def quads(self, *kinds: str) -> list[ox.Quad]:
        """All quads of the named kinds, out of "ontology", "data" and "shapes", each in its file's graph.

        Blank nodes have the same labels in every run.
        """
        return [quad for kind in kinds for quad in self._of_kind(kind)]

    @cached_property
    def version(self) -> str:
        """SHA-256, in hex, of ontology and data as sorted canonical N-Quads (RDFC-1.0)."""
        return version_of(self.quads("ontology", "data"))

    def _of_kind(self, kind: str) -> list[ox.Quad]:
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
        if kind not in self._quads:
            files: tuple[SourceFile, ...] = getattr(self, kind)
            self._quads[kind] = [quad for file in files for quad in read_file(file)]
        return self._quads[kind]

    def _files(self, kind: str) -> tuple[SourceFile, ...]:
        paths = (path for path in (self.root / kind).rglob("*.ttl") if path.is_file())
        names = sorted(path.relative_to(self.root).as_posix() for path in paths)
        return tuple(SourceFile(self.root / name, name, graph_of(name)) for name in names)


def read_file(file: SourceFile) -> list[ox.Quad]:
    """The quads of one file, in its graph, the blank nodes labelled for good."""
    scope = hashlib.sha256(file.graph.encode()).hexdigest()[:12]
    return label_blank_nodes(read_quads(file.path, name=file.name, graph=file.graph), f"b{scope}")


def version_of(quads: Iterable[ox.Quad]) -> str:
    """SHA-256, in hex, of the quads as sorted canonical N-Quads (RDFC-1.0)."""
    return hashlib.sha256(canonical_lines(quads)).hexdigest()


def canonical_lines(quads: Iterable[ox.Quad]) -> bytes:
    """The quads as sorted canonical N-Quads (RDFC-1.0); with their own labels if that took for ever."""
    quads = list(quads)
    dataset = ox.Dataset(quads)
    if not look_alike(quads):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()
