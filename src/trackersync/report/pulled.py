"""What a pull comes to, for machines; the JSON is stable: keys are only added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trackersync.sync.reading import PullResult


def pull_document(results: Sequence[PullResult]) -> dict[str, Any]:
    """`{"complete": …, "trackers": […]}`, in the order of the file; `complete` where no tracker was read in part.

    A tracker is `{"tracker", "identity", "verdict", "issues", "read_at", "touched", "gone", "why", "do"}`: `verdict` is
    `complete`, `partial` or `unchanged`; `issues` and `read_at` tell of the snapshot that counts now, null where there
    is none; `touched` is null where every issue was read; a `fate` among the `gone` is `deleted`, `moved` (`to` another
    key), `hidden`, `unselected` or `unknown`; `why` and `do` are null but for a partial read.
    """
    return {
        "complete": all(result.error is None for result in results),
        "trackers": [_tracker(result) for result in results],
    }


def _tracker(result: PullResult) -> dict[str, Any]:
    return {
        "tracker": result.tracker,
        "identity": result.identity,
        "verdict": result.verdict,
        "issues": result.info.count if result.info else None,
        "read_at": result.info.taken_at.isoformat() if result.info else None,
        "touched": result.touched,
        "gone": [
            {"ref": str(ref), "fate": where.fate.name.lower(), "to": where.to} for ref, where in result.gone.items()
        ],
        "why": result.error.message if result.error else None,
        "do": result.error.hint if result.error else None,
    }
