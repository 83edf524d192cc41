"""Documents about things as RDF: Turtle as the project's own files are laid out, the rest by libraries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from bibgraph.media import BY_NAME, BY_TYPE
from bibgraph.namespaces import GRAPHS, PREFIXES, THINGS
from bibgraph.store import Answer
from bibgraph.store.writing import render
from bibgraph.turtle import canonical, label_blank_nodes
from bibgraph.web.rdf.jsonld import Context

_COLLECTION = re.compile(re.escape(str(THINGS)) + r"((?:[a-z][a-z0-9-]*)/(?:[a-z0-9-]+/)*)[^/]+")
_DECLARED = re.compile(r"(?:@prefix .*\n)+")
_ROOT = re.compile(r'<rdf:RDF ((?:xmlns:[\w-]+="[^"]*" ?)+)>')
_OXIGRAPH = {
    BY_NAME["ttl"].type: ox.RdfFormat.TURTLE,
    BY_NAME["nt"].type: ox.RdfFormat.N_TRIPLES,
    BY_NAME["rdf"].type: ox.RdfFormat.RDF_XML,
    BY_NAME["trig"].type: ox.RdfFormat.TRIG,
    BY_NAME["nq"].type: ox.RdfFormat.N_QUADS,
}
_TRIPLES_ONLY = {BY_NAME[name].type for name in ("ttl", "nt", "rdf", "jsonld")}


def serialise(
    quads: Iterable[ox.Quad],
    media_type: str,
    *,
    first: str = "",
    prefixes: Mapping[str, str] | None = None,
    context: Context | None = None,
) -> bytes:
    """The quads in ``media_type``, each once, always in the same order; as triples where it has no graphs.

    Blank nodes are named from what the quads say, whatever they were called.
    first: the IRI of the thing that the document is about: Turtle begins with it, in JSON-LD it is outermost.
    prefixes: more of them than the project's table and the collections' own. context: names for JSON-LD.
    """
    wanted = {ox.Quad(*quad.triple) for quad in quads} if media_type in _TRIPLES_ONLY else set(quads)
    ordered = sorted(label_blank_nodes(wanted, "b"), key=_order)
    if media_type == BY_NAME["ttl"].type and all(map(_in_nfc, ordered)):
        return _turtle(ordered, first, prefixes or {}).encode()
    if media_type == BY_NAME["jsonld"].type:
        return (context or Context()).document(ordered, first)
    known = {**_prefixes(ordered), **(prefixes or {})}
    content = ox.serialize(ordered, format=_OXIGRAPH[media_type], prefixes=known) or b""
    return _settled(content.decode()).encode()


def _order(quad: ox.Quad) -> tuple[str, str]:
    """By graph, the default graph first; then as text."""
    return str(quad.graph_name), str(quad)


def _settled(text: str) -> str:
    """The text with its prefixes in one order: Oxigraph declares them in an order of chance."""
    head = _DECLARED.match(text)
    if head:
        return "".join(sorted(head[0].splitlines(keepends=True))) + text[head.end() :]
    root = _ROOT.search(text)
    if root:
        names = " ".join(sorted(root[1].split()))
        return f"{text[: root.start(1)]}{names}{text[root.end(1) :]}"
    return text


def serialise_answer(answer: Answer, media_type: str) -> bytes:
    """An answer of the store in ``media_type``. Raises NotAcceptable where the format cannot hold it."""
    return render(answer, BY_TYPE[media_type].name)


def _turtle(quads: Sequence[ox.Quad], first: str, prefixes: Mapping[str, str]) -> str:
    """Two parts in the project's layout, the thing itself and the rest, under one list of prefixes."""
    local = {**_collections(quads), **prefixes}
    declared = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in local.items())
    subject = ox.NamedNode(first) if first else None
    used: set[str] = set()
    parts = []
    for part in ([q for q in quads if q.subject == subject], [q for q in quads if q.subject != subject]):
        text = canonical(
            declared + (ox.serialize(part, format=ox.RdfFormat.N_TRIPLES) or b"").decode(), name="document"
        )
        head, _, blocks = text.partition("\n\n") if text.startswith("@prefix") else ("", "", text)
        used.update(head.splitlines())
        parts.append(blocks)
    return "\n\n".join(part.strip("\n") for part in ("\n".join(sorted(used)), *parts) if part) + "\n"


def _in_nfc(quad: ox.Quad) -> bool:
    """Whether the project's layout, which normalises text, leaves this one as it is."""
    return not isinstance(quad.object, ox.Literal) or unicodedata.is_normalized("NFC", quad.object.value)


def _collections(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """Prefixes for the inner collections whose things are named: ``measure-2023-2025`` and the like."""
    found: dict[str, str] = {}
    known = set(PREFIXES.values())
    for quad in quads:
        for term in (quad.subject, quad.object):
            match = _COLLECTION.fullmatch(term.value) if isinstance(term, ox.NamedNode) else None
            namespace = str(THINGS) + match[1] if match else ""
            if match and namespace not in known:
                found[match[1].strip("/").replace("/", "-")] = namespace
    return {prefix: namespace for prefix, namespace in found.items() if prefix not in PREFIXES}


def _prefixes(quads: Sequence[ox.Quad]) -> dict[str, str]:
    """The prefixes out of the project's table that these quads have a use for.

    Without that of graphs: their names have slashes, which prefixed names would have to escape.
    """
    text = " ".join(map(str, quads))
    found = {prefix: namespace for prefix, namespace in PREFIXES.items() if f"<{namespace}" in text}
    return {prefix: namespace for prefix, namespace in found.items() if namespace != str(GRAPHS)}
