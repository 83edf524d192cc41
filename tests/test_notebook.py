"""The study in docs/study.ipynb runs, and shows what it comes to.

``pytest tests/test_notebook.py --rewrite`` writes its outputs anew, to be read before they are committed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import CHECKOUT

read: Any = nbformat.read  # the library of the format leaves some of its functions without types
write: Any = nbformat.write
copy: Any = nbformat.from_dict
validate: Any = nbformat.validate

NOTEBOOK = CHECKOUT / "docs" / "study.ipynb"
VERSION = re.compile(r"\b[0-9a-f]{12}(?:[0-9a-f]{52})?\b")
SECONDS = 600


@pytest.fixture(scope="module")
def written() -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = read(NOTEBOOK, as_version=4)
    return notebook


@pytest.fixture(scope="module")
def run(written: nbformat.NotebookNode, request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    """The notebook, run in a process of its own."""
    fresh: nbformat.NotebookNode = copy(written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(CHECKOUT / "src"))
        patch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
        client = NotebookClient(
            fresh, timeout=SECONDS, record_timing=False, resources={"metadata": {"path": str(CHECKOUT)}}
        )
        client.execute()
    for cell in fresh.cells:
        cell.metadata = {}
    if request.config.getoption("--rewrite"):
        write(fresh, NOTEBOOK)
    return fresh


def texts(notebook: nbformat.NotebookNode) -> list[list[str]]:
    """What each cell shows as text, versions of the graph left out; of plots, that they are there."""
    return [[shown(output) for output in cell.get("outputs", ())] for cell in notebook.cells]


def shown(output: Any) -> str:  # noqa: ANN401  # the notebook format's own nodes
    if output.output_type == "stream":
        return VERSION.sub("-", output.text)
    if "image/png" in output.data:
        return "a plot"
    return VERSION.sub("-", output.data["text/plain"])


def test_the_notebook_shows_what_it_comes_to(run: nbformat.NotebookNode) -> None:
    assert texts(run) == texts(read(NOTEBOOK, as_version=4))
    assert sum(text == "a plot" for cell in texts(run) for text in cell) == 2


def test_what_is_kept_of_it_is_clean(written: nbformat.NotebookNode) -> None:
    validate(written)
    text = NOTEBOOK.read_text("utf-8")
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", text)
    assert all(cell.metadata == {} for cell in written.cells)
    outputs = [output for cell in written.cells for output in cell.get("outputs", ())]
    assert outputs
    assert not [output for output in outputs if output.output_type == "error"]


def test_only_the_study_is_a_notebook() -> None:
    assert [path.name for path in sorted(Path(CHECKOUT / "docs").glob("*.ipynb"))] == [NOTEBOOK.name]
