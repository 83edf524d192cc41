"""What the pages of the ontology show, in all languages: terms, codes, their use in the data, their rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bibgraph.describe import Describer, Names, Statement, Traits, collect, iris, value_of
from bibgraph.graph import Graph
from bibgraph.namespaces import ONTOLOGY, SKOS
from bibgraph.web.vocabulary.rules import Rules
from bibgraph.web.vocabulary.terms import (
    CLASSES,
    PROPERTIES,
    Entry,
    class_table,
    examples,
    iri_of_example,
    of_kind,
    plain_entry,
)
from bibgraph.web.vocabulary.uses import Uses

HEADER = str(ONTOLOGY).rstrip("#")
EXAMPLE = str(SKOS.example)
_SCHEME = str(SKOS.inScheme)


@dataclass(frozen=True)
class Known:
    """What the pages show.

    said: the statements about each term. classes, properties: their IRIs. codes: what is said of codes and
    code lists. examples: statements of the data that use a term.
    """

    said: Mapping[str, Sequence[Statement]]
    classes: Sequence[str]
    properties: Sequence[str]
    codes: Sequence[Statement]
    traits: Traits
    uses: Uses
    rules: Rules
    names: Names
    examples: Mapping[str, Sequence[Statement]]

    @classmethod
    def of(cls, graph: Graph, describer: Describer, statements: Sequence[Statement]) -> Known:
        """What there is to show of the ontology that ``statements`` make."""
        said = {iri: list(group) for iri, group in groupby(statements, key=lambda s: s.subject.value)}
        found = collect(describer.about("pages/page-ontology-codes", "ontology", [HEADER]))
        codes = [statement for statement in found if not statement.inferred]
        traits = describer.traits({s.predicate for s in (*statements, *codes)})
        classes, properties = (of_kind(said, kinds, traits) for kinds in (CLASSES, PROPERTIES))
        uses, rules = Uses.of(describer, properties), Rules(graph.repository.quads("shapes"))
        shown = examples([*classes, *properties], uses)
        told = describer.statements(sorted(set(shown.values())))
        names = _names(describer, [*statements, *codes, *told], rules, uses)
        of_terms = {iri: _example(iri, one, told) for iri, one in shown.items()}
        return cls(said, classes, properties, codes, traits, uses, rules, names, of_terms)

    @property
    def header(self) -> Entry:
        """What is said of the ontology itself."""
        return plain_entry(HEADER, self.said.get(HEADER, []), self.traits)

    def listed(self, terms: Iterable[str], language: str) -> list[Entry]:
        """Terms with what is said of them, by name, without their use."""
        entries = [plain_entry(iri, self.said[iri], self.traits) for iri in terms]
        return sorted(entries, key=lambda it: (self.names.of(it.iri, language).text.casefold(), it.iri))

    def entry(self, iri: str) -> Entry:
        """A term with all that there is to show of it, as it is read in the reader's language."""
        is_property = iri in self.properties
        return replace(
            plain_entry(iri, self.said[iri], self.traits),
            uses=self.uses.count(iri),
            table=class_table(iri, self.rules, self.uses) if iri in self.classes else (),
            on=self.uses.kinds(iri) if is_property else (),
            to=self.uses.ends(iri) if is_property else (),
            rules=self.rules.about(iri),
            example=self.examples.get(iri, ()),
        )

    def schemes(self) -> list[tuple[Entry, list[Entry]]]:
        """The code lists, each with its codes."""
        said = {iri: list(group) for iri, group in groupby(self.codes, key=lambda s: s.subject.value)}
        members: dict[str, list[Entry]] = {
            iri: [] for iri, found in said.items() if not any(s.predicate == _SCHEME for s in found)
        }
        for iri, found in said.items():
            for scheme in (value_of(s.value) for s in found if s.predicate == _SCHEME):
                kept = [s for s in found if s.predicate != _SCHEME]
                members.setdefault(scheme, []).append(plain_entry(iri, kept, self.traits))
        return [
            (plain_entry(iri, said[iri], self.traits), codes)
            for iri, codes in sorted(members.items())
            if iri in said
        ]


def add_names(names: Names, rules: Rules) -> None:
    """Note what shapes are called, by sh:name."""
    for rule in rules.all.values():
        for text in rule.texts:
            names.add(rule.iri, 1, "", text)


def _names(describer: Describer, said: Sequence[Statement], rules: Rules, uses: Uses) -> Names:
    used = {iri for use in uses.rows for iri in (use.kind, use.property)}
    led = {joint.end for joint in uses.joints}
    shown = {iri_of_example(s.value) for s in said if s.predicate == EXAMPLE} - {""}
    names = describer.names({HEADER, *iris(said), *rules.iris(), *used, *led, *shown})
    add_names(names, rules)
    return names


def _example(term: str, thing: str, told: Sequence[Statement]) -> list[Statement]:
    """What the example says with the term: the statements by a property, or that it is of a class."""
    own = [s for s in told if s.subject.value == thing and not s.inferred]
    return [s for s in own if term in (s.predicate, value_of(s.value))]
