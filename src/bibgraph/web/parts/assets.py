"""Scripts that a build takes from npm: there or not, and what a page may do that has them."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response

from bibgraph.web.http.answers import POLICY
from bibgraph.web.http.formats import HTML

FOLDER = Path(__file__).resolve().parent.parent / "static" / "assets"
"""Where ``assets/build.py`` puts them. Nothing there is in the repository."""

LICENCES = "licences.txt"
_WITH_SCRIPTS = f"{POLICY}; script-src 'self'; connect-src 'self'"


def made(name: str) -> bool:
    """Whether there is such a file, so that a page offers only what works."""
    return (FOLDER / name).is_file()


def scripted(response: Response) -> Response:
    """The same answer; if it is a page, with leave to run scripts of this site, which may ask this site."""
    if response.mimetype == HTML:
        response.headers["Content-Security-Policy"] = _WITH_SCRIPTS
    return response


def install(app: Flask) -> None:
    """Give the templates of ``app`` the function ``made``, and the name of the list of licences."""
    app.jinja_env.globals.update(made=made, licences=LICENCES)
