"""What writing back costs: requests for a label and a field on each of a thousand issues."""

from math import ceil
from pathlib import Path

import pytest

CHANGED = 1_000
LATENCY_MS = 50
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


def test_write_back_to_github_against_the_librarys_way(sandbox, program, made, compare, tmp_path):
    """A label and a field of the project on a thousand issues, over a network, reading before and after included."""
    name, tracker, fields, score = TRACKERS["github"]
    options = (f"--github={name}={made('github', CHANGED)}", "--latency-ms", str(LATENCY_MS))
    ours, theirs = sandbox(*options), sandbox(*options)
    text = TEAM.format(tracker=tracker, base=f"{ours.url}/github", fields=fields, score=score)
    (tmp_path / "trackersync.yaml").write_text(text)
    program("-m", "trackersync", "plan", "--out", "plan.json", cwd=tmp_path)
    mine, requests = ours.requests(lambda: program("-m", "trackersync", "apply", "plan.json", cwd=tmp_path))
    loop = [str(LOOPS / "pygithub_edits.py"), f"{theirs.url}/github", name, "acme/1", score]
    other, others = theirs.requests(lambda: program(*loop, cwd=tmp_path))
    assert requests <= ceil(2 * CHANGED / 20) + 5
    what = f"github: label and field of {CHANGED:,} issues written, {LATENCY_MS} ms away"
    compare(f"{what}, requests", requests, "", {"PyGithub": others})
    compare(f"{what}, seconds", mine.seconds, "s", {"PyGithub": other.seconds})
