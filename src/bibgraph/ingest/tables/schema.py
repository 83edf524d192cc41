"""What a table looks like, as it is told beside it: W3C CSV on the Web (Metadata Vocabulary, 2015).

``data/tables/<name>.csv-metadata.json`` names the columns. Of the standard, this much is heeded: of a column
``name``, ``required``, ``separator``, ``datatype`` (``string``, ``integer``, ``anyURI``, each with an
optional ``format``, a pattern), ``propertyUrl``; ``primaryKey``; ``dc:title`` of the table. Besides, of
a column: ``skos:inScheme``, the list of codes whose labels its cells are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bibgraph.errors import SourceError
from bibgraph.messages import message
from bibgraph.namespaces import PREFIXES
from bibgraph.suggestions import nearest
from bibgraph.turtle import read_text

FOLDER = "data/tables"
_SUFFIX = ".csv-metadata.json"
_KINDS = ("string", "integer", "anyURI")


@dataclass(frozen=True)
class Column:
    """A column: ``separator`` parts its cells into items, empty if they are one; ``scheme`` is an IRI."""

    name: str
    required: bool = False
    separator: str = ""
    kind: str = "string"
    pattern: str = ""
    property: str = ""
    scheme: str = ""


@dataclass(frozen=True)
class Schema:
    """A table: its columns in order, the names of those whose cells are the key, titles by language."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    titles: Mapping[str, str]

    def column_of(self, property_: str) -> str:
        """The name of the column that holds the values of a property; empty if none does."""
        return next((each.name for each in self.columns if each.property == property_), "")


def table_names(root: Path) -> list[str]:
    """The tables that are described in the project, sorted."""
    return sorted(path.name.removesuffix(_SUFFIX) for path in (root / FOLDER).glob(f"*{_SUFFIX}"))


def read_schema(root: Path, name: str) -> Schema:
    """The description of the table ``name``. Raises SourceError if there is none, or it is not understood."""
    where = f"{FOLDER}/{name}{_SUFFIX}"
    known = table_names(root)
    if name not in known:
        near = ", ".join(nearest(name, known))
        raise SourceError(
            message("There is no table called {name}.", name=name),
            where=where,
            hint=message("Did you mean {near}?", near=near)
            if near
            else message(
                "The tables are: {names}. A new one needs this description, and queries in {folder}.",
                names=", ".join(known) or "–",
                folder=f"queries/tables/{name}/",
            ),
        )
    try:
        return _schema(name, json.loads(read_text(root / where, name=where)))
    except (ValueError, TypeError, KeyError, AttributeError, re.error) as error:
        raise SourceError(
            message("The description of the table is not understood: {reason}.", reason=repr(error)),
            where=where,
            hint=message("Copy the description of another table in {folder}/.", folder=FOLDER),
        ) from error


def _schema(name: str, told: Mapping[str, object]) -> Schema:
    table = told["tableSchema"]
    if not isinstance(table, dict):
        raise TypeError("tableSchema")
    columns = tuple(_column(each) for each in table["columns"])
    key = table.get("primaryKey", [])
    keys = (key,) if isinstance(key, str) else tuple(key)
    if unknown := set(keys) - {each.name for each in columns}:
        raise ValueError(f"primaryKey {sorted(unknown)}")
    titles = told.get("dc:title", [])
    if not isinstance(titles, list):
        raise TypeError("dc:title")
    return Schema(name, columns, keys, {each["@language"]: each["@value"] for each in titles})


def _column(told: Mapping[str, object]) -> Column:
    datatype = told.get("datatype", "string")
    kind = datatype.get("base", "string") if isinstance(datatype, dict) else datatype
    pattern = datatype.get("format", "") if isinstance(datatype, dict) else ""
    if kind not in _KINDS:
        raise ValueError(f"datatype {kind}")
    re.compile(pattern)
    return Column(
        str(told["name"]),
        required=told.get("required") is True,
        separator=str(told.get("separator", "")),
        kind=kind,
        pattern=pattern,
        property=_expanded(str(told.get("propertyUrl", ""))),
        scheme=_expanded(str(told.get("skos:inScheme", ""))),
    )


def _expanded(name: str) -> str:
    """A prefixed name as an IRI; an IRI as it is."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES and not local.startswith("//") else name
