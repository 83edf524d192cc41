"""Terms of an ontology as readers meet them: texts, alignment, properties, rules, an example."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bibgraph.describe import Statement, Term, Traits, reading, value_of
from bibgraph.messages import Message, message
from bibgraph.namespaces import ONTOLOGY, OWL, RDF, RDFS, SH
from bibgraph.web.http.reader import reader
from bibgraph.web.vocabulary.rules import Rule, Rules
from bibgraph.web.vocabulary.uses import Use, Uses

CLASSES = {str(OWL.Class), str(RDFS.Class)}
PROPERTIES = {
    str(OWL.ObjectProperty),
    str(OWL.DatatypeProperty),
    str(OWL.AnnotationProperty),
    str(RDF.Property),
}
_APART = ("name", "lead", "kind", "home")
_DEPRECATED = str(OWL.deprecated)
_MANDATORY = message("mandatory")
_RECOMMENDED = message("recommended")
_OPTIONAL = message("optional")


@dataclass(frozen=True)
class Row:
    """A property of a class: how far it is asked for, how often, what values, and its use in the data."""

    property: str
    level: Message
    often: str
    values: Sequence[str]
    use: Use | None
    rules: Sequence[Rule]


@dataclass(frozen=True)
class Entry:
    """A class, a property or the ontology itself, as it is read.

    kinds: what the term is. rows: what is said of it, by property. uses: in the data. table: the properties
    of a class. on, to: of a property, the classes it is used on, and those it leads to. example: statements
    of one thing.
    """

    iri: str
    kinds: Sequence[str]
    lead: Sequence[Statement]
    rows: Sequence[tuple[str, Sequence[Statement]]]
    uses: int = 0
    table: Sequence[Row] = ()
    on: Sequence[Use] = ()
    to: Sequence[str] = ()
    rules: Sequence[Rule] = ()
    example: Sequence[Statement] = ()
    deprecated: bool = False

    @property
    def key(self) -> str:
        """Its name inside the ontology, the fragment of its IRI."""
        return self.iri.removeprefix(str(ONTOLOGY))


def plain_entry(iri: str, statements: Sequence[Statement], traits: Traits) -> Entry:
    """What is said of ``iri``, without its use."""
    rows = reading(statements, traits, reader().language)
    kinds = [value_of(s.value) for s in statements if traits.has(s.predicate, "kind")]
    lead = next((said for property_, said in rows if traits.has(property_, "lead")), [])
    kept = [row for row in rows if not any(traits.has(row[0], role) for role in _APART)]
    gone = any(s.predicate == _DEPRECATED and value_of(s.value) in ("true", "1") for s in statements)
    return Entry(iri, kinds, lead, kept, deprecated=gone)


def class_table(iri: str, rules: Rules, uses: Uses) -> list[Row]:
    """The properties of a class: those that its rules speak of, and those that its things have."""
    asked: dict[str, list[Rule]] = {}
    for rule in rules.for_class(iri):
        if len(rule.path) == 1:
            asked.setdefault(rule.path[0], []).append(rule)
    used = uses.properties(iri)
    rows = [
        _row(iri, property_, asked.get(property_, []), used.get(property_), uses)
        for property_ in dict.fromkeys((*asked, *used))
    ]
    return sorted(rows, key=lambda row: _LEVELS.index(row.level))


_LEVELS = (_MANDATORY, _RECOMMENDED, _OPTIONAL)


def _row(kind: str, property_: str, asked: Sequence[Rule], use: Use | None, uses: Uses) -> Row:
    needed = [rule for rule in asked if int(rule.value("minCount") or rule.value("qualifiedMinCount") or 0)]
    strict = [rule for rule in needed if rule.severity == str(SH.Violation)]
    level = _MANDATORY if strict else _RECOMMENDED if needed else _OPTIONAL
    most = min((int(rule.value("maxCount")) for rule in asked if rule.value("maxCount")), default=None)
    least = max((int(rule.value("minCount") or 1) for rule in strict), default=0)
    often = str(least) if least == most else f"{least}–{'*' if most is None else most}"
    values = {rule.value(name) for rule in asked for name in ("class", "datatype")} - {""}
    return Row(property_, level, often, sorted(values) or uses.ends(property_, kind), use, asked)


def examples(entries: Iterable[str], uses: Uses) -> dict[str, str]:
    """One thing for each term that the data uses."""
    found = {iri: uses.example(iri) for iri in entries}
    return {iri: one for iri, one in found.items() if one}


def of_kind(said: Mapping[str, Sequence[Statement]], kinds: set[str], traits: Traits) -> list[str]:
    """The terms of the ontology that are said to be of one of these kinds."""
    return [
        iri
        for iri, statements in said.items()
        if iri.startswith(str(ONTOLOGY))
        and any(traits.has(s.predicate, "kind") and value_of(s.value) in kinds for s in statements)
    ]


def iri_of_example(term: Term) -> str:
    """The IRI that an example of a term names; empty if it is a text."""
    text = value_of(term)
    return text if text.startswith(("https://", "http://")) and " " not in text else ""
