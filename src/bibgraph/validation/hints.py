"""What may help with a result of SHACL beyond its message: what was perhaps meant, and the right form."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from bibgraph.findings import Text
from bibgraph.messages import Message, message
from bibgraph.namespaces import RDF, SH, shorten
from bibgraph.suggestions import nearest
from bibgraph.validation.facts import Facts, Listed, shown
from bibgraph.validation.forms import example, right_form, variants
from bibgraph.validation.results import Result
from bibgraph.validation.terms import show
from bibgraph.validation.triples import Term, is_node, text_of

_MOST_CANDIDATES = 1000
_MOST_SEARCHES = 100
"""Looking for the nearest of many things takes milliseconds; past so many faults it helps nobody."""
_ALIKE = 0.8
_ADDRESS = re.compile(r"(?:https?|urn|mailto|ftp):[^\s<>\"{}|^`\\]+")


class Adviser:
    """Gives hints; the same to the same results in the same order."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._searches = 0
        self._instances: dict[tuple[Term, ...], list[str]] = {}

    def hint(self, result: Result) -> Text | None:
        """The hint for a result; the description of its shape where nothing else is to be said."""
        maker = _HINTS.get(result.kind)
        return (maker(self, result) if maker else None) or self._facts.description(result) or None

    def of_class(self, result: Result) -> Message | None:
        """The value is no thing, does not exist, or has another class."""
        if isinstance(result.value, ox.Literal):
            return _as_address(result.value)
        if result.value is None:
            return None
        value = (
            show(result.value)
            if isinstance(result.value, ox.NamedNode)
            else message("The thing in this place")
        )
        classes = self._facts.parameters(result, SH["class"])
        types = self._facts.stated(result.value, RDF.type)
        if types:
            return message("{value} exists, but as {classes}.", value=value, classes=shown(types))
        if self._facts.stated(result.value):
            wanted = show(classes[0]) if classes else ""
            return message(
                "{value} exists, but no class is stated of it: add «a {wanted}» to it.",
                value=value,
                wanted=wanted,
            )
        near = self._nearest_thing(result)
        if near:
            return message("There is no {value}. Did you mean {near}?", value=value, near=near)
        return message("There is no {value}: correct the address, or describe the thing.", value=value)

    def of_datatype(self, result: Result) -> Message | None:
        """The value in the right form, else an example of it."""
        datatype = self._facts.number(result, SH.datatype)
        if isinstance(result.value, ox.Literal):
            right = right_form(result.value, datatype)
            if right and right != show(result.value):
                return message("Write {right} instead of {wrong}.", right=right, wrong=show(result.value))
        like = example(datatype)
        return message("It is written so: {example}", example=like) if like else None

    def of_kind(self, result: Result) -> Message | None:
        """A text that is an address is to be written as one."""
        kinds = self._facts.parameters(result, SH.nodeKind)
        if isinstance(result.value, ox.Literal) and not any(is_node(kind, SH.Literal) for kind in kinds):
            return _as_address(result.value)
        return None

    def of_pattern(self, result: Result) -> Message | None:
        """The value in another way of writing that fits."""
        pattern, flags = (self._facts.number(result, each) for each in (SH.pattern, SH.flags))
        if not isinstance(result.value, ox.Literal):
            return None
        try:
            fits = re.compile(pattern, re.IGNORECASE if "i" in flags else 0)
        except re.error:
            return None
        right = next((each for each in variants(result.value.value) if fits.search(each)), "")
        return message("Did you mean {near}?", near=str(ox.Literal(right))) if right else None

    def of_language(self, result: Result) -> Message | None:
        """The text with a mark of its language."""
        languages = [text_of(each) for each in self._facts.members(result, SH.languageIn)]
        if not isinstance(result.value, ox.Literal) or not languages:
            return None
        right = f"{ox.Literal(result.value.value)}@{languages[0]}"
        if result.value.language:
            return message(
                "It is marked as {language}; mark it as what it is, such as {right}.",
                language=result.value.language,
                right=right,
            )
        return message("Write {right} instead of {wrong}.", right=right, wrong=show(result.value))

    def of_repeated_language(self, result: Result) -> Message | None:
        """Which languages have more than one text."""
        if not isinstance(result.path, ox.NamedNode):
            return None
        tags = [
            quad.object.language
            for quad in self._facts.stated(result.focus, result.path.value)
            if isinstance(quad.object, ox.Literal) and quad.object.language
        ]
        repeated = sorted({tag for tag in tags if tags.count(tag) > 1})
        if not repeated:
            return None
        return message("There is more than one text in {languages}.", languages=", ".join(repeated))

    def of_allowed(self, result: Result) -> Message | None:
        """The allowed value that looks like the one written."""
        allowed = self._facts.members(result, SH["in"])
        if result.value is None:
            return None
        plain = [show(each) for each in allowed if each.value.casefold() == result.value.value.casefold()]
        near = plain[:1] or self._near(show(result.value), [show(each) for each in allowed])
        return message("Did you mean {near}?", near=near[0]) if near else None

    def of_closed(self, result: Result) -> Message | None:
        """The property of the shape that looks like the one written, else all that it has."""
        properties = [shorten(each) for each in self._facts.allowed_properties(result)]
        if not isinstance(result.path, ox.NamedNode) or not properties:
            return None
        near = self._near(show(result.path), properties)
        if near:
            return message("Did you mean {near}?", near=near[0])
        return message("Its properties are: {listed}.", listed=Listed("", items=tuple(properties)))

    def of_missing(self, result: Result) -> Message | None:
        """A property that the thing has and nobody asks for, spelt much like the missing one."""
        if not isinstance(result.path, ox.NamedNode):
            return None
        wanted = _local(result.path.value)
        for predicate in dict.fromkeys(quad.predicate.value for quad in self._facts.stated(result.focus)):
            other = predicate != result.path.value and not self._facts.is_asked_for(predicate)
            if other and nearest(_local(predicate), [wanted], enough=_ALIKE):
                return message(
                    "There is {other} instead. Did you mean {near}?",
                    other=shorten(predicate),
                    near=show(result.path),
                )
        return None

    def of_order(self, result: Result) -> Message | None:
        """The values that this one is compared with."""
        others = self._facts.parameters(result, SH.lessThan, SH.lessThanOrEquals, SH.equals)
        stated = [quad for each in others for quad in self._facts.stated(result.focus, text_of(each))]
        if not stated:
            return None
        return message(
            "{other} is stated as {values}.", other=self._facts.names(others), values=shown(stated)
        )

    def _nearest_thing(self, result: Result) -> str:
        classes = tuple(self._facts.parameters(result, SH["class"]))
        if classes not in self._instances:
            self._instances[classes] = [
                shorten(each) for each in self._facts.instances(classes, _MOST_CANDIDATES)
            ]
        return next(iter(self._near(show(result.value), self._instances[classes])), "")

    def _near(self, word: str, allowed: list[str]) -> list[str]:
        self._searches += 1
        if self._searches > _MOST_SEARCHES:
            return []
        near = _nearest(word, allowed)
        return [near] if near else []


