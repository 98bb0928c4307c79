"""What Jira says of an issue becomes what the model has, and what it does not say stays unknown."""

import gzip
import json
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.errors import InvalidResponseError
from trackersync.model import Direction, IssueRef, Link, Person, StateCategory
from trackersync_jira.mapping import Reading, to_issue
from trackersync_jira.shapes import RawIssue, fields_with

READING = Reading(
    tracker="core",
    site="https://jira.example",
    fields={"Reach": "customfield_1"},
    estimates=("customfield_5", "customfield_6"),
    epics=("customfield_9",),
    rank="customfield_10",
)


PRINTED = (
    "com.atlassian.greenhopper.service.sprint.Sprint@1f9c[id=7,rapidViewId=3,state=CLOSED,name=Sprint 7, the last,"
    "startDate=2024-01-02T03:04:05.000Z,endDate=<null>,completeDate=<null>,activatedDate=<null>,sequence=7,goal=]"
)
"""A sprint as Data Center tells it."""


@pytest.fixture
def mapped(tools):
    def of(**fields):
        return decoded(tools.issue(7, **fields))

    return of


def decoded(raw, reading=READING):
    shape = RawIssue[fields_with(reading.custom)]
    return to_issue(msgspec.json.decode(json.dumps(raw), type=shape), reading)


def test_an_issue_is_known_by_its_id_and_shown_by_its_key(mapped):
    issue = mapped()
    assert issue.ref == IssueRef("core", "jira", "10007", "CORE-7")
    assert str(issue.ref) == "jira:CORE-7"
    assert issue.url == "https://jira.example/browse/CORE-7"
    assert issue.title == "Issue 7"


def test_times_are_told_in_utc(mapped):
    issue = mapped(resolutiondate="2024-02-03T04:05:06.789-0730", duedate="2024-05-06")
    assert issue.created_at == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert issue.updated_at == datetime(2024, 2, 3, 3, 5, 6, 789000, tzinfo=UTC)
    assert issue.closed_at == datetime(2024, 2, 3, 11, 35, 6, 789000, tzinfo=UTC)
    assert issue.due_on == date(2024, 5, 6)
    assert {moment.tzinfo for moment in (issue.created_at, issue.updated_at, issue.closed_at)} == {UTC}


@pytest.mark.parametrize("odd", ["", "soon", "2024-13-40", None])
def test_times_that_are_none_stay_unknown(mapped, odd):
    issue = mapped(resolutiondate=odd, duedate=odd)
    assert (issue.closed_at, issue.due_on) == (None, None)


@pytest.mark.parametrize("field", ["created", "updated"])
def test_an_issue_without_its_dates_is_no_answer(mapped, field):
    with pytest.raises(InvalidResponseError, match="CORE-7") as broken:
        mapped(**{field: None})
    assert broken.value.ref == "jira:CORE-7"


@pytest.mark.parametrize(
    ("category", "meaning"),
    [
        ({"key": "new", "name": "To Do"}, StateCategory.TODO),
        ({"key": "undefined", "name": "No Category"}, StateCategory.TODO),
        ({"key": "indeterminate", "name": "In Arbeit"}, StateCategory.IN_PROGRESS),
        ({"key": "done", "name": "Fertig"}, StateCategory.DONE),
        ({"name": "In Progress"}, StateCategory.IN_PROGRESS),
        ({"name": "Done"}, StateCategory.DONE),
        (None, StateCategory.TODO),
    ],
)
def test_states_are_told_by_category_and_shown_by_name(mapped, category, meaning):
    issue = mapped(status={"name": "In Review", "statusCategory": category})
    assert (issue.state, issue.state_category) == ("In Review", meaning)


def test_what_is_not_told_stays_unknown_and_is_never_0(tools):
    bare = {"id": "1", "key": "A-1", "fields": {"created": "2024-01-02T03:04:05Z", "updated": "2024-01-02T03:04:05"}}
    issue = decoded(bare)
    unknown = (
        "closed_at due_on type author milestone estimate priority votes watchers reactions comments parent sub_issues "
        "sub_issues_open blocks_open blocked_by_open native_rank"
    )
    assert {name: getattr(issue, name) for name in unknown.split()} == dict.fromkeys(unknown.split())
    assert (issue.title, issue.body, issue.state) == ("", "", "")
    assert (issue.labels, issue.assignees, issue.links, issue.components, issue.fix_versions) == ((),) * 5
    assert issue.fields == {"Reach": None}


