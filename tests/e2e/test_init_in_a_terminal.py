"""`init` as an interview, typed in a real terminal against the sandbox, up to a first plan."""

from __future__ import annotations

import json
import os

import pytest

from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS

END_OF_INPUT = "\x04"
RICE = ("reach", "impact", "confidence", "effort")
ALL = {**FRAMEWORKS, **VARIANTS}
CSV = "id,title,Reach,Impact,Confidence,Effort,labels\n" + "".join(
    f"A-{n},Task {n},{n},{(n % 3) + 0.25},0.8,{n + 1},\n" for n in range(1, 9)
)


def words(terminal) -> str:
    """All that was shown, wherever the terminal broke its lines."""
    return " ".join(terminal.shown.split())


def last_line(terminal) -> str:
    return terminal.shown.strip().splitlines()[-1]


def reach_github(terminal, url: str, project: str):
    terminal.until("Which tracker?").until("Number or name").types("github")
    terminal.until("A name for it").types("web")
    terminal.until("url (").types(f"{url}/github").until("repository (").types("acme/web").until("token_env (").types(
        ""
    )
    return terminal.until("It answers, and can be read.").until("Which project?").until("[1]").types(project)


def reach_jira(terminal, url: str, board: str):
    terminal.until("Which tracker?").until("Number or name").types("jira")
    terminal.until("A name for it").types("core")
    terminal.until("url (").types(f"{url}/jira").until("email (").types("pm@acme.example").until("token_env (").types(
        ""
    )
    terminal.until("jql (").types("project = CORE AND statusCategory != Done")
    return terminal.until("It answers, and can be read.").until("Which board?").until("[1]").types(board)


def github(terminal, url: str) -> None:
    """A repository with its project; the fields that are called like the inputs are taken as they are offered."""
    reach_github(terminal, url, "1")
    terminal.until("Inputs can be kept in these fields").until("project field").until("issue field")
    for name in RICE:
        terminal.until(f"Where is {name} kept").types("")
    terminal.until("Write bands as labels").types("").until("Keep the order of the project").types("y")


def jira(terminal, url: str) -> None:
    reach_jira(terminal, url, "none")
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
    terminal.until("token_env (").types("").until("Paste another for GITHUB_TOKEN").types("").until(
        "It answers, and can be read."
    ).until("Which project?")


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
    assert last_line(terminal) == "export GITHUB_TOKEN=… && trackersync plan"
    assert "ghp_pasted" not in terminal.raw
    assert "ghp_pasted" not in (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")


def test_a_file_is_asked_about_as_well_and_without_a_secret(typed, run, tmp_path) -> None:
    rows = "\n".join(f"A-{n},Task {n},{n},{n},80,{n}" for n in range(1, 9))
    (tmp_path / "backlog.csv").write_text(f"id,title,Reach,Impact,Confidence,Effort\n{rows}\n", encoding="utf-8")
    terminal = typed("init", columns=40)
    terminal.until("How to score?").types("ice").until("Which tracker?").types("file").until("A name").types("")
    terminal.until("path (").types("backlog.csv").until("It answers, and can be read.")
    terminal.until("Where is impact kept").types("reech").until("Reach?")
    terminal.until("Where is impact kept").types("").until("Where is confidence kept").types("3")
    terminal.until("Where is ease kept").types("Effort").until("Write bands as labels").types("n")
    terminal.until("Keep the order of the rows").types("y").until("Another tracker?").types("")
    assert terminal.ends() == 0, terminal.shown
    assert run("check").code == 0
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    assert "my-file: {field: Effort}" in text
    assert "order: rows" in text


PLACES = {
    "web": {
        "reach": "project_field:Reach",
        "impact": "label:impact/{value}",
        "confidence": "project_field:Confidence",
        "effort": "project_field:Effort",
    },
    "core": {
        "reach": "field:Reach",
        "impact": "field:Impact",
        "confidence": "field:Confidence",
        "effort": "field:Story Points",
    },
}


def flags(url: str) -> list[str]:
    """All that a script says of a GitHub and a Jira."""
    settings = {
        "web.url": f"{url}/github",
        "web.repository": "acme/web",
        "web.project": "{owner: acme, number: 7}",
        "core.url": f"{url}/jira",
        "core.email": "pm@acme.example",
        "core.jql": "project = CORE AND statusCategory != Done",
    }
    given = ["--tracker", "web=github", "--tracker", "core=jira", "--labels", "priority/"]
    for key, value in settings.items():
        given += ["--set", f"{key}={value}"]
    for tracker, places in PLACES.items():
        for name, place in places.items():
            given += ["--input", f"{tracker}.{name}={place}"]
    return given


def test_flags_alone_make_a_complete_file_and_a_first_plan(sandbox, run, tmp_path) -> None:
    ran = run("init", "--framework", "rice", *flags(sandbox.url))
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "trackersync plan")
    assert run("check").code == 0
    assert run("rules", "test").code == 0
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    assert "Assumed" not in text
    assert "    project: {owner: acme, number: 7}\n" in text
    assert run("doctor").code == 0
    planned = run("plan", "--exit-code")
    assert planned.code == 4, planned
    ranked = json.loads(run("score", "--format", "json").out)["ranked"]
    assert {entry["tracker"] for entry in ranked} == {"web", "core"}
    assert len(ranked) >= 20


