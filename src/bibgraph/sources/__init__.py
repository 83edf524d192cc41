"""The source documents: their text, the quotations proved against it, and how much of it is accounted for."""

from bibgraph.sources.coverage import Coverage, coverage, judge
from bibgraph.sources.documents import (
    Document,
    LayoutPassage,
    Quotation,
    Sources,
    VerbatimValue,
    read_sources,
)
from bibgraph.sources.matching import Difference, Span, Words, difference, spans
from bibgraph.sources.proof import prove, show_lines

__all__ = [
    "Coverage",
    "Difference",
    "Document",
    "LayoutPassage",
    "Quotation",
    "Sources",
    "Span",
    "VerbatimValue",
    "Words",
    "coverage",
    "difference",
    "judge",
    "prove",
    "read_sources",
    "show_lines",
    "spans",
]
