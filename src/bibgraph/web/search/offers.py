"""What browsers and scripts ask of a search: its description, and suggestions (OpenSearch 1.1)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from bibgraph.messages import message

SUGGESTIONS = "application/x-suggestions+json"
DESCRIPTION = "application/opensearchdescription+xml"
_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_TERMS = "{searchTerms}"


def suggestions(begun: str, found: Sequence[tuple[str, str, str, str]]) -> str:
    """What was begun, and by place in three lists: the names that fit, their kinds, their addresses.

    After what OpenSearch knows stand the languages of the names.
    """
    names, kinds, addresses, languages = ([each[place] for each in found] for place in range(4))
    return json.dumps([begun, names, kinds, addresses, {"languages": languages}], ensure_ascii=False)


def description(root: str, language: str) -> str:
    """The description of the search at the address ``root`` (with its last slash), in a language."""
    urls = {
        "text/html": f"{root}search?q={_TERMS}&lang={quote(language)}",
        SUGGESTIONS: f"{root}search/suggest?q={_TERMS}&lang={quote(language)}",
    }
    listed = "".join(
        f'<Url type="{type_}" method="get" template={quoteattr(url)}/>\n' for type_, url in urls.items()
    )
    title = escape(message("Search in measures, comments and sources").text(language))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<OpenSearchDescription xmlns="{_NAMESPACE}">\n'
        f"<ShortName>bibgraph</ShortName>\n<Description>{title}</Description>\n"
        f"<InputEncoding>UTF-8</InputEncoding>\n<Language>{escape(language)}</Language>\n"
        f'{listed}<Url type="{DESCRIPTION}" rel="self" template={quoteattr(f"{root}opensearch.xml")}/>\n'
        f"</OpenSearchDescription>\n"
    )
