from itertools import chain

import pytest

from trackersync_sandbox.jira import finder

REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."


@pytest.fixture
def many(serving, new_ticket):
    return serving(*(new_ticket(n, created="2026-01-01T00:00:00.000+0000", updated="2026-01-01T00:00:00.000+0000")
                     for n in range(1, 1206)))  # fmt: skip


@pytest.fixture
def many_on_premise(serving, new_ticket):
    return serving(*(new_ticket(n, created="2026-01-01T00:00:00.000+0000", updated="2026-01-01T00:00:00.000+0000")
                     for n in range(1, 1206)), deployment="data_center")  # fmt: skip


def pages(api, jql, **more):
    found, token = [], {}
    while True:
        page = api.search(jql, **more, **token)
        found.append([issue["id"] for issue in page["issues"]])
        if page["isLast"]:
            assert "nextPageToken" not in page
            return found
        token = {"nextPageToken": page["nextPageToken"]}


class TestCloud:
    def test_pages_of_whole_issues_hold_a_hundred_at_most_and_every_issue_once(self, many):
        found = pages(many, "project = CORE ORDER BY id", maxResults=5000)
        assert [len(page) for page in found] == [100] * 12 + [5]
        assert list(chain(*found)) == [str(10000 + n) for n in range(1, 1206)]

    def test_pages_of_ids_or_keys_hold_thousands(self, many):
        assert [len(page) for page in pages(many, "project = CORE", fields=["id"], maxResults=1000)] == [1000, 205]
        assert [len(page) for page in pages(many, "project = CORE", fields=["key"], maxResults=5000)] == [1205]

    def test_a_page_of_ids_or_keys_holds_five_thousand_and_no_more(self, serving, new_ticket):
        time = "2026-01-01T00:00:00.000+0000"
        api = serving(*(new_ticket(n, created=time, updated=time) for n in range(1, 5002)))
        for field in ("id", "key"):
            found = pages(api, "project = CORE ORDER BY id", fields=[field], maxResults=9999)
            assert [len(page) for page in found] == [5000, 1]
            assert len(set(chain(*found))) == 5001

    def test_a_page_holds_fifty_where_nothing_is_said_and_only_ids(self, many):
        page = many("POST", "/rest/api/3/search/jql", json={"jql": "project = CORE ORDER BY id"}).json
        assert len(page["issues"]) == 50
        assert page["issues"][0] == {"id": "10001"}
        assert set(page) == {"issues", "isLast", "nextPageToken"}

    def test_the_same_by_get(self, many):
        query = {"jql": "project = CORE ORDER BY id", "maxResults": "2", "fields": ["summary,status", "key"]}
        first = many.get("/rest/api/2/search/jql", query_string=query)
        second = many.get("/rest/api/2/search/jql", query_string=query | {"nextPageToken": first["nextPageToken"]})
        assert [issue["key"] for issue in second["issues"]] == ["CORE-3", "CORE-4"]
        assert set(second["issues"][0]["fields"]) == {"summary", "status"}

    def test_a_result_stands_while_it_is_read_and_shows_issues_as_they_are(self, many):
        jql = "summary ~ Issue ORDER BY id"
        first = many.search(jql, maxResults=100)
        many.put("CORE-150", fields={"summary": "Renamed"})
        second = many.search(jql, maxResults=100, nextPageToken=first["nextPageToken"])
        assert len(second["issues"]) == 100
        assert second["issues"][49]["fields"]["summary"] == "Renamed"

    def test_a_token_can_be_used_again_but_not_for_another_query(self, many):
        token = many.search("project = CORE", maxResults=1)["nextPageToken"]
        again = [many.search("project = CORE", maxResults=1, nextPageToken=token)["issues"] for _ in range(2)]
        assert again[0] == again[1]
        for jql, wrong in (("key = CORE-1", token), ("project = CORE", "x"), ("project = CORE", "eHg6eA==")):
            answer = many("POST", "/rest/api/3/search/jql", json={"jql": jql, "nextPageToken": wrong})
            assert answer.json["errorMessages"] == ["The provided next page token is invalid or expired."]

    def test_only_so_many_results_are_kept(self, many):
        tokens = [many.search("project = CORE", maxResults=1)["nextPageToken"] for _ in range(finder._KEPT + 1)]
        body = {"jql": "project = CORE", "nextPageToken": tokens[0]}
        assert many("POST", "/rest/api/3/search/jql", json=body).status_code == 400
        assert many.search("project = CORE", nextPageToken=tokens[-1])["issues"]

    @pytest.mark.parametrize("jql", ["", "ORDER BY key DESC", None])
    def test_a_search_without_a_restriction_is_refused(self, cloud, jql):
        body = {} if jql is None else {"jql": jql}
        for path in ("search/jql", "search/approximate-count"):
            answer = cloud("POST", f"/rest/api/3/{path}", json=body)
            assert (answer.status_code, answer.json) == (400, {"errorMessages": [UNBOUNDED], "errors": {}})

    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("version", [2, 3])
    def test_the_old_search_is_gone(self, cloud, method, version):
        answer = cloud(method, f"/rest/api/{version}/search", json={"jql": "project = CORE"})
        assert (answer.status_code, answer.json) == (410, {"errorMessages": [REMOVED], "errors": {}})

    def test_the_count_is_that_of_the_search(self, cloud):
        count = cloud("POST", "/rest/api/3/search/approximate-count", json={"jql": "statusCategory != Done"}).json
        assert count == {"count": len(cloud.keys("statusCategory != Done"))} == {"count": 26}

    @pytest.mark.parametrize(
        "body",
        [b'{"jql": "id = 10001", "startAt": 0}', b'{"jql": 7}', b'{"jql": "id = 10001", "maxResults": "x"}', b"[]"],
    )
    def test_a_body_of_another_shape_is_refused(self, cloud, body):
        answer = cloud("POST", "/rest/api/3/search/jql", data=body)
        assert answer.status_code == 400
        assert answer.json["errorMessages"][0].startswith("Invalid request payload.")

    @pytest.mark.parametrize("body", [b"", b"{", b'{"jql": "\xff"}'])
    def test_a_body_that_is_no_json_is_refused(self, cloud, body):
        answer = cloud("POST", "/rest/api/3/search/jql", data=body)
        assert answer.json["errorMessages"] == [
            "There was an error parsing JSON. Check that your request body is valid."
        ]

    def test_a_page_of_nothing_and_odd_parameters_are_refused(self, cloud):
        assert cloud("POST", "/rest/api/3/search/jql", json={"jql": "id = 10001", "maxResults": 0}).status_code == 400
        assert cloud("GET", "/rest/api/3/search/jql?jql=id=10001&maxResults=x").status_code == 400

    def test_bulk_fetch_gives_what_there_is_in_order_of_ids(self, cloud):
        asked = {"issueIdsOrKeys": ["CORE-3", "10001", "core-1", "CORE-99", "nonsense"], "fields": ["summary"]}
        found = cloud("POST", "/rest/api/3/issue/bulkfetch", json=asked).json
        assert [issue["key"] for issue in found["issues"]] == ["CORE-1", "CORE-3"]
        assert found["issueErrors"] == []
        assert set(found["issues"][0]["fields"]) == {"summary"}

    def test_bulk_fetch_gives_navigable_fields_where_none_are_named(self, cloud):
        found = cloud("POST", "/rest/api/3/issue/bulkfetch", json={"issueIdsOrKeys": ["CORE-3"]}).json["issues"][0]
        assert {"summary", "status", "customfield_10016"} <= set(found["fields"])
        assert "comment" not in found["fields"]

    @pytest.mark.parametrize("count", [0, 101])
    def test_bulk_fetch_takes_a_hundred_at_most(self, cloud, count):
        asked = {"issueIdsOrKeys": [f"CORE-{n}" for n in range(count)]}
        assert cloud("POST", "/rest/api/3/issue/bulkfetch", json=asked).status_code == 400


