"""Light or dark without a script: the choice in a cookie, told by a style sheet."""

from __future__ import annotations

import pytest

from pages_world import page, real_app


def test_without_a_choice_the_system_decides() -> None:
    answer = real_app().test_client().get("/theme.css")
    assert answer.mimetype == "text/css"
    assert "color-scheme" not in answer.text
    assert answer.headers["Vary"] == "Cookie"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_is_kept_and_leads_back_to_the_page(theme: str) -> None:
    client = real_app().test_client()
    answer = client.post("/theme", data={"theme": theme, "back": "/status?date=2025-10-14&lang=nn"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/status?date=2025-10-14&lang=nn")
    assert f"color-scheme: {theme}" in client.get("/theme.css").text
    client.post("/theme", data={"theme": "system", "back": "/"})
    assert "color-scheme" not in client.get("/theme.css").text


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "", "/a\r\nX: y"]
)
def test_nobody_is_led_away_from_the_site(back: str) -> None:
    answer = real_app().test_client().post("/theme", data={"theme": "dark", "back": back})
    assert answer.headers["Location"] == "/"


def test_pages_are_the_same_whatever_the_choice() -> None:
    client = real_app().test_client()
    client.set_cookie("theme", "dark")
    assert client.get("/overviews?lang=en").text == page("/overviews")


def test_an_odd_cookie_is_no_choice() -> None:
    client = real_app().test_client()
    client.set_cookie("theme", "}body{display:none")
    assert "display" not in client.get("/theme.css").text
