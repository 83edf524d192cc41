"""XML as all feeds and exports write it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

_NOT_IN_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """A text without what XML 1.0 cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)


def add(parent: Element, name: str, text: str = "", attributes: Mapping[str, str] | None = None) -> Element:
    """A new element with a text, last in ``parent``."""
    made = SubElement(parent, name, {key: clean(value) for key, value in (attributes or {}).items()})
    made.text = clean(text) or None
    return made


def document(root: Element) -> bytes:
    """The document as UTF-8, an element a line; the same elements are the same bytes."""
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