class TestDataCenter:
    def test_pages_go_by_offset_and_tell_the_total(self, many_on_premise):
        api, found = many_on_premise, []
        for start in (0, 1000):
            page = api.search("project = CORE ORDER BY id", startAt=start, maxResults=5000)
            assert (page["startAt"], page["maxResults"], page["total"]) == (start, 1000, 1205)
            found += [issue["id"] for issue in page["issues"]]
        assert found == [str(10000 + n) for n in range(1, 1206)]

    def test_the_same_by_get_with_navigable_fields(self, server):
        query = {"jql": "ORDER BY id", "startAt": "1", "maxResults": "1"}
        (found,) = server.get("/rest/api/2/search", query_string=query)["issues"]
        assert found["key"] == "CORE-2"
        assert isinstance(found["fields"]["description"], str)
        assert "comment" not in found["fields"]

    def test_offsets_shift_when_issues_change(self, many_on_premise):
        api, jql = many_on_premise, "summary ~ Issue ORDER BY id"
        api.search(jql, maxResults=100)
        api.edit("CORE-1", title="Renamed")
        assert api.search(jql, startAt=100, maxResults=1)["issues"][0]["key"] == "CORE-102"

    def test_all_are_meant_where_nothing_is_said(self, server):
        assert server.search("", maxResults=-1)["total"] == 28

    def test_a_negative_offset_is_refused(self, server):
        assert server("POST", "/rest/api/2/search", json={"jql": "", "startAt": -1}).status_code == 400

    @pytest.mark.parametrize(
        "path",
        ["/rest/api/2/search/jql", "/rest/api/3/search/jql", "/rest/api/2/issue/bulkfetch", "/rest/api/3/myself"],
    )
    def test_what_only_cloud_has_is_not_there(self, server, path):
        answer = server("POST" if "myself" not in path else "GET", path, json={"jql": "project = CORE"})
        assert answer.status_code == 404
        assert answer.json == {"message": f"null for uri: http://localhost/jira{path}", "status-code": 404}


class TestFields:
    @pytest.mark.parametrize(
        ("asked", "has", "lacks"),
        [
            (["*all"], {"comment", "summary", "customfield_10019"}, {"issuekey"}),
            (["*all,-comment"], {"summary"}, {"comment"}),
            (["-summary"], {"comment", "status"}, {"summary"}),
            (["*navigable", "-status"], {"summary"}, {"comment", "status"}),
            (["summary", "nonsense"], {"summary"}, {"nonsense", "status"}),
        ],
    )
    def test_fields_are_those_asked_for(self, cloud, asked, has, lacks):
        (found,) = cloud.search("key = CORE-1", fields=asked)["issues"]
        assert has <= set(found["fields"])
        assert not lacks & set(found["fields"])

    def test_without_fields_there_are_none(self, cloud):
        (found,) = cloud.search("key = CORE-1", fields=["key", "id"])["issues"]
        assert set(found) == {"expand", "id", "self", "key"}

    def test_what_is_empty_is_null(self, cloud):
        (found,) = cloud.search("key = CORE-26", fields=["assignee", "customfield_10030", "parent", "votes"])["issues"]
        assert found["fields"] == {
            "assignee": None,
            "customfield_10030": None,
            "parent": None,
            "votes": {"self": "http://localhost/jira/rest/api/3/issue/CORE-26/votes", "votes": 3, "hasVoted": False},
        }
