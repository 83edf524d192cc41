"""Sentences for readers, in nb, nn and en.

A sentence is written once, in English, where it arises: ``message("No such file: {path}", path=path)``.
It is translated only when it is shown, from the gettext catalogues in ``locale/``. The catalogues are
read as ``.po`` text, so that what is reviewed in git is what runs; there is no compile step to forget.

The help of the commands stands beside them, in ``help.po``. What click says of its own accord stands in
``click.po``: it asks gettext itself, and that reads only the compiled ``click.mo``; a test compares the two.
"""

from __future__ import annotations

import gettext
import os
import re
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from io import BytesIO

LANGUAGES = ("nb", "nn", "en")
SOURCE_LANGUAGE = "en"
HELP = "help"
"""The catalogue of the help of commands."""

_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr|msgstr\[\d\])\s+)?"(.*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_MAGIC, _HEAD = 0x950412DE, 28
_SENTENCES, _CLICK = "messages", "click"
_CHOICE = "LANGUAGE"
_spoken_by_click: ContextVar[str] = ContextVar("bibgraph.language", default=SOURCE_LANGUAGE)


def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of one language; English, the language of the sources, has none of its own."""
    return _read(language, _SENTENCES)


@lru_cache
def _read(language: str, catalogue: str) -> gettext.NullTranslations:
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    path = resources.files("bibgraph") / "locale" / language / "LC_MESSAGES" / f"{catalogue}.po"
    return gettext.GNUTranslations(BytesIO(compiled(path.read_text("utf-8"))))


def compiled(text: str) -> bytes:
    """The content of a ``.po`` file as that of the ``.mo`` file that gettext wants.

    Babel does this too, but takes longer to load than a small check to run; a test compares.
    """
    entries = sorted((key.encode(), value.encode()) for key, value in _entries(text).items())
    texts, table = b"", [b"", b""]
    start = _HEAD + 16 * len(entries)
    for number in (0, 1):
        for entry in entries:
            table[number] += struct.pack("<II", len(entry[number]), start + len(texts))
            texts += entry[number] + b"\0"
    head = (_MAGIC, 0, len(entries), _HEAD, _HEAD + 8 * len(entries), 0, 0)
    return struct.pack("<7I", *head) + table[0] + table[1] + texts


def _entries(text: str) -> dict[str, str]:
    """Translations by sentence, several forms of either parted by NUL; what is fuzzy or obsolete left out."""
    listed: list[dict[str, str]] = [{}]
    fuzzy = False
    key = ""
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if line.startswith("#,"):
            fuzzy = "fuzzy" in line
        if match is None:
            continue
        if match[1] == "msgid":
            listed.append({"fuzzy": "yes"} if fuzzy else {})
            fuzzy = False
        key = match[1] or key
        said = _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), match[2])
        listed[-1][key] = listed[-1].get(key, "") + said
    entries = {}
    for entry in listed:
        forms = [value for name, value in sorted(entry.items()) if name.startswith("msgstr")]
        if any(forms) and "fuzzy" not in entry:
            one = [entry[name] for name in ("msgid", "msgid_plural") if name in entry]
            entries["\0".join(one)] = "\0".join(forms)
    return entries


@contextmanager
def click_speaks(language: str) -> Iterator[None]:
    """Have click speak ``language`` (``nb``, ``nn``, ``en``) meanwhile, which is then what is ``spoken``.

    It takes its words from gettext's own functions. These know one default domain, files, and the
    environment's ``LANGUAGE``: all is put back afterwards.
    """
    before = _spoken_by_click.set(language)
    domain, choice = gettext.textdomain(), os.environ.get(_CHOICE)
    gettext.bindtextdomain(_CLICK, str(resources.files("bibgraph") / "locale"))
    gettext.textdomain(_CLICK)
    os.environ[_CHOICE] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop(_CHOICE)
        if choice is not None:
            os.environ[_CHOICE] = choice
        _spoken_by_click.reset(before)


def spoken() -> str:
    """The language that click speaks now."""
    return _spoken_by_click.get()


def translate(sentence: str, language: str, values: Mapping[str, object], catalogue: str = _SENTENCES) -> str:
    """``sentence`` in ``language`` (``nb``, ``nn``, ``en``), its ``{names}`` filled from ``values``."""
    text = _read(language, catalogue).gettext(sentence) if sentence else ""
    filled = {name: _spoken(value, language) for name, value in values.items()}
    return text.format(**filled) if filled else text


def _spoken(value: object, language: str) -> object:
    """A value as it stands in sentences in ``language``: in Norwegian numbers have a comma."""
    if isinstance(value, Message):
        return value.text(language)
    return _WithComma(value) if isinstance(value, float) and language != SOURCE_LANGUAGE else value


class _WithComma(float):
    """A number that is written with a comma."""

    def __format__(self, form: str, /) -> str:
        return super().__format__(form).replace(".", ",")


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
