"""A pull is complete or an error, in as few requests as Jira allows."""

import json
import math
import threading
from urllib.parse import urlsplit

import pytest

from trackersync.errors import (
    AuthError,
    ForbiddenError,
    InvalidResponseError,
    NotFoundError,
    RejectedError,
    UnavailableError,
)

only_cloud = pytest.mark.parametrize("deployment", ["cloud"], indirect=True)
only_data_center = pytest.mark.parametrize("deployment", ["data_center"], indirect=True)


def pull(connector):
    return [issue for page in connector.pull() for issue in page]


@pytest.mark.parametrize("count", [1, 99, 100, 101, 201, 250, 1000, 5100, 5101, 10_100, 10_201])
@pytest.mark.parametrize("board", [None, 12])
def test_every_issue_comes_once_in_few_requests(jira, connect, tools, count, board):
    jira.has(*(tools.issue(n) for n in range(1, count + 1)))
    found = pull(connect("Reach", board=board))
    assert [issue.ref.key for issue in found] == [f"CORE-{n}" for n in range(1, count + 1)]
    assert len(jira.calls) <= math.ceil(count / 100) + 4


def test_pages_smaller_than_asked_for_are_followed_too(jira, connect, tools):
    jira.has(*(tools.issue(n) for n in range(1, 31)), page=7)
    assert len(pull(connect())) == 30


def test_every_pull_reads_anew_but_asks_for_the_site_once(jira, connect, tools):
    jira.has(tools.issue(1))
    connector = connect(board=12)
    assert pull(connector) == pull(connector)
    assert len(jira.calls) == 3 + 2 * (2 if jira.cloud else 1)


def test_nothing_is_asked_before_the_first_page_is_wanted(jira, connect, tools):
    jira.has(tools.issue(1))
    pages = connect().pull()
    assert jira.calls == []
    next(pages)
    assert jira.calls


def test_only_the_filter_of_the_jql_is_used_in_an_order_that_no_edit_changes(jira, connect, tools):
    jira.has(tools.issue(1))
    pull(connect(jql='summary ~ "order by" order BY updated desc'))
    assert [asked["jql"] for asked in jira.searches] == ['summary ~ "order by" ORDER BY id ASC']


def test_only_what_is_mapped_is_asked_for(jira, connect, tools):
    jira.has(tools.issue(1))
    pull(connect("Reach", board=12))
    asked = jira.calls[-1][3]["fields"]
    assert {"summary", "customfield_1", "customfield_5", "customfield_6", "customfield_10"} <= set(asked)
    assert not {"*all", "customfield_2", "customfield_7"} & set(asked)
    assert ("customfield_9" in asked) is not jira.cloud


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("comments", "comment"),
        ("affects_versions", "versions"),
        ("sprint", "customfield_13"),
        ("sprint_state", "customfield_13"),
        ("past_sprints", "customfield_13"),
    ],
)
def test_what_costs_more_is_asked_for_only_where_the_rules_use_it(jira, connect, tools, column, field):
    jira.has(tools.issue(1))
    pull(connect())
    pull(connect(columns=[column]))
    plain, using = (asked["fields"] for asked in jira.reads)
    assert set(using) - set(plain) == {field}
    half = len(jira.paths) // 2
    assert sorted(jira.paths[:half]) == sorted(jira.paths[half:])
    on_demand = {"comment", "versions", "customfield_13"}
    assert on_demand & set(plain) == set()


def test_a_field_may_be_wanted_by_name_and_on_demand_and_is_asked_for_once(jira, connect, tools):
    sprints = [{"id": 1, "name": "Sprint 1", "state": "active"}]
    jira.has(tools.issue(1, customfield_13=sprints, comment={"total": 2}))
    (issue,) = pull(connect("Sprint", columns=["sprint", "comments"]))
    asked = jira.calls[-1][3]["fields"]
    assert len(asked) == len(set(asked))
    assert (issue.sprint, issue.fields, issue.comments) == ("Sprint 1", {"Sprint": ("Sprint 1",)}, 2)


def test_what_is_read_on_demand_is_read_again_where_only_changes_are(jira, connect, tools):
    jira.has(tools.issue(1, customfield_13=[{"name": "Sprint 1", "state": "closed"}]))
    first = connect(columns=["past_sprints"])
    pull(first)
    assert first.cursor is None or [
        issue.past_sprints
        for delta in connect(columns=["past_sprints"]).changes(first.cursor)
        for issue in delta.issues
    ] == [1]


