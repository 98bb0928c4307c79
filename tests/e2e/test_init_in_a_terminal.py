"""`init` as an interview, typed in a real terminal against the sandbox, up to a first plan."""

from __future__ import annotations

import json

import pytest

END_OF_INPUT = "\x04"
RICE = ("reach", "impact", "confidence", "effort")


def github(terminal, url: str) -> None:
    """A repository with its project; the fields that are called like the inputs are taken as they are offered."""
    terminal.until("Which tracker?").until("Number or name").types("github")
    terminal.until("A name for it").types("web")
    terminal.until("url (").types(f"{url}/github").until("repository (").types("acme/web").until("token_env (").types(
        ""
    )
    terminal.until("It answers, and can be read.").until("Which project?").until("Number or name").types("1")
    terminal.until("Inputs can be kept in these fields").until("project field").until("issue field")
    for name in RICE:
        terminal.until(f"Where is {name} kept").types("")
    terminal.until("Write bands as labels").types("").until("Keep the order of the project").types("y")


def jira(terminal, url: str) -> None:
    terminal.until("Which tracker?").until("Number or name").types("jira")
    terminal.until("A name for it").types("core")
    terminal.until("url (").types(f"{url}/jira").until("email (").types("pm@acme.example").until("token_env (").types(
        ""
    )
    terminal.until("jql (").types("project = CORE AND statusCategory != Done")
    terminal.until("It answers, and can be read.").until("Which board?").until("Number or name").types("none")
    for name in RICE:
        terminal.until(f"Where is {name} kept").types("")
    terminal.until("Write bands as labels").types("")


def test_what_it_asks_makes_a_file_that_check_accepts_and_a_sensible_first_plan(sandbox, typed, run, tmp_path) -> None:
    terminal = typed("init")
    terminal.until("How to score?").until("rice").until("Number or name").types("")
    github(terminal, sandbox.url)
    terminal.until("Another tracker?").types("y")
    jira(terminal, sandbox.url)
    terminal.until("Another tracker?").types("n").until("wrote trackersync.yaml")
    assert terminal.ends() == 0, terminal.shown
    before = sandbox.get("state")
    assert run("check").code == 0
    assert run("rules", "test").code == 0
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    assert "project: {owner: acme, number: 7}" in text
    assert "core: {field: Story Points}" in text
    assert "web: {project_field: Reach}" in text
    planned = run("plan", "--exit-code")
    assert planned.code == 4, planned
    assert "labels priority/" in planned.out
    ranked = json.loads(run("score", "--format", "json").out)["ranked"]
    assert {entry["tracker"] for entry in ranked} == {"web", "core"}
    assert len(ranked) >= 20
    assert sandbox.get("state") == before


