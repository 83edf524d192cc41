"""SPARQL as text: its words and signs, its terms, what may be run, and what an engine says of its syntax."""

from bibgraph.sparql.complaints import complaint, in_file, misread
from bibgraph.sparql.terms import in_sparql
from bibgraph.sparql.tokens import Kind, Token, place, tokens
from bibgraph.sparql.words import FORMS, UPDATES, WORDS

__all__ = [
    "FORMS",
    "UPDATES",
    "WORDS",
    "Kind",
    "Token",
    "complaint",
    "in_file",
    "in_sparql",
    "misread",
    "place",
    "tokens",
]
