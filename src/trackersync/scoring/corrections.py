"""Which rules people keep correcting: of the issues that each decided on, how many carry a human's value since."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import polars as pl
from msgspec import Struct

from trackersync.model import IssueKey
from trackersync.scoring.calculation import Calculation


class Corrected(Struct, frozen=True):
    """One rule or band."""

    kind: Literal["adjustment", "band"]
    name: str
    decided: int
    """How many ranked issues it gave another score, or took in."""
    overridden: int
    """How many of those carry a human's value where ours belongs."""

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where it decided on nothing."""
        return self.overridden / self.decided if self.decided else None


def count_corrections(calculation: Calculation, overridden: Collection[IssueKey]) -> tuple[Corrected, ...]:
    """Every adjustment, then every band, in the order of the rules; `overridden` are issues with an override."""
    issues = calculation.backlog.issues
    human = pl.Series([issue.ref.issue_key in overridden for issue in issues], dtype=pl.Boolean)
    ranked = calculation.scores.is_not_null()

    def counted(kind: Literal["adjustment", "band"], name: str, decided: pl.Series) -> Corrected:
        decided = decided.fill_null(value=False) & ranked
        return Corrected(kind, name, int(decided.sum()), int((decided & human).sum()))

    adjustments = (counted("adjustment", each.part.name, each.before != each.after) for each in calculation.applied)
    bands = calculation.method.rules.bands
    return (*adjustments, *(counted("band", band.name, calculation.bands == band.name) for band in bands))
