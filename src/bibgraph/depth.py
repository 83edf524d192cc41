"""How deep an answer is built, seen before it is parsed: what is too deep ends the whole process."""

from __future__ import annotations

import re

DEEPEST = 50
"""So many brackets may be open at one time. Rows of texts have five; a triple in a triple, two more."""

_JSON = b'{}[]"'
_NOT_JSON = bytes(set(range(256)) - set(_JSON))
_ANGLES = b"<>"
_NOT_ANGLES = bytes(set(range(256)) - set(_ANGLES))
_TEXT_WITH_BRACKETS = re.compile(rb'"[^"]*+"')
_NO_TERMS = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    rb'|"(?:[^"\\\n\r]|\\.)*+"'
    rb"|'(?:[^'\\\n\r]|\\.)*+'"
    rb"|<[^<>\"{}|^`\x00-\x20]*+>|\\.|#[^\n\r]*+",
    re.DOTALL,
)
"""What may hold angle brackets that open no triple: texts, IRIs, escapes and comments."""


def deep_json(content: bytes) -> bool:
    """Whether JSON in UTF-8 has more brackets open at one time than it may, or brackets without partners."""
    # All of it is left to what Python does with whole byte strings, which takes little beside the parsing.
    if b"\\" in content:
        content = content.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = content.translate(None, _NOT_JSON).replace(b'""', b"")
    return _deep(_TEXT_WITH_BRACKETS.sub(b"", brackets), b"{}", b"[]")


def deep_triples(content: bytes) -> bool:
    """Whether Turtle or N-Triples has more triples in one another than it may."""
    if content.count(b"<<") <= DEEPEST:
        return False
    return _deep(_NO_TERMS.sub(b"", content).translate(None, _NOT_ANGLES), b"<<>>")


def _deep(brackets: bytes, *pairs: bytes) -> bool:
    """Whether brackets are left when the innermost pairs were taken out as often as they may be nested."""
    for _ in range(DEEPEST):
        before = len(brackets)
        for pair in pairs:
            brackets = brackets.replace(pair, b"")
        if len(brackets) == before:
            break
    return bool(brackets)
