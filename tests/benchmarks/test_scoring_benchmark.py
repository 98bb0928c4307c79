"""What scoring costs: a formula and ten adjustments over 100,000 issues, next to the same by hand."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from trackersync.model import Issue, IssueRef, StateCategory
from trackersync.scoring.engine import score
from trackersync.scoring.rules import Add, Adjustment, Band, Input, InputSource, Multiply, Rules, Scale

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COUNT, EVALUATED = 100_000, 10_000
FORMULA = "reach * impact * confidence / effort"
INPUTS = ("reach", "impact", "confidence", "effort")
SCALES = {"effort": 0.5}


@dataclass(frozen=True)
class Rule:
    """One adjustment in the file's words, in Python's, and by hand."""

    when: str
    python: str
    action: Multiply | Add


RULES = (
    Rule("type = 'bug'", "type == 'bug'", Multiply("1.5")),
    Rule("votes > 5", "votes > 5", Multiply("1.2")),
    Rule("comments >= 10", "comments >= 10", Add("7")),
    Rule("age_days > 365", "age_days > 365", Multiply("0.9")),
    Rule("reach > 500 AND effort < 3", "reach > 500 and effort < 3", Add("25")),
    Rule("watchers > 3 OR votes > 10", "watchers > 3 or votes > 10", Add("3")),
    Rule("priority = 'high'", "priority == 'high'", Multiply("2")),
    Rule("idle_days < 30", "idle_days < 30", Multiply("1.1")),
    Rule("impact >= 2", "impact >= 2", Add("1")),
    Rule("confidence < 0.5", "confidence < 0.5", Multiply("0.5")),
)


@pytest.fixture(scope="module")
def issues():
    return [
        Issue(
            ref=IssueRef("core", "jira", f"{number:06}", f"CORE-{number}"),
            title=f"Issue {number}",
            url=f"https://jira.example/browse/CORE-{number}",
            state="open",
            state_category=StateCategory.TODO,
            created_at=NOON - timedelta(days=number % 900),
            updated_at=NOON - timedelta(days=number % 90),
            type="bug" if number % 3 else "story",
            priority="High" if number % 5 else "Low",
            votes=number % 17,
            watchers=number % 7,
            comments=number % 23,
            fields={
                "Reach": float(number % 1009),
                "Impact": number % 4 * 0.75,
                "Confidence": number % 10 / 10,
                "Effort": 1 + number % 8,
            },
        )
        for number in range(COUNT)
    ]


@pytest.fixture(scope="module")
def rules():
    return Rules(
        framework="formula",
        expression=FORMULA,
        inputs=tuple(
            Input(name=name, sources={"jira": InputSource("field", name.title())}, scale=Scale(min=SCALES.get(name)))
            for name in INPUTS
        ),
        adjustments=tuple(
            Adjustment(name=f"rule {place}", when=rule.when, action=rule.action) for place, rule in enumerate(RULES)
        ),
        round=3,
        bands=(Band(name="P0", share=0.05), Band(name="P1", share=0.2), Band(name="P2")),
    )


def by_hand(issues: list[Issue]) -> list[tuple[float, str]]:
    """As one would write it down for these very rules, with nothing configured and nothing explained."""
    found = []
    for issue in issues:
        fields = issue.fields
        reach, impact, effort = fields["Reach"], fields["Impact"], fields["Effort"]
        value = reach * impact * fields["Confidence"] / effort
        value *= 1.5 if issue.type == "bug" else 1
        value *= 1.2 if issue.votes > 5 else 1
        value += 7 if issue.comments >= 10 else 0
        value *= 0.9 if (NOON - issue.created_at).days > 365 else 1
        value += 25 if reach > 500 and effort < 3 else 0
        value += 3 if issue.watchers > 3 or issue.votes > 10 else 0
        value *= 2 if issue.priority.casefold() == "high" else 1
        value *= 1.1 if (NOON - issue.updated_at).days < 30 else 1
        value += 1 if impact >= 2 else 0
        value *= 0.5 if fields["Confidence"] < 0.5 else 1
        found.append((-value, issue.created_at, issue.ref.id))
    return [(round(-value, 3), id_) for value, _, id_ in sorted(found)]


def by_simpleeval(issues: list[Issue], simpleeval) -> list[float]:
    """Issue by issue through an evaluator of users' expressions, each parsed once."""
    evaluator = simpleeval.SimpleEval()
    formula = evaluator.parse(FORMULA)
    parsed = [(evaluator.parse(rule.python), rule.action) for rule in RULES]
    found = []
    for issue in issues:
        evaluator.names = {
            **{name: issue.fields[name.title()] for name in INPUTS},
            "type": issue.type,
            "priority": issue.priority.casefold(),
            "votes": issue.votes,
            "watchers": issue.watchers,
            "comments": issue.comments,
            "age_days": (NOON - issue.created_at).days,
            "idle_days": (NOON - issue.updated_at).days,
        }
        value = evaluator.eval(FORMULA, formula)
        for when, action in parsed:
            if evaluator.eval("", when):
                value = value * float(action.by) if isinstance(action, Multiply) else value + float(action.amount)
        found.append(value)
    return found


def seconds(work):
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def test_scoring_against_a_loop_by_hand(issues, rules, compare):
    score(issues[:10], rules, now=NOON)  # what is loaded once is not what is measured here
    ours, ranking = seconds(lambda: score(issues, rules, now=NOON))
    theirs, expected = seconds(lambda: by_hand(issues))
    assert [(entry.score, entry.issue.ref.id) for entry in ranking.ranked] == expected
    compare(f"score: {COUNT:,} issues, 10 adjustments, seconds", ours, "s", {"plain loop by hand": theirs})


def test_scoring_against_simpleeval(issues, rules, compare):
    simpleeval = pytest.importorskip("simpleeval", reason="simpleeval is not installed: nothing to compare with")
    few = issues[:EVALUATED]
    score(issues[:10], rules, now=NOON)
    ours, ranking = seconds(lambda: score(few, rules, now=NOON))
    theirs, values = seconds(lambda: by_simpleeval(few, simpleeval))
    assert sorted(entry.score for entry in ranking.ranked) == pytest.approx(sorted(values), abs=0.001)
    compare(f"score: {EVALUATED:,} issues, 10 adjustments, seconds", ours, "s", {"simpleeval": theirs})
