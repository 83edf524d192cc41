"""An invented status report of April 2026, with the typing habits of the real one: ``next_report.toml``."""

from __future__ import annotations

import textwrap
import tomllib
from pathlib import Path

from report_makers import HEAD, Part

REPORT = tomllib.loads((Path(__file__).parent / "next_report.toml").read_text(encoding="utf-8"))
DECISIONS = """
["21"]
wording = "Nasjonalbiblioteket skal lage en ny tjeneste for lydbøker til skoler."
measure = "new"
label.nb = "Tiltak 21: lydbøker til skoler"

["ii-03"]
wording = "«Nasjonalbiblioteket skal gi råd om kunstig intelligens i bibliotek.» (ny s. 22)"
measure = "new"
label.nb = "Del II: råd om kunstig intelligens"
"""


def content() -> list[Part]:
    """The report as paragraphs and tables."""
    parts: list[Part] = [REPORT["title"], REPORT["remark"]]
    for part in REPORT["parts"]:
        parts.append(part["heading"])
        for table in part["tables"]:
            parts += [table["line"]] * bool(table["line"]) + [[HEAD, *table["rows"]]]
    return [*parts, REPORT["legend"]]


def plain() -> str:
    """The report as it comes out of a PDF: cells in lines, links after tables, blanks at line ends."""
    blocks: list[str] = []
    links: list[str] = []
    for part in content():
        if isinstance(part, str):
            blocks += ["\n".join(links)] * bool(links) + [part]
            links = []
            continue
        blocks.append(" ".join(HEAD) + " ")
        for wording, units, status, comment in part[1:]:
            said = [line for line in comment.split("\n") if not line.startswith("https:")]
            links += [line for line in comment.split("\n") if line.startswith("https:")]
            beside = " ".join(filter(None, (units, status, *said)))
            answer = beside if status else f"{units} \n \n\n {' '.join(said)}"
            blocks += [_wrapped(wording, 52), answer if not status else _wrapped(answer, 60)]
    return " \n\n".join(blocks) + " \n \n"


def _wrapped(text: str, width: int) -> str:
    return " \n".join(textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False))
