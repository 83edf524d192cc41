"""What README shows is what the program prints, and what it names is there."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from bibgraph.cli import COMMANDS
from conftest import CHECKOUT, Outcome

README = (CHECKOUT / "README.md").read_text("utf-8")
SHOWN = re.findall(r"```console\n\$ bibgraph ([^\n]*)\n(.*?)```", README, re.DOTALL)
PAGES = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *sorted((CHECKOUT / "docs").glob("*.md"))]


def test_readme_shows_three_questions() -> None:
    assert len(SHOWN) == 3


@pytest.mark.parametrize(("arguments", "printed"), SHOWN)
def test_readme_shows_what_the_program_prints(
    bibgraph: Callable[..., Outcome], arguments: str, printed: str
) -> None:
    outcome = bibgraph(*shlex.split(arguments))
    assert outcome.code == 0
    assert outcome.out.replace("\r\n", "\n") == printed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_command_is_named_in_the_changelog() -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"`{name}`" not in changelog] == []


def test_the_newest_entry_of_its_changelog_is_the_ontologys_version() -> None:
    newest = re.search(r"^## (\S+)", (CHECKOUT / "ontology/CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    ontology = (CHECKOUT / "ontology/bibgraph.ttl").read_text("utf-8")
    assert f'owl:versionInfo "{newest[1]}"' in ontology
    assert f"owl:versionIRI <https://w3id.org/bibgraph/ontology/{newest[1]}>" in ontology
