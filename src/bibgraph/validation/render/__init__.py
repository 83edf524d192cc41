"""Findings for readers and programs: the forms of output by name."""

from __future__ import annotations

from bibgraph.validation.render.context import Renderer, Run
from bibgraph.validation.render.github import render_github
from bibgraph.validation.render.json_form import render_json
from bibgraph.validation.render.junit import render_junit
from bibgraph.validation.render.markdown import render_markdown
from bibgraph.validation.render.sarif import render_sarif
from bibgraph.validation.render.text import paint, render_text
from bibgraph.validation.render.turtle import render_turtle

FORMATS: dict[str, Renderer] = {
    "text": render_text,
    "json": render_json,
    "github": render_github,
    "junit": render_junit,
    "markdown": render_markdown,
    "sarif": render_sarif,
    "turtle": render_turtle,
}
"""Each makes of findings, a language (nb, nn, en) and the run a text that ends its last line."""

__all__ = ["FORMATS", "Renderer", "Run", "paint", "render_json", "render_text"]
