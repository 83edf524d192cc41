"""``bibgraph sources``: the share of each document, the lines left over, and the exit code."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bibgraph.commands.sources import show_share
from bibgraph.sources import Coverage, Document
from conftest import Outcome
from small_repository import TEXT, change, small_repository

Bibgraph = Callable[..., Outcome]


def test_a_document_that_is_accounted_for(tmp_path: Path, bibgraph: Bibgraph) -> None:
    outcome = bibgraph("--root", small_repository(tmp_path).root, "sources")
    assert outcome == Outcome(
        0, "100 % of data/sources/report.txt: 9 lines, 7 cited, 2 layout, 0 unaccounted for\n", ""
    )


def test_lines_that_nothing_accounts_for_are_listed(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path, quotations=("l:9 a bg:LayoutPassage ;", "l:9")).root
    outcome = bibgraph("--root", root, "sources")
    assert outcome.code == 1
    assert outcome.out.splitlines() == [
        "88.8 % of data/sources/report.txt: 9 lines, 7 cited, 1 layout, 1 unaccounted for",
        "     9: - 2 -",
    ]


def test_a_quotation_that_is_not_there_is_told_and_fails(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path, quotations=("ut bøker", "ut 9øker")).root
    outcome = bibgraph("--root", root, "sources")
    assert outcome.code == 1
    assert "100 %" in outcome.out
    assert "https://w3id.org/bibgraph/id/quotation/report/3-5: " in outcome.err
    assert "the quotation has «9øker», the document «bøker»" in outcome.err


def test_nothing_to_account_for_is_no_success(tmp_path: Path, bibgraph: Bibgraph) -> None:
    repository = small_repository(tmp_path)
    for path in (tmp_path / "data").rglob("*.ttl"):
        path.unlink()
    outcome = bibgraph("--root", repository.root, "sources")
    assert outcome.code == 1
    assert outcome.out == ""
    assert "no source document" in outcome.err


def test_several_documents_come_in_order(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path).root
    (tmp_path / "data/sources/a.txt").write_text("\n \n", encoding="utf-8")
    digest = hashlib.sha256(b"\n \n").hexdigest()
    more = f'source:a a bg:SourceDocument ; bg:file "data/sources/a.txt" ; bg:sha256 "{digest}" .\nagent:b'
    change(tmp_path, "others", "agent:b", more)
    outcome = bibgraph("--root", root, "sources")
    assert outcome.code == 0
    assert [line.partition(":")[0] for line in outcome.out.splitlines()] == [
        "100 % of data/sources/a.txt",
        "100 % of data/sources/report.txt",
    ]


def test_a_broken_file_is_unreadable(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path, others=("agent:bibgraph a", "agent:bibgraph a a")).root
    outcome = bibgraph("--root", root, "sources")
    assert outcome.code == 2
    assert outcome.err.startswith("data/others.ttl:")


@pytest.mark.parametrize(
    ("lines", "rest", "shown"),
    [(1000, 0, "100 %"), (1000, 1, "99.9 %"), (100_000, 1, "99.9 %"), (4, 1, "75 %")],
)
def test_the_share_is_cut_not_rounded(lines: int, rest: int, shown: str) -> None:
    left = tuple((number, "x") for number in range(rest))
    document = Document("http://x/d", "", "d.txt", "", "", (TEXT,))
    assert show_share(Coverage(document, lines, frozenset(), frozenset(), left)) == shown
