"""All checks run over a world, their findings placed and in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

import pyoxigraph as ox

from bibgraph.checking.beside import beside
from bibgraph.checking.worlds import World, project
from bibgraph.findings import Criterion, Finding, Severity
from bibgraph.messages import Message, message
from bibgraph.repository import KINDS, Repository
from bibgraph.sources import coverage, judge, prove, read_sources
from bibgraph.turtle import read_text
from bibgraph.validation import (
    REFERENCE,
    Ahead,
    Begun,
    Places,
    Stated,
    StatedDate,
    Triples,
    Vocabularies,
    begin,
    check_dates,
    criteria,
    declared_terms,
    demand,
    end,
    graph_of_kind,
    lint,
    read_shapes,
    show,
    unknown_terms,
)

_STATED = (graph_of_kind("ontology"), graph_of_kind("data"))
_SHACL = "http://www.w3.org/ns/shacl#"


def check(repository: Repository, paths: Sequence[Path] = ()) -> list[Finding]:
    """Everything that is wrong or worth a remark, sorted by file, place and thing.

    Without ``paths`` the whole project is checked. Files of the project's own data are checked within the
    whole, and findings about the other data files are left out. Any other files or folders are taken as the
    data, by themselves; the project's ontology, shapes and rules apply. Then rules that need the whole to
    make sense are milder or left out.

    Raises SourceError for what cannot be read, QueryError for a lint query that does not run.
    """
    return examine(project(repository, paths))


def examine(world: World, engine: str = REFERENCE) -> list[Finding]:
    """The findings about a world, as ``check`` has them; ``engine`` runs the shapes."""
    files = (read for kind in ("data", "ontology", "shapes") for read in world.files[kind])
    places = Places(files, world.graphs.holds)
    found = _examine(world, places, engine)
    if any(map(_speaks_of_blanks, found)) and world.graphs.named():
        found = _examine(world, places, engine)
    findings = map(places.place, found)
    return _sorted([finding for finding in findings if finding.file not in world.left_out])


def _speaks_of_blanks(finding: Finding) -> bool:
    """Whether a finding has a blank node in it."""
    said = [
        str(each) if isinstance(each, Message) else "".join((each or {}).values())
        for each in (finding.message, finding.hint)
    ]
    return any("_:" in text for text in (finding.thing, finding.value, *said))


def asked(world: World) -> list[Criterion]:
    """The rules that a world is measured by, whether or not they find anything."""
    rules = [rule for rule in world.rules if rule.partial or not world.partial]
    return criteria(world.quads("shapes"), rules, here=world.repository is not None)


def _examine(world: World, places: Places, engine: str) -> list[Finding]:
    demand(engine)
    stated = world.graphs.stated(places.statements)
    rules = read_shapes(world.quads("shapes"))
    with beside(partial(_begin, world, stated, rules, engine), partial(_look_up, places)) as answer:
        asked = _ask(world)
        begun, of_queries = answer()
        findings = [*end(begun, stated, rules), *asked, *of_queries]
        places.know(answer())
        return findings


def _begin(world: World, stated: Stated, rules: Triples, engine: str) -> tuple[Begun, list[Finding]]:
    """What needs no store: what an engine finds, and misspelt terms in queries."""
    of_queries: list[Finding] = []
    if world.repository is not None and not world.partial:
        of_queries += _check_queries(world.repository, _vocabularies(world))
    return begin(stated, rules, engine), of_queries


def _look_up(places: Places, found: tuple[Begun, list[Finding]]) -> Ahead:
    """What is stated of the things that an engine has found fault with, while these are put into words."""
    begun, _ = found
    return places.ahead({each.focus.value for each in begun.results if isinstance(each.focus, ox.NamedNode)})


def _vocabularies(world: World) -> Vocabularies:
    ontology, shapes = world.quads("ontology"), world.quads("shapes")
    own = None if world.repository else declared_terms(ontology, world.graphs.asked("data", "shapes"))
    return Vocabularies(ontology, shapes, own)


def _ask(world: World) -> list[Finding]:
    """What the queries and all checks but those find in the store."""
    findings = [
        *lint(world.rules, world.graphs.store, partial=world.partial),
        *unknown_terms(world.graphs.asked(*KINDS), _vocabularies(world)),
    ]
    if world.repository is None:
        return [*findings, *_check_emptiness(world)]
    return [
        *findings,
        *check_dates(_dates(world, world.repository)),
        *_check_sources(world, world.repository),
    ]


def _check_emptiness(world: World) -> Iterable[Finding]:
    """What there is in place of the project's own rules against checking nothing, elsewhere."""
    if next(world.graphs.asked("data").matching(), None) is None:
        sentence = message("There are no data to check: no file holds a single statement.")
        yield Finding("no-data", Severity.VIOLATION, sentence)
    without = [read.file.name for read in world.files["shapes"] if not any(map(_is_shacl, read.quads))]
    for name in without:
        sentence = message("The file is taken as shapes but does not use a single term of SHACL.")
        yield Finding("no-shapes-in-file", Severity.VIOLATION, sentence, file=name)
    if len(without) == len(world.files["shapes"]):
        sentence = message("There are no shapes to check with. Name them with --shapes, or in the settings.")
        yield Finding("no-shapes", Severity.VIOLATION, sentence)


