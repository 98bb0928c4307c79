"""Issues that get the same values are written together, and each still has an honest outcome; against the sandbox."""

import json
import threading
from io import BytesIO
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackersync.change import Change, Status, WriteTarget
from trackersync.connector import FieldNames
from trackersync.errors import AuthError, RateLimitError
from trackersync.testing import FakeClock
from trackersync.transport import Transport
from trackersync_jira.bulk import PATIENCE
from trackersync_jira.connector import JiraConnector
from trackersync_jira.settings import JiraSettings

jira = pytest.importorskip("trackersync_sandbox.jira", reason="needs the sandbox")

APPLIED, REJECTED, UNKNOWN = Status.APPLIED, Status.REJECTED, Status.UNKNOWN
LABELS, SCORE, PRIORITY = WriteTarget("labels", "p-"), WriteTarget("field", "Priority Score"), WriteTarget("priority")
IMPACT, REACH = WriteTarget("field", "Impact"), WriteTarget("field", "Reach")
COMMENT, SAY = WriteTarget("comment"), "POST /rest/api/3/issue/{issueIdOrKey}/comment"
POST, QUEUE, PUT = (
    "POST /rest/api/3/bulk/issues/fields",
    "GET /rest/api/3/bulk/queue/{taskId}",
    "PUT /rest/api/3/issue/{issueIdOrKey}",
)
FETCH, ASKED = "POST /rest/api/3/issue/bulkfetch", "GET /rest/api/3/bulk/issues/fields"


def ticket(number):
    time = "2026-01-01T00:00:00.000+0000"
    fields = {
        "summary": f"Issue {number}",
        "status": {"id": "1", "name": "To Do", "statusCategory": {"key": "new"}},
        "issuetype": {"id": "1", "name": "Task", "subtask": False},
        "project": {"id": "1", "key": "CORE", "name": "Core"},
        "priority": {"id": "3", "name": "Medium"},
        "labels": ["bug", f"p-Q{number % 4}"],
        "watches": {"watchCount": 2},
        "created": time,
        "updated": time,
    }
    return {"id": str(10000 + number), "key": f"CORE-{number}", "fields": fields}


class Site:
    """A Jira Cloud of the sandbox, and the connector to it; `asked` counts requests by route since `current`."""

    def __init__(self, door, url, *, issues, deployment="cloud", **options):
        from trackersync_sandbox.app import Sandbox
        from trackersync_sandbox.source import Backlog
        from trackersync_sandbox.state import Requests

        backlog = Backlog({"CORE": iter(map(ticket, range(1, issues + 1)))}, {})
        self.requests, self.clock, self.issues, self.door = Requests(), FakeClock(), issues, door
        self.app = door.behind = Sandbox([jira.load(backlog, deployment=deployment, **options)], self.requests)
        self.transport = Transport(clock=self.clock)
        self.connector = JiraConnector(
            "core",
            JiraSettings(url=f"{url}/jira", jql="project = CORE", email="a@b.c" if deployment == "cloud" else None),
            transport=self.transport,
            env={"JIRA_TOKEN": "x"},
            wanted=FieldNames(fields=frozenset({"Priority Score", "Impact", "Reach"})),
        )
        self.current = self.connector.fetch([str(10000 + n) for n in range(1, issues + 1)])
        self.requests.reset()

    def change(self, number, target, after):
        ref = self.current[str(10000 + number)].ref
        return Change(ref=ref, target=target, before=None, after=after, reason="because")

    def changes(self, *targets, sets=3, issues=None):
        """One for each target of each issue: `sets` different values."""
        return [
            self.change(number, target, value(number % sets))
            for number in range(1, (issues or self.issues) + 1)
            for target, value in targets
        ]

    def breaks(self, *faults):
        self.app.script.put(list(faults))

    def apply(self, changes, *, notify=True):
        self.outcomes = list(self.connector.apply(changes, self.current, notify=notify))
        assert [outcome.change for outcome in self.outcomes] == list(changes)
        return [outcome.status for outcome in self.outcomes]

    @property
    def asked(self):
        routes = self.requests.as_json()["by_route"]
        return {route.removeprefix("jira "): count for route, count in routes.items()}

    def holds(self, number):
        """The labels and the score of an issue, and its priority."""
        found = self.state["issues"][f"CORE-{number}"]
        return found["labels"], found["fields"].get("Priority Score"), found["priority"]

    @property
    def state(self):
        return self.app._served["jira"].tracker.state()

    @property
    def mail(self):
        return self.app._served["jira"].tracker.mail.sent


