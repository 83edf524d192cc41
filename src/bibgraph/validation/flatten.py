"""Shapes rearranged so that pySHACL runs them several times as fast, with the same results.

pySHACL evaluates the property shapes of a node shape for one focus node at a time, and sets each of them up
anew for each. A property shape that has targets of its own is evaluated once, for all. SHACL lets property
shapes have targets (section 2.1.3), and a result names focus node, path and property shape, not the node
shape above; so the targets of a node shape may as well stand at its property shapes.

Prefixes that queries have by ``owl:imports`` (section 5.2.1) are put where pySHACL looks for them.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from bibgraph.namespaces import OWL, RDF, RDFS, SH
from bibgraph.validation.triples import Subject, Term, Triples, is_node, text_of

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


def flatten(shapes: Triples) -> Triples:
    """A copy of ``shapes`` in which property shapes have the targets of the node shapes that they stand in.

    A node shape stays as it is where that could change a result: if something refers to it, if it is a class
    (and so its own target), is deactivated, or counts values against its other properties.
    """
    flat = shapes.copy()
    for shape in sorted(shapes.subjects(SH.property), key=str):
        targets = [(kind, target) for kind in TARGETS for target in shapes.objects(shape, kind)]
        properties = shapes.objects(shape, SH.property)
        if targets and _may_move(shapes, shape, properties):
            if shapes.has(shape, SH.closed):
                _allow(flat, shape, [path for each in properties for path in shapes.objects(each, SH.path)])
            for each in properties:
                if not isinstance(each, ox.Literal):
                    for kind, target in targets:
                        flat.add(each, kind, target)
            flat.remove(shape, SH.property)
    queries = shapes.subjects(SH.prefixes)
    for owner in {owner for each in queries for owner in shapes.objects(each, SH.prefixes)}:
        _import_prefixes(flat, owner)
    return flat


def _import_prefixes(flat: Triples, owner: Term) -> None:
    """Have ``owner`` declare the prefixes of what it imports, and of what that imports."""
    ahead, seen = [owner], {owner}
    while ahead:
        for each in flat.objects(ahead.pop(), OWL.imports):
            if each not in seen and not isinstance(owner, ox.Literal):
                seen.add(each)
                ahead.append(each)
                for declaration in flat.objects(each, SH.declare):
                    flat.add(owner, SH.declare, declaration)


def _may_move(shapes: Triples, shape: Subject, properties: Iterable[Term]) -> bool:
    stays = (
        bool(shapes.uses(shape))
        or shapes.has(shape, SH.path)
        or shapes.has(shape, SH.target)
        or any(text_of(each) == "true" for each in shapes.objects(shape, SH.deactivated))
        or any(is_node(each, RDFS.Class, OWL.Class) for each in shapes.objects(shape, RDF.type))
        or len(shapes.objects(shape, SH.ignoredProperties)) > 1
    )
    return not stays and all(
        len(shapes.objects(each, SH.path)) == 1 and not shapes.has(each, SH.qualifiedValueShapesDisjoint)
        for each in properties
    )


def _allow(flat: Triples, shape: Subject, paths: Iterable[Term]) -> None:
    """Keep the properties of a closed shape allowed when they leave it."""
    already = flat.members(flat.value(shape, SH.ignoredProperties))
    flat.remove(shape, SH.ignoredProperties)
    head: Subject = ox.NamedNode(RDF.nil)
    for each in reversed([*already, *(path for path in paths if isinstance(path, ox.NamedNode))]):
        cell = ox.BlankNode()
        flat.add(cell, RDF.first, each)
        flat.add(cell, RDF.rest, head)
        head = cell
    flat.add(shape, SH.ignoredProperties, head)
