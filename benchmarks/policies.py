"""Policy graphs of any size for measuring: plans, measures and reports laid out as in ``data/``.

A graph is made of plans, each with its document, strategy, measures, dated report, bodies, projects and
quotations, in about the shares that these have in the project's own graph. The same size, seed and share of
faults give the same bytes. Every quotation is what its document says, so all checks have their work to do,
not SHACL alone.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PREFIXES = """\
@prefix bg:      <https://w3id.org/bibgraph/ontology#> .
@prefix code:    <https://w3id.org/bibgraph/id/code/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf:    <http://id.loc.gov/datatypes/edtf/> .
@prefix eli:     <http://data.europa.eu/eli/ontology#> .
@prefix foaf:    <http://xmlns.com/foaf/0.1/> .
@prefix graph:   <https://w3id.org/bibgraph/graph/> .
@prefix id:      <https://w3id.org/bibgraph/id/> .
@prefix org:     <http://www.w3.org/ns/org#> .
@prefix prov:    <http://www.w3.org/ns/prov#> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .
"""
STATUSES = (("Avsluttet", "closed"), ("Løpende", "ongoing"), ("Under arbeid", "in-progress"))
WORDS = (
    *("bibliotek", "samling", "lesere", "formidling", "tjeneste", "kompetanse", "digital", "utvikling"),
    *("samarbeid", "kommune", "fylke", "strategi", "arbeid", "skole", "språk", "litteratur", "kunnskap"),
    *("prosjekt", "nasjonal", "lokal", "plan", "tilbud", "innbygger", "møteplass", "arrangement"),
)
FAULTS = ("left out", "twice", "misspelt", "elsewhere", "as text")

Pairs = list[tuple[str, str]]


@dataclass
class Plan:
    """One strategy with all that belongs to it. ``number`` tells it from the others and seeds it.

    faults: the share of things with one fault, from 0 to 1.
    """

    number: int
    seed: int
    faults: float
    lines: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    triples: int = 0

    def __post_init__(self) -> None:
        self.key = f"plan-{self.number:05}"
        self._random = random.Random(f"{self.seed}/{self.number}")  # noqa: S311  # repeatable, not secret
        self._year = 2000 + self.number % 30
        self._bodies()
        self._strategy()
        for each in range(1, self._random.randint(25, 40) + 1):
            self._measure(each)
        self._ways_of_working()
        self._document()

    def _id(self, kind: str, name: object = "") -> str:
        return f"<https://w3id.org/bibgraph/id/{kind}/{self.key}{f'/{name}' if name != '' else ''}>"

    def _words(self, count: int) -> str:
        return " ".join(self._random.choices(WORDS, k=count))

    def _add(self, thing: str, pairs: Pairs, *, sound: bool = False) -> None:
        if not sound and self._random.random() < self.faults:
            pairs = self._broken(pairs)
        self.triples += len(pairs)
        body = " ;\n    ".join(f"{name} {value}" for name, value in pairs)
        self.statements.append(f"{thing}\n    {body} .\n")

    def _broken(self, pairs: Pairs) -> Pairs:
        place = self._random.randrange(1, len(pairs))
        name, value = pairs[place]
        fault = self._random.choice(FAULTS)
        changed = {
            "left out": [],
            "twice": [(name, value), (name, f'"{self._words(2)}"')],
            "misspelt": [(f"{name}s", value)],
            "elsewhere": [(name, self._id("nowhere"))],
            "as text": [(name, f'"{self._words(1)}"')],
        }[fault]
        return [*pairs[:place], *changed, *pairs[place + 1 :]]

    def _quoted(self, words: str) -> tuple[str, str]:
        """A new line of the document, and the quotation of it as evidence."""
        self.lines.append(words)
        number = len(self.lines)
        quotation = self._id("quotation", number)
        self._add(
            quotation,
            [
                ("a", "bg:Quotation"),
                ("prov:wasQuotedFrom", self._id("source")),
                ("prov:value", f'"{words}"@nb'),
                ("bg:lineStart", str(number)),
                ("bg:lineEnd", str(number)),
                ("bg:page", f'"{number // 40 + 1}"'),
            ],
            sound=True,
        )
        return "bg:evidence", quotation

    def _bodies(self) -> None:
        body = self._id("organisation", 1)
        for each in range(1, 11):
            name = f"{self._words(1).capitalize()} {self.number}-{each}"
            pairs = [("a", "org:FormalOrganization"), ("skos:prefLabel", f'"{name}"@nb'), self._quoted(name)]
            self._add(self._id("organisation", each), pairs)
        for each in range(1, 9):
            name = f"Avdeling {self.number}-{each}"
            pairs = [
                ("a", "org:OrganizationalUnit"),
                ("skos:prefLabel", f'"{name}"@nb'),
                ("skos:notation", f'"A{each}"'),
                ("org:unitOf", body),
                self._quoted(name),
            ]
            self._add(self._id("unit", each), pairs)
        self._add(
            self._id("unit", "leder"),
            [
                ("a", "org:Post"),
                ("skos:prefLabel", '"Leder"@nb'),
                ("org:postIn", body),
                self._quoted("Leder"),
            ],
        )
        self._add(
            self._id("organisation", "lesere"),
            [("a", "foaf:Group"), ("skos:prefLabel", '"Lesere"@nb'), self._quoted("Lesere")],
        )
        self._law(body)

    def _law(self, body: str) -> None:
        act, section = self._id("law", "lov"), self._id("law", "lov-1")
        title = f"Lov om bibliotek {self.number}"
        self._add(
            act,
            [
                ("a", "eli:LegalResource"),
                ("dcterms:title", f'"{title}"@nb'),
                ("bg:kind", "code:act"),
                self._quoted(title),
            ],
        )
        self._add(
            section,
            [
                ("a", "eli:LegalResourceSubdivision"),
                ("dcterms:title", f'"{title} § 1"@nb'),
                ("bg:kind", "code:section"),
                ("eli:is_part_of", act),
                ("eli:number", '"§ 1"'),
                self._quoted(f"{title} § 1"),
            ],
        )
        self._add(
            self._id("statement", "rolle"),
            [
                ("a", "bg:Statement"),
                ("bg:text", '"Biblioteket er et rom."@nb'),
                ("bg:kind", "code:role"),
                ("bg:about", body),
                ("bg:legalBasis", section),
                self._quoted("Biblioteket er et rom."),
            ],
        )

    def _strategy(self) -> None:
        year = self._year
        title = f"Strategi {self.number}"
        self._add(
            self._id("strategy"),
            [
                ("a", "bg:Strategy"),
                ("dcterms:title", f'"{title}"@nb'),
                ("bg:kind", "code:library-strategy"),
                ("bg:issuer", self._id("organisation", 1)),
                ("bg:followedUpBy", self._id("unit", 1)),
                ("bg:periodAsStated", f'"{year}-{year + 3}"@nb'),
                ("bg:period", f'"{year}/{year + 3}"^^edtf:EDTF'),
                ("bg:startYear", str(year)),
                ("bg:endYear", str(year + 3)),
                self._quoted(f"{title} for {year}-{year + 3}"),
            ],
        )
        for each in range(1, 6):
            name = f"Linje {self.number}-{each}"
            self._add(
                self._id("main-line", each),
                [
                    ("a", "bg:MainLine"),
                    ("skos:prefLabel", f'"{name}"@nb , "{name}"@nn , "Line {self.number}-{each}"@en'),
                    ("skos:inScheme", "code:main-line-scheme"),
                    ("bg:partOfStrategy", self._id("strategy")),
                    ("bg:order", str(each)),
                    self._quoted(name),
                ],
            )
            self.triples += 2
        self._add(
            self._id("report"),
            [
                ("a", "bg:StatusReport"),
                ("dcterms:title", f'"Status for {title}"@nb'),
                ("dcterms:issued", f'"{year + 2}-10-14"^^xsd:date'),
                ("bg:dateAsStated", f'"14.10.{year + 2}"@nb'),
                ("bg:reportsOn", self._id("strategy")),
                self._quoted(f"Status 14.10.{year + 2}"),
            ],
        )

    def _measure(self, each: int) -> None:
        text = self._words(self._random.randint(12, 30)).capitalize() + "."
        evidence = self._quoted(text)
        self._add(
            self._id("measure", each),
            [
                ("a", "bg:Measure"),
                ("rdfs:label", f'"Tiltak {each}"@nb , "Tiltak {each}"@nn , "Measure {each}"@en'),
                ("bg:partOfStrategy", self._id("strategy")),
                ("bg:inPart", "code:part-i"),
                ("bg:number", str(each)),
                ("bg:mainLine", self._id("main-line", self._random.randint(1, 5))),
                ("bg:text", f'"{text}"@nb'),
                ("bg:concerns", self._id("service", each)),
                evidence,
            ],
        )
        self.triples += 2
        name = f"Tjeneste {self.number}-{each}"
        self._add(
            self._id("service", each),
            [("a", "bg:Service"), ("rdfs:label", f'"{name}"@nb'), self._quoted(name)],
        )
        self._observation(each)
        for milestone in range(1, self._random.randint(0, 2) + 1):
            self._milestone(each, milestone)
        if each % 3 == 0:
            self._project(each)
        for slip in range(self._random.randint(1, 3)):
            self._slip(each, slip)

    def _observation(self, each: int) -> None:
        stated, status = self._random.choice(STATUSES)
        units = self._random.sample(range(1, 9), self._random.randint(1, 2))
        responsibilities = [
            self._id("responsibility", f"{each}-{order}") for order in range(1, len(units) + 1)
        ]
        comment = self._words(self._random.randint(8, 20)).capitalize() + "."
        names = ", ".join(f"A{unit}" for unit in units)
        cell, words = self._quoted(f"{stated} {names}"), self._quoted(comment)
        self._add(
            self._id("status", each),
            [
                ("a", "bg:StatusObservation"),
                ("bg:ofMeasure", self._id("measure", each)),
                ("bg:inReport", self._id("report")),
                ("bg:statusAsStated", f'"{stated}"@nb'),
                ("bg:status", f"code:{status}"),
                ("bg:responsibility", " , ".join(responsibilities)),
                ("bg:responsibleAsStated", f'"{names}"@nb'),
                ("bg:comment", f'"{comment}"@nb'),
                ("bg:evidence", f"{cell[1]} , {words[1]}"),
            ],
        )
        self.triples += len(units)
        for order, unit in enumerate(units, 1):
            self._add(
                responsibilities[order - 1],
                [
                    ("a", "bg:Responsibility"),
                    ("bg:unit", self._id("unit", unit)),
                    ("bg:order", str(order)),
                    ("bg:asStated", f'"A{unit}"@nb'),
                    cell,
                ],
            )

    def _milestone(self, each: int, milestone: int) -> None:
        year, month = self._year + 1, self._random.randint(1, 12)
        last = monthrange(year, month)[1]
        words = f"{self._words(3).capitalize()} i {month}/{year}"
        self._add(
            self._id("milestone", f"{each}-{milestone}"),
            [
                ("a", "bg:Milestone"),
                ("rdfs:label", f'"{words}"@nb'),
                ("bg:ofMeasure", self._id("measure", each)),
                ("bg:inReport", self._id("report")),
                ("bg:tense", "code:happened"),
                ("bg:dateAsStated", f'"{month}/{year}"@nb'),
                ("bg:date", f'"{year}-{month:02}"^^edtf:EDTF'),
                ("bg:earliest", f'"{year}-{month:02}-01"^^xsd:date'),
                ("bg:latest", f'"{year}-{month:02}-{last:02}"^^xsd:date'),
                self._quoted(words),
            ],
        )

    def _project(self, each: int) -> None:
        title = f"Prosjekt {self.number}-{each}"
        project = self._id("project", each)
        self._add(
            project,
            [
                ("a", "bg:Project"),
                ("dcterms:title", f'"{title}"@nb'),
                ("bg:lead", self._id("organisation", self._random.randint(1, 10))),
                ("bg:periodAsStated", f'"{self._year}-{self._year + 2}"@nb'),
                ("bg:startYear", str(self._year)),
                ("bg:endYear", str(self._year + 2)),
                ("bg:servesMeasure", self._id("measure", each)),
                self._quoted(f"{title} ({self._year}-{self._year + 2})"),
            ],
        )
        fund = self._id("fund", each)
        self._add(
            fund, [("a", "bg:Fund"), ("rdfs:label", f'"Midler {each}"@nb'), self._quoted(f"Midler {each}")]
        )
        millions = self._random.randint(1, 50)
        self._add(
            self._id("award", each),
            [
                ("a", "bg:Award"),
                ("rdfs:label", f'"Midler til {title}"@nb'),
                ("bg:ofProject", project),
                ("bg:fromFund", fund),
                ("bg:amountNok", str(millions * 1_000_000)),
                ("bg:amountAsStated", f'"{millions} mill. kr"@nb'),
                ("bg:awardYear", str(self._year + 1)),
                self._quoted(f"Midler til {title}: {millions} mill. kr"),
            ],
        )

    def _slip(self, each: int, slip: int) -> None:
        words = self._words(1)
        self._add(
            self._id("defect", f"{each}-{slip}"),
            [
                ("a", "bg:SourceDefect"),
                ("bg:defectOf", self._id("measure", each)),
                ("bg:kind", "code:misprint"),
                ("bg:asStated", f'"{words}"@nb'),
                ("skos:note", f'"Skrivefeil: {words}"@nb , "Skrivefeil: {words}"@nn , "A slip: {words}"@en'),
                self._quoted(words),
            ],
        )
        self.triples += 2

    def _ways_of_working(self) -> None:
        approach = self._id("approach")
        self._add(
            approach, [("a", "bg:Approach"), ("rdfs:label", '"I to trinn"@nb'), self._quoted("I to trinn")]
        )
        self._add(
            self._id("step"),
            [
                ("a", "bg:Step"),
                ("rdfs:label", '"Mål"@nb'),
                ("bg:stepOf", approach),
                ("bg:order", "1"),
                self._quoted("Mål"),
            ],
        )
        self._add(
            self._id("level"),
            [
                ("a", "bg:ContributionLevel"),
                ("skos:prefLabel", '"Nivå"@nb , "Nivå"@nn , "Level"@en'),
                ("skos:inScheme", "code:level-scheme"),
                ("bg:text", '"Bidra med rom"@nb'),
                ("bg:order", "1"),
                self._quoted("Bidra med rom"),
            ],
        )
        self._add(
            self._id("agreement"),
            [("a", "bg:Agreement"), ("rdfs:label", '"Avtale"@nb'), self._quoted("Avtale")],
        )
        self.triples += 2

    def _document(self) -> None:
        self.lines.append("Navn | Status | Ansvar")
        number = str(len(self.lines))
        self._add(
            self._id("layout"),
            [
                ("a", "bg:LayoutPassage"),
                ("prov:wasQuotedFrom", self._id("source")),
                ("bg:lineStart", number),
                ("bg:lineEnd", number),
                ("bg:reason", "code:table-head"),
            ],
            sound=True,
        )
        title = f"Dokument {self.number}"
        self._add(
            self._id("source"),
            [
                ("a", "bg:SourceDocument"),
                ("dcterms:title", f'"{title}"@nb'),
                ("dcterms:issued", f'"{self._year}-01-01"^^xsd:date'),
                ("dcterms:language", '"nb"'),
                ("bg:file", f'"data/sources/{self.key}.txt"'),
                ("bg:sha256", f'"{hashlib.sha256(self.text.encode()).hexdigest()}"'),
            ],
            sound=True,
        )
        self._add(
            f"graph:{self.key}",
            [
                ("a", "prov:Entity"),
                ("dcterms:title", f'"{title}"@nb , "{title}"@nn , "Document {self.number}"@en'),
                ("prov:wasDerivedFrom", self._id("source")),
            ],
            sound=True,
        )
        self.triples += 2

    @property
    def text(self) -> str:
        """The document of the plan: a line for each quotation."""
        return "".join(f"{line}\n" for line in self.lines)

    @property
    def turtle(self) -> str:
        """All that is stated about the plan."""
        return PREFIXES + "\n" + "\n".join(self.statements)


def plans(triples: int, *, seed: int = 1, faults: float = 0.01) -> Iterator[Plan]:
    """Plans until they hold about as many triples as asked for: never more, by less than one plan fewer."""
    made, number = 0, 0
    while True:
        number += 1
        plan = Plan(number, seed, faults)
        made += plan.triples
        if made > triples:
            return
        yield plan


def write(root: Path, project: Path, triples: int, *, seed: int = 1, faults: float = 0.01) -> int:
    """Make ``root`` a project with generated data and the ontology, shapes and queries of ``project``.

    The ontology counts among the ``triples``; the number of generated ones is returned.
    """
    for folder in ("ontology", "shapes", "queries"):
        shutil.copytree(project / folder, root / folder)
    (root / "data" / "sources").mkdir(parents=True)
    made = 0
    for plan in plans(triples, seed=seed, faults=faults):
        (root / "data" / f"{plan.key}.ttl").write_text(plan.turtle, encoding="utf-8")
        (root / "data" / "sources" / f"{plan.key}.txt").write_text(plan.text, encoding="utf-8")
        made += plan.triples
    return made
