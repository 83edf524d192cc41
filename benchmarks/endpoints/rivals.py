"""Where the rivals are: installed here, or in an environment of their own that is thrown away afterwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from endpoints.servers import Bibgraph, OxigraphInMemory, OxigraphOnDisk, RdflibEndpoint, Server
from endpoints.virtuoso import Virtuoso

PACKAGES = ("oxigraph", "rdflib-endpoint[cli]")
BASE = "bibgraph"
BARE = "bibgraph-bare"
_INSTALLED_WITHIN = 600


def environment(folder: Path) -> str:
    """Make a virtual environment with the rivals' packages in ``folder``; what went wrong, or nothing."""
    try:
        venv.create(folder, with_pip=True)
        command = (str(folder / "bin" / "pip"), "install", "--quiet", *PACKAGES)
        done = subprocess.run(  # noqa: S603  # the command is our own
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_INSTALLED_WITHIN, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"no environment for rivals could be made: {error}"
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return f"pip could not install rivals: {said[-1] if said else done.returncode}" if done.returncode else ""


def servers(folder: Path | None) -> list[Server]:
    """All servers, installed or not. ``folder``: the environment with the rivals' packages, if any."""
    oxigraph, rdflib = found("oxigraph", folder), found("rdflib-endpoint", folder)
    return [
        Bibgraph(BASE, "bibgraph"),
        Bibgraph(BARE, "bibgraph, cache off", limits=("cache=off",), loads_only=True),
        OxigraphInMemory("oxigraph-memory", "Oxigraph in memory", program=oxigraph),
        OxigraphOnDisk("oxigraph-disk", "Oxigraph on disk", program=oxigraph),
        Virtuoso("virtuoso", "Virtuoso"),
        RdflibEndpoint("rdflib-endpoint", "rdflib-endpoint", program=rdflib),
    ]


def found(program: str, folder: Path | None) -> str:
    """The path of a program: beside this Python, on the PATH, or in the environment; empty if nowhere."""
    places = [Path(sys.executable).parent, *([folder / "bin"] if folder else [])]
    for place in places:
        if (place / program).exists():
            return str(place / program)
    return shutil.which(program) or ""
