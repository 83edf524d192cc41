"""What is wrong with a graph: SHACL, lint queries, terms, dates; where it stands, and how it is shown."""

from bibgraph.validation.baseline import Compared, Known, compare, read_baseline, read_entries, write_baseline
from bibgraph.validation.criteria import criteria
from bibgraph.validation.dates import StatedDate, check_dates
from bibgraph.validation.declared import declared_terms
from bibgraph.validation.engines import ENGINES, REFERENCE, demand
from bibgraph.validation.files import ReadFile
from bibgraph.validation.fingerprints import fingerprint
from bibgraph.validation.lint import Rule, asks_for_files, graph_of_kind, lint, read_rules
from bibgraph.validation.places import Ahead, Places
from bibgraph.validation.results import Begun
from bibgraph.validation.shacl import begin, end, read_shapes, validate
from bibgraph.validation.stated import Asked, Stated
from bibgraph.validation.statements import Statements
from bibgraph.validation.terms import show
from bibgraph.validation.triples import Triples
from bibgraph.validation.vocabulary import Vocabularies, unknown_terms

__all__ = [
    "ENGINES",
    "REFERENCE",
    "Ahead",
    "Asked",
    "Begun",
    "Compared",
    "Known",
    "Places",
    "ReadFile",
    "Rule",
    "Stated",
    "StatedDate",
    "Statements",
    "Triples",
    "Vocabularies",
    "asks_for_files",
    "begin",
    "check_dates",
    "compare",
    "criteria",
    "declared_terms",
    "demand",
    "end",
    "fingerprint",
    "graph_of_kind",
    "lint",
    "read_baseline",
    "read_entries",
    "read_rules",
    "read_shapes",
    "show",
    "unknown_terms",
    "validate",
    "write_baseline",
]