def test_texts_of_several_lines_are_plain_text_on_either_deployment(jira, connect, tools):
    words = {"type": "paragraph", "content": [{"type": "text", "text": "Too slow", "marks": [{"type": "strong"}]}]}
    why = {"type": "doc", "version": 1, "content": [words]} if jira.cloud else "{color:red}*Too slow*{color}"
    jira.has(tools.issue(1, customfield_8=why, customfield_3="*not markup*", description=why))
    (issue,) = pull(connect("Why", "customfield_3"))
    assert (issue.fields, issue.body) == ({"Why": "Too slow", "customfield_3": "*not markup*"}, "Too slow")


@only_cloud
def test_cloud_signs_in_with_the_email(jira, connect, tools):
    jira.has(tools.issue(1))
    pull(connect(email="pm@acme.example"))
    sent = {call.request.headers["Authorization"] for call in jira.http.calls}
    assert sent == {"Basic cG1AYWNtZS5leGFtcGxlOnMzY3IzdA=="}


@only_data_center
def test_without_an_email_the_token_is_sent_as_bearer(jira, connect, tools):
    jira.has(tools.issue(1))
    pull(connect())
    assert {call.request.headers["Authorization"] for call in jira.http.calls} == {"Bearer s3cr3t"}


def in_turn(jira, *, lists=(), pages=()):
    """Cloud gives these lists of ids and these pages of issues, each in turn and the last from then on."""
    left = {"lists": list(lists), "pages": list(pages)}

    def answer(request):
        turns = left["lists" if json.loads(request.body)["fields"] == ["id"] else "pages"]
        return 200, {}, json.dumps(turns.pop(0) if len(turns) > 1 else turns[0])

    jira.holds(*(raw for page in [*lists, *pages] for raw in page["issues"]))
    jira.http.add_callback("POST", f"{jira.api}/search/jql", answer)


MORE_THAN_ARE_LISTED = [{"issues": [], "nextPageToken": str(number), "isLast": False} for number in (1, 2)]


@only_cloud
class TestTokens:
    @pytest.fixture(params=["lists", "pages"])
    def serve(self, request, jira):
        """Gives these answers in turn: as lists of ids or, where there are more ids than are listed, as pages."""

        def serve(*answers):
            in_turn(jira, **{"lists": MORE_THAN_ARE_LISTED, request.param: answers})

        return serve

    def test_a_token_that_comes_again_ends_in_an_error(self, jira, connect, tools):
        page = {"issues": [tools.issue(1)], "nextPageToken": "again", "isLast": False}
        jira.http.post(f"{jira.api}/search/jql", json=page)
        with pytest.raises(InvalidResponseError, match="repeated a page token after 1 issues"):
            pull(connect())

    @pytest.mark.parametrize("board", [None, 12])
    def test_a_list_that_goes_in_circles_is_not_taken_for_the_whole(self, jira, connect, tools, board):
        circle = {"issues": [tools.issue(1)], "nextPageToken": "again", "isLast": False}
        in_turn(jira, lists=[circle], pages=[{"issues": [tools.issue(1), tools.issue(2)], "isLast": True}])
        assert [issue.ref.key for issue in pull(connect(board=board))] == ["CORE-1", "CORE-2"]

    def test_a_page_that_is_not_the_last_and_names_no_next_ends_in_an_error(self, serve, connect, tools):
        serve({"issues": [tools.issue(1)], "isLast": False})
        with pytest.raises(InvalidResponseError, match="neither ended") as broken:
            pull(connect())
        assert broken.value.tracker == "core"

    @pytest.mark.parametrize("last", [{"isLast": True}, {}, {"nextPageToken": None}])
    def test_the_last_page_is_known_by_either_sign(self, serve, connect, tools, last):
        serve({"issues": [tools.issue(1)]} | last)
        assert len(pull(connect())) == 1

    def test_an_issue_on_two_pages_comes_once(self, serve, connect, tools):
        serve(
            {"issues": [tools.issue(1), tools.issue(2)], "nextPageToken": "2", "isLast": False},
            {"issues": [tools.issue(2), tools.issue(3)], "isLast": True},
        )
        assert [issue.ref.key for issue in pull(connect())] == ["CORE-1", "CORE-2", "CORE-3"]