def label(value):
    return (f"p-P{value}",)


BAND, POINTS = (LABELS, label), (SCORE, float)


@pytest.fixture(scope="module")
def served():
    """One server for all tests; what stands behind it is each test's own."""
    from trackersync_sandbox.server import Server

    def answer(environ, start_response):
        return door.behind(environ, start_response)

    door = SimpleNamespace(behind=None)
    server = Server(answer)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield door, server.url
    server.close()
    thread.join(5)


@pytest.fixture
def site(served):
    """`site(issues=120, lacking={…})`: issues each with a label of ours and one of others."""
    made = []

    def make(issues=60, *, lacking=(), **options):
        made.append(Site(*served, issues=issues, lacking=frozenset(lacking), **options))
        return made[-1]

    yield make
    for one in made:
        one.transport.close()


class TestTogether:
    def test_each_set_of_values_is_one_edit_and_labels_of_others_stay(self, site):
        cloud = site()
        assert cloud.apply(cloud.changes(BAND, POINTS)) == [APPLIED] * 120
        assert {route: count for route, count in cloud.asked.items() if route in (POST, PUT)} == {POST: 3}
        for number in range(1, 61):
            assert cloud.holds(number)[:2] == (["bug", f"p-P{number % 3}"], number % 3)

    def test_a_large_group_is_parted_and_the_rest_of_a_thousand_goes_by_itself(self, site):
        cloud = site(1001)
        assert cloud.apply(cloud.changes(POINTS, sets=1)) == [APPLIED] * 1001
        assert (cloud.asked[POST], cloud.asked[PUT]) == (1, 1)

    def test_priorities_and_options_are_written_by_id(self, site):
        cloud = site()
        names = (PRIORITY, lambda value: ["High", "Low"][value]), (IMPACT, lambda value: ["Massive", "Low"][value])
        assert set(cloud.apply(cloud.changes(*names, sets=2))) == {APPLIED}
        assert cloud.asked[POST] == 2
        assert cloud.holds(1)[2] == "Low"
        assert cloud.state["issues"]["CORE-2"]["fields"]["Impact"] == "Massive"

    def test_what_a_bulk_edit_cannot_do_is_done_issue_by_issue(self, site):
        cloud = site()
        cleared = [cloud.change(number, REACH, None) for number in range(1, 4)]
        unknown = [cloud.change(number, IMPACT, "Colossal") for number in range(4, 6)]
        rest = [change for change in cloud.changes(POINTS) if int(change.ref.id) > 10005]
        statuses = cloud.apply([*cleared, *unknown, *rest])
        assert statuses == [APPLIED] * 3 + [REJECTED] * 2 + [APPLIED] * 55
        assert (cloud.asked[POST], cloud.asked[PUT]) == (3, 5)

    def test_who_wants_no_mail_gets_none_although_the_account_administers_nothing(self, site):
        cloud = site(lacking={"ADMINISTER", "ADMINISTER_PROJECTS"})
        cloud.apply(cloud.changes(POINTS), notify=False)
        assert cloud.mail == 0
        cloud.apply(cloud.changes(BAND), notify=True)
        assert cloud.mail == 3 * 2

    def test_a_slow_task_is_waited_for_by_the_clock(self, site):
        cloud = site(bulk_polls=4)
        assert set(cloud.apply(cloud.changes(POINTS))) == {APPLIED}
        pauses = cloud.clock.sleeps
        assert len(pauses) == 5
        assert pauses == sorted(pauses)

    def test_many_edits_are_waited_for_twice_and_read_back_once(self, site):
        cloud = site(200)
        changes = cloud.changes(BAND, POINTS, sets=40)
        assert set(cloud.apply(changes)) == {APPLIED}
        assert {route: cloud.asked[route] for route in (POST, QUEUE, FETCH)} == {POST: 40, QUEUE: 2, FETCH: 2}
        after = cloud.connector.fetch(sorted({change.ref.id for change in changes}))
        assert cloud.asked[FETCH] == 2
        assert after["10007"].fields["Priority Score"] == 7
        cloud.connector.fetch(["10007"])
        assert cloud.asked[FETCH] == 3

    def test_never_more_edits_are_under_way_than_a_site_takes(self, site):
        cloud = site(200, bulk_polls=1)
        assert set(cloud.apply(cloud.changes(POINTS, sets=40))) == {APPLIED}
        assert cloud.asked.get(PUT) is None

    @given(st.data())
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_the_same_stands_as_after_an_edit_an_issue(self, site, data):
        values = data.draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=25, max_size=25))

        def written(**options):
            one = site(25, **options)
            changes = []
            for number, (band, points) in enumerate(values, 1):
                changes.append(one.change(number, LABELS, label(band)))
                changes += [one.change(number, SCORE, float(points))] if points else []
            assert set(one.apply(changes)) <= {APPLIED, Status.UNCHANGED}
            return one.state

        assert written() == written(lacking={"BULK_CHANGE"})