def test_flags_make_a_file_for_a_spreadsheet_and_what_they_leave_out_is_assumed(run, tmp_path) -> None:
    (tmp_path / "backlog.csv").write_text(CSV, encoding="utf-8")
    inputs = [word for name in RICE[:2] for word in ("--input", f"my.list.{name}=field:{name.title()}")]
    ran = run("-c", "my team.yaml", "init", "--tracker", "my.list=file", "--set", "my.list.path=backlog.csv", *inputs)
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "trackersync -c 'my team.yaml' plan"), ran
    text = (tmp_path / "my team.yaml").read_text(encoding="utf-8")
    assert "# write: nothing is written" in text
    assert text.count("missing: block") == 2
    assert text.count("# Assumed: no --input said where my.list keeps it.") == 2
    assert run("-c", "my team.yaml", "plan").code == 0
    assert len(json.loads(run("-c", "my team.yaml", "score", "--format", "json").out)["ranked"]) == 8
    written = run("-c", "two.yaml", "init", "--tracker", "l=file", "--set", "l.path=backlog.csv", "--labels", "p/")
    assert written.code == 0
    assert "no input tells the issues of l apart yet" in written.out
    assert "labels p/" in run("-c", "two.yaml", "plan").out


def test_everything_wrong_with_flags_is_told_at_once_by_the_flag(run, tmp_path) -> None:
    given = ["--framework", "rise", "--tracker", "web=githb", "--tracker", "core=jira", "--tracker", "core=file"]
    given += ["--tracker", "x", "--set", "wbe.repository=acme", "--set", "core.jq=a", "--set", "core.jql="]
    given += ["--set", "core.email={", "--set", "web.token_env=ghp_0123456789abcdefgh", "--input", "core.reech=field:R"]
    given += ["--input", "core.impact=filed:X", "--input", "web.effort=project_field", "--labels", "a b"]
    ran = run("init", *given)
    assert ran.code == 2
    told = [line.strip() for line in ran.err.splitlines() if line.startswith("  --")]
    expected = [
        "--framework rise: no framework is named so; did you mean rice?",
        "--tracker core=file: there are two of the name core",
        "--tracker x: give its name and its connector, such as web=github",
        "--set wbe.repository: no tracker is named 'wbe' (did you mean web?)",
        "--set core.jql: has no value",
        "--set core.email: its value is not valid YAML",
        "--input core.reech: rice has no such input (did you mean reach?)",
        "--input core.impact: filed is no place (did you mean field?)",
        "--input web.effort: say where it is kept: --input web.effort=KIND:NAME",
        "--tracker web=githb: no connector named 'githb' is installed (did you mean github?",
        "--set web.repository: is not of the expected form, found the text 'acme'",
        "--set web.token_env: looks like a secret itself",
        "--set core.url: is missing",
        "--set core.jq: unknown key (did you mean jql?)",
        "--labels a b: jira takes no label 'a bP0'",
    ]
    assert len(told) == len(expected), told
    for line, begins in zip(told, expected, strict=True):
        assert line[: len(begins)] == begins
    assert "ghp_0123456789" not in ran.err
    assert not list(tmp_path.iterdir())


def test_flags_of_a_tracker_need_one_and_tokens_that_are_not_set_are_told(run, monkeypatch, tmp_path) -> None:
    alone = run("init", "--set", "web.repository=acme/web")
    assert (alone.code, "--tracker NAME=CONNECTOR" in alone.err) == (2, True)
    monkeypatch.delenv("GITHUB_TOKEN")
    ran = run("init", "--tracker", "web=github", "--set", "web.repository=acme/web")
    assert ran.out.splitlines()[-1] == "export GITHUB_TOKEN=… && trackersync plan"


