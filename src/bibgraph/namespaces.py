"""The base IRI and the one table of prefixes.

What a class or property *is* stands in ``ontology/``; Python names as few terms as it can.
"""

from __future__ import annotations

import os
from urllib.parse import quote


class Namespace(str):
    """The beginning of IRIs; ``SH.path`` and ``SH["class"]`` are IRIs in it, as texts.

    rdflib has this too, but takes longer to load than many a check to run. Names that texts have as methods
    of their own (``DCTERMS["title"]``) stand in brackets.
    """

    __slots__ = ()

    def __getitem__(self, name: object) -> str:
        return f"{self}{name}"

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return f"{self}{name}"


BASE = "https://w3id.org/bibgraph/"
"""All IRIs of the project begin so. They never change with the host that serves them."""

ONTOLOGY = Namespace(BASE + "ontology#")
SHAPES = Namespace(BASE + "shapes#")
THINGS = Namespace(BASE + "id/")
GRAPHS = Namespace(BASE + "graph/")
INFERRED = GRAPHS["inferred"]

_SAFE_IN_PATHS = "/:@!$&'()*+,;="
_NOT_IN_FRAGMENTS = {ord(sign): f"%{ord(sign):02X}" for sign in "#%[]"}

PREFIXES: dict[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "bg": str(ONTOLOGY),
    "bgs": str(SHAPES),
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    # Kinds of things; a collection such as ``measure/2023-2025/`` gets a prefix local to its file.
    "agent": str(THINGS["organisation/"]),
    "agreement": str(THINGS["agreement/"]),
    "approach": str(THINGS["approach/"]),
    "award": str(THINGS["award/"]),
    "code": str(THINGS["code/"]),
    "fund": str(THINGS["fund/"]),
    "graph": str(GRAPHS),
    "law": str(THINGS["law/"]),
    "line": str(THINGS["main-line/"]),
    "post": str(THINGS["post/"]),
    "project": str(THINGS["project/"]),
    "report": str(THINGS["report/"]),
    "service": str(THINGS["service/"]),
    "source": str(THINGS["source/"]),
    "strategy": str(THINGS["strategy/"]),
    "unit": str(THINGS["unit/"]),
}

DCTERMS = Namespace(PREFIXES["dcterms"])
FOAF = Namespace(PREFIXES["foaf"])
OWL = Namespace(PREFIXES["owl"])
RDF = Namespace(PREFIXES["rdf"])
RDFS = Namespace(PREFIXES["rdfs"])
SDO = Namespace(PREFIXES["schema"])
SH = Namespace(PREFIXES["sh"])
SKOS = Namespace(PREFIXES["skos"])
VANN = Namespace(PREFIXES["vann"])
XSD = Namespace(PREFIXES["xsd"])


def fragment(text: str) -> str:
    """``text`` as a part of an IRI's fragment, which cannot hold all of an IRI (RFC 3986, section 3.5)."""
    return text.translate(_NOT_IN_FRAGMENTS)


def graph_named(path: str) -> str:
    """The IRI of the graph that is named after a file, of which ``path`` is the path, or a part of it.

    What an IRI can hold (RFC 3987, section 2.2) stands in it as it is, so that its address leads to it.
    """
    return GRAPHS[
        "".join(sign if _fits(sign) else quote(os.fsencode(sign), safe=_SAFE_IN_PATHS) for sign in path)
    ]


def _fits(sign: str) -> bool:
    return sign.isprintable() and ("\x7f" < sign < "\ufff0" or "\uffff" < sign < "\U000e0000")


def shorten(iri: str, prefixes: dict[str, str] | None = None) -> str:
    """``iri`` as a prefixed name where a prefix fits (the longest wins), otherwise unchanged."""
    table = PREFIXES if prefixes is None else prefixes
    name, namespace = max(
        ((n, ns) for n, ns in table.items() if iri.startswith(ns) and len(iri) > len(ns)),
        key=lambda pair: len(pair[1]),
        default=("", ""),
    )
    return f"{name}:{iri[len(namespace) :]}" if name else iri
