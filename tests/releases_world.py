"""A small project with three releases: things come, change, are withdrawn and go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient

from bibgraph.catalogue import Catalogue
from bibgraph.config import Settings
from bibgraph.graph import Graph
from bibgraph.publish.drafting import draft, write_release
from bibgraph.publish.releases import Log
from bibgraph.publish.versions import Versions
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.web import create_app
from small_repository import PREFIXES, change, small_repository

BASE = "https://w3id.org/bibgraph/"
MEASURE = f"{BASE}id/measure/2030/"
LAYOUT = f"{BASE}id/layout/report/9"
OBSERVATION = f"{BASE}id/status/2030-05-01/1"
DAYS = ("2026-11-22", "2026-12-01", "2027-01-15")

FIRST = """\
unit:a a org:OrganizationalUnit ; rdfs:label "Avdeling A"@nb .
obs:1 bg:responsibility <https://w3id.org/bibgraph/id/responsibility/2030-05-01/1-1> .
<https://w3id.org/bibgraph/id/responsibility/2030-05-01/1-1> a bg:Responsibility ; bg:unit unit:a .
strategy:2030 bg:followedUpBy unit:a .
"""
SECOND = """\
m:3 a bg:Measure ;
    rdfs:label "Tiltak 3"@nb ; bg:partOfStrategy strategy:2030 ; bg:number 3 ;
    bg:text "Æøå, \\"sitat\\" og\\nny linje."@nb ; dcterms:replaces m:2 .
"""
MEASURE_2 = """
m:2 a bg:Measure ;
    rdfs:label "Tiltak 2"@nb ;
    bg:partOfStrategy strategy:2030 ;
    bg:number 2 ;
    bg:text "Biblioteket skal videreutvikle lesesalen."@nb ;
    bg:evidence q:10-12 .
"""
PASSAGE = """
l:9 a bg:LayoutPassage ;
    prov:wasQuotedFrom source:report ;
    bg:lineStart 9 ;
    bg:lineEnd 9 ;
    bg:reason code:table-head .
"""
LIST = """
<https://w3id.org/bibgraph/ontology#Probe> rdfs:label "Probe"@en ;
    <http://www.w3.org/2002/07/owl#unionOf> ( bg:Measure bg:Strategy ) .
"""


@dataclass(frozen=True)
class World:
    """The project, its log, and the hash of the graph with each release."""

    repository: Repository
    log: Log
    hashes: tuple[str, ...]

    @property
    def versions(self) -> Versions:
        return Versions(self.log, self.repository)

    def client(self) -> FlaskClient:
        """A client of the application over the graph as it is now."""
        store = EmbeddedStore(self.repository.quads("ontology", "data"), self.repository.version)
        graph = Graph(self.repository, store, Catalogue([]))
        return create_app(Settings(root=self.repository.root, language="nb"), graph).test_client()


def releases_world(folder: Path) -> World:
    """The project in ``folder``."""
    root = small_repository(folder).root
    (root / "ontology/probe.ttl").write_text(PREFIXES + LIST, encoding="utf-8")
    prefix = "@prefix unit: <https://w3id.org/bibgraph/id/unit/> .\n"
    (root / "data/first.ttl").write_text(prefix + PREFIXES + FIRST, encoding="utf-8")
    hashes = [release(root, DAYS[0], "Første.")]
    change(root, "measures/report", MEASURE_2, "")
    (root / "data/measures/second.ttl").write_text(PREFIXES + SECOND, encoding="utf-8")
    change(root, "data/quotations", PASSAGE, "")
    change(root, "data/status", "Ferdig i mai 2030.", "Ferdig i april 2030.")
    change(root, "probe.ttl", "bg:Strategy )", "bg:Strategy bg:Milestone )")
    hashes.append(release(root, DAYS[1], "Andre."))
    change(
        root, "measures/report", 'rdfs:label "Tiltak 1"@nb', 'rdfs:label "Tiltak 1"@nb ; owl:deprecated true'
    )
    change(
        root, "measures/report", "@prefix m:", "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n@prefix m:"
    )
    hashes.append(release(root, DAYS[2], ""))
    return World(Repository(root), Log.read(root), tuple(hashes))


def release(root: Path, day: str, told: str = "") -> str:
    """Release the project as it is; the hash of its graph."""
    repository = Repository(root)
    made = draft(Log.read(root), repository.quads("ontology", "data"), moment(day), told)
    assert made
    write_release(made, root)
    return repository.version


def moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)