def test_null_everywhere_is_taken_as_not_told(tools):
    raw = tools.issue(7)
    for name in fields_with(READING.custom).__struct_fields__:
        if name not in ("created", "updated"):
            raw["fields"][name] = None
    assert decoded(raw).labels == ()


def test_people_versions_and_counts(mapped):
    issue = mapped(
        issuetype={"name": "New Feature"},
        priority={"name": "High"},
        labels=["a", "b"],
        reporter={"accountId": "5b1", "displayName": "Ann"},
        creator={"accountId": "5b2", "displayName": "Bot"},
        assignee={"key": "JIRAUSER1", "name": "bob", "displayName": "Bob"},
        fixVersions=[{"name": "1.0", "released": True}, {"name": "1.1", "released": False}],
        components=[{"name": "API"}, {}],
        votes={"votes": 3},
        watches={"watchCount": 0},
        comment={"comments": [{"body": "x"}], "total": 21, "maxResults": 20},
    )
    assert (issue.type, issue.priority, issue.labels) == ("new feature", "High", ("a", "b"))
    assert issue.author == Person("5b1", "Ann")
    assert issue.assignees == (Person("JIRAUSER1", "Bob"),)
    assert (issue.milestone, issue.fix_versions, issue.components) == ("1.1", ("1.0", "1.1"), ("API",))
    assert (issue.votes, issue.watchers, issue.comments) == (3, 0, 21)


def test_an_issue_without_reporter_has_its_creator_as_author(mapped):
    assert mapped(creator={"name": "bot"}).author == Person("bot", "bot")
    assert mapped(creator={}).author is None


class TestEstimate:
    def test_story_points_come_first_whichever_field_holds_them(self, mapped):
        assert mapped(customfield_5=None, customfield_6=5.0, timeoriginalestimate=3600).estimate == 5.0
        assert mapped(customfield_5=0, customfield_6=5.0).estimate == 0

    def test_else_it_is_the_seconds_of_the_original_estimate(self, mapped):
        assert mapped(customfield_5="many", customfield_6=True, timeoriginalestimate=3600).estimate == 3600
        assert mapped(customfield_5=10**400, timeoriginalestimate=3600).estimate == 3600


def link(type_name, outward, end, key, category="new"):
    fields = {"status": {"name": "?", "statusCategory": {"key": category}}}
    return {"type": {"name": type_name, "outward": outward}, end: {"key": key, "fields": fields}}


