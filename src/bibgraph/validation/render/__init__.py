"""Findings for readers and programs: the forms of output by name."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from bibgraph.findings import Finding
from bibgraph.validation.render.context import PLAIN_RUN, Renderer, Run
from bibgraph.validation.render.text import paint, render_text


def _later(module: str, name: str) -> Renderer:
    """A renderer whose module is loaded when it is used: few runs need more than one of them."""

    def render(findings: Sequence[Finding], language: str, run: Run = PLAIN_RUN) -> str:
        renderer: Renderer = getattr(import_module(f"bibgraph.validation.render.{module}"), name)
        return renderer(findings, language, run)

    return render


render_json = _later("json_form", "render_json")

FORMATS: dict[str, Renderer] = {
    "text": render_text,
    "json": render_json,
    "github": _later("github", "render_github"),
    "junit": _later("junit", "render_junit"),
    "markdown": _later("markdown", "render_markdown"),
    "sarif": _later("sarif", "render_sarif"),
    "turtle": _later("turtle", "render_turtle"),
}
"""Each makes of findings, a language (nb, nn, en) and the run a text that ends its last line."""

__all__ = ["FORMATS", "Renderer", "Run", "paint", "render_json", "render_text"]
