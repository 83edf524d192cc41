"""The help of every command, in every language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

import click
import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from bibgraph.cli import cli
from bibgraph.commands.help import Command, Group, Option, paragraphs
from bibgraph.messages import HELP, LANGUAGES, SOURCE_LANGUAGE, click_speaks, translate
from conftest import CHECKOUT, Outcome

Call = Callable[..., Outcome]

LOCALE = CHECKOUT / "src" / "bibgraph" / "locale"
TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]
OF_CLICK = {"--version"}
"""Options whose help click says."""
ENGLISH = re.compile(
    r"(?<![-\w/.])(?:and|are|been|from|given|has|if|is|it|its|of|only|or|such|than|that|the|then|there|these|"
    r"they|this|told|unless|what|where|which|who|with|without)(?![-\w/.=])",
    re.IGNORECASE,
)
"""Words of which there are some on any English page, and none on a Norwegian one."""


@dataclass(frozen=True)
class Page:
    """A page of help: the words that call for it, and what is told on it."""

    names: tuple[str, ...]
    command: click.Command
    listed: tuple[click.Command, ...]

    @property
    def parts(self) -> list[click.Command | click.Option]:
        """The command and its options, but for those that are click's."""
        options = [each for each in self.command.params if isinstance(each, click.Option)]
        return [self.command, *(each for each in options if OF_CLICK.isdisjoint(each.opts))]


def pages_of(command: click.Command, *names: str) -> Iterator[Page]:
    listed = {}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            listed[name] = command.get_command(context, name) or pytest.fail(name)
    yield Page(names, command, tuple(listed.values()))
    for name, each in listed.items():
        yield from pages_of(each, *names, name)


@cache
def pages() -> list[Page]:
    return list(pages_of(cli))


@cache
def sentences() -> Mapping[str, frozenset[str]]:
    """Each paragraph of help, and the names of the values that it is given."""
    return {
        paragraph: frozenset(part.values)
        for page in pages()
        for part in page.parts
        if isinstance(part, Command | Group | Option) and part.english
        for _, paragraph in paragraphs(part.english)
    }


@cache
def catalogue(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / f"{HELP}.po").open("rb") as source:
        return read_po(source, locale=language)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def squeezed(text: str) -> str:
    """A text without what lines are broken at."""
    return re.sub(r"\s", "", text)


def shown(page: Page, language: str, bibgraph: Call) -> str:
    """The page but for the usage, and for the words on --help, which click keeps as it has said them once."""
    outcome = bibgraph(*page.names, "--help", language=language)
    assert (outcome.code, outcome.err) == (0, "")
    _, text = outcome.out.split("\n\n", 1)
    return re.sub(r"\n  -h, --help .*(\n {10}.*)*", "", text)


by_page = pytest.mark.parametrize("page", pages(), ids=lambda page: " ".join(page.names) or "bibgraph")


# --- What there is to be told ----------------------------------------------------------------------------


def test_every_command_and_option_has_help_that_can_be_translated() -> None:
    assert {"", "check", "import status-report"} <= {" ".join(page.names) for page in pages()}
    assert len(sentences()) > 70
    for part in (part for page in pages() for part in page.parts):
        assert isinstance(part, Command | Group | Option), part
        assert part.english, part


def test_help_is_given_the_values_that_it_names() -> None:
    filled = {sentence: given for sentence, given in sentences().items() if given}
    assert {sentence: placeholders(sentence) for sentence in filled} == filled
    assert len(filled) > 1


# --- The catalogues --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_help_text_is_translated(language: str) -> None:
    entries = {sentence: catalogue(language).get(sentence) for sentence in sentences()}
    assert [sentence for sentence, each in entries.items() if not each or each.fuzzy or not each.string] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_has_outlived_its_help_text(language: str) -> None:
    listed = [str(entry.id) for entry in catalogue(language) if entry.id]
    assert set(listed) - set(sentences()) == set()
    assert listed == sorted(listed)


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_their_help_text(language: str) -> None:
    wrong = {
        entry.id: entry.string
        for entry in catalogue(language)
        if entry.id and placeholders(str(entry.string)) != placeholders(str(entry.id))
    }
    assert wrong == {}


# --- The pages -------------------------------------------------------------------------------------------


@by_page
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_tells_all_in_its_language_and_fills_in_the_values(
    page: Page, language: str, bibgraph: Call
) -> None:
    text = squeezed(shown(page, language, bibgraph))
    for part in page.parts:
        assert isinstance(part, Command | Group | Option)
        for _, paragraph in paragraphs(str(part.english)):
            assert squeezed(translate(paragraph, language, part.values, HELP)) in text
    assert not re.search(r"\{\w+\}", text)


@by_page
@pytest.mark.parametrize("language", TRANSLATED)
def test_no_english_is_left_on_a_page(page: Page, language: str, bibgraph: Call) -> None:
    found = {each: ENGLISH.findall(shown(page, each, bibgraph)) for each in (language, SOURCE_LANGUAGE)}
    assert [word for word in found[language] if not word.isupper()] == []  # but for the names of values
    assert found[SOURCE_LANGUAGE]


@pytest.mark.parametrize("page", [page for page in pages() if page.listed], ids=lambda page: str(page.names))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_commands_has_the_first_sentence_of_each(
    page: Page, language: str, bibgraph: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listing = shown(page, language, bibgraph).split("\n\n")[-1].splitlines()[1:]
    for line, command in zip(listing, page.listed, strict=True):
        first = re.match(r".*?\.(?=\s|$)", translate(beginning(command), language, {}, HELP))
        assert first
        assert line.split(maxsplit=1) == [command.name, first[0]]


def beginning(command: click.Command) -> str:
    """The first paragraph of a command's help."""
    assert isinstance(command, Command | Group)
    return paragraphs(str(command.english))[0][1]


# --- The layout ------------------------------------------------------------------------------------------


def test_lines_are_joined_unless_they_are_to_be_kept() -> None:
    text = """Take a document
    into the graph.

    \b
    one    1
    two    2

    Leave these
    files out.
    """
    command = Command("x", help=text)
    assert [sentence for _, sentence in paragraphs(text)] == [
        "Take a document into the graph.",
        "one    1\ntwo    2",
        "Leave these files out.",
    ]
    with click_speaks("nn"):
        told = command.get_help(click.Context(command))
    assert "\n  Ta eit dokument inn i grafen.\n\n  one    1\n  two    2\n\n  Utelat desse filene.\n" in told


def test_help_is_in_english_where_click_has_been_told_no_language() -> None:
    said = Option(["--x"], help="Set a limit of queries: {names}.", values={"names": "a, b"})
    with click_speaks("nb"):
        assert said.help == "Sett en grense for spørringer: a, b."
    assert said.help == "Set a limit of queries: a, b."
    assert Command("x").help is None