def _nearest(word: str, allowed: Iterable[str]) -> str:
    """The first that ``nearest`` would name, empty if there is none; many times as fast for many words.

    What difflib counts as matching stands in both words in the same order, so it is never longer than their
    longest common subsequence. That is found quickly, and leaves few words to be looked at closely.
    """
    by_folded = {each.casefold(): each for each in sorted(set(allowed), reverse=True)}
    wanted = word.casefold()
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(wanted)
    best = (_ALIKE, "")
    for most, folded in sorted(_at_most(wanted, by_folded), reverse=True):
        if most < best[0]:
            break
        matcher.set_seq1(folded)
        best = max(best, (matcher.ratio(), folded))
    return by_folded.get(best[1], "")


def _at_most(wanted: str, others: Iterable[str]) -> Iterator[tuple[float, str]]:
    """How alike each word can be at most, by the common subsequence, with a bit a letter (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for number, letter in enumerate(wanted):
        places[letter] = places.get(letter, 0) | 1 << number
    every = (1 << len(wanted)) - 1
    for other in others:
        free = every
        for letter in other:
            met = free & places.get(letter, 0)
            free = (free + met) | (free - met)
        common = len(wanted) - (free & every).bit_count()
        yield 2.0 * common / (len(wanted) + len(other) or 1), other


def _as_address(value: ox.Literal) -> Message:
    if _ADDRESS.fullmatch(value.value):
        return message(
            "Write {right} instead of {wrong}.", right=show(ox.NamedNode(value.value)), wrong=show(value)
        )
    return message("{value} is a text or another value; a reference to a thing is needed.", value=show(value))


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


_HINTS: dict[str, Callable[[Adviser, Result], Message | None]] = {
    "Class": Adviser.of_class,
    "Datatype": Adviser.of_datatype,
    "NodeKind": Adviser.of_kind,
    "Pattern": Adviser.of_pattern,
    "LanguageIn": Adviser.of_language,
    "UniqueLang": Adviser.of_repeated_language,
    "In": Adviser.of_allowed,
    "Closed": Adviser.of_closed,
    "MinCount": Adviser.of_missing,
    "Equals": Adviser.of_order,
    "LessThan": Adviser.of_order,
    "LessThanOrEquals": Adviser.of_order,
}
