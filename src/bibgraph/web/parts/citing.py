"""How to cite a page: as text, as BibTeX and as CSL-JSON (Citation Style Language 1.0.2)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_SHOWN = 16
_SPECIAL = re.compile(r"([&%$#_{}])")
NAME = "bibgraph"


@dataclass(frozen=True)
class Citation:
    """A thing as it is cited: what it is called, its IRI, and the version of the graph."""

    title: str
    iri: str
    version: str
    language: str

    @property
    def shown_version(self) -> str:
        """The version, as much of it as tells it from others."""
        return self.version[:_SHOWN]

    @property
    def key(self) -> str:
        """A key for lists of references."""
        return re.sub(r"[^A-Za-z0-9]+", "-", f"{NAME}-{self.iri.rpartition('/id/')[2]}").strip("-")

    def bibtex(self) -> str:
        """The entry for BibTeX; characters that TeX reads as commands are escaped."""
        rows = {
            "title": _SPECIAL.sub(r"\\\1", self.title.replace("\\", "/")),
            "howpublished": NAME,
            "version": self.shown_version,
            "url": self.iri,
        }
        told = ",\n".join(f"  {name} = {{{value}}}" for name, value in rows.items())
        return f"@misc{{{self.key},\n{told}\n}}"

    def csl(self) -> str:
        """The entry as CSL-JSON."""
        members = {
            "id": self.key,
            "type": "webpage",
            "title": self.title,
            "container-title": NAME,
            "version": self.shown_version,
            "language": self.language,
            "URL": self.iri,
        }
        return json.dumps([members], ensure_ascii=False, indent=2)
