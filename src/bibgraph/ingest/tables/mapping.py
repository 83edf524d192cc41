"""Mappings: what the rows of a table say, as SPARQL CONSTRUCT in ``queries/tables/<table>/<kind>.rq``.

A header says what the files are called for readers, ``{site}`` standing for the site:

    #+ title-nb: Rettslige kilder hos {site}          also -nn and -en

A query is asked once per site, over all files that no table makes and the rows of all tables. Prefixes
``table:`` <…/table#>, ``col:`` <…/column#> and ``raw:`` <…/raw#>. Each row is a ``table:Entry`` with
``table:name``, the name of its table, ``table:line``, and ``col:<column>`` for each cell, one value per item;
``raw:<column>`` has the cells with several items as they stand. The rows that are to be mapped are a
``table:Row`` too, with ``table:page``, the IRI of the page that the row is from, ``table:site``, and
``table:confidence``, the code of how sure it is. Functions: ``functions.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from bibgraph.errors import QueryError
from bibgraph.ingest.records import typed
from bibgraph.ingest.tables.describing import titles_of
from bibgraph.ingest.tables.functions import COLUMN, RAW, TABLE, functions
from bibgraph.ingest.tables.pages import host_of, page_iri, site_of
from bibgraph.ingest.tables.reading import Row, Table
from bibgraph.messages import message
from bibgraph.namespaces import BASE, ONTOLOGY, RDF
from bibgraph.sparql import complaint, in_file
from bibgraph.turtle import read_text

FOLDER = "queries/tables"
_PREFIX = re.compile(rf"^\s*PREFIX\s+(\w+):\s*<({re.escape(BASE)}(?!table#|column#)[^>]*)>", re.MULTILINE)


@dataclass(frozen=True)
class Mapped:
    """One mapping: from which table, to which kind of files."""

    table: str
    kind: str
    name: str
    query: str
    titles: Mapping[str, str]
    prefixes: Mapping[str, str]


def read_mappings(root: Path, table: str) -> list[Mapped]:
    """The mappings of a table. Raises QueryError if it has none, or one lacks its titles."""
    paths = sorted((root / FOLDER / table).glob("*.rq"))
    if not paths:
        raise QueryError(
            message("There is no mapping for the table {name}.", name=table),
            where=f"{FOLDER}/{table}/",
            hint=message("Add a query there that says what its rows mean; docs/tables.md shows how."),
        )
    return [_read(path, table) for path in paths]


def _read(path: Path, table: str) -> Mapped:
    name = f"{FOLDER}/{table}/{path.name}"
    query = read_text(path, name=name)
    return Mapped(table, path.stem, name, query, titles_of(query, name), dict(_PREFIX.findall(query)))


class World:
    """All that mappings see: the graph by hand, and the rows of all tables."""

    def __init__(
        self, rest: Iterable[ox.Quad], tables: Mapping[str, Table], pages: Mapping[str, str]
    ) -> None:
        self._store = ox.Store()
        self._store.extend(rest)
        self._pages = pages
        self._functions = functions()
        self._tables = tables
        for name, table in tables.items():
            self._store.extend(quad for row in table.rows for quad in _entry(name, row))

    def sites(self, table: str) -> dict[str, str]:
        """The sites that the rows of a table are from, sorted, and their hosts."""
        pages = sorted((row.page for row in self._tables[table].rows if row.page), reverse=True)
        return dict(sorted((site_of(page), host_of(page)) for page in pages))

    def pages_in(self, quads: Iterable[ox.Quad], table: str, site: str) -> set[str]:
        """The pages of a site that the triples made of a table point to."""
        pages = {page_iri(row.page, self._pages) for row in self._rows(table, site)}
        return pages & {quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)}

    def ask(self, mapping: Mapped, site: str) -> list[ox.Quad]:
        """What a mapping makes of its table's rows from one site.

        Raises QueryError for a query that does not run, is no CONSTRUCT, or makes blank nodes.
        """
        marks = [quad for row in self._rows(mapping.table, site) for quad in self._marks(mapping.table, row)]
        self._store.extend(marks)
        try:
            made = self._store.query(mapping.query, custom_functions=self._functions)
            if not isinstance(made, ox.QueryTriples):
                raise QueryError(message("A mapping is a CONSTRUCT."), where=mapping.name)
            quads = [ox.Quad(*triple) for triple in made]
        except SyntaxError as error:
            raise in_file(complaint(error, mapping.query), mapping.name) from error
        finally:
            for quad in marks:
                self._store.remove(quad)
        if any(isinstance(term, ox.BlankNode) for quad in quads for term in (quad.subject, quad.object)):
            raise QueryError(
                message("The mapping makes things without an IRI."),
                where=mapping.name,
                hint=message("Make an IRI of the key of the row."),
            )
        return quads

    def _rows(self, table: str, site: str) -> list[Row]:
        return [row for row in self._tables[table].rows if row.page and site_of(row.page) == site]

    def _marks(self, table: str, row: Row) -> list[ox.Quad]:
        node = _node(table, row)
        schema = self._tables[table].schema
        sure = row.cells.get(schema.column_of(ONTOLOGY.confidence), ())
        return [
            ox.Quad(node, ox.NamedNode(RDF.type), ox.NamedNode(TABLE.Row)),
            ox.Quad(node, ox.NamedNode(TABLE.page), ox.NamedNode(page_iri(row.page, self._pages))),
            ox.Quad(node, ox.NamedNode(TABLE.site), typed(site_of(row.page), "string")),
            *(ox.Quad(node, ox.NamedNode(TABLE.confidence), term) for term in sure),
        ]


def _node(table: str, row: Row) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}table/{table}#{row.line}")


def _entry(table: str, row: Row) -> Iterable[ox.Quad]:
    node = _node(table, row)
    yield ox.Quad(node, ox.NamedNode(RDF.type), ox.NamedNode(TABLE.Entry))
    yield ox.Quad(node, ox.NamedNode(TABLE.name), typed(table, "string"))
    yield ox.Quad(node, ox.NamedNode(TABLE.line), typed(row.line, "integer"))
    for column, terms in row.cells.items():
        for term in terms:
            yield ox.Quad(node, ox.NamedNode(COLUMN[column]), term)
    for column, told in row.whole.items():
        yield ox.Quad(node, ox.NamedNode(RAW[column]), typed(told, "string"))
