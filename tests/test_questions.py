"""The ready questions give their golden answers over the real data, each of them written down as a file.

A change of the data that changes an answer is seen in the diff: ``pytest tests/test_questions.py --rewrite``
writes the answers anew, to be read before they are committed.
"""

from pathlib import Path

import pytest

from bibgraph.config import Settings
from bibgraph.graph import Graph, load, open_graph
from bibgraph.messages import LANGUAGES
from bibgraph.repository import Repository
from bibgraph.store.writing import render

EXPECTED = Path(__file__).parent / "expected"

# Besides each question with its defaults: ids with parameters, and the languages other than bokmål.
VARIANTS = {
    "closed-with-open-milestones": ["date=2025-12-01", "date=2024-01-01"],
    "law-timeline": ["thing=law/folkebibliotekloven"],
    "measures-by-status": ["date=2025-10-14", "date=2025-10-13"],
    "measures-by-unit": ["unit=BU", "unit=nasjonalbibliotekar"],
    "milestones": ["from=2025-10-15", "to=2021-12-31", "from=2025-11-15,to=2025-11-15"],
    "overdue-milestones": ["date=2026-11-22"],
    "plan-drift": ["strategy=2020-2023"],
    "quotations": ["thing=measure/2023-2025/14", "thing=milestone/2025-10-14/14-4"],
    "source-defects": ["language=en", "language=nn"],
    "status-history": ["strategy=2023-2025,measure=measure/2023-2025/16"],
    "source-disagreements": ["thing=project/biblioteket-som-samskaper"],
    "still-running": ["year=2024"],
    "unit-history": ["thing=organisation/sikt"],
    "status-as-of": ["date=2030-01-01", "date=2020-01-01"],
}
CASES = [
    (path.stem, "") for path in sorted((Path(__file__).parent.parent / "queries/questions").glob("*.rq"))
]
CASES += [(question, given) for question, variants in VARIANTS.items() for given in variants]


def golden(question: str, given: str) -> str:
    return f"{question}@{given.replace('/', '_')}" if given else question


@pytest.fixture(scope="module")
def graph(repository: Repository) -> Graph:
    return open_graph(Settings(root=repository.root))


@pytest.mark.parametrize(("question", "given"), CASES, ids=lambda value: str(value) or "defaults")
def test_a_question_gives_its_golden_answer(
    graph: Graph, question: str, given: str, request: pytest.FixtureRequest
) -> None:
    values = dict(pair.split("=") for pair in given.split(",") if pair)
    text = graph.catalogue.get(question).bind(values, graph.store, "nb")
    answer = render(graph.store.query(text), "csv").decode().replace("\r\n", "\n")
    path = EXPECTED / f"{golden(question, given)}.csv"
    if request.config.getoption("--rewrite"):
        path.write_text(answer, "utf-8")
    assert answer == path.read_text("utf-8")


def test_every_golden_answer_belongs_to_a_case() -> None:
    answers = {path.stem for path in EXPECTED.glob("*.csv")} - {"warnings"}
    assert answers == {golden(question, given) for question, given in CASES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_speaks_every_language(graph: Graph, language: str) -> None:
    assert len(graph.catalogue) > 12
    for question in graph.catalogue:
        assert question.text(language)
        assert question.why(language)
        assert list(question.headings(language)) == list(question.headings("nb"))


def test_inference_does_not_change_the_answers(graph: Graph, repository: Repository) -> None:
    stated = open_graph(Settings(root=repository.root), inferred=False)
    for question in graph.catalogue:
        text = question.bind({}, graph.store, "nb")
        assert render(graph.store.query(text), "csv") == render(stated.store.query(text), "csv"), question.id


def test_a_settled_store_gives_the_same_answers(graph: Graph, repository: Repository) -> None:
    settled = load(Settings(root=repository.root))
    settled.settle()
    for question in graph.catalogue:
        text = question.bind({}, graph.store, "nb")
        assert render(graph.store.query(text), "csv") == render(settled.query(text), "csv"), question.id


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("measures", "number part main_line text"),
        ("measures-by-status", "main_line status count"),
        ("status-as-of", "measure number status status_as_stated report_date"),
        ("measures-by-unit", "unit_code unit measure number"),
        ("milestones", "earliest latest verbatim measure description"),
        ("closed-with-open-milestones", "measure number milestone latest"),
        ("without-status", "measure text"),
        ("projects", "title lead start end period_as_stated amount_nok"),
        ("legal-basis", "thing provision official_id"),
        ("partners", "measure number partner"),
        ("quotations", "quotation source line_start line_end page"),
        ("source-defects", "thing as_stated note"),
    ],
)
def test_the_promised_columns_come_first(graph: Graph, question: str, columns: str) -> None:
    wanted = columns.split()
    assert list(graph.catalogue.get(question).headings("en"))[: len(wanted)] == wanted
