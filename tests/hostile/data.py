"""The data of the battery: small, regular, and full of texts that hurt those who are careless."""

from __future__ import annotations

BASE = "https://example.org/"
ITEMS = 200

TEXTS = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "template": "{{ 7*7 }} {% raw %} ${7*7}",
    "formula": '=HYPERLINK("http://evil.example/","x")',
    "command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "quotes": "a \"b\", 'c';\td\\e",
    "lines": "first\r\nSet-Cookie: a=b\r\n\r\nthird",
    "control": "\x01\x02\x0b\x1f",
    "words": "SERVICE <http://e/> {} INSERT DATA LOAD FROM DROP",
    "wide": "\U0001f4da \u202eabc\u202c \u0000x".replace("\u0000", "") + "\ufeff",
    "cdata": ']]> &amp; &lt; <!ENTITY a SYSTEM "file:///etc/passwd">',
    "near": "abcdefghijklmnopqrstuvwxyz" * 4 + "!",
}
"""Hostile texts by name."""

LINKS = {
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>".replace("<", "%3C").replace(">", "%3E"),
    "outside": "http://evil.example/",
}
"""IRIs that nobody should be made to follow."""


def nquads() -> str:
    """The data as N-Quads: two graphs, some triples in both."""
    lines = [
        *(_quad(f"text/{name}", "says", _literal(text), "texts") for name, text in TEXTS.items()),
        *(_quad(f"link/{name}", "seeAlso", f"<{iri}>", "texts") for name, iri in LINKS.items()),
    ]
    for number in range(ITEMS):
        item = f"item/{number}"
        lines += [
            _quad(item, "number", f'"{number}"^^<http://www.w3.org/2001/XMLSchema#integer>', "items"),
            _quad(item, "label", _literal(f"Item number {number} {TEXTS['near']}"), "items"),
            _quad(item, "next", f"<{BASE}item/{(number + 1) % ITEMS}>", "items"),
            _quad(item, "far", f"<{BASE}item/{number * 7 % ITEMS}>", "items"),
        ]
    lines += [
        _quad(f"item/{number}", "number", f'"{number}"^^<http://www.w3.org/2001/XMLSchema#integer>', "texts")
        for number in range(10)
    ]
    return "".join(lines)


def _quad(subject: str, name: str, value: str, graph: str) -> str:
    return f"<{BASE}{subject}> <{BASE}{name}> {value} <{BASE}graph/{graph}> .\n"


def _literal(text: str) -> str:
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\' or ord(letter) < 32:
        return f"\\u{ord(letter):04X}"
    return letter
