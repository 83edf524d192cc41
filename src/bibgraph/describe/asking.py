"""Ask a store about things, with a handful of queries however much is said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox

from bibgraph.describe.description import Collection, Description, Evidence, Group
from bibgraph.describe.names import Names, Traits
from bibgraph.describe.statements import (
    Row,
    Statement,
    about,
    ask,
    collect,
    iris,
    select,
    value_of,
    window,
)
from bibgraph.repository import Repository
from bibgraph.store import SparqlStore

MOST_LISTED = 2000
"""So many members of a collection are on one page of it."""
MOST_POINTING = 200
"""So many links to a thing are on one page of its description."""

_BATCH = 300


class Describer:
    """Asks ``store`` about things, with the queries of ``repository``."""

    def __init__(self, store: SparqlStore, repository: Repository) -> None:
        self.store = store
        self.repository = repository

    def exists(self, iri: str) -> bool:
        """Whether anything is said of it or points to it, or it is a collection with members."""
        text = about(self.repository.query("pages/page-exists"), "thing", [ox.NamedNode(iri)])
        return ask(self.store, about(text, "collection", [ox.Literal(iri + "/")]))

    def describe(self, thing: str, page: int = 1) -> Description | None:
        """Everything said of the thing with this IRI, with this page of what points to it.

        None if it occurs nowhere, or has no such page.
        """
        statements = self.statements([thing])
        found = self._incoming(thing, page)
        if not found and (page > 1 or not statements):
            return None
        incoming = found[:MOST_POINTING]
        groups = self._groups(incoming)
        subjects = _detailed(groups)
        evidence = self._evidence([thing, *subjects])
        quotations = sorted({found.quotation for founds in evidence.values() for found in founds})
        details = self.statements([*subjects, *quotations])
        said = [*statements, *incoming, *details]
        return Description(
            thing=thing,
            statements=statements,
            incoming=incoming,
            groups=groups,
            parts=_by_subject(details),
            evidence=evidence,
            names=self.names({thing, *iris(said), *(group.kind for group in groups if group.kind)}),
            traits=self.traits({s.predicate for s in said}),
            cut=len(found) > MOST_POINTING,
            page=page,
        )

    def collection(self, iri: str, page: int = 1) -> Collection | None:
        """This page of the things whose IRIs begin with ``iri`` and a slash; None if there are none."""
        text = window(self.repository.query("pages/page-members"), MOST_LISTED, page)
        kinds = _kinds(collect(select(self.store, about(text, "collection", [ox.Literal(iri + "/")]))))
        if not kinds:
            return None
        kept = dict(sorted(kinds.items())[:MOST_LISTED])
        wanted = {*kept, *(kind for found in kept.values() for kind in found)}
        return Collection(iri, kept, self.names(wanted), cut=len(kinds) > MOST_LISTED, page=page)

    def placed(self, said: Sequence[Statement]) -> list[Statement]:
        """The same statements, those that name no graph with the named graphs that make them."""
        bare = [s for s in said if not s.graphs and isinstance(s.subject, ox.NamedNode)]
        properties = [ox.NamedNode(iri) for iri in sorted({s.predicate for s in bare})]
        text = about(self.repository.query("pages/describe-places"), "property", properties)
        things = [ox.NamedNode(iri) for iri in sorted({s.subject.value for s in bare})]
        found = {s.quad: s.graphs for s in collect(self._batches(text, "thing", things))}
        return [replace(s, graphs=s.graphs or found.get(s.quad, ())) for s in said]

    def origins(self, graphs: Iterable[str]) -> list[Statement]:
        """What is said of named graphs: what they are and where they come from, with the names of that."""
        known = sorted(graphs)
        said = self.statements(known)
        beside = {s.value.value for s in said if isinstance(s.value, ox.NamedNode)} - set(known)
        return [*said, *self.placed(list(self.names(beside).statements(sorted(beside))))]

    def statements(self, things: Sequence[str]) -> list[Statement]:
        """What is said of the things, sorted."""
        return collect(self.about("pages/describe-statements", "thing", things))

    def names(self, iris: Iterable[str]) -> Names:
        """The names of all these things, in all languages."""
        names = Names()
        for row in self.about("pages/describe-labels", "thing", sorted(iris)):
            label = row["label"]
            if isinstance(label, ox.Literal):
                thing, rank = value_of(row["thing"]), int(value_of(row["rank"]))
                names.add(thing, rank, value_of(row["property"]), label)
        return names

    def traits(self, properties: Iterable[str]) -> Traits:
        """How pages treat these properties."""
        roles: dict[str, set[str]] = defaultdict(set)
        orders: dict[str, int] = {}
        for row in self.about("pages/describe-properties", "thing", sorted(properties)):
            if row["role"] is not None:
                roles[value_of(row["thing"])].add(value_of(row["role"]))
            if row["order"] is not None:
                orders[value_of(row["thing"])] = int(value_of(row["order"]))
        return Traits({iri: frozenset(found) for iri, found in roles.items()}, orders)

    def about(self, query: str, variable: str, iris: Sequence[str]) -> Iterator[Row]:
        """The rows of ``queries/<query>.rq`` asked about these things."""
        return self.rows(query, variable, [ox.NamedNode(iri) for iri in iris])

    def rows(self, query: str, variable: str, terms: Sequence[ox.NamedNode | ox.Literal]) -> Iterator[Row]:
        """The rows of ``queries/<query>.rq`` with these terms for its variable, asked in batches."""
        return self._batches(self.repository.query(query), variable, terms)

    def _batches(self, text: str, variable: str, terms: Sequence[ox.NamedNode | ox.Literal]) -> Iterator[Row]:
        for start in range(0, len(terms), _BATCH):
            yield from select(self.store, about(text, variable, terms[start : start + _BATCH]))

    def _incoming(self, thing: str, page: int) -> list[Statement]:
        """One page of what points to the thing, and one more statement if others follow."""
        text = window(self.repository.query("pages/describe-incoming"), MOST_POINTING, page)
        rows = (
            {
                "thing": row["subject"],
                "property": row["property"],
                "value": row["thing"],
                "graph": row["graph"],
            }
            for row in select(self.store, about(text, "thing", [ox.NamedNode(thing)]))
        )
        return sorted(collect(rows), key=lambda statement: (statement.predicate, statement.subject.value))

    def _groups(self, incoming: Sequence[Statement]) -> list[Group]:
        """What points to the thing by property and kind, reasoning left out."""
        stated = [statement for statement in incoming if not statement.inferred]
        subjects = sorted({s.subject.value for s in stated if isinstance(s.subject, ox.NamedNode)})
        kinds = _kinds(collect(self.about("pages/describe-kinds", "thing", subjects)))
        found: dict[tuple[str, str], list[ox.NamedNode | ox.BlankNode]] = defaultdict(list)
        for statement in stated:
            kind = next(iter(kinds.get(statement.subject.value, [])), "")
            found[statement.predicate, kind].append(statement.subject)
        traits = self.traits({iri for pair in found for iri in pair if iri})
        groups = [Group(property_, kind, things) for (property_, kind), things in found.items()]
        return sorted(groups, key=lambda group: (traits.order(group.predicate), traits.order(group.kind)))

    def _evidence(self, things: Sequence[str]) -> dict[str, list[Evidence]]:
        found: dict[str, list[Evidence]] = defaultdict(list)
        for row in self.about("pages/describe-evidence", "thing", things):
            words = row["words"]
            evidence = Evidence(
                quotation=value_of(row["quotation"]),
                words=value_of(words),
                language=(words.language or "") if isinstance(words, ox.Literal) else "",
                source=value_of(row["source"]),
                line_start=value_of(row["lineStart"]),
                line_end=value_of(row["lineEnd"]),
                page=value_of(row["page"]),
            )
            found[value_of(row["thing"])].append(evidence)
        return dict(found)


def _detailed(groups: Iterable[Group]) -> list[str]:
    """The things in the groups that are told in full, each once."""
    subjects = (
        s.value for group in groups if group.detailed for s in group.subjects if isinstance(s, ox.NamedNode)
    )
    return list(dict.fromkeys(subjects))


def _by_subject(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[statement.subject.value].append(statement)
    return dict(found)


def _kinds(statements: Iterable[Statement]) -> dict[str, list[str]]:
    """The classes that things are said to be of, reasoning left out, by thing."""
    found: dict[str, list[str]] = defaultdict(list)
    for statement in statements:
        if not statement.inferred and isinstance(statement.value, ox.NamedNode):
            found[statement.subject.value].append(statement.value.value)
    return dict(found)
