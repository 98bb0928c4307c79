"""Two sets of rules on what is stored; touches no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackersync.sync.ranking import bands_before, read_issues
from trackersync.sync.workspace import Workspace

if TYPE_CHECKING:
    from trackersync.scoring.comparison import RulesCompared
    from trackersync.scoring.rules import Rules


def compare_with(workspace: Workspace, rules: Rules, *, explained: int) -> RulesCompared:
    """What becomes of the stored issues under other rules than those of the file.

    The issues are read once. Both keep an issue in the band of the list that was last applied as far as their
    hysteresis goes, so that the difference is what adopting the other rules would write.
    """
    from trackersync.scoring.comparison import compare_rules  # it loads polars, for which a pull has no use

    return compare_rules(
        read_issues(workspace),
        workspace.config.rules,
        rules,
        now=workspace.now(),
        bands_before=bands_before(workspace),
        explained=explained,
    )
