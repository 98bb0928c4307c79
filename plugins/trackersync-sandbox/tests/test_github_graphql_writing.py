"""What each mutation does, and what it refuses."""

from __future__ import annotations

import pytest


def only(answer):
    """The one error of an answer."""
    (error,) = answer["errors"]
    return error


class TestWriting:
    def test_labels_are_added_and_removed_by_delta(self, hub):
        known = hub.ids
        made = hub.mutate(
            "createLabel", "label { id name color }", repositoryId=known["repository"], name="P/0", color="FF0000"
        )
        label = made["data"]["a"]["label"]
        added = hub.mutate("addLabelsToLabelable", "labelable { labels(first: 9) { nodes { name } } } clientMutationId",
            labelableId=known["issues"][1], labelIds=[label["id"]], clientMutationId="mine",
        )["data"]["a"]  # fmt: skip
        assert [one["name"] for one in added["labelable"]["labels"]["nodes"]] == ["bug", "P/0"]
        assert added["clientMutationId"] == "mine"
        hub.mutate(
            "removeLabelsFromLabelable",
            "clientMutationId",
            labelableId=known["issues"][1],
            labelIds=[known["labels"]["bug"]],
        )
        assert [one["name"] for one in hub.get("/repos/acme/web/issues/1")["labels"]] == ["P/0"]

    @pytest.mark.parametrize(
        ("name", "color", "message"),
        [
            ("Bug", "ff0000", "Name has already been taken"),
            (" ", "ff0000", "Name can't be blank"),
            ("new", "red", "Color is invalid"),
        ],
    )
    def test_labels_that_cannot_be_made_are_refused(self, hub, name, color, message):
        error = only(
            hub.mutate("createLabel", "label { id }", repositoryId=hub.ids["repository"], name=name, color=color)
        )
        assert (error["type"], error["message"]) == ("UNPROCESSABLE", message)

    def test_an_issue_is_updated_as_a_whole(self, hub):
        known = hub.ids
        chosen = "issue { title body state stateReason labels(first: 9) { nodes { name } } } actor { login }"
        data = hub.mutate("updateIssue", chosen, id=known["issues"][1], labelIds=[], body="B", state="CLOSED")["data"][
            "a"
        ]
        assert data["issue"] == {
            "title": "Issue 1", "body": "B", "state": "CLOSED", "stateReason": "COMPLETED", "labels": {"nodes": []},
        }  # fmt: skip
        assert data["actor"] == {"login": "sandbox"}

    @pytest.mark.parametrize(
        ("field", "value", "shown"),
        [
            ("Score", {"number": 0}, 0),
            ("Note", {"text": "soon"}, "soon"),
            ("Start", {"date": "2026-05-01"}, "2026-05-01"),
        ],
    )
    def test_a_field_of_an_item_holds_what_was_written(self, hub, field, value, shown):
        hub.mutate("updateProjectV2ItemFieldValue", "projectV2Item { id }", **hub.on_item(field), value=value)
        assert hub.values()[field] == shown
        name, key = {"Score": ("Number", "number"), "Note": ("Text", "text"), "Start": ("Date", "date")}[field]
        value = f"... on ProjectV2ItemField{name}Value {{ {key} }}"
        item = f'... on ProjectV2Item {{ v: fieldValueByName(name: "{field}") {{ {value} }} }}'
        query = f"query($i: ID!) {{ node(id: $i) {{ {item} }} }}"
        assert hub.graphql(query, i=hub.ids["items"][1])["data"]["node"]["v"] == {key: shown}

    def test_an_option_is_written_by_id(self, hub):
        option = hub.ids["options"]["P0"]
        hub.mutate(
            "updateProjectV2ItemFieldValue",
            "clientMutationId",
            **hub.on_item("Priority"),
            value={"singleSelectOptionId": option},
        )
        assert hub.values()["Priority"] == "P0"

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("Score", {"text": "9"}, "Did not receive a number value to update a field of type number"),
            ("Score", {"text": "9", "number": 9}, "Did not receive a number value to update a field of type number"),
            ("Note", {"number": 9}, "Did not receive a text value to update a field of type text"),
            ("Start", {"date": "soon"}, "Did not receive a date value to update a field of type date"),
            (
                "Priority",
                {"text": "P0"},
                "Did not receive a single select option Id to update a field of type single_select",
            ),
            ("Priority", {"singleSelectOptionId": "P0"}, "The single select option Id does not belong to the field"),
            ("Title", {"text": "New"}, "The field of type title is currently not supported."),
        ],
    )
    def test_a_value_a_field_cannot_hold_is_refused(self, hub, field, value, message):
        before = hub.state()
        error = only(hub.mutate("updateProjectV2ItemFieldValue", "clientMutationId", **hub.on_item(field), value=value))
        assert (error["type"], error["message"], error["path"]) == ("VALIDATION", message, ["a"])
        assert hub.state() == before

    def test_clearing_clears_and_twice_is_once(self, hub):
        for _ in range(2):
            hub.mutate("clearProjectV2ItemFieldValue", "projectV2Item { id }", **hub.on_item("Score"))
        assert hub.values() == {"Priority": "P1"}

    def test_items_are_placed_first_or_after_another(self, hub):
        known = hub.ids
        on = {"projectId": known["project"], "itemId": known["items"][2]}
        moved = hub.mutate("updateProjectV2ItemPosition", "items(first: 1) { nodes { id } totalCount }", **on)
        assert moved["data"]["a"]["items"] == {"nodes": [{"id": known["items"][2]}], "totalCount": 2}
        assert hub.order == ["acme/web#2", "acme/web#1"]
        hub.mutate("updateProjectV2ItemPosition", "clientMutationId", **on, afterId=known["items"][1])
        assert hub.order == ["acme/web#1", "acme/web#2"]
        hub.mutate("updateProjectV2ItemPosition", "clientMutationId", **on, afterId=known["items"][2])
        assert hub.order == ["acme/web#1", "acme/web#2"]

    def test_an_issue_is_added_once_and_at_the_end(self, hub):
        known = hub.ids
        given = {"projectId": known["project"], "contentId": known["issues"][3]}
        added = [
            hub.mutate("addProjectV2ItemById", "item { id }", **given)["data"]["a"]["item"]["id"] for _ in range(2)
        ]
        assert added[0] == added[1]
        assert hub.order == ["acme/web#1", "acme/web#2", "acme/web#3"]

    def test_ids_that_do_not_belong_together_are_refused(self, hub):
        other = hub.world.projects["acme", 8]
        score = hub.on_item("Score")
        clear = ("clearProjectV2ItemFieldValue", "clientMutationId")
        foreign = only(hub.mutate(*clear, **{**score, "projectId": other.node_id}))
        assert (foreign["type"], foreign["message"]) == ("VALIDATION", "The item does not exist in the project")
        field = other.field_named("Score").node_id
        assert only(hub.mutate(*clear, **{**score, "fieldId": field}))["type"] == "NOT_FOUND"
        wrong = {"fieldId": score["fieldId"], "numberValue": 1}
        refused = hub.mutate("setIssueFieldValue", "issue { id }", issueId=hub.ids["issues"][1], issueFields=[wrong])
        assert only(refused)["type"] == "NOT_FOUND"

    def test_issue_fields_are_set_together_and_deleted(self, hub):
        known = hub.ids
        impact, weight = known["issue_fields"]["Impact"], known["issue_fields"]["Weight"]
        low = next(option.id for option in impact.options if option.name == "Low")
        chosen = """issueFieldValues { __typename ... on IssueFieldSingleSelectValue { id value optionId
                color description field { __typename } }
                    ... on IssueFieldNumberValue { v: value } }"""
        parts = [
            {"fieldId": impact.node_id, "singleSelectOptionId": low},
            {"fieldId": weight.node_id, "numberValue": 2.5},
        ]
        written = hub.mutate("setIssueFieldValue", chosen, issueId=known["issues"][1], issueFields=parts)["data"]["a"]
        assert [one.get("value", one.get("v")) for one in written["issueFieldValues"]] == ["Low", 2.5]
        listed = hub.get("/repos/acme/web/issues/1")["issue_field_values"]
        assert [(one["issue_field_name"], one["value"]) for one in listed] == [("Impact", "Low"), ("Weight", 2.5)]
        hub.mutate(
            "setIssueFieldValue",
            "issue { id }",
            issueId=known["issues"][1],
            issueFields=[{"fieldId": impact.node_id, "delete": True}],
        )
        assert len(hub.get("/repos/acme/web/issues/1")["issue_field_values"]) == 1

    def test_only_the_item_moves_in_time_when_a_project_field_changes(self, hub):
        item = hub.world.projects["acme", 7].items[0]
        before = (item.updated_at, item.issue.updated_at)
        hub.mutate("updateProjectV2ItemFieldValue", "clientMutationId", **hub.on_item("Score"), value={"number": 1})
        assert item.updated_at > before[0]
        assert item.issue.updated_at == before[1]


