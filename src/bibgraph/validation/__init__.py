"""What is wrong with a graph: SHACL, lint queries, terms, dates; where it stands, and how it is shown."""

from bibgraph.validation.baseline import Compared, compare, read_baseline, write_baseline
from bibgraph.validation.criteria import criteria
from bibgraph.validation.dates import StatedDate, check_dates
from bibgraph.validation.declared import declared_terms
from bibgraph.validation.engines import ENGINES, REFERENCE
from bibgraph.validation.fingerprints import fingerprint
from bibgraph.validation.lint import Rule, lint, read_rules
from bibgraph.validation.places import Places, ReadFile
from bibgraph.validation.shacl import validate
from bibgraph.validation.terms import show
from bibgraph.validation.vocabulary import Vocabularies, unknown_terms, unknown_terms_in_query

__all__ = [
    "ENGINES",
    "REFERENCE",
    "Compared",
    "Places",
    "ReadFile",
    "Rule",
    "StatedDate",
    "Vocabularies",
    "check_dates",
    "compare",
    "criteria",
    "declared_terms",
    "fingerprint",
    "lint",
    "read_baseline",
    "read_rules",
    "show",
    "unknown_terms",
    "unknown_terms_in_query",
    "validate",
    "write_baseline",
]