@pytest.mark.parametrize("arguments", [[], ["--framework", "wsjf"]])
def test_without_a_terminal_and_with_a_framework_nothing_is_asked(run, arguments) -> None:
    ran = run("init", *arguments)
    assert (ran.code, "fill in the trackers" in ran.out) == (0, True)
    assert run("check").code == 0


def test_whoever_stops_leaves_no_file(typed, tmp_path) -> None:
    terminal = typed("init").until("How to score?").until("Number or name").presses(END_OF_INPUT)
    assert terminal.ends() == 1
    assert not (tmp_path / "trackersync.yaml").exists()


@pytest.mark.parametrize("tracker", ["github", "jira"])
@pytest.mark.parametrize("framework", ALL)
def test_enter_throughout_makes_a_first_plan_that_ranks_whatever_the_framework(
    sandbox, typed, run, tmp_path, framework, tracker
) -> None:
    terminal = typed("init").until("How to score?").until(framework).until("Number or name")
    terminal.types(framework)
    reach_github(terminal, sandbox.url, "") if tracker == "github" else reach_jira(terminal, sandbox.url, "")
    for each in ALL[framework].first_inputs:
        if not each.expression:
            terminal.until(f"Where is {each.name} kept").types("")
    terminal.until("Write bands as labels").types("").until("Keep the order").types("")
    terminal.until("Nothing is missing for that.").until("Another tracker?").types("").until("wrote trackersync.yaml")
    assert terminal.ends() == 0, terminal.shown
    assert run("check").code == 0
    assert run("rules", "test").code == 0
    assert "labels priority/" in run("plan", "--exit-code").out
    ranked = json.loads(run("score", "--format", "json").out)["ranked"]
    assert len(ranked) >= 20
    alike = len({entry["score"] for entry in ranked}) <= 2  # what is due soon, and the rest
    assert ("no input tells the issues of" in words(terminal)) == alike
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    assert ("# Assumed: " in text) == ("assumed, since" in words(terminal))
    if alike:
        assert text.count("# Assumed: ") == sum(not each.expression for each in ALL[framework].first_inputs)


