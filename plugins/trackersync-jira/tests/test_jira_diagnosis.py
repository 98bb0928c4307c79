"""What `doctor` finds on Jira, probe by probe; each test makes one thing wrong and sees nothing else called wrong."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from trackersync.diagnosis import Written

GRANTED = ("BROWSE_PROJECTS", "EDIT_ISSUES", "SCHEDULE_ISSUES", "BULK_CHANGE", "ADMINISTER", "ADMINISTER_PROJECTS")
PRIORITIES = ("Highest", "High", "Low")
WRITTEN = Written(
    labels=("p-P0", "p-P1"),
    fields={"Priority Score": (), "Impact": ("P0", "P1")},
    priorities=("Highest", "Low"),
    order=True,
    notify=False,
)
SCREEN = {
    "summary": {},
    "labels": {},
    "priority": {"allowedValues": [{"id": "1", "name": "Highest"}, {"id": "2", "name": "Low"}]},
    "customfield_7": {},
    "customfield_2": {"allowedValues": [{"id": "1", "value": "P0"}, {"id": "2", "value": "P1"}]},
}


@pytest.fixture
def well(jira, tools):
    """`well(lacking=…, screen=…)`: a Jira where all is well but what the test says."""

    def tell(*, lacking=(), screen=SCREEN, issues=1, headers=None):
        jira.has(*(tools.issue(number) for number in range(1, issues + 1)))
        me = {"accountId": "me", "timeZone": "Europe/Berlin"}
        jira.http.replace("GET", f"{tools.url}/rest/api/2/myself", json=me, headers=headers or {})
        jira.http.get(f"{jira.api}/priority", json=[{"id": name, "name": name} for name in PRIORITIES])
        held = {key: {"key": key, "havePermission": key not in lacking} for key in GRANTED}
        jira.http.get(f"{jira.api}/mypermissions", json={"permissions": held})
        jira.http.get(f"{jira.api}/issue/10001/editmeta", json={"fields": screen})

    return tell


@pytest.fixture
def diagnose(connect):
    def found(written=WRITTEN, *fields, **settings):
        told = list(connect("Reach", *fields, **({"board": 12} | settings)).diagnose(written))
        assert [finding for finding in told if finding.severity != "info" and not finding.do] == []
        return told

    return found


def grave(findings):
    return [(finding.severity, finding.what) for finding in findings if finding.severity != "info"]


def without(*ids):
    return {id_: meta for id_, meta in SCREEN.items() if id_ not in ids}


def test_where_all_is_well_only_facts_are_told_in_eight_requests_that_write_nothing(well, diagnose, jira) -> None:
    well()
    found = diagnose()
    kind = "Cloud" if jira.cloud else "Data Center"
    assert [(finding.severity, finding.what) for finding in found] == [
        ("info", f"Jira {kind}"),
        ("info", "the account's time zone is Europe/Berlin: dates in its JQL are of that zone"),
    ]
    assert len(jira.calls) == 8
    assert {method for method, path, *_ in jira.calls if "/search" not in path} == {"GET"}
    asked = next(query for _, path, query, _ in jira.calls if path.endswith("mypermissions"))
    assert (asked["issueId"], asked["permissions"]) == ("10001", ",".join(GRANTED))
    assert next(body["maxResults"] for _, path, _, body in jira.calls if "/search" in path) == 1


def test_who_only_reads_is_asked_for_less(well, diagnose, jira) -> None:
    well(lacking=GRANTED[1:], screen={})
    assert grave(diagnose(Written(), board=None)) == []
    assert len(jira.calls) == 5


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        (
            ["SCHEDULE_ISSUES"],
            ("error", "the account lacks the permission Schedule Issues in project CORE, needed to keep the order"),
        ),
        (
            ["BROWSE_PROJECTS"],
            ("error", "the account lacks the permission Browse Projects in project CORE, needed to read"),
        ),
        (
            ["EDIT_ISSUES"],
            ("error", "the account lacks the permission Edit Issues in project CORE, needed to write to issues"),
        ),
        (
            ["ADMINISTER", "ADMINISTER_PROJECTS"],
            (
                "warning",
                "edits send mail in spite of notify: false: the account administers neither Jira nor project CORE",
            ),
        ),
        (["ADMINISTER"], None),
        (["ADMINISTER_PROJECTS"], None),
        (["BULK_CHANGE"], None),
    ],
)
def test_each_permission_that_is_missing_is_told_with_what_needs_it(well, diagnose, deployment, lacking, told) -> None:
    # Without Edit Issues Jira shows an empty screen, which is no second thing wrong.
    well(lacking=lacking, screen={} if "EDIT_ISSUES" in lacking else SCREEN)
    found = diagnose()
    assert grave(found) == ([told] if told else [])
    in_bulk = deployment == "cloud" and "BULK_CHANGE" in lacking
    assert any("Bulk Change" in finding.what for finding in found) == in_bulk


@pytest.mark.parametrize(
    ("screen", "told"),
    [
        (without("customfield_7"), "the field 'Priority Score' is not on the edit screen of CORE-1"),
        (without("labels"), "the field 'Labels' is not on the edit screen of CORE-1"),
        (without("priority"), "the field 'Priority' is not on the edit screen of CORE-1"),
        (
            SCREEN | {"customfield_2": {"allowedValues": [{"value": "P0"}, {"id": "7"}]}},
            "the field 'Impact' does not allow 'P1' in project CORE; it has 'P0'",
        ),
        (
            SCREEN | {"priority": {"allowedValues": [{"name": "Highest"}]}},
            "the field 'Priority' does not allow 'Low' in project CORE; it has 'Highest'",
        ),
        ({}, "nothing of CORE-1 can be edited in its status"),
    ],
)
def test_what_the_edit_screen_lacks_is_told(well, diagnose, screen, told) -> None:
    well(screen=screen)
    assert grave(diagnose()) == [("error", told)]


def test_fields_that_are_not_there_or_share_a_name_are_told_with_the_way_out(well, diagnose) -> None:
    well()
    found = [finding for finding in diagnose(WRITTEN, "Reech", "Twin") if finding.severity == "error"]
    assert [finding.what for finding in found] == [
        "no field named 'Reech' on jira.example; there is 'Reach'",
        "2 fields are named 'Twin' on jira.example: customfield_3, customfield_4",
    ]
    assert all(finding.do for finding in found)


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"Impact": ()}, "of the type option, and a number"), ({"Reach": ("P0",)}, "of the type number, and options")],
)
def test_a_field_of_the_wrong_type_is_told(well, diagnose, fields, told) -> None:
    well(screen=SCREEN | {"customfield_1": {}})
    ((severity, what),) = grave(diagnose(Written(fields=fields)))
    assert (severity, told in what) == ("error", True)


def test_a_priority_that_does_not_exist_is_told_once_and_the_others_are_looked_up(well, diagnose) -> None:
    well()
    assert grave(diagnose(Written(priorities=("Hihgest", "High", "Low")))) == [
        ("error", "no priority is named 'Hihgest' on jira.example; there is 'Highest', 'High'"),
        ("error", "the field 'Priority' does not allow 'High' in project CORE; it has 'Highest', 'Low'"),
    ]


def test_a_board_that_is_not_there_or_has_no_rank_is_told(well, diagnose, jira, tools) -> None:
    well()
    board = f"{tools.url}/rest/agile/1.0/board"
    jira.http.get(f"{board}/99/configuration", json={"errorMessages": ["no"]}, status=404)
    jira.http.get(f"{board}/13/configuration", json={"ranking": None})
    assert grave(diagnose(board=99)) == [("error", "no board 99 on jira.example, or this account may not see it")]
    assert grave(diagnose(board=13)) == [("error", "board 13 on jira.example is not ordered by rank")]


def test_an_empty_selection_is_told_and_permissions_are_asked_without_an_issue(well, diagnose, jira) -> None:
    well(issues=0, lacking=["SCHEDULE_ISSUES"])
    found = grave(diagnose())
    assert [severity for severity, _ in found] == ["warning", "error"]
    assert found[1][1].startswith("the account lacks the permission Schedule Issues in a project")
    assert not any(path.endswith("editmeta") for _, path, *_ in jira.calls)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        (
            {"X-RateLimit-Limit": "350", "X-RateLimit-Remaining": "300"},
            ("info", "300 of 350 requests are left for now"),
        ),
        (
            {"X-RateLimit-Limit": "350", "X-RateLimit-Remaining": "10", "X-RateLimit-NearLimit": "true"},
            ("warning", "10 of 350 requests are left for now"),
        ),
        ({"X-RateLimit-NearLimit": "true"}, ("warning", "less than a fifth of the limit is left for now")),
    ],
)
def test_what_is_left_of_a_limit_is_told_where_jira_tells_it(well, diagnose, headers, told) -> None:
    well(headers=headers)
    assert told in [(finding.severity, finding.what) for finding in diagnose()]


def test_a_clock_that_is_wrong_is_told(well, diagnose, clock) -> None:
    well(headers={"Date": format_datetime(clock.now() - timedelta(minutes=5), usegmt=True)})
    assert grave(diagnose()) == [("warning", "the clock of this machine is 5 min ahead of the tracker's")]


def test_a_probe_that_fails_hides_nothing(jira, diagnose, tools) -> None:
    jira.has(tools.issue(1))
    refused = {"json": {"errorMessages": ["not for you"]}, "status": 403}
    jira.http.replace("GET", f"{tools.url}/rest/api/2/field", **refused)
    jira.http.get(f"{jira.api}/priority", json={"odd": 1})
    jira.http.get(f"{jira.api}/mypermissions", **refused)
    jira.http.get(f"{jira.api}/issue/10001/editmeta", json={"fields": without("labels", "customfield_7")})
    found = set(grave(diagnose()))
    assert [severity for severity, _ in found] == ["error"] * 4
    assert sum("not for you" in what for _, what in found) == 2
    assert ("error", "the field 'Labels' is not on the edit screen of CORE-1") in found


def test_jql_that_jira_refuses_is_told_in_its_words(well, diagnose, jira) -> None:
    well()
    path = f"{jira.api}/search/jql" if jira.cloud else f"{jira.api}/search"
    words = {"errorMessages": ["The value 'CORE' does not exist for the field 'project'."]}
    jira.http.remove("POST", path)
    jira.http.post(path, json=words, status=400)
    ((severity, what),) = grave(diagnose())
    assert (severity, "The value 'CORE' does not exist" in what) == ("error", True)


def test_credentials_that_are_refused_are_told_once(jira, diagnose, tools) -> None:
    jira.http.replace("GET", f"{tools.url}/rest/api/2/myself", body="no", status=401)
    assert [severity for severity, _ in grave(diagnose())] == ["error"]
    assert len(jira.calls) == 2


@pytest.mark.parametrize("key", ["ADD_COMMENTS", "EDIT_OWN_COMMENTS", "DELETE_OWN_COMMENTS"])
def test_what_our_comment_takes_is_asked_about_only_where_one_is_written(jira, well, diagnose, key):
    well(lacking=[key])
    permission = {key: {"key": key, "havePermission": False}}
    jira.http.replace("GET", f"{jira.api}/mypermissions", json={"permissions": permission})
    ((severity, what),) = grave(diagnose(Written(comment=True)))
    assert severity == "error"
    assert what.startswith(f"the account lacks the permission {key.replace('_', ' ').title()} in project CORE")
    assert grave(diagnose(Written(order=True))) == grave(diagnose(Written()))
    asked = [query["permissions"] for _, path, query, _ in jira.calls if path.endswith("/mypermissions")]
    assert [key in permissions for permissions in asked] == [True, False, False]
