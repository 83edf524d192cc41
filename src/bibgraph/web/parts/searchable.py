"""The data set for search engines: schema.org's ``Dataset`` as a block of JSON-LD in a page."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping

import pyoxigraph as ox
from flask import Flask
from markupsafe import Markup

from bibgraph.describe import Term, select, value_of
from bibgraph.describe.names import distance
from bibgraph.graph import Graph
from bibgraph.web.http.reader import reader

_CONTEXT = "https://schema.org/"
_Found = dict[str, list[Term]]


def install(app: Flask, graph: Graph) -> None:
    """Give the templates of ``app`` the function ``dataset_jsonld``."""
    app.jinja_env.globals["dataset_jsonld"] = lambda: dataset_jsonld(graph)


def dataset_jsonld(graph: Graph) -> Markup:
    """What stands in the block, in the reader's language; empty if the graph has no catalogue."""
    found: dict[str, _Found] = defaultdict(lambda: defaultdict(list))
    dataset = ""
    for row in select(graph.store, graph.repository.query("pages/dataset-schema")):
        dataset = value_of(row["dataset"])
        value = row["value"]
        if value is not None:
            found[value_of(row["part"])][value_of(row["property"])].append(value)
    if not dataset:
        return Markup("")
    files = [{"@type": "DataDownload", **_members(found[part])} for part in sorted(found) if part]
    members = _members(found[""])
    if "creator" in members:
        members["creator"] = {"@type": "Organization", "name": members["creator"]}
    told = {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "@id": dataset,
        **members,
        "isAccessibleForFree": True,
        "distribution": files,
    }
    # In a block of data nothing may end it; these three are the same to readers of JSON.
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704  # as said


def _members(said: Mapping[str, list[Term]]) -> dict[str, object]:
    values = {property_: _nearest(terms) for property_, terms in said.items()}
    return {
        property_: found[0] if len(found) == 1 and property_ != "keywords" else found
        for property_, found in sorted(values.items())
    }


def _nearest(terms: list[Term]) -> list[str]:
    """The values; of texts in several languages, those in the nearest."""
    tags = {term.language for term in terms if isinstance(term, ox.Literal) and term.language}
    best = min(tags, key=lambda tag: (distance(tag, reader().language), tag), default=None)
    kept = [
        term for term in terms if not (isinstance(term, ox.Literal) and term.language not in (None, best))
    ]
    return list(dict.fromkeys(value_of(term) for term in kept))
