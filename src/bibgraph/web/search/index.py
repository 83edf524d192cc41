"""Words and where they stand: SQLite FTS5, once by stems (Snowball) and once by trigrams, in memory.

Stems find other endings; trigrams find parts of compounds («brønn» in «Metadatabrønnen»). Both hold each word
as it is spelt and as nynorsk and bokmål are compared.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import snowballstemmer

from bibgraph.web.search.likeness import Likeness
from bibgraph.web.search.spelling import LONGEST_REMEMBERED, REMEMBERED, alike, kept

MOST_TERMS = 12
NAMES = 3
"""Texts of this weight or more are names, see ``queries/pages/page-search.rq``."""
_MOST_HITS = 3000
_SHORTEST_PART = 3
_AROUND = 90
_OWN_NAME = 2.0
_LONG_STEM = 5
"""Stems of so many letters are looked for in compounds, too."""
_OWN_LANGUAGE = 1.2
_WORD = re.compile(r"\w+")
_PHRASE = re.compile(r"[\"«“]([^\"«»“”]*)[\"»”]")
_NORWEGIAN = "norwegian"
_LANGUAGES = {"en": "english"}
_TAGS = ("nb", "en")
"""The languages that a query may be in: each has its own stems."""


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
    """A thing that was found, by its best text. is_sought: whether a word of it is one that was sought."""

    thing: str
    property: str
    language: str
    words: str
    is_sought: Callable[[str, str], bool]

    @cached_property
    def pieces(self) -> Sequence[tuple[str, bool]]:
        """Runs of the text, and whether each was sought: made for those hits only that are shown."""
        return _cut(_pieces(self.words, lambda word: self.is_sought(word, self.language)))


class SearchIndex:
    """Finds ``texts``. May be asked from several threads."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self._texts = list(texts)
        self._keys = [_key(text.words, text.language) for text in self._texts]
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute(
            "CREATE VIRTUAL TABLE stems USING fts5(words, tokenize='unicode61 remove_diacritics 0')"
        )
        self._base.execute("CREATE VIRTUAL TABLE parts USING fts5(words, tokenize='trigram')")
        self._base.executemany(
            "INSERT INTO stems (rowid, words) VALUES (?, ?)",
            (
                (number, " ".join(_stems(text.words, text.language)))
                for number, text in enumerate(self._texts)
            ),
        )
        self._base.executemany(
            "INSERT INTO parts (rowid, words) VALUES (?, ?)",
            ((number, _spellings(text.words, text.language)) for number, text in enumerate(self._texts)),
        )
        self._known = Likeness(
            word for text in self._texts for word in _words(text.words) if len(word) > _SHORTEST_PART
        )

    def find(self, query: str, language: str = "") -> list[Hit]:
        """The things that hold all the words of the query, the best first; each once.

        What stands in quotation marks must stand so, word by word. What has the query as its name is best.
        Of a thing's texts a passage tells more than a name, one in the reader's language more than another.
        language: the reader's; texts in it come before others that are as good.
        """
        terms = list(dict.fromkeys(_words(query)))[:MOST_TERMS]
        if not terms:
            return []
        sought, phrases = _key(query), [f" {_key(found)} " for found in _PHRASE.findall(query)]
        scores: dict[int, float] = defaultdict(float)
        for tag in _TAGS:
            for number, score in self._match("stems", [_stems(term, tag) for term in terms]):
                scores[number] = max(scores[number], 2 - score)
        if all(len(term) >= _SHORTEST_PART for term in terms):
            for number, score in self._match("parts", [_parts(term) for term in terms]):
                scores[number] = max(scores[number], 1 - score)
        best: dict[str, tuple[float, int]] = {}
        told: dict[str, tuple[bool, bool, float, int]] = {}
        for number, score in scores.items():
            text, key = self._texts[number], self._keys[number]
            if not all(phrase in f" {key} " for phrase in phrases):
                continue
            own = _OWN_LANGUAGE if text.language == language else 1
            named = _OWN_NAME if key == sought and text.weight >= NAMES else 1
            ranked = (score * text.weight * own * named, number)
            best[text.thing] = max(ranked, best.get(text.thing, ranked))
            telling = (text.weight < NAMES, text.language == language, *ranked)
            told[text.thing] = max(telling, told.get(text.thing, telling))
        ordered = sorted(best, key=lambda thing: (-best[thing][0], best[thing][1]))
        texts, is_sought = (self._texts[told[thing][-1]] for thing in ordered), _sought(terms)
        return [Hit(text.thing, text.property, text.language, text.words, is_sought) for text in texts]

    def meant(self, query: str) -> str:
        """The query with words that occur nowhere replaced by the likest that do; empty if all occur."""
        terms = _words(query)[:MOST_TERMS]
        mended = [term if self._occurs(term) else self._known.likest(term) or term for term in terms]
        return " ".join(mended) if mended != terms else ""

    def _occurs(self, term: str) -> bool:
        """Whether the term, one of its forms or a word that it is part of is in any text."""
        return term in self._known or bool(self._count([_stems(term, tag) for tag in _TAGS], term))

    def _count(self, stems: Sequence[Collection[str]], term: str) -> int:
        found = sum(len(self._match("stems", [some], 1)) for some in stems)
        return found or (len(term) >= _SHORTEST_PART and len(self._match("parts", [{term}], 1)))

    def _match(
        self, table: str, terms: Sequence[Collection[str]], most: int = _MOST_HITS
    ) -> list[tuple[int, float]]:
        """The rows that hold of each term one of its forms, with how well."""
        statement = {
            "stems": "SELECT rowid, bm25(stems) FROM stems WHERE stems MATCH ? LIMIT ?",
            "parts": "SELECT rowid, bm25(parts) FROM parts WHERE parts MATCH ? LIMIT ?",
        }[table]
        forms = (" OR ".join(f'"{form}"' for form in sorted(set(some))) for some in terms)
        expression = " AND ".join(f"({some})" for some in forms)
        with self._lock:
            return self._base.execute(statement, (expression, most)).fetchall()


