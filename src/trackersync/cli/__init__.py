"""The command line: the only place that prints, knows click, and turns errors into exit codes."""

from trackersync.cli.program import main

__all__ = ["main"]