class TestOneByOne:
    def test_without_the_permission_it_is_asked_once(self, site):
        cloud = site(lacking={"BULK_CHANGE"})
        for _ in range(2):
            assert set(cloud.apply(cloud.changes(POINTS))) == {APPLIED}
        assert (cloud.asked[PUT], cloud.asked["GET /rest/api/2/mypermissions"]) == (120, 1)

    @pytest.mark.parametrize("deployment", ["cloud", "data_center"])
    def test_what_was_read_long_before_it_is_edited_is_read_again_a_hundred_at_a_time(self, site, deployment):
        tracker = site(250, deployment=deployment)
        changes = tracker.changes(POINTS, sets=250)
        writing = tracker.connector.apply(changes, tracker.current, notify=True)
        outcomes = [next(writing) for _ in range(100)]
        tracker.clock.advance(31)
        tracker.app._served["jira"].tracker.edit("CORE-101", {"fields": {"Priority Score": 7}})
        tracker.app._served["jira"].tracker.edit("CORE-102", {"fields": {"Reach": 7}, "labels": ["other"]})
        tracker.app._served["jira"].tracker.delete("CORE-103")
        outcomes += writing
        found = {outcome.change.ref.key: outcome for outcome in outcomes if outcome.status is not APPLIED}
        assert {key: outcome.status for key, outcome in found.items()} == {
            "CORE-101": Status.CONFLICT,
            "CORE-103": Status.CONFLICT,
        }
        assert "found 7" in found["CORE-101"].detail
        assert tracker.asked[FETCH if deployment == "cloud" else "GET /rest/api/2/search"] == 2

    def test_data_center_is_asked_for_nothing_of_it(self, site):
        server = site(deployment="data_center")
        assert set(server.apply(server.changes(POINTS))) == {APPLIED}
        assert server.asked == {"PUT /rest/api/2/issue/{issueIdOrKey}": 60}

    def test_too_few_alike_are_written_without_a_question(self, site):
        cloud = site(6)
        assert set(cloud.apply(cloud.changes(POINTS))) == {APPLIED}
        assert cloud.asked == {PUT: 6}

    def test_a_field_that_jira_does_not_edit_in_bulk(self, site):
        cloud = site()
        fields = [{"id": "customfield_10033", "name": "Priority Score", "unavailableMessage": "{0}NOTE{1}: no."}]
        cloud.breaks({"route": ASKED, "call": "all", "status": 200, "body": {"fields": fields}})
        assert set(cloud.apply(cloud.changes(POINTS))) == {APPLIED}
        assert cloud.asked.get(POST) is None

    @pytest.mark.parametrize("status", [400, 403, 404])
    def test_once_an_edit_is_refused_the_rest_is_written_one_by_one_and_nothing_twice(self, site, status):
        cloud = site()
        cloud.breaks({"route": POST, "call": "2-9", "status": status, "body": {"errors": [{"message": "no more"}]}})
        assert set(cloud.apply(cloud.changes(POINTS))) == {APPLIED}
        # Once more after the task before it was done, in case there was no room.
        assert (cloud.asked[POST], cloud.asked[PUT]) == (3, 40)
        assert {cloud.holds(number)[1] for number in range(1, 61)} == {0, 1, 2}


