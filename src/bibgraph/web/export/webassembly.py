"""Oxigraph in WebAssembly, which answers SPARQL in the reader's browser: one of the assets of a build."""

from __future__ import annotations

from bibgraph.errors import BibgraphError
from bibgraph.messages import message
from bibgraph.web.parts import assets

FILES = ("oxigraph/web.js", "oxigraph/web_bg.wasm", assets.LICENCES)
"""What a browser needs of them, and on what terms it may be passed on."""


class EngineError(BibgraphError):
    """The engine for the browser cannot be had."""

    exit_code = 3


def engine() -> dict[str, bytes]:
    """The engine's files by their place under ``static/``. Raises EngineError if the build had no npm."""
    if not all(assets.made(name) for name in FILES):
        raise EngineError(
            message("This installation has no engine for SPARQL in the browser: its build had no npm."),
            hint=message(
                "The site works without it. To have it, install from the wheel, or run: make assets"
            ),
        )
    return {f"assets/{name}": (assets.FOLDER / name).read_bytes() for name in FILES}
