"""The GitHub Action and the pre-commit hooks, run as GitHub and pre-commit would run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from books import FILES, SETTINGS, change, commit, git, write
from conftest import CHECKOUT

ACTION = yaml.safe_load((CHECKOUT / "action.yml").read_text(encoding="utf-8"))
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_bytes())}
EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
BASH = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]
"""How GitHub runs a step with ``shell: bash``."""


# --- A small runner of composite actions -----------------------------------------------------------------


@dataclass
class Runner:
    """One job on a machine of its own: workspace, temporary folder, and the files that steps write to."""

    workspace: Path
    temp: Path
    environment: dict[str, str]
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(self, **inputs: str) -> Run:
        """The action used with these inputs; like GitHub, it stops at the first step that fails."""
        unknown = set(inputs) - set(ACTION["inputs"])
        assert not unknown
        given = {name: str(about.get("default", "")) for name, about in ACTION["inputs"].items()} | inputs
        log, code = "", 0
        for number, step in enumerate(ACTION["runs"]["steps"]):
            code, said = self.step(step, given, str(step.get("id", number)))
            log += said
            if code:
                break
        steps = {
            f"steps.{id_}.outputs.{name}": value
            for id_, of in self.outputs.items()
            for name, value in of.items()
        }
        outputs = {
            name: EXPRESSION.sub(lambda found: steps.get(found[1], ""), about["value"])
            for name, about in ACTION["outputs"].items()
        }
        summary = self.temp / "summary.md"
        return Run(code, log, outputs, summary.read_text(encoding="utf-8") if summary.exists() else "")

    def step(self, step: Mapping[str, Any], inputs: Mapping[str, str], id_: str) -> tuple[int, str]:
        known = {f"inputs.{name}": value for name, value in inputs.items()}
        known |= {"github.action_path": str(CHECKOUT), "runner.temp": str(self.temp)}

        def filled(text: str) -> str:
            return EXPRESSION.sub(lambda found: known[found[1]], text)

        if "uses" in step:
            # The one action used: it puts a Python of the version asked for in front of the path.
            assert step["uses"].partition("@")[0] == "actions/setup-python"
            assert filled(step["with"]["python-version"]) == inputs["python-version"]
            folder = self.temp / "python"
            folder.mkdir(exist_ok=True)
            if not (folder / "python").exists():
                (folder / "python").symlink_to(sys.executable)
            self.environment["PATH"] = f"{folder}{os.pathsep}{self.environment['PATH']}"
            return 0, ""
        assert step["shell"] == "bash"
        assert not EXPRESSION.search(step["run"]), "an input in a script could be a command"
        script = self.temp / f"step-{id_}.sh"
        script.write_text(step["run"], encoding="utf-8")
        output, variables = self.temp / f"output-{id_}", self.temp / "variables"
        output.write_text("")
        variables.write_text("")
        done = subprocess.run(
            [*BASH, str(script)],
            cwd=self.workspace / filled(step.get("working-directory", ".")),
            env={
                **self.environment,
                **{name: filled(value) for name, value in step.get("env", {}).items()},
                "GITHUB_ACTIONS": "true",
                "GITHUB_WORKSPACE": str(self.workspace),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_ENV": str(variables),
                "GITHUB_STEP_SUMMARY": str(self.temp / "summary.md"),
                "RUNNER_TEMP": str(self.temp),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        self.outputs[id_] = pairs(output)
        self.environment.update(pairs(variables))
        return done.returncode, done.stdout + done.stderr


@dataclass(frozen=True)
class Run:
    """What came of it."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str

    def sarif(self) -> list[dict[str, Any]]:
        [run] = json.loads(Path(self.outputs["sarif"]).read_text(encoding="utf-8"))["runs"]
        results: list[dict[str, Any]] = run["results"]
        return results


