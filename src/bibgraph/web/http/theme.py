"""Light or dark: the reader's choice in a cookie, told to pages by a style sheet, so that it needs no script.

Pages themselves are the same for all and can be kept; only ``/theme.css`` differs by the cookie.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

COOKIE = "theme"
THEMES = ("light", "dark")
_YEAR = 365 * 24 * 3600


def blueprint() -> Blueprint:
    """The addresses of the style sheet and of the choice."""
    pages = Blueprint("theme", __name__)
    pages.add_url_rule("/theme.css", "sheet", _sheet)
    pages.add_url_rule("/theme", "choose", _choose, methods=["GET", "POST"])
    return pages


def _sheet() -> Response:
    chosen = request.cookies.get(COOKIE, "")
    told = chosen if chosen in THEMES else "system"
    body = f".foot .t-{told} {{ text-decoration: underline; font-weight: 600; }}\n"
    if chosen in THEMES:
        body += f"@media screen {{ :root {{ color-scheme: {chosen}; }} }}\n"
    response = Response(body, content_type="text/css; charset=utf-8")
    response.cache_control.no_cache = True
    response.cache_control.private = True
    response.vary.add("Cookie")
    return response


def _choose() -> Response:
    """Keep the choice for a year, and lead back to the page where it was made; a GET chooses nothing."""
    if request.method != "POST":
        return Response("", 303, {"Location": "/"})
    back = request.form.get("back", "/")
    safe = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    response = Response("", 303, {"Location": back if safe else "/"})
    theme = request.form.get("theme", "")
    if theme in THEMES:
        response.set_cookie(COOKIE, theme, max_age=_YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(COOKIE, samesite="Lax", httponly=True)
    return response
