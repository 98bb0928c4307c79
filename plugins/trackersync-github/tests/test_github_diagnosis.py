"""What `doctor` finds on GitHub, probe by probe; each test makes one thing wrong and sees nothing else called wrong."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from trackersync.connector import FieldNames
from trackersync.diagnosis import Written

URL = "https://api.github.com"
REPO = f"{URL}/repos/acme/web"
PROJECT = {"project": {"owner": "acme", "number": 7}}
SCOPES = "project, read:org, repo"
WRITTEN = Written(labels=("p/P0", "p/P1"), project_fields={"Score": (), "Band": ("P0", "P1")}, order=True)
WANTED = FieldNames(frozenset({"Reach"}), frozenset({"Score", "Band", "Effort"}))
FIELDS = [
    {"id": "F1", "name": "Score", "type": "NUMBER"},
    {
        "id": "F2",
        "name": "Band",
        "type": "SINGLE_SELECT",
        "options": [{"id": n, "name": n} for n in ("P0", "P1", "P2")],
    },
    {"id": "F3", "name": "Effort", "type": "NUMBER"},
]
ROLES = {"pull": True, "triage": True, "push": True}


def project(*fields, **changes):
    shown = {"closed": False, "may_write": True, "fields": {"nodes": list(fields or FIELDS)}} | changes
    return {"holder": {"project": shown}}


WELL = project()


@pytest.fixture
def well(github, answers, clock):
    """`well(headers={…}, repository={…})`: a GitHub where all is well but what the test says."""

    def tell(*, headers=None, limits=None, repository=None, status=200, project=WELL, visible=("Reach",)):
        sent = {"X-OAuth-Scopes": SCOPES} | (headers or {})
        sent = {name: value for name, value in sent.items() if value is not None}
        reset = int(clock.now().timestamp()) + 600
        resources = {
            name: {"limit": 5000, "remaining": 4000, "used": 0, "reset": reset} for name in ("core", "graphql")
        }
        for name, remaining in (limits or {}).items():
            resources[name]["remaining"] = remaining
        github.mock.get(f"{URL}/rate_limit", json={"resources": resources, "rate": resources["core"]}, headers=sent)
        described = {"full_name": "acme/web", "archived": False, "has_issues": True, "permissions": ROLES}
        github.mock.get(REPO, json=described | (repository or {}), headers=sent, status=status)
        github.mock.get(f"{REPO}/issues", json=[])
        facts = answers.facts(issue_fields=tuple(visible))
        github.will_answer(project, {name: facts[name] for name in ("repository", "issue")})

    return tell


@pytest.fixture
def diagnose(connect):
    def found(written=WRITTEN, wanted=WANTED, **settings):
        told = list(connect(wanted, **(PROJECT | settings)).diagnose(written))
        assert [finding for finding in told if finding.severity != "info" and not finding.do] == []
        return told

    return found


def grave(findings):
    return [(finding.severity, finding.what) for finding in findings if finding.severity != "info"]


def test_where_all_is_well_only_the_budget_is_told_and_five_requests_are_sent(well, diagnose, github) -> None:
    well()
    assert [(finding.severity, finding.what.split(" are left")[0]) for finding in diagnose()] == [
        ("info", "4,000 of 5,000 REST requests"),
        ("info", "4,000 of 5,000 GraphQL points"),
    ]
    assert [urlsplit(url).path for url in github.gets] == ["/rate_limit", "/repos/acme/web", "/repos/acme/web/issues"]
    assert len(github.asked) == 2


def test_every_request_is_as_published_and_none_writes(well, diagnose, github, accepted, rest_paths) -> None:
    well(repository={"permissions": ROLES | {"push": False}})
    github.will_answer({"repository": {}})
    diagnose()
    assert len(github.asked) == 3
    for asked in github.asked:
        assert accepted(asked["query"]) == []
        assert asked["query"].startswith("query(")
    for url in github.gets:
        path = urlsplit(url).path.replace("/acme/web", "/{owner}/{repo}")
        parameters = {
            entry["name"] if "name" in entry else entry["$ref"].rpartition("/")[2].replace("-", "_")
            for entry in rest_paths["paths"][path]["get"].get("parameters", [])
        }
        assert {name for name, _ in parse_qsl(urlsplit(url).query)} <= parameters


@pytest.mark.parametrize(
    ("scopes", "lacking"),
    [
        ("read:org, repo", ["project"]),
        ("read:org, read:project, repo", ["project"]),
        ("project, repo", ["read:org"]),
        ("admin:org, project, public_repo", []),
        ("", ["repo", "project", "read:org"]),
    ],
)
def test_each_scope_that_a_classic_token_lacks_is_told_with_what_it_has(well, diagnose, scopes, lacking) -> None:
    well(headers={"X-OAuth-Scopes": scopes})
    found = [finding for finding in diagnose() if finding.severity == "error"]
    assert [re.search(r"lacks the scope (\S+),", finding.what)[1] for finding in found] == lacking
    assert all((scopes or "none") in finding.what and "Developer settings" in finding.do for finding in found)


def test_who_only_reads_needs_less(well, diagnose) -> None:
    well(headers={"X-OAuth-Scopes": "read:project, read:org"})
    assert grave(diagnose(Written())) == []


def test_a_token_that_does_not_tell_what_it_may_do_is_told_what_it_needs(well, diagnose) -> None:
    well(headers={"X-OAuth-Scopes": None})
    found = diagnose()
    assert grave(found) == []
    assert "Issues: read and write; Projects: read and write" in found[0].what


def test_a_project_that_cannot_be_seen_for_want_of_the_scope_is_told_once(well, diagnose) -> None:
    words = {"type": "INSUFFICIENT_SCOPES", "message": "requires one of the following scopes: ['read:project']"}
    well(headers={"X-OAuth-Scopes": "read:org, repo"}, project=(200, {"errors": [words]}))
    ((severity, what),) = grave(diagnose())
    assert (severity, what.startswith("the token lacks the scope project")) == ("error", True)


@pytest.mark.parametrize("answer", [{"holder": {"project": None}}, {"holder": None}, {"holder": {}}])
def test_a_project_that_is_not_there_is_told(well, diagnose, answer) -> None:
    well(project=answer)
    assert grave(diagnose()) == [("error", "project acme/7 was not found")]


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (project(*FIELDS[:2]), ("error", "project acme/7 has no field 'Effort'; it has 'Score', 'Band'")),
        (
            project(FIELDS[0] | {"name": "Scores"}, *FIELDS[1:]),
            ("error", "project acme/7 has no field 'Score'; did you mean 'Scores'?"),
        ),
        (
            project(FIELDS[0], FIELDS[1] | {"options": [{"id": "1", "name": "P0"}]}, FIELDS[2]),
            ("error", "the field 'Band' of project acme/7 lacks the options 'P1'; it has 'P0'"),
        ),
        (
            project(FIELDS[0] | {"type": "DATE"}, *FIELDS[1:]),
            ("error", "the field 'Score' of project acme/7 is of the type DATE; a number or a text is needed"),
        ),
        (
            project(FIELDS[0], FIELDS[1] | {"type": "NUMBER"}, FIELDS[2]),
            ("error", "the field 'Band' of project acme/7 is of the type NUMBER; a single select or a text is needed"),
        ),
        (
            project(FIELDS[0] | {"type": "SINGLE_SELECT"}, *FIELDS[1:]),
            ("error", "the field 'Score' of project acme/7 is of the type SINGLE_SELECT; a number or a text is needed"),
        ),
        (project(may_write=False), ("error", "the account may not write to project acme/7")),
        (project(closed=True), ("warning", "project acme/7 is closed")),
        (project(FIELDS[0] | {"type": "TEXT"}, FIELDS[1] | {"type": "TEXT"}, FIELDS[2]), None),
    ],
)
def test_what_is_wrong_with_a_project_is_told(well, diagnose, shown, told) -> None:
    well(project=shown)
    assert grave(diagnose()) == ([told] if told else [])


def test_issue_fields_that_are_not_there_are_told_and_an_empty_list_is_suspected(well, diagnose) -> None:
    well(visible=("Reaches", "Cost"))
    assert grave(diagnose()) == [("error", "acme has no issue field 'Reach'; did you mean 'Reaches'?")]


IMPACT = {"id": "IF_1", "name": "Reach", "type": "SINGLE_SELECT", "options": [{"id": "1", "name": "P0"}]}


@pytest.mark.parametrize(
    ("field", "names", "told"),
    [
        (IMPACT, ("P0",), None),
        (IMPACT, ("P0", "P1"), "the field 'Reach' of acme lacks the options 'P1'; it has 'P0'"),
        (IMPACT, (), "the field 'Reach' of acme is of the type SINGLE_SELECT; a number or a text is needed"),
        ("Reach", (), None),
        ("Reach", ("P0",), "the field 'Reach' of acme is of the type NUMBER; a single select or a text is needed"),
    ],
)
def test_an_issue_field_that_cannot_hold_what_is_written_is_told(well, diagnose, field, names, told) -> None:
    well(visible=[field])
    found = diagnose(Written(fields={"Reach": names}))
    assert grave(found) == ([("error", told)] if told else [])
    assert told is None or any("the organisation's settings" in finding.do for finding in found)


def test_issue_fields_need_the_role_that_writes(well, diagnose) -> None:
    well(repository={"permissions": ROLES | {"push": False}})
    told = grave(diagnose(Written(fields={"Reach": ()})))
    assert told == [("error", "the account may not set the issue fields of acme/web")]


@pytest.mark.parametrize(
    ("written", "scopes", "to"),
    [
        (Written(comment=True), "project, read:org", "write comments"),
        (
            Written(labels=("p/P0",), fields={"Reach": ()}, comment=True),
            "project, read:org",
            "write labels and issue fiel",
        ),
        (Written(add_to_project=True), "repo, read:project, read:org", "write to the project"),
    ],
)
def test_a_token_that_may_not_write_what_is_asked_is_told(well, diagnose, written, scopes, to) -> None:
    well(headers={"X-OAuth-Scopes": scopes})
    ((_, told),) = grave(diagnose(written))
    assert f"needed to {to}" in told


def test_issues_cannot_be_put_on_a_project_that_may_not_be_written(well, diagnose) -> None:
    well(project=project(may_write=False))
    told = grave(diagnose(Written(add_to_project=True)))
    assert told == [("error", "the account may not write to project acme/7")]


@pytest.mark.parametrize(
    ("comment", "notify", "warned"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_mail_that_cannot_be_spared_is_warned_of(well, diagnose, comment, notify, warned) -> None:
    well()
    found = grave(diagnose(Written(labels=("p/P0",), comment=comment, notify=notify)))
    assert [severity for severity, _ in found] == ["warning"] * warned


def test_an_empty_list_of_issue_fields_is_suspected(well, diagnose) -> None:
    well(visible=())
    (found,) = (finding for finding in diagnose() if finding.severity == "error")
    assert found.what == "no issue fields are to be seen, 'Reach' among them"
    assert "GITHUB_TOKEN" in found.do


@pytest.mark.parametrize(
    ("repository", "told"),
    [
        ({"archived": True}, ("error", "acme/web is archived: nothing in it can be written")),
        ({"has_issues": False}, ("error", "acme/web has no issues")),
        ({"full_name": "acme/shop"}, ("warning", "repository acme/web is now acme/shop")),
        (
            {"permissions": {"pull": True, "triage": False, "push": False}},
            ("error", "the account may not label issues of acme/web"),
        ),
        ({"permissions": {"pull": False, "triage": False, "push": False}}, None),
        ({"permissions": None}, None),
    ],
)
def test_what_is_wrong_with_the_repository_is_told(well, diagnose, repository, told) -> None:
    well(repository=repository)
    assert grave(diagnose()) == ([told] if told else [])


def test_labels_that_are_missing_and_may_not_be_created_are_told(well, diagnose, github) -> None:
    well(repository={"permissions": ROLES | {"push": False}})
    github.will_answer({"repository": {"l0": {"id": "L1", "name": "p/P0"}, "l1": None}})
    assert grave(diagnose()) == [("error", "the labels 'p/P1' do not exist, and the account may not create them")]


def test_a_repository_that_is_not_there_is_told_once_and_its_project_examined(well, diagnose, github) -> None:
    well(status=404, project=project(may_write=False))
    assert grave(diagnose()) == [
        ("error", "repository acme/web was not found"),
        ("error", "the account may not write to project acme/7"),
    ]


@pytest.mark.parametrize(
    ("moment", "days", "severity", "left"),
    [
        ("{:%Y-%m-%d %H:%M:%S} UTC", 10, "warning", "in 10 days"),
        ("{:%Y-%m-%d %H:%M:%S} +0100", 0.5, "warning", "today"),
        ("{:%Y-%m-%d %H:%M:%S} UTC", 1.5, "warning", "in 1 day"),
        ("{:%Y-%m-%d %H:%M:%S} UTC", 200, "info", "in 200 days"),
        ("some day", 0, "info", "expires on some day"),
        ("2026-99-99 18:00:00 UTC", 0, "info", "expires on 2026-99-99 18:00:00 UTC"),
    ],
)
def test_the_end_of_a_token_is_told_and_warned_of_in_its_last_fortnight(
    well, diagnose, clock, moment, days, severity, left
) -> None:
    well(headers={"GitHub-Authentication-Token-Expiration": moment.format(clock.now() + timedelta(days=days))})
    (found,) = (each for each in diagnose() if "expires" in each.what)
    assert (found.severity, found.what.endswith(left)) == (severity, True)
    assert ("GITHUB_TOKEN" in found.do) == (severity == "warning")


def test_a_clock_that_is_wrong_and_the_version_of_a_server_are_told(well, diagnose) -> None:
    well(headers={"Date": "Thu, 01 Jan 2015 00:00:00 GMT", "X-GitHub-Enterprise-Version": "3.19.1"})
    found = diagnose()
    assert any("the clock of this machine is" in finding.what and finding.severity == "warning" for finding in found)
    assert any(finding.what == "GitHub Enterprise Server 3.19.1" for finding in found)


def test_a_budget_that_is_nearly_used_up_is_warned_of(well, diagnose) -> None:
    well(limits={"core": 499, "graphql": 500})
    ((severity, what),) = grave(diagnose())
    assert (severity, what.startswith("499 of 5,000 REST requests are left until")) == ("warning", True)


@pytest.mark.parametrize(("minutes", "left"), [(-300, "until"), (5, "until"), (300, "now")])
def test_when_a_budget_begins_anew_is_told_by_githubs_own_clock(well, diagnose, clock, minutes, left) -> None:
    well(headers={"Date": format_datetime(clock.now() + timedelta(minutes=minutes), usegmt=True)})
    told = [finding.what for finding in diagnose() if "REST requests" in finding.what]
    assert len(told) == 1
    assert told[0].startswith(f"4,000 of 5,000 REST requests are left {left}")


def test_a_server_without_limits_tells_of_the_token_elsewhere(github, diagnose, answers) -> None:
    github.mock.get(f"{URL}/rate_limit", json={"message": "Rate limiting is not enabled."}, status=404)
    headers = {"X-OAuth-Scopes": "project, repo"}
    github.mock.get(REPO, json={"full_name": "acme/web", "permissions": ROLES}, headers=headers)
    github.mock.get(f"{REPO}/issues", json=[])
    facts = answers.facts(issue_fields=("Reach",))
    github.will_answer(project(), {name: facts[name] for name in ("repository", "issue")})
    ((_, what),) = grave(diagnose())
    assert what.startswith("the token lacks the scope read:org")


def test_a_probe_that_fails_hides_nothing(github, diagnose, answers) -> None:
    github.mock.get(f"{URL}/rate_limit", json={"resources": 7})
    github.mock.get(REPO, json={"message": "Resource not accessible"}, status=403)
    needed = {"X-Accepted-GitHub-Permissions": "issues=read"}
    github.mock.get(f"{REPO}/issues", json={"message": "Resource not accessible"}, status=403, headers=needed)
    known = {"repository": {"fields": [{"name": "id"}]}, "projects": {"name": "ProjectV2"}}
    github.will_answer(project(*FIELDS[:2]), (200, {"errors": [{"message": "no such field 'issueFields'"}]}), known)
    found = [finding for finding in diagnose() if finding.severity == "error"]
    assert len(found) == 5
    assert "issues=read" in found[2].do
    assert "this server does not know issue fields" in found[4].what


def test_credentials_that_are_refused_are_told_once(github, diagnose) -> None:
    github.mock.get(f"{URL}/rate_limit", json={"message": "Bad credentials"}, status=401)
    (found,) = diagnose()
    assert "Bad credentials" in found.what
    assert len(github.mock.calls) == 1


def test_a_server_that_knows_no_projects_is_named_as_the_cause(well, diagnose, github) -> None:
    well(project=(200, {"errors": [{"message": "Field 'projectV2' doesn't exist"}]}))
    github.answers.insert(1, {"repository": {"fields": [{"name": "issueFields"}]}, "projects": None})
    ((severity, what),) = grave(diagnose())
    assert (severity, what.startswith("this server does not know Projects (v2)")) == ("error", True)


@pytest.mark.parametrize(
    ("title", "told"), [("1.0", None), ("1.O", "acme/web has no milestone '1.O'; did you mean '1.0'?")]
)
def test_a_milestone_that_is_not_there_is_told(well, diagnose, github, title, told) -> None:
    well()
    github.mock.get(f"{REPO}/milestones", json=[{"number": 3, "title": "1.0"}, {"number": 4, "title": "backlog"}])
    assert grave(diagnose(select={"milestone": title})) == ([("error", told)] if told else [])
