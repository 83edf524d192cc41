"""Which things, rules and files differ between two worlds, and which findings that touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from bibgraph.checking.worlds import World
from bibgraph.findings import Finding
from bibgraph.namespaces import RDFS
from bibgraph.repository import KINDS
from bibgraph.turtle import without_scope
from bibgraph.validation import ReadFile, Rule

_NARROWER = (str(RDFS.subClassOf), str(RDFS.subPropertyOf))
_PAGES = "queries/pages/"

Statement = tuple[str, str, str, str]
"""Subject, property, value and graph (empty for the file's own), blank nodes without their scope."""


@dataclass(frozen=True)
class Difference:
    """What is not the same in two worlds.

    things: IRIs, and ``_:`` labels, of which something else is stated now. rules: shapes and ids of lint
    rules that have changed. files: names of files of the project that are not RDF. others: whether queries
    that the program's own checks rest on are among them. lint: the ids of all lint rules.
    """

    things: frozenset[str]
    rules: frozenset[str]
    files: frozenset[str]
    others: bool
    lint: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.things or self.rules or self.files)

    def touches(self, finding: Finding, about: Iterable[str]) -> bool:
        """Whether a finding about these things is to be told whatever was found before."""
        rule = finding.rule
        return (
            not self.things.isdisjoint(about)
            or without_scope(finding.thing) in self.things
            or without_scope(f"_:{rule}").removeprefix("_:") in self.rules
            or (not finding.thing and finding.file in self.files)
            or (self.others and "://" not in rule and rule not in self.lint)
        )


def difference(now: World, then: World, changed: Sequence[str]) -> Difference:
    """What differs between two worlds; ``changed`` are the names of all files whose bytes do."""
    differing = {kind: _differing(now.files[kind], then.files[kind]) for kind in KINDS}
    things = {name for kind in KINDS for name in differing[kind]}
    rdf = {read.file.name for world in (now, then) for files in world.files.values() for read in files}
    rest = [name for name in changed if name not in rdf] if now.repository else []
    terms = _narrower(differing["ontology"], now)
    # By the name of a file that is not RDF, such as a document that is quoted, and by changed terms.
    documents = _mentioning(now, rest) if rest else set()
    things |= documents | _using(now, terms | documents)
    rules = _changed_rules(now.rules, then.rules)
    return Difference(
        frozenset(things),
        frozenset(rules | _related(differing["shapes"], now, then)),
        frozenset(rest),
        any(name.startswith(_PAGES) for name in rest),
        frozenset(rule.id for rule in now.rules),
    )


def _differing(now: Sequence[ReadFile], then: Sequence[ReadFile]) -> set[str]:
    """The subjects of statements that only one of the two has; in which file they stand is no matter."""
    known = {read.file.name: read for read in then}
    same = {read.file.name for read in now if _equal(read, known.get(read.file.name))}
    counts, before = _counted(now, same), _counted(then, same)
    changed = {
        statement
        for statement in counts.keys() | before.keys()
        if counts[statement] != before[statement]
        # Once more is no other statement, but one more blank node is.
        and (_has_blank(statement) or not (counts[statement] and before[statement]))
    }
    if any(not _has_blank(statement) for statement in changed):
        unchanged = {statement for read in now if read.file.name in same for statement in _statements(read)}
        changed -= {statement for statement in unchanged if not _has_blank(statement)}
    return {statement[0] for statement in changed}


def _equal(one: ReadFile, other: ReadFile | None) -> bool:
    return other is not None and one.quads == other.quads and one.file.graph == other.file.graph


def _counted(files: Iterable[ReadFile], without: set[str]) -> Counter[Statement]:
    return Counter(
        statement for read in files if read.file.name not in without for statement in _statements(read)
    )


def _statements(read: ReadFile) -> Iterator[Statement]:
    home = ox.NamedNode(read.file.graph)
    for quad in read.quads:
        graph = "" if quad.graph_name == home else without_scope(str(quad.graph_name))
        yield _name(quad.subject), quad.predicate.value, without_scope(str(quad.object)), graph


def _has_blank(statement: Statement) -> bool:
    return statement[0].startswith("_:") or statement[2].startswith("_:")


def _narrower(terms: set[str], world: World) -> set[str]:
    """The terms, and all classes and properties below them."""
    below: dict[str, list[str]] = {}
    for quad in world.quads("ontology") if terms else ():
        if quad.predicate.value in _NARROWER:
            below.setdefault(_name(quad.object), []).append(_name(quad.subject))
    return _reached(terms, below)


def _related(touched: set[str], *worlds: World) -> set[str]:
    """The shapes that are touched, those that they refer to, and those that refer to them."""
    if not touched:
        return set()
    down: dict[str, list[str]] = {}
    up: dict[str, list[str]] = {}
    for quad in (quad for world in worlds for quad in world.quads("shapes")):
        if not isinstance(quad.object, ox.Literal):
            down.setdefault(_name(quad.subject), []).append(_name(quad.object))
            up.setdefault(_name(quad.object), []).append(_name(quad.subject))
    related = _reached(touched, down) | _reached(touched, up)
    return related | {name.removeprefix("_:") for name in related}


def _reached(start: set[str], edges: dict[str, list[str]]) -> set[str]:
    found, ahead = set(start), list(start)
    while ahead:
        for name in edges.get(ahead.pop(), ()):
            if name not in found:
                found.add(name)
                ahead.append(name)
    return found


def _mentioning(world: World, names: Sequence[str]) -> set[str]:
    wanted = set(names)
    return {
        _name(quad.subject)
        for quad in world.quads("data", "ontology")
        if isinstance(quad.object, ox.Literal) and quad.object.value in wanted
    }


def _using(world: World, terms: set[str]) -> set[str]:
    """Things of which something is stated with one of the terms."""
    return {
        _name(quad.subject)
        for quad in (world.quads("data", "ontology") if terms else ())
        if quad.predicate.value in terms or _name(quad.object) in terms
    }


def _name(term: object) -> str:
    if isinstance(term, ox.BlankNode):
        return without_scope(str(term))
    return term.value if isinstance(term, ox.NamedNode) else ""


def _changed_rules(now: Iterable[Rule], then: Iterable[Rule]) -> set[str]:
    """Ids of rules that only one side has in this form."""
    # A rule of others is named by where it was read, which is another place for a copy.
    before = {rule.id: replace(rule, name="") for rule in then}
    after = {rule.id: replace(rule, name="") for rule in now}
    return {id_ for id_ in before.keys() | after.keys() if before.get(id_) != after.get(id_)}
