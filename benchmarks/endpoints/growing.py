"""How loading, answering and memory grow with the graph: one server at a time, asked by one client."""

from __future__ import annotations

import dataclasses
import shutil
import statistics
import time
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path

from endpoints import graphs
from endpoints.answers import Answer, differs
from endpoints.results import Grown, Growth, Loaded
from endpoints.running import ServerError
from endpoints.servers import PATIENCE, Mode
from endpoints.starting import NOT_ASKED, Plan, Running, Tell, prepared, running
from endpoints.workloads import Request

TOO_LONG = 900.0
"""Seconds of loading that are not waited for: who would need more is left out from there on."""
BUDGET = 300.0
"""Seconds that all questions to one server on one graph may take together."""
REPEATED = 5
ENOUGH = 2.0
"""A question is asked ``REPEATED`` times, but not again after so many seconds."""


def grow(plan: Plan, project: Path, scales: Sequence[int], tell: Tell) -> list[Growth]:
    """All servers on graphs of these scales, the smallest first."""
    rows: list[Growth] = []
    for scale in sorted(scales):
        folder = plan.folder / "growth"
        folder.mkdir(parents=True, exist_ok=True)
        made = graphs.make(folder, project, scale)
        tell(f"{scale}x: {made.triples} triples")
        rows.append(Growth(scale, made.triples))
        right: dict[str, Answer] = {}
        here = dataclasses.replace(plan, folder=folder)
        for server in sorted(plan.servers, key=lambda each: each.key != plan.base):
            if server.loads_only:
                continue
            grown = rows[-1].servers.setdefault(server.key, Grown(skipped=_reason(server.key, rows)))
            if grown.skipped:
                continue
            try:
                took = prepared(here, server, made)
                with running(here, server, made, Mode.PATIENT) as one:
                    grown.loaded = Loaded(took, one.started, *one.process.memory())
                    asked(one, right, grown)
            except ServerError as error:
                grown.skipped = str(error)
            said = grown.skipped or f"{grown.mean:.1f} ms in the mean"
            tell(f"{scale}x: {server.name}: {said}")
            shutil.rmtree(here.place(made, server), ignore_errors=True)
        shutil.rmtree(folder)
    return rows


def asked(one: Running, right: dict[str, Answer], grown: Grown) -> None:
    """Ask every question several times, each text new. ``right``: the base's answers, which come first.

    A server that has used up its time is asked no more.
    """
    end = time.perf_counter() + BUDGET
    for request in one.plan.questions:
        fresh = request.fresh()
        if time.perf_counter() > end:
            grown.wrong[request.name] = NOT_ASKED
            continue
        try:
            answer = one.ask(fresh, PATIENCE)
            if one.server.key == one.plan.base:
                right[request.name] = answer
            if difference := differs(right.get(request.name), answer, request.accept):
                grown.wrong[request.name] = difference
            else:
                grown.times[request.name] = round(1000 * _median(one, fresh), 3)
        except (OSError, HTTPException, ServerError) as error:
            grown.wrong[request.name] = str(error)


def _median(one: Running, fresh: Request) -> float:
    """The median of several times; the first one alone if that was long."""
    times = [one.took[fresh.name]]
    while len(times) < REPEATED and sum(times) < ENOUGH:
        began = time.perf_counter()
        one.address.ask(fresh, number=len(times), within=PATIENCE)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _reason(key: str, rows: Sequence[Growth]) -> str:
    """Why a server is left out of the last of the rows; empty if it is not."""
    if len(rows) == 1:
        return ""
    before = rows[-2].servers[key]
    if before.skipped or not before.loaded:
        return f"left out: {before.skipped.removeprefix('left out: ')}"
    if NOT_ASKED in before.wrong.values():
        return f"left out: the questions took longer than {BUDGET:.0f} s on the graph before"
    times = rows[-1].triples / rows[-2].triples
    expected = (before.loaded.prepared + before.loaded.started) * times
    return f"left out: loading would take about {expected:.0f} s" if expected > TOO_LONG else ""
