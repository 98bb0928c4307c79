"""What people decided against the rules, for people and machines; the JSON is stable: keys are only added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trackersync.change import KnownOverride
from trackersync.plan.overrides import expires_at, has_expired
from trackersync.plan.policy import Overrides

if TYPE_CHECKING:
    from trackersync.scoring.corrections import Corrected


def fate(known: KnownOverride, policy: Overrides, now: datetime) -> str:
    """What the next plan makes of it: `stands`, `released` or `expired`; the last two are written over, once."""
    if known.released_at is not None:
        return "released"
    return "expired" if has_expired(known, policy, now) else "stands"


def overrides_document(known: Sequence[KnownOverride], policy: Overrides, now: datetime) -> dict[str, Any]:
    """`{"overrides": [{"ref", "tracker", "target", "wrote", "found", "since", "expires", "fate"}]}`.

    `expires` is null where they stand until they are released; `fate` is as `fate` says. The values of a place are
    `["after", ID]` or `["first"]`.
    """
    return {"overrides": [_override(each, policy, now) for each in known]}


def _override(known: KnownOverride, policy: Overrides, now: datetime) -> dict[str, Any]:
    override, end = known.override, expires_at(known, policy)
    return {
        "ref": str(override.ref),
        "tracker": override.ref.tracker,
        "target": str(override.target),
        "wrote": override.wrote,
        "found": override.found,
        "since": known.since.isoformat(),
        "expires": end.isoformat() if end else None,
        "fate": fate(known, policy, now),
    }


def corrections_document(corrected: Sequence[Corrected]) -> dict[str, Any]:
    """`{"rules": [{"kind", "name", "decided", "overridden", "share"}]}`: adjustments, then bands, as in the file.

    `kind` is `adjustment` or `band`; `share` is from 0 to 1, null where nothing was decided.
    """
    return {
        "rules": [
            {"kind": each.kind, "name": each.name, "decided": each.decided, "overridden": each.overridden,
             "share": each.share}
            for each in corrected
        ]
    }  # fmt: skip
