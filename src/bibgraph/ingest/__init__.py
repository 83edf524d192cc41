"""Status reports as documents in: read as tables, matched to measures, made into the files of the graph."""

from bibgraph.ingest.decisions import read_decisions, template
from bibgraph.ingest.documents import read_document
from bibgraph.ingest.preparing import Prepared, Request, prepare
from bibgraph.ingest.vocabulary import read_vocabulary
from bibgraph.ingest.writing import write_all

__all__ = [
    "Prepared",
    "Request",
    "prepare",
    "read_decisions",
    "read_document",
    "read_vocabulary",
    "template",
    "write_all",
]
