"""The layer table in CONTRIBUTING.md, compared with what the modules import."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGE = CHECKOUT / "src" / "bibgraph"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def layers() -> dict[str, int]:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \|", text, re.MULTILINE)
    return {room: int(layer) for layer, rooms in rows for room in re.findall(r"`(\w+)`", rooms)}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(source: str) -> Iterator[str]:
    """The rooms of bibgraph that a module's text imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the layer"
            # ``from bibgraph import x``: x is a room, or a name such as __version__.
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        parts = [name.split(".") for name in names]
        yield from (part[1] for part in parts if part[0] == "bibgraph" and len(part) > 1)


def test_the_table_names_every_room_and_no_other() -> None:
    assert set(layers()) == {room_of(path) for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_lower_layers_only(path: Path) -> None:
    table, own = layers(), room_of(path)
    assert own in table, "CONTRIBUTING.md does not say in which layer this stands"
    imported = set(imported_rooms(path.read_text(encoding="utf-8"))) & set(table)
    assert not {room for room in imported - {own} if table[room] >= table[own]}


def test_imports_are_found_in_every_form() -> None:
    source = (
        "import bibgraph.store.remote\nfrom bibgraph import web\ndef f():\n    from bibgraph.cli import run\n"
    )
    assert list(imported_rooms(source)) == ["store", "web", "cli"]
