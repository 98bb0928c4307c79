"""Only what is ours is written, in few requests, and every change has an honest outcome."""

import json

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from trackersync.change import Change, Status, WriteTarget
from trackersync.errors import AuthError, UnavailableError
from trackersync.model import IssueRef

APPLIED, REJECTED, CONFLICT, UNKNOWN, UNCHANGED = (
    Status.APPLIED,
    Status.REJECTED,
    Status.CONFLICT,
    Status.UNKNOWN,
    Status.UNCHANGED,
)
LABELS = WriteTarget("labels", "priority-")
PRIORITY = WriteTarget("priority")
SCORE = WriteTarget("field", "Priority Score")
ORDER = WriteTarget("order")


def change(number, target, after, before=None):
    ref = IssueRef("core", "jira", str(10000 + number), f"CORE-{number}")
    return Change(ref=ref, target=target, before=before, after=after, reason="because")


def after(number, anchor):
    return change(number, ORDER, ("after", str(10000 + anchor)))


@pytest.fixture
def write(jira, connect, tools):
    """Applies changes to issues 1 to 130 and returns the outcomes' statuses; `write.sent` are the writes."""

    def run(*changes, notify=True, labels=(), **settings):
        jira.has(*(tools.issue(n, labels=list(labels)) for n in range(1, 131)))
        connector = connect("Reach", **settings)
        current = connector.fetch([str(10000 + n) for n in range(1, 131)])
        run.connector, run.current = connector, current
        run.outcomes = list(connector.apply(changes, current, notify=notify))
        assert [outcome.change for outcome in run.outcomes] == list(changes)
        run.sent = [(path, query, body) for method, path, query, body in jira.calls if method == "PUT"]
        return [outcome.status for outcome in run.outcomes]

    return run


@pytest.fixture
def takes(jira):
    """Answers the edit of an issue: by default as Jira does when it is done."""

    def answer(number, **reply):
        jira.http.put(f"{jira.api}/issue/{10000 + number}", **({"status": 204} | reply))

    return answer


class TestEdits:
    def test_all_changes_of_an_issue_go_in_one_request(self, jira, write, takes):
        takes(1)
        takes(2)
        statuses = write(
            change(1, LABELS, ("priority-P0",)),
            change(1, SCORE, 87),
            change(1, PRIORITY, "Highest"),
            change(2, SCORE, 12.5),
            labels=["priority-P1", "bug"],
        )
        assert statuses == [APPLIED] * 4
        assert write.sent == [
            (
                f"/rest/api/{3 if jira.cloud else 2}/issue/10001",
                {},
                {
                    "update": {"labels": [{"remove": "priority-P1"}, {"add": "priority-P0"}]},
                    "fields": {"customfield_7": 87, "priority": {"name": "Highest"}},
                },
            ),
            (f"/rest/api/{3 if jira.cloud else 2}/issue/10002", {}, {"fields": {"customfield_7": 12.5}}),
        ]

    def test_labels_of_others_are_left_alone_whatever_their_case(self, write, takes):
        takes(1)
        write(change(1, LABELS, ("priority-P0",)), labels=["Priority-p1", "bug", "prio", "xpriority-P2"])
        assert write.sent[0][2] == {"update": {"labels": [{"remove": "Priority-p1"}, {"add": "priority-P0"}]}}

    def test_labels_that_stand_already_are_not_written(self, write):
        assert write(change(1, LABELS, ("priority-P0",)), labels=["priority-P0", "bug"]) == [UNCHANGED]
        assert write.sent == []

    @pytest.mark.parametrize("nothing", [None, ()])
    def test_all_of_our_labels_can_be_taken_away(self, write, takes, nothing):
        takes(1)
        assert write(change(1, LABELS, nothing), labels=["priority-P0"]) == [APPLIED]
        assert write.sent[0][2] == {"update": {"labels": [{"remove": "priority-P0"}]}}

    def test_a_single_label_may_be_given_as_text(self, write, takes):
        takes(1)
        assert write(change(1, LABELS, "priority-P0")) == [APPLIED]

    @pytest.mark.parametrize("label", ["priority- P0", "priority-\tP0", "priority-" + "x" * 250])
    def test_a_label_that_jira_cannot_hold_is_rejected_and_the_rest_written(self, write, takes, label):
        takes(1)
        assert write(change(1, LABELS, (label,)), change(1, SCORE, 1)) == [REJECTED, APPLIED]
        assert "one word" in write.outcomes[0].detail

    @pytest.mark.parametrize(
        ("field", "value", "sent"),
        [
            ("Priority Score", 3, {"customfield_7": 3}),
            ("Priority Score", None, {"customfield_7": None}),
            ("Impact", "High", {"customfield_2": {"value": "High"}}),
            ("Impact", None, {"customfield_2": None}),
            ("customfield_3", 87.0, {"customfield_3": "87"}),
            ("customfield_3", 87.5, {"customfield_3": "87.5"}),
            ("customfield_3", ("a", "b"), {"customfield_3": "a, b"}),
            ("Priority", "High", {"priority": {"name": "High"}}),
            ("Teams", ("a", "b"), {"customfield_11": [{"value": "a"}, {"value": "b"}]}),
            ("Teams", "a", {"customfield_11": [{"value": "a"}]}),
            ("Tags", ("a",), {"customfield_12": ["a"]}),
        ],
    )
    def test_each_kind_of_field_is_written_in_its_form(self, write, takes, field, value, sent):
        takes(1)
        assert write(change(1, WriteTarget("field", field), value)) == [APPLIED]
        assert write.sent[0][2] == {"fields": sent}

    def test_a_text_of_several_lines_is_a_document_on_cloud(self, jira, write, takes):
        takes(1)
        write(change(1, WriteTarget("field", "Why"), "votes"))
        sent = write.sent[0][2]["fields"]["customfield_8"]
        assert (sent["type"] if jira.cloud else sent) == ("doc" if jira.cloud else "votes")

    def test_the_priority_can_be_cleared(self, write, takes):
        takes(1)
        write(change(1, PRIORITY, None))
        assert write.sent[0][2] == {"fields": {"priority": None}}

    def test_a_field_that_is_not_there_is_rejected_with_the_nearest(self, write, takes):
        takes(1)
        assert write(change(1, WriteTarget("field", "Priority Skore"), 1), change(1, SCORE, 1)) == [REJECTED, APPLIED]
        assert "'Priority Score'" in write.outcomes[0].detail

    def test_what_jira_does_not_have_is_rejected(self, write):
        assert write(change(1, WriteTarget("project_field", "Score"), 1)) == [REJECTED]

    def test_an_issue_that_is_gone_is_not_written(self, write):
        assert write(change(200, SCORE, 1), change(200, PRIORITY, "High")) == [CONFLICT, CONFLICT]
        assert write.sent == []


