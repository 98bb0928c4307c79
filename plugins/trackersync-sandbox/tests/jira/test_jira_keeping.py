"""Properties and comments, as Jira keeps them for apps and for people."""

import pytest

WORDS = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Hm"}]}]}
MARK = [{"key": "mark", "value": {"n": 1}}]


def api_of(api):
    return "/rest/api/3" if "/rest/api/3" in api.search_path else "/rest/api/2"


def say(api, key, text, **more):
    cloud = api_of(api).endswith("3")
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    body = {"type": "doc", "version": 1, "content": [paragraph]} if cloud else text
    return api("POST", f"{api_of(api)}/issue/{key}/comment", json={"body": body, **more})


def mails(api):
    return api.http.get("/_sandbox/notifications").json["jira"]


class TestProperties:
    def test_are_put_read_listed_and_deleted_without_mail_and_without_an_update(self, either):
        place = f"{api_of(either)}/issue/CORE-2/properties"
        before = either.fields("CORE-2", 2)["updated"]
        assert either("PUT", f"{place}/score", json=7).status_code == 201
        assert either("PUT", f"{place}/score", json=8.5).status_code == 200
        assert either.get(f"{place}/score") == {"key": "score", "value": 8.5}
        assert [each["key"] for each in either.get(place)["keys"]] == ["score"]
        assert either("DELETE", f"{place}/score").status_code == 204
        assert either("DELETE", f"{place}/score").status_code == 404
        assert either("GET", f"{place}/score").status_code == 404
        assert (mails(either), either.fields("CORE-2", 2)["updated"]) == (0, before)

    def test_go_along_with_an_edit_and_not_alone(self, either):
        place = f"{api_of(either)}/issue/CORE-2"
        kept = [{"key": "score", "value": 7}]
        edit = {"fields": {"customfield_10033": 7}, "properties": kept}
        assert either("PUT", place, json={"properties": kept}).status_code == 400
        assert either("PUT", place, json=edit | {"fields": {"customfield_10033": "x"}}).status_code == 400
        assert either.get(f"{place}?properties=score,other")["properties"] == {}
        assert either("PUT", place, json=edit).status_code == 204
        assert either.get(f"{place}?properties=score,other")["properties"] == {"score": 7}

    def test_are_told_by_searches_of_cloud_five_at_most(self, cloud):
        cloud("PUT", "/rest/api/3/issue/CORE-2/properties/score", json=7)
        (found,) = cloud.search("key = CORE-2", fields=["id"], properties=["score"])["issues"]
        assert found["properties"] == {"score": 7}
        asked = {"issueIdsOrKeys": ["CORE-2"], "properties": ["score"]}
        assert cloud("POST", "/rest/api/3/issue/bulkfetch", json=asked).json["issues"][0]["properties"] == {"score": 7}
        many = {"jql": "key = CORE-2", "properties": list("abcdef")}
        assert cloud("POST", "/rest/api/3/search/jql", json=many).status_code == 400

    def test_a_search_of_data_center_tells_none(self, server):
        server("PUT", "/rest/api/2/issue/CORE-2/properties/score", json=7)
        assert "properties" not in server.search("key = CORE-2", properties=["score"])["issues"][0]

    @pytest.mark.parametrize(("key", "value"), [("k" * 256, 1), ("k", "x" * 32768), ("k", None)])
    def test_are_refused_where_they_are_too_long_or_none(self, either, key, value):
        assert either("PUT", f"{api_of(either)}/issue/CORE-2/properties/{key}", json=value).status_code == 400


class TestComments:
    def test_are_added_edited_and_deleted_and_each_is_mailed(self, either):
        watchers = either.fields("CORE-6", 2)["watches"]["watchCount"]
        thread = f"{api_of(either)}/issue/CORE-6/comment"
        added = say(either, "CORE-6", "first")
        number = added.json["id"]
        assert (added.status_code, mails(either)) == (201, watchers)
        body = WORDS if api_of(either).endswith("3") else "Hm"
        assert either("PUT", f"{thread}/{number}", json={"body": body}).json["id"] == number
        assert either.get(f"{thread}/{number}")["body"] == body
        assert either.state["issues"]["CORE-6"]["comments"] == [{"author": "Sandbox", "body": "Hm"}]
        assert either("DELETE", f"{thread}/{number}").status_code == 204
        assert either("GET", f"{thread}/{number}").status_code == 404
        assert (either.get(thread)["total"], mails(either)) == (0, 3 * watchers)

    def test_an_edit_of_one_is_quiet_on_cloud_alone(self, either):
        number = say(either, "CORE-6", "first").json["id"]
        before = mails(either)
        body = WORDS if api_of(either).endswith("3") else "Hm"
        either("PUT", f"{api_of(either)}/issue/CORE-6/comment/{number}?notifyUsers=false", json={"body": body})
        assert (mails(either) == before) == api_of(either).endswith("3")

    def test_their_properties_are_told_by_a_list_alone_and_where_it_is_asked(self, cloud):
        number = say(cloud, "CORE-6", "first", properties=MARK).json["id"]
        plain = cloud("POST", "/rest/api/3/comment/list", json={"ids": [int(number), 4711]}).json["values"]
        told = cloud("POST", "/rest/api/3/comment/list?expand=properties", json={"ids": [int(number)]}).json["values"]
        assert [each["id"] for each in plain] == [number]
        assert "properties" not in plain[0]
        assert told[0]["properties"] == MARK
        assert "properties" not in cloud.get("/rest/api/3/issue/CORE-6/comment")["comments"][0]

    def test_cloud_sends_the_first_few_along_and_pages_hold_the_rest(self, cloud):
        for number in range(25):
            say(cloud, "CORE-6", f"said {number}")
        asked = {"issueIdsOrKeys": ["CORE-6"], "fields": ["comment"]}
        (found,) = cloud("POST", "/rest/api/3/issue/bulkfetch", json=asked).json["issues"]
        along = found["fields"]["comment"]
        assert (len(along["comments"]), along["total"]) == (20, 25)
        page = cloud.get("/rest/api/3/issue/CORE-6/comment?startAt=20&maxResults=3&orderBy=created")
        assert (len(page["comments"]), page["startAt"], page["total"]) == (3, 20, 25)

    def test_other_peoples_cannot_be_touched_and_an_empty_one_cannot_be_made(self, either):
        assert either.edit("CORE-6", remark="why so?").status_code == 200
        (theirs,) = either.get(f"{api_of(either)}/issue/CORE-6/comment")["comments"]
        assert theirs["author"]["displayName"] == "Visitor"
        place = f"{api_of(either)}/issue/CORE-6/comment/{theirs['id']}"
        assert either("DELETE", place).status_code == 400
        assert say(either, "CORE-6", "").status_code == 400

    def test_a_person_edits_and_deletes_that_of_the_account(self, either):
        assert either.edit("CORE-6", comment="mine").status_code == 400
        say(either, "CORE-6", "first")
        assert either.edit("CORE-6", comment="mine").status_code == 200
        assert either.state["issues"]["CORE-6"]["comments"][0]["body"] == "mine"
        assert either.edit("CORE-6", comment=None).status_code == 200
        assert either.state["issues"]["CORE-6"]["comments"] == []
        assert either.edit("CORE-6", remark=" ").status_code == 400

    def test_nobody_comments_without_the_permission(self, serving, new_ticket):
        api = serving(new_ticket(1), lacking=frozenset({"ADD_COMMENTS"}))
        assert say(api, "CORE-1", "first").status_code == 403
