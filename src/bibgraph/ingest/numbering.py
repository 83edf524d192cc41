"""The numbers and bullets that Word puts before paragraphs of lists (ECMA-376, 17.9)."""

from __future__ import annotations

import re

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part as Package
from docx.oxml.ns import qn
from lxml import etree

from bibgraph.ingest.parts import BULLET

_VAL = qn("w:val")
_NUMBER_OF = f"{qn('w:pPr')}/{qn('w:numPr')}"
_DEEPEST = 9


class Numbering:
    """Counts along with a document: ask for its paragraphs in their order."""

    def __init__(self, part: Package) -> None:
        self._styles = _related(part, RELATIONSHIP_TYPE.STYLES)
        self._lists = _related(part, RELATIONSHIP_TYPE.NUMBERING)
        self._counted: dict[str, list[int]] = {}
        self._begun: set[str] = set()

    def before(self, paragraph: etree._Element) -> str:
        """What stands before the paragraph, with a blank after it; empty if it is in no list."""
        own = paragraph.find(_NUMBER_OF)
        found = own if own is not None else self._of_style(paragraph)
        if found is None:
            return ""
        number, level = (_value(found.find(qn(f"w:{name}"))) for name in ("numId", "ilvl"))
        at = int(level) if level.isdecimal() else 0
        listed = next((one for one in self._all("num") if one.get(qn("w:numId")) == number), None)
        if listed is None or at >= _DEEPEST:
            return ""
        kind = _value(listed.find(qn("w:abstractNumId")))
        defined = next(
            (one for one in self._all("abstractNum") if one.get(qn("w:abstractNumId")) == kind), None
        )
        levels = (
            {} if defined is None else {each.get(qn("w:ilvl")): each for each in defined.iter(qn("w:lvl"))}
        )
        described = levels.get(str(at))
        return "" if described is None else self._counts(listed, kind, described, at)

    def _counts(self, listed: etree._Element, kind: str, level: etree._Element, at: int) -> str:
        form = _value(level.find(qn("w:numFmt")))
        if form == "bullet":
            return f"{BULLET} "
        if form == "none":
            return ""
        start = _value(level.find(qn("w:start")))
        counted = self._counted.setdefault(kind, [0] * _DEEPEST)
        again = listed.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}")
        name = str(listed.get(qn("w:numId")))
        if again is not None and name not in self._begun:
            counted[at] = int(_value(again) or 1) - 1
        elif not counted[at]:
            counted[at] = int(start or 1) - 1
        self._begun.add(name)
        counted[at] += 1
        counted[at + 1 :] = [0] * (_DEEPEST - at - 1)
        printed = _value(level.find(qn("w:lvlText")))
        return re.sub(r"%(\d)", lambda found: str(counted[int(found[1]) - 1]), printed).strip() + " "

    def _of_style(self, paragraph: etree._Element) -> etree._Element | None:
        """The list that a paragraph's style is in, or one that the style is based on."""
        name = _value(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))
        seen: set[str] = set()
        while name and name not in seen and self._styles is not None:
            seen.add(name)
            style = next(
                (one for one in self._styles.iter(qn("w:style")) if one.get(qn("w:styleId")) == name), None
            )
            if style is None:
                return None
            found = style.find(_NUMBER_OF)
            if found is not None:
                return found
            name = _value(style.find(qn("w:basedOn")))
        return None

    def _all(self, name: str) -> list[etree._Element]:
        return [] if self._lists is None else list(self._lists.iterchildren(qn(f"w:{name}")))


def _value(element: etree._Element | None) -> str:
    return "" if element is None else str(element.get(_VAL) or "")


def _related(part: Package, kind: str) -> etree._Element | None:
    found = next((each for each in part.rels.values() if each.reltype == kind and not each.is_external), None)
    if found is None:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(found.target_part.blob, parser)
