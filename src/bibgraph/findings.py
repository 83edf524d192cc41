"""What a check has to say about one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from bibgraph.messages import LANGUAGES, Message


class Severity(IntEnum):
    """SHACL's three severities (SHACL, section 2.1.4); a higher one is worse."""

    INFO = 1
    WARNING = 2
    VIOLATION = 3


Text = Mapping[str, str] | Message
"""Words for readers: by language tag, or a sentence that is yet to be translated."""

_NEAR = {"nb": ("no", "nn", "da", "sv", "en"), "nn": ("no", "nb", "da", "sv", "en"), "en": ("nb", "no", "nn")}
"""Which languages a reader of one of ours gets along with, the nearest first."""


@dataclass(frozen=True)
class Finding:
    """One fault or remark.

    rule: the IRI or id of the shape, lint query or check that speaks.
    message: what is to be put right; hint: what may help with it, None if there is nothing to add.
    thing: IRI of the focus node; label: its name, empty if it has none; path, value: as N-Triples or
    shortened IRIs, empty where they do not apply. file: repository path; line, column: from 1, 0 if unknown;
    end_line, end_column: where the term ends (the column after it), 0 if unknown.
    component: IRI of the SHACL constraint component, empty for other rules.
    full_path: a path of more than one property as SPARQL writes it, its IRIs in full.
    identity: what stands for thing and value where they are blank nodes, whose labels mean nothing.
    """

    rule: str
    severity: Severity
    message: Text
    thing: str = ""
    label: str = ""
    path: str = ""
    value: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    component: str = ""
    hint: Text | None = None
    full_path: str = ""
    identity: str = ""

    def text(self, language: str) -> str:
        """The message in ``language``, else in the nearest language it is to be had in."""
        return text_in(self.message, language)

    def advice(self, language: str) -> str:
        """The hint in ``language``, as the message; empty if there is none."""
        return text_in(self.hint, language) if self.hint is not None else ""


@dataclass(frozen=True)
class Criterion:
    """One rule that the data are measured by: its id as in ``Finding.rule``, its name and what it asks for.

    severity is that of its findings.
    """

    id: str
    severity: Severity
    name: Text
    text: Text


def text_in(text: Text, language: str) -> str:
    """``text`` in ``language``, else in the nearest language it is to be had in; empty if it has none."""
    if isinstance(text, Message):
        return text.text(language)
    for wanted in (language, *_NEAR.get(language, ()), *LANGUAGES):
        found = [tag for tag in sorted(text) if tag.casefold() == wanted]
        found += [tag for tag in sorted(text) if tag.casefold().startswith(f"{wanted}-")]
        if found:
            return text[found[0]]
    return text[min(text)] if text else ""