class TestRefusals:
    def test_one_refused_field_does_not_hold_up_the_others(self, jira, write, takes):
        takes(1, status=400, json={"errorMessages": [], "errors": {"customfield_7": "It is not on the screen."}})
        takes(1)
        takes(2)
        statuses = write(
            change(1, LABELS, ("priority-P0",)),
            change(1, SCORE, 1),
            change(1, PRIORITY, "High"),
            change(2, SCORE, 1),
        )
        assert statuses == [APPLIED, REJECTED, APPLIED, APPLIED]
        assert write.outcomes[1].detail == "It is not on the screen."
        assert write.sent[1][2] == {
            "update": {"labels": [{"add": "priority-P0"}]},
            "fields": {"priority": {"name": "High"}},
        }

    def test_fields_refused_one_after_another_are_all_told(self, write, takes):
        takes(1, status=400, json={"errors": {"customfield_7": "no number"}})
        takes(1, status=400, json={"errors": {"priority": "no such priority"}})
        assert write(change(1, SCORE, 1), change(1, PRIORITY, "Hi")) == [REJECTED, REJECTED]
        assert [outcome.detail for outcome in write.outcomes] == ["no number", "no such priority"]

    def test_a_refusal_of_everything_is_told_in_jiras_words(self, write, takes):
        takes(1, status=400, json={"errorMessages": ["Workflow says no."], "errors": {"unheard": "of"}})
        takes(2)
        assert write(change(1, SCORE, 1), change(1, PRIORITY, "High"), change(2, SCORE, 1)) == [
            REJECTED,
            REJECTED,
            APPLIED,
        ]
        assert "Workflow says no." in write.outcomes[0].detail

    @pytest.mark.parametrize(
        ("status", "outcome"), [(404, CONFLICT), (409, CONFLICT), (403, REJECTED), (422, REJECTED), (502, UNKNOWN)]
    )
    def test_a_refusal_says_what_became_of_the_change_and_the_rest_goes_on(self, write, takes, status, outcome):
        takes(1, status=status, json={"errorMessages": ["no"]})
        takes(2)
        assert write(change(1, SCORE, 1), change(2, SCORE, 1)) == [outcome, APPLIED]
        assert len(write.sent) == 2

    def test_an_answer_lost_on_the_way_is_unknown_and_never_replayed(self, write, takes):
        takes(1, body=requests.ConnectionError())
        takes(2)
        assert write(change(1, SCORE, 1), change(2, SCORE, 1)) == [UNKNOWN, APPLIED]
        assert len(write.sent) == 2

    def test_a_tracker_that_cannot_be_reached_ends_the_writing(self, jira, write, takes):
        refused = MaxRetryError(None, "/", NewConnectionError(None, "refused"))
        takes(1, body=requests.ConnectionError(refused))
        with pytest.raises(UnavailableError) as ended:
            write(change(1, SCORE, 1))
        assert not ended.value.sent

    def test_a_token_that_is_revoked_ends_the_writing(self, write, takes):
        takes(1, status=401, json={})
        with pytest.raises(AuthError):
            write(change(1, SCORE, 1))


