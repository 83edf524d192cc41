"""The settings of ``bibgraph check`` in bibgraph.toml and pyproject.toml."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bibgraph.commands.check import command
from bibgraph.commands.scope import Configured
from bibgraph.preferences import KEYS, find_preferences
from books import SETTINGS, change, commit, write
from conftest import Outcome

Call = Callable[..., Outcome]

ANYTHING = dict.fromkeys(KEYS)


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The books with a warning, a folder below the root of a repository."""
    folder = tmp_path / "books"
    write(folder)
    change(folder, "data/books.ttl", "b:one ex:by b:kari .", "b:one ex:by b:ola .")
    monkeypatch.chdir(folder)
    return folder


def settings(folder: Path, text: str, name: str = "bibgraph.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def things(outcome: Outcome) -> list[str]:
    assert outcome.code in (0, 1), outcome.err
    return [each["thing"].rpartition("/")[2] for each in json.loads(outcome.out)["findings"]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bibgraph.toml", SETTINGS),
        (
            "pyproject.toml",
            '[project]\nname = "x"\n\n' + SETTINGS.replace("[check]", "[tool.bibgraph.check]"),
        ),
    ],
)
@pytest.mark.parametrize("inside", [".", "data/more"])
def test_settings_are_found_from_the_current_folder_upwards(
    books: Path, bibgraph: Call, monkeypatch: pytest.MonkeyPatch, name: str, text: str, inside: str
) -> None:
    settings(books, text, name)
    monkeypatch.chdir(books / inside)
    outcome = bibgraph("check", "--format", "json")
    assert (outcome.code, things(outcome)) == (0, ["kari"])


def test_every_key_is_an_option_and_does_what_the_option_does(books: Path, bibgraph: Call) -> None:
    assert isinstance(command, Configured)
    assert set(command.settable()) <= set(KEYS)
    write(books, {"data/drafts/three.ttl": "b:three a ex:Book .\n", "rules/all.rq": LINT})
    settings(
        books,
        SETTINGS
        + 'exclude = "data/drafts"\nfail-on = "warning"\nformat = "json"\nlanguage = "nn"\nlint = "rules"\n',
    )
    outcome = bibgraph("check", language=None)
    assert (outcome.code, things(outcome)) == (1, ["one", "two", "kari"])
    assert [each["message"] for each in json.loads(outcome.out)["findings"]][:2] == ["Ei bok.", "Ei bok."]


LINT = """\
#+ id: all
#+ title-nn: Ei bok.
#+ title-en: A book.
#+ severity: info

PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?thing ?property ?value WHERE { ?thing dcterms:title ?value FILTER isIRI(?thing) }
"""


def test_arguments_win_over_the_file(books: Path, bibgraph: Call) -> None:
    settings(books, SETTINGS + 'fail-on = "warning"\nformat = "json"\nlanguage = "nn"\n')
    assert bibgraph("check", language=None).code == 1
    assert bibgraph("check", "--fail-on", "violation").code == 0
    outcome = bibgraph("check", "--format", "text")
    assert "Warning" in outcome.out
    outcome = bibgraph("check", "--data", "data/more", "--format", "json")
    assert "Person-books" in outcome.out
    assert '"one"' not in outcome.out


