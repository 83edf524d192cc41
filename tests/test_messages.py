"""Every sentence that a user can see, in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bibgraph.messages import LANGUAGES, SOURCE_LANGUAGE, Message, message, translations

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "bibgraph"
KEYWORDS = {"message": None, "_": None, "gettext": None, "ngettext": (1, 2)}
TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


@cache
def sentences() -> dict[str | tuple[str, ...], str]:
    """Each sentence of the program, and where it stands; one with a plural as a pair."""
    found = extract_from_dir(
        str(PACKAGE), method_map=[("**.py", "python"), ("**/templates/**.html", "jinja2")], keywords=KEYWORDS
    )
    return {
        sentence if isinstance(sentence, str) else tuple(sentence): f"{file}:{line}"
        for file, line, sentence, _, _ in found
    }


@cache
def catalogue(language: str) -> Catalog:
    with (PACKAGE / "locale" / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale=language)


def texts(sentence: object) -> list[str]:
    """A sentence or its translation as a list: one text, or one for each plural form."""
    return [sentence] if isinstance(sentence, str) else [str(form) for form in sentence]  # type: ignore[attr-defined]  # Babel gives a str or a sequence


def placeholders(text: str) -> set[str]:
    braces = {f"{name}!{conversion}" for _, name, _, conversion in Formatter().parse(text) if name}
    return braces | set(re.findall(r"%\(\w+\)[a-z]", text))


def test_the_program_says_something() -> None:
    assert len(sentences()) > 20


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    missing = {}
    for sentence, place in sentences().items():
        entry = catalogue(language).get(sentence)
        if entry is None or entry.fuzzy or not all(texts(entry.string)):
            missing[place] = sentence
    assert missing == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_has_outlived_its_sentence(language: str) -> None:
    assert {entry.id for entry in catalogue(language) if entry.id} - set(sentences()) == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_their_sentence(language: str) -> None:
    wrong = {}
    for entry in catalogue(language):
        wanted = set().union(*(placeholders(text) for text in texts(entry.id))) if entry.id else set()
        if any(placeholders(text) != wanted for text in texts(entry.string) if entry.id):
            wrong[str(entry.id)] = entry.string
    assert wrong == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_left_in_english(language: str) -> None:
    """A word or two may be the same in both languages."""
    english = re.compile(r"%\(\w+\)[a-z]|\{[^{}]*\}|[^\W\d_]+")
    left = [
        text
        for entry in catalogue(language)
        if entry.id
        for text in texts(entry.string)
        if text in texts(entry.id) and len([word for word in english.findall(text) if word.isalpha()]) > 2
    ]
    assert left == []


def calls() -> Iterator[tuple[str, ast.Call]]:
    """The calls of ``message`` in the program, with their places."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def test_every_sentence_is_written_out_and_given_its_values() -> None:
    wrong = []
    for place, call in calls():
        sentence = call.args[0] if len(call.args) == 1 else None
        if not isinstance(sentence, ast.Constant) or not isinstance(sentence.value, str):
            wrong.append(f"{place}: not a sentence that can be extracted")
        elif call.keywords and all(keyword.arg for keyword in call.keywords):
            fields = {
                re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(sentence.value) if name
            }
            given = {keyword.arg for keyword in call.keywords}
            if fields != given:
                wrong.append(f"{place}: {fields ^ given}")
    assert wrong == []


def test_a_message_is_shown_in_the_language_asked_for() -> None:
    sentence = message("There is no such file.")
    shown = {language: sentence.text(language) for language in LANGUAGES}
    assert shown["en"] == str(sentence) == "There is no such file."
    assert len(set(shown.values())) == len(LANGUAGES)


def test_values_fill_a_sentence_and_may_be_messages_themselves() -> None:
    inner = message("There is no such file.")
    outer = Message("{where}: {what}", {"where": "x", "what": inner})
    assert outer.text("nn") == f"x: {inner.text('nn')}"


@pytest.mark.parametrize(("language", "told"), [("en", "0.2"), ("nb", "0,2"), ("nn", "0,2")])
def test_a_number_is_written_as_the_language_has_it(language: str, told: str) -> None:
    sentence = message("The answer came in {seconds} s.", seconds=0.2)
    assert f" {told} s" in sentence.text(language)
    outer = message("{some}, {next}", some=sentence, next=1)
    assert f" {told} s" in outer.text(language)
    assert outer.text(language).endswith(", 1")


def test_braces_without_values_are_left_alone() -> None:
    assert str(Message("{ } and {x}")) == "{ } and {x}"


def test_an_unknown_language_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="nb, nn, en"):
        translations("sv")


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_no_sentence_stands_where_the_catalogues_are_not_filled_from(path: Path) -> None:
    # What extracts the sentences does not look into f-strings.
    inside = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.JoinedStr)
    ]
    calls = [each for node in inside for each in ast.walk(node) if isinstance(each, ast.Call)]
    assert not [each for each in calls if isinstance(each.func, ast.Name) and each.func.id == "message"]