class TestQuiet:
    @pytest.fixture
    def permissions(self, jira, tools):
        def held(**kwargs):
            jira.http.get(f"{tools.url}/rest/api/2/mypermissions", **kwargs)

        return held

    def test_an_account_that_may_writes_without_mail_and_asks_once(self, jira, write, takes, permissions):
        permissions(json={"permissions": {"ADMINISTER_PROJECTS": {"havePermission": True}}})
        takes(1)
        takes(2)
        assert write(change(1, SCORE, 1), change(2, SCORE, 1), notify=False) == [APPLIED, APPLIED]
        assert [query for _, query, _ in write.sent] == [{"notifyUsers": "false"}] * 2
        list(write.connector.apply([change(1, SCORE, 2)], write.current, notify=False))
        asked = [query for _, path, query, _ in jira.calls if path.endswith("mypermissions")]
        assert asked == [{"permissions": "ADMINISTER,ADMINISTER_PROJECTS", "projectKey": "CORE"}]

    @pytest.mark.parametrize(
        "answer",
        [
            {"json": {"permissions": {"ADMINISTER": {"havePermission": False}}}},
            {"json": {"permissions": {"ADMINISTER": {"havePermission": "true"}, "ADMINISTER_PROJECTS": 7}}},
            {"json": {"permissions": []}},
            {"json": []},
            {"status": 404, "json": {}},
        ],
    )
    def test_an_account_that_may_not_writes_with_mail_since_jira_would_ignore_it_otherwise(
        self, write, takes, permissions, answer
    ):
        permissions(**answer)
        takes(1)
        assert write(change(1, SCORE, 1), notify=False) == [APPLIED]
        assert [query for _, query, _ in write.sent] == [{}]

    def test_the_forecast_says_where_mail_cannot_be_spared(self, connect, permissions):
        permissions(json={"permissions": {}})
        changes = [change(1, SCORE, 1), change(1, LABELS, ("priority-P0",)), change(2, SCORE, 1), after(3, 1)]
        told = connect().forecast(changes, notify=False, ask=True)
        assert (told.mailed, told.loud) == (2, "the account administers neither the site nor CORE")

    def test_the_forecast_of_an_account_that_may_spares_everybody(self, connect, permissions):
        permissions(json={"permissions": {"ADMINISTER": {"havePermission": True}}})
        told = connect().forecast([change(1, SCORE, 1)], notify=False, ask=True)
        assert (told.mailed, told.loud) == (0, "")

    def test_a_forecast_that_may_not_ask_takes_the_file_at_its_word(self, connect):
        assert connect().forecast([change(1, SCORE, 1)], notify=False, ask=False).mailed == 0
        assert connect().forecast([change(1, SCORE, 1)], notify=True, ask=False).mailed == 1

    def test_permissions_are_not_asked_for_where_mail_is_wanted(self, jira, write, takes):
        takes(1)
        write(change(1, SCORE, 1), notify=True)
        assert not [path for path in jira.paths if "mypermissions" in path]