class TestFaults:
    def test_an_issue_that_fails_is_told_in_jiras_words_and_the_others_are_written(self, site):
        cloud = site(lacking={"EDIT_ISSUES@CORE-5"})
        statuses = cloud.apply(cloud.changes(POINTS))
        assert [number for number, status in enumerate(statuses, 1) if status is not APPLIED] == [5]
        assert cloud.outcomes[4].status is REJECTED
        assert cloud.outcomes[4].detail == "You do not have permission to edit this issue."

    def test_a_failure_among_many_edits_is_found_by_the_issues_and_asked_for(self, site):
        cloud = site(200, lacking={"EDIT_ISSUES@CORE-57"})
        statuses = cloud.apply(cloud.changes(POINTS, sets=40))
        assert [number for number, status in enumerate(statuses, 1) if status is not APPLIED] == [57]
        assert "permission to edit" in cloud.outcomes[56].detail
        assert cloud.asked[QUEUE] == 3

    def test_an_issue_that_went_away_is_unknown_and_the_others_are_written(self, site):
        cloud = site()
        cloud.app._served["jira"].tracker.delete("CORE-5")
        statuses = cloud.apply(cloud.changes(POINTS))
        assert [number for number, status in enumerate(statuses, 1) if status is not APPLIED] == [5]
        assert "did not tell of this issue" in cloud.outcomes[4].detail

    def test_a_task_that_never_ends_is_left_after_a_time_and_all_of_it_is_unknown(self, site):
        cloud = site(bulk_polls=10**6)
        assert set(cloud.apply(cloud.changes(POINTS))) == {UNKNOWN}
        assert "was still RUNNING" in cloud.outcomes[0].detail
        assert sum(cloud.clock.sleeps) == pytest.approx(PATIENCE)
        assert (cloud.asked[POST], cloud.asked.get(PUT)) == (3, None)
        assert cloud.asked[QUEUE] < 40
        # The next batch does not wait for the same again.
        assert set(cloud.apply(cloud.changes(BAND))) == {APPLIED}
        assert (cloud.asked[POST], cloud.asked[PUT]) == (3, 60)

    def test_after_a_task_that_never_ends_what_was_not_submitted_is_written_one_by_one(self, site):
        cloud = site(120, bulk_polls=10**6)
        statuses = cloud.apply(cloud.changes(POINTS, sets=8))
        assert cloud.asked[POST] == 5
        assert cloud.asked[PUT] == statuses.count(APPLIED) == 45
        assert statuses.count(UNKNOWN) == 75

    @pytest.mark.parametrize("state", ["FAILED", "CANCELLED", "DEAD", "\x1b[31mODD"])
    def test_a_task_that_ends_otherwise_tells_what_it_did_and_the_rest_is_unknown(self, site, state):
        cloud = site()
        told = {"taskId": "10000", "status": state, "processedAccessibleIssues": [10001, 10004],
                "failedAccessibleIssues": {"10007": ["The issue is\nlocked.", "Ask \x07 Ada."]}}  # fmt: skip
        cloud.breaks({"route": QUEUE, "call": "all", "status": 200, "body": told})
        cloud.apply(cloud.changes(POINTS, sets=1))
        found = {outcome.change.ref.key: outcome for outcome in cloud.outcomes}
        assert [found[f"CORE-{n}"].status for n in (1, 4, 7, 2)] == [APPLIED, APPLIED, REJECTED, UNKNOWN]
        assert found["CORE-7"].detail.isprintable()
        assert "Ada." in found["CORE-7"].detail
        assert found["CORE-2"].detail.isprintable()

    def test_an_answer_lost_after_the_edit_was_sent_is_unknown_and_the_edit_never_sent_again(self, site):
        cloud = site()
        cloud.breaks({"route": POST, "call": 2, "drop": True, "after": True})
        statuses = cloud.apply(cloud.changes(POINTS))
        assert (statuses.count(UNKNOWN), statuses.count(APPLIED)) == (20, 40)
        assert (cloud.asked[POST], cloud.asked.get(PUT)) == (3, None)
        assert {cloud.holds(number)[1] for number in range(1, 61)} == {0, 1, 2}

    @pytest.mark.parametrize("fault", [{"cut": 5}, {"status": 502}, {"status": 404}])
    def test_where_a_task_cannot_be_asked_its_issues_are_unknown_unless_they_are_read(self, site, fault):
        for sets, status in ((1, UNKNOWN), (3, APPLIED)):
            cloud = site()
            cloud.breaks({"route": QUEUE, "call": "all", **fault})
            assert set(cloud.apply(cloud.changes(POINTS, sets=sets))) == {status}
            assert (cloud.asked[POST], cloud.asked.get(PUT)) == (sets, None)

    def test_what_stops_the_tracker_comes_after_the_outcomes_of_what_was_sent(self, site):
        cloud = site()
        cloud.breaks({"route": POST, "call": 3, "status": 401})
        outcomes = []
        writing = cloud.connector.apply(cloud.changes(POINTS), cloud.current, notify=True)
        with pytest.raises(AuthError):
            outcomes.extend(writing)
        assert len(outcomes) == 40
        assert {outcome.status for outcome in outcomes} == {UNKNOWN}
        assert cloud.asked.get(PUT) is None

    @pytest.mark.parametrize(
        "reason",
        [
            "jira-quota-global-based",
            "jira-quota-tenant-based",
            "jira-burst-based",
            "jira-per-issue-on-write",
            "jira-cost-based",
        ],
    )
    @pytest.mark.parametrize("route", [PUT, POST, QUEUE])
    def test_every_limit_is_waited_for_and_nothing_written_twice(self, site, route, reason):
        cloud = site(lacking={"BULK_CHANGE"} if route == PUT else ())
        headers = {"Retry-After": "7", "RateLimit-Reason": reason}
        cloud.breaks({"route": route, "call": 1, "status": 429, "headers": headers})
        assert set(cloud.apply(cloud.changes(POINTS))) == {APPLIED}
        assert any(pause == pytest.approx(7, abs=0.1) for pause in cloud.clock.sleeps)
        assert cloud.asked[POST if route != PUT else PUT] == {PUT: 61, POST: 4, QUEUE: 3}[route]

    def test_a_limit_that_lasts_too_long_ends_the_writing(self, site):
        cloud = site()
        headers = {"Retry-After": "7200", "RateLimit-Reason": "jira-cost-based"}
        cloud.breaks({"route": POST, "call": "all", "status": 429, "headers": headers})
        with pytest.raises(RateLimitError):
            cloud.apply(cloud.changes(POINTS))
        assert (cloud.asked[POST], cloud.asked.get(PUT)) == (1, None)


