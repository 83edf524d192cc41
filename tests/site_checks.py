"""What must hold of every exported site: all that its pages lead to is there, and no server is needed."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html

MADE_FOR = "export.invalid"


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def select(tree: html.HtmlElement, path: str) -> list[Any]:
    """What an XPath finds; of attributes, their texts."""
    found = tree.xpath(path)
    assert isinstance(found, list)
    return found


def links(page: Path) -> Iterator[str]:
    tree = html.fromstring(page.read_bytes())
    for name in ("href", "src", "action"):
        yield from map(str, select(tree, f"//@{name}"))
    for refresh in select(tree, "//meta[@http-equiv='refresh']/@content"):
        yield str(refresh).partition("url=")[2]


@cache
def ids(page: Path) -> frozenset[str]:
    return frozenset(map(str, select(html.fromstring(page.read_bytes()), "//@id")))


def faults(folder: Path, base: str) -> list[str]:
    """Each link of a page that leads nowhere, as a sentence."""
    found = []
    for page in pages(folder):
        where = page.relative_to(folder).as_posix()
        for link in set(links(page)):
            parts = urlsplit(link)
            if link.startswith(base):
                target = link.removeprefix(base)
            elif parts.scheme or parts.netloc:
                continue
            else:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(where), link))
            found += [f"{where}: {link}: {fault}" for fault in _fault(folder, target, link, where)]
    return found


def _fault(folder: Path, target: str, link: str, where: str) -> Iterator[str]:
    if link.startswith("/") or target.startswith("../"):
        yield "leaves the folder"
        return
    path = unquote(urlsplit(target).path)
    file = folder / (path if urlsplit(link).path else where)
    if not file.is_file():
        yield "no such file"
    elif file.suffix == ".html" and unquote(urlsplit(link).fragment) not in {"", *ids(file)}:
        yield "no such place in it"


def naming_the_server(folder: Path) -> list[str]:
    """Files that name the host that the pages were made for."""
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and MADE_FOR.encode() in path.read_bytes()
    ]


def linked_in_linksets(folder: Path) -> Iterator[str]:
    for path in folder.glob("linkset/**/*.json"):
        for context in json.loads(path.read_bytes())["linkset"]:
            yield context["anchor"]
            yield from (
                link["href"] for found in context.values() if isinstance(found, list) for link in found
            )
