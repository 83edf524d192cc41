"""One contract, three stores: embedded, Oxigraph's own server, and OpenLink Virtuoso 7.

Where an engine answers otherwise, contract_differences.toml says so and why; a difference that it does not
name fails, and so does an entry that no difference needs.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from functools import cache
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from uuid import uuid4

import pyoxigraph as ox
import pytest

from bibgraph.catalogue import Catalogue
from bibgraph.config import Settings
from bibgraph.describe import Describer
from bibgraph.describe.names import Names
from bibgraph.describe.statements import about
from bibgraph.errors import BibgraphError, Forbidden, QueryError
from bibgraph.graph import Graph, inferences
from bibgraph.ingest.printing import printed
from bibgraph.ingest.writers import WRITERS
from bibgraph.messages import LANGUAGES
from bibgraph.namespaces import BASE
from bibgraph.publish.loading import Cargo, Loading
from bibgraph.repository import Repository
from bibgraph.sparql.guard import clauses
from bibgraph.store import Answer, SparqlStore
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.store.remote import RemoteStore
from bibgraph.store.remote.contents import NOTHING, UNION, Contents
from bibgraph.store.remote.dataset import choose
from bibgraph.web import create_app
from bibgraph.web.documents.sections import read_sections
from conftest import CHECKOUT
from contract_cases import CASES, TRIG, Case, E
from contract_engines import STARTERS
from test_questions import CASES as QUESTIONS
from test_questions import EXPECTED, golden

HERE = Path(__file__).parent
DIFFERENCES = tomllib.loads((HERE / "contract_differences.toml").read_text("utf-8"))["difference"]
STORES = ("embedded", *STARTERS)
VERSION = "the version of the contract"
THINGS_AT = f"{BASE}id/"
THINGS = (
    "measure/2023-2025/14",
    "status/2025-10-14/14",
    "strategy/2023-2025",
    "unit/bibliotekutvikling",
    "report/2025-10-14",
    "project/samlingsforvaltning-i-endring",
    "law/folkebibliotekloven/1",
)
PAGES = sorted(path.stem for path in (CHECKOUT / "queries" / "pages").glob("*.rq"))
ABOUT_THINGS = "VALUES ?thing { "
OF_THINGS = [
    page
    for page in PAGES
    if ABOUT_THINGS + "}" in (CHECKOUT / "queries" / "pages" / f"{page}.rq").read_text("utf-8")
]
OVERVIEWS = [
    page
    for page in PAGES
    if "#+ overview:" in (CHECKOUT / "queries" / "pages" / f"{page}.rq").read_text("utf-8")
]
FILLERS: dict[str, ox.NamedNode | ox.Literal] = {
    "thing": ox.NamedNode(THINGS_AT + THINGS[0]),
    "collection": ox.Literal(f"{THINGS_AT}measure/2023-2025/"),
    "graph": ox.NamedNode(f"{BASE}graph/status/2025-10-14"),
    "ontology": ox.NamedNode(f"{BASE}ontology"),
}
FILES = "VALUES (?file ?size ?sum) { }"
A_FILE = f'VALUES (?file ?size ?sum) {{ (<{BASE}dumps/bibgraph.jsonld> 1 "ab") }}'
FOR_PAGE: dict[str, dict[str, ox.NamedNode | ox.Literal]] = {
    "catalogue-contact": {"mailbox": ox.NamedNode("mailto:a@b.example")},
    "page-things": {"after": ox.Literal("")},
    "describe-places": {"property": ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")},
    "describe-properties": {"thing": ox.NamedNode(f"{BASE}ontology#responsibility")},
    "page-ontology-statements": {"thing": ox.NamedNode(f"{BASE}ontology#responsibility")},
    "page-passages": {"thing": ox.NamedNode(f"{THINGS_AT}source/statusrapport-2025-10-14")},
}
TABLES = sorted(
    path.stem
    for path in (CHECKOUT / "queries" / "questions").glob("*.rq")
    if "#+ kind: select\n" in path.read_text("utf-8")
)
MOST_ASKED = 8
OF_THE_ONTOLOGY = ("/ontology", "/graph/ontology/bibgraph")  # has a list, which is made of blank nodes
ALIKE = (
    *(
        path + ending
        for path in OF_THE_ONTOLOGY
        for ending in ("", ".ttl", ".nt", ".jsonld", ".rdf", ".trig")
    ),
    "/ontology/properties/unit",
    "/ontology/properties/responsibleUnit",
    "/ontology/classes/Measure",
    "/ontology/codes",
    "/doc/responsibility",
)
"""Pages that have names of very many things, in several queries, and what has blank nodes."""
OF_CLASSES = f"""
SELECT DISTINCT ?kind ?thing {{
    ?thing a ?kind
    FILTER (isIRI(?kind) && STRSTARTS(STR(?thing), '{THINGS_AT}'))
}} ORDER BY ?kind ?thing
"""

Verify = Callable[[str, Callable[[], None]], None]


def excused(store: str, name: str) -> bool:
    return any(entry["engine"] == store and name in entry["cases"] for entry in DIFFERENCES)


@pytest.fixture(scope="session")
def quads(repository: Repository) -> list[ox.Quad]:
    stated = repository.quads("ontology", "data")
    return [*stated, *inferences(repository, None), *ox.parse(TRIG, format=ox.RdfFormat.TRIG)]


@pytest.fixture(scope="session")
def stores(
    quads: list[ox.Quad], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], SparqlStore]]:
    """Each store by name, filled when it is first asked for; ``pytest.skip`` where its engine is missing."""
    cargo = Cargo.of(quads, VERSION)
    ready: dict[str, SparqlStore] = {"embedded": EmbeddedStore(quads, VERSION)}
    missing: dict[str, str] = {}
    with ExitStack() as stack:

        def store(name: str) -> SparqlStore:
            if name in missing:
                pytest.fail(missing[name])
            if name not in ready:
                missing[name] = f"{name} did not start or could not be filled: see the first failure"
                engine = stack.enter_context(STARTERS[name](tmp_path_factory.mktemp(name)))
                filled = RemoteStore(engine.query, login=engine.login)
                Loading(cargo, filled, login=engine.login, update=engine.update).run(lambda *_: None)
                ready[name] = RemoteStore(engine.query)
                del missing[name]
            return ready[name]

        yield store


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, stores: Callable[[str], SparqlStore]) -> SparqlStore:
    return stores(request.param)


@pytest.fixture
def verify(request: pytest.FixtureRequest) -> Verify:
    """Hold a check to the table of differences: true where the table has nothing, else false or an error."""
    callspec = request.node.callspec
    engine = callspec.params["store"]

    def hold(name: str, check: Callable[[], None]) -> None:
        if not excused(engine, name):
            check()
            return
        with pytest.raises((AssertionError, BibgraphError)):
            check()

    return hold


def parts(found: object) -> dict[str, object]:
    """All that a description or collection holds; the labels of things in an order of their own."""
    held = dict(vars(found))
    for name, value in held.items():
        if isinstance(value, Names):
            held[name] = {iri: sorted(map(str, labels)) for iri, labels in value._labels.items()}
    return held


def text_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    if term is None or isinstance(term, ox.Triple):
        return "-"
    if isinstance(term, ox.BlankNode):
        return "_"
    return term.value.removeprefix(E)


def shown(answer: Answer, *, ordered: bool) -> list[str]:
    if isinstance(answer, ox.QueryBoolean):
        return ["true" if answer else "false"]
    if isinstance(answer, ox.QueryTriples):
        return sorted(" ".join(map(text_of, triple)) for triple in answer)
    names = [variable.value for variable in answer.variables]
    found = [" ".join(text_of(row[name]) for name in names) for row in answer]
    return found if ordered else sorted(found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_store_gives_the_one_right_answer(case: Case, store: SparqlStore, verify: Verify) -> None:
    def check() -> None:
        answer = store.query(case.text, default_graphs=case.default, named_graphs=case.named)
        assert shown(answer, ordered=case.ordered) == (list(case.rows) if case.ordered else sorted(case.rows))

    verify(case.name, check)


@pytest.fixture(scope="module")
def catalogue(repository: Repository) -> Catalogue:
    return Catalogue.load(repository.questions, root=repository.root)


@pytest.mark.parametrize(("question", "given"), QUESTIONS, ids=lambda value: str(value) or "defaults")
def test_a_question_gives_its_golden_answer_on_every_store(
    question: str, given: str, catalogue: Catalogue, store: SparqlStore, verify: Verify
) -> None:
    def check() -> None:
        values = dict(pair.split("=") for pair in given.split(",") if pair)
        expected = (EXPECTED / f"{golden(question, given)}.csv").read_text("utf-8")
        # Virtuoso now and then leaves a variable of an OPTIONAL unbound: see docs/engines.md.
        for _ in range(3):
            answer = store.query(catalogue.get(question).bind(values, store, "nb"))
            assert isinstance(answer, ox.QuerySolutions)
            found = (answer.serialize(format=ox.QueryResultsFormat.CSV) or b"").decode().replace("\r\n", "\n")
            if found == expected:
                break
        assert found == expected

    verify(f"question/{question}", check)


def written(answer: Answer) -> bytes:
    assert isinstance(answer, ox.QuerySolutions)
    return answer.serialize(format=ox.QueryResultsFormat.JSON) or b""


@pytest.mark.parametrize("question", TABLES)
def test_a_question_is_ordered_cut_and_counted_the_same_on_every_store(
    question: str,
    catalogue: Catalogue,
    store: SparqlStore,
    stores: Callable[[str], SparqlStore],
    verify: Verify,
) -> None:
    asked, here = catalogue.get(question), stores("embedded")
    text = asked.bind({}, here, "nb")

    def check() -> None:
        whole = json.loads(written(here.query(asked.part(text))))
        rows = whole["results"]["bindings"]
        for limit, offset in ((None, 0), (20_000, 0), (None, 2)):
            expected = rows[offset : None if limit is None else offset + limit]
            found = written(store.query(asked.part(text, limit, offset)))
            assert json.loads(found) == whole | {"results": {"bindings": expected}}
            assert found == written(here.query(asked.part(text, limit, offset)))
        assert shown(store.query(asked.counting(text)), ordered=True) == [str(len(rows))]

    verify(f"question/{question}", check)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["text", "html"])
def test_a_report_is_printed_the_same_from_every_store(
    name: str, language: str, store: SparqlStore, stores: Callable[[str], SparqlStore], repository: Repository
) -> None:
    here, there = (
        WRITERS[name](printed(one, repository, date(2025, 10, 14), language)).decode()
        for one in (stores("embedded"), store)
    )
    assert there == here


@pytest.mark.parametrize("path", ALIKE)
def test_a_page_or_document_is_the_same_from_every_store(
    path: str,
    store: SparqlStore,
    stores: Callable[[str], SparqlStore],
    repository: Repository,
    catalogue: Catalogue,
) -> None:
    here, there = (
        create_app(Settings(), Graph(repository, one, catalogue)).test_client().get(path)
        for one in (stores("embedded"), store)
    )
    assert there.status_code == here.status_code == HTTPStatus.OK
    assert there.get_etag() == here.get_etag() != (None, None)
    assert there.data == here.data


@pytest.mark.parametrize("thing", THINGS)
def test_all_that_is_said_of_a_thing_is_the_same_on_every_store(
    thing: str,
    store: SparqlStore,
    stores: Callable[[str], SparqlStore],
    repository: Repository,
    verify: Verify,
) -> None:
    def check() -> None:
        here, there = (
            Describer(one, repository).describe(THINGS_AT + thing) for one in (stores("embedded"), store)
        )
        assert here is not None
        assert there is not None
        assert parts(there) == parts(here)

    verify(f"thing/{thing}", check)


def test_a_collection_and_what_is_not_there_are_the_same_on_every_store(
    store: SparqlStore, stores: Callable[[str], SparqlStore], repository: Repository
) -> None:
    here, there = (Describer(one, repository) for one in (stores("embedded"), store))
    collection = THINGS_AT + "measure/2023-2025"
    found = there.collection(collection)
    assert found is not None
    assert parts(found) == parts(here.collection(collection))
    assert there.exists(collection)
    assert not there.exists(THINGS_AT + "measure/1905")
    assert there.describe(THINGS_AT + "measure/1905/1") is None


@pytest.fixture(scope="session")
def kinds(stores: Callable[[str], SparqlStore]) -> dict[str, list[ox.NamedNode]]:
    """The things of each class, in order."""
    found = stores("embedded").query(OF_CLASSES)
    assert isinstance(found, ox.QuerySolutions)
    members: dict[str, list[ox.NamedNode]] = {}
    for kind, thing in found:
        members.setdefault(kind.value, []).append(thing)
    return members


@pytest.fixture(scope="session")
def askings(
    stores: Callable[[str], SparqlStore], repository: Repository, kinds: dict[str, list[ox.NamedNode]]
) -> Callable[[str], list[str]]:
    """A query of the pages with something to ask about, which it has an answer for.

    A part of things' pages is asked about one thing of each class that has the part, of the first classes
    where it says something: the first such thing by IRI.
    """
    sections = {section.name: section for section in read_sections(repository)}

    @cache
    def texts(page: str) -> list[str]:
        text = repository.query(f"pages/{page}")
        section = sections.get(page)
        if section is None:
            return [filled(text, FILLERS | FOR_PAGE.get(page, {}))]
        members = [things for kind, things in kinds.items() if section.suits([kind])]
        found = (first_told(stores("embedded"), text, things) for things in members)
        return sorted(set(islice(filter(None, found), MOST_ASKED)))

    return texts


def first_told(store: SparqlStore, text: str, things: Iterable[ox.NamedNode]) -> str | None:
    """The query about the first of some things that has an answer; None if none has."""
    asked = (filled(text, {"thing": thing}) for thing in things)
    return next((one for one in asked if shown(store.query(one), ordered=False)), None)


def answers_alike(text: str, one: SparqlStore, other: SparqlStore) -> None:
    """Assert that both answer with something, and with the same."""
    here, there = (shown(store.query(text), ordered=False) for store in (one, other))
    assert here
    assert there == here


@pytest.mark.parametrize("page", PAGES)
def test_a_query_of_the_pages_gives_the_same_on_every_store(
    page: str,
    store: SparqlStore,
    stores: Callable[[str], SparqlStore],
    askings: Callable[[str], list[str]],
    verify: Verify,
) -> None:
    def check() -> None:
        assert askings(page)
        for text in askings(page):
            answers_alike(text, stores("embedded"), store)

    verify(f"page/{page}", check)


@pytest.mark.parametrize("page", OF_THINGS)
def test_a_thing_that_the_store_never_met_takes_nothing_from_the_others(
    page: str,
    store: SparqlStore,
    stores: Callable[[str], SparqlStore],
    askings: Callable[[str], list[str]],
    verify: Verify,
) -> None:
    """Nor does one that it has to look for: so it is with all of them when it was just filled or started."""

    def check() -> None:
        assert askings(page)
        for text in askings(page):
            both = text.replace(ABOUT_THINGS, f"{ABOUT_THINGS}<{THINGS_AT}unmet/{uuid4()}> ")
            assert both != text
            answers_alike(both, stores("embedded"), store)

    verify(f"page/{page}", check)


@pytest.mark.parametrize("page", OVERVIEWS)
def test_the_table_of_an_overview_has_the_same_order_on_every_store(
    page: str, store: SparqlStore, stores: Callable[[str], SparqlStore], repository: Repository
) -> None:
    text = repository.query(f"pages/{page}")
    here, there = (shown(one.query(text), ordered=True) for one in (stores("embedded"), store))
    assert there == here


def filled(text: str, fillers: dict[str, ox.NamedNode | ox.Literal]) -> str:
    """A query with something to ask about, where it wants to be given that."""
    for variable, term in fillers.items():
        if f"VALUES ?{variable} {{ }}" in text:
            text = about(text, variable, [term])
    return text.replace(FILES, A_FILE)


def test_large_answers_come_whole(store: SparqlStore, quads: list[ox.Quad]) -> None:
    distinct = {quad.triple for quad in quads}
    answer = store.query("SELECT ?s ?p ?o { ?s ?p ?o }")
    assert isinstance(answer, ox.QuerySolutions)
    assert sum(1 for _ in answer) == len(distinct) > 10_000
    triples = store.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER (isIRI(?o)) }")
    assert isinstance(triples, ox.QueryTriples)
    assert {t for t in triples if isinstance(t.subject, ox.NamedNode)} == {
        t for t in distinct if isinstance(t.object, ox.NamedNode) and isinstance(t.subject, ox.NamedNode)
    }


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p }", "SELECT ?s { ?s ?p ?o", "ASK { FILTER (1 + ) }"])
def test_what_is_no_query_is_the_askers_fault(store: SparqlStore, text: str) -> None:
    with pytest.raises(QueryError) as caught:
        store.query(text)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        "DROP ALL",
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        f"ASK FROM <{E}three> {{ ?s ?p ?o }}",
        f"ASK FROM NAMED <{E}three> {{ ?s ?p ?o }}",
    ],
)
def test_what_no_store_does_is_refused_by_every_one(store: SparqlStore, text: str) -> None:
    with pytest.raises(Forbidden):
        store.query(text)


def test_graphs_outside_the_data_cannot_be_chosen_beside_the_query(store: SparqlStore) -> None:
    for graphs in ({"default_graphs": [f"{E}three"]}, {"named_graphs": [f"{E}three"]}):
        with pytest.raises(Forbidden, match="no graph"):
            store.query("ASK {}", **graphs)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("ASK { GRAPH ?g { ?s ?p ?o } }", (E + "one",)),
        ("ASK { graph<https://example.org/one> { } }", (E + "one",)),
        ("ASK { VALUES ?g { <https://example.org/graph/one> } ?s ?graph 'GRAPH' } # graph", (NOTHING,)),
    ],
    ids=["keyword", "small-letters", "elsewhere"],
)
def test_named_graphs_are_sent_where_graph_is_a_keyword(text: str, sent: tuple[str, ...]) -> None:
    contents = Contents(VERSION, frozenset({E + "one"}))
    _, graphs = choose(text, clauses(text), (), (), contents)
    assert dict(graphs) == {"default-graph-uri": (UNION,), "named-graph-uri": sent}


def test_every_store_tells_the_version_it_holds(store: SparqlStore) -> None:
    assert store.version == VERSION


def test_many_ask_at_one_time(store: SparqlStore) -> None:
    def ask(number: int) -> list[str]:
        return shown(store.query(f"SELECT ({number} AS ?n) {{}}"), ordered=True)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(40))) == [[str(number)] for number in range(40)]


def test_every_difference_has_a_reason_that_the_documents_give() -> None:
    text = " ".join((CHECKOUT / "docs" / "engines.md").read_text("utf-8").split())
    known = {case.name for case in CASES} | {f"question/{question}" for question, _ in QUESTIONS}
    known |= {f"page/{page}" for page in PAGES} | {f"thing/{thing}" for thing in THINGS}
    for entry in DIFFERENCES:
        assert " ".join(entry["reason"].split()) in text
        assert entry["engine"] in STARTERS
        assert set(entry["cases"]) <= known
