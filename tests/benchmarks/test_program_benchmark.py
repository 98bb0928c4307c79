"""What the program takes from the shell: the first sight of it, and a list of tens of thousands of issues."""

from datetime import UTC, datetime, timedelta

from trackersync.change import OwnWrite
from trackersync.config import load_config
from trackersync.model import Direction, Issue, IssueRef, Link, Person, Standing, StateCategory
from trackersync.registry import Registry
from trackersync.store import Store

WHOLE = 22_371
OPEN = 20_000
TEAM = """\
version: 1
trackers:
  it: {{connector: jira, url: "{base}/jira", jql: "project = {name}", email: pm@acme.example, token_env: JIRA_TOKEN}}
scoring:
  framework: formula
  expression: age_days + coalesce(comments, 0)
  adjustments:
    - {{name: bug, when: type = 'bug', multiply: 1.5}}
bands: {{P0: {{share: 5%}}, P1: {{}}}}
"""
RICE = """\
version: 1
trackers:
  core: {connector: jira, url: "https://jira.example", jql: project = CORE, token_env: JIRA_TOKEN}
inputs:
  reach: {from: {jira: {field: Reach}}}
  impact: {from: {jira: {field: Impact}}, values: {Massive: 3, High: 2, Medium: 1, Low: 0.5, Minimal: 0.25}}
  confidence: {from: {jira: {label: "confidence-{value}"}}, values: {high: 1, medium: 0.8, low: 0.5}}
  effort: {from: {jira: {field: Story Points}}, scale: {min: 0.5}, missing: worst}
scoring:
  framework: rice
  adjustments:
    - {name: bug, when: type = 'bug', multiply: 1.25}
    - {name: wanted, when: votes > 5, multiply: 1.2}
    - {name: customer, when: has_label('customer'), multiply: 1.5}
    - {name: cold, when: idle_days > 365, multiply: 0.8}
    - {name: unblocks, inherit: {from: blocks, share: 0.5}}
  round: 1
bands: {P0: {share: 5%}, P1: {share: 20%}, P2: {}}
hysteresis: 3
"""
TEXT = "Steps to reproduce: open the page, press the button, wait — nothing happens.\n" * 30
BORN = datetime(2024, 1, 1, tzinfo=UTC)
LIBRARIES = "import click, msgspec, polars, pydantic, rich.table, ruamel.yaml, sqlalchemy, sqlglot"


def test_help_against_the_bare_interpreter(program, compare, tmp_path):
    def least(*command: str) -> float:
        return min(program(*command, cwd=tmp_path).cpu for _ in range(5))

    others = {"bare Python": least("-c", "pass"), "import click": least("-c", "import click")}
    compare("trackersync --help, cpu", least("-m", "trackersync", "--help"), "s", others)


def compare_with_imports(program, compare, what: str, folder, *command: str, promised: float | None = None) -> None:
    scored = [program("-m", "trackersync", *command, cwd=folder) for _ in range(5)]
    bare = [program("-c", LIBRARIES, cwd=folder) for _ in range(5)]
    for unit, taken in (("s", "seconds"), ("s", "cpu"), ("MB", "megabytes")):
        ours, theirs = (min(getattr(each, taken) for each in runs) for runs in (scored, bare))
        limit = promised if taken == "seconds" else None
        compare(f"trackersync {what}, {taken}", ours, unit, {"importing its libraries": theirs}, promised=limit)


def score_whole(program, compare, served, name: str, folder) -> None:
    (folder / "trackersync.yaml").write_text(TEAM.format(base=served.url, name=name))
    program("-m", "trackersync", "pull", cwd=folder)
    compare_with_imports(program, compare, f"score of {WHOLE:,} {name} issues", folder, "score")


def open_issue(number: int) -> Issue:
    """One of a backlog in use: inputs in fields and labels, some blocking others."""
    blocks = (Link("blocks", Direction.OUTWARD, f"jira:CORE-{number // 2}"),) if number % 10 == 0 else ()
    points = float(number % 13 or 1)
    return Issue(
        ref=IssueRef("core", "jira", str(10_000 + number), f"CORE-{number}"),
        title=f"Issue {number} that somebody wrote down",
        url=f"https://jira.example/browse/CORE-{number}",
        state="To Do",
        state_category=StateCategory.TODO,
        created_at=BORN + timedelta(hours=number),
        updated_at=BORN + timedelta(hours=number, days=number % 400),
        body=TEXT,
        type="bug" if number % 3 else "story",
        labels=(f"confidence-{('high', 'medium', 'low')[number % 3]}", "customer" if number % 9 else f"area-{number}"),
        author=Person(f"person-{number % 60}", f"Person {number % 60}"),
        assignees=(Person(f"person-{number % 7}", f"Person {number % 7}"),),
        components=(f"Component {number % 11}",),
        estimate=points,
        priority=("High", "Medium", "Low")[number % 3],
        votes=number % 13,
        watchers=number % 17,
        comments=number % 11,
        links=blocks,
        fields={
            "Reach": float(number % 1009),
            "Impact": ("Massive", "High", "Medium", "Low", "Minimal")[number % 5],
            "Story Points": points,
        },
        native_rank=f"0|i{number:06}:",
    )


def keep_applied(folder, count: int = OPEN) -> None:
    """Store what a team has that pulled so many open issues, applied, and saw nothing happen since."""
    core = load_config(folder / "trackersync.yaml", Registry()).trackers["core"]
    issues = [open_issue(number) for number in range(1, count + 1)]
    pages = (issues[start : start + 100] for start in range(0, count, 100))
    ranked = [Standing(each.ref, count - rank, rank, "P2") for rank, each in enumerate(issues, 1)]
    with Store.open(f"sqlite:///{folder}/trackersync.db") as store:
        identity = core.source.identify(core.settings)
        store.replace_snapshot("core", identity, pages, taken_at=BORN, accept=lambda *_: None)
        run = store.begin_run(at=BORN, plan_digest="d", allowed=())
        store.save_standings(["core"], ranked, run=run)
        store.save_own_writes(OwnWrite(each.ref, each.updated_at, each.created_at) for each in issues)


def test_score_of_a_large_backlog_in_use(program, compare, tmp_path):
    (tmp_path / "trackersync.yaml").write_text(RICE)
    keep_applied(tmp_path)
    what = f"score --top 20 of {OPEN:,} open issues by RICE"
    compare_with_imports(program, compare, what, tmp_path, "score", "--top", "20", promised=1.5)
    best = program("-m", "trackersync", "score", "--format", "json", cwd=tmp_path)
    assert f'"total":{OPEN}' in best.out.replace(" ", "")


def test_score_of_made_issues(program, compare, sandbox, made, tmp_path):
    score_whole(program, compare, sandbox("--jira", f"MADE={made('jira', WHOLE)}"), "MADE", tmp_path)


def test_score_of_real_issues(program, compare, sandbox, real, tmp_path):
    score_whole(program, compare, sandbox("--jira", f"TIMOB={real / 'jira-timob.jsonl.gz'}"), "TIMOB", tmp_path)
