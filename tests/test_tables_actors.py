"""Each cell of the tables of organisations, services, projects and grants is found in the graph.

Asked cell by cell, from the CSV files alone: the mappings that made the files are not consulted.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.ingest.tables import build
from bibgraph.repository import Repository

PREFIXES = """
PREFIX bg: <https://w3id.org/bibgraph/ontology#>
PREFIX code: <https://w3id.org/bibgraph/id/code/>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX edtf: <http://id.loc.gov/datatypes/edtf/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX id: <https://w3id.org/bibgraph/id/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
ID = "https://w3id.org/bibgraph/id/"
CODED = "?thing {} ?code . ?code skos:hiddenLabel ?form FILTER (STR(?form) = {{text}})"
THING = {
    "organisations": ID + "{key}",
    "services": ID + "service/{key}",
    "projects": ID + "project/{key}",
    "grants": ID + "round/{round}",
}
SEPARATORS = {
    "organisations": {"former_names": "|", "successor": "|", "predecessors": "|"},
    "services": dict.fromkeys(["alt_names", "owner", "operator", "standards", "measures"], "|")
    | {"identifiers": ";"},
    "projects": {"partners": ";", "theme": ";"}
    | dict.fromkeys(["partner_keys", "county", "categories", "measures"], "|"),
    "grants": {"fund": "|"},
}
AWARD = "?award bg:ofProject ?thing ; "
ANY_TABLE = {
    "source_url": "?thing dcterms:source ?page . ?page bg:link <{raw}>",
    "source_checked": "?thing dcterms:source ?page . ?page bg:link <{source_url}> ; bg:howRead ?read",
    "confidence": "?thing bg:confidence ?sure . ?sure skos:notation ?given "
    "FILTER (?given = {text} || ?given = 'medium')",
    "note": "?thing skos:editorialNote {en}",
}
CELLS = {
    "organisations": {
        "key": "?thing a ?class "
        "FILTER (?class IN (org:FormalOrganization, org:OrganizationalUnit, foaf:Group))",
        "code": "?thing skos:notation {text}",
        "name_nb": "?thing skos:prefLabel|skos:altLabel {nb}",
        "name_nn": "?thing skos:prefLabel {nn}",
        "name_en": "?thing skos:prefLabel {en}",
        "kind": CODED.format("org:classification"),
        "parent": "?thing org:unitOf|org:subOrganizationOf id:{path}",
        "orgnr": "?thing bg:organisationNumber {text} ; schema:sameAs ?at ; rdfs:seeAlso ?in "
        "FILTER (STRENDS(STR(?at), {text}) && STRENDS(STR(?in), {text}))",
        "isil": "?thing bg:isil {text}",
        "homepage": "?thing foaf:homepage <{raw}>",
        "former_names": "?thing bg:formerName {nb}",
        "valid_from": "?thing bg:period ?period ; bg:earliest ?day "
        "FILTER (STRSTARTS(STR(?period), {text}) && STRSTARTS(STR(?day), {text}))",
        "valid_to": "?thing bg:period ?period ; bg:latest ?day "
        "FILTER (STRENDS(STR(?period), {text}) && STRSTARTS(STR(?day), {text}))",
        "successor": "?thing dcterms:isReplacedBy id:{path}",
        "predecessors": "?event a org:ChangeEvent ; org:resultingOrganization ?thing ; "
        "org:originalOrganization id:{path}",
    },
    "services": {
        "key": "?thing a bg:Service",
        "name": "?thing rdfs:label|skos:altLabel {nb}",
        "alt_names": "?thing rdfs:label|skos:altLabel|bg:formerName ?name FILTER (STR(?name) = {bare})",
        "owner": "?thing bg:owner id:{path}",
        "operator": "?thing bg:operator id:{path}",
        "homepage": "?thing foaf:homepage <{raw}>",
        "description_nb": "?thing bg:ownWords {nb}",
        "standards": "?thing bg:standardAsStated {text}",
        "identifiers": "?thing bg:identifierNote {en}",
        "licence": "?thing dcterms:rights {en} ; "
        "dcterms:license <http://publications.europa.eu/resource/authority/licence/CC0>",
        "measures": "?thing bg:servesMeasure <" + ID + "measure/{raw}>",
        "start": "?thing bg:startAsStated {en}",
    },
    "projects": {
        "key": "?thing a bg:Project",
        "project_title": "?thing dcterms:title ?title FILTER (STR(?title) = {text})",
        "title_language": "?thing dcterms:title ?title FILTER (LANG(?title) = {text})",
        "lead_organisation": "?thing bg:leadAsStated {nb}",
        "lead": "?thing bg:lead id:{path}",
        "owner_at_grant": "?thing bg:ownerAtGrant/skos:prefLabel {nb}",
        "owner_at_grant_key": "?thing bg:ownerAtGrant id:{path}",
        "owner_now": "?thing bg:ownerNow/skos:prefLabel {nb}",
        "owner_now_key": "?thing bg:ownerNow id:{path}",
        "partners": "?thing bg:partnerAsStated {nb}",
        "partner_keys": "?thing bg:partner id:{path}",
        "county_or_place": "?thing bg:placeAsStated {nb}",
        "county": "?thing bg:county id:{path}",
        "start_year": "?thing bg:startYear {raw}",
        "end_year": "?thing bg:endYear {raw}",
        "amount_nok": AWARD + "bg:amountNok {raw}",
        "amount_covers": AWARD + "bg:amountCovers code:{raw}",
        "grant_years": "?thing bg:grantYears {raw}",
        "funding_year": AWARD + "bg:awardYear {raw}",
        "fund": AWARD + "bg:fromFund <" + ID + "fund/{raw}>",
        "round": AWARD + "bg:inRound <" + ID + "round/{raw}>",
        "theme": "?thing bg:theme ?theme . ?theme a bg:Theme ; skos:prefLabel {nb}",
        "extension_announced": "?thing bg:extensionAnnounced {text}^^xsd:date",
        "status": CODED.format("bg:projectStatus"),
        "categories": "?thing bg:categoryAsStated {nb}",
        "aim_own_words": "?thing bg:ownWords {nb}",
        "continues": "?thing bg:follows <" + ID + "project/{raw}>",
        "part_of": "?thing dcterms:isPartOf <" + ID + "project/{raw}>",
        "measures": "?thing bg:servesMeasure <" + ID + "measure/{raw}>",
        "url": "?thing bg:link <{raw}>",
    },
    "grants": {
        "round": "?thing a bg:GrantRound",
        "year": "?thing bg:awardYear {raw}",
        "programme": "?thing bg:programmeAsStated {nb}",
        "fund": "?thing bg:fromFund <" + ID + "fund/{raw}>",
        "grantor": "?thing bg:grantor/skos:prefLabel {nb}",
        "grantor_key": "?thing bg:grantor id:{path}",
        "total_amount_nok": "?thing bg:totalAmountNok {raw}",
        "number_of_projects": "?thing bg:projectsGranted {raw}",
        "number_of_applications": "?thing bg:applications {raw}",
        "applied_amount_nok": "?thing bg:appliedAmountNok {raw}",
        "date_announced": "?thing bg:date {text}^^edtf:EDTF ; bg:earliest ?day "
        "FILTER (STRSTARTS(STR(?day), {text}))",
        "announcement_type": CODED.format("bg:kind"),
    },
}
# What is looked for by a test of its own, and what no triple holds: the key of a row that tells of a round.
SILENT = {"organisations": set(), "services": set(), "projects": {"funding_programme"}, "grants": {"key"}}


