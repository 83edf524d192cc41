"""Tables as documents in: a CSV file checked, its rows mapped by queries, the files it feeds made anew."""

from bibgraph.ingest.tables.building import Built, Change, build
from bibgraph.ingest.tables.reading import decode, read_table
from bibgraph.ingest.tables.schema import Schema, read_schema, table_names
from bibgraph.ingest.writing import write_all

__all__ = [
    "Built",
    "Change",
    "Schema",
    "build",
    "decode",
    "read_schema",
    "read_table",
    "table_names",
    "write_all",
]