@only_cloud
class TestLists:
    def test_the_fields_are_asked_for_once_and_while_ids_are_listed(self, jira, connect, tools):
        issues = [tools.issue(number) for number in range(1, 251)]
        both_asked = threading.Barrier(2, timeout=30)

        def when_both_are_asked(answer):
            def wait(_):
                both_asked.wait()
                return 200, {}, json.dumps(answer)

            return wait

        field, search = f"{tools.url}/rest/api/2/field", f"{jira.api}/search/jql"
        jira.holds(*issues)
        jira.http.remove("GET", field)
        jira.http.add_callback("GET", field, when_both_are_asked(tools.fields))
        jira.http.add_callback("POST", search, when_both_are_asked({"issues": issues, "isLast": True}))
        assert len(pull(connect("Reach"))) == 250
        assert jira.paths.count("GET /rest/api/2/field") == 1

    @pytest.mark.parametrize(("status", "kind"), [(400, RejectedError), (401, AuthError)])
    def test_one_that_is_refused_is_raised_as_it_is(self, jira, connect, status, kind):
        refusal = {"errorMessages": ["no project CORE"]}
        jira.http.post(f"{jira.api}/search/jql", status=status, json=refusal)
        with pytest.raises(kind, match="no project CORE") as refused:
            pull(connect())
        assert (refused.value.tracker, refused.value.status) == ("core", status)
        assert sorted(jira.paths) == [
            "GET /rest/api/2/field",
            "GET /rest/api/2/serverInfo",
            "POST /rest/api/3/search/jql",
        ]


@only_data_center
class TestOffsets:
    def serve(self, jira, states):
        """Each request sees the next of `states`, the last one from then on."""
        left = list(states)

        def answer(request):
            asked = json.loads(request.body)
            there = left.pop(0) if len(left) > 1 else left[0]
            page = there[asked["startAt"] : asked["startAt"] + 10]
            return 200, {}, json.dumps({"issues": page, "total": len(there), "startAt": asked["startAt"]})

        jira.http.add_callback("POST", f"{jira.api}/search", answer)

    def test_issues_that_leave_meanwhile_push_none_out_of_the_read(self, jira, connect, tools):
        everything = [tools.issue(n) for n in range(1, 31)]
        self.serve(jira, [everything, everything[5:]])
        assert {issue.ref.key for issue in pull(connect())} == {f"CORE-{n}" for n in range(1, 31)}

    def test_a_selection_that_shrinks_below_what_was_read_is_read_again(self, jira, connect, tools):
        everything = [tools.issue(n) for n in range(1, 31)]
        self.serve(jira, [everything, everything[-5:]])
        assert {f"CORE-{n}" for n in range(26, 31)} <= {issue.ref.key for issue in pull(connect())}

    def test_a_selection_that_becomes_empty_ends_the_read(self, jira, connect, tools):
        self.serve(jira, [[tools.issue(n) for n in range(1, 31)], []])
        assert len(pull(connect())) == 10

    def test_an_empty_page_before_the_end_is_an_error(self, jira, connect, tools):
        jira.http.post(f"{jira.api}/search", json={"issues": [tools.issue(1), tools.issue(2)], "total": 5})
        jira.http.post(f"{jira.api}/search", json={"issues": [], "total": 5})
        with pytest.raises(InvalidResponseError, match="gave none from number 1"):
            pull(connect())

    def test_a_page_without_the_issues_it_announces_is_an_error(self, jira, connect):
        jira.http.post(f"{jira.api}/search", json={"issues": [], "total": 5})
        with pytest.raises(InvalidResponseError, match="announced 5 issues and gave 0"):
            pull(connect())

    def test_a_selection_that_never_keeps_still_is_given_up(self, jira, connect, tools):
        from itertools import count

        numbers = count(1)

        def answer(_):
            return 200, {}, json.dumps({"issues": [tools.issue(next(numbers)) for _ in range(2)], "total": 10**9})

        jira.http.add_callback("POST", f"{jira.api}/search", answer)
        with pytest.raises(UnavailableError, match="keep leaving") as gave_up:
            pull(connect())
        assert not gave_up.value.sent


class TestNothingFound:
    def test_is_believed_of_an_account_that_is_logged_in(self, jira, connect):
        jira.has()
        assert pull(connect()) == []
        assert jira.paths[-1] == "GET /rest/api/2/myself"

    def test_is_not_believed_of_a_stranger(self, jira, connect):
        jira.has()
        jira.http.replace("GET", "https://jira.example/base/rest/api/2/myself", status=401, json={})
        with pytest.raises(AuthError):
            pull(connect())


def test_an_answer_given_to_a_stranger_is_no_answer(jira, connect):
    body = {"issues": [], "total": 0, "isLast": True}
    path = "search/jql" if jira.cloud else "search"
    jira.http.post(f"{jira.api}/{path}", json=body, headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})
    with pytest.raises(AuthError, match="as to a stranger"):
        pull(connect())