def rows(root: Path, table: str) -> Iterator[dict[str, str]]:
    with (root / f"data/tables/{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def is_from_document(row: dict[str, str]) -> bool:
    return not row["source_url"].startswith("http")


@pytest.fixture(scope="module")
def store(repository: Repository) -> ox.Store:
    store = ox.Store()
    quads = repository.quads("ontology", "data")
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def forms(value: str, row: dict[str, str]) -> dict[str, str]:
    """The value as a SPARQL pattern may need it."""
    text = str(ox.Literal(value))
    return {
        "raw": value,
        "text": text,
        "nb": f"{text}@nb",
        "nn": f"{text}@nn",
        "en": f"{text}@en",
        "bare": str(ox.Literal(re.sub(r" \([^)]*\)$", "", value))),
        "path": value.replace("/", r"\/"),
        "source_url": row["source_url"],
    }


def holds(store: ox.Store, thing: str, pattern: str) -> bool:
    query = PREFIXES + "ASK { " + re.sub(r"\?thing\b", f"<{thing}>", pattern) + " }"
    return bool(store.query(query))


@pytest.mark.parametrize("table", CELLS)
def test_every_cell_is_in_the_graph(store: ox.Store, repository: Repository, table: str) -> None:
    asked = 0
    missing = []
    for row in rows(repository.root, table):
        if is_from_document(row):
            continue
        thing = THING[table].format(**row)
        for column, cell in row.items():
            pattern = ANY_TABLE.get(column) or CELLS[table].get(column, "")
            separator = SEPARATORS[table].get(column)
            items = [item.strip() for item in cell.split(separator)] if separator else [cell]
            for item in filter(None, items if pattern else []):
                asked += 1
                if not holds(store, thing, pattern.format(**forms(item, row))):
                    missing.append((row["key"], column, item))
    assert missing == []
    assert asked > 100


@pytest.mark.parametrize("table", CELLS)
def test_every_column_with_a_value_is_looked_for(repository: Repository, table: str) -> None:
    looked = CELLS[table].keys() | ANY_TABLE.keys() | SILENT[table]
    filled = {column for row in rows(repository.root, table) for column, cell in row.items() if cell}
    assert filled - looked == set()


def test_the_scheme_of_an_award_is_kept_wherever_there_is_an_award(
    store: ox.Store, repository: Repository
) -> None:
    for row in rows(repository.root, "projects"):
        if not is_from_document(row):
            given = row["funding_programme"] != "Ikke oppgitt" or row["amount_nok"] or row["funding_year"]
            programme = forms(row["funding_programme"], row)["nb"]
            thing = THING["projects"].format(**row)
            assert holds(store, thing, f"{AWARD} bg:programmeAsStated {programme}") == bool(given), row["key"]


@pytest.mark.parametrize("table", CELLS)
def test_what_a_document_tells_of_is_there_with_its_quotation(
    store: ox.Store, repository: Repository, table: str
) -> None:
    told = [row for row in rows(repository.root, table) if is_from_document(row)]
    assert told
    for row in told:
        thing = THING[table].format(**row)
        if row["key"] == "leselyst":
            thing = ID + "award/leselyst-tippemidler"
        assert holds(store, thing, "?thing a ?class ; bg:evidence/bg:lineStart ?line"), row["key"]


def test_no_row_of_low_confidence_is_published(repository: Repository) -> None:
    for table in CELLS:
        for row in rows(repository.root, table):
            assert row["confidence"] in {"high", "medium"}
            assert not row.get("project_title", "").startswith("[beskrivende navn]")


def asked(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(PREFIXES + query)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(term.value.removeprefix(ID) for term in solution) for solution in found]


def test_counties_go_through_both_reforms(store: ox.Store) -> None:
    assert asked(
        store,
        """SELECT ?day ?from ?to {
            ?event org:originalOrganization ?from ; org:resultingOrganization ?to ; bg:earliest ?day .
            FILTER (id:organisation\\/viken-fylkeskommune IN (?from, ?to))
        } ORDER BY ?day ?from ?to""",
    ) == [
        ("2020-01-01", "organisation/akershus-fylkeskommune", "organisation/viken-fylkeskommune"),
        ("2020-01-01", "organisation/buskerud-fylkeskommune", "organisation/viken-fylkeskommune"),
        ("2020-01-01", "organisation/ostfold-fylkeskommune", "organisation/viken-fylkeskommune"),
        ("2024-01-01", "organisation/viken-fylkeskommune", "organisation/akershus-fylkeskommune"),
        ("2024-01-01", "organisation/viken-fylkeskommune", "organisation/buskerud-fylkeskommune"),
        ("2024-01-01", "organisation/viken-fylkeskommune", "organisation/ostfold-fylkeskommune"),
    ]


def test_the_ministry_of_culture_has_one_change_per_name(store: ox.Store) -> None:
    path = "^org:resultingOrganization/org:originalOrganization"
    found = asked(
        store,
        f"""SELECT ?earlier {{
            id:organisation\\/kultur-og-likestillingsdepartementet ({path})+ ?earlier .
            ?earlier bg:earliest ?day
        }} ORDER BY DESC(?day)""",
    )
    assert [name for (name,) in found] == [
        "organisation/kulturdepartementet",
        "organisation/kultur-og-kirkedepartementet",
        "organisation/kulturdepartementet-1991",
        "organisation/kirke-og-kulturdepartementet",
        "organisation/kultur-og-vitenskapsdepartementet",
    ]


def test_two_sources_that_differ_on_a_project_both_stand(repository: Repository) -> None:
    store = ox.Store()
    store.extend(repository.quads("data"))
    found = asked(
        store,
        """SELECT ?lead { GRAPH ?file { id:project\\/informasjonsknutepunkt-agder bg:lead ?lead } }
        ORDER BY ?lead""",
    )
    assert found == [
        ("organisation/universitetet-i-agder",),
        ("organisation/universitetsbiblioteket-i-agder",),
    ]


def test_the_programme_on_literature_houses_of_2014_has_no_round_since_two_fit(store: ox.Store) -> None:
    query = "?award bg:awardYear 2014 ; bg:fromFund <" + ID + "fund/utviklingsmidler>"
    assert holds(store, ID, query)
    assert not holds(store, ID, query + " ; bg:inRound ?round")


def test_a_row_of_next_years_list_needs_no_keys_of_ours(repository: Repository) -> None:
    text = (repository.root / "data/tables/projects.csv").read_text(encoding="utf-8")
    new = dict.fromkeys(text.splitlines()[0].split(","), "") | {
        "key": "nye-rom",
        "project_title": "Nye rom",
        "lead_organisation": "Rogaland fylkesbibliotek",
        "partners": "Nordland fylkesbibliotek; tre folkebibliotek",
        "start_year": "2027",
        "theme": "fjernlån",
        "source_url": "https://bibliotekutvikling.no/prosjektbank/prosjekt/nye-rom/",
        "source_checked": "stored page",
        "confidence": "high",
    }
    built = build(repository, {"projects": text + ",".join(new.values()) + "\n"})
    assert not built.findings
    store = ox.Store()
    for name in ("projects", "themes"):
        file = built.files[f"data/{name}/bibliotekutvikling.ttl"]
        store.load(file, format=ox.RdfFormat.TURTLE)
    assert holds(
        store,
        f"{ID}project/nye-rom",
        "?thing bg:lead id:organisation\\/rogaland-fylkesbibliotek ; bg:period '2027/..'^^edtf:EDTF ; "
        "bg:partner id:organisation\\/nordland-fylkesbibliotek ; "
        "bg:partnerAsStated 'tre folkebibliotek'@nb ; bg:theme ?theme . ?theme skos:prefLabel 'fjernlån'@nb",
    )
