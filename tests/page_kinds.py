"""One page of each kind, as a reader comes to it."""

from __future__ import annotations

_OK = 200

PAGES: dict[str, str] = {
    "front": "/",
    "status": "/status?date=2025-10-14",
    "measure": "/doc/measure/2023-2025/14",
    "measure-of-part-two": "/doc/measure/2023-2025/ii-07",
    "strategy": "/doc/strategy/2023-2025",
    "earlier-strategy": "/doc/strategy/2020-2023",
    "main-line": "/doc/main-line/infrastruktur",
    "unit": "/doc/unit/bibliotekutvikling",
    "organisation": "/doc/organisation/nasjonalbiblioteket",
    "project": "/doc/project/23-ting",
    "act": "/doc/law/folkebibliotekloven",
    "section": "/doc/law/folkebibliotekloven/4",
    "service": "/doc/service/bibbi-autoriteter",
    "report": "/doc/report/2025-10-14",
    "approach": "/doc/approach/regional-kompetanseheving",
    "thing": "/doc/fund/arenautvikling",
    "defect": "/doc/defect/statusrapport-2025-10-14/uit-stor-u",
    "neighbourhood": "/neighbourhood/measure/2023-2025/14",
    "list": "/doc/measure",
    "contents": "/doc",
    "sources": "/sources",
    "source": "/sources/statusrapport-2025-10-14?lines=145-150",
    "overviews": "/overviews",
    "overview-status": "/overviews/status",
    "overview-units": "/overviews/units",
    "overview-milestones": "/overviews/milestones",
    "overview-lineage": "/overviews/lineage",
    "overview-money": "/overviews/money",
    "overview-counties": "/overviews/counties",
    "questions": "/queries",
    "question": "/queries/funding-of-measure",
    "question-answered": "/queries/measures-by-status?date=2025-10-14",
    "search": "/search?q=metadata",
    "search-empty": "/search?q=zzyzx",
    "changes": "/changes",
    "releases": "/changes/releases",
    "stream": "/changes/activity",
    "sparql": "/sparql",
    "ontology": "/ontology",
    "term": "/ontology/classes/Measure",
    "codes": "/ontology/codes",
    "shapes": "/shapes",
    "rules": "/shapes/measure",
    "graphs": "/graph",
    "graph": "/graph/measures/statusrapport-2025-10-14",
    "catalogue": "/catalog",
    "dumps": "/dumps/",
    "accessibility": "/accessibility",
    "not-found": "/nothing",
    "bad-request": "/status?date=2031-99-99",
}
"""One page of each kind, by a name for it."""

STATUS = {"not-found": 404, "bad-request": 400}


def address(name: str, language: str) -> str:
    """The path of the page with this name in this language."""
    return f"{PAGES[name]}{'&' if '?' in PAGES[name] else '?'}lang={language}"


def status(name: str) -> int:
    """The HTTP status that the page with this name comes with."""
    return STATUS.get(name, _OK)