class TestDetection:
    @pytest.mark.parametrize(
        ("status", "kind"), [(401, AuthError), (403, ForbiddenError), (404, NotFoundError), (503, UnavailableError)]
    )
    def test_a_refusal_is_told_by_what_to_do_next(self, http, connect, tools, clock, status, kind):
        http.get(f"{tools.url}/rest/api/2/serverInfo", status=status, json={"errorMessages": ["no"]})
        with pytest.raises(kind, match="no") as refused:
            pull(connect())
        assert refused.value.tracker == "core"

    @pytest.mark.parametrize("body", ["<html><title>Log in</title></html>", '{"baseUrl": "https', "[1]", "7", '"x"'])
    def test_what_is_not_jira_is_said_so(self, http, connect, tools, body):
        http.get(f"{tools.url}/rest/api/2/serverInfo", body=body)
        with pytest.raises(InvalidResponseError, match=r"jira\.example does not answer as Jira"):
            pull(connect())

    @pytest.mark.parametrize("body", ["<html>", "{}", "[{}]", "[1]", "null"])
    def test_fields_that_are_none_are_said_so(self, jira, connect, body):
        jira.http.replace("GET", "https://jira.example/base/rest/api/2/field", body=body)
        with pytest.raises(InvalidResponseError):
            pull(connect())

    def test_no_connection_is_told_as_such(self, http, connect, clock):
        with pytest.raises(UnavailableError):
            pull(connect())

    def test_a_limit_is_waited_for(self, jira, connect, tools, clock):
        jira.has(tools.issue(1))
        jira.http.replace(
            "GET", "https://jira.example/base/rest/api/2/serverInfo", status=429, headers={"Retry-After": "7"}
        )
        jira.http.get(
            "https://jira.example/base/rest/api/2/serverInfo",
            json={"deploymentType": "Cloud" if jira.cloud else "Server"},
        )
        assert len(pull(connect())) == 1
        assert sum(clock.sleeps) >= 7

    def test_issues_read_over_the_gateway_for_scoped_tokens_are_shown_where_people_see_them(self, http, connect, tools):
        gateway = "https://api.atlassian.com/ex/jira/11"
        tools.jira(http, cloud=True, url=gateway, shown_at="https://acme.atlassian.net").has(tools.issue(1))
        assert [issue.url for issue in pull(connect(url=gateway))] == ["https://acme.atlassian.net/browse/CORE-1"]


@pytest.mark.parametrize("body", ["<html><title>Log in</title></html>", '{"issues": [{"id": "1"', '{"issues": 7}'])
def test_a_page_that_is_no_json_of_jira_is_an_error(jira, connect, body):
    jira.http.post(f"{jira.api}/{'search/jql' if jira.cloud else 'search'}", body=body)
    with pytest.raises(InvalidResponseError):
        pull(connect())


class TestFieldNames:
    def test_are_told_apart_without_regard_to_case(self, jira, connect, tools):
        jira.has(tools.issue(1, customfield_1=3))
        assert [issue.fields for issue in pull(connect("rEaCh"))] == [{"rEaCh": 3}]

    def test_that_do_not_exist_are_refused_with_the_nearest(self, jira, connect):
        with pytest.raises(
            RejectedError, match=r"no field named 'Reech' on jira\.example; there is 'Reach'"
        ) as refused:
            pull(connect("Reech"))
        assert refused.value.tracker == "core"

    def test_like_nothing_there_are_refused_without_a_guess(self, jira, connect):
        with pytest.raises(RejectedError, match=r"no field named 'Zzzzzz' on jira\.example$"):
            pull(connect("Zzzzzz"))

    def test_that_two_fields_share_are_refused_with_their_ids(self, jira, connect):
        with pytest.raises(RejectedError, match=r"2 fields are named 'Twin' .*customfield_3, customfield_4"):
            pull(connect("Twin"))

    def test_can_be_given_by_id(self, jira, connect, tools):
        jira.has(tools.issue(1, customfield_4="b"))
        assert [issue.fields for issue in pull(connect("customfield_4"))] == [{"customfield_4": "b"}]

    def test_of_system_fields_are_read_too(self, jira, connect, tools):
        jira.has(tools.issue(1, priority={"name": "High", "id": "2"}))
        assert [issue.fields for issue in pull(connect("Priority"))] == [{"Priority": "High"}]


