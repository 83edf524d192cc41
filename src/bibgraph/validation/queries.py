"""Misspelt terms in SPARQL queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bibgraph.errors import QueryError
from bibgraph.findings import Finding
from bibgraph.sparql import Kind, in_file, place, tokens
from bibgraph.validation.vocabulary import Vocabularies, finding_of


def unknown_terms_in_query(text: str, name: str, vocabularies: Vocabularies) -> list[Finding]:
    """A Violation for each term of a query that its vocabulary lacks; ``name`` is its file.

    Raises QueryError for what is no SPARQL.
    """
    findings: dict[str, Finding] = {}
    try:
        for start, iri in _iris(text):
            if vocabularies.lacks(iri) and iri not in findings:
                line = int(place(text, start).partition(":")[0])
                findings[iri] = replace(finding_of(iri, vocabularies), file=name, line=line)
    except QueryError as error:
        raise in_file(error, name) from error
    return list(findings.values())


def _iris(text: str) -> Iterator[tuple[int, str]]:
    """Where each IRI and prefixed name of a query begins, and its full form."""
    prefixes: dict[str, str] = {}
    declared = ""
    for token in tokens(text):
        if token.is_word("PREFIX"):
            declared = "PREFIX"
        elif declared and token.kind is Kind.NAME:
            declared = token.text
        elif declared and token.kind is Kind.IRI:
            prefixes[declared[:-1]] = token.text[1:-1]
            declared = ""
        elif token.kind is Kind.IRI:
            yield token.start, token.text[1:-1]
        elif token.kind is Kind.NAME:
            prefix, _, local = token.text.partition(":")
            yield token.start, prefixes.get(prefix, "") + local
