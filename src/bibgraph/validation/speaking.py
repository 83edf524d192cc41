"""Results of SHACL as findings, in the shapes' own words or in ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pyoxigraph as ox

from bibgraph.findings import Finding, Severity, Text
from bibgraph.messages import SOURCE_LANGUAGE, Message
from bibgraph.namespaces import SH
from bibgraph.validation.facts import Facts
from bibgraph.validation.hints import Adviser
from bibgraph.validation.results import Result
from bibgraph.validation.sentences import sentence
from bibgraph.validation.stated import Asked
from bibgraph.validation.terms import full, show
from bibgraph.validation.triples import Term, Triples, text_of

_SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}
_SLOT = re.compile(r"\{[?$][^}]*\}")
_SPEAKS_ITSELF = (SH.message, SH.labelTemplate)
_VALIDATORS = (SH.validator, SH.nodeValidator, SH.propertyValidator)


def findings_of(results: Iterable[Result], shapes: Triples, data: Asked) -> list[Finding]:
    """The results without file and line, sorted; what only repeats another is left out.

    ``shapes`` and ``data`` are what the results are about; they tell what things and properties are called,
    and what may help.
    """
    speaker = _Speaker(shapes, Facts(shapes, data))
    found: dict[tuple[str, ...], tuple[Finding, Result]] = {}
    for result in sorted(results, key=lambda each: each.component):
        finding = speaker.finding(result)
        found.setdefault(_key(finding), (finding, result))
    adviser = Adviser(speaker.facts)
    return [
        replace(finding, hint=adviser.hint(result))
        for _, (finding, result) in sorted(found.items(), key=lambda item: item[0])
    ]


def _key(finding: Finding) -> tuple[str, ...]:
    said = (
        str(finding.message)
        if isinstance(finding.message, Message)
        else "".join(f"{language}{text}" for language, text in finding.message.items())
    )
    return finding.rule, finding.thing, finding.path, finding.value, said


class _Speaker:
    """Makes findings of results, with a look into the shapes that they come from."""

    def __init__(self, shapes: Triples, facts: Facts) -> None:
        self._shapes = shapes
        self.facts = facts
        self._rules: dict[Term, str] = {}
        self._own_words: dict[tuple[object, ...], bool] = {}

    def finding(self, result: Result) -> Finding:
        """A result as a finding without file, line and hint."""
        focus, path = result.focus, result.path
        return Finding(
            rule=self._rule(result.shape),
            severity=_SEVERITIES.get(result.severity, Severity.VIOLATION),
            message=self._message(result),
            thing=focus.value if isinstance(focus, ox.NamedNode) else show(focus),
            path=self.facts.path(result),
            value=show(result.value),
            component=result.component,
            full_path=self.facts.path(result, full) if isinstance(path, ox.BlankNode) else "",
        )

    def _message(self, result: Result) -> Text:
        """The shape's own words, if it or the query or component behind it has any."""
        sources = (result.shape, result.constraint, ox.NamedNode(result.component or SH.Nothing))
        if sources not in self._own_words:
            self._own_words[sources] = any(
                self._shapes.has(node, each) for node in self._sources(sources) for each in _SPEAKS_ITSELF
            )
        own = self._own_words[sources]
        return (own and self._messages(result)) or sentence(result, self.facts)

    def _sources(self, sources: Iterable[Term | None]) -> Iterator[Term]:
        for source in sources:
            if source is not None:
                yield source
                for validator in _VALIDATORS:
                    yield from self._shapes.objects(source, validator)

    def _messages(self, result: Result) -> Mapping[str, str]:
        """The texts of a result by language; of several in one language the first by alphabet."""
        if result.messages is None:
            return dict(sorted(self.facts.messages(result).items()))
        texts: dict[str, str] = {}
        for text in sorted(result.messages, key=text_of):
            if isinstance(text, ox.Literal):
                texts.setdefault(text.language or self._language_of(result, text.value), text.value)
        return dict(sorted(texts.items()))

    def _rule(self, shape: Term) -> str:
        if shape not in self._rules:
            self._rules[shape] = self._speaking_shape(shape)
        return self._rules[shape]

    def _speaking_shape(self, shape: Term) -> str:
        """The IRI of a shape; of a blank one, that of the shape it stands in."""
        seen: set[Term] = set()
        while isinstance(shape, ox.BlankNode) and shape not in seen:
            seen.add(shape)
            above: list[Term] = [subject for subject, _, _ in self._shapes.uses(shape)]
            shape = min(above, key=text_of, default=shape)
        return shape.value

    def _language_of(self, result: Result, text: str) -> str:
        """The language of the template that fits; pySHACL loses it when it fills values into a message."""
        for source in (result.constraint, result.shape):
            for template in self._shapes.objects(source, SH.message):
                fixed = _SLOT.split(text_of(template))
                pattern = re.compile(".*".join(re.escape(part) for part in fixed), re.DOTALL)
                if isinstance(template, ox.Literal) and template.language and pattern.fullmatch(text):
                    return template.language
        return SOURCE_LANGUAGE
