"""Pictures as PNG: drawn by a process of their own, one at a time, and once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bibgraph.errors import Unavailable
from bibgraph.web.pictures import png
from bibgraph.web.pictures.png import Drawer
from pages_world import real_app

SECONDS = 60.0
WAITING = """
import os, sys, time
from pathlib import Path
folder, svg = Path(__file__).parent, sys.stdin.read()
with (folder / "log").open("a") as log:
    log.write(f"begins {svg} {os.getpid()}\\n")
while not (folder / f"may-end-{svg}").exists():
    time.sleep(0.01)
with (folder / "log").open("a") as log:
    log.write(f"ends {svg} {os.getpid()}\\n")
sys.stdout.write(svg.ljust(100))
"""
"""Takes the name of a picture for the picture, and ends when it is let."""
pytestmark = pytest.mark.skipif(
    not png.can_draw(), reason="what draws PNG is not installed: no PNG is looked at"
)


def program(folder: Path, text: str) -> Path:
    made = folder / "program.py"
    made.write_text(text, encoding="utf-8")
    return made


def log(folder: Path) -> list[list[str]]:
    path = folder / "log"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_pictures_are_drawn_elsewhere_one_at_a_time_and_each_of_them_once(tmp_path: Path) -> None:
    drawer = Drawer(program(tmp_path, WAITING), SECONDS)
    with ThreadPoolExecutor(4) as threads:
        images = [threads.submit(drawer.drawn, name) for name in ("a", "a", "b", "b")]
        until(lambda: log(tmp_path))  # it is being drawn, and this goes on
        for name in ("a", "b"):
            (tmp_path / f"may-end-{name}").touch()
        first, same, second, likewise = [image.result() for image in images]
    assert first == same != second == likewise
    assert drawer.drawn("a") == first
    told = log(tmp_path)
    assert [word for word, _, _ in told] == ["begins", "ends"] * 2
    assert {name for _, name, _ in told} == {"a", "b"}
    assert str(os.getpid()) not in {process for _, _, process in told}


def test_what_is_kept_is_bounded_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "may-end-a").touch()
    (tmp_path / "may-end-b").touch()
    drawer = Drawer(program(tmp_path, WAITING), SECONDS, most=150)
    for name in ("a", "b", "b", "a"):
        drawer.drawn(name)
    assert [name for word, name, _ in log(tmp_path) if word == "ends"] == ["a", "b", "a"]


def test_why_a_picture_cannot_be_drawn_is_told_to_who_runs_the_service_only() -> None:
    with pytest.raises(Unavailable, match="unknown token") as caught:
        png.drawn("no picture")
    assert caught.value.outside
    assert "token" not in str(caught.value.outside)


def test_a_picture_that_takes_too_long_is_given_up_and_another_is_drawn(tmp_path: Path) -> None:
    drawer = Drawer(program(tmp_path, WAITING), 0.01)
    with pytest.raises(Unavailable, match="timed out"):
        drawer.drawn("a")
    (tmp_path / "may-end-b").touch()
    drawer._seconds = SECONDS
    assert drawer.drawn("b").startswith(b"b")


def test_who_waits_too_long_for_a_turn_is_told_so(tmp_path: Path) -> None:
    drawer = Drawer(program(tmp_path, WAITING), 0.01)
    with drawer._turn, pytest.raises(Unavailable, match="busy"):
        drawer.drawn("a")


def test_a_reader_of_what_cannot_be_drawn_is_asked_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(png, "_DRAWER", Drawer(program(tmp_path, "raise SystemExit('some secret')")))
    answer = real_app().test_client().get("/overviews/status.png?lang=en", headers={"Accept": "text/plain"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert "The picture cannot be drawn just now." in answer.text
    assert "secret" not in answer.text
