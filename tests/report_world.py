"""A copy of the project to import into, and variants of the report of October 2025."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from bibgraph.turtle import canonical

CHECKOUT = Path(__file__).parent.parent
REPORT = "data/sources/statusrapport-2025-10-14.txt"
KINDS = ("status", "quotations", "layout", "measures", "strategies", "organisations", "names")

EDITS = (
    ("statusrapport 14.10 - 2025", "statusrapport 20.04 - 2026"),
    ("TK Under arbeid Norsk vitenarkiv ble lansert", "TK Avsluttet Norsk vitenarkiv ble lansert"),
    ("BU Avsluttet Siste tildeling offentliggjort 28.08.25", "BU Løpende Ny utlysning kommer hausten 2026"),
    (
        "BU Løpende Tildelt 28.8.",
        "BU/DF Løpende Tildelt 28.8. Neste utlysning i løpet av november. Se uke 47.",
    ),
    ("i løpet av første halvår 2026", "i løpet av andre halvår 2026"),
    ("BU, TK Avsluttet Har laget", "BU, TK avsluttet Har laget"),
    ("skal videreutvikle \nBibliotekkortet", "skal videreutvikle \ndet nasjonale Bibliotekkortet"),
)
"""What the report of April 2026, which is invented, says otherwise: closed, reopened, responsible, moved."""


def edited(*edits: tuple[str, str]) -> str:
    """The text of the report with each of the passages, which it must have once, replaced."""
    text = (CHECKOUT / REPORT).read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def without_measure(text: str, number: int) -> str:
    """The report without the row of this number, which is not the last of its table."""
    start = text.index(f"\n{number}. ") + 1
    return text[:start] + text[text.index(f"\n{number + 1}. ") + 1 :]


def copy(target: Path) -> Path:
    """A copy of the project's files."""
    for folder in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(CHECKOUT / folder, target / folder)
    return target


def without_report(target: Path) -> Path:
    """A copy as it was before the report of October 2025 came in.

    The measures, strategies, units and names, which that report made known, are kept as of another origin.
    """
    root = copy(target)
    for name in ("status/2025-10-14.ttl", *(f"{kind}/statusrapport-2025-10-14.ttl" for kind in KINDS[1:3])):
        (root / "data" / name).unlink()
    (root / REPORT).unlink()
    for kind in KINDS[3:]:
        (root / "data" / kind / "statusrapport-2025-10-14.ttl").rename(root / "data" / kind / "known.ttl")
    sources = root / "data" / "sources.ttl"
    graphs = rf"<[^>]*/(?:{'|'.join(KINDS)})/(?:statusrapport-)?2025-10-14>"
    kept = [
        block
        for block in sources.read_text(encoding="utf-8").split("\n\n")
        if not re.match(rf"source:statusrapport-2025-10-14|{graphs}", block)
    ]
    sources.write_text(canonical("\n\n".join(kept) + "\n", name="sources.ttl"), encoding="utf-8")
    return root
