"""Quality rules as queries, in the manner of ROBOT's reports: zero rows, or each row is a finding.

A rule is a file ``queries/lint/<id>.rq``. Its header says what is wrong and what to do, in three languages:

    #+ id: observation-twice
    #+ title-nb: …                    what is wrong; also -nn and -en; may use {thing}, {property} and {value}
    #+ hint-nb: …                     what to do; also -nn and -en
    #+ severity: violation            or warning, info
    #+ partial: info                  optional: the severity where only a part of the data is looked at,
                                      or skip, for rules that make sense for the whole only
    #+ elsewhere: warning             optional: the rule holds for anybody's graph and shapes, with this
                                      severity; without it, it holds for this project alone

The query selects ``?thing ?property ?value``; what it leaves unbound is empty. It sees the union of all
graphs; each file as a graph of its own; and as ``graph:ontology``, ``graph:data`` and ``graph:shapes`` all
files of a kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pyoxigraph as ox

from bibgraph.errors import QueryError
from bibgraph.findings import Finding, Severity
from bibgraph.messages import LANGUAGES, message
from bibgraph.namespaces import GRAPHS
from bibgraph.repository import KINDS
from bibgraph.turtle import read_text
from bibgraph.validation.terms import show

_HEADER = re.compile(r"#\+\s*(?P<key>[a-z-]+)\s*:\s*(?P<value>.*\S)\s*$")
_GRAPH = re.compile(r"(?<![\w/:#?$])GRAPH(?![\w/:])\s*([^\s{]*)", re.IGNORECASE)
_PREFIX = re.compile(r"\bPREFIX\s+graph:\s*<([^>]*)>", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*#.*", re.MULTILINE)
_FROM = re.compile(r"\bFROM\b", re.IGNORECASE)
_TEXTS = tuple(f"{kind}-{language}" for kind in ("title", "hint") for language in LANGUAGES)
_REQUIRED = ("id", "severity", *_TEXTS)
_KEYS = (*_REQUIRED, "partial", "elsewhere")
_SEVERITIES = {severity.name.lower(): severity for severity in Severity}
_COLUMNS = ("thing", "property", "value")


@dataclass(frozen=True)
class Rule:
    """One lint query, its file called ``name``.

    partial is the severity for a part of the data, elsewhere that in other projects; None if the rule is left
    out there.
    """

    id: str
    name: str
    messages: Mapping[str, str]
    severity: Severity
    partial: Severity | None
    elsewhere: Severity | None
    query: str


def read_rules(paths: Iterable[Path], *, own: bool = True) -> list[Rule]:
    """The rules in these files. Raises QueryError, naming file and fault, for a header that is wrong.

    own: they are the project's. The rules of others may have their title in one language, and no hint.
    """
    return [_read_rule(path, own=own) for path in paths]


def lint(
    rules: Iterable[Rule], quads: Mapping[str, Iterable[ox.Quad]] | ox.Store, *, partial: bool = False
) -> list[Finding]:
    """What the rules find in ``quads``, given by kind ("ontology", "data", "shapes").

    quads: or a store that has each kind as the graph ``graph_of_kind``, and each file, if ``asks_for_files``.
    partial: the data are only a part of what there is. Raises QueryError for a query that does not run.
    """
    store = quads if isinstance(quads, ox.Store) else _store(quads)
    findings: dict[tuple[str, ...], Finding] = {}
    for rule in rules:
        severity = rule.partial if partial else rule.severity
        for row in _rows(store, rule) if severity else ():
            thing, property_, value = (row[name] for name in _COLUMNS)
            finding = Finding(
                rule=rule.id,
                severity=severity or rule.severity,
                message=_fill(rule, thing, property_, value),
                thing=thing.value if isinstance(thing, ox.NamedNode) else show(thing),
                path=show(property_),
                value=show(value),
            )
            findings[rule.id, finding.thing, finding.path, finding.value] = finding
    return [findings[key] for key in sorted(findings)]


def _read_rule(path: Path, *, own: bool) -> Rule:
    name = f"queries/lint/{path.name}" if own else str(path)
    text = read_text(path, name=name)
    header: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        found = _HEADER.match(line)
        if not found or found["key"] not in _KEYS or found["key"] in header:
            raise QueryError(
                message("This line of the header is not understood: {line}", line=line),
                where=f"{name}:{number}",
                hint=message("The keys are: {allowed}.", allowed=", ".join(_KEYS)),
            )
        header[found["key"]] = found["value"]
    titles = [f"title-{each}" for each in LANGUAGES if f"title-{each}" in header]
    required = _REQUIRED if own else ("id", "severity", *(titles or ["title-en"]))
    _complete(header, required, name, path.stem)
    return Rule(
        header["id"],
        name,
        {
            each: " ".join(header[key] for key in (f"title-{each}", f"hint-{each}") if key in header)
            for each in LANGUAGES
            if f"title-{each}" in header
        },
        _SEVERITIES[header["severity"]],
        _SEVERITIES.get(header.get("partial", header["severity"])),
        _SEVERITIES.get(header.get("elsewhere", "")),
        text,
    )


def _complete(header: Mapping[str, str], required: Iterable[str], name: str, stem: str) -> None:
    missing = [key for key in required if key not in header]
    if missing:
        raise QueryError(message("The header lacks {missing}.", missing=", ".join(missing)), where=name)
    allowed = {"id": [stem], "severity": [*_SEVERITIES], "partial": [*_SEVERITIES, "skip"]}
    allowed["elsewhere"] = [*_SEVERITIES]
    for key, values in allowed.items():
        if key in header and header[key] not in values:
            raise QueryError(
                message("{name} cannot be {value!r}.", name=key, value=header[key]),
                where=name,
                hint=message("Allowed: {allowed}.", allowed=", ".join(values)),
            )


def _store(quads: Mapping[str, Iterable[ox.Quad]]) -> ox.Store:
    store = ox.Store()
    for kind, of_kind in quads.items():
        listed = list(of_kind)
        together = graph_of_kind(kind)
        store.extend(listed)
        store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, together) for quad in listed)
    return store


def graph_of_kind(kind: str) -> ox.NamedNode:
    """The graph that all files of a kind are together."""
    return ox.NamedNode(GRAPHS[kind])


def asks_for_files(rules: Iterable[Rule]) -> bool:
    """Whether a rule may look into graphs other than those of the three kinds."""
    return any(_asks_for_files(rule.query) for rule in rules)


def _asks_for_files(query: str) -> bool:
    query = _COMMENT.sub("", query)
    prefixes = set(_PREFIX.findall(query))
    graphs = set(_GRAPH.findall(query))
    return bool(_FROM.search(query)) or not (
        graphs <= {f"graph:{kind}" for kind in KINDS} and (not graphs or prefixes == {str(GRAPHS)})
    )


def _rows(store: ox.Store, rule: Rule) -> Iterable[Mapping[str, object]]:
    where = rule.name
    try:
        # Each kind as one graph: in Oxigraph's union of all graphs, a triple would stand once per graph.
        solutions = store.query(rule.query, default_graph=[graph_of_kind(kind) for kind in KINDS])
    except SyntaxError as error:
        # Loaded when it is needed: its patterns take a while.
        sparql = import_module("bibgraph.sparql")
        raise sparql.in_file(sparql.complaint(error, rule.query), where) from error
    if not isinstance(solutions, ox.QuerySolutions):
        raise QueryError(message("A lint query is a SELECT."), where=where)
    names = [variable.value for variable in solutions.variables]
    if sorted(names) != sorted(_COLUMNS):
        raise QueryError(
            message("A lint query selects {wanted}.", wanted=" ".join(f"?{each}" for each in _COLUMNS)),
            where=where,
        )
    return [{name: solution[name] for name in _COLUMNS} for solution in solutions]


def _fill(rule: Rule, thing: object, property_: object, value: object) -> dict[str, str]:
    shown = {"thing": show(thing), "property": show(property_), "value": show(value)}
    return {
        language: re.sub(r"\{(thing|property|value)\}", lambda slot: shown[slot[1]], text)
        for language, text in rule.messages.items()
    }