def _sought(terms: Sequence[str]) -> Callable[[str, str], bool]:
    """Tells whether a word of a text in this language is one of the terms, or holds one."""
    stems = {stem for term in terms for tag in _TAGS for stem in _stems(term, tag)}
    parts = [form for term in terms for form in _parts(term) if len(form) >= _SHORTEST_PART]

    def is_sought(word: str, language: str) -> bool:
        forms = (word.casefold(), alike(word, language))
        within = any(part in form for part in parts for form in forms)
        return within or not stems.isdisjoint(_stems(word, language))

    return is_sought


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


def _key(text: str, language: str = "") -> str:
    """The words as both forms of Norwegian are compared, with one space between."""
    return " ".join(alike(word, language) for word in _words(text))


def _parts(term: str) -> set[str]:
    """What of a word is looked for in compounds: it, its other spelling, and their stems if they are long."""
    forms = {term, alike(term), *(stem for stem in _stems(term, "") if len(stem) >= _LONG_STEM)}
    return {form for form in forms if not any(other in form for other in forms - {form})}


def _stem(word: str, algorithm: str) -> str:
    return (_unending if len(word) > LONGEST_REMEMBERED else _remembered)(word, algorithm)


def _unending(word: str, algorithm: str) -> str:
    """Without endings. Of Norwegian until none is left: «lesarane» and «leserne» meet only there."""
    whole = kept(word) if algorithm == _NORWEGIAN else ""
    stem: str = whole or snowballstemmer.stemmer(algorithm).stemWord(word)  # one each: they keep state
    again = algorithm == _NORWEGIAN and _SHORTEST_PART <= len(stem) < len(word)
    return _stem(stem, algorithm) if again else stem


_remembered = lru_cache(maxsize=REMEMBERED)(_unending)


def _stems(text: str, language: str) -> list[str]:
    """The stems of the words, as they are spelt and as both forms of Norwegian are compared."""
    algorithm = _LANGUAGES.get(language, _NORWEGIAN)
    forms = (form for word in _words(text) for form in dict.fromkeys((word, alike(word, language))))
    return [_stem(form, algorithm) for form in forms]


def _spellings(text: str, language: str) -> str:
    """The words as they stand, and after them those that are compared by another spelling."""
    folded = text.casefold()
    others = dict.fromkeys(form for word in _words(text) if (form := alike(word, language)) != word)
    return " ".join((folded, *others))