class TestLinks:
    def test_have_a_kind_and_a_direction(self, mapped):
        issue = mapped(
            issuelinks=[
                link("Blocks", "blocks", "outwardIssue", "A-1"),
                link("Blocks", "blocks", "inwardIssue", "A-2"),
                link("Relates", "relates to", "outwardIssue", "A-3"),
                link("Duplicate", "duplicates", "inwardIssue", "A-4"),
                link("Cloners", "clones", "outwardIssue", "A-5"),
                link("Gantt: End", "ends with", "outwardIssue", "A-6"),
                link("Blocker", "blocks", "outwardIssue", "A-7"),
                {"type": {"name": "Blocks"}},
                {"outwardIssue": {}},
                {"outwardIssue": {"key": "A-8"}},
            ]
        )
        out, into = Direction.OUTWARD, Direction.INWARD
        assert issue.links == (
            Link("blocks", out, "jira:A-1"),
            Link("blocks", into, "jira:A-2"),
            Link("relates", out, "jira:A-3"),
            Link("duplicates", into, "jira:A-4"),
            Link("clones", out, "jira:A-5"),
            Link("gantt: end", out, "jira:A-6"),
            Link("blocks", out, "jira:A-7"),
            Link("relates", out, "jira:A-8"),
        )

    def test_that_people_state_in_the_text_count_too_and_each_once(self, mapped):
        issue = mapped(
            description="Blocked by github:acme/web#12\nBlocks: jira:A-1",
            issuelinks=[link("Blocks", "blocks", "outwardIssue", "A-1")],
        )
        assert issue.links == (
            Link("blocks", Direction.OUTWARD, "jira:A-1"),
            Link("blocks", Direction.INWARD, "github:acme/web#12"),
        )

    def test_blockers_count_while_they_are_open(self, mapped):
        issue = mapped(
            issuelinks=[
                link("Blocks", "blocks", "outwardIssue", "A-1", "new"),
                link("Blocks", "blocks", "outwardIssue", "A-2", "done"),
                link("Blocks", "blocks", "inwardIssue", "A-3", "indeterminate"),
                link("Relates", "relates to", "inwardIssue", "A-4"),
                {"type": {"name": "Blocks"}, "inwardIssue": {"key": "A-5"}},
            ]
        )
        assert (issue.blocks_open, issue.blocked_by_open) == (1, 2)
        assert (mapped(issuelinks=[]).blocks_open, mapped(issuelinks=[]).blocked_by_open) == (0, 0)

    def test_sub_tasks_are_counted(self, mapped):
        done = {"key": "A-2", "fields": {"status": {"statusCategory": {"key": "done"}}}}
        issue = mapped(subtasks=[{"key": "A-1"}, done])
        assert (issue.sub_issues, issue.sub_issues_open) == (2, 1)

    def test_the_parent_is_the_parent_or_else_the_epic(self, mapped):
        assert mapped(parent={"key": "A-1"}, customfield_9="A-2").parent == "jira:A-1"
        assert mapped(customfield_9="A-2").parent == "jira:A-2"
        assert mapped(parent={}).parent is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (3, 3),
        (2.5, 2.5),
        (0, 0),
        (False, False),
        ("text", "text"),
        ("2024-05-06", "2024-05-06"),
        ("", None),
        (None, None),
        ([], None),
        ({}, None),
        ({"value": "High", "id": "1", "self": "https://…"}, "High"),
        ({"value": "A", "child": {"value": "B"}}, "A - B"),
        ({"value": "A", "child": {}}, "A"),
        ({"name": "A", "child": {"name": "B"}}, "A"),
        ([{"displayName": "Ann"}, {"displayName": "Bob"}], ("Ann", "Bob")),
        ("2024-05-06T07:08:09.000+0000", "2024-05-06T07:08:09.000+0000"),
        ("https://a.example/1", "https://a.example/1"),
        ({"id": "10", "key": "WEB", "name": "Web shop"}, "Web shop"),
        ([{"id": "1", "name": "1.0"}, {"id": "2", "name": "2.0"}], ("1.0", "2.0")),
        ({"name": "jira-users"}, "jira-users"),
        ({"id": "36885b3c-1bf0", "name": "Checkout", "title": "Checkout"}, "Checkout"),
        ("CORE-1", "CORE-1"),
        ([PRINTED], ("Sprint 7, the last",)),
        ({"displayName": "Ann", "accountId": "5", "name": "ann"}, "Ann"),
        ({"name": "1.0", "released": True}, "1.0"),
        ({"id": "7"}, None),
        ([{"value": "a"}, {"value": "b"}], ("a", "b")),
        (["x", "y", None, ""], ("x", "y")),
        ([{"name": "Sprint 1"}, {"id": 2}], ("Sprint 1",)),
        ([1, 2], ("1", "2")),
        ({"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "hi"}]}]}, "hi"),
        ({"type": "doc"}, None),
    ],
)
def test_every_form_of_field_has_a_value_or_none(mapped, raw, value):
    found = mapped(customfield_1=raw).fields["Reach"]
    assert (found, type(found)) == (value, type(value))


def told(name, state):
    return {"id": 4, "name": name, "state": state, "boardId": 12, "goal": ""}


