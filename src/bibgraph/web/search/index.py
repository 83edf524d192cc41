"""Words and where they stand: SQLite FTS5, once by stems (Snowball) and once by trigrams, in memory.

Stems find other endings; trigrams find parts of compounds («brønn» in «Metadatabrønnen»).
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from bibgraph.suggestions import nearest

MOST_TERMS = 12
_MOST_HITS = 3000
_SHORTEST_PART = 3
_AROUND = 90
_LIKE = 0.75
_OWN_LANGUAGE = 1.2
_WORD = re.compile(r"\w+")
_LANGUAGES = {"en": "english"}


@dataclass(frozen=True)
class Text:
    """Words of a thing: the property that holds them, its weight, and their language."""

    thing: str
    property: str
    words: str
    language: str
    weight: int


@dataclass(frozen=True)
class Hit:
    """A thing that was found, by its best text. pieces: runs of it, and whether each was sought."""

    thing: str
    property: str
    language: str
    pieces: Sequence[tuple[str, bool]]


class SearchIndex:
    """Finds ``texts``. May be asked from several threads."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self._texts = list(texts)
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute(
            "CREATE VIRTUAL TABLE stems USING fts5(words, tokenize='unicode61 remove_diacritics 0')"
        )
        self._base.execute("CREATE VIRTUAL TABLE parts USING fts5(words, tokenize='trigram')")
        rows = [(number, text) for number, text in enumerate(self._texts)]
        stemmed = ((number, " ".join(_stems(text.words, text.language))) for number, text in rows)
        self._base.executemany("INSERT INTO stems (rowid, words) VALUES (?, ?)", stemmed)
        parts = ((number, text.words.casefold()) for number, text in rows)
        self._base.executemany("INSERT INTO parts (rowid, words) VALUES (?, ?)", parts)
        self._known = {
            word for text in self._texts for word in _words(text.words) if len(word) > _SHORTEST_PART
        }

    def find(self, query: str, language: str = "") -> list[Hit]:
        """The things that hold all the words of the query, the best first; each once.

        language: the reader's; texts in it come before others that are as good.
        """
        terms = _words(query)[:MOST_TERMS]
        if not terms:
            return []
        scores: dict[int, float] = defaultdict(float)
        for tag in ("nb", "en"):
            stems = " AND ".join(f'"{stem}"' for stem in _stems(" ".join(terms), tag))
            for number, score in self._match("stems", stems):
                scores[number] = max(scores[number], 2 - score)
        if all(len(term) >= _SHORTEST_PART for term in terms):
            for number, score in self._match("parts", " AND ".join(f'"{term}"' for term in terms)):
                scores[number] = max(scores[number], 1 - score)
        best: dict[str, tuple[float, int]] = {}
        for number, score in scores.items():
            text = self._texts[number]
            ranked = (score * text.weight * (_OWN_LANGUAGE if text.language == language else 1), number)
            if text.thing not in best or ranked > best[text.thing]:
                best[text.thing] = ranked
        ordered = sorted(best.values(), key=lambda ranked: (-ranked[0], ranked[1]))
        return [self._hit(number, terms) for _, number in ordered]

    def meant(self, query: str) -> str:
        """The query with words that occur nowhere replaced by the likest that do; empty if all occur."""
        terms = _words(query)[:MOST_TERMS]
        mended = [
            term if term in self._known else next(iter(nearest(term, self._known, enough=_LIKE)), term)
            for term in terms
        ]
        return " ".join(mended) if mended != terms else ""

    def _match(self, table: str, expression: str) -> list[tuple[int, float]]:
        statement = {
            "stems": "SELECT rowid, bm25(stems) FROM stems WHERE stems MATCH ? LIMIT ?",
            "parts": "SELECT rowid, bm25(parts) FROM parts WHERE parts MATCH ? LIMIT ?",
        }[table]
        with self._lock:
            return self._base.execute(statement, (expression, _MOST_HITS)).fetchall()

    def _hit(self, number: int, terms: Sequence[str]) -> Hit:
        text = self._texts[number]
        stems = {stem for language in ("nb", "en") for stem in _stems(" ".join(terms), language)}

        def sought(word: str) -> bool:
            folded = word.casefold()
            return any(term in folded for term in terms) or not stems.isdisjoint(_stems(word, text.language))

        return Hit(text.thing, text.property, text.language, _cut(_pieces(text.words, sought)))


def _pieces(words: str, sought: Callable[[str], bool]) -> list[tuple[str, bool]]:
    """The text in runs: the words sought, and what is between them."""
    found, at = [], 0
    for match in _WORD.finditer(words):
        if sought(match[0]):
            found += [(words[at : match.start()], False), (match[0], True)]
            at = match.end()
    return [piece for piece in (*found, (words[at:], False)) if piece[0]]


def _cut(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The runs around the first word sought: what is long between and beside them is shortened."""
    cut = []
    for place, (text, sought) in enumerate(pieces):
        if sought or len(text) <= 2 * _AROUND:
            cut.append((text, sought))
            continue
        before = "" if place == 0 else text[:_AROUND].rpartition(" ")[0]
        after = "" if place == len(pieces) - 1 else text[-_AROUND:].partition(" ")[2]
        whole = len(pieces) == 1
        cut.append((text[: 2 * _AROUND] + " …" if whole else f"{before} … {after}", False))
    return cut


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


@lru_cache(maxsize=50_000)
def _stem(word: str, algorithm: str) -> str:
    stem: str = snowballstemmer.stemmer(algorithm).stemWord(word)  # one each: they keep state
    return stem


def _stems(text: str, language: str) -> list[str]:
    algorithm = _LANGUAGES.get(language, "norwegian")
    return [_stem(word, algorithm) for word in _words(text)]
