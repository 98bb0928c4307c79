"""Two sets of rules on the same issues as JSON, which is stable: keys are added, never renamed or removed.

- `before`, `after`: `file` and `ranked`, how many issues it ranks
- `rule_changes`: what differs between the rules, a text each
- `both`: how many issues both rank; `moved`: how many of them change places; `changed`: how many issues get another
  place, score or band, or are ranked by one of the two only
- `tau`, `rho`: Kendall's and Spearman's rank correlation over the issues that both rank, null for fewer than two
- `overlaps`: of the first `first` of either, `shared` are the same
- `flows`: `issues` come from the band `before` into the band `after`; "" is no band, null is not ranked
- `moves`: every issue that both rank and that gets another place, score or band, the furthest first: `ref`,
  `tracker`, `title`, `url`, `places` (how many it rises among those that both rank), `before` and `after` (`rank`,
  `score`, `band`) and `why`, null beyond those that are explained: the `part` of the rules that did most by name, its
  `kind` (`formula`, `term` of the formula, `goals`, `rule`, `class`, `order` of the rules), `before` and `after` (what
  it adds to the score, null where there is no such part), `points` (what its change does to the score before it is
  normalised), `others` (how many issues it changes places with), `others_points` (what it does to theirs, on average),
  `text`
- `left`, `joined`: issues that only one of them ranks, with their place there and `why` the other has none
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackersync.report.comparison import why
from trackersync.report.escape import json_text
from trackersync.report.explanation import issue_document
from trackersync.report.ranking import score_value
from trackersync.scoring.rule_changes import changes_of

if TYPE_CHECKING:
    from trackersync.scoring.attribution import Cause
    from trackersync.scoring.comparison import Move, RulesCompared, Unmatched
    from trackersync.scoring.engine import Scored


def render_json(files: tuple[str, str], compared: RulesCompared, *, top: int | None) -> str:
    """The document that is described above; of `moves` the first `top`."""
    comparison = compared.comparison
    both = len(comparison.moves)
    document = {
        "before": {"file": files[0], "ranked": both + len(comparison.left)},
        "after": {"file": files[1], "ranked": both + len(comparison.joined)},
        "rule_changes": list(changes_of(compared.before, compared.after)),
        "both": both,
        "moved": len(comparison.moved),
        "changed": comparison.changed,
        "tau": comparison.tau,
        "rho": comparison.rho,
        "overlaps": [{"first": each.first, "shared": each.shared} for each in comparison.overlaps],
        "flows": [
            {"before": before, "after": after, "issues": issues} for (before, after), issues in comparison.flows.items()
        ],
        "moves": [_move(move, compared) for move in comparison.altered[:top]],
        "left": [_unmatched(each, "before") for each in comparison.left],
        "joined": [_unmatched(each, "after") for each in comparison.joined],
    }
    return json_text(document) + "\n"


def _place(entry: Scored) -> dict[str, Any]:
    return {"rank": entry.rank, "score": score_value(entry), "band": entry.band or None}


def _unmatched(entry: Unmatched, when: str) -> dict[str, Any]:
    return {**issue_document(entry.place.issue), when: _place(entry.place), "why": entry.why}


def _move(move: Move, compared: RulesCompared) -> dict[str, Any]:
    cause = compared.causes.get(move.issue.ref.issue_key)
    return {
        **issue_document(move.issue),
        "places": move.places,
        "before": _place(move.before),
        "after": _place(move.after),
        "why": _reason(move, cause) if cause else None,
    }


def _reason(move: Move, cause: Cause) -> dict[str, Any]:
    return {
        "part": ", ".join(cause.part.names),
        "kind": cause.part.kind,
        "before": cause.before,
        "after": cause.after,
        "points": cause.points,
        "others": cause.others,
        "others_points": cause.others_points,
        "text": why(move, cause),
    }
