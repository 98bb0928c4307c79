"""What applying a plan takes, in words: requests, points, time, mail, and how many runs the budget makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from trackersync.report.tables import many

if TYPE_CHECKING:
    from trackersync.change import Forecast, Status
    from trackersync.transport.allowance import Rate


def cost_lines(tracker: str, cost: Forecast, budget: Rate | None) -> Iterator[str]:
    """One line of one tracker, and a second where the budget of the file cuts the work into several runs."""
    what = f"Applying takes about {many(cost.requests, 'request')} to {tracker}{_brackets(cost)}"
    yield f"{what}: {cost.how}; it {_mail(cost)}." if cost.how else f"{what} and {_mail(cost)}."
    if budget and budget.runs(cost.requests) > 1:
        yield (
            f"The budget of {budget} for {tracker} makes that {budget.runs(cost.requests)} runs: "
            "each ends early, and applying the same plan again goes on."
        )


def _brackets(cost: Forecast) -> str:
    from trackersync.transport.words import duration

    points = [] if cost.points is None else [many(cost.points, "API point")]
    time = [f"at least {duration(cost.seconds)}"] if cost.seconds >= 1 else []
    return f" ({', '.join(points + time)})" if points or time else ""


def _mail(cost: Forecast) -> str:
    if not cost.mailed:
        return "sends no mail"
    may = f"may mail the watchers of {many(cost.mailed, 'issue')}"
    return f"{may} although the file asks for none: {cost.loud}" if cost.loud else may


def outcomes(counts: Mapping[Status, int]) -> str:
    """`2,592 applied, 3 conflict`, in the order given."""
    return ", ".join(f"{count:,} {status}" for status, count in counts.items()) or "nothing to write"
