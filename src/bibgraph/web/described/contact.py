"""Whom to write to: the mailbox of whoever runs the service is a setting, and in no file of the graph."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

SETTING = "BIBGRAPH_CONTACT"


def mailboxes() -> Sequence[str]:
    """The address as a ``mailto:`` link; none if it is not set."""
    address = current_app.config.get(SETTING, "")
    return (f"mailto:{address}",) if address else ()
