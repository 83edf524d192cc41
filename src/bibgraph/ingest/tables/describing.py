"""Web pages and tables as things, and the graphs that are made of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from bibgraph.errors import QueryError, SourceError
from bibgraph.ingest.records import Record, construct, text, thing, typed
from bibgraph.ingest.tables.knowledge import Knowledge
from bibgraph.ingest.tables.pages import host_of, page_iri, page_title, site_of
from bibgraph.ingest.tables.reading import Table
from bibgraph.ingest.tables.schema import FOLDER
from bibgraph.messages import LANGUAGES, message
from bibgraph.namespaces import ONTOLOGY, THINGS
from bibgraph.repository import Repository, graph_of

TABLES = "data/tables.ttl"
"""The file that describes the tables, and the graphs that are made from them."""

_PAGES = "tables/write-pages"
_WRITE = "tables/write-tables"
_TITLE = re.compile(r"^#\+\s*title-(nb|nn|en)\s*:\s*(.*\S)\s*$", re.MULTILINE)


@dataclass
class File:
    """A file to be: its triples, the titles of its graph, its host, and what it is derived from."""

    titles: Mapping[str, str]
    host: str = ""
    quads: set[ox.Quad] = field(default_factory=set)
    prefixes: dict[str, str] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)


def titles_of(query: str, name: str) -> dict[str, str]:
    """The titles in the header of a query. Raises QueryError if it lacks one of the three languages."""
    titles = dict(_TITLE.findall(query))
    missing = [f"title-{language}" for language in LANGUAGES if language not in titles]
    if missing:
        raise QueryError(message("The header lacks {missing}.", missing=", ".join(missing)), where=name)
    return titles


def graph_iri(name: str) -> str:
    """The IRI of the graph that the file of this name is."""
    return graph_of(name)


def table_iri(table: Table) -> str:
    """The IRI of a table as a thing."""
    return f"{THINGS}table/{table.schema.name}"


def pages_as_files(repository: Repository, known: Knowledge, tables: Mapping[str, Table]) -> dict[str, File]:
    """The pages that no hand has described, by site. Raises SourceError for two that would be one thing."""
    query = repository.query(_PAGES)
    titles = titles_of(query, f"queries/{_PAGES}.rq")
    addresses: dict[str, str] = {}
    read: dict[str, set[str]] = defaultdict(set)
    files: dict[str, File] = {}
    for table in tables.values():
        for row in table.rows:
            if not row.page or row.page in known.pages:
                continue
            page = page_iri(row.page, known.pages)
            other = addresses.get(page, row.page)
            if page_title(other) != page_title(row.page):
                raise _alike(other, row.page, table, row.line)
            addresses[page] = max(other, row.page)
            told = row.cells.get(table.schema.column_of(ONTOLOGY.howRead), ())
            read[page] |= {part.strip() for term in told for part in term.value.split(";")}
            name = f"data/websources/{site_of(row.page)}.ttl"
            files.setdefault(name, File(titles, host_of(row.page))).sources.add(table_iri(table))
    for page, address in addresses.items():
        file = files[f"data/websources/{site_of(address)}.ttl"]
        file.quads.update(construct(query, [_page(page, address, read[page])]))
    return files


def _alike(one: str, other: str, table: Table, line: int) -> SourceError:
    return SourceError(
        message("{one} and {other} would be one page.", one=one, other=other),
        where=f"{FOLDER}/{table.schema.name}.csv:{line}",
        hint=message("Describe one of them by hand in data/sources.ttl."),
    )


def _page(page: str, address: str, read: set[str]) -> Record:
    return {
        "page": thing(page),
        "title": text(page_title(address), LANGUAGES[0]),
        "link": thing(address),
        "read": typed("; ".join(sorted(filter(None, read))), "string"),
    }


def described(repository: Repository, tables: Mapping[str, Table], files: Mapping[str, File]) -> File:
    """The file of the tables as things, and of the graphs with what they are derived from."""
    query = repository.query(_WRITE)
    own = File(
        titles_of(query, f"queries/{_WRITE}.rq"), sources={table_iri(each) for each in tables.values()}
    )
    records: list[Record] = []
    for table in tables.values():
        file = typed(f"{FOLDER}/{table.schema.name}.csv", "string")
        for language, title in table.schema.titles.items():
            name = text(title, language)
            records.append({"table": thing(table_iri(table)), "file": file, "name": name})
    for path, made in {**files, TABLES: own}.items():
        graph = thing(graph_iri(path))
        records += [{"graph": graph, "source": thing(source)} for source in sorted(made.sources)]
        for language, title in made.titles.items():
            told = text(title.replace("{site}", made.host), language)
            records.append({"graph": graph, "title": told})
    own.quads.update(construct(query, records))
    return own
