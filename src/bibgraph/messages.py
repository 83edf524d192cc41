"""Sentences for readers, in nb, nn and en.

A sentence is written once, in English, where it arises: ``message("No such file: {path}", path=path)``.
It is translated only when it is shown, from the gettext catalogues in ``locale/``. The catalogues are
read as ``.po`` text, so that what is reviewed in git is what runs; there is no compile step to forget.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("nb", "nn", "en")
SOURCE_LANGUAGE = "en"


@lru_cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of one language; English, the language of the sources, has none of its own."""
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    path = resources.files("bibgraph") / "locale" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(sentence: str, language: str, values: Mapping[str, object]) -> str:
    """``sentence`` in ``language`` (``nb``, ``nn``, ``en``), its ``{names}`` filled from ``values``."""
    text = translations(language).gettext(sentence) if sentence else ""
    filled = {
        name: value.text(language) if isinstance(value, Message) else value for name, value in values.items()
    }
    return text.format(**filled) if filled else text


@dataclass(frozen=True)
class Message:
    """A sentence with its values, not yet in any language; a value may itself be a message."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The sentence in ``language``: ``nb``, ``nn`` or ``en``."""
        return translate(self.sentence, language, self.values)

    def __str__(self) -> str:
        return self.text(SOURCE_LANGUAGE)


def message(sentence: str, /, **values: object) -> Message:
    """Mark ``sentence`` for translation; Babel extracts calls of this name."""
    return Message(sentence, values)
