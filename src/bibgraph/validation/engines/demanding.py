"""The constraints of SHACL Core as tests of a thing and its values: see ``proving``.

Each is made of a shape and the value of its parameter. Making one raises Doubtful for all that is not as the
standard has it, so that pySHACL says what it has to say of it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Protocol

from bibgraph.namespaces import SH
from bibgraph.validation.engines import valuing
from bibgraph.validation.engines.valuing import Doubtful, Judge, Verdict, all_of, any_of, iri, only
from bibgraph.validation.flatten import TARGETS
from bibgraph.validation.statements import Key, Statements, key
from bibgraph.validation.triples import Term, Triples

Conforms = Callable[[Key], Verdict]
"""Whether a thing conforms to a shape; None where it cannot be told."""

Test = Callable[[Key, list[Key]], Verdict]
"""Whether a thing, with its values along the path of a shape (else itself), is right about one constraint."""


class Looking(Protocol):
    """Where shapes and statements are looked up."""

    shapes: Triples
    statements: Statements

    def test_of(self, shape: Term, *, path: bool | None = None) -> Conforms:
        """The test of a shape, which must have a path, or none, if that is said. Raises Doubtful."""

    def members(self, head: Term) -> list[Term]:
        """The members of a list. Raises Doubtful."""


def _each(judge: Judge) -> Test:
    # What ``all_of`` does, without the calls: most of the time is spent here.
    def test(_: Key, values: list[Key]) -> Verdict:
        found: Verdict = True
        for value in values:
            verdict = judge(value)
            if verdict is False:
                return False
            if verdict is None:
                found = None
        return found

    return test


def _class(look: Looking, _: Term, value: Term) -> Test:
    instances = look.statements.instances(key(iri(value)))
    return lambda _, values: instances.issuperset(values)


def _datatype(_: Looking, __: Term, value: Term) -> Test:
    return _each(valuing.datatype(iri(value)))


def _kind(_: Looking, __: Term, value: Term) -> Test:
    return _each(valuing.node_kind(iri(value)))


def _pattern(look: Looking, shape: Term, value: Term) -> Test:
    flags = [valuing.text(each) for each in look.shapes.objects(shape, SH.flags)]
    return _each(valuing.pattern(valuing.text(value), only(flags or [""])))


def _languages(look: Looking, _: Term, value: Term) -> Test:
    return _each(valuing.languages(look.members(value)))


def _limit(kind: str) -> Callable[[Looking, Term, Term], Test]:
    return lambda _, __, value: _each(valuing.limit(kind, value))


def _allowed(look: Looking, _: Term, value: Term) -> Test:
    allowed = {valuing.lasting(each) for each in look.members(value)}
    return _each(lambda value: value in allowed or valuing.if_literal(value))


def _has_value(_: Looking, __: Term, value: Term) -> Test:
    wanted = valuing.lasting(value)
    return lambda _, values: wanted in values or valuing.if_literal(wanted)


def _closed(look: Looking, shape: Term, _: Term) -> Test:
    shapes, about = look.shapes, look.statements.about
    if not valuing.truth(only(shapes.objects(shape, SH.closed))):
        raise Doubtful(str(shape))
    ignored = shapes.objects(shape, SH.ignoredProperties)
    allowed = {key(iri(each)) for head in ignored for each in look.members(head)}
    for each in shapes.objects(shape, SH.property):
        allowed.add(key(iri(only(shapes.objects(each, SH.path)))))
    return lambda _, values: all(about.get(each, {}).keys() <= allowed for each in values) or None


def _node(look: Looking, _: Term, value: Term) -> Test:
    return _each(look.test_of(value, path=False))


def _property(look: Looking, _: Term, value: Term) -> Test:
    return _each(look.test_of(value, path=True))


def _not(look: Looking, _: Term, value: Term) -> Test:
    conforms = look.test_of(value)
    return _each(lambda value: None if (verdict := conforms(value)) is None else not verdict)


def _and(look: Looking, _: Term, value: Term) -> Test:
    tests = [look.test_of(each) for each in look.members(value)]
    return _each(lambda value: all_of(test(value) for test in tests))


def _or(look: Looking, _: Term, value: Term) -> Test:
    tests = [look.test_of(each) for each in look.members(value)]
    return _each(lambda value: any_of(test(value) for test in tests))


def _xone(look: Looking, _: Term, value: Term) -> Test:
    tests = [look.test_of(each) for each in look.members(value)]

    def judge(value: Key) -> Verdict:
        verdicts = [test(value) for test in tests]
        return None if None in verdicts else verdicts.count(True) == 1

    return _each(judge)


def _at_least(_: Looking, __: Term, value: Term) -> Test:
    least = valuing.count(value)
    if least > 1:
        # Two texts may differ by the capitals of their language alone, and be one.
        return lambda _, values: len({each.lower() for each in values}) >= least or None
    return lambda _, values: len(values) >= least


def _at_most(_: Looking, __: Term, value: Term) -> Test:
    most = valuing.count(value)
    return lambda _, values: len(values) <= most or None


def _one_each(_: Looking, __: Term, value: Term) -> Test:
    if not valuing.truth(value):
        raise Doubtful(str(value))

    def test(_: Key, values: list[Key]) -> Verdict:
        tags = [tag for tag in map(valuing.language, values) if tag != b""]
        return None if None in tags or len(tags) > len(set(tags)) else True

    return test


def _in_order(kind: str) -> Callable[[Looking, Term, Term], Test]:
    def made(look: Looking, _: Term, value: Term) -> Test:
        along, values_of = key(iri(value)), look.statements.values

        def test(node: Key, values: list[Key]) -> Verdict:
            others = values_of(node, along) if values else []
            return all(valuing.within(kind, one, other) for one in values for other in others) or None

        return test

    return made


def _disjoint(look: Looking, _: Term, value: Term) -> Test:
    along, values_of = key(iri(value)), look.statements.values

    def test(node: Key, values: list[Key]) -> Verdict:
        others = {each.lower() for each in values_of(node, along)}
        return others.isdisjoint(each.lower() for each in values) or None

    return test


def _equal(look: Looking, _: Term, value: Term) -> Test:
    along, values_of = key(iri(value)), look.statements.values
    return lambda node, values: set(values) == set(values_of(node, along)) or None


def _qualified(look: Looking, shape: Term, _: Term) -> Test:
    least = valuing.count(only(look.shapes.objects(shape, SH.qualifiedMinCount)))
    conforms = look.test_of(only(look.shapes.objects(shape, SH.qualifiedValueShape)))
    if least != 1:
        raise Doubtful(str(shape))
    return lambda _, values: any_of(map(conforms, values))


def _sparql(look: Looking, shape: Term, value: Term) -> Test:
    # Loaded when it is needed: the patterns of SPARQL take a while.
    asking = import_module("bibgraph.validation.engines.asking")
    found: frozenset[Key] = asking.found_by(look.shapes, look.statements, shape, value)
    return lambda node, _: node not in found or None


EACH = {
    SH["class"]: _class,
    SH.hasValue: _has_value,
    SH.node: _node,
    SH.property: _property,
    SH["not"]: _not,
    SH["and"]: _and,
    SH["or"]: _or,
    SH.xone: _xone,
    SH.sparql: _sparql,
}
"""Parameters that may have several values, of which each is a constraint."""

ONCE = {
    SH.datatype: _datatype,
    SH.nodeKind: _kind,
    SH.pattern: _pattern,
    SH.languageIn: _languages,
    SH["in"]: _allowed,
    SH.closed: _closed,
    SH.ignoredProperties: _closed,
    SH.disjoint: _disjoint,
    SH.equals: _equal,
    **{kind: _limit(kind) for kind in valuing.LIMITS},
}
"""Those that have one value here: of several, the standard or pySHACL makes something else."""

WITH_PATH = {
    SH.minCount: _at_least,
    SH.maxCount: _at_most,
    SH.uniqueLang: _one_each,
    SH.lessThan: _in_order(SH.maxExclusive),
    SH.lessThanOrEquals: _in_order(SH.maxInclusive),
    SH.qualifiedValueShape: _qualified,
    SH.qualifiedMinCount: _qualified,
}
"""Those of property shapes only."""

SILENT = {
    *(SH.path, SH.flags, SH.deactivated, *TARGETS),
    *(SH.name, SH.description, SH.message, SH.severity, SH.order, SH.group, SH.defaultValue),
}
"""What demands nothing by itself."""