class TestBesideBulkEdits:
    def test_comments_go_one_by_one_while_the_rest_goes_together(self, site):
        cloud = site(60)
        changes = cloud.changes(BAND, (COMMENT, lambda value: f"Priority P{value}"))
        told = cloud.connector.forecast(changes, notify=False, ask=True)
        assert (told.mailed, told.loud) == (60, "Jira tells watchers of comments")
        cloud.requests.reset()
        assert cloud.apply(changes, notify=False) == [APPLIED] * 120
        assert (cloud.asked[POST], cloud.asked[SAY], cloud.asked.get(PUT)) == (3, 60, None)
        assert cloud.state["issues"]["CORE-4"]["comments"] == [{"author": "Sandbox", "body": "Priority P1"}]
        assert cloud.mail == 60 * 2, "the bulk edits are quiet, and of first comments Jira tells"

    def test_an_issue_with_a_property_goes_by_itself(self, site):
        cloud = site(60)
        with_property = [cloud.change(1, SCORE, 0.0), cloud.change(1, WriteTarget("property", "acme"), 7)]
        changes = [*with_property, *cloud.changes(POINTS)[1:]]
        told = cloud.connector.forecast(changes, notify=True, ask=True)
        assert "and 1 by itself" in told.how
        assert cloud.apply(changes) == [APPLIED] * 61
        assert cloud.asked[PUT] == 1
        assert cloud.state["issues"]["CORE-1"]["properties"] == {"acme": 7}


