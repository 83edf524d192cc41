"""Who reads: the language of a page, and links that keep it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, request

from bibgraph.errors import QueryError
from bibgraph.media import negotiate_language
from bibgraph.messages import LANGUAGES, translations
from bibgraph.web.http.decoding import Fields, query_string

PARAMETER = "lang"
PAGE = "page"
DEFAULT = "BIBGRAPH_LANGUAGE"


@dataclass(frozen=True)
class Reader:
    """The reader's language; ``chosen``: the address names it, so links go on naming it."""

    language: str
    chosen: bool = False

    def link(self, path: str) -> str:
        """A path of this site, the language kept; a fragment stays last."""
        if not self.chosen:
            return path
        place, hash_, fragment = path.partition("#")
        joint = "&" if "?" in place else "?"
        return f"{place}{joint}{PARAMETER}={self.language}{hash_}{fragment}"


def read(fields: Fields, accept_language: str, default: str) -> Reader:
    """The reader: ``?lang=`` if it is one of ours, else Accept-Language, else ``default``.

    Tags of languages mean the same in small and capital letters (RFC 5646, section 2.1.1).
    """
    asked = fields.first(PARAMETER).lower()
    if asked in LANGUAGES:
        return Reader(asked, chosen=True)
    return Reader(negotiate_language(accept_language, LANGUAGES, default))


def reader() -> Reader:
    """The reader of the current request."""
    if "reader" not in g:
        g.reader = read(
            _lenient_fields(), request.headers.get("Accept-Language", ""), current_app.config[DEFAULT]
        )
    found: Reader = g.reader
    return found


def switch(language: str) -> str:
    """The address of this same page in another language."""
    kept = [pair for pair in _lenient_fields().pairs if pair[0] != PARAMETER]
    return f"{quote(request.path)}?{urlencode([*kept, (PARAMETER, language)])}"


def turn(page: int) -> str:
    """The address of another page of this same list."""
    kept = [pair for pair in _lenient_fields().pairs if pair[0] != PAGE]
    return f"{quote(request.path)}?{urlencode([*kept, (PAGE, str(page))])}"


def here() -> str:
    """The address of this same page, as a path."""
    told = urlencode(_lenient_fields().pairs)
    return quote(request.path) + (f"?{told}" if told else "")


def _lenient_fields() -> Fields:
    """The query string, or nothing where it is malformed: an error about it must have a language, too."""
    try:
        return query_string(request.environ)
    except QueryError:
        return Fields([])


def install(app: Flask, default: str) -> None:
    """Give the templates of ``app`` translation and links in the reader's language, else in ``default``."""
    app.config[DEFAULT] = default
    app.jinja_env.add_extension("jinja2.ext.i18n")
    install_callables = vars(app.jinja_env)["install_gettext_callables"]  # put there by the extension
    install_callables(_gettext, _ngettext, newstyle=True)
    app.context_processor(
        lambda: {"reader": reader(), "link": reader().link, "switch": switch, "turn": turn, "here": here()}
    )


def _gettext(text: str) -> str:
    return translations(reader().language).gettext(text) if text else ""


def _ngettext(one: str, many: str, number: int) -> str:
    return translations(reader().language).ngettext(one, many, number)
