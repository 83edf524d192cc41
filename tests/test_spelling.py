"""Bokmål and nynorsk by the dictionary: each word of catalogues, ontology, rules and questions.

Needs Hunspell with its Norwegian dictionaries (Debian's ``hunspell`` and ``hunspell-no``). Without them the
tests are skipped, and say so; with BIBGRAPH_REQUIRE_BROWSER=1 they fail instead. Words that no dictionary has
stand in ``words/``: terms of the trade by language, names in ``names.txt``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from babel.messages.pofile import read_po

from bibgraph.namespaces import PREFIXES
from bibgraph.repository import Repository

CHECKOUT = Path(__file__).resolve().parent.parent
WORDS = Path(__file__).parent / "words"
HUNSPELL = shutil.which("hunspell")
REQUIRED = bool(os.environ.get("BIBGRAPH_REQUIRE_BROWSER"))
NORWEGIAN = ("nb", "nn")
HEADER = re.compile(r"#\+ (?P<key>[\w-]+)-(?P<language>nb|nn): (?P<text>.*)")
NOISE = re.compile(
    r"""%\(\w+\)[sd] | \{[^{}]*\} | `[^`]*` | "[^"]*" | \([a-z-]+-scheme\) | \S*[_/@\#=\\]\S* | \S*\w[.:]\w\S*
    | --?[a-z]\S* | \S*\d\S* | \.\w+""",
    re.VERBOSE,
)
"""What is no word: places for values, code, addresses, options, numbers, endings of files."""
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[-’'](?=[^\W\d_]))+")
UNSEEN = ox.NamedNode(f"{PREFIXES['skos']}hiddenLabel")
CHOSEN = {
    "nn": {
        "line": "linje",
        "lina": "linja",
        "liner": "linjer",
        "linene": "linjene",
        "tidslina": "tidslinja",
        "vert": "blir",
        "verte": "bli",
        "vart": "blei",
        "vorte": "blitt",
        "vorten": "blitt",
        "vera": "vere",
        "gjera": "gjere",
        "skriva": "skrive",
        "lesa": "lese",
        "fyrst": "først",
        "fyrste": "første",
        "òg": "også",
        "hjå": "hos",
        "ifrå": "frå",
        "samstundes": "samtidig",
        "spørring": "spørjing",
        "spørringa": "spørjinga",
        "søke": "søkje",
        "tenke": "tenkje",
        "lenke": "lenkje",
        "lenker": "lenkjer",
        "følge": "følgje",
        "følger": "følgjer",
        "rekkefølge": "rekkjefølgje",
        "mogeleg": "mogleg",
        "kjeldor": "kjelder",
        "sidor": "sider",
    },
    "nb": {
        "frem": "fram",
        "efter": "etter",
        "syv": "sju",
        "sprog": "språk",
        "fila": "filen",
        "lista": "listen",
        "linja": "linjen",
        "sida": "siden",
        "mappa": "mappen",
        "spørringa": "spørringen",
        "kilda": "kilden",
    },
}
"""Of forms that the norm leaves free, the one that is used here, by the one that is not."""


@pytest.fixture(scope="module")
def hunspell() -> str:
    """The program, with both dictionaries."""
    if HUNSPELL:
        told = subprocess.run([HUNSPELL, "-D"], input="", capture_output=True, text=True, check=False).stderr
        if all(f"{language}_NO" in told for language in NORWEGIAN):
            return HUNSPELL
    if REQUIRED:
        pytest.fail("Hunspell or its Norwegian dictionaries are not installed")
    pytest.skip("Hunspell or its Norwegian dictionaries are not installed: no word is looked up")


def catalogue(language: str) -> Iterator[tuple[str, str]]:
    """The sentences of the program."""
    for path in (CHECKOUT / "src" / "bibgraph" / "locale" / language / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as source:
            entries = list(read_po(source, locale=language))
        for entry in entries:
            forms = entry.string or ()
            listed = [forms] if isinstance(forms, str) else forms
            yield from ((f"«{entry.id}»", form) for form in listed if entry.id)


def terms(language: str) -> Iterator[tuple[str, str]]:
    """The texts of the ontology and of the rules."""
    for quad in Repository(CHECKOUT).quads("ontology", "shapes"):
        told = quad.object
        if isinstance(told, ox.Literal) and told.language == language and quad.predicate != UNSEEN:
            yield str(quad.subject), told.value


def headers(language: str) -> Iterator[tuple[str, str]]:
    """What the headers of the queries say."""
    for path in sorted((CHECKOUT / "queries").rglob("*.rq")):
        for found in HEADER.finditer(path.read_text(encoding="utf-8")):
            if found["language"] == language:
                yield path.name, re.sub(r"\w+=", "", found["text"])


@cache
def written(language: str) -> Mapping[str, str]:
    """Each word that is written in this language, and where it stands first."""
    found: dict[str, str] = {}
    for texts in (catalogue, terms, headers):
        for place, text in texts(language):
            for word in WORD.findall(NOISE.sub(" ", text.replace("\u00ad", ""))):
                if not re.search(r"[^\W\d_][A-ZÆØÅ]", word):
                    found.setdefault(word, place)
    return found


def own(name: str) -> list[str]:
    """The words of one list."""
    return (WORDS / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1]


def unheard(hunspell: str, language: str, words: Iterable[str]) -> set[str]:
    """Those words, or pieces between hyphens, that the dictionary of this language has not."""
    command = [hunspell, "-i", "utf-8", "-d", f"{language}_NO", "-l"]
    asked = subprocess.run(command, input="\n".join(words), capture_output=True, text=True, check=True)
    return set(asked.stdout.split())


def place_of(word: str, language: str) -> str:
    """Where a word, or a longer one that it is a piece of, is written first."""
    return next(place for known, place in written(language).items() if word in known.split("-"))


@pytest.mark.parametrize("language", NORWEGIAN)
def test_every_word_is_in_the_dictionary(hunspell: str, language: str) -> None:
    assert len(written(language)) > 1500
    listed = {word.casefold() for word in own(language)} | {word.casefold() for word in own("names")}
    unknown = {
        word for word in unheard(hunspell, language, written(language)) if word.casefold() not in listed
    }
    assert not unknown, "\n".join(f"{word}: {place_of(word, language)}" for word in sorted(unknown))


def test_the_dictionary_knows_wrong_words(hunspell: str) -> None:
    assert unheard(hunspell, "nn", ["hvordan", "korleis"]) == {"hvordan"}
    assert unheard(hunspell, "nb", ["hvordan", "korleis"]) == {"korleis"}


@pytest.mark.parametrize("language", NORWEGIAN)
def test_of_free_forms_one_is_used_throughout(language: str) -> None:
    mixed = {
        f"{word}: {place}": f"write {CHOSEN[language][word.casefold()]}"
        for word, place in written(language).items()
        if word.casefold() in CHOSEN[language]
    }
    assert mixed == {}


@pytest.mark.parametrize("name", ["names", *NORWEGIAN])
def test_the_own_words_are_listed_once_and_in_order(name: str) -> None:
    assert own(name) == sorted(set(own(name)))
