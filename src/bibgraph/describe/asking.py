"""Ask a store about things, with a handful of queries however much is said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from bibgraph.describe.description import Collection, Description, Evidence, Group
from bibgraph.describe.names import Names, Traits
from bibgraph.describe.statements import Row, Statement, about, ask, collect, iris, select, value_of
from bibgraph.repository import Repository
from bibgraph.store import SparqlStore

MOST_LISTED = 2000
"""So many links to a thing, or members of a collection, are listed at most."""

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

    def describe(self, thing: str) -> Description | None:
        """Everything said of the thing with this IRI; None if it occurs nowhere."""
        statements = self.statements([thing])
        incoming = self._incoming(thing)
        if not statements and not incoming:
            return None
        groups = self._groups(incoming[:MOST_LISTED])
        subjects = _detailed(groups)
        evidence = self._evidence([thing, *subjects])
        quotations = sorted({found.quotation for founds in evidence.values() for found in founds})
        details = self.statements([*subjects, *quotations])
        said = [*statements, *incoming, *details]
        return Description(
            thing=thing,
            statements=statements,
            incoming=incoming[:MOST_LISTED],
            groups=groups,
            parts=_by_subject(details),
            evidence=evidence,
            names=self.names({thing, *iris(said), *(group.kind for group in groups if group.kind)}),
            traits=self.traits({s.predicate for s in said}),
            cut=len(incoming) > MOST_LISTED,
        )

    def collection(self, iri: str) -> Collection | None:
        """The things whose IRIs begin with ``iri`` and a slash, at most 2000; None if there are none."""
        rows = collect(self.rows("pages/page-members", "collection", [ox.Literal(iri + "/")]))
        kinds = _kinds(rows)
        if not kinds:
            return None
        kept = dict(sorted(kinds.items())[:MOST_LISTED])
        wanted = {*kept, *(kind for found in kept.values() for kind in found)}
        return Collection(iri, kept, self.names(wanted), cut=len(kinds) > MOST_LISTED)

    def statements(self, things: Sequence[str]) -> list[Statement]:
        """What is said of the things, sorted."""
        return collect(self.about("pages/describe-statements", "thing", things))

    def names(self, iris: Iterable[str]) -> Names:
        """The names of all these things, in all languages."""
        names = Names()
        for row in self.about("pages/describe-labels", "thing", sorted(iris)):
            label = row["label"]
            if isinstance(label, ox.Literal):
                names.add(
                    value_of(row["thing"]), int(value_of(row["rank"])), value_of(row["property"]), label
                )
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
        text = self.repository.query(query)
        for start in range(0, len(terms), _BATCH):
            yield from select(self.store, about(text, variable, terms[start : start + _BATCH]))

    def _incoming(self, thing: str) -> list[Statement]:
        return collect(
            {
                "thing": row["subject"],
                "property": row["property"],
                "value": row["thing"],
                "graph": row["graph"],
            }
            for row in self.about("pages/describe-incoming", "thing", [thing])
        )

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
