"""Ready questions of every kind, with parameters of every type, to ask of the small graph."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bibgraph.catalogue import Catalogue
from bibgraph.catalogue.question import read_question
from bibgraph.graph import Graph
from bibgraph.messages import LANGUAGES
from bibgraph.repository import Repository
from web_world import CHECKOUT, VERSION, CountingStore, quads

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HEADER = """\
#+ id: {id}
#+ question-nb: Hvilke tiltak er det?
#+ question-nn: Kva tiltak er det?
#+ question-en: Which measures are there?
#+ why-nb: Å se dem.
#+ why-nn: Å sjå dei.
#+ why-en: To see them.
#+ kind: {kind}
"""
COLUMNS = "".join(
    f"#+ columns-{tag}: measure={word}, number=Nr\n"
    for tag, word in (("nb", "Tiltak"), ("nn", "Tiltak"), ("en", "Measure"))
)
SELECT = """
PREFIX bg: <https://w3id.org/bibgraph/ontology#>
SELECT ?measure ?number
WHERE {
    ?measure a bg:Measure ; bg:number ?number .
    VALUES $least { UNDEF }
    VALUES $day { UNDEF }
    VALUES $spoken { UNDEF }
    FILTER (!BOUND($least) || ?number >= $least)
    FILTER (STR($spoken) != "")
}
ORDER BY ?number
"""
TYPED = (
    "least integer any",
    "most integer 10",
    "day date latest",
    "words text none",
    "about thing any",
    "sort kinds any",
    "spoken language reader",
)
TYPED_HEADER = (
    HEADER.format(id="typed", kind="select")
    + "".join(f"#+ columns-{tag}: number=Nr\n" for tag in LANGUAGES)
    + "".join(f"#+ parameter: {line}\n" for line in TYPED)
    + "#+ labels-nb: least=Minst, most=Mest, day=Dag, words=Ord, about=Om, sort=Slag, spoken=Mål\n"
    + "#+ labels-nn: least=Minst, most=Mest, day=Dag, words=Ord, about=Om, sort=Slag, spoken=Mål\n"
    + "#+ labels-en: least=Least, most=Most, day=Day, words=Words, about=About, sort=Sort, spoken=Tongue\n"
)
TYPED_SELECT = (
    "SELECT ?number\nWHERE {\n"
    + "".join(f"    VALUES ${line.split()[0]} {{ UNDEF }}\n" for line in TYPED)
    + "    VALUES ?number { 1 2 3 }\n}\n"
)
FILES = {
    "numbered": HEADER.format(id="numbered", kind="select")
    + COLUMNS
    + "#+ parameter: least integer any\n#+ parameter: day date latest\n#+ parameter: spoken language reader\n"
    + SELECT,
    "any": HEADER.format(id="any", kind="ask") + "\nASK { ?s ?p ?o }\n",
    "drawn": HEADER.format(id="drawn", kind="construct")
    + "\nCONSTRUCT WHERE { ?m <https://w3id.org/bibgraph/ontology#number> ?n }\n",
    "must": HEADER.format(id="must", kind="ask")
    + "#+ parameter: kind kinds\n\nASK { VALUES $kind { UNDEF } ?thing a $kind }\n",
    "typed": TYPED_HEADER + TYPED_SELECT,
}
KINDS = """\
SELECT ?value ?term ?label
WHERE {
    ?term a <http://www.w3.org/2002/07/owl#Class> .
    ?term <http://www.w3.org/2000/01/rdf-schema#label> ?label .
    BIND (REPLACE(STR(?term), "^.*#", "") AS ?value)
}
"""


def written(folder: Path, questions: Mapping[str, str], values: Mapping[str, str]) -> list[Path]:
    """The files of these questions, the lists of values beside them."""
    for kind, texts in (("questions", questions), ("values", values)):
        (folder / kind).mkdir()
        for name, text in texts.items():
            (folder / kind / f"{name}.rq").write_text(text, encoding="utf-8")
    return sorted((folder / "questions").iterdir())


def small_graph(folder: Path) -> Graph:
    """The small graph with these questions; ``folder`` is where their files are put."""
    return with_questions(Catalogue.load(written(folder, FILES, {"kinds": KINDS})))


def with_questions(catalogue: Catalogue) -> Graph:
    """The small graph with the questions of a catalogue."""
    return Graph(Repository(CHECKOUT), CountingStore(quads(), VERSION), catalogue)


def one_question(query: str, column: str, parameter: str = "") -> Graph:
    """The small graph with the one question ``one``, which has one column."""
    lines = [f"#+ columns-{tag}: {column}={column}\n" for tag in LANGUAGES]
    lines += [f"#+ parameter: {parameter}\n"] if parameter else []
    text = HEADER.format(id="one", kind="select") + "".join(lines) + query
    return with_questions(Catalogue([read_question(text, "one.rq", "one", {})]))