class TestOrder:
    @pytest.fixture
    def ranks(self, jira, tools):
        def answer(**reply):
            jira.http.put(f"{tools.url}/rest/agile/1.0/issue/rank", **({"status": 204} | reply))

        return answer

    def test_issues_that_follow_one_another_are_moved_together(self, write, ranks):
        ranks()
        moves = [after(3, 1), after(4, 3), after(5, 4), after(9, 7), after(10, 9)]
        assert write(*moves, board=12) == [APPLIED] * 5
        assert [body for _, _, body in write.sent] == [
            {"issues": ["CORE-3", "CORE-4", "CORE-5"], "rankAfterIssue": "CORE-1", "rankCustomFieldId": 10},
            {"issues": ["CORE-9", "CORE-10"], "rankAfterIssue": "CORE-7", "rankCustomFieldId": 10},
        ]

    def test_the_first_goes_before_the_first_that_stays(self, write, ranks):
        ranks()
        assert write(change(3, ORDER, ("before", "10001")), after(2, 3), board=12) == [APPLIED] * 2
        assert [body for _, _, body in write.sent] == [
            {"issues": ["CORE-3", "CORE-2"], "rankBeforeIssue": "CORE-1", "rankCustomFieldId": 10}
        ]

    def test_long_runs_are_moved_fifty_at_a_time(self, write, ranks, connect):
        ranks()
        moves = [after(n, n - 1) for n in range(2, 123)]
        assert write(*moves, board=12) == [APPLIED] * 121
        assert [(len(body["issues"]), body["rankAfterIssue"]) for _, _, body in write.sent] == [
            (50, "CORE-1"),
            (50, "CORE-51"),
            (21, "CORE-101"),
        ]
        assert connect().forecast(moves, notify=True, ask=False).requests == 3

    def test_without_a_board_jira_uses_its_own_rank_field(self, write, ranks):
        ranks()
        write(after(2, 1))
        assert write.sent[0][2] == {"issues": ["CORE-2"], "rankAfterIssue": "CORE-1"}

    def test_what_jira_moves_in_part_is_told_issue_by_issue(self, write, ranks):
        entries = [
            {"issueId": 10002, "issueKey": "CORE-2", "status": 200},
            {"issueKey": "CORE-3", "status": 503, "errors": ["cannot rank now", "try later"]},
            {"issueId": 10004, "status": 403},
        ]
        ranks(status=207, json={"entries": entries})
        ranks()
        moves = [after(2, 1), after(3, 2), after(4, 3), after(5, 4), after(7, 4), after(8, 3)]
        assert write(*moves, board=12) == [APPLIED, REJECTED, REJECTED, UNKNOWN, APPLIED, APPLIED]
        assert [outcome.detail for outcome in write.outcomes][1:4] == [
            "cannot rank now; try later",
            "Jira answered 403",
            "Jira did not say what became of this move",
        ]
        # Beside an issue that stayed behind is the wrong place: these go where that one was to go.
        assert [body["rankAfterIssue"] for _, _, body in write.sent[1:]] == ["CORE-2", "CORE-2"]

    def test_one_issue_that_cannot_be_ranked_does_not_hold_up_the_run(self, jira, write, tools):
        def rank(request):
            bad = "CORE-4" in json.loads(request.body)["issues"]
            return (400, {}, json.dumps({"errorMessages": ["CORE-4 cannot be ranked"]})) if bad else (204, {}, "")

        jira.http.add_callback("PUT", f"{tools.url}/rest/agile/1.0/issue/rank", rank)
        moves = [after(n, n - 1) for n in range(2, 10)]
        statuses = write(*moves, board=12)
        assert statuses == [APPLIED, APPLIED, REJECTED, *[APPLIED] * 5]
        assert "cannot be ranked" in write.outcomes[2].detail
        placed = [
            (body["rankAfterIssue"], body["issues"]) for _, _, body in write.sent if "CORE-4" not in body["issues"]
        ]
        assert placed == [
            ("CORE-1", ["CORE-2", "CORE-3"]),
            ("CORE-3", ["CORE-5"]),
            ("CORE-5", ["CORE-6", "CORE-7", "CORE-8", "CORE-9"]),
        ]

    def test_issues_that_are_gone_are_told_and_the_others_moved(self, write, ranks):
        ranks()
        statuses = write(after(2, 1), after(300, 2), after(3, 300), after(5, 400), board=12)
        assert statuses == [APPLIED, CONFLICT, APPLIED, CONFLICT]
        assert [(body["rankAfterIssue"], body["issues"]) for _, _, body in write.sent] == [
            ("CORE-1", ["CORE-2"]),
            ("CORE-2", ["CORE-3"]),
        ]

    @pytest.mark.parametrize(
        ("status", "outcome"), [(403, REJECTED), (404, CONFLICT), (409, CONFLICT), (400, REJECTED), (500, UNKNOWN)]
    )
    def test_a_refusal_says_what_became_of_the_move(self, write, ranks, status, outcome):
        ranks(status=status, json={"errorMessages": ["no"]})
        assert write(after(2, 1), board=12) == [outcome]
        assert "no" in write.outcomes[0].detail
        assert ("Schedule Issues" in write.outcomes[0].detail) is (status == 403)

    def test_moves_come_after_edits(self, write, ranks, takes):
        takes(1)
        ranks()
        assert write(change(1, SCORE, 1), after(2, 1), board=12) == [APPLIED, APPLIED]

    def test_a_place_that_is_none_is_a_mistake_of_the_caller(self, write):
        with pytest.raises(ValueError, match="a change of order needs"):
            write(change(1, ORDER, "first"))


def test_the_forecast_counts_the_requests_that_are_sent(write, takes, connect, jira, tools):
    jira.http.put(f"{tools.url}/rest/agile/1.0/issue/rank", status=204)
    takes(1)
    takes(2)
    changes = [
        change(1, LABELS, ("priority-P0",)),
        change(1, SCORE, 1),
        change(2, SCORE, 1),
        after(3, 1),
        after(4, 3),
        after(6, 1),
    ]
    write(*changes, board=12)
    assert connect().forecast(changes, notify=True, ask=False).requests == len(write.sent) == 4