class TestSprints:
    READING = Reading(tracker="core", site="https://jira.example", sprints=("customfield_13",))

    def read(self, tools, *sprints):
        issue = decoded(tools.issue(7, customfield_13=list(sprints) or None), self.READING)
        return issue.sprint, issue.sprint_state, issue.past_sprints

    def test_the_active_one_counts_before_the_next_and_those_that_are_over_are_counted(self, tools):
        old, now = told("Sprint 1", "closed"), told("Sprint 2", "active")
        later, latest = told("Sprint 3", "future"), told("Sprint 4", "future")
        assert self.read(tools, old, later, now) == ("Sprint 2", "active", 1)
        assert self.read(tools, later, latest) == ("Sprint 3", "future", 0)
        assert self.read(tools, old, old) == (None, None, 2)
        assert self.read(tools) == (None, None, 0)

    def test_data_center_prints_them(self, tools):
        active = PRINTED.replace("CLOSED", "ACTIVE").replace("Sprint 7, the last", "Sprint 8 [late], state=CLOSED")
        assert self.read(tools, PRINTED) == (None, None, 1)
        assert self.read(tools, PRINTED, active) == ("Sprint 8 [late], state=CLOSED", "active", 1)
        assert self.read(tools, PRINTED[: PRINTED.index(",startDate")].replace("CLOSED", "FUTURE") + "]") == (
            "Sprint 7, the last",
            "future",
            0,
        )

    def test_data_center_prints_them_in_any_order(self, tools):
        printed = (
            "com.atlassian.greenhopper.service.sprint.Sprint@428da144[completeDate=<null>,endDate=2020-05-10T12:57:00.000Z,"
            "goal=Ship it,id=3,name=Release 1,rapidViewId=4,sequence=3,startDate=2020-04-26T12:57:31.205Z,state=ACTIVE]"
        )
        assert self.read(tools, printed) == ("Release 1", "active", 0)

    @pytest.mark.parametrize("odd", ["Sprint 1", 7, {"name": "x"}, {"state": "active"}, {"name": 1, "state": 2}, None])
    def test_what_is_no_sprint_is_none(self, tools, odd):
        assert self.read(tools, odd) == (None, None, 0)

    def test_where_nobody_asked_nothing_is_known(self, mapped):
        issue = mapped(customfield_13=[told("Sprint 1", "active")])
        assert (issue.sprint, issue.sprint_state, issue.past_sprints) == (None, None, None)


def test_versions_that_have_it_are_told_apart_from_those_it_is_planned_for(mapped):
    issue = mapped(versions=[{"name": "1.0", "released": True}, {}], fixVersions=[{"name": "2.0", "released": False}])
    assert (issue.affects_versions, issue.fix_versions) == (("1.0",), ("2.0",))


def test_the_rank_sorts_as_jira_sorts_it(mapped):
    assert mapped(customfield_10="0|hzzzzz:").native_rank < mapped(customfield_10="0|i00007:i").native_rank
    assert mapped(customfield_10=7).native_rank is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON, description=JSON)
def test_no_value_of_a_custom_field_or_description_stops_the_read(value, description):
    fields = {"created": "2024-01-02T03:04:05.000+0000", "updated": "2024-01-02T03:04:05.000+0000"}
    raw = {"id": "1", "key": "A-1", "fields": fields | {"customfield_1": value, "description": description}}
    issue = decoded(raw)
    hash(issue.fields["Reach"])
    assert isinstance(issue.body, str)


@pytest.mark.parametrize(("name", "count"), [("timob", 22371), ("mod", 367), ("arrow", 2959)])
def test_every_real_issue_is_mapped(tools, name, count):
    file = tools.shared / "data" / f"jira-{name}.jsonl.gz"
    if not file.exists():
        pytest.skip(f"needs {file.name} of the shared data")
    shape = RawIssue[fields_with(READING.custom)]
    with gzip.open(file) as lines:
        issues = [to_issue(msgspec.json.decode(line, type=shape), READING) for line in lines]
    assert len({issue.ref.id for issue in issues}) == count
    assert all(issue.created_at <= issue.updated_at and issue.type and issue.state for issue in issues)
    assert any(issue.links for issue in issues)


def test_real_ranks_votes_and_estimates_are_read(tools):
    file = tools.shared / "data" / "jira-arrow.jsonl.gz"
    if not file.exists():
        pytest.skip(f"needs {file.name} of the shared data")
    flagged = {"Flagged": "customfield_12310250"}
    reading = Reading(tracker="arrow", site="https://jira.example", rank="customfield_12311820", fields=flagged)
    shape = RawIssue[fields_with(reading.custom)]
    with gzip.open(file) as lines:
        issues = [to_issue(msgspec.json.decode(line, type=shape), reading) for line in lines]
    assert all(issue.native_rank and issue.votes is not None and issue.watchers is not None for issue in issues)
    assert sum(issue.estimate is not None for issue in issues) == 10
    assert {issue.fields["Flagged"] for issue in issues} >= {("Important",), None}
