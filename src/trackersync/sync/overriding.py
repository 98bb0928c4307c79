"""What people decided against the rules: which of it stands, its release, and the rules that it speaks against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trackersync.change import FoundOverride, KnownOverride
from trackersync.errors import TrackersyncError
from trackersync.plan.overrides import still_standing
from trackersync.sync.naming import find_ref
from trackersync.sync.workspace import Workspace

if TYPE_CHECKING:
    from trackersync.scoring.corrections import Corrected


def known_overrides(workspace: Workspace) -> list[KnownOverride]:
    """The human values that the last plans found on the trackers of the file, also those released or expired."""
    return [each for each in workspace.store.overrides() if each.override.ref.tracker in workspace.config.trackers]


def release(workspace: Workspace, name: str, *, target: str | None = None) -> list[FoundOverride]:
    """Let the next plan write our values over those of people on one issue, once; `target` as `str(WriteTarget)`.

    Returns what is released. `TrackersyncError` where nobody overrode anything there.
    """
    ref = find_ref(workspace, name)
    mine = [each.override for each in known_overrides(workspace) if each.override.ref.issue_key == ref.issue_key]
    released = [each for each in mine if target is None or str(each.target) == target]
    if not released:
        what = f"{ref} {target}" if target else str(ref)
        there = ", ".join(str(each.target) for each in mine)
        hint = f"on this issue there is: {there}" if there else "see all with: trackersync overrides"
        raise TrackersyncError(f"no override of {what} is known", hint=hint)
    workspace.store.release_overrides(released, at=workspace.now())
    return released


def corrected_rules(workspace: Workspace) -> Sequence[Corrected]:
    """How often people overrode what each adjustment and band came to, by the stored snapshots; no network."""
    from trackersync.scoring.corrections import count_corrections
    from trackersync.sync.ranking import calculate_stored

    standing = still_standing(known_overrides(workspace), workspace.config.overrides, now=workspace.now())
    return count_corrections(calculate_stored(workspace), {each.ref.issue_key for each in standing})
