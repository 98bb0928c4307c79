"""A plan of a hundred thousand changes: built and saved, or built and shown as lines or as one table."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from trackersync.cli.plan import COLUMNS, change_rows, print_changes
from trackersync.cli.terminal import print_table
from trackersync.model import Issue, IssueRef, Standing, StateCategory
from trackersync.plan.build import Basis, RankedIssue, build_plan
from trackersync.plan.document import PlannedTracker, read_plan, write_plan
from trackersync.plan.policy import Guards, WritePolicy

NOW = datetime(2026, 3, 1, tzinfo=UTC)
what, changes = sys.argv[1], int(sys.argv[2])
issues = changes // 2


def entry(number):
    """One that carries another label and another number than it should."""
    issue = Issue(
        ref=IssueRef("core", "jira", str(10_000 + number), f"CORE-{number}"),
        title=f"Issue {number}",
        url=f"https://jira.example/browse/CORE-{number}",
        state="To Do",
        state_category=StateCategory.TODO,
        created_at=NOW,
        updated_at=NOW,
        labels=("bug", "p/P3"),
        fields={"Score": 1.0},
    )
    return RankedIssue(issue, Standing(issue.ref, issues - number + 0.5, number, "P1"))


ranked = [entry(number) for number in range(1, issues + 1)]
plan = build_plan(
    Basis(
        now=NOW,
        rules_digest="d",
        ranked=ranked,
        trackers={"core": PlannedTracker(identity="jira", notify=False, snapshot_at=NOW, issues=issues)},
        policies={"core": WritePolicy(label_prefix="p/", fields={"score": "Score"})},
        written={(each.issue.ref.issue_key, "labels p/"): ("p/P3",) for each in ranked},
        overrides=(),
        skipped=(),
        guards=Guards(),
        allowed=(),
    )
)
assert len(plan.changes) == changes
if what == "save":
    write_plan(plan, Path("plan.json"))
elif what == "read":
    assert read_plan(Path("plan.json")) == plan
elif what == "lines":
    print_changes(plan, changes)
elif what == "table":
    print_table([(heading, "") for heading in COLUMNS], change_rows(plan.changes))
