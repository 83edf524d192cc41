"""Try a server: see the package."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from hostile.battery import GROUPS, chosen, listening
from hostile.cases import KNOWN, Target, Verdict, tried
from hostile.client import Client
from hostile.data import nquads
from hostile.tree import Tree, listener_of


def main() -> int:
    """Read the command line, try the server, print a table."""
    parser = argparse.ArgumentParser(prog="hostile")
    parser.add_argument("address", nargs="?", help="of the server, such as http://127.0.0.1:8000")
    parser.add_argument(
        "--emit-data", type=Path, metavar="FILE", help="write the data that the server is to serve"
    )
    parser.add_argument("--group", choices=GROUPS, action="append", help="only these groups")
    parser.add_argument("--case", default="", help="only cases with this in their name")
    parser.add_argument("--timeout", type=float, default=5.0, help="seconds that a query may take there")
    parser.add_argument("--soak", type=float, default=20.0, metavar="SECONDS", help="how long the soak takes")
    parser.add_argument(
        "--hostile", type=int, default=2, metavar="CLIENTS", help="how many are hostile in it"
    )
    parser.add_argument("--quick", action="store_true", help="leave out what takes long")
    options = parser.parse_args()
    if options.emit_data:
        options.emit_data.write_text(nquads(), encoding="utf-8")
        return 0
    if not options.address:
        parser.error("an address is needed")
    client = Client(options.address)
    with listening() as (url, heard):
        target = Target(
            client, options.timeout, Tree(listener_of(client.port)), options.soak, url, options.hostile
        )
        for text, values in KNOWN.items():
            if [row["n"] for row in client.rows(text)] != values:
                print("The server does not serve the data of the battery: see --emit-data.", file=sys.stderr)
                return 2
        found = tried(target, chosen(options.group, options.case, quick=options.quick))
        return _report(target, found, heard)


def _report(target: Target, found: list[Verdict], heard: list[str]) -> int:
    for one in found:
        mark, name = "FAIL" if one.problem else "ok", f"{one.case.group}.{one.case.name}"
        print(f"{mark:4} {name:50} {one.seconds:6.2f} s  {one.problem[:300]}")
    passed = Counter(one.case.group for one in found if not one.problem)
    every = Counter(one.case.group for one in found)
    for group in GROUPS:
        if every[group]:
            print(f"{group:8} {passed[group]:4} of {every[group]}")
    for name, note in target.notes.items():
        print(f"{name}: {note}")
    print(f"all      {passed.total():4} of {every.total()}; fetched by the server: {len(heard)}")
    return int(passed != every or bool(heard))


if __name__ == "__main__":
    sys.exit(main())