class TestComments:
    COMMENTS = """query($i: ID!, $n: Int = 2, $after: String) { node(id: $i) { ... on Issue {
        comments(first: $n, after: $after) { totalCount pageInfo { hasNextPage endCursor }
          nodes { id body viewerDidAuthor author { login } } } } } }"""

    def said(self, hub, body="Rank 1"):
        made = hub.mutate("addComment", "commentEdge { node { id } }", subjectId=hub.ids["issues"][1], body=body)
        return made["data"]["a"]["commentEdge"]["node"]["id"]

    def listed(self, hub, **more):
        return hub.graphql(self.COMMENTS, i=hub.ids["issues"][1], **more)["data"]["node"]["comments"]

    def test_a_comment_is_added_edited_and_deleted(self, hub):
        comment = self.said(hub)
        hub.mutate("updateIssueComment", "issueComment { body }", id=comment, body="Rank 2")
        (only_one,) = self.listed(hub)["nodes"]
        assert only_one == {
            "id": comment, "body": "Rank 2", "viewerDidAuthor": True, "author": {"login": "sandbox"},
        }  # fmt: skip
        assert hub.get("/repos/acme/web/issues/1")["comments"] == 1
        hub.mutate("deleteIssueComment", "clientMutationId", id=comment)
        assert self.listed(hub) == {
            "totalCount": 0, "pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": [],
        }  # fmt: skip
        assert (
            only(hub.mutate("updateIssueComment", "issueComment { body }", id=comment, body="x"))["type"] == "NOT_FOUND"
        )

    @pytest.mark.parametrize(
        ("body", "message"),
        [(" \n", "Body can't be blank"), ("x" * 65537, "Body is too long (maximum is 65536 characters)")],
    )
    def test_a_body_that_cannot_be_is_refused(self, hub, body, message):
        refused = hub.mutate("addComment", "subject { id }", subjectId=hub.ids["issues"][1], body=body)
        assert only(refused)["message"] == message

    def test_they_are_listed_a_page_at_a_time_with_those_that_were_only_counted(self, serving):
        from trackersync_sandbox.github.records import node_id

        api = serving([{"number": 1, "title": "Talked about", "comments": 2}])
        issue = node_id("I", "acme/web", 1)
        given = {"subjectId": issue, "body": "ours"}
        api.graphql("mutation($i: AddCommentInput!) { addComment(input: $i) { clientMutationId } }", i=given)
        first = api.graphql(self.COMMENTS, i=issue)["data"]["node"]["comments"]
        assert (first["totalCount"], [one["viewerDidAuthor"] for one in first["nodes"]]) == (3, [False, False])
        rest = api.graphql(self.COMMENTS, i=issue, after=first["pageInfo"]["endCursor"])["data"]["node"]["comments"]
        assert [one["body"] for one in rest["nodes"]] == ["ours"]

    def test_mail_is_sent_for_a_new_comment_and_for_nothing_else(self, hub):
        comment = self.said(hub)
        hub.mutate("updateIssueComment", "clientMutationId", id=comment, body="Rank 2")
        hub.mutate("updateProjectV2ItemFieldValue", "clientMutationId", **hub.on_item("Score"), value={"number": 1})
        assert hub.http.get("/_sandbox/notifications").json == {"github": 1}

    def test_a_human_edits_deletes_and_remarks(self, hub):
        ref = "github:acme/web#1"
        assert hub.edit(ref, comment="mine").json["error"] == "github:acme/web#1 has no comment of the account's"
        self.said(hub)
        assert hub.edit(ref, remark="Why so?", comment="edited").status_code == 200
        shown = [(one["body"], one["viewerDidAuthor"]) for one in self.listed(hub)["nodes"]]
        assert shown == [("edited", True), ("Why so?", False)]
        hub.edit(ref, comment=None)
        assert [one["body"] for one in self.listed(hub)["nodes"]] == ["Why so?"]


