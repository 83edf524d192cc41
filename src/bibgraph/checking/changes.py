"""The findings that the changes since a git revision touch or bring.

Shapes look along paths, and what is gone may break what pointed to it, so no part of the graph can be checked
by itself. The whole is checked as it is now and as it was then. What is reported is all findings about things
that were touched (something was stated or is no longer stated of them, or a rule or term that speaks of them
has changed) or broken (there is a finding that was not there before): the same as a full run has about them.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from bibgraph.checking.examining import examine
from bibgraph.checking.touched import difference
from bibgraph.checking.worlds import Checked, Moved, World
from bibgraph.errors import BibgraphError
from bibgraph.findings import Finding
from bibgraph.messages import Message
from bibgraph.revision import Revision
from bibgraph.turtle import owners, without_scope

_PLACE = {"file", "line", "column", "end_line", "end_column", "label", "message", "hint", "identity"}
_KEY = [field.name for field in fields(Finding) if field.name not in _PLACE]


@dataclass(frozen=True)
class Changes:
    """The findings to report, in the order of a full run, and how many old ones elsewhere are left out.

    idle: nothing that is checked has changed, so nothing was looked at. world: what was looked at.
    """

    findings: list[Finding]
    left_out: int = 0
    idle: bool = False
    world: World | None = None


def changes_since(
    revision: Revision, checked: Checked, check: Callable[[World], list[Finding]] = examine
) -> Changes:
    """What the changes since ``revision`` touch or break. Raises what reading today's files raises."""
    top = revision.top
    concerned = {name for name in revision.files if checked.concerns(top / name)}
    present = {path.relative_to(top).as_posix() for path in checked.names() if path.is_relative_to(top)}
    changed = sorted(name for name in concerned | present if revision.differs(name))
    if not changed:
        return Changes([], idle=True)
    now = checked.now()
    with tempfile.TemporaryDirectory(prefix="bibgraph-") as folder:
        copy = Path(folder).resolve()
        revision.copy(concerned, copy)
        then = checked.then(Moved(top, copy), now.partial)
        found = difference(now, then, [_from(top / name, checked.root) for name in changed])
        if not found:
            return Changes([], idle=True)
        findings = check(now)
        about = _things(findings, now)
        touched = [found.touches(finding, about[finding.thing]) for finding in findings]
        # The old findings are only wanted to tell the new ones from them.
        before = [] if all(touched) else _old(then, check)
    return replace(_chosen(findings, touched, before, about), world=now)


def _old(then: World, check: Callable[[World], list[Finding]]) -> list[Finding]:
    """The findings of the past; none if it cannot be checked, so that all of today's count as new."""
    try:
        return check(then)
    except BibgraphError:
        return []


def _chosen(
    findings: list[Finding],
    touched: list[bool],
    before: list[Finding],
    about: Mapping[str, frozenset[str]],
) -> Changes:
    known, counts = Counter(map(_key, before)), Counter(map(_key, findings))
    concerned: set[str] = set()
    for finding, is_touched in zip(findings, touched, strict=True):
        key = _key(finding)
        if is_touched or counts[key] > known[key]:
            concerned |= _subjects(finding, about)
    chosen = [finding for finding in findings if concerned & _subjects(finding, about)]
    return Changes(chosen, len(findings) - len(chosen))


def _subjects(finding: Finding, about: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What a finding is about: things; of one without a thing, its file and rule."""
    return about[finding.thing] if finding.thing else frozenset({f"{finding.file} {finding.rule}"})


def _things(findings: Iterable[Finding], world: World) -> dict[str, frozenset[str]]:
    """For each thing of the findings: itself; for a blank node, the things that it is a part of."""
    things = {finding.thing for finding in findings}
    blank = any(thing.startswith("_:") for thing in things)
    above = owners(world.quads("data", "ontology", "shapes")) if blank else {}
    return {
        thing: frozenset(map(without_scope, above.get(thing.removeprefix("_:"), {thing}))) for thing in things
    }


def _key(finding: Finding) -> tuple[object, ...]:
    """All of a finding but its place, as it is the same for the same fault in both worlds."""
    words = finding.message
    text = str(words) if isinstance(words, Message) else tuple(sorted(words.items()))
    return (*(without_scope(str(getattr(finding, name))) for name in _KEY), without_scope(str(text)))


def _from(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()