class TestBoard:
    def test_its_rank_is_read(self, jira, connect, tools):
        jira.has(tools.issue(1, customfield_10="0|i0001:"), tools.issue(2))
        assert [issue.native_rank for issue in pull(connect(board=12))] == ["0|i0001:", None]

    def test_without_one_no_rank_is_read(self, jira, connect, tools):
        jira.has(tools.issue(1, customfield_10="0|i0001:"))
        assert [issue.native_rank for issue in pull(connect())] == [None]
        assert not [path for path in jira.paths if "board" in path]

    def test_that_is_not_there_is_named(self, jira, connect, tools):
        jira.http.get(f"{tools.url}/rest/agile/1.0/board/13/configuration", status=404, json={})
        with pytest.raises(NotFoundError, match=r"no board 13 on jira\.example"):
            pull(connect(board=13))

    @pytest.mark.parametrize("configuration", [{}, {"ranking": {}}])
    def test_without_a_rank_is_refused(self, jira, connect, tools, configuration):
        jira.http.get(f"{tools.url}/rest/agile/1.0/board/13/configuration", json=configuration)
        with pytest.raises(RejectedError, match=r"board 13 .* is not ordered by rank"):
            pull(connect(board=13))


class TestFetch:
    def test_reads_what_is_there_a_hundred_a_request_and_leaves_out_what_is_gone(self, jira, connect, tools):
        jira.has(*(tools.issue(n) for n in range(1, 251)))
        ids = [str(10000 + n) for n in range(1, 251)]
        found = connect("Reach").fetch([*ids, "99999", ids[0]])
        assert sorted(found) == sorted(ids)
        assert found["10001"].ref.key == "CORE-1"
        assert len(jira.calls) == 2 + 3

    def test_never_asks_the_index_that_lags(self, jira, connect, tools):
        jira.has(tools.issue(1))
        connect().fetch(["10001"])
        assert jira.paths[-1] == ("POST /rest/api/3/issue/bulkfetch" if jira.cloud else "GET /rest/api/2/search")

    @pytest.mark.parametrize("ids", [[], ["1) or project = X"], ["CORE-1"], ["²"]])
    def test_ids_that_are_none_are_not_asked_for(self, jira, connect, ids):
        jira.has()
        assert connect().fetch(ids) == {}
        assert not [path for path in jira.paths if "search" in path or "bulkfetch" in path]

    @only_cloud
    def test_an_issue_jira_could_not_return_is_not_taken_for_gone(self, jira, connect):
        body = {"issues": [], "issueErrors": [{"id": "10001", "errorMessage": "try later"}]}
        jira.http.post(f"{jira.api}/issue/bulkfetch", json=body)
        jira.http.post(f"{jira.api}/search/jql", json={"issues": [], "isLast": True})
        with pytest.raises(UnavailableError, match="10001: try later"):
            connect().fetch(["10001"])

    @only_cloud
    def test_an_issue_that_is_left_out_even_alone_is_searched_for(self, jira, connect, tools):
        body = {"issues": [], "issueErrors": [{"id": "10001", "errorMessage": "too large"}]}
        jira.http.post(f"{jira.api}/issue/bulkfetch", json=body)
        jira.http.post(f"{jira.api}/search/jql", json={"issues": [tools.issue(1)], "isLast": True})
        assert list(connect().fetch(["10001"])) == ["10001"]

    @only_data_center
    def test_a_missing_id_does_not_fail_the_others(self, jira, connect, tools):
        jira.has(tools.issue(1))
        assert list(connect().fetch(["10001", "10002"])) == ["10001"]
        assert jira.calls[-1][2]["validateQuery"] == "false"


def test_the_token_shows_in_no_error(jira, connect, tools):
    jira.http.post(
        f"{jira.api}/{'search/jql' if jira.cloud else 'search'}", status=400, json={"errorMessages": ["bad s3cr3t"]}
    )
    with pytest.raises(RejectedError) as refused:
        pull(connect(email="a@b"))
    assert "s3cr3t" not in f"{refused.value!r} {refused.value.message}"
    assert urlsplit(tools.url).hostname in refused.value.message


def test_a_selection_over_several_projects_is_read_whole_whatever_numbers_its_keys_have(jira, connect, tools):
    """JQL compares ids as the numbers of keys within one project, so that no range of ids is a part of a read."""
    projects = [tools.issue(n) | {"key": f"{'CORE' if n <= 150 else 'WEB'}-{500 - n}"} for n in range(1, 301)]
    jira.has(*projects)
    assert [issue.ref.key for issue in pull(connect())] == [raw["key"] for raw in projects]
