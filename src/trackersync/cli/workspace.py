"""Opens what the use cases work with: the file, the store, the transport."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackersync.config import Config
    from trackersync.scoring.rules import Rules
    from trackersync.sync import Workspace

log = logging.getLogger("trackersync")


def load(file: Path) -> Config:
    """The team's file, checked."""
    from trackersync.config import load_config
    from trackersync.registry import Registry

    return load_config(file, Registry())


@contextmanager
def opened(file: Path) -> Iterator[Workspace]:
    """The workspace of one command; closed when it ends."""
    from trackersync.store import Store
    from trackersync.sync import Workspace, allowances
    from trackersync.transport import Transport

    config = load(file)
    with (
        Store.open(config.store) as store,
        Transport(on_wait=_tell_wait, allowances=allowances(config, store)) as transport,
    ):
        yield Workspace(config=config, store=store, transport=transport, env=os.environ)


def tell_unread(workspace: Workspace, what: str) -> None:
    """Warn of every tracker that was never read, or without a field: its issues or values are not in what is shown."""
    from trackersync.sync import not_read_for

    pull = {"hint": "run `trackersync pull`"}
    for name in workspace.config.trackers:
        if workspace.snapshot(name) is None:
            log.warning("%s was never read: its issues are not in this %s", name, what, extra=pull)
    for name, fields in not_read_for(workspace, workspace.config.rules):
        log.warning("%s was read without %s: missing on every issue here", name, ", ".join(fields), extra=pull)


def tell_unread_for(workspace: Workspace, rules: Rules, file: Path) -> None:
    """Warn of every tracker that was read without a field that these rules, of another file, read."""
    from trackersync.sync import not_read_for

    for tracker, fields in not_read_for(workspace, rules):
        log.warning(
            "%s was read without %s, which the rules of %s read: missing on every issue",
            *(tracker, ", ".join(fields), file),
            extra={"hint": f"pull with {file} into the same store first"},
        )


def _tell_wait(why: str, seconds: float) -> None:
    log.info("waiting %.0f s: %s", seconds, why)
