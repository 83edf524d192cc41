"""A draft as the files of the repository: which there are, what they hold, how they are listed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pyoxigraph as ox
from babel.dates import format_date

from bibgraph.ingest.judging import Draft
from bibgraph.ingest.names import Names
from bibgraph.ingest.records import Record, added_to, as_turtle, construct, text, thing, typed
from bibgraph.messages import LANGUAGES, Message, message
from bibgraph.namespaces import GRAPHS
from bibgraph.repository import Repository
from bibgraph.turtle import read_text

SOURCES = "data/sources.ttl"
"""The one file that is there already and gets an entry."""

_KINDS = ("status", "quotations", "layout", "measures", "strategies", "organisations", "names")
_LOCALES = {"nb": "nb", "nn": "nn", "en": "en_GB"}


def paths_of(names: Names) -> dict[str, str]:
    """The files that a report becomes, by kind; ``text`` is the document itself."""
    named = {kind: f"data/{kind}/{names.key}.ttl" for kind in _KINDS}
    return {**named, "status": f"data/status/{names.issued}.ttl", "text": f"data/sources/{names.key}.txt"}


def files_of(repository: Repository, made: Draft, content: bytes) -> tuple[dict[str, bytes], list[ox.Quad]]:
    """The contents of the files by path, ``data/sources.ttl`` whole among them; and all new quads."""
    paths, quads = paths_of(made.names), list[ox.Quad]()
    files = {paths["text"]: content}
    for kind in _KINDS:
        triples = construct(repository.query(f"ingest/write-{kind}"), made.records.get(kind, []))
        if triples:
            quads.extend(triples)
            files[paths[kind]] = as_turtle(triples, made.names.prefixes, paths[kind]).encode()
    written = {kind: paths[kind] for kind in _KINDS if paths[kind] in files}
    records = [*_document(made, content, paths["text"]), *_graphs(made.names, written)]
    triples = construct(repository.query("ingest/write-sources"), records)
    quads.extend(triples)
    files[SOURCES] = added_to(read_text(repository.root / SOURCES), triples, SOURCES).encode()
    return files, quads


def _document(made: Draft, content: bytes, file: str) -> list[Record]:
    source = thing(made.names.source)
    document: Record = {
        "document": source,
        "issued": typed(made.names.issued, "date"),
        "language": typed(made.language, "string"),
        "file": typed(file, "string"),
        "sha256": typed(hashlib.sha256(content).hexdigest(), "string"),
    }
    titles: list[Record] = (
        [{"document": source, "title": text(made.title, made.language)}] if made.title else []
    )
    return [document, *titles]


def _graphs(names: Names, written: Mapping[str, str]) -> list[Record]:
    return [
        {
            "graph": thing(GRAPHS + path.removeprefix("data/").removesuffix(".ttl")),
            "source": thing(names.source),
            "name": text(_graph_title(kind, names, language), language),
        }
        for kind, path in written.items()
        for language in LANGUAGES
    ]


def _graph_title(kind: str, names: Names, language: str) -> str:
    day = format_date(names.issued, "long", locale=_LOCALES[language])
    titles: dict[str, Message] = {
        "status": message("Status in the status report of {date}", date=day),
        "quotations": message("Quotations in the status report of {date}", date=day),
        "layout": message("Layout passages in the status report of {date}", date=day),
        "measures": message("Measures in the status report of {date}", date=day),
        "strategies": message("Strategies in the status report of {date}", date=day),
        "organisations": message("Units and bodies in the status report of {date}", date=day),
        "names": message("Names of measures and milestones in the status report of {date}", date=day),
    }
    return titles[kind].text(language)
