"""A small project to check and to break: two pages of a report, two measures, four shapes."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from bibgraph.repository import Repository

CHECKOUT = Path(__file__).parent.parent

PREFIXES = """\
@prefix agent: <https://w3id.org/bibgraph/id/organisation/> .
@prefix bg: <https://w3id.org/bibgraph/ontology#> .
@prefix bgs: <https://w3id.org/bibgraph/shapes#> .
@prefix code: <https://w3id.org/bibgraph/id/code/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix l: <https://w3id.org/bibgraph/id/layout/report/> .
@prefix m: <https://w3id.org/bibgraph/id/measure/2030/> .
@prefix ms: <https://w3id.org/bibgraph/id/milestone/2030-05-01/> .
@prefix obs: <https://w3id.org/bibgraph/id/status/2030-05-01/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix q: <https://w3id.org/bibgraph/id/quotation/report/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix report: <https://w3id.org/bibgraph/id/report/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix source: <https://w3id.org/bibgraph/id/source/> .
@prefix strategy: <https://w3id.org/bibgraph/id/strategy/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""

TEXT = """\
Status 2030\x20
\x20
1. Biblioteket skal låne ut bøker\x20
i MARC-
format til alle.\x20

BU Avsluttet Ferdig i mai 2030.\x20
\xa0
- 2 -
2. Biblioteket skal videre-
utvikle lesesa
len.\x20
"""

MEASURES = """\
m:1 a bg:Measure ;
    rdfs:label "Tiltak 1"@nb ;
    bg:partOfStrategy strategy:2030 ;
    bg:number 1 ;
    bg:text "Biblioteket skal låne ut bøker i MARC-format til alle."@nb ;
    bg:evidence q:3-5 .

m:2 a bg:Measure ;
    rdfs:label "Tiltak 2"@nb ;
    bg:partOfStrategy strategy:2030 ;
    bg:number 2 ;
    bg:text "Biblioteket skal videreutvikle lesesalen."@nb ;
    bg:evidence q:10-12 .
"""

STATUS = """\
obs:1 a bg:StatusObservation ;
    bg:ofMeasure m:1 ;
    bg:inReport report:2030-05-01 ;
    bg:statusAsStated "Avsluttet"@nb ;
    bg:status code:closed ;
    bg:comment "Ferdig i mai 2030."@nb ;
    bg:evidence q:7 .

ms:1-1 a bg:Milestone ;
    rdfs:label "Ferdig"@nb ;
    bg:ofMeasure m:1 ;
    bg:dateAsStated "mai 2030"@nb ;
    bg:date "2030-05"^^edtf:EDTF ;
    bg:earliest "2030-05-01"^^xsd:date ;
    bg:latest "2030-05-31"^^xsd:date ;
    bg:evidence q:7 .
"""

QUOTATIONS = """\
q:3-5 a bg:Quotation ;
    prov:wasQuotedFrom source:report ;
    prov:value "1. Biblioteket skal låne ut bøker i MARC-format til alle."@nb ;
    bg:lineStart 3 ;
    bg:lineEnd 5 .

q:7 a bg:Quotation ;
    prov:wasQuotedFrom source:report ;
    prov:value "BU Avsluttet Ferdig i mai 2030."@nb ;
    bg:lineStart 7 ;
    bg:lineEnd 7 .

q:10-12 a bg:Quotation ;
    prov:wasQuotedFrom source:report ;
    prov:value "2. Biblioteket skal videreutvikle lesesalen."@nb ;
    bg:brokenWord "lesesalen" ;
    bg:lineStart 10 ;
    bg:lineEnd 12 .

l:1 a bg:LayoutPassage ;
    prov:wasQuotedFrom source:report ;
    bg:lineStart 1 ;
    bg:lineEnd 1 ;
    bg:reason code:table-head .

l:9 a bg:LayoutPassage ;
    prov:wasQuotedFrom source:report ;
    bg:lineStart 9 ;
    bg:lineEnd 9 ;
    bg:reason code:table-head .
"""

OTHERS = """\
agent:bibgraph a org:Organization ; rdfs:label "Redaksjonen"@nb .
strategy:2030 a bg:Strategy ; rdfs:label "Strategi 2030"@nb .
report:2030-05-01 a bg:StatusReport ; rdfs:label "Rapport"@nb ; dcterms:issued "2030-05-01"^^xsd:date .
source:report a bg:SourceDocument ;
    dcterms:title "Status 2030"@nb ;
    bg:file "data/sources/report.txt" ;
    bg:sha256 "SUM" .
"""

SHAPES = """\
bgs:Measure a sh:NodeShape ;
    sh:targetClass bg:Measure ;
    sh:property bgs:Measure-number , bgs:Measure-strategy .

bgs:Measure-number a sh:PropertyShape ;
    sh:path bg:number ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ;
    sh:message "Gi tiltaket nummer."@nb , "Gje tiltaket nummer."@nn , "Number the measure."@en .

bgs:Measure-strategy a sh:PropertyShape ;
    sh:path bg:partOfStrategy ; sh:minCount 1 ; sh:class bg:Strategy ; sh:severity sh:Warning ;
    sh:message "Si hvilken strategi."@nb , "Sei kva strategi."@nn , "Say which strategy."@en .

bgs:StatusObservation a sh:NodeShape ;
    sh:targetClass bg:StatusObservation ;
    sh:property bgs:StatusObservation-status .

bgs:StatusObservation-status a sh:PropertyShape ;
    sh:path bg:status ; sh:maxCount 1 ; sh:in ( code:closed code:ongoing code:in-progress ) ;
    sh:message "Bruk en statuskode."@nb , "Bruk ein statuskode."@nn , "Use a status code."@en .
"""

FILES = {
    "data/measures/report.ttl": MEASURES,
    "data/status/2030-05-01.ttl": STATUS,
    "data/quotations/report.ttl": QUOTATIONS,
    "data/others.ttl": OTHERS,
    "shapes/all.ttl": SHAPES,
}


def small_repository(folder: Path, text: str = TEXT, /, **changes: tuple[str, str]) -> Repository:
    """The project in ``folder``; each change, named by a part of a file's name, replaces a text in that file.

    The ontology and the queries are the real ones: what checks need to know of them is not to be had smaller.
    """
    for name in ("ontology", "queries"):
        shutil.copytree(CHECKOUT / name, folder / name)
    source = folder / "data" / "sources" / "report.txt"
    source.parent.mkdir(parents=True)
    source.write_bytes(text.encode())
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(TEXT.encode()).hexdigest()
        path.write_text(PREFIXES + content.replace("SUM", digest), encoding="utf-8")
    for part, (old, new) in changes.items():
        change(folder, part, old, new)
    return Repository(folder)


def change(folder: Path, part: str, old: str, new: str) -> None:
    """Replace ``old``, which must be there, in the one file of the small project whose name has ``part``."""
    [path] = [path for path in folder.rglob("*.ttl") if part in path.relative_to(folder).as_posix()]
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")
