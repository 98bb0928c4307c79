"""What writing back costs: requests for a label and a field on each of a thousand issues, and for an order."""

import json
import random
from pathlib import Path

import pytest

CHANGED = 1_000
BOARD, ASTRAY, BLOCK = 10_000, 100, 1_000
LOOPS = Path(__file__).parent / "loops"
TEAM = """\
version: 1
trackers:
  it: {{{tracker}, url: "{base}"}}
scoring: {{framework: formula, expression: age_days + 1}}
bands: {{P0: {{share: 10%}}, P1: {{}}}}
write:
  it: {{labels: {{prefix: "priority-"}}, {fields}: {{score: {score}}}}}
"""
TRACKERS = {
    "github": (
        "acme/made",
        "connector: github, repository: acme/made, token_env: GITHUB_TOKEN, project: {owner: acme, number: 1}",
        "project_fields",
        "Score",
    ),
    "jira": (
        "MADE",
        'connector: jira, jql: "project = MADE", email: pm@acme.example, token_env: JIRA_TOKEN',
        "fields",
        "Priority Score",
    ),
}


@pytest.mark.parametrize("kind", TRACKERS)
def test_write_back_against_a_request_a_value(kind, sandbox, program, made, compare, tmp_path):
    name, tracker, fields, score = TRACKERS[kind]
    served = sandbox(f"--{kind}", f"{name}={made(kind, CHANGED)}")
    text = TEAM.format(tracker=tracker, base=f"{served.url}/{kind}", fields=fields, score=score)
    (tmp_path / "trackersync.yaml").write_text(text)
    program("-m", "trackersync", "plan", "--out", "plan.json", cwd=tmp_path)
    _, requests = served.requests(lambda: program("-m", "trackersync", "apply", "plan.json", cwd=tmp_path))
    _, again = served.requests(lambda: program("-m", "trackersync", "plan", "--exit-code", cwd=tmp_path))
    what = f"{kind}: label and field of {CHANGED:,} issues written, requests"
    compare(what, requests, "", {"a request a value": 2 * CHANGED})
    compare(f"{kind}: {CHANGED:,} issues, none changed, requests", again, "", {"a request an issue": CHANGED})


ORDERED = """\
version: 1
trackers:
  it: {{{tracker}, url: "{base}"}}
scoring:
  framework: formula
  expression: age_days + 1
  adjustments:
    - {{name: later, when: has_label('later'), multiply: 0.9}}
    - {{name: first, when: has_label('first'), add: 100000}}
write:
  it: {{order: {order}}}
"""
BOARDS = {"github": ("github:acme/made#{}", "project"), "jira": ("jira:MADE-{}", "board")}


@pytest.mark.parametrize("kind", BOARDS)
def test_an_order_against_a_request_a_move(kind, sandbox, program, made, compare, tmp_path):
    """Of ten thousand issues in order a hundred here and there get another rank; then a thousand in a row do."""
    name, tracker, *_ = TRACKERS[kind]
    ref, order = BOARDS[kind]
    served = sandbox(f"--{kind}", f"{name}={made(kind, BOARD)}")
    tracker += ", board: 12" if kind == "jira" else ""
    text = ORDERED.format(tracker=tracker, base=f"{served.url}/{kind}", order=order)
    (tmp_path / "trackersync.yaml").write_text(text)

    def reordered(label: str, numbers) -> tuple[int, int]:
        for number in numbers:
            served.post("edit", {"ref": ref.format(number), "set": {"labels": [label]}})
        program("-m", "trackersync", "plan", "--out", "plan.json", cwd=tmp_path)
        _, requests = served.requests(lambda: program("-m", "trackersync", "apply", "plan.json", cwd=tmp_path))
        return len(json.loads((tmp_path / "plan.json").read_text())["changes"]), requests

    moves, requests = reordered("later", random.Random(7).sample(range(1, BOARD + 1), ASTRAY))
    assert moves <= ASTRAY
    others = {"a request a move": moves, "a request an issue": BOARD}
    if kind == "jira":
        loop = [str(LOOPS / "jira_rank.py"), f"{served.url}/jira", "plan.json"]
        _, others["jira library, these moves"] = served.requests(lambda: program(*loop, cwd=tmp_path))
    compare(f"{kind}: {ASTRAY} of {BOARD:,} issues out of order, requests", requests, "", others)
    moves, requests = reordered("first", range(BOARD - BLOCK + 1, BOARD + 1))
    compare(f"{kind}: {moves:,} moves in a row, requests", requests, "", {"a request a move": moves})
