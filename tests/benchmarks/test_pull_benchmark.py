"""What a pull costs: next to a loop that only downloads and decodes the same pages, and to the libraries' own loops."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trackersync_jira.shapes import SYSTEM_FIELDS

LOOPS = Path(__file__).parent / "loops"
MADE = 5_000
LARGE = 100_000
AFAR, LATENCY_MS = 10_000, 100
TEAM = """\
version: 1
trackers:
  it: {{{tracker}, url: "{base}"}}
scoring: {{framework: formula, expression: age_days}}
bands: {{P0: {{}}}}
"""
GITHUB = "connector: github, repository: {name}, token_env: GITHUB_TOKEN, select: {{state: all}}"
JIRA = 'connector: jira, jql: "project = {name}", email: pm@acme.example, token_env: JIRA_TOKEN'


@pytest.fixture
def pull(program, tmp_path) -> Callable[..., None]:
    """Each in turn, `runs` times, of which the cheapest counts: the first of all also compiles modules."""

    def run(sandbox, loops: dict[str, list[str]], tracker: str, base: str, runs: int):
        (tmp_path / "trackersync.yaml").write_text(TEAM.format(tracker=tracker, base=base))
        commands = {"ours": ["-m", "trackersync", "pull", "--full"]} | loops
        taken, requests, counts = {}, {}, set()
        for name, command in list(commands.items()) * runs:
            done, requests[name] = sandbox.requests(lambda command=command: program(*command, cwd=tmp_path))
            taken[name] = min(done, taken.get(name, done), key=lambda each: each.cpu)
            counts.add(next(int(word) for word in done.out.split() if word.isdecimal()))
        assert len(counts) == 1, "all of them read the same issues"
        return counts.pop(), taken, requests

    return run


@pytest.fixture
def told(compare) -> Callable[..., None]:
    def tell(tracker: str, count: int, taken, requests) -> None:
        others = [name for name in taken if name != "ours"]
        what = f"{tracker}: pull of {count:,} issues"
        compare(f"{what}, requests", requests["ours"], "", {name: requests[name] for name in others})
        for measure, unit in (("seconds", "s"), ("cpu", "s"), ("megabytes", "MB")):
            compare(
                f"{what}, {'peak memory' if unit == 'MB' else measure}",
                getattr(taken["ours"], measure),
                unit,
                {name: getattr(taken[name], measure) for name in others},
            )

    return tell


def pull_github(pull, told, served, name: str, where: str, runs: int) -> None:
    base = f"{served.url}/github"
    loops = {
        "bare loop": [str(LOOPS / "bare_github.py"), base, name],
        "PyGithub": [str(LOOPS / "pygithub.py"), base, name],
    }
    told(where, *pull(served, loops, GITHUB.format(name=name), base, runs))


def pull_jira(pull, told, served, name: str, where: str, runs: int) -> None:
    base, fields = f"{served.url}/jira", ",".join(SYSTEM_FIELDS)
    loops = {
        "bare loop": [str(LOOPS / "bare_jira.py"), base, name, fields],
        "jira library": [str(LOOPS / "jira_library.py"), base, name, fields],
    }
    told(where, *pull(served, loops, JIRA.format(name=name), base, runs))


def test_pull_of_made_github_issues(pull, told, sandbox, made):
    pull_github(pull, told, sandbox("--github", f"acme/made={made('github', MADE)}"), "acme/made", "GitHub", runs=2)


def test_pull_of_made_jira_issues(pull, told, sandbox, made):
    pull_jira(pull, told, sandbox("--jira", f"MADE={made('jira', MADE)}"), "MADE", "Jira", runs=2)


def test_pull_of_made_github_issues_from_afar(pull, told, sandbox, replayed, made):
    served = replayed(sandbox("--github", f"acme/made={made('github', AFAR)}"), LATENCY_MS)
    pull_github(pull, told, served, "acme/made", f"GitHub, {LATENCY_MS} ms away", runs=3)


def test_pull_of_made_jira_issues_from_afar(pull, told, sandbox, replayed, made):
    served = replayed(sandbox("--jira", f"MADE={made('jira', AFAR)}"), LATENCY_MS)
    pull_jira(pull, told, served, "MADE", f"Jira, {LATENCY_MS} ms away", runs=3)


def test_pull_of_real_github_issues(pull, told, sandbox, real):
    files = f"{real / 'github-rust.jsonl.gz'},{real / 'github-rust-pulls.jsonl.gz'}"
    served = sandbox("--github", f"rust-lang/rust={files}")
    pull_github(pull, told, served, "rust-lang/rust", "GitHub", runs=1)


def test_pull_of_real_jira_issues(pull, told, sandbox, real):
    served = sandbox("--jira", f"TIMOB={real / 'jira-timob.jsonl.gz'}")
    pull_jira(pull, told, served, "TIMOB", "Jira", runs=1)


@pytest.mark.parametrize(
    ("tracker", "kind", "name", "ref"),
    [(GITHUB, "github", "acme/made", "github:acme/made#{number}"), (JIRA, "jira", "MADE", "jira:MADE-{number}")],
    ids=["github", "jira"],
)
def test_pull_of_what_was_touched(program, compare, sandbox, made, tmp_path, tracker, kind, name, ref):
    served = sandbox(f"--{kind}", f"{name}={made(kind, MADE)}")
    team = TEAM.format(tracker=tracker.format(name=name), base=f"{served.url}/{kind}")
    (tmp_path / "trackersync.yaml").write_text(team)
    _, whole = served.requests(lambda: program("-m", "trackersync", "pull", cwd=tmp_path))
    _, idle = served.requests(lambda: program("-m", "trackersync", "pull", cwd=tmp_path))
    title = "summary" if kind == "jira" else "title"
    for number in range(100, MADE + 1, 100):
        served.post("edit", {"ref": ref.format(number=number), "set": {title: f"Issue {number} edited"}})
    done, touched = served.requests(lambda: program("-m", "trackersync", "pull", cwd=tmp_path))
    assert f"({MADE // 100} touched since the last pull)" in done.out
    compare(f"{kind}: {MADE:,} issues, none touched, requests", idle, "", {"the whole": whole})
    compare(f"{kind}: {MADE:,} issues, 1 % touched, requests", touched, "", {"the whole": whole})


@pytest.mark.parametrize(("tracker", "kind", "name"), [(GITHUB, "github", "acme/made"), (JIRA, "jira", "MADE")])
def test_memory_of_a_large_pull(program, compare, sandbox, made, tmp_path, tracker, kind, name):
    served = sandbox(f"--{kind}", f"{name}={made(kind, LARGE)}")
    (tmp_path / "trackersync.yaml").write_text(
        TEAM.format(tracker=tracker.format(name=name), base=f"{served.url}/{kind}")
    )
    done = program("-m", "trackersync", "pull", cwd=tmp_path)
    assert f"{LARGE} issues" in done.out
    compare(f"{kind}: pull of {LARGE:,} issues, peak memory", done.megabytes, "MB", {"the 150 MB we promise": 150})
