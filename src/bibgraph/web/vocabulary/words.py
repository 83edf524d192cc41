"""The constraints of SHACL in words, one sentence each; its values stand where the sentence has its gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.describe import Term, value_of
from bibgraph.messages import Message, message
from bibgraph.namespaces import SH
from bibgraph.web.vocabulary.rules import Rule

_GAP = "\0"

_WORDS: dict[str, Message] = {
    "minCount": message("It is there at least {values} times.", values=_GAP),
    "maxCount": message("It is there at most {values} times.", values=_GAP),
    "class": message("Each value is a {values}.", values=_GAP),
    "datatype": message("Each value has the datatype {values}.", values=_GAP),
    "nodeKind": message("Each value is of the kind {values}.", values=_GAP),
    "minInclusive": message("Each value is {values} or more.", values=_GAP),
    "minExclusive": message("Each value is more than {values}.", values=_GAP),
    "maxInclusive": message("Each value is {values} or less.", values=_GAP),
    "maxExclusive": message("Each value is less than {values}.", values=_GAP),
    "minLength": message("Each value has at least {values} characters.", values=_GAP),
    "maxLength": message("Each value has at most {values} characters.", values=_GAP),
    "pattern": message("Each value fits the pattern {values}.", values=_GAP),
    "languageIn": message("Each text is in one of the languages {values}.", values=_GAP),
    "uniqueLang": message("There is at most one text in each language."),
    "equals": message("The values are the same as those of {values}.", values=_GAP),
    "disjoint": message("No value is also one of {values}.", values=_GAP),
    "lessThan": message("Each value comes before those of {values}.", values=_GAP),
    "lessThanOrEquals": message("No value comes after one of {values}.", values=_GAP),
    "hasValue": message("One of the values is {values}.", values=_GAP),
    "in": message("Each value is one of {values}.", values=_GAP),
    "node": message("It keeps the rule {values}.", values=_GAP),
    "and": message("It keeps all of the rules {values}.", values=_GAP),
    "or": message("It keeps at least one of the rules {values}.", values=_GAP),
    "xone": message("It keeps one, and only one, of the rules {values}.", values=_GAP),
    "not": message("It does not keep the rule {values}.", values=_GAP),
    "qualifiedValueShape": message("These values keep the rule {values}.", values=_GAP),
    "qualifiedMinCount": message("There are at least {values} such values.", values=_GAP),
    "qualifiedMaxCount": message("There are at most {values} such values.", values=_GAP),
    "sparql": message("The query {values} finds no fault with it.", values=_GAP),
    "closed": message("It has no other properties than those named here."),
    "ignoredProperties": message("These properties may be there besides: {values}.", values=_GAP),
}
_ONCE = message("It is there once, and no more.")
_AT_LEAST_ONCE = message("It is there at least once.")
_AT_MOST_ONCE = message("It is there at most once.")
_OTHER = message("Besides: {values}.", values=_GAP)
_COUNTS = ("minCount", "maxCount")
_ORDER = list(_WORDS)


@dataclass(frozen=True)
class Sentence:
    """What a shape asks, in one language: words, values, words."""

    before: str
    values: Sequence[Term] = ()
    after: str = ""


def sentences(rule: Rule, language: str) -> Iterator[Sentence]:
    """What a rule asks, how often things are there first."""
    said = {parameter.removeprefix(str(SH)): values for parameter, values in rule.conditions}
    least, most = (value_of(said[name][0]) if name in said else "" for name in _COUNTS)
    once = {("1", "1"): _ONCE, ("1", ""): _AT_LEAST_ONCE, ("", "1"): _AT_MOST_ONCE}.get((least, most))
    if once:
        yield Sentence(once.text(language))
    for name in sorted(said, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)):
        if (once and name in _COUNTS) or said[name] == [_FALSE]:
            continue
        before, gap, after = _WORDS.get(name, _OTHER).text(language).partition(_GAP)
        yield Sentence(before, said[name] if gap else (), after)


_FALSE = ox.Literal("false", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
