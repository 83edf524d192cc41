"""What click says of its own accord is said in the reader's language."""

from __future__ import annotations

import ast
import gettext
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from string import Formatter

import click
import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from bibgraph import __version__
from bibgraph.messages import LANGUAGES, SOURCE_LANGUAGE, click_speaks, compiled
from conftest import CHECKOUT, Outcome

Call = Callable[..., Outcome]

LOCALE = CHECKOUT / "src" / "bibgraph" / "locale"
TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]
LOOKED_UP = {"_": 1, "gettext": 1, "ngettext": 2}
"""The functions by which click finds its words, and how many of their arguments are sentences."""
NOT_WRITTEN_OUT = {"extra['required']": "required"}
"""What click looks up without writing it out, and what that is."""


def file(language: str, ending: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"click.{ending}"


@cache
def catalogue(language: str) -> Catalog:
    with file(language, "po").open("rb") as source:
        return read_po(source, locale=language)


def sentences_in(source: str) -> Iterator[tuple[str, ...]]:
    """The sentences that a module looks up, each alone or with its plural."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOOKED_UP:
            yield tuple(map(written, node.args[: LOOKED_UP[node.func.id]]))


def written(argument: ast.expr) -> str:
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    assert ast.unparse(argument) in NOT_WRITTEN_OUT, "click looks up what is not known here"
    return NOT_WRITTEN_OUT[ast.unparse(argument)]


@cache
def sentences() -> frozenset[tuple[str, ...]]:
    """Every sentence of the click that is installed."""
    modules = Path(click.__file__).parent.glob("*.py")
    return frozenset(found for path in modules for found in sentences_in(path.read_text("utf-8")))


def forms(text: object) -> tuple[str, ...]:
    """A sentence or its translation: one text, or one for each plural form."""
    return (text,) if isinstance(text, str) else tuple(map(str, text))  # type: ignore[call-overload]  # Babel gives a str or a sequence


def placeholders(text: str) -> set[str]:
    braces = {f"{name}!{conversion}" for _, name, _, conversion in Formatter().parse(text) if name}
    return braces | set(re.findall(r"%\(\w+\)[a-z]", text))


# --- The catalogues --------------------------------------------------------------------------------------


def test_the_sentences_of_click_are_found() -> None:
    source = (
        'x = _("One.").format(); ngettext("{n} row", "{n} rows", 2); f(_(extra["required"])); other("No.")'
    )
    assert set(sentences_in(source)) == {("One.",), ("{n} row", "{n} rows"), ("required",)}
    assert len(sentences()) > 60
    with pytest.raises(AssertionError):
        list(sentences_in("_(something)"))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_click_is_translated(language: str) -> None:
    missing = []
    for sentence in sentences():
        entry = catalogue(language).get(sentence if len(sentence) > 1 else sentence[0])
        said = forms(entry.string) if entry and not entry.fuzzy else ()
        if len(said) != len(sentence) or not all(said):
            missing.append(sentence)
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_form_has_the_placeholders_of_its_sentence(language: str) -> None:
    entries = [entry for entry in catalogue(language) if entry.id]
    for entry in entries:
        wanted = list(map(placeholders, forms(entry.id)))
        assert list(map(placeholders, forms(entry.string))) == wanted, entry.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_of_click_is_left_in_english(language: str) -> None:
    """A letter, or what is all placeholders, may be the same."""
    left = [entry.id for entry in catalogue(language) if entry.id and forms(entry.id) == forms(entry.string)]
    assert left == ["d"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_gettext_reads_is_made_of_what_people_read(
    language: str, request: pytest.FixtureRequest
) -> None:
    made = compiled(file(language, "po").read_text("utf-8"))
    if request.config.getoption("--rewrite"):
        file(language, "mo").write_bytes(made)
    assert file(language, "mo").read_bytes() == made


def test_click_speaks_a_language_only_for_as_long_as_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    for before in ("nb", None):
        monkeypatch.delenv("LANGUAGE", raising=False)
        if before:
            monkeypatch.setenv("LANGUAGE", before)
        domain = gettext.textdomain()
        with suppress(KeyError), click_speaks("nn"):
            assert gettext.gettext("Options") == "Val"
            raise KeyError
        assert (os.environ.get("LANGUAGE"), gettext.textdomain()) == (before, domain)
        assert gettext.gettext("Options") == "Options"


# --- The command line ------------------------------------------------------------------------------------

WRONG_USE = [
    (
        ("query", "--params", "x"),
        "Error: No such option '--params'. Did you mean '--param'?",
        "Feil: Valget '--params' finnes ikke. Mente du '--param'?",
        "Feil: Valet '--params' finst ikkje. Meinte du '--param'?",
    ),
    (
        ("import", "status-report", "--colour"),
        "Error: No such option '--colour'.",
        "Feil: Valget '--colour' finnes ikke.",
        "Feil: Valet '--colour' finst ikkje.",
    ),
    (
        ("import", "strategy"),
        "Error: No such command 'strategy'.",
        "Feil: Kommandoen 'strategy' finnes ikke.",
        "Feil: Kommandoen 'strategy' finst ikkje.",
    ),
    (
        ("check", "--li"),
        "Error: No such option '--li'. (Did you mean one of: '--help', '--lint'?)",
        "Feil: Valget '--li' finnes ikke. Mente du en av disse: '--help', '--lint'?",
        "Feil: Valet '--li' finst ikkje. Meinte du ein av desse: '--help', '--lint'?",
    ),
    (
        ("query", "--file"),
        "Error: Option '--file' requires an argument.",
        "Feil: Valget '--file' må ha en verdi.",
        "Feil: Valet '--file' må ha ein verdi.",
    ),
    (
        ("format", "--check=1"),
        "Error: Option '--check' does not take a value.",
        "Feil: Valget '--check' tar ingen verdi.",
        "Feil: Valet '--check' tek ingen verdi.",
    ),
    (
        ("diff", "--format", "x"),
        "Error: Invalid value for '--format': 'x' is not one of 'text', 'json', 'csv'.",
        "Feil: Ugyldig verdi for '--format': 'x' gjelder ikke her. Velg mellom 'text', 'json', 'csv'.",
        "Feil: Ugyldig verdi for '--format': 'x' gjeld ikkje her. Vel mellom 'text', 'json', 'csv'.",
    ),
    (
        ("export",),
        "Error: Missing argument 'DIR'.",
        "Feil: Mangler argumentet 'DIR'.",
        "Feil: Manglar argumentet 'DIR'.",
    ),
    (
        ("build", "one"),
        "Error: Got unexpected extra argument (one)",
        "Feil: Dette argumentet er til overs: one",
        "Feil: Dette argumentet er til overs: one",
    ),
    (
        ("build", "one", "two"),
        "Error: Got unexpected extra arguments (one two)",
        "Feil: Disse argumentene er til overs: one two",
        "Feil: Desse argumenta er til overs: one two",
    ),
]
"""A command line, and the last line of what is said to it in en, nb and nn."""

HELP = {
    "en": ("Usage: ", "Try 'bibgraph {name} --help' for help."),
    "nb": ("Bruk: ", "Skriv «bibgraph {name} --help» for å få hjelp."),
    "nn": ("Bruk: ", "Skriv «bibgraph {name} --help» for å få hjelp."),
}


@pytest.mark.parametrize(("arguments", "en", "nb", "nn"), WRONG_USE, ids=lambda told: str(told)[:40])
def test_wrong_use_is_told_in_the_readers_language(
    arguments: tuple[str, ...], en: str, nb: str, nn: str, bibgraph: Call
) -> None:
    for language, last in (("en", en), ("nb", nb), ("nn", nn)):
        outcome = bibgraph(*arguments, language=language)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.splitlines()[-1] == last


@pytest.mark.parametrize("language", LANGUAGES)
def test_wrong_use_is_told_with_the_usage_and_the_way_to_help(language: str, bibgraph: Call) -> None:
    usage, way, empty, _ = bibgraph("export", language=language).err.splitlines()
    word, sentence = HELP[language]
    assert usage.startswith(f"{word}bibgraph export ")
    assert (way, empty) == (sentence.format(name="export"), "")
    command = re.split("['«»]", way)[1].split()[1:]
    assert bibgraph(*command, language=language).code == 0


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Error: There is no command 'forma'. The commands are: build, "),
        ("nb", "Feil: Det finnes ingen kommando 'forma'. Velg mellom: build, "),
        ("nn", "Feil: Det finst ingen kommando 'forma'. Vel mellom: build, "),
    ],
)
def test_a_command_there_is_not_is_told_in_the_readers_language(
    language: str, says: str, bibgraph: Call
) -> None:
    assert bibgraph("forma", language=language).err.splitlines()[-1].startswith(says)


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (("--colour",), None, "finnes ikke"),
        (("--colour",), "nn", "finst ikkje"),
        (("--colour",), "sv", "finnes ikke"),
        (("--colour", "--language", "nn"), "en", "finst ikkje"),
        (("build", "--colour", "--language=nn"), "en", "finst ikkje"),
        (("--language", "nn", "build", "--colour", "--language", "en"), None, "No such option"),
        (("--language", "nn", "build", "--colour", "--language", "sv"), None, "finst ikkje"),
        (("build", "--language", "nn", "--colour", "--", "--language", "en"), None, "finst ikkje"),
        (("--colour", "--language"), "nn", "finst ikkje"),
    ],
)
def test_the_language_is_found_though_the_command_line_is_wrong(
    arguments: tuple[str, ...],
    environment: str | None,
    says: str,
    bibgraph: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if environment:
        monkeypatch.setenv("BIBGRAPH_LANGUAGE", environment)
    assert says in bibgraph(*arguments, language=None).err


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Usage:", "Options:", "Commands:", "Show the version and exit.", "Show this message and exit."),
        ),
        (
            "nb",
            ("Bruk:", "Valg:", "Kommandoer:", "Vis versjonen og avslutt.", "Vis denne hjelpen og avslutt."),
        ),
        ("nn", ("Bruk:", "Val:", "Kommandoar:", "Vis versjonen og avslutt.", "Vis denne hjelpa og avslutt.")),
    ],
)
def test_the_words_around_help_are_in_the_readers_language(language: str, words: tuple[str, ...]) -> None:
    # In a process of its own: click keeps what it has said of --help once.
    finished = subprocess.run(
        [sys.executable, "-m", "bibgraph", "--language", language, "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT / "src"), "LANGUAGE": "de", "COLUMNS": "110"},
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    assert all(word in finished.stdout for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_version_is_told_to_programs_and_reads_the_same(language: str, bibgraph: Call) -> None:
    assert bibgraph("--version", language=language) == Outcome(0, f"bibgraph, version {__version__}\n", "")