def pairs(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A runner's environment with the action installed once, for all tests, by the action's own steps.

    Offline: pip takes what the program needs from the environment of the tests.
    """
    temp = tmp_path_factory.mktemp("machine")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("BIBGRAPH", "GIT_"))
    }
    environment |= {
        "PYTHONPATH": sysconfig.get_paths()["purelib"],
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's way of saying: no isolation
        "COLUMNS": "200",
    }
    runner = Runner(temp, temp, environment)
    for number, step in enumerate(ACTION["runs"]["steps"][:-1]):
        inputs = {name: str(about.get("default", "")) for name, about in ACTION["inputs"].items()}
        code, log = runner.step(step, inputs, str(number))
        assert code == 0, log
    # The copy in the environment of the tests must not stand in for the one that the action installed.
    where = subprocess.run(
        [runner.environment["BIBGRAPH_PYTHON"], "-c", "import bibgraph; print(bibgraph.__file__)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=temp,
        env={**runner.environment, "PYTHONPATH": ""},
    ).stdout
    assert where.startswith(str(temp))
    return runner.environment


@pytest.fixture
def runner(machine: dict[str, str], tmp_path: Path) -> Runner:
    """A job over the books, one of which lacks its title; the install steps are as good as done."""
    workspace, temp = tmp_path / "books", tmp_path / "temp"
    temp.mkdir()
    write(workspace, {**FILES, "bibgraph.toml": SETTINGS})
    commit(workspace)
    change(workspace, "data/books.ttl", 'b:one dcterms:title "One" .\n', "")
    # Whichever job asks, the program lies where the first one has put it.
    site = Path(machine["BIBGRAPH_PYTHON"]).parent.parent
    (temp / "bibgraph").symlink_to(site)
    return Runner(workspace, temp, dict(machine))


def check_only(runner: Runner, **inputs: str) -> Run:
    """The action without its install step, which has run for all jobs."""
    steps = ACTION["runs"]["steps"]
    try:
        ACTION["runs"]["steps"] = [step for step in steps if step.get("name") != "Install bibgraph"]
        return runner.run(**inputs)
    finally:
        ACTION["runs"]["steps"] = steps


# --- The action ------------------------------------------------------------------------------------------


def test_the_action_says_what_each_input_and_output_is() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all(about["description"] for about in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))
    assert {
        "data",
        "shapes",
        "ontology",
        "fail-on",
        "format",
        "baseline",
        "changed",
        "language",
        "args",
    } <= set(ACTION["inputs"])


def test_the_settings_of_the_repository_are_enough(runner: Runner) -> None:
    run = check_only(runner)
    assert run.code == 1
    assert "::error file=data/books.ttl,line=8,col=1," in run.log
    assert run.outputs == {"exit-code": "1", "sarif": str(runner.workspace / "bibgraph.sarif")}
    assert {result["ruleId"].rpartition("#")[2] for result in run.sarif()} == {"Book-title", "Person-books"}
    assert "Give the book one title" in run.summary


def test_a_repository_in_order_passes(runner: Runner) -> None:
    git(runner.workspace, "checkout", "--quiet", ".")
    run = check_only(runner)
    assert (run.code, run.outputs["exit-code"], run.sarif()) == (0, "0", [])
    assert run.summary


def test_inputs_become_arguments_one_for_each_line(runner: Runner) -> None:
    (runner.workspace / "bibgraph.toml").unlink()
    run = check_only(
        runner,
        data="data/books.ttl\n  data/more/*.ttl  \n\n",
        shapes="shapes",
        ontology="ontology.ttl",
        format="text",
        language="en",
        args="--lint\nno such folder",
    )
    assert run.code == 2
    assert "no such folder: There is no such file or folder." in run.log
    run = check_only(
        runner,
        data="data/books.ttl\ndata/more/*.ttl",
        shapes="shapes",
        ontology="ontology.ttl",
        format="text",
        language="en",
        sarif="out/../findings.sarif",
        **{"fail-on": "warning"},
    )
    assert run.code == 2, "the folder out does not exist"
    (runner.workspace / "out").mkdir()
    run = check_only(
        runner,
        data="data",
        shapes="shapes",
        ontology="ontology.ttl",
        format="text",
        language="en",
        sarif="out/x.sarif",
    )
    assert "Violations: 1." in run.log
    assert run.outputs["sarif"] == str(runner.workspace / "out/x.sarif")


def test_only_what_has_changed_can_be_asked_for(runner: Runner) -> None:
    commit(runner.workspace)
    assert check_only(runner, changed="HEAD").code == 0
    assert check_only(runner, changed="HEAD~1").code == 1


def test_a_baseline_sets_known_findings_aside(runner: Runner) -> None:
    assert check_only(runner, args="--write-baseline=known.json").code == 0
    assert check_only(runner, baseline="known.json").code == 0


def test_wrong_use_says_so_and_leaves_no_report_of_an_earlier_run(runner: Runner) -> None:
    assert check_only(runner).outputs["sarif"]
    run = check_only(runner, data="nothing/**")
    assert (run.code, run.outputs) == (2, {"exit-code": "2", "sarif": ""})
    assert not (runner.workspace / "bibgraph.sarif").exists()


def test_a_folder_inside_the_workspace_can_be_checked(runner: Runner) -> None:
    run = check_only(runner, **{"working-directory": "data"})
    assert run.outputs["sarif"] == str(runner.workspace / "data/bibgraph.sarif")
    assert run.code == 1


@pytest.mark.parametrize("name", sorted(set(ACTION["inputs"]) - {"python-version", "working-directory"}))
def test_no_input_becomes_a_command(runner: Runner, name: str) -> None:
    (runner.workspace / "owned-not").write_text("", encoding="utf-8")
    before = git(runner.workspace, "status", "--porcelain")
    run = check_only(runner, **{name: HOSTILE})
    assert run.code in (1, 2)
    after = git(runner.workspace, "status", "--porcelain")
    made = [line for line in after.splitlines() if ".sarif" not in line and "touch owned" not in line]
    assert made == before.splitlines()
    assert set(runner.outputs["check"]) <= {"sarif", "exit-code"}


HOSTILE = "\n".join(
    (
        "$(touch owned)`touch owned`; touch owned; \"; touch owned; \" '; touch owned; '",
        "; touch owned #",
        "$(touch owned)",
    )
)


# --- pre-commit ------------------------------------------------------------------------------------------


@pytest.fixture
def committing(machine: dict[str, str], tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """The books with our hooks, and an environment in which their entry is found."""
    folder = write(tmp_path / "books", {**FILES, "bibgraph.toml": SETTINGS, "notes.txt": "x"})
    hooks = [{**hook, "language": "system"} for hook in HOOKS.values()]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    commit(folder)
    path = f"{Path(machine['BIBGRAPH_PYTHON']).parent}{os.pathsep}{os.environ['PATH']}"
    home = tmp_path / "home"
    return folder, {**machine, "PATH": path, "PRE_COMMIT_HOME": str(home), "HOME": str(home)}


def pre_commit(folder: Path, environment: Mapping[str, str], hook: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", hook],
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_hooks_are_made_for_environments_of_their_own() -> None:
    assert set(HOOKS) == {"bibgraph-check", "bibgraph-format"}
    assert all(
        hook["language"] == "python" and hook["entry"].startswith("bibgraph ") for hook in HOOKS.values()
    )


def test_the_check_runs_before_a_commit_of_data(committing: tuple[Path, dict[str, str]]) -> None:
    folder, environment = committing
    change(folder, "data/books.ttl", 'b:one dcterms:title "One" .\n', "")
    git(folder, "add", "--all")
    code, said = pre_commit(folder, environment, "bibgraph-check")
    assert code == 1, said
    assert "Book-title" in said
    change(folder, "data/books.ttl", "b:one ex:by b:kari .", 'b:one ex:by b:kari ; dcterms:title "One" .')
    git(folder, "add", "--all")
    code, said = pre_commit(folder, environment, "bibgraph-check")
    assert code == 0, said


def test_the_check_is_passed_over_where_nothing_of_its_own_is_committed(
    committing: tuple[Path, dict[str, str]],
) -> None:
    folder, environment = committing
    (folder / "notes.txt").write_text("y", encoding="utf-8")
    git(folder, "add", "--all")
    code, said = pre_commit(folder, environment, "bibgraph-check")
    assert code == 0
    assert "Skipped" in said


def test_turtle_files_are_laid_out_before_a_commit(committing: tuple[Path, dict[str, str]]) -> None:
    folder, environment = committing
    change(folder, "data/books.ttl", 'dcterms:title "One"', 'dcterms:title    "Uno"')
    git(folder, "add", "--all")
    people = (folder / "data/more/people.ttl").read_bytes()
    code, said = pre_commit(folder, environment, "bibgraph-format")
    assert code == 1, said
    assert "data/books.ttl" in said
    assert (folder / "data/more/people.ttl").read_bytes() == people
    git(folder, "add", "--all")
    assert pre_commit(folder, environment, "bibgraph-format")[0] == 0
