"""The page about accessibility: what a statutory statement needs, and the link to it."""

from __future__ import annotations

import pytest

from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.messages import LANGUAGES
from bibgraph.web import create_app
from pages_world import page, real_graph

STATEMENT = "https://uustatus.no/nb/erklaringer/publisert/00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_what_the_statement_needs(language: str) -> None:
    text = page("/accessibility", language)
    for said in ("WCAG 2.2", "WCAG 2.1", "EN 301 549", "axe-core", "Chromium", "uutilsynet.no", "2026"):
        assert said in text
    assert "uustatus.no" not in text


def test_the_statement_is_linked_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBGRAPH_ACCESSIBILITY_STATEMENT", STATEMENT)
    settings = Settings.load()
    text = create_app(settings, real_graph()).test_client().get("/accessibility?lang=en").text
    assert f'<a href="{STATEMENT}">The accessibility statement of this site</a>' in text
    assert "No such statement" not in text


@pytest.mark.parametrize("address", ["uustatus.no", "javascript:alert(1)", "mailto:a@example.org"])
def test_only_an_address_on_the_web_can_be_set(address: str) -> None:
    with pytest.raises(SettingsError, match="accessibility_statement"):
        Settings.load(accessibility_statement=address)
