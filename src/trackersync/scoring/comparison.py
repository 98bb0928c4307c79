"""Two rankings of the same issues side by side: who moves and how far, and how alike the two orders are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from trackersync.model import Issue, IssueKey
from trackersync.scoring.attribution import Cause, causes
from trackersync.scoring.calculation import calculate
from trackersync.scoring.correlation import kendall, spearman
from trackersync.scoring.engine import Ranking, Scored, ranking_of
from trackersync.scoring.rules import Rules

TOPS = (10, 20, 50)
"""Of how many first issues it is told how many stay among the first."""


Flows = Mapping[tuple[str | None, str | None], int]
"""How many issues come from which band into which; empty for no band, None for not ranked."""


class Move(Struct, frozen=True):
    """One issue that both rank."""

    before: Scored
    after: Scored
    places: int
    """How many places it rises among the issues that both rank; negative where it falls.

    Those that only one of them ranks do not count: where a hundred come in at the top, nobody else has moved.
    """

    @property
    def issue(self) -> Issue:
        """The issue itself."""
        return self.before.issue


class Unmatched(Struct, frozen=True):
    """One issue that only one of the two ranks: its place there, and in words why the other has none for it."""

    place: Scored
    why: str


class Overlap(Struct, frozen=True):
    """How many of the first so many issues of one are among the first so many of the other."""

    first: int
    shared: int


class Comparison(Struct, frozen=True, kw_only=True):
    """What becomes of every issue that at least one of two rankings ranks."""

    moves: tuple[Move, ...]
    """Every issue that both rank, also where it keeps its place: the furthest first, of equals by the place after."""
    left: tuple[Unmatched, ...]
    """Ranked before and no longer after, by rank."""
    joined: tuple[Unmatched, ...]
    """Ranked after and not before, by rank."""
    tau: float | None
    """Kendall's, over the issues that both rank; None where they are fewer than two."""
    rho: float | None
    """Spearman's, as `tau`."""
    overlaps: tuple[Overlap, ...]
    """For each of `TOPS` that neither list is shorter than."""
    flows: Flows

    @property
    def moved(self) -> tuple[Move, ...]:
        """Those that change places."""
        return tuple(move for move in self.moves if move.places)

    def into(self, band: str) -> tuple[Move, ...]:
        """Those that come into a band, by the place after."""
        found = (move for move in self.moves if move.before.band != move.after.band == band)
        return tuple(sorted(found, key=lambda move: move.after.rank))

    def out_of(self, band: str) -> tuple[Move, ...]:
        """Those that leave a band for another, by the place before."""
        found = (move for move in self.moves if band == move.before.band != move.after.band)
        return tuple(sorted(found, key=lambda move: move.before.rank))

    @property
    def altered(self) -> tuple[Move, ...]:
        """Those that get another place, score or band."""
        return tuple(
            move
            for move in self.moves
            if move.places or move.before.score != move.after.score or move.before.band != move.after.band
        )

    @property
    def changed(self) -> int:
        """How many issues get another place, score or band, or are ranked by one of the two only."""
        return len(self.altered) + len(self.left) + len(self.joined)


def compare(before: Ranking, after: Ranking) -> Comparison:
    """What becomes of the issues of `before` in `after`."""
    earlier = {entry.issue.ref.issue_key: entry for entry in before.ranked}
    later = {entry.issue.ref.issue_key: entry for entry in after.ranked}
    kept = {key: place for place, key in enumerate(key for key in earlier if key in later)}
    places = [kept[key] for key in later if key in kept]
    pairs = zip((key for key in later if key in kept), places, strict=True)
    moves = [Move(earlier[key], later[key], was - now) for now, (key, was) in enumerate(pairs)]
    return Comparison(
        moves=tuple(sorted(moves, key=lambda move: (-abs(move.places), move.after.rank))),
        left=tuple(_only_in(before, later, after)),
        joined=tuple(_only_in(after, earlier, before)),
        tau=kendall(places),
        rho=spearman(places),
        overlaps=tuple(_overlaps(list(earlier), list(later))),
        flows=_flows(earlier, later),
    )


def _only_in(ranking: Ranking, other: Mapping[IssueKey, Scored], without: Ranking) -> Iterator[Unmatched]:
    why = {entry.issue.ref.issue_key: f"needs input: {entry.detail}" for entry in without.needs_input}
    for out in without.excluded:
        why[out.issue.ref.issue_key] = f"left out by {out.rule}" + (f": {out.because}" if out.because else "")
    for entry in ranking.ranked:
        key = entry.issue.ref.issue_key
        if key not in other:
            yield Unmatched(entry, why.get(key, "not among the issues"))


def _overlaps(earlier: Sequence[IssueKey], later: Sequence[IssueKey]) -> Iterator[Overlap]:
    for first in TOPS:
        if first <= min(len(earlier), len(later)):
            yield Overlap(first, len(set(earlier[:first]) & set(later[:first])))


def _flows(earlier: Mapping[IssueKey, Scored], later: Mapping[IssueKey, Scored]) -> Flows:
    def band(places: Mapping[IssueKey, Scored], key: IssueKey) -> str | None:
        return places[key].band if key in places else None

    return Counter((band(earlier, key), band(later, key)) for key in {**earlier, **later})


class RulesCompared(Struct, frozen=True, kw_only=True):
    """Two sets of rules on the same issues."""

    before: Rules
    after: Rules
    comparison: Comparison
    causes: Mapping[IssueKey, Cause]
    """What moved the issues that move furthest, and those that come into the first band or leave it."""

    @property
    def first_band(self) -> str | None:
        """The band that matters most."""
        return self.after.bands[0].name if self.after.bands else None


def compare_rules(
    issues: Sequence[Issue],
    before: Rules,
    after: Rules,
    *,
    now: datetime,
    bands_before: Mapping[IssueKey, str],
    explained: int,
) -> RulesCompared:
    """Score the issues under either rules and compare; with causes for the first `explained` of each list."""
    earlier, later = (calculate(issues, rules, now=now, bands_before=bands_before) for rules in (before, after))
    comparison = compare(ranking_of(earlier), ranking_of(later))
    compared = RulesCompared(before=before, after=after, comparison=comparison, causes={})
    told = list(_told(compared, explained))
    found = zip(told, causes(told, earlier, later), strict=True)
    return replace(compared, causes={issue.ref.issue_key: cause for issue, cause in found if cause})


def _told(compared: RulesCompared, explained: int) -> Iterator[Issue]:
    """The issues that are looked at one by one."""
    comparison, band = compared.comparison, compared.first_band
    crossing = () if band is None else (comparison.into(band), comparison.out_of(band))
    moves = {move.issue.ref: move for some in (comparison.moved, *crossing) for move in some[:explained]}
    return (move.issue for move in moves.values())