class TestForecast:
    @pytest.mark.parametrize("sets", [1, 3, 40])
    def test_it_counts_what_is_sent(self, site, sets):
        cloud = site(200)
        told = cloud.connector.forecast(cloud.changes(BAND, POINTS, sets=sets), notify=True, ask=True)
        again = site(200)
        again.apply(again.changes(BAND, POINTS, sets=sets))
        beside = {"GET /rest/api/2/serverInfo", "GET /rest/api/2/field"}
        assert told.requests == sum(count for route, count in again.asked.items() if route not in beside)
        assert "in place of 200 edits" in told.how

    def test_it_says_how_and_why(self, site):
        def how(changes_of, *, ask=True, **options):
            one = site(**options)
            return one.connector.forecast(changes_of(one), notify=True, ask=ask).how

        def many(one):
            return one.changes(POINTS)

        assert how(many) == "3 bulk edits in place of 60 edits, since many issues get the same values"
        assert how(lambda one: [*many(one)[:-1], one.change(60, SCORE, 99)]) == (
            "3 bulk edits in place of 59 edits, and 1 by itself, since many issues get the same values"
        )
        assert how(many, lacking={"BULK_CHANGE"}) == "one edit an issue: the account lacks the permission Bulk change"
        assert how(lambda one: one.changes(POINTS, sets=60)) == "one edit an issue: too few of them get the same values"
        assert how(many, ask=False) == "one edit an issue: whether the account may edit in bulk was not asked"
        assert how(many, deployment="data_center") == ""
        assert how(lambda one: one.changes(POINTS)[:1]) == ""

    def test_without_leave_to_ask_nothing_is_sent(self, site):
        cloud = site()
        assert cloud.connector.forecast(cloud.changes(POINTS), notify=True, ask=False).requests == 60
        assert cloud.asked == {}


@given(st.permutations(range(1, 13)), st.sets(st.integers(1, 12), max_size=5), st.integers(1, 12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whichever_issues_cannot_be_ranked_each_has_its_outcome_and_the_rest_stands_in_order(
    site, wanted, barred, stays
):
    barred = barred - {stays}
    cloud = site(12, lacking={f"SCHEDULE_ISSUES@CORE-{number}" for number in barred})
    place = wanted.index(stays)
    order = WriteTarget("order")
    before = [cloud.change(wanted[0], order, ("before", str(10000 + stays)))] if place else []
    moves = before + [
        cloud.change(number, order, ("after", str(10000 + wanted[at])))
        for at, number in enumerate(wanted[1:])
        if number != stays
    ]
    statuses = cloud.apply(moves)
    assert [status is REJECTED for status in statuses] == [int(move.ref.id) - 10000 in barred for move in moves]
    assert set(statuses) <= {APPLIED, REJECTED}
    stands = [int(key.removeprefix("CORE-")) for key in cloud.state["order"]]
    assert [number for number in stands if number not in barred] == [n for n in wanted if n not in barred]


def test_the_body_of_an_edit_is_one_that_jira_describes(site, tools):
    if not all(file.exists() for file in tools.specs):
        pytest.skip("Jira's OpenAPI documents are not here")
    cloud = site()
    sent = []
    answer = cloud.app.__call__

    def recording(environ, start_response):
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        environ["wsgi.input"] = BytesIO(body)
        query = dict(part.split("=", 1) for part in environ["QUERY_STRING"].split("&") if part)
        path = environ["PATH_INFO"].removeprefix("/jira")
        sent.append((environ["REQUEST_METHOD"], path, query, json.loads(body) if body else None))
        return answer(environ, start_response)

    cloud.door.behind = recording
    targets = BAND, POINTS, (PRIORITY, lambda _: "High"), (IMPACT, lambda _: "Low")
    assert set(cloud.apply(cloud.changes(*targets))) == {APPLIED}
    assert [breach for call in sent for breach in tools.breaches(*call)] == []
    assert {path for _, path, _, _ in sent} >= {"/rest/api/3/bulk/issues/fields", "/rest/api/3/bulk/queue/10002"}
