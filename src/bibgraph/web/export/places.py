"""Files that a site without a server has in place of what a server does: redirects, sitemap, marks."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from urllib.parse import unquote

from bibgraph.messages import message
from bibgraph.web.export.addresses import relative
from bibgraph.web.export.crawl import Found, Page
from bibgraph.web.export.pages import NOT_FOUND, Links
from bibgraph.web.vocabulary.ontology import PATH as ONTOLOGY
from bibgraph.web.vocabulary.shapes import PATH as SHAPES

_INDEX = "index.html"
_STUB = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={link}">
<link rel="canonical" href="{whole}">
<p><a href="{link}">{title}</a></p>
</html>
"""
_MAP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
)
_WELL_KNOWN = "/.well-known/"


def redirects(folder: Path, pages: Iterable[Page], links: Links, language: str) -> None:
    """At each address without an ending, and at each thing's IRI, a page that leads on.

    The ontology and the shapes stand there whole: their terms' IRIs have fragments, which would be lost.
    """
    for page in pages:
        address = page.address
        if address.language or address.query or address.path in ("/", NOT_FOUND):
            continue
        place = unquote(address.path).strip("/")
        if address.path in (ONTOLOGY, SHAPES):
            links.put(folder, page, f"{place}/{_INDEX}")
            continue
        kind, slash, key = place.partition("/")
        for other in (place, f"id{slash}{key}") if kind == "doc" else (place,):
            _redirect(folder, other, page.file, links, language)


def _redirect(folder: Path, place: str, file: str, links: Links, language: str) -> None:
    path = folder / place / _INDEX
    path.parent.mkdir(parents=True, exist_ok=True)
    link = escape(relative(file, f"{place}/{_INDEX}"))
    title = escape(message("The page about {thing}", thing=place).text(language))
    whole = escape(links.address(file))
    path.write_text(_STUB.format(language=language, title=title, link=link, whole=whole), "utf-8", newline="")


def for_machines(folder: Path, found: Found, links: Links) -> None:
    """The sitemap, the rules for robots, the mark for GitHub Pages, well-known addresses without ending."""
    pages = sorted(page.file for page in found.pages if page.address.path != NOT_FOUND)
    entries = "".join(f"<url><loc>{escape(links.address(file))}</loc></url>\n" for file in pages)
    files = {
        "sitemap.xml": f"{_MAP}{entries}</urlset>\n",
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {links.address('sitemap.xml')}\n",
        ".nojekyll": "",
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8", newline="")
    for address, file in found.files.items():
        if address.path.startswith(_WELL_KNOWN) and not (folder / address.path.strip("/")).exists():
            (folder / address.path.strip("/")).write_bytes((folder / file).read_bytes())
