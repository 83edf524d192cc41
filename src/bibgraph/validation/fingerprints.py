"""What a finding is known by from run to run: a hash that moved lines and reordered files leave as it is."""

from __future__ import annotations

import hashlib

from bibgraph.findings import Finding

LENGTH = 32
"""Hexadecimal digits of a fingerprint: 128 bits."""


def fingerprint(finding: Finding) -> str:
    """A hash of rule, component, thing, path, value and file.

    A blank node counts by what is stated around it (``Finding.identity``), never by its label. Findings that
    differ in nothing else have the same fingerprint, and are told apart by their number.
    """
    parts = (
        finding.rule,
        finding.component,
        _lasting(finding.thing),
        finding.full_path or finding.path,
        _lasting(finding.value),
        finding.identity,
        finding.file,
    )
    # Each part with its length, so that no two lists of parts are written alike.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    # Names of files may hold bytes that are no UTF-8.
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:LENGTH]


def _lasting(term: str) -> str:
    return "_:" if term.startswith("_:") else term
