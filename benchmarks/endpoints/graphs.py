"""National policy graphs of any size as N-Quads, in the shape of the project's own data.

That is the ontology, and one strategy with all that belongs to it for each unit of scale. The same scale
and seed give the same bytes. ``policies.Plan`` makes the strategies. What the ready questions ask for and
it leaves out is added here: links, partners, novelty, steps, measures without a status, closed measures
with promises left.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import policies
import pyoxigraph as ox

BG = "https://w3id.org/bibgraph/ontology#"
CODE = "https://w3id.org/bibgraph/id/code/"
THINGS = "https://w3id.org/bibgraph/id/"
GRAPHS = "https://w3id.org/bibgraph/graph/"
SEED = 4
SILENT = (7, 14)
"""The measures, by number, of whose status the report says nothing."""
CLOSED = (4, 8)
"""Those that it calls closed although something is promised for later."""
LINKED = range(1, 16)
PARTNERED = range(1, 11)
NOVEL = (1, 2, 3)
STEPS = range(1, 5)
SERVICES = 25
"""Every plan has at least so many measures, each with its service."""


_Subject = ox.NamedNode | ox.BlankNode | ox.Triple
_Term = TypeVar("_Term", _Subject, _Subject | ox.Literal)


@dataclass(frozen=True)
class Made:
    """A graph in files: the named graphs alone, and the same with their union as the default graph beside."""

    scale: int
    named: Path
    copied: Path
    triples: int
    graphs: int


def make(folder: Path, project: Path, scale: int, *, seed: int = SEED) -> Made:
    """Write the graph of ``scale`` plans into ``folder``; the ontology is that of ``project``."""
    named, copied = folder / f"{scale}x.nq", folder / f"{scale}x-with-union.nq"
    triples = 0
    graphs: set[object] = set()
    with named.open("wb") as one, copied.open("wb") as both:
        for quads in (_ontology(project), *(_plan(number, seed) for number in range(1, scale + 1))):
            listed = list(dict.fromkeys(quads))
            union = list(dict.fromkeys(_placed(quad, ox.DefaultGraph()) for quad in listed))
            text = _written(listed)
            one.write(text)
            both.write(text + _written(union))
            triples += len(union)
            graphs.update(quad.graph_name for quad in listed)
    return Made(scale, named, copied, triples, len(graphs))


def things(scale: int, count: int) -> Iterator[str]:
    """IRIs of ``count`` measures, spread over the plans of a graph of ``scale``."""
    for each in range(count):
        plan, number = each * max(1, scale // count) % scale + 1, each % SERVICES + 1
        yield f"{THINGS}measure/plan-{plan:05}/{number}"


def _placed(quad: ox.Quad, graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _written(quads: list[ox.Quad]) -> bytes:
    target = io.BytesIO()
    ox.serialize(quads, target, format=ox.RdfFormat.N_QUADS)
    return target.getvalue()


def _ontology(project: Path) -> Iterator[ox.Quad]:
    for file in sorted((project / "ontology").glob("*.ttl")):
        graph, labels = ox.NamedNode(f"{GRAPHS}ontology/{file.stem}"), _Labels(file.stem)
        for quad in ox.parse(path=str(file)):
            subject, value = labels.steady(quad.subject), labels.steady(quad.object)
            yield ox.Quad(subject, quad.predicate, value, graph)


class _Labels:
    """Blank nodes by the order in which they come: parsing gives them other labels every time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: dict[ox.BlankNode, ox.BlankNode] = {}

    def steady(self, term: _Term) -> _Term:
        if not isinstance(term, ox.BlankNode):
            return term
        return self._nodes.setdefault(term, ox.BlankNode(f"{self._name}{len(self._nodes)}"))


def _plan(number: int, seed: int) -> Iterator[ox.Quad]:
    """One strategy, a graph for each kind of thing, as the project has a file for each."""
    plan = policies.Plan(number, seed, 0.0)
    text = plan.turtle + "\n".join(_more(plan))
    for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE):
        if not _replaced(quad, plan):
            subject = _iri(quad.subject)
            kind = subject.removeprefix(THINGS).partition("/")[0] if subject.startswith(THINGS) else "source"
            yield _placed(quad, ox.NamedNode(f"{GRAPHS}{kind}/{plan.key}"))


def _replaced(quad: ox.Quad, plan: policies.Plan) -> bool:
    """Whether a statement of the plan is left out: a status that is silent here, or another one."""
    if quad.predicate.value not in (f"{BG}status", f"{BG}statusAsStated"):
        return False
    number = int(_iri(quad.subject).removeprefix(f"{THINGS}status/{plan.key}/"))
    stays = quad.object in (ox.NamedNode(f"{CODE}closed"), ox.Literal("Avsluttet", language="nb"))
    return number in SILENT or (number in CLOSED and not stays)


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _more(plan: policies.Plan) -> Iterator[str]:
    def thing(kind: str, name: object) -> str:
        return f"<{THINGS}{kind}/{plan.key}/{name}>"

    evidence = f"bg:evidence {thing('quotation', 1)}"
    year = 2000 + plan.number % 30 + 3
    for each in LINKED:
        yield f"{thing('service', each)} bg:link <https://library.example/{plan.key}/{each}> ."
    for each in PARTNERED:
        yield f"{thing('measure', each)} bg:partner {thing('organisation', each)} ."
    for each in NOVEL:
        yield f"{thing('measure', each)} bg:novelty code:new ."
    for each in CLOSED:
        yield f"{thing('status', each)} bg:status code:closed ; bg:statusAsStated 'Avsluttet'@nb ."
        yield (
            f"{thing('milestone', f'{each}-late')} a bg:Milestone ; rdfs:label 'Lansering {each}'@nb ;"
            f" bg:ofMeasure {thing('measure', each)} ; bg:inReport <{THINGS}report/{plan.key}> ;"
            f" bg:tense code:promised ; bg:dateAsStated 'juni {year}'@nb ; bg:date '{year}-06'^^edtf:EDTF ;"
            f" bg:earliest '{year}-06-01'^^xsd:date ; bg:latest '{year}-06-30'^^xsd:date ; {evidence} ."
        )
    for each in STEPS:
        yield (
            f"{thing('step', each)} a bg:Step ; rdfs:label 'Trinn {each}'@nb ;"
            f" bg:asStated 'Trinn {each} av {plan.number}'@nb ; bg:order {each} ;"
            f" bg:stepOf <{THINGS}approach/{plan.key}> ; {evidence} ."
        )
        for place in STEPS:
            yield (
                f"{thing('statement', f'{each}-{place}')} a bg:Statement ; bg:about {thing('step', each)} ;"
                f" bg:kind code:role ; bg:order {place} ; bg:text 'Innhold {each}.{place}'@nb ; {evidence} ."
            )
