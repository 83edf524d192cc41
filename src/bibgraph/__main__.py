"""The command line as a program: ``bibgraph``, and ``python -m bibgraph``."""

import signal


def start() -> None:
    """Run the command line. While its modules are loaded, Ctrl-C ends the process without a traceback."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from bibgraph.cli import run  # noqa: PLC0415  # this is what takes a moment

    signal.signal(signal.SIGINT, before)
    run()


if __name__ == "__main__":
    start()
