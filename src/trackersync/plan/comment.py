"""What our one comment on an issue says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackersync.scoring.figures import figure

if TYPE_CHECKING:
    from trackersync.scoring.engine import Scored

_LEFT_ALONE = "Kept up to date by trackersync. Whoever edits or deletes it is respected: it is then left alone."


def comment_on(scored: Scored) -> str:
    """Band, score and the two strongest reasons, a line a paragraph.

    Without the numbers of the steps, of which some change with every day: only another standing is worth an edit.
    """
    band = f"Priority {scored.band}, score" if scored.band else "Score"
    reasons = (f"{step.name}: {step.because}" if step.because else step.name for step in scored.why)
    return "\n".join([f"{band} {figure(scored.score)}.", *(f"Because of {reason}" for reason in reasons), _LEFT_ALONE])