def test_the_environment_wins_over_the_file_too(
    books: Path, bibgraph: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(books, SETTINGS + 'language = "nn"\n')
    assert "Åtvaring" in bibgraph("check", language=None).out
    monkeypatch.setenv("BIBGRAPH_LANGUAGE", "en")
    assert "Warning" in bibgraph("check", language=None).out


def test_files_to_write_and_to_read_are_counted_from_the_file_of_settings(
    books: Path, bibgraph: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(books, SETTINGS + 'output = ["json=report.json"]\n')
    assert bibgraph("check", "--write-baseline", "known.json").code == 0
    settings(
        books, SETTINGS + 'output = ["json=report.json"]\nbaseline = "known.json"\nfail-on = "warning"\n'
    )
    monkeypatch.chdir(books / "data")
    assert bibgraph("check").code == 0
    assert json.loads((books / "report.json").read_text(encoding="utf-8"))["findings"] == []
    assert not (books / "data/report.json").exists()


def test_the_nearest_file_is_the_one(books: Path, bibgraph: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(books, "[check]\ndata = 'nothing/*.ttl'\n")
    settings(books / "data", "[check]\ndata = 'more'\nshapes = '../shapes'\nontology = '../ontology.ttl'\n")
    settings(books / "data/more", "[tool.other]\nx = 1\n", "pyproject.toml")
    monkeypatch.chdir(books / "data/more")
    found = find_preferences(Path.cwd(), ANYTHING)
    assert (found.file, found.folder) == (books / "data/bibgraph.toml", books / "data")
    outcome = bibgraph("check", "--format", "json")
    findings = json.loads(outcome.out)["findings"]
    assert "more/people.ttl" in {each["file"] for each in findings}
    assert all("books.ttl" not in each["file"] for each in findings)


def test_settings_outside_the_repository_are_not_looked_for(books: Path, tmp_path: Path) -> None:
    settings(tmp_path, SETTINGS)
    assert find_preferences(books / "data", ANYTHING).file == tmp_path / "bibgraph.toml"
    commit(books)
    assert find_preferences(books / "data", ANYTHING).file is None


def test_bibgraph_toml_wins_over_pyproject_toml(books: Path) -> None:
    settings(books, SETTINGS)
    settings(books, "[tool.bibgraph.check]\ndata = 'x'\n", "pyproject.toml")
    assert find_preferences(books, ANYTHING).values["data"] == ("data/**/*.ttl",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[check]\nshape = 'x'\n", ("no setting named shape.", "Did you mean shapes?", "fail-on")),
        ("[check]\nfail_on = 'warning'\n", ("no setting named fail_on.", "Did you mean fail-on?")),
        ("[chekc]\ndata = 'x'\n", ("no setting named chekc.", "check")),
        ("[check]\ndata = 3\n", ("data must be a text, or a list of texts.",)),
        ("[check]\ndata = ['a', 3]\n", ("data must be a text, or a list of texts.",)),
        ("[check]\ndata = ''\n", ("data must be a text, or a list of texts.",)),
        ("[check]\nformat = ['text']\n", ("format must be a text.",)),
        ("[check]\nformat = 'jsn'\n", ("format cannot be 'jsn'.", "json")),
        ("[check]\nfail-on = 'error'\n", ("fail-on cannot be 'error'.", "violation")),
        ("[check]\nlanguage = 'sv'\n", ("language cannot be 'sv'.", "nb")),
        ("check = 3\n", ("check must be a table.",)),
        ("[check\n", ("is not TOML", "line 1")),
    ],
)
def test_a_wrong_setting_ends_with_2_naming_file_key_and_what_is_allowed(
    books: Path, bibgraph: Call, text: str, words: tuple[str, ...]
) -> None:
    settings(books, text)
    outcome = bibgraph("check")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"{books / 'bibgraph.toml'}: ")
    assert all(word in outcome.err for word in words)


def test_a_wrong_setting_in_pyproject_toml_is_told_too(books: Path, bibgraph: Call) -> None:
    settings(books, "[tool.bibgraph.check]\nshape = 'x'\n", "pyproject.toml")
    outcome = bibgraph("check")
    assert outcome.code == 2
    assert outcome.err.startswith(f"{books / 'pyproject.toml'}: There is no setting named shape.")


def test_help_is_to_be_had_whatever_the_settings(books: Path, bibgraph: Call) -> None:
    settings(books, "[check\n")
    assert bibgraph("check", "--help").code == 0


def test_settings_without_files_leave_the_project_as_it_is(
    tmp_path: Path, checkout: Path, bibgraph: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings(tmp_path, "[check]\nfail-on = 'warning'\nformat = 'json'\n")
    outcome = bibgraph("check", "--root", checkout)
    assert outcome.code == 1
    assert all(each["severity"] != "violation" for each in json.loads(outcome.out)["findings"])


def test_the_project_can_be_asked_for_in_spite_of_settings(
    books: Path, checkout: Path, bibgraph: Call
) -> None:
    settings(books, SETTINGS)
    outcome = bibgraph("check", "--root", checkout, "--format", "json")
    assert outcome.code == 0
    assert {each["file"].partition("/")[0] for each in json.loads(outcome.out)["findings"]} <= {
        "data",
        "ontology",
    }
