"""The benchmark of checking runs, and makes its table."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_short_run_prints_a_table_of_every_command() -> None:
    outcome = subprocess.run(  # our own program
        [sys.executable, "benchmarks/validation.py", "--short"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    rows = [line for line in outcome.stdout.splitlines() if re.match(r"\| `.*` \| [\d.]+ \|", line)]
    commands = [row.split("`")[1] for row in rows]
    assert commands[0] == "pyshacl -s shapes.ttl data.ttl"
    assert "bibgraph check --data data.ttl --shapes shapes.ttl --engine shacl-rust" in commands
    assert "bibgraph check --root project" in commands
    for row in rows:
        figures = [float(cell) for cell in re.findall(r"(?<=\| )[\d.]+(?= \|)", row)]
        assert len(figures) >= 4
        assert all(figure > 0 for figure in figures)
    assert outcome.stdout.count("## ") == 2
