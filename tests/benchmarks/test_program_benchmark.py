"""What the program takes from the shell: the first sight of it, and a list of tens of thousands of issues."""

WHOLE = 22_371
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
LIBRARIES = "import click, msgspec, polars, pydantic, rich.table, ruamel.yaml, sqlalchemy, sqlglot"


def test_help_against_the_bare_interpreter(program, compare, tmp_path):
    def least(*command: str) -> float:
        return min(program(*command, cwd=tmp_path).cpu for _ in range(5))

    others = {"bare Python": least("-c", "pass"), "import click": least("-c", "import click")}
    compare("trackersync --help, cpu", least("-m", "trackersync", "--help"), "s", others)


def score_whole(program, compare, served, name: str, folder) -> None:
    (folder / "trackersync.yaml").write_text(TEAM.format(base=served.url, name=name))
    program("-m", "trackersync", "pull", cwd=folder)
    scored = min((program("-m", "trackersync", "score", cwd=folder) for _ in range(3)), key=lambda each: each.cpu)
    bare = min((program("-c", LIBRARIES, cwd=folder) for _ in range(3)), key=lambda each: each.cpu)
    what = f"trackersync score of {WHOLE:,} {name} issues"
    compare(f"{what}, seconds", scored.seconds, "s", {"importing its libraries": bare.seconds})
    compare(f"{what}, cpu", scored.cpu, "s", {"importing its libraries": bare.cpu})
    compare(f"{what}, peak memory", scored.megabytes, "MB", {"importing its libraries": bare.megabytes})


def test_score_of_made_issues(program, compare, sandbox, made, tmp_path):
    score_whole(program, compare, sandbox("--jira", f"MADE={made('jira', WHOLE)}"), "MADE", tmp_path)


def test_score_of_real_issues(program, compare, sandbox, real, tmp_path):
    score_whole(program, compare, sandbox("--jira", f"TIMOB={real / 'jira-timob.jsonl.gz'}"), "TIMOB", tmp_path)
