"""The graph as files for others to load: one order, so that the same graph is the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import dropwhile
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF

from bibgraph.errors import SourceError
from bibgraph.messages import message
from bibgraph.namespaces import GRAPHS, PREFIXES
from bibgraph.reasons import reason
from bibgraph.repository import canonical_lines
from bibgraph.turtle.terms import iri_key, object_key

SUMS = "SHA256SUMS"

_LEVEL = 9

# Without the prefix for graphs: their names have slashes, which prefixed names would have to escape.
_PREFIXES = {name: namespace for name, namespace in PREFIXES.items() if namespace != str(GRAPHS)}
_TYPE = str(RDF.type)


def dump(
    stated: Iterable[ox.Quad], inferred: Iterable[ox.Quad], more: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """The contents of the dumps by file name.

    bibgraph.nq, .trig, .jsonld: what is ``stated`` and ``inferred``, each graph by its name. bibgraph.ttl,
    .rdf: the same as one graph. canonical.nq: what is stated, in the canonical form (RDFC-1.0) whose SHA-256
    is the graph's version. inferred.nq, inferred.ttl: what is inferred alone. Each of these packed as well
    (.gz). more: further files, such as the strategies as StratML. SHA256SUMS: the sums of all, as
    ``sha256sum --check`` reads them. The lines of N-Quads are sorted; elsewhere subjects are, naturally.
    """
    said = set(stated)
    follows = sorted(set(inferred), key=_order)
    parts = {"all": sorted({*said, *follows}, key=_order), "stated": said, "inferred": follows}
    plain = {name: make(parts[part]) for name, (part, make) in _FORMS.items()}
    packed = {f"{name}.gz": pack(content) for name, content in plain.items()}
    files = {**plain, **packed, **(more or {})}
    sums = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return {**files, SUMS: "".join(sums).encode()}


def pack(content: bytes) -> bytes:
    """Packed by gzip, without the time and the name of a file, so that the same content is the same bytes."""
    return gzip.compress(content, _LEVEL, mtime=0)


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Put the files into ``folder``, which is made if need be; other files there are left alone.

    Each file is replaced at once, the sums last. Raises SourceError if that cannot be done.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in sorted(files, key=lambda name: (name == SUMS, name)):
            _replace(folder / name, files[name])
    except OSError as error:
        raise SourceError(
            message("The dumps cannot be written: {reason}.", reason=reason(error)),
            where=str(error.filename or folder),
            hint=message("Name a folder that you may write to, with --output."),
        ) from error


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        beside = Path(file.name)
        try:
            file.write(content)
            file.close()
            beside.chmod(0o644)
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            raise


def _order(quad: ox.Quad) -> tuple[object, ...]:
    """Graph, subject, predicate (``a`` first), object."""
    predicate = quad.predicate.value
    return (
        str(quad.graph_name),
        isinstance(quad.subject, ox.BlankNode),
        iri_key(quad.subject),
        predicate != _TYPE,
        predicate,
        object_key(quad.object),
    )


def _merged(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    return sorted({ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads}, key=_order)


def _n_quads(quads: Iterable[ox.Quad]) -> bytes:
    return "".join(sorted(f"{quad} .\n" for quad in quads)).encode()


def _with_prefixes(quads: Iterable[ox.Quad], format_: ox.RdfFormat) -> bytes:
    """Turtle or TriG with the project's prefixes, those in use, sorted."""
    lines = _serialized(quads, format_, _PREFIXES).decode().splitlines(keepends=True)
    # The serialiser's own header has all prefixes, in an order of chance.
    text = "".join(dropwhile(lambda line: line.startswith("@prefix "), lines))
    used = (f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(_PREFIXES.items()) if f"{name}:" in text)
    return ("".join(used) + "\n" + text).encode()


def _rdf_xml(quads: Iterable[ox.Quad]) -> bytes:
    triples = _merged(quads)
    properties = {quad.predicate.value for quad in triples}
    used = {n: iri for n, iri in _PREFIXES.items() if any(name.startswith(iri) for name in properties)}
    return _serialized(triples, ox.RdfFormat.RDF_XML, used)


def _trig(quads: Iterable[ox.Quad]) -> bytes:
    return _with_prefixes(quads, ox.RdfFormat.TRIG)


def _turtle(quads: Iterable[ox.Quad]) -> bytes:
    return _with_prefixes(_merged(quads), ox.RdfFormat.TURTLE)


def _json_ld(quads: Iterable[ox.Quad]) -> bytes:
    graphs = json.loads(_serialized(quads, ox.RdfFormat.JSON_LD, None))
    return (json.dumps(graphs, ensure_ascii=False, indent=1) + "\n").encode()


def _serialized(quads: Iterable[ox.Quad], format_: ox.RdfFormat, prefixes: dict[str, str] | None) -> bytes:
    content = ox.serialize(quads, format=format_, prefixes=prefixes)
    if content is None:
        raise TypeError("without an output, the serialiser returns what it wrote")
    return content


_FORMS: dict[str, tuple[str, Callable[[Iterable[ox.Quad]], bytes]]] = {
    "bibgraph.jsonld": ("all", _json_ld),
    "bibgraph.nq": ("all", _n_quads),
    "bibgraph.rdf": ("all", _rdf_xml),
    "bibgraph.trig": ("all", _trig),
    "bibgraph.ttl": ("all", _turtle),
    "canonical.nq": ("stated", canonical_lines),
    "inferred.nq": ("inferred", _n_quads),
    "inferred.ttl": ("inferred", _turtle),
}
