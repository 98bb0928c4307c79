"""What writing back costs: requests for a label and a field on each of a thousand issues, and for an order."""

import json
import random
from math import ceil
from pathlib import Path

import pytest

CHANGED = 1_000
BOARD, ASTRAY, BLOCK = 10_000, 100, 1_000
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


FIBONACCI = (1, 2, 3, 5, 8, 13, 20)
SCORE = "customfield_10033"
ESTIMATES = ("customfield_10040", "customfield_10041", "customfield_10042", "customfield_10043")
SCORED = """\
version: 1
trackers:
  it:
    {{connector: jira, jql: "project = MADE", email: pm@acme.example, token_env: JIRA_TOKEN, url: "{url}/jira"}}
inputs:
  business_value: {{from: {{jira: {{field: Business Value}}}}}}
  time_criticality: {{from: {{jira: {{field: Time Criticality}}}}}}
  risk_reduction: {{from: {{jira: {{field: Risk Reduction}}}}}}
  job_size: {{from: {{jira: {{field: Job Size}}}}}}
scoring: {{{scoring}}}
bands: {{P0: {{share: 10%}}, P1: {{share: 30%}}, P2: {{}}}}
write:
  it: {{labels: {{prefix: "priority-"}}, fields: {{score: Priority Score}}}}
"""
WSJF = "framework: wsjf, normalize: percentile, round: 0"
EVEN = "framework: formula, expression: business_value"


def estimated(even: bool):
    """Four estimates of an issue: on the method's own scale or, of the first, any from 0 to 100 alike."""
    drawn = random.Random(7)
    while True:
        known = [drawn.choice(FIBONACCI) for _ in ESTIMATES]
        yield dict(zip(ESTIMATES, [drawn.randrange(101), *known[1:]] if even else known, strict=True))


@pytest.fixture
def backlog(made, tmp_path):
    """A thousand issues with estimates, none of them scored yet."""

    def write(*, even: bool):
        raw = map(json.loads, made("jira", CHANGED).read_text().splitlines())
        issues = [one | {"fields": one["fields"] | more} for one, more in zip(raw, estimated(even), strict=False)]
        file = tmp_path / "estimated.jsonl"
        file.write_text("".join(json.dumps(issue) + "\n" for issue in issues))
        return file

    return write


def distinct(plan):
    """The issues of a plan, and the distinct sets of values that they get."""
    by_issue = {}
    for change in json.loads(plan.read_text())["changes"]:
        by_issue.setdefault(change["ref"]["id"], []).append((change["target"]["kind"], str(change["after"])))
    return len(by_issue), len(set(map(tuple, by_issue.values())))


@pytest.fixture
def scored(sandbox, program, backlog, tmp_path):
    """`served, values, done, requests = scored(WSJF)`: a thousand issues 50 ms away, ranked and written."""

    def run(scoring):
        served = sandbox("--latency-ms", "50", "--jira", f"MADE={backlog(even=scoring == EVEN)}")
        (tmp_path / "trackersync.yaml").write_text(SCORED.format(url=served.url, scoring=scoring))
        program("-m", "trackersync", "plan", "--out", "plan.json", cwd=tmp_path)
        issues, values = distinct(tmp_path / "plan.json")
        assert issues == CHANGED
        done, requests = served.requests(lambda: program("-m", "trackersync", "apply", "plan.json", cwd=tmp_path))
        return served, values, done, requests

    return run


def counted(served, *parts):
    """How many of the requests since were of these kinds."""
    return sum(count for route, count in served.counted.items() if any(part in route for part in parts))


def test_jira_in_bulk_against_an_edit_an_issue(scored, program, compare, tmp_path):
    served, values, done, requests = scored(WSJF)
    polls = counted(served, "/queue/")
    assert counted(served, "POST /rest/api/3/bulk/", "PUT ") + polls <= values + CHANGED / 1000 + polls
    loops = {"one edit an issue": "jira_edits.py", "the jira library": "jira_library_edits.py"}
    asked, lasted = {}, {}
    for name, loop in loops.items():
        command = (str(LOOPS / loop), f"{served.url}/jira", "MADE", SCORE)
        theirs, asked[name] = served.requests(lambda command=command: program(*command, cwd=tmp_path))
        lasted[name] = theirs.seconds
    compare(f"jira: {CHANGED:,} issues in {values} sets of values, 50 ms away, requests", requests, "", asked)
    compare(f"jira: {CHANGED:,} issues in {values} sets of values, 50 ms away", done.seconds, "s", lasted)
    assert requests * 8 <= asked["one edit an issue"]
    assert requests * 16 <= asked["the jira library"]


def test_jira_in_bulk_where_every_score_is_as_frequent(scored, compare):
    served, values, _, requests = scored(EVEN)
    polls = counted(served, "/queue/")
    assert counted(served, "POST /rest/api/3/bulk/", "PUT ") + polls <= values + CHANGED / 1000 + polls
    compare(f"jira: {CHANGED:,} issues in {values} sets of values, requests", requests, "", {"an edit each": CHANGED})


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
