"""``python -m bibgraph``: the same as the console script."""

from bibgraph.cli import run

run()