def _is_shacl(quad: ox.Quad) -> bool:
    return any(
        isinstance(term, ox.NamedNode) and term.value.startswith(_SHACL)
        for term in (quad.predicate, quad.object)
    )


def _check_sources(world: World, repository: Repository) -> list[Finding]:
    sources = read_sources(world.graphs.store, repository, _STATED)
    if not world.partial:
        return [*prove(sources), *judge(coverage(sources))]
    quoted = {quotation.document for quotation in sources.quotations.values()}
    if quoted - sources.documents.keys():
        # Quotations brought along without their document: it is the project's.
        known = [quad for quad in repository.quads("data") if _string(quad.subject) in quoted]
        sources = read_sources([*world.quads("ontology", "data"), *known], repository)
    return prove(sources)


def _check_queries(repository: Repository, vocabularies: Vocabularies) -> Iterable[Finding]:
    # Loaded when they are needed: the patterns of SPARQL take a while.
    unknown_terms_in_query = import_module("bibgraph.validation.queries").unknown_terms_in_query
    for path in sorted((repository.root / "queries").rglob("*.rq")):
        name = path.relative_to(repository.root).as_posix()
        yield from unknown_terms_in_query(read_text(path, name=name), name, vocabularies)


def _dates(world: World, repository: Repository) -> list[StatedDate]:
    files = world.graphs.file_graphs("data")
    rows = world.graphs.store.query(
        repository.query("pages/edtf"), default_graph=list(_STATED), named_graphs=files
    )
    if not isinstance(rows, ox.QuerySolutions):
        raise TypeError("queries/pages/edtf.rq is not a SELECT")
    return [
        StatedDate(
            _string(row["thing"]),
            show(row["property"]),
            show(row["date"]),
            _string(row["date"]),
            _string(row["earliest"]),
            _string(row["latest"]),
        )
        for row in rows
    ]


def _sorted(findings: list[Finding]) -> list[Finding]:
    first_line: dict[tuple[str, str], int] = {}
    for finding in findings:
        about = (finding.file, finding.thing)
        first_line[about] = min(first_line.get(about, finding.line), finding.line)

    def place(finding: Finding) -> tuple[object, ...]:
        return (
            finding.file,
            first_line[finding.file, finding.thing],
            finding.thing,
            finding.line,
            finding.column,
            -finding.severity,
            finding.rule,
            finding.path,
            finding.value,
            finding.text("en"),
        )

    return sorted(findings, key=place)


def _string(term: object) -> str:
    return term.value if isinstance(term, ox.Literal | ox.NamedNode | ox.BlankNode) else ""