@pytest.mark.parametrize("project", ["Roadmap", "none"])
def test_an_issue_field_can_be_chosen_with_a_project_and_without(sandbox, typed, run, tmp_path, project) -> None:
    terminal = typed("init")
    terminal.until("How to score?").types("rice").until("Which tracker?").types("github").until("A name").types("web")
    terminal.until("url (").types(f"{sandbox.url}/github").until("repository (").types("acme/web")
    terminal.until("token_env (").types("").until("Which project?").until("Number or name").types(project)
    terminal.until("Inputs can be kept in these fields").until("Severity")
    for name in RICE:
        terminal.until(f"Where is {name} kept").types("severity" if name == "impact" else "")
    terminal.until("Write bands as labels").types("n")
    if project != "none":
        terminal.until("Keep the order of the project").types("n")
    terminal.until("Another tracker?").types("")
    assert terminal.ends() == 0, terminal.shown
    assert run("check").code == 0
    assert "web: {issue_field: Severity}" in (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    assert run("pull").code == 0


def test_what_does_not_answer_is_told_and_asked_again_with_what_was_said(sandbox, typed) -> None:
    terminal = typed("init")
    terminal.until("How to score?").until("Number or name").types("wsjf").until("Which tracker?").types("github")
    terminal.until("A name for it").types("").until("url (").types(f"{sandbox.url}/github")
    terminal.until("repository (").types("web").until("token_env (").types("")
    terminal.until("repository: ").until("repository (").types("acme/wbe")
    terminal.until("acme/wbe").until("It cannot be read like this.").until("Answer again?").types("")
    terminal.until(f"[{sandbox.url}/github]").types("").until("repository (").types("acme/web")
    terminal.until("token_env (").types("").until("It answers, and can be read.").until("Which project?")


def test_where_the_fields_cannot_be_had_any_name_is_taken(sandbox, typed, run, tmp_path) -> None:
    sandbox.post("faults", [{"route": "GET /rest/agile/1.0/board", "status": 500}])
    terminal = typed("init")
    terminal.until("How to score?").until("Number or name").types("ice").until("Which tracker?").types("jira")
    terminal.until("A name").types("core").until("url (").types(f"{sandbox.url}/jira")
    terminal.until("email (").types("pm@acme.example").until("token_env (").types("").until("jql (").types(
        "project = CORE"
    )
    terminal.until("It answers, and can be read.").until("It offers nothing to choose from")
    for name in ("impact", "confidence", "ease"):
        terminal.until(f"Where is {name} kept").types(f"My {name}")
    terminal.until("Write bands as labels").types("").until("Another tracker?").types("")
    assert terminal.ends() == 0, terminal.shown
    assert "core: {field: My ease}" in (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    assert run("check").code == 0


def test_a_secret_that_is_not_set_is_tested_as_it_is_pasted_and_kept_nowhere(sandbox, typed, tmp_path) -> None:
    terminal = typed("init", GITHUB_TOKEN="")
    terminal.until("Number or name").types("").until("Which tracker?").types("github").until("A name").types("")
    terminal.until("url (").types(f"{sandbox.url}/github").until("repository (").types("acme/web")
    terminal.until("token_env (").types("").until("GITHUB_TOKEN is not set").until("kept nowhere").types("ghp_pasted")
    terminal.until("It answers, and can be read.").until("Which project?").types("none")
    for name in RICE:
        terminal.until(f"Where is {name} kept").types("")
    terminal.until("Write bands as labels").types("n").until("Another tracker?").types("")
    assert terminal.ends() == 0, terminal.shown
    assert "ghp_pasted" not in terminal.raw
    assert "ghp_pasted" not in (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")


def test_a_file_is_asked_about_as_well_and_without_a_secret(typed, run, tmp_path) -> None:
    rows = "\n".join(f"A-{n},Task {n},{n},{n},80,{n}" for n in range(1, 9))
    (tmp_path / "backlog.csv").write_text(f"id,title,Reach,Impact,Confidence,Effort\n{rows}\n", encoding="utf-8")
    terminal = typed("init", columns=40)
    terminal.until("How to score?").types("ice").until("Which tracker?").types("file").until("A name").types("")
    terminal.until("path (").types("backlog.csv").until("It answers, and can be read.")
    terminal.until("Where is impact kept").types("reech").until("did you mean Reach?")
    terminal.until("Where is impact kept").types("").until("Where is confidence kept").types("3")
    terminal.until("Where is ease kept").types("Effort").until("Write bands as labels").types("n")
    terminal.until("Keep the order of the rows").types("y").until("Another tracker?").types("")
    assert terminal.ends() == 0, terminal.shown
    assert run("check").code == 0
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    assert "my-file: {field: Effort}" in text
    assert "order: rows" in text


@pytest.mark.parametrize("arguments", [[], ["--framework", "wsjf"]])
def test_without_a_terminal_and_with_a_framework_nothing_is_asked(run, arguments) -> None:
    ran = run("init", *arguments)
    assert (ran.code, "fill in the trackers" in ran.out) == (0, True)
    assert run("check").code == 0


def test_whoever_stops_leaves_no_file(typed, tmp_path) -> None:
    terminal = typed("init").until("How to score?").until("Number or name").presses(END_OF_INPUT)
    assert terminal.ends() == 1
    assert not (tmp_path / "trackersync.yaml").exists()
