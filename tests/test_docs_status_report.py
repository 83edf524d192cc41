"""The round of the status report as docs/statusrapport.md shows it, gone through anew."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import CHECKOUT, Outcome
from next_report import DECISIONS, content
from report_makers import as_pdf
from report_world import copy

PAGE = (CHECKOUT / "docs" / "statusrapport.md").read_text("utf-8")
SHOWN = re.findall(r"```console\n\$ bibgraph ([^\n|]*?)(?: \| head -(\d+))?\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def printed(
    bibgraph: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], str]:
    """What a command prints, in bokmål, in a folder with the report and a copy of the project."""
    monkeypatch.setenv("BIBGRAPH_ROOT", str(copy(tmp_path / "root")))
    monkeypatch.chdir(tmp_path)
    Path("rapport.pdf").write_bytes(as_pdf(content()))

    def run(arguments: str) -> str:
        outcome = bibgraph("--language", "nb", *shlex.split(arguments))
        return outcome.err + outcome.out.replace("\r\n", "\n")

    return run


def test_the_round_goes_as_the_page_shows(printed: Callable[[str], str]) -> None:
    assert len(SHOWN) == 6
    for arguments, lines, shown in SHOWN:
        found = printed(arguments).splitlines(keepends=True)
        assert "".join(found[: int(lines)] if lines else found) == shown, arguments
        if Path("valg.toml").exists():
            Path("valg.toml").write_text(DECISIONS, encoding="utf-8")
