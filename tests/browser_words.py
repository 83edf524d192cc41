"""Which language a text on a page is in, as far as the catalogues of sentences and the graph tell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bibgraph.describe import select, value_of
from bibgraph.messages import LANGUAGES, SOURCE_LANGUAGE
from bibgraph.web.parts.display import short_name
from pages_world import CHECKOUT, real_graph

_PLACE = re.compile(r"%\(\w+\)[sd]|\{[^{}]*\}")
_FEWEST_LETTERS = 12
_TAGGED = """
SELECT DISTINCT ?text (LANG(?text) AS ?language)
WHERE { GRAPH ?g { ?s ?p ?text } FILTER (isLiteral(?text)) }
"""


@cache
def _catalogue(language: str) -> Catalog:
    path = CHECKOUT / "src" / "bibgraph" / "locale" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        return read_po(source, locale=language)


def _forms(entry: str | Iterable[str] | None) -> list[str]:
    """A sentence as a list: one text, or one for each plural form."""
    return [entry] if isinstance(entry, str) else [str(form) for form in entry or ()]


def _sentences() -> Iterator[tuple[str, str]]:
    """Each sentence of the program in each language, and the language."""
    for language in LANGUAGES:
        source = language == SOURCE_LANGUAGE
        for entry in _catalogue("nb" if source else language):
            if entry.id:
                for text in _forms(entry.id if source else entry.string):
                    yield text, language


@cache
def _fixed() -> Mapping[str, set[str]]:
    """The sentences without places for values, and all texts of the graph, with the languages they are in."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for text, language in _sentences():
        if not _PLACE.search(text):
            known[_plain(text)].add(language)
    for row in select(real_graph().store, _TAGGED):
        text, language = _plain(value_of(row["text"])), value_of(row["language"])
        known[text].add(language)
        known[short_name(text)].add(language)
    return known


@cache
def _open() -> list[tuple[re.Pattern[str], str]]:
    """The sentences with places for values, as patterns."""
    found = []
    for text, language in _sentences():
        fixed = _PLACE.split(_plain(text))
        if len(fixed) > 1 and max(map(len, fixed)) >= _FEWEST_LETTERS:
            found.append((re.compile(".+".join(map(re.escape, fixed))), language))
    return found


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())


@cache
def languages(text: str) -> frozenset[str]:
    """The languages that ``text`` may be in; none if it is unknown, or known without a language.

    What begins or ends with a number is put together by the page, even if a source has the same words.
    """
    if text[:1].isdigit() or text[-1:].isdigit():
        return frozenset()
    told = _fixed().get(text, set())
    if "" in told:
        return frozenset()
    if not told:
        told = {language for pattern, language in _open() if pattern.fullmatch(text)}
    return frozenset(told)
