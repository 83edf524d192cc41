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


@dataclass(frozen=True)
class Finding:
    """One fault or remark.

    rule: the IRI or id of the shape, lint query or check that speaks.
    message: the sentence by language tag, or a ``Message``.
    thing: IRI of the focus node; label: its name, empty if it has none; path, value: as N-Triples or
    shortened IRIs, empty where they do not apply. file: repository path; line, column: from 1, 0 if unknown.
    """

    rule: str
    severity: Severity
    message: Mapping[str, str] | Message
    thing: str = ""
    label: str = ""
    path: str = ""
    value: str = ""
    file: str = ""
    line: int = 0
    column: int = 0

    def text(self, language: str) -> str:
        """The message in ``language``, else in the first language it is to be had in."""
        if isinstance(self.message, Message):
            return self.message.text(language)
        for wanted in (language, *LANGUAGES):
            if wanted in self.message:
                return self.message[wanted]
        return next(iter(self.message.values()), "")
