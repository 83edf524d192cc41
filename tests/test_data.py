"""What the two documents print comes out of the graph, counted and read off by hand from their text."""

from collections import Counter

import pyoxigraph as ox
import pytest

from bibgraph.reasoning import infer
from bibgraph.repository import Repository

PREFIXES = """
PREFIX bg: <https://w3id.org/bibgraph/ontology#>
PREFIX code: <https://w3id.org/bibgraph/id/code/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX m: <https://w3id.org/bibgraph/id/measure/2023-2025/>
PREFIX obs: <https://w3id.org/bibgraph/id/status/2025-10-14/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
BASE = "https://w3id.org/bibgraph/id/"
PROJECT_BANK = "https://bibliotekutvikling.no/prosjektbank/prosjekt/"

RESPONSIBLE = {
    "1": "BU", "2": "KF/DF", "3": "KF", "4": "TL/BU", "5": "BU", "6": "BU", "7": "BU",
    "8": "DF, KD, TK BU", "9": "Nasjonalbibliotekar, DF", "10": "BU, TK", "11": "DF/IKT", "12": "TK/BU",
    "13": "TK", "14": "TK", "15": "TK", "16": "BU", "17": "BU", "18": "BU", "19": "BU", "20": "BU",
    "ii-01": "Nasjonalbibliotekar BU,DF.", "ii-02": "Nasjonalbibliotekar, BU, TL", "ii-03": None,
    "ii-04": "BU", "ii-05": "BU", "ii-06": "BU", "ii-07": "BU (TK, DF)", "ii-08": "TK (DF)", "ii-09": "BU",
    "ii-10": "TK", "ii-11": "TK", "ii-12": "BU, (TK)",
}  # fmt: skip
STATUS = {
    "Avsluttet": ["1", "2", "6", "9", "10", "11", "12", "14", "18", "ii-01"],
    "Ferdig": ["ii-08"],
    "Løpende": ["3", "4", "5", "8", "19", "20", "ii-03", "ii-04", "ii-05", "ii-06", "ii-07", "ii-09"],
    "Løpende i leselyststrategiperioden": ["7"],
    "Under arbeid": ["13", "15", "16", "17", "ii-02"],
}
LINKS = {
    "obs:4": ["https://bibliotekutvikling.no/nyheter/nytt-kurs-for-bibliotekansatte-tibi-i-verktoykassa/"],
    "obs:11": ["https://api.nb.no/"],
    "obs:12": [
        PROJECT_BANK
        + "samlingsforvaltning-i-endring-plan-for-a-sikre-tilgang-til-samlinger-av-utenlandsk-materiale/"
    ],
    "obs:ii-04": [
        "https://bibliotekutvikling.no/2021/09/17/digital-hele-livet/",
        "https://bibliotekutvikling.no/kompetansebank/event/erfaringssamling-for-digital-inkludering/",
    ],
    "obs:ii-08": ["https://bibsyst.no/oaiservere.html"],
}


def merged(quads: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def by_hand(repository: Repository) -> list[ox.Quad]:
    """The ontology, and the data without what tables tell after web pages."""
    quads = repository.quads("ontology", "data")
    whole = ox.Store()
    whole.extend(quads)
    made = whole.query(repository.query("tables/made"), use_default_graph_as_union=True)
    assert isinstance(made, ox.QuerySolutions)
    of_tables = {solution["graph"] for solution in made}
    assert of_tables
    return [quad for quad in quads if quad.graph_name not in of_tables]


@pytest.fixture(scope="module")
def stated(repository: Repository) -> ox.Store:
    return merged(by_hand(repository))


@pytest.fixture(scope="module")
def inferred(repository: Repository) -> ox.Store:
    quads = by_hand(repository)
    return merged([*quads, *infer(quads)])


def rows(graph: ox.Store, query: str) -> list[tuple[str | None, ...]]:
    solutions = graph.query(PREFIXES + query)
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple(None if term is None else term.value for term in solution) for solution in solutions]


def key(iri: str | None) -> str:
    return str(iri).rpartition("/")[2]


def test_part_one_has_twenty_measures_and_part_two_twelve_entries(stated: ox.Store) -> None:
    found = rows(stated, "SELECT ?m ?part { ?m a bg:Measure ; bg:inPart ?part ; bg:text ?t }")
    assert Counter(key(part) for _, part in found) == {"part-i": 20, "part-ii": 12}
    numbers = rows(stated, "SELECT ?n { ?m bg:number ?n ; bg:inPart code:part-i }")
    assert sorted(int(str(n)) for (n,) in numbers) == list(range(1, 21))


def test_the_column_of_responsibility_is_kept_as_printed(stated: ox.Store) -> None:
    found = rows(
        stated,
        """SELECT ?m ?r { ?o a bg:StatusObservation ; bg:ofMeasure ?m OPTIONAL { ?o
           bg:responsibleAsStated ?r } }""",
    )
    assert {key(measure): printed for measure, printed in found} == RESPONSIBLE


@pytest.mark.parametrize(
    ("measure", "units"),
    [
        ("8", ["DF", "KD", "TK", "BU"]),
        ("9", ["Nasjonalbibliotekar", "DF"]),
        ("11", ["DF", "IKT"]),
        ("ii-01", ["Nasjonalbibliotekar", "BU", "DF"]),
        ("ii-07", ["BU", "TK (in brackets)", "DF (in brackets)"]),
        ("ii-12", ["BU", "TK (in brackets)"]),
        ("ii-03", []),
    ],
)
def test_responsible_units_stand_in_the_printed_order(
    stated: ox.Store, measure: str, units: list[str]
) -> None:
    found = rows(
        stated,
        f"""SELECT ?printed ?brackets {{ obs:{measure} bg:responsibility ?r . ?r bg:asStated ?printed ;
            bg:order ?n
            OPTIONAL {{ ?r bg:inBrackets ?brackets }} }} ORDER BY ?n""",
    )
    assert [f"{unit} (in brackets)" if brackets else unit for unit, brackets in found] == units


def test_every_code_is_the_unit_that_the_legend_says(stated: ox.Store) -> None:
    found = rows(
        stated,
        """SELECT ?code ?name ?former { ?u a org:OrganizationalUnit ; skos:notation ?code ;
           skos:prefLabel ?name
           OPTIONAL { ?u bg:formerName ?former } }""",
    )
    assert set(found) == {
        ("BU", "Bibliotekutvikling", "SBU"),
        ("DF", "Digital formidling", None),
        ("KF", "Kulturformidling", None),
        ("KD", "Kulturarvsdigitalisering", None),
        ("IKT", "IKT", None),
        ("TK", "Tilvekst og kunnskapsorganisering", None),
        ("TL", "Avdeling for tilrettelagt litteratur", "NLB"),
    }


def test_the_printed_codes_and_the_units_agree(stated: ox.Store) -> None:
    found = rows(
        stated,
        """SELECT ?printed ?code ?name { ?r bg:asStated ?printed ; bg:unit ?u . ?u skos:prefLabel ?name
           OPTIONAL { ?u skos:notation ?code } }""",
    )
    assert found
    assert all(printed == (code or name) for printed, code, name in found)


def test_status_words_and_codes(stated: ox.Store) -> None:
    found = rows(
        stated,
        """SELECT ?m ?words ?code { ?o a bg:StatusObservation ; bg:ofMeasure ?m
           OPTIONAL { ?o bg:statusAsStated ?words } OPTIONAL { ?o bg:status/skos:notation ?code } }""",
    )
    words: dict[str | None, list[str]] = {}
    for measure, printed, _ in found:
        words.setdefault(printed, []).append(key(measure))
    silent = words.pop(None)
    assert sorted(silent) == ["ii-10", "ii-11", "ii-12"]
    assert {printed: sorted(measures) for printed, measures in words.items()} == {
        printed: sorted(measures) for printed, measures in STATUS.items()
    }
    assert Counter(code for _, _, code in found) == {"closed": 11, "ongoing": 13, "in-progress": 5, None: 3}


def test_every_code_comes_from_its_hidden_label(stated: ox.Store) -> None:
    wrong = rows(
        stated,
        """SELECT ?o { ?o bg:statusAsStated ?words ; bg:status ?code
           FILTER NOT EXISTS { ?code skos:hiddenLabel ?words } }""",
    )
    assert wrong == []


def test_links_are_attached_to_their_rows(stated: ox.Store) -> None:
    found: dict[str, list[str]] = {}
    for observation, link in rows(
        stated, "SELECT ?o ?l { ?o a bg:StatusObservation ; bg:link ?l } ORDER BY ?l"
    ):
        found.setdefault(f"obs:{key(observation)}", []).append(str(link))
    assert found == LINKS


def test_main_lines_only_where_printed(stated: ox.Store) -> None:
    found = rows(stated, "SELECT ?m ?l { ?m bg:mainLine ?l ; bg:text ?t }")
    lines: dict[str, set[str]] = {}
    for measure, line in found:
        lines.setdefault(key(line), set()).add(key(measure))
    assert lines == {
        "formidling": {"1", "2", "3", "4"},
        "samarbeid-og-utvikling": {"5", "6", "7", "ii-05", "ii-06"},
        "infrastruktur": {str(number) for number in range(8, 21)},
    }


@pytest.mark.parametrize(
    ("measure", "dates"),
    [
        ("1", ["28.08.25 2025-08-28"]),
        ("4", ["våren 2024 2024-21"]),
        ("5", ["28.8. 2025-08-28"]),
        ("9", ["27.9.19 2019-09-27", "13.10 2023 2023-10-13"]),
        ("12", ["06.03.2025 2025-03-06"]),
        ("13", ["høsten 2025 2025-23", "1. oktober 2025 2025-10-01"]),
        (
            "14",
            [
                "februar 2025 2025-02",
                "juni 2025-06",
                "november 2025-11",
                "i løpet av første halvår 2026 2026-40",
            ],
        ),
        ("15", ["i 2025 2025", "primært være i 2026 2026~"]),
        ("ii-02", ["09.10.25 2025-10-09"]),
        ("ii-04", ["september 2021 2021-09"]),
        ("ii-05", ["høsten 2021 2021-23"]),
        ("ii-07", ["våren 2025 2025-21"]),
        ("ii-10", ["november 2025 2025-11"]),
        ("ii-11", ["november 2025 2025-11"]),
        ("ii-12", ["2021 2021", "2022 2022", "2023 2023"]),
        ("18", []),
    ],
)
def test_dated_happenings_and_promises(stated: ox.Store, measure: str, dates: list[str]) -> None:
    found = rows(
        stated,
        f"""SELECT ?words ?edtf {{ ?ms a bg:Milestone ; bg:ofMeasure m:{measure} ; bg:dateAsStated ?words ;
            bg:date ?edtf ; bg:earliest ?from }} ORDER BY ?from""",
    )
    assert [f"{words} {edtf}" for words, edtf in found] == dates


def test_an_inferred_year_is_marked(stated: ox.Store) -> None:
    found = rows(
        stated,
        """SELECT ?ms ?how { ?ms bg:inference ?how FILTER (STRENDS(STR(?how), 'report') ||
           STRENDS(STR(?how), 'context')) }""",
    )
    assert {(key(ms), key(how)) for ms, how in found} == {
        ("5-1", "year-from-report"),
        ("14-2", "year-from-context"),
        ("14-3", "year-from-context"),
    }


def test_eleven_projects_with_their_printed_periods(stated: ox.Store) -> None:
    found = rows(
        stated,
        """SELECT ?title ?lead ?period ?amount { ?p a bg:Project ; dcterms:title ?title
           OPTIONAL { ?p bg:leadAsStated ?lead } OPTIONAL { ?p bg:periodAsStated ?period }
           OPTIONAL { ?a bg:ofProject ?p ; bg:amountNok ?amount } }""",
    )
    assert {(str(title)[:22], lead, period, amount) for title, lead, period, amount in found} == {
        ("Samlingsforvaltning i ", None, None, None),
        ("Kompetanserammeverk fo", "Universitetsbiblioteket i Oslo", "2021", None),
        ("Kuratornettverk for FA", "UiT Norges arktiske Universitet – biblioteket", "2022", None),
        ("Datahåndteringsplaner:", "Universitetsbiblioteket i Bergen", "2023", None),
        ("Regionale kompetanseak", "Trøndelag fylkesbibliotek", "2023-2025", "1600000"),
        ("Folkebibliotek som kun", "Troms og Finnmark fylkesbibliotek", "2018-2022", None),
        ("Biblioteket som samska", "Innlandet fylkesbibliotek", "2018-2001", None),
        ("Næringsutvikling for s", "Rana bibliotek", "2021-", None),
        ("Informasjonsknutepunkt", "Universitetet i Agder", "2022-", None),
        ("Kompetanseløft for for", "OsloMet", "2023-", None),
        ("Skreddersydde bibliote", "Høyskolen Kristiania", "2023-", None),
    }


def test_the_impossible_period_is_kept_marked_and_not_repaired(stated: ox.Store) -> None:
    project = f"<{BASE}project/biblioteket-som-samskaper>"
    assert rows(stated, f"SELECT ?y {{ {project} bg:startYear ?y }}") == [("2018",)]
    assert rows(stated, f"SELECT ?y {{ {project} bg:endYear ?y }}") == []
    assert rows(stated, f"SELECT ?w {{ ?d bg:defectOf {project} ; bg:asStated ?w }}") == [("2018-2001",)]


def test_section_one_is_quoted(stated: ox.Store) -> None:
    found = rows(
        stated,
        f"SELECT ?text {{ <{BASE}law/folkebibliotekloven/1> bg:text ?text }}",
    )
    assert len(found) == 1
    assert str(found[0][0]).startswith("Folkebibliotekene skal ha til oppgave å fremme opplysning,")


def test_four_steps_with_their_contents(stated: ox.Store) -> None:
    found = rows(
        stated,
        """SELECT ?n ?s (COUNT(?c) AS ?k) { ?s a bg:Step ; bg:order ?n OPTIONAL { ?c
           bg:about ?s } } GROUP BY ?n ?s ORDER BY ?n""",
    )
    assert [(n, count) for n, _, count in found] == [("1", "1"), ("2", "5"), ("3", "6"), ("4", "4")]


@pytest.mark.parametrize(
    ("question", "count"),
    [
        (
            """SELECT ?m { ?m a prov:Plan ; dcterms:isPartOf
               <https://w3id.org/bibgraph/id/strategy/2023-2025> }""",
            32,
        ),
        (
            """SELECT ?m { ?m a schema:CreativeWork ; schema:text ?t ; dcterms:isPartOf ?s .
               ?s a schema:CreativeWork }""",
            32,
        ),
        ("SELECT ?r { ?r a schema:Report ; schema:name ?n }", 1),
        ("SELECT DISTINCT ?u { ?o prov:wasAttributedTo ?u . ?u a org:OrganizationalUnit }", 7),
        (
            """SELECT ?o { ?o a prov:Entity ; prov:wasAttributedTo
               <https://w3id.org/bibgraph/id/unit/digital-formidling> }""",
            7,
        ),
        ("SELECT ?p { ?p a schema:Project ; schema:name ?n }", 11),
        ("SELECT ?c { ?c a skos:Concept ; skos:inScheme code:main-line-scheme }", 3),
    ],
)
def test_strangers_find_their_way_in_standard_vocabularies(
    inferred: ox.Store, question: str, count: int
) -> None:
    assert len(rows(inferred, question)) == count


def test_inference_gives_no_thing_another_class_of_ours(stated: ox.Store, inferred: ox.Store) -> None:
    query = """SELECT ?thing ?class { ?thing a ?class . FILTER STRSTARTS(STR(?class), STR(bg:))
               FILTER STRSTARTS(STR(?thing), "https://w3id.org/bibgraph/id/") }"""
    # Things that only tables describe have their classes in the files of tables.
    described = {thing for thing, _ in rows(stated, "SELECT DISTINCT ?thing ?class { ?thing a ?class }")}
    found = [row for row in rows(inferred, query) if row[0] in described]
    assert sorted(found) == sorted(rows(stated, query))
