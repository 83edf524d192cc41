"""What the standard lets a query say and Oxigraph does not, or reads otherwise, put in words that it takes.

Nothing is parsed: tokens are enough. What cannot be put otherwise with certainty stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from bibgraph.sparql.scopes import Scopes
from bibgraph.sparql.tokens import Kind, Token, tokens
from bibgraph.sparql.words import FORMS

_HEX = "[0-9A-Fa-f]"
_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
# What does not end is read to where it would have to, so that no pattern begins anew at every sign.
_PARTS = re.compile(
    r"""
    (?P<kept> \#[^\r\n]*+
            | <[^\x00-\x20<>"{}|^`]*+>
            | \"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*+(?:\"\"\")? | '''(?:'{0,2}(?:[^'\\]|\\.))*+(?:''')?
            | "(?:[^"\\\r\n]|\\.)*+"? | '(?:[^'\\\r\n]|\\.)*+'? )
  | (?P<escape> \\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} )
    """,
    re.VERBOSE | re.DOTALL,
)
_BETWEEN = r"(?:\s|\#[^\r\n]{0,200}+[\r\n])*+"
_ALL = re.compile(rf"(?<![\w?$:@.-])SELECT{_BETWEEN}(?:(?:DISTINCT|REDUCED)\b{_BETWEEN})?\*", re.IGNORECASE)
_OTHERWISE = re.compile(r"\b(?:TRUE|FALSE|REPLACE)\b", re.IGNORECASE)
# For small letters, and with letters first: so they are found in a twentieth of the time.
_MAY_ASK_FOR_ALL = re.compile(rf"select{_BETWEEN}(?:(?:distinct|reduced)\b{_BETWEEN})?\*")
_MAY_REPLACE = re.compile(r"replace\b")
_ONE_GROUP = re.compile(r"\{([^{}()'\"#\\]*)\}[^{}'\"#\\]*\Z")
_ADDRESS = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*>")
_VARIABLE = re.compile(r"[?$](\w+)")
_IN_REPLACEMENT = re.compile(r"\\([\\$])|\$([0-9]+)")
_SHORT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_IN_TEXT = re.compile(rf"\\(?:u({_HEX}{{4}})|U({_HEX}{{8}})|(.))", re.DOTALL)
_GROUP = re.compile(r"\\.|\[(?:\^?\]|\^)?(?:\\.|[^\]\\])*+\]?|(\((?!\?))", re.DOTALL)


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def decoded(text: str) -> str:
    r"""The query with the characters that its escapes stand for (``\u0041``), outside texts and addresses.

    SPARQL 1.1, section 19.2, lets them stand anywhere. In texts and addresses every engine knows them.
    """
    return _PARTS.sub(_character, text) if "\\u" in text or "\\U" in text else text


def peculiar(text: str) -> bool:
    """Whether ``for_oxigraph`` may have something to change in what Oxigraph takes as it is."""
    letters = text.lower()
    return ("*" in text and _MAY_ASK_FOR_ALL.search(letters) is not None) or (
        ("$" in text or "\\" in text) and _MAY_REPLACE.search(letters) is not None
    )


def for_oxigraph(text: str) -> str:
    """The query as Oxigraph has to be told it.

    ``TRUE`` and ``FALSE`` are written small; ``*`` of SELECT is written out in the order in which the
    variables come, where Oxigraph goes by the alphabet; replacements of REPLACE have their groups and
    backslashes as its regular expressions want them (``$1c`` as ``${1}c``: XPath, section 5.6.4).
    """
    if not _OTHERWISE.search(text):
        return in_order(text)
    found = list(tokens(text))
    return in_order(_edited(text, (*_truths(found), *_replacements(found))))


def in_order(text: str) -> str:
    """The query with ``*`` of its SELECT written out: the variables in the order in which they come.

    The text must be one that ``guard.check`` takes.
    """
    if "*" not in text or not _ALL.search(text):
        return text
    return _written_out(text) or _edited(text, _columns(text, list(tokens(text))))


def _edited(text: str, edits: Iterable[_Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _character(match: re.Match[str]) -> str:
    if match["kept"]:
        return match["kept"]
    return character(int(match["escape"].lstrip("\\uU"), 16)) or match["escape"]


def character(code: int) -> str:
    """The character of a code point; empty for what is none, such as half of one (Unicode, D76)."""
    return "" if code > _LAST_CODE_POINT or code in _SURROGATES else chr(code)


def _written_out(text: str) -> str | None:
    """The same of a query that asks for all of one plain group of triples: there tokens are not needed."""
    plain = _ADDRESS.sub("<>", text)
    group = _ONE_GROUP.search(plain) if text.isascii() else None
    if group is None or "{" in plain[: group.start()] or not _ALL.search(plain, 0, group.start()):
        return None
    if len(_ALL.findall(text)) > 1:
        return None
    names = dict.fromkeys(_VARIABLE.findall(group[1]))
    return _ALL.sub(lambda match: f"{match[0][:-1]}{_listed(names)}", text) if names else None


def _listed(names: Iterable[str]) -> str:
    return f" {' '.join(f'?{name}' for name in names)} "


def _truths(found: Sequence[Token]) -> Iterator[_Edit]:
    for token in found:
        if token.is_word("TRUE", "FALSE"):
            yield _Edit(token.start, token.end, token.text.lower())


def _columns(text: str, found: Sequence[Token]) -> Iterator[_Edit]:
    """``*`` of the outermost SELECT as the variables in the order in which they come."""
    form = next((at for at, token in enumerate(found) if token.is_word(*FORMS)), len(found))
    asked = [token for token in found[form : form + 3] if not token.is_word("DISTINCT", "REDUCED")]
    if len(asked) < 2 or not asked[0].is_word("SELECT") or asked[1].text != "*":  # noqa: PLR2004  # both
        return
    known = _variables(text)
    met = dict.fromkeys(name for name in Scopes(text, found, whole=True).visible(form + 2) if name in known)
    if len(met) == len(known) > 1:
        yield _Edit(asked[1].start, asked[1].end, _listed(met))


def _variables(text: str) -> set[str]:
    """The variables of the answer, from a store without data, which has no work with it."""
    try:
        answer = ox.Store().query(text)
    except (SyntaxError, RuntimeError, OSError):  # which is told where the query is asked
        return set()
    return (
        {variable.value for variable in answer.variables} if isinstance(answer, ox.QuerySolutions) else set()
    )


def _replacements(found: Sequence[Token]) -> Iterator[_Edit]:
    for at, token in enumerate(found):
        if not token.is_word("REPLACE") or not found[at + 1 : at + 2] or found[at + 1].text != "(":
            continue
        _, pattern, given, flags = (*_arguments(found, at + 1), [], [], [], [])[:4]
        value, way = _value(given), _value(flags) if flags else ""
        if value is None or way is None:
            continue
        matched = _value(pattern)
        groups = None if matched is None else sum(1 for one in _GROUP.finditer(matched) if one[1])
        # With «q» no sign has a meaning.
        meant = value.replace("$", "$$") if "q" in way else _IN_REPLACEMENT.sub(_group(groups), value)
        if meant != value:
            yield _Edit(given[0].start, given[0].end, str(ox.Literal(meant)))


def _arguments(found: Sequence[Token], opening: int) -> Iterator[list[Token]]:
    """The tokens of each argument of the function whose bracket opens there."""
    depth = 1
    argument: list[Token] = []
    for token in found[opening + 1 :]:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if depth == 0 or (depth == 1 and token.text == ","):
            yield argument
            argument = []
        else:
            argument.append(token)
        if depth == 0:
            return


def _group(groups: int | None) -> Callable[[re.Match[str]], str]:
    """How a group, or an escaped sign, of a replacement is written for a pattern with so many groups."""

    def written(match: re.Match[str]) -> str:
        if match[1]:
            return "$$" if match[1] == "$" else "\\"
        digits, rest = match[2], ""
        while groups is not None and len(digits) > 1 and int(digits) > groups:
            digits, rest = digits[:-1], digits[-1] + rest
        return f"${{{digits}}}{rest}"

    return written


def _value(argument: Sequence[Token]) -> str | None:
    """The characters of an argument that is a plain text; None for another."""
    if len(argument) != 1 or argument[0].kind is not Kind.STRING:
        return None
    text = argument[0].text
    marks = 3 if text.startswith(('"""', "'''")) else 1
    return _IN_TEXT.sub(_meant, text[marks:-marks])


def _meant(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return character(int(code, 16)) or match[0] if code else _SHORT.get(match[3], match[3])
