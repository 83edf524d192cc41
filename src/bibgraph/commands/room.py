"""What the system must let the program have, looked at before it fails at some place for want of it."""

from __future__ import annotations

import importlib.util

from bibgraph.errors import SettingsError
from bibgraph.limits import show_size
from bibgraph.messages import message

MEMORY_AT_ALL = 320 * 1024 * 1024
"""Bytes of address space without which not even the engine starts."""
MEMORY_TO_SERVE = 900 * 1024 * 1024
"""Bytes of address space without which workers do not start."""
FILES_TO_SERVE = 64


def check_memory(least: int) -> None:
    """Raise SettingsError where fewer bytes of address space may be had."""
    if importlib.util.find_spec("resource") is None:  # as on Windows
        return
    import resource  # noqa: PLC0415  # likewise

    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most != resource.RLIM_INFINITY and most < least:
        raise SettingsError(
            message(
                "The system lets this program have {most} of memory, and it needs {least}.",
                most=show_size(most),
                least=show_size(least),
            ),
            hint=message("Let it have more: «ulimit -v unlimited», in the same window before you start it."),
        )


def check_files() -> None:
    """Raise SettingsError where so few files may be open that a server cannot start at all."""
    if importlib.util.find_spec("resource") is None:
        return
    import resource  # noqa: PLC0415  # as above

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < FILES_TO_SERVE:
        raise SettingsError(
            message("The system lets this program have {most} files open, which is too few.", most=most),
            hint=message("Let it have more: «ulimit -n 1024», in the same window before you start it."),
        )
