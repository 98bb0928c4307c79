"""Asks every tracker what is missing there or will bite; nothing is written, neither there nor to the store."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from msgspec import Struct

from trackersync.config import Config
from trackersync.diagnosis import Finding, Severity, Written, failed
from trackersync.errors import ConfigError, TrackersyncError
from trackersync.transport import Transport

log = logging.getLogger("trackersync")

_GRAVEST_FIRST: tuple[Severity, ...] = ("error", "warning", "info")


class Diagnosis(Struct, frozen=True):
    """What was found on one tracker, the gravest first."""

    tracker: str
    identity: str
    """What the tracker is: its address, repository or JQL."""
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """How many findings are of this severity."""
        return sum(finding.severity == severity for finding in self.findings)


def diagnose(config: Config, *, transport: Transport, env: Mapping[str, str]) -> tuple[Diagnosis, ...]:
    """Examine every tracker by itself, so that what is wrong with one keeps nothing about another from being told."""
    return tuple(_diagnose(config, name, transport, env) for name in config.trackers)


def _diagnose(config: Config, name: str, transport: Transport, env: Mapping[str, str]) -> Diagnosis:
    tracker = config.trackers[name]
    # The same thing may be met on several ways.
    found = dict.fromkeys(_findings(config, name, transport, env))
    ordered = sorted(found, key=lambda finding: _GRAVEST_FIRST.index(finding.severity))
    return Diagnosis(name, tracker.source.identify(tracker.settings), tuple(ordered))


def _findings(config: Config, name: str, transport: Transport, env: Mapping[str, str]) -> Iterator[Finding]:
    tracker = config.trackers[name]
    try:
        source = tracker.source(name, tracker.settings, transport=transport, env=env, wanted=config.wanted(name))
        yield from source.diagnose(written(config, name))
    except ConfigError as error:
        for problem in error.problems:
            there = config.problem(("trackers", name, *problem.path), problem.message)
            yield Finding("error", there.render(str(config.file)), problem.hint or "")
    except TrackersyncError as error:
        yield failed(error)
    except Exception as error:  # a connector's bug must not hide what else is wrong
        log.debug("where it happened", exc_info=error)
        what = f"the connector {tracker.connector!r} failed: {type(error).__name__}: {error}"
        yield Finding("error", what, "tell its authors; --verbose shows where it happened")


def written(config: Config, tracker: str) -> Written:
    """By name, everything that is written to this tracker."""
    policy = config.write[tracker]
    bands = tuple(band.name for band in config.rules.bands)
    prefix = policy.label_prefix
    return Written(
        labels=() if prefix is None else tuple(prefix + band for band in bands),
        fields={name: bands if measure == "band" else () for measure, name in policy.fields.items()},
        project_fields={name: bands if measure == "band" else () for measure, name in policy.project_fields.items()},
        add_to_project=policy.add_to_project,
        comment=policy.comment,
        priorities=tuple(dict.fromkeys(policy.priority.values())),
        order=policy.order,
        notify=policy.notify,
    )