class TestLabels:
    def test_a_label_is_renamed_with_the_issues_that_have_it(self, hub):
        label = hub.ids["labels"]["bug"]
        before = hub.get("/repos/acme/web/issues/1")["updated_at"]
        given = {"name": "Bug", "color": "FF0000", "description": "Broken"}
        told = hub.mutate("updateLabel", "label { name color description }", id=label, **given)["data"]["a"]["label"]
        assert told == {**given, "color": "ff0000"}
        issue = hub.get("/repos/acme/web/issues/1")
        assert ([one["name"] for one in issue["labels"]], issue["updated_at"]) == (["Bug"], before)
        assert hub.get("/repos/acme/web/labels/bug")["description"] == "Broken"

    def test_what_is_not_named_stays(self, hub):
        label = hub.ids["labels"]["bug"]
        hub.mutate("updateLabel", "clientMutationId", id=label, description="Broken")
        assert hub.get("/repos/acme/web/labels/bug")["color"] == "ededed"

    def test_a_name_that_is_taken_is_refused(self, hub):
        hub.mutate("createLabel", "clientMutationId", repositoryId=hub.ids["repository"], name="P/0", color="ededed")
        refused = hub.mutate("updateLabel", "clientMutationId", id=hub.ids["labels"]["bug"], name="p/0")
        assert only(refused)["message"] == "Name has already been taken"

    def test_a_deleted_label_is_on_no_issue(self, hub):
        hub.mutate("deleteLabel", "clientMutationId", id=hub.ids["labels"]["bug"])
        assert hub.get("/repos/acme/web/issues/1")["labels"] == []
        assert hub.get("/repos/acme/web/labels") == []


class TestItems:
    def test_an_issue_is_taken_off_and_comes_back_last_and_empty(self, hub):
        known = hub.ids
        on = {"projectId": known["project"]}
        gone = hub.mutate("deleteProjectV2Item", "deletedItemId", **on, itemId=known["items"][1])
        assert gone["data"]["a"]["deletedItemId"] == known["items"][1]
        assert hub.order == ["acme/web#2"]
        hub.mutate("addProjectV2ItemById", "item { id isArchived }", **on, contentId=known["issues"][1])
        assert (hub.order, hub.values()) == (["acme/web#2", "acme/web#1"], {})

    def test_a_human_takes_it_off_and_puts_it_on(self, hub):
        for on_project, wanted in ((False, ["acme/web#2"]), (True, ["acme/web#2", "acme/web#1"])):
            assert hub.edit("github:acme/web#1", on_project=on_project).status_code == 200
            assert hub.order == wanted
        assert hub.edit("github:acme/web#1", on_project="yes").status_code == 400
