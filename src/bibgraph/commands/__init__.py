"""The commands, a module each, listed in ``cli.COMMANDS``; each module's ``command`` is the click command."""