def test_a_field_that_holds_another_scale_is_not_proposed_and_why_is_said(sandbox, typed, tmp_path) -> None:
    terminal = typed("init").until("How to score?").types("ice")
    reach_github(terminal, sandbox.url, "")
    terminal.until("label impact/{value} is not proposed").until("[ice-impact/{value}]").types("")
    terminal.until("Where is confidence kept").types("Confidence").until("Where is ease kept").types("")
    terminal.until("Write bands").types("").until("Keep the order").types("").until("Another").types("")
    assert terminal.ends() == 0, terminal.shown
    assert "assumed, since 0 of 30 issues seen have it there" in words(terminal)
    assert "Confidence is not proposed for confidence: 0.3 is below 1, the least on its scale" in words(terminal)
    assert "web: {project_field: Confidence}" in (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")


def test_a_token_that_is_refused_can_be_replaced_and_is_tested_again(sandbox, typed, tmp_path) -> None:
    terminal = typed("init", GITHUB_TOKEN="bad").until("How to score?").types("rice").until("Which tracker?")
    terminal.types("github").until("A name").types("").until("url (").types(f"{sandbox.url}/github")
    terminal.until("repository (").types("acme/web").until("token_env (").types("")
    terminal.until("Bad credentials").until("It cannot be read").until("Paste another for GITHUB_TOKEN").types("bad")
    terminal.until("Bad credentials").until("Paste another for GITHUB_TOKEN").types("ghp_pasted")
    terminal.until("It answers, and can be read.").until("Which project?").types("none")
    for name in RICE:
        terminal.until(f"Where is {name} kept").types("")
    terminal.until("Write bands as labels").types("n").until("Another tracker?").types("")
    assert terminal.ends() == 0, terminal.shown
    assert last_line(terminal) == "export GITHUB_TOKEN=… && trackersync plan"
    assert "ghp_pasted" not in terminal.raw + (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")


def test_without_another_token_the_settings_are_asked_again(sandbox, typed) -> None:
    terminal = typed("init", GITHUB_TOKEN="bad").until("How to score?").types("rice").until("Which tracker?")
    terminal.types("github").until("A name").types("").until("url (").types(f"{sandbox.url}/github")
    terminal.until("repository (").types("acme/web").until("token_env (").types("")
    terminal.until("Paste another").types("").until("Answer again?").types("").until("url (").types("")
    terminal.until("repository (").types("").until("token_env (").types("").until("Paste another").types("ghp_pasted")
    terminal.until("It answers, and can be read.")


def test_what_is_missing_for_what_is_written_is_told_and_can_be_answered_again(serve, typed, run, tmp_path) -> None:
    sandbox = serve(lacking=("EDIT_ISSUES", "SCHEDULE_ISSUES"))
    terminal = typed("init").until("How to score?").types("rice")
    reach_jira(terminal, sandbox.url, "")
    for name in RICE:
        terminal.until(f"Where is {name} kept").types("")
    terminal.until("Write bands as labels").types("").until("Keep the order").types("y")
    terminal.until("Edit Issues").until("Schedule Issues").until("It cannot be done like this.")
    terminal.until("Answer again?").types("y").until("Write bands as labels").types("n")
    terminal.until("Keep the order").types("n").until("Nothing is missing for that.").until("Another").types("")
    assert terminal.ends() == 0, terminal.shown
    assert "# write: nothing is written" in (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    assert run("doctor").code == 0


def test_a_name_from_a_tracker_drives_no_terminal_and_its_number_is_taken_by_enter(sandbox, typed, tmp_path) -> None:
    title = " \x1b]0;owned\x07\x1b[31mRoad\u202emap "
    node = {"number": 7, "title": title, "closed": False}
    body = {"data": {"holder": {"projects": {"nodes": [node]}}, "repository": None}}
    sandbox.post("faults", [{"route": "POST /graphql projectsV2", "call": "1", "status": 200, "body": body}])
    terminal = typed("init").until("How to score?").types("rice")
    reach_github(terminal, sandbox.url, "")
    terminal.until("Where is reach kept")
    for harm in ("\x1b]0;", "\x1b[31m", "\u202e"):
        assert harm not in terminal.raw
    assert "\\x1b]0;owned" in terminal.raw


def test_a_tracker_of_a_name_that_is_taken_is_named_otherwise(sandbox, typed, tmp_path) -> None:
    (tmp_path / "backlog.csv").write_text(CSV, encoding="utf-8")
    terminal = typed("init").until("How to score?").types("rice")
    for expected, said in (("[my-file]", ("",)), ("[my-file-too]", ("my-file", ""))):
        terminal.until("Which tracker?").types("file").until(expected).types(said[0])
        for other in said[1:]:
            terminal.until("'my-file' is taken").until(expected).types(other)
        terminal.until("path (").types("backlog.csv")
        for name in RICE:
            terminal.until(f"Where is {name} kept").types("")
        terminal.until("Write bands").types("n").until("Keep the order").types("n").until("Another tracker?")
        terminal.types("y" if expected == "[my-file]" else "n")
    assert terminal.ends() == 0, terminal.shown
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    assert "\n  my-file:\n" in text
    assert "\n  my-file-too:\n" in text


def test_nothing_is_asked_for_a_file_that_cannot_be_written(typed, tmp_path) -> None:
    nowhere = typed("-c", "nowhere/team.yaml", "init")
    assert nowhere.ends() == 1
    assert "cannot be written in nowhere" in nowhere.shown
    (tmp_path / "dangling.yaml").symlink_to("nothing")
    there = typed("-c", "dangling.yaml", "init")
    assert there.ends() == 1
    assert "exists already" in there.shown
    assert "How to score" not in nowhere.shown + there.shown
    if os.geteuid():
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        assert typed("-c", "closed/team.yaml", "init").ends() == 1


def test_where_no_issue_can_be_looked_at_that_is_said_once_and_all_is_assumed(sandbox, typed, tmp_path) -> None:
    terminal = typed("init").until("How to score?").types("rice")
    terminal.until("Which tracker?").types("github").until("A name for it").types("web")
    terminal.until("url (").types(f"{sandbox.url}/github").until("repository (").types("acme/web")
    terminal.until("token_env (").types("").until("Which project?").until("[1]")
    sandbox.post("faults", [{"route": "GET /repos/{owner}/{repo}/issues", "call": "all", "status": 500}])
    terminal.types("none")
    for name in RICE:
        terminal.until(f"Where is {name} kept").types("")
    terminal.until("Write bands as labels").types("n").until("It cannot be done like this.")
    terminal.until("Answer again?").types("").until("Another tracker?").types("")
    assert terminal.ends() == 0, terminal.shown
    assert words(terminal).count("What its issues hold cannot be looked at") == 1
    assert words(terminal).count("assumed, since nobody looked") == len(RICE)
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    assert text.count("# Assumed: web was not looked at.") == len(RICE)
