"""What is said beside the results: on stderr, as lines for people or JSON for machines."""

from __future__ import annotations

import json
import logging
import sys

from trackersync.cli.lines import fitted
from trackersync.errors import TrackerError, TrackersyncError
from trackersync.report.escape import printable


def configure_logging(*, verbose: bool, quiet: bool, as_json: bool) -> None:
    """Send the `trackersync` loggers to stderr; errors are always told."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else Lines())
    logger = logging.getLogger("trackersync")
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.DEBUG if verbose else logging.ERROR if quiet else logging.INFO)


def tell_error(error: TrackersyncError) -> None:
    """Say what happened and what to do next; with --verbose also where in the program it was raised."""
    log = logging.getLogger("trackersync")
    log.error("%s", described(error), extra={"hint": error.hint})
    log.debug("where it happened", exc_info=error)


def described(error: TrackersyncError, tracker: str | None = None) -> str:
    """What happened, and on which issue and host where the message does not name them itself.

    `tracker` is the tracker's identity, told where the error knows no host.
    """
    places = (error.ref, error.host or tracker) if isinstance(error, TrackerError) else ()
    unnamed = [place for place in places if place and place not in error.message]
    return f"{error.message} ({', '.join(unnamed)})" if unnamed else error.message


class Lines(logging.Formatter):
    """`error: what happened`, and below it what to do next."""

    def format(self, record: logging.LogRecord) -> str:
        """One message; each of its lines made printable, since parts of it may come from a tracker."""
        lines = [printable(line) for line in record.getMessage().split("\n")]
        word = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        hint = getattr(record, "hint", None)
        said = [f"{word}{line}" for line in lines] + ([f"hint: {printable(hint)}"] if hint else [])
        text = "\n".join(fitted(line, sys.stderr) for line in said)
        if record.exc_info:
            text += "".join(f"\n{printable(line)}" for line in self.formatException(record.exc_info).split("\n"))
        return text


class JsonLines(logging.Formatter):
    """One JSON object a line: `time level message hint logger`."""

    def format(self, record: logging.LogRecord) -> str:
        """One message; JSON escapes what is not printable."""
        content = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "hint": getattr(record, "hint", None),
            "logger": record.name,
        }
        if record.exc_info:
            content["exception"] = self.formatException(record.exc_info)
        return json.dumps({key: value for key, value in content.items() if value is not None})
