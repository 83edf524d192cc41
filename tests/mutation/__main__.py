"""Run all mutants and write the page about them. ``python -m mutation [PAGE]``, with tests/ on the path."""

from __future__ import annotations

import sys
from pathlib import Path

from bibgraph.repository import Repository
from mutation.report import kinds, known_survivors, page
from mutation.running import breed, run
from mutation.world import World

CHECKOUT = Path(__file__).resolve().parents[2]


def main(target: Path) -> int:
    """Write the page; 1 if a mutant survives that is not listed, or does not survive that is."""
    world = World(Repository(CHECKOUT))
    outcome = run(world, breed(world))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(outcome), encoding="utf-8")
    survived = kinds(outcome.survived)
    for kind in sorted(survived ^ known_survivors().keys()):
        print("survives, not listed:" if kind in survived else "listed, does not survive:", *kind)
    for iri in outcome.untouched:
        print("found fault with, though valid:", iri)
    print(f"{outcome.score:.2%} of {len(outcome.killed) + len(outcome.survived)} faults caught")
    return int(bool(outcome.untouched) or survived != known_survivors().keys())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT / "docs" / "mutants.md"))
