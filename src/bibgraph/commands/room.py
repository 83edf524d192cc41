"""What the system must let the program have, looked at before it fails at some place for want of it."""

from __future__ import annotations

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
    most = _most("RLIMIT_AS", 0)
    if most is not None and most < least:
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
    most = _most("RLIMIT_NOFILE", 1)
    if most is not None and most < FILES_TO_SERVE:
        raise SettingsError(
            message("The system lets this program have {most} files open, which is too few.", most=most),
            hint=message("Let it have more: «ulimit -n 1024», in the same window before you start it."),
        )


def _most(name: str, bound: int) -> int | None:
    """A limit of the system, the present one (0) or the highest that it can be (1); None without bound."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return None
    most = resource.getrlimit(getattr(resource, name))[bound]
    return None if most == resource.RLIM_INFINITY else most
