"""The graph as files for others to load: one order, so that the same graph is the same bytes."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import dropwhile
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF

from bibgraph.errors import SourceError
from bibgraph.messages import message
from bibgraph.namespaces import GRAPHS, PREFIXES
from bibgraph.turtle.terms import iri_key, object_key

SUMS = "SHA256SUMS"

# Without the prefix for graphs: their names have slashes, which prefixed names would have to escape.
_PREFIXES = {name: namespace for name, namespace in PREFIXES.items() if namespace != str(GRAPHS)}
_TYPE = str(RDF.type)


def dump(stated: Iterable[ox.Quad], inferred: Iterable[ox.Quad]) -> dict[str, bytes]:
    """The contents of the dumps by file name.

    bibgraph.nq, .trig, .jsonld: what is ``stated`` and ``inferred``, each graph by its name. bibgraph.ttl:
    the same as one graph. inferred.nq, inferred.ttl: what is inferred alone. SHA256SUMS: the sums of all, as
    ``sha256sum --check`` reads them. The lines of N-Quads are sorted; elsewhere subjects are, naturally.
    """
    follows = sorted(set(inferred), key=_order)
    everything = sorted({*stated, *follows}, key=_order)
    files = {
        "bibgraph.jsonld": _json_ld(everything),
        "bibgraph.nq": _n_quads(everything),
        "bibgraph.trig": _with_prefixes(everything, ox.RdfFormat.TRIG),
        "bibgraph.ttl": _with_prefixes(_merged(everything), ox.RdfFormat.TURTLE),
        "inferred.nq": _n_quads(follows),
        "inferred.ttl": _with_prefixes(_merged(follows), ox.RdfFormat.TURTLE),
    }
    sums = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return {**files, SUMS: "".join(sums).encode()}


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
            message("The dumps cannot be written: {reason}.", reason=error.strerror),
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


def _json_ld(quads: Iterable[ox.Quad]) -> bytes:
    graphs = json.loads(_serialized(quads, ox.RdfFormat.JSON_LD, None))
    return (json.dumps(graphs, ensure_ascii=False, indent=1) + "\n").encode()


def _serialized(quads: Iterable[ox.Quad], format_: ox.RdfFormat, prefixes: dict[str, str] | None) -> bytes:
    content = ox.serialize(quads, format=format_, prefixes=prefixes)
    if content is None:
        raise TypeError("without an output, the serialiser returns what it wrote")
    return content
