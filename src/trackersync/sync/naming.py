"""Which issue people mean, also one that is not in any snapshot any more but that we once wrote to."""

from __future__ import annotations

from difflib import get_close_matches

from trackersync.errors import TrackersyncError
from trackersync.model import IssueRef
from trackersync.sync.workspace import Workspace


def find_ref(workspace: Workspace, name: str) -> IssueRef:
    """The issue of this ref (`github:acme/web#12`), key (`acme/web#12`) or URL; a URL only of a stored one.

    Raises `TrackersyncError` where no issue has that name, with the nearest, or issues of several trackers have it.
    """
    wanted = name.strip()
    if "://" in wanted:
        return _by_url(workspace, wanted)
    known = known_refs(workspace)
    found = [ref for ref in known if wanted.casefold() in {str(ref).casefold(), ref.key.casefold()}]
    if len(found) == 1:
        return found[0]
    if found:
        trackers = ", ".join(sorted(ref.tracker for ref in found))
        raise TrackersyncError(f"{wanted} is an issue of several trackers: {trackers}", hint="name it by its URL")
    near = get_close_matches(wanted, [str(ref) if ":" in wanted else ref.key for ref in known], n=1)
    hint = f"did you mean {near[0]}?" if near else "see what was written with `trackersync history`"
    raise TrackersyncError(f"no issue {wanted} in the snapshot or the ledger", hint=hint)


def known_refs(workspace: Workspace) -> list[IssueRef]:
    """The issues of the ledger and of the stored snapshots, as they were last called."""
    refs = {ref.issue_key: ref for ref in workspace.store.refs_written()}
    for tracker in workspace.config.trackers:
        refs |= {ref.issue_key: ref for ref in workspace.store.refs(tracker)}
    return list(refs.values())


def _by_url(workspace: Workspace, url: str) -> IssueRef:
    from trackersync.scoring.explain import find_issue
    from trackersync.sync.ranking import read_issues

    return find_issue(read_issues(workspace), url).ref
