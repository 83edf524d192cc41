"""Tables made into files: all that tables feed is made anew, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.errors import SourceError
from bibgraph.findings import Finding
from bibgraph.ingest.records import as_turtle
from bibgraph.ingest.tables.describing import TABLES, File, described, graph_iri, pages_as_files, table_iri
from bibgraph.ingest.tables.knowledge import Knowledge, know
from bibgraph.ingest.tables.mapping import World, read_mappings
from bibgraph.ingest.tables.reading import Table, decode, read_table
from bibgraph.ingest.tables.schema import FOLDER, read_schema, table_names
from bibgraph.messages import message
from bibgraph.repository import Repository
from bibgraph.turtle import read_content

_Things = dict[object, set[object]]


@dataclass(frozen=True)
class Change:
    """What becomes of one file: how many things in it are new, changed and gone."""

    name: str
    new: int
    changed: int
    gone: int


@dataclass(frozen=True)
class Built:
    """The outcome: contents by path, of what differs only; files that nothing feeds any more; what is wrong.

    findings are by table; where there are any, nothing is to be written.
    """

    files: Mapping[str, bytes]
    emptied: tuple[str, ...]
    changes: tuple[Change, ...]
    findings: Mapping[str, tuple[Finding, ...]]


def build(repository: Repository, replaced: Mapping[str, str] | None = None) -> Built:
    """All files that the tables of the repository feed, with the CSV texts ``replaced``, by table.

    Raises SourceError for a table that cannot be read, and for a file in the way that is written by hand;
    QueryError for a mapping that cannot be asked.
    """
    given = replaced or {}
    for name in given:
        read_schema(repository.root, name)
    known = know(repository)
    tables = {
        name: _table(repository, name, given, known)
        for name in table_names(repository.root)
        if name in given or (repository.root / FOLDER / f"{name}.csv").exists()
    }
    findings = {name: table.findings for name, table in tables.items() if table.findings}
    if findings:
        return Built({}, (), (), findings)
    files = {**_mapped(repository, known, tables), **pages_as_files(repository, known, tables)}
    files[TABLES] = described(repository, tables, files)
    contents = {name: as_turtle(file.quads, file.prefixes, name).encode() for name, file in files.items()}
    _refuse_by_hand(repository, known, contents)
    contents |= {f"{FOLDER}/{name}.csv": text.encode() for name, text in given.items()}
    return _compared(repository, known, contents, files)


def _table(repository: Repository, name: str, given: Mapping[str, str], known: Knowledge) -> Table:
    where = f"{FOLDER}/{name}.csv"
    text = given[name] if name in given else decode(repository.root / where)
    return read_table(read_schema(repository.root, name), text, known, where)


def _mapped(repository: Repository, known: Knowledge, tables: Mapping[str, Table]) -> dict[str, File]:
    world = World(known.rest, tables, known.pages)
    files: dict[str, File] = {}
    for name, table in tables.items():
        for mapping in read_mappings(repository.root, name):
            for site, host in world.sites(name).items():
                quads = world.ask(mapping, site)
                if quads:
                    path = f"data/{mapping.kind}/{site}.ttl"
                    file = files.setdefault(path, File(mapping.titles, host))
                    file.quads.update(quads)
                    file.prefixes.update(mapping.prefixes)
                    file.sources |= {table_iri(table), *world.pages_in(quads, name, site)}
    return files


def _refuse_by_hand(repository: Repository, known: Knowledge, names: Mapping[str, bytes]) -> None:
    for name in names:
        if (repository.root / name).exists() and graph_iri(name) not in known.made:
            raise SourceError(
                message("This file is written by hand, and a table would be written over it."),
                where=name,
                hint=message("Move what it says to another file, or to the table."),
            )


def _compared(
    repository: Repository, known: Knowledge, contents: Mapping[str, bytes], files: Mapping[str, File]
) -> Built:
    """What of the contents differs from what there is."""
    before = {file.graph: file.name for file in repository.data if file.graph in known.made}
    emptied = sorted(name for name in before.values() if name not in contents)
    differing = {
        name: content
        for name, content in contents.items()
        if not (repository.root / name).exists() or read_content(repository.root / name) != content
    }
    quads = repository.quads("data")
    changes = []
    for name in sorted([*differing, *emptied]):
        if name in files or name in emptied:
            graph = ox.NamedNode(graph_iri(name))
            old = (quad for quad in quads if quad.graph_name == graph)
            new = files[name].quads if name in files else ()
            changes.append(_change(name, _by_thing(old), _by_thing(new)))
    return Built(differing, tuple(emptied), tuple(changes), {})


def _by_thing(quads: Iterable[ox.Quad]) -> _Things:
    things: _Things = {}
    for quad in quads:
        things.setdefault(quad.subject, set()).add((quad.predicate, quad.object))
    return things


def _change(name: str, old: _Things, new: _Things) -> Change:
    return Change(
        name,
        len(new.keys() - old.keys()),
        sum(old[each] != new[each] for each in old.keys() & new.keys()),
        len(old.keys() - new.keys()),
    )
