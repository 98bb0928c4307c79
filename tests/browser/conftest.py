"""Reports of made issues, written by the program as a user writes them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from trackersync.cli import main
from trackersync.config import load_config
from trackersync.model import Issue, IssueRef, Person, Standing
from trackersync.registry import Registry
from trackersync.store import Store

RICE = """\
version: 1
trackers:
  core: {connector: jira, url: "https://jira.example", jql: project = CORE, token_env: JIRA_TOKEN}
  web: {connector: github, repository: acme/web, token_env: GITHUB_TOKEN}
inputs:
  reach: {from: {jira: {field: Reach}, github: {issue_field: Reach}}}
  effort: {from: {jira: {field: Effort}, github: {issue_field: Effort}}, scale: {min: 1}}
scoring:
  framework: formula
  expression: reach / effort
  adjustments:
    - {name: bug, when: type = 'bug', multiply: 2, because: It is broken.}
bands: {P0: {min_score: 60}, P1: {min_score: 30}, P2: {min_score: 15}, P3: {min_score: 8}, P4: {}}
goals: {growth: {weight: 1.5, label: growth, because: More people shall come.}}
capacity: {points: 10, per: 2w}
"""


@pytest.fixture
def made(issue: Callable[..., Issue]) -> Callable[..., Issue]:
    """An issue of the core, or of the web where its number ends in 5."""

    def make(number: int, **values: Any) -> Issue:
        web = number % 10 == 5
        ref = IssueRef("web", "github", str(number), f"acme/web#{number}")
        core = IssueRef("core", "jira", str(number), f"CORE-{number}")
        defaults: dict[str, Any] = {
            "fields": {"Reach": float(number % 97 + 1), "Effort": float(number % 7 + 1)},
            "type": "bug" if number % 3 == 0 else "story",
            "labels": ("growth",) if number % 4 == 0 else ("area/checkout", "ui"),
            "assignees": (Person("1", "Ann"),) if number % 2 else (),
        }
        return issue(number, ref=ref if web else core, **{**defaults, **values})

    return make


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: Any) -> Callable[..., Path]:
    """`report(issues, lists)`: the report on a store that holds just these, and on the lists applied a day apart.

    `also` does to the store whatever else a test is about.
    """
    monkeypatch.chdir(tmp_path)
    for name in ("JIRA_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, "x")
    monkeypatch.delenv("TRACKERSYNC_CONFIG", raising=False)

    def write(
        issues: Sequence[Issue],
        *lists: Sequence[Issue],
        rules: str = RICE,
        since: datetime | None = None,
        also: Callable[[Store], None] = lambda store: None,
    ) -> Path:
        (tmp_path / "trackersync.yaml").write_text(rules, encoding="utf-8")
        config = load_config(tmp_path / "trackersync.yaml", Registry())
        with Store.open(config.store) as store:
            for name, tracker in config.trackers.items():
                mine = [each for each in issues if each.ref.tracker == name]
                identity = tracker.source.identify(tracker.settings)
                taken = now - timedelta(hours=5)
                store.replace_snapshot(name, identity, [mine], taken_at=taken, accept=lambda *_: None)
            for day, applied in enumerate(lists):
                run = store.begin_run(at=now + timedelta(days=day), plan_digest="d", allowed=(), by="ann")
                band = f"P{day % 2 + 1}"
                standings = [Standing(each.ref, 99.0 - rank, rank, band) for rank, each in enumerate(applied, 1)]
                store.note_movements(list(config.trackers), standings, run=run)
                store.save_standings(list(config.trackers), standings, run=run)
                store.finish_run(run, at=now, status="done")
            also(store)
        command = ["trackersync", "report", *(["--since", since.isoformat()] if since else [])]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        return tmp_path / "report.html"

    return write


@pytest.fixture
def page(browser: Any, report: Callable[..., Path], made: Callable[..., Issue]) -> Any:
    """Three hundred issues, of which some moved since the last run."""
    issues = [made(number) for number in range(1, 301)]
    return browser.open(report(issues, issues[:200]))
