from __future__ import annotations

from pathlib import Path

import pytest

from bibgraph.config import Settings, default_cache
from bibgraph.errors import SettingsError


def test_defaults_hold_where_nothing_is_said() -> None:
    settings = Settings.load()
    assert (settings.root, settings.language, settings.endpoint) == (None, "nb", "")
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_argument_wins_over_environment_and_environment_over_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBGRAPH_LANGUAGE", "nn")
    monkeypatch.setenv("BIBGRAPH_PORT", "9000")
    settings = Settings.load(language="en", port=None)
    assert (settings.language, settings.port) == ("en", 9000)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBGRAPH_PORT", "")
    assert Settings.load().port == 8000


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("language", "no", "nb, nn, en"),
        ("port", "65536", "0 to 65535"),
        ("port", "-1", "0 to 65535"),
        ("port", "²", "0 to 65535"),
        ("port", "http", "0 to 65535"),
        ("endpoint", "ftp://example.org/", "http://"),
        ("endpoint", "https://", "http://"),
        ("endpoint", "http://[::1", "http://"),
        ("host", "a b", "127.0.0.1"),
        ("root", "a\0b", "folder"),
    ],
)
def test_a_bad_value_is_refused_with_its_name_and_what_is_allowed(
    name: str, value: str, allowed: str
) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.load(**{name: value})
    assert refusal.value.exit_code == 2
    problem, hint = str(refusal.value).splitlines()
    assert problem.startswith(f"{name} cannot be {value!r}")
    assert allowed in hint


def test_a_bad_environment_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBGRAPH_LANGUAGE", "sv")
    with pytest.raises(SettingsError, match="BIBGRAPH_LANGUAGE cannot be 'sv'"):
        Settings.load()


def test_an_unknown_setting_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"root, language, endpoint, .*, host, port, cache"):
        Settings.load(colour="red")


@pytest.mark.parametrize("endpoint", ["http://localhost:3030/sparql", "https://example.org/sparql?x=y", ""])
def test_web_addresses_are_endpoints(endpoint: str) -> None:
    assert Settings.load(endpoint=endpoint).endpoint == endpoint


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, Path("/x/bibgraph")),
        ({"XDG_CACHE_HOME": "x", "HOME": "/h"}, Path("/h/.cache/bibgraph")),
        ({"HOME": "/h"}, Path("/h/.cache/bibgraph")),
        ({}, None),
    ],
)
def test_the_cache_follows_the_xdg_specification(environment: dict[str, str], folder: Path | None) -> None:
    assert default_cache(environment) == folder


def test_settings_built_by_hand_keep_no_cache() -> None:
    assert Settings().cache is None
