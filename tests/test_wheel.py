"""The wheel works where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest

from bibgraph.web.parts import assets

MINUTES = 60


def call(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program without anything of this checkout or its environment in reach."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BIBGRAPH_"))}
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=kept | {"XDG_CACHE_HOME": str(cwd.parent / "cache")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=10 * MINUTES,
        check=False,
    )


@pytest.fixture(scope="module")
def installed(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a fresh environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("wheel")
    built = call(
        sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, checkout, cwd=folder
    )  # the source distribution, and the wheel from it
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    assert len(list(folder.glob("*.tar.gz"))) == 1
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    done = call(
        scripts / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "-c",
        checkout / "constraints.txt",
        wheel,
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return scripts


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A folder with nothing in it."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_the_installed_program_checks_its_own_graph(installed: Path, empty: Path) -> None:
    outcome = call(installed / "bibgraph", "check", cwd=empty)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert list(empty.iterdir()) == []


def test_the_installed_program_answers_a_ready_question(installed: Path, empty: Path) -> None:
    outcome = call(installed / "bibgraph", "query", "measures", "--format", "csv", cwd=empty)
    assert outcome.returncode == 0, outcome.stderr
    header, *rows = outcome.stdout.splitlines()
    assert header.startswith("number,part,main_line,text")
    assert len(rows) >= 32


def test_the_installed_program_has_the_scripts_of_its_pages_and_their_licences(
    installed: Path, empty: Path
) -> None:
    if not assets.made("editor.js") and not os.environ.get("BIBGRAPH_REQUIRE_BROWSER"):
        pytest.skip("the build of this checkout had no npm: what it puts into a wheel cannot be looked at")
    asked = "from bibgraph.web.parts import assets; print(*sorted(p.name for p in assets.FOLDER.rglob('*')))"
    outcome = call(installed / "python", "-c", asked, cwd=empty)
    expected = {"editor.js", "neighbourhood.js", "web.js", "web_bg.wasm", "licences.txt"}
    assert expected <= set(outcome.stdout.split()), outcome.stderr


def test_the_source_distribution_has_what_they_are_made_from_and_nothing_of_others(
    installed: Path,
) -> None:
    (packed,) = installed.parent.parent.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"assets/build.py", "assets/package-lock.json", "assets/.npmrc", "assets/editor.js"} <= names
    assert not [name for name in names if "node_modules" in name or "static/assets" in name]


def test_the_installed_program_speaks_all_languages(installed: Path, empty: Path) -> None:
    talk = {
        language: call(installed / "bibgraph", "--language", language, "format", "x.ttl", cwd=empty).stderr
        for language in ("nb", "nn", "en")
    }
    assert len(set(talk.values())) == len(talk)
    assert not any("Traceback" in text for text in talk.values())
