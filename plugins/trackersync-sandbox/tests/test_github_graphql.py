"""GraphQL: the documents the project sends, errors as GitHub gives them, and what each mutation does."""

from __future__ import annotations

import json

import pytest

ISSUES = [
    {"number": n, "title": f"Issue {n}", "labels": ["bug"], "created_at": f"2026-01-0{n}T00:00:00Z"} for n in (1, 2, 3)
]
BOARD = {
    "projects": [
        {
            "owner": "acme",
            "number": 7,
            "title": "Roadmap",
            "fields": [
                {"name": "Score", "type": "number"},
                {"name": "Note", "type": "text"},
                {"name": "Start", "type": "date"},
                {"name": "Priority", "type": "single_select", "options": ["P0", "P1"]},
            ],
            "items": [{"issue": 1, "values": {"Score": 4.5, "Priority": "P1"}}, {"issue": 2}],
        }
    ],
    "issue_fields": [
        {"name": "Impact", "type": "single_select", "options": ["High", "Low"]},
        {"name": "Weight", "type": "number"},
    ],
    "issue_field_values": {"1": {"Impact": "High"}},
    "blocked_by": {"1": [2]},
}


@pytest.fixture
def hub(serving):
    return serving([dict(issue) for issue in ISSUES], BOARD)


def ids(hub):
    """What the mutations below need to name."""
    project = hub.world.projects["acme", 7]
    return {
        "repository": hub.world.repositories["acme/web"].node_id,
        "project": project.node_id,
        "issues": {number: issue.node_id for number, issue in hub.world.repositories["acme/web"].issues.items()},
        "items": {item.issue.number: item.node_id for item in project.items},
        "fields": {field.name: field.node_id for field in project.fields},
        "options": {option.name: option.id for option in project.field_named("Priority").options},
        "issue_fields": {field.name: field for field in hub.world.owners["acme"].issue_fields},
        "labels": {label.name: label.node_id for label in hub.world.repositories["acme/web"].labels.values()},
    }


def only(answer):
    """The one error of an answer."""
    (error,) = answer["errors"]
    return error


def mutate(hub, name, chosen, /, **given):
    """One mutation under the alias `a`."""
    kind = name[0].upper() + name[1:] + "Input"
    return hub.graphql(f"mutation($i: {kind}!) {{ a: {name}(input: $i) {{ {chosen} }} }}", i=given)


def on_item(hub, field, item=1):
    known = ids(hub)
    return {"projectId": known["project"], "itemId": known["items"][item], "fieldId": known["fields"][field]}


def values(hub, number=1):
    return next(item["values"] for item in projects(hub)["acme/7"]["items"] if item["issue"] == f"acme/web#{number}")


def projects(hub):
    return json.loads(hub.state())["github"]["projects"]


def order(hub):
    return [item["issue"] for item in projects(hub)["acme/7"]["items"]]


class TestReferenceDocuments:
    """The documents of the project's reference, as they stand there."""

    @pytest.fixture
    def documents(self, shared_file):
        return json.loads(shared_file("reference/graphql-queries.json").read_bytes())

    def test_a_page_of_issues(self, hub, documents):
        data = hub.graphql(documents["issues"], o="acme", r="web")["data"]
        first = data["repository"]["issues"]["nodes"][0]
        assert first["number"] == 1
        assert first["issueDependenciesSummary"] == {
            "blockedBy": 1, "blocking": 0, "totalBlockedBy": 1, "totalBlocking": 0,
        }  # fmt: skip
        assert first["issueFieldValues"]["nodes"][0]["name"] == "High"
        assert first["projectItems"]["nodes"][0]["s"] == {"number": 4.5}
        assert data["rateLimit"]["cost"] == 7

    def test_the_items_of_a_project_in_order(self, hub, documents):
        items = hub.graphql(documents["items"], p=ids(hub)["project"])["data"]["node"]["items"]["nodes"]
        assert [item["content"]["number"] for item in items] == [1, 2]
        assert items[0]["score"] == {"number": 4.5}
        assert items[0]["tier"]["name"] == "P1"
        assert items[1]["score"] is None

    def test_nodes_that_are_gone_are_null_and_told_one_by_one(self, hub, documents):
        known = ids(hub)["issues"]
        answer = hub.graphql(documents["nodes"], ids=[known[1], "I_gone", known[2]])
        assert [node and node["number"] for node in answer["data"]["nodes"]] == [1, None, 2]
        error = only(answer)
        assert (error["type"], error["path"]) == ("NOT_FOUND", ["nodes", 1])

    def test_one_write_of_every_kind(self, hub, documents):
        known = ids(hub)
        issue = known["issues"][1]
        answer = hub.graphql(
            documents["write"],
            a0={"id": issue, "title": "Renamed"},
            b0={
                "issueId": issue,
                "issueFields": [{"fieldId": known["issue_fields"]["Weight"].node_id, "numberValue": 3}],
            },
            c0={**on_item(hub, "Score"), "value": {"number": 8}},
            d0={"projectId": known["project"], "itemId": known["items"][1], "afterId": known["items"][2]},
            e0={"labelableId": issue, "labelIds": []},
            f0={"labelableId": issue, "labelIds": [known["labels"]["bug"]]},
            g0={"projectId": known["project"], "contentId": known["issues"][3]},
            h0=on_item(hub, "Priority"),
        )
        assert "errors" not in answer
        served = hub.get("/repos/acme/web/issues/1")
        assert (served["title"], served["labels"]) == ("Renamed", [])
        assert order(hub) == ["acme/web#2", "acme/web#1", "acme/web#3"]
        assert values(hub) == {"Score": 8}
        assert hub.requests()["graphql_mutations"] == 8


class TestErrors:
    def test_one_bad_alias_leaves_the_others_standing(self, hub):
        known = ids(hub)
        query = """mutation($a: UpdateIssueInput!, $b: UpdateIssueInput!, $c: UpdateIssueInput!) {
            a: updateIssue(input: $a) { issue { title } }
            b: updateIssue(input: $b) { issue { title } }
            c: updateIssue(input: $c) { issue { title } } }"""
        answer = hub.graphql(
            query,
            a={"id": known["issues"][1], "title": "A"},
            b={"id": "I_gone", "title": "B"},
            c={"id": known["issues"][2], "title": "C"},
        )
        assert answer["data"] == {"a": {"issue": {"title": "A"}}, "b": None, "c": {"issue": {"title": "C"}}}
        error = only(answer)
        assert (error["type"], error["path"]) == ("NOT_FOUND", ["b"])
        assert error["message"] == "Could not resolve to a node with the global id of 'I_gone'"

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ('{ repository(owner: "acme", name: "no") { id } }', "Could not resolve to a Repository with the name 'acme/no'."),
            ('{ organization(login: "no") { id } }', "Could not resolve to an Organization with the login of 'no'."),
            ('{ user(login: "acme") { id } }', "Could not resolve to a User with the login of 'acme'."),
            ('{ organization(login: "acme") { projectV2(number: 9) { id } } }', "Could not resolve to a ProjectV2 with the number 9."),
            ('{ repository(owner: "acme", name: "web") { issue(number: 99) { id } } }', "Could not resolve to an Issue with the number of 99."),
            ('{ node(id: "x") { id } }', "Could not resolve to a node with the global id of 'x'"),
        ],
    )  # fmt: skip
    def test_what_is_not_there_is_told_in_githubs_words(self, hub, query, message):
        error = only(hub.graphql(query))
        assert (error["type"], error["message"]) == ("NOT_FOUND", message)

    @pytest.mark.parametrize(
        ("arguments", "kind"),
        [
            ("(first: 101)", "EXCESSIVE_PAGINATION"),
            ("(first: -1)", "INVALID_PAGINATION"),
            ("", "MISSING_PAGINATION_BOUNDARIES"),
            ('(first: 1, after: "%")', "INVALID_CURSOR_ARGUMENTS"),
        ],
    )
    def test_pages_have_bounds(self, hub, arguments, kind):
        query = f'{{ repository(owner: "acme", name: "web") {{ issues{arguments} {{ nodes {{ id }} }} }} }}'
        assert only(hub.graphql(query))["type"] == kind

    def test_a_count_needs_no_page(self, hub):
        query = '{ repository(owner: "acme", name: "web") { issues { totalCount } } }'
        assert hub.graphql(query)["data"]["repository"]["issues"] == {"totalCount": 3}

    def test_documents_that_are_none_are_answered_with_200(self, hub):
        assert "Syntax Error" in only(hub.graphql("{"))["message"]
        assert "nowhere" in only(hub.graphql("{ nowhere }"))["message"]
        assert "operation" in only(hub.graphql("query A { viewer { id } } query B { viewer { id } }"))["message"]

    def test_a_body_without_a_query_is_a_bad_request(self, hub):
        answer = hub("POST", "/graphql", json={"q": 1})
        assert answer.status_code == 400
        assert answer.json["message"] == "A query attribute must be specified and must be a string."


class TestReading:
    def test_cursors_lead_through_every_page_once(self, hub):
        query = """query($c: String) { repository(owner: "acme", name: "web") {
            issues(first: 2, after: $c, orderBy: {field: UPDATED_AT, direction: DESC}) {
                nodes { number } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } } }"""
        first = hub.graphql(query)["data"]["repository"]["issues"]
        second = hub.graphql(query, c=first["pageInfo"]["endCursor"])["data"]["repository"]["issues"]
        assert [node["number"] for node in first["nodes"] + second["nodes"]] == [3, 2, 1]
        assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
        assert second["pageInfo"]["hasPreviousPage"]
        assert first["edges"][1]["cursor"] == first["pageInfo"]["endCursor"]

    @pytest.mark.parametrize(
        ("filters", "numbers"),
        [
            ("states: [OPEN]", [1, 2]),
            ('labels: ["wontfix"]', [3]),
            ('filterBy: {since: "2026-02-02T00:00:00Z"}', [3]),
            ('filterBy: {assignee: "mona"}', [2]),
            ('filterBy: {assignee: "*"}', [2]),
            ('filterBy: {createdBy: "hubot"}', [1]),
        ],
    )
    def test_issues_can_be_filtered(self, serving, filters, numbers):
        hub = serving(
            [
                {"number": 1, "title": "", "user": "hubot", "created_at": "2026-01-01T00:00:00Z"},
                {"number": 2, "title": "", "assignees": ["mona"], "created_at": "2026-02-01T00:00:00Z"},
                {
                    "number": 3,
                    "title": "",
                    "state": "closed",
                    "labels": ["wontfix"],
                    "created_at": "2026-03-01T00:00:00Z",
                },
                {"number": 4, "title": "", "pull_request": {"merged_at": None}},
            ]
        )
        query = (
            f'{{ repository(owner: "acme", name: "web") {{ issues(first: 9, {filters}) {{ nodes {{ number }} }} }} }}'
        )
        found = hub.graphql(query)["data"]["repository"]["issues"]["nodes"]
        assert [node["number"] for node in found] == numbers

    def test_fields_and_options_of_a_project(self, hub):
        query = """{ repositoryOwner(login: "acme") { ... on Organization { projectV2(number: 7) { title fields(first: 100) {
            nodes { __typename ... on ProjectV2FieldCommon { name dataType }
                    ... on ProjectV2SingleSelectField { options { name } p: options(names: ["P1"]) { name } } } } } } } }"""
        project = hub.graphql(query)["data"]["repositoryOwner"]["projectV2"]
        fields = {field["name"]: field for field in project["fields"]["nodes"]}
        assert fields["Title"]["dataType"] == "TITLE"
        assert fields["Score"] == {"__typename": "ProjectV2Field", "name": "Score", "dataType": "NUMBER"}
        assert fields["Priority"]["options"] == [{"name": "P0"}, {"name": "P1"}]
        assert fields["Priority"]["p"] == [{"name": "P1"}]

    def test_items_show_every_value_they_have(self, hub):
        query = """query($p: ID!) { node(id: $p) { ... on ProjectV2 { items(first: 1) { nodes { type project { number }
            fieldValues(first: 20) { nodes { __typename ... on ProjectV2ItemFieldValueCommon { id updatedAt field {
            ... on ProjectV2FieldCommon { name } } item { id } } } } nothing: fieldValueByName(name: "No such") { __typename }
            title: fieldValueByName(name: "title") { ... on ProjectV2ItemFieldTextValue { text } } } } } } }"""
        (item,) = hub.graphql(query, p=ids(hub)["project"])["data"]["node"]["items"]["nodes"]
        assert [value["field"]["name"] for value in item["fieldValues"]["nodes"]] == ["Title", "Score", "Priority"]
        assert item["title"] == {"text": "Issue 1"}
        assert item["nothing"] is None
        assert (item["type"], item["project"]) == ("ISSUE", {"number": 7})

    def test_items_can_be_listed_backwards_and_none_is_archived(self, hub):
        query = """query($p: ID!) { node(id: $p) { ... on ProjectV2 {
            back: items(first: 9, orderBy: {field: POSITION, direction: DESC}) { nodes { content { ... on Issue { number } } } }
            archived: items(first: 9, archivedStates: [ARCHIVED]) { totalCount } } } }"""
        data = hub.graphql(query, p=ids(hub)["project"])["data"]["node"]
        assert [item["content"]["number"] for item in data["back"]["nodes"]] == [2, 1]
        assert data["archived"] == {"totalCount": 0}

    def test_labels_are_found_by_a_part_of_their_name_and_by_name(self, hub):
        query = """{ repository(owner: "ACME", name: "Web") { labels(first: 9, query: "BU") { nodes { name url } }
            label(name: "Bug") { name isDefault } none: label(name: "x") { id } } }"""
        found = hub.graphql(query)["data"]["repository"]
        assert found["labels"]["nodes"] == [{"name": "bug", "url": "http://localhost/github/acme/web/labels/bug"}]
        assert found["label"] == {"name": "bug", "isDefault": False}
        assert found["none"] is None

    def test_owners_have_projects_repositories_and_issue_fields(self, hub):
        query = """{ organization(login: "acme") { url avatarUrl resourcePath databaseId repository(name: "web") { nameWithOwner }
              projectsV2(first: 5) { nodes { number url fullDatabaseId owner { id } } }
              issueFields(first: 5) { nodes { ... on IssueFieldCommon { name dataType visibility fullDatabaseId }
                ... on IssueFieldSingleSelect { options { name id databaseId fullDatabaseId priority } } } } }
            repositoryOwner(login: "nobody") { id } viewer { login projectsV2(first: 1) { totalCount } } }"""
        data = hub.graphql(query)["data"]
        assert data["organization"]["repository"] == {"nameWithOwner": "acme/web"}
        assert data["organization"]["projectsV2"]["nodes"][0]["number"] == 7
        assert [field["name"] for field in data["organization"]["issueFields"]["nodes"]] == ["Impact", "Weight"]
        assert data["repositoryOwner"] is None
        assert data["viewer"] == {"login": "sandbox", "projectsV2": {"totalCount": 0}}

    def test_everything_else_of_an_issue_can_be_read(self, serving):
        hub = serving(
            [
                {"number": 1, "title": "Whole", "sub_issues_summary": {"total": 9}, "type": {"name": "Bug", "color": "red"},
                 "milestone": {"number": 4, "title": "May", "due_on": "2026-05-31T00:00:00Z"}},
                {"number": 2, "title": "Part", "state": "closed", "state_reason": "completed", "user": "mona",
                 "parent_issue_url": "https://api.github.com/repos/acme/web/issues/1"},
                {"number": 3, "title": "Pull", "draft": True, "state": "closed",
                 "pull_request": {"merged_at": "2026-01-01T00:00:00Z"}},
            ]
        )  # fmt: skip
        query = """query($pull: ID!) { repository(owner: "acme", name: "web") { databaseId isPrivate isArchived hasIssuesEnabled
            viewerPermission viewerCanAdminister url owner { login } issueFields(first: 1) { totalCount }
            projectV2(number: 1) { title closed public viewerCanUpdate databaseId updatedAt field(name: "score") { __typename } }
            projectsV2(first: 1) { totalCount }
            whole: issue(number: 1) { subIssuesSummary { total completed percentCompleted } subIssues(first: 5) { nodes { number } }
              milestone { title number state url dueOn } issueType { name isEnabled } bodyText authorAssociation resourcePath
              viewerCanUpdate viewerCanLabel projectsV2(first: 1) { totalCount } projectV2(number: 1) { number } closed databaseId }
            part: issue(number: 2) { parent { number } state stateReason author { login avatarUrl url resourcePath } } }
            node(id: $pull) { ... on PullRequest { number merged isDraft state url closed } } user(login: "mona") { login } }"""
        pull = hub.world.repositories["acme/web"].issues[3].node_id
        data = hub.graphql(query, pull=pull)["data"]
        whole, part = data["repository"]["whole"], data["repository"]["part"]
        assert whole["subIssuesSummary"] == {"total": 1, "completed": 1, "percentCompleted": 100}
        assert whole["subIssues"]["nodes"] == [{"number": 2}]
        assert whole["milestone"]["url"].endswith("/github/acme/web/milestone/4")
        assert (part["parent"], part["state"], part["stateReason"]) == ({"number": 1}, "CLOSED", "COMPLETED")
        assert data["node"] == {
            "number": 3, "merged": True, "isDraft": True, "state": "MERGED", "closed": True,
            "url": "http://localhost/github/acme/web/pull/3",
        }  # fmt: skip
        assert data["user"] == {"login": "mona"}


class TestWriting:
    def test_labels_are_added_and_removed_by_delta(self, hub):
        known = ids(hub)
        made = mutate(
            hub, "createLabel", "label { id name color }", repositoryId=known["repository"], name="P/0", color="FF0000"
        )
        label = made["data"]["a"]["label"]
        added = mutate(
            hub, "addLabelsToLabelable", "labelable { labels(first: 9) { nodes { name } } } clientMutationId",
            labelableId=known["issues"][1], labelIds=[label["id"]], clientMutationId="mine",
        )["data"]["a"]  # fmt: skip
        assert [one["name"] for one in added["labelable"]["labels"]["nodes"]] == ["bug", "P/0"]
        assert added["clientMutationId"] == "mine"
        mutate(
            hub,
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
            mutate(hub, "createLabel", "label { id }", repositoryId=ids(hub)["repository"], name=name, color=color)
        )
        assert (error["type"], error["message"]) == ("UNPROCESSABLE", message)

    def test_an_issue_is_updated_as_a_whole(self, hub):
        known = ids(hub)
        chosen = "issue { title body state stateReason labels(first: 9) { nodes { name } } } actor { login }"
        data = mutate(hub, "updateIssue", chosen, id=known["issues"][1], labelIds=[], body="B", state="CLOSED")["data"][
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
        mutate(hub, "updateProjectV2ItemFieldValue", "projectV2Item { id }", **on_item(hub, field), value=value)
        assert values(hub)[field] == shown
        name, key = {"Score": ("Number", "number"), "Note": ("Text", "text"), "Start": ("Date", "date")}[field]
        query = f'query($i: ID!) {{ node(id: $i) {{ ... on ProjectV2Item {{ v: fieldValueByName(name: "{field}") {{ ... on ProjectV2ItemField{name}Value {{ {key} }} }} }} }} }}'  # noqa: E501
        assert hub.graphql(query, i=ids(hub)["items"][1])["data"]["node"]["v"] == {key: shown}

    def test_an_option_is_written_by_id(self, hub):
        option = ids(hub)["options"]["P0"]
        mutate(
            hub,
            "updateProjectV2ItemFieldValue",
            "clientMutationId",
            **on_item(hub, "Priority"),
            value={"singleSelectOptionId": option},
        )
        assert values(hub)["Priority"] == "P0"

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
        error = only(
            mutate(hub, "updateProjectV2ItemFieldValue", "clientMutationId", **on_item(hub, field), value=value)
        )
        assert (error["type"], error["message"], error["path"]) == ("VALIDATION", message, ["a"])
        assert hub.state() == before

    def test_clearing_clears_and_twice_is_once(self, hub):
        for _ in range(2):
            mutate(hub, "clearProjectV2ItemFieldValue", "projectV2Item { id }", **on_item(hub, "Score"))
        assert values(hub) == {"Priority": "P1"}

    def test_items_are_placed_first_or_after_another(self, hub):
        known = ids(hub)
        on = {"projectId": known["project"], "itemId": known["items"][2]}
        moved = mutate(hub, "updateProjectV2ItemPosition", "items(first: 1) { nodes { id } totalCount }", **on)
        assert moved["data"]["a"]["items"] == {"nodes": [{"id": known["items"][2]}], "totalCount": 2}
        assert order(hub) == ["acme/web#2", "acme/web#1"]
        mutate(hub, "updateProjectV2ItemPosition", "clientMutationId", **on, afterId=known["items"][1])
        assert order(hub) == ["acme/web#1", "acme/web#2"]
        mutate(hub, "updateProjectV2ItemPosition", "clientMutationId", **on, afterId=known["items"][2])
        assert order(hub) == ["acme/web#1", "acme/web#2"]

    def test_an_issue_is_added_once_and_at_the_end(self, hub):
        known = ids(hub)
        given = {"projectId": known["project"], "contentId": known["issues"][3]}
        added = [
            mutate(hub, "addProjectV2ItemById", "item { id }", **given)["data"]["a"]["item"]["id"] for _ in range(2)
        ]
        assert added[0] == added[1]
        assert order(hub) == ["acme/web#1", "acme/web#2", "acme/web#3"]

    def test_ids_that_do_not_belong_together_are_refused(self, serving):
        board = {**BOARD, "projects": [*BOARD["projects"], {**BOARD["projects"][0], "number": 8}]}
        hub = serving([dict(issue) for issue in ISSUES], board)
        other = hub.world.projects["acme", 8]
        foreign = only(
            mutate(
                hub,
                "clearProjectV2ItemFieldValue",
                "clientMutationId",
                **{**on_item(hub, "Score"), "projectId": other.node_id},
            )
        )
        assert foreign["message"] == "The item does not exist in the project"
        field = {**on_item(hub, "Score"), "fieldId": other.field_named("Score").node_id}
        assert only(mutate(hub, "clearProjectV2ItemFieldValue", "clientMutationId", **field))["type"] == "NOT_FOUND"
        wrong = {
            "issueId": ids(hub)["issues"][1],
            "issueFields": [{"fieldId": ids(hub)["fields"]["Score"], "numberValue": 1}],
        }
        assert only(mutate(hub, "setIssueFieldValue", "issue { id }", **wrong))["type"] == "NOT_FOUND"

    def test_issue_fields_are_set_together_and_deleted(self, hub):
        known = ids(hub)
        impact, weight = known["issue_fields"]["Impact"], known["issue_fields"]["Weight"]
        low = next(option.id for option in impact.options if option.name == "Low")
        chosen = """issueFieldValues { __typename ... on IssueFieldSingleSelectValue { id value optionId color description field { __typename } }
                    ... on IssueFieldNumberValue { v: value } }"""
        parts = [
            {"fieldId": impact.node_id, "singleSelectOptionId": low},
            {"fieldId": weight.node_id, "numberValue": 2.5},
        ]
        written = mutate(hub, "setIssueFieldValue", chosen, issueId=known["issues"][1], issueFields=parts)["data"]["a"]
        assert [one.get("value", one.get("v")) for one in written["issueFieldValues"]] == ["Low", 2.5]
        listed = hub.get("/repos/acme/web/issues/1")["issue_field_values"]
        assert [(one["issue_field_name"], one["value"]) for one in listed] == [("Impact", "Low"), ("Weight", 2.5)]
        mutate(
            hub,
            "setIssueFieldValue",
            "issue { id }",
            issueId=known["issues"][1],
            issueFields=[{"fieldId": impact.node_id, "delete": True}],
        )
        assert len(hub.get("/repos/acme/web/issues/1")["issue_field_values"]) == 1

    def test_only_the_item_moves_in_time_when_a_project_field_changes(self, hub):
        item = hub.world.projects["acme", 7].items[0]
        before = (item.updated_at, item.issue.updated_at)
        mutate(hub, "updateProjectV2ItemFieldValue", "clientMutationId", **on_item(hub, "Score"), value={"number": 1})
        assert item.updated_at > before[0]
        assert item.issue.updated_at == before[1]


class TestPrice:
    def test_a_dry_run_tells_the_price_and_does_nothing_else(self, hub):
        query = """query Q($n: Int = 100) { rateLimit(dryRun: true) { cost nodeCount }
            repository(owner: "acme", name: "web") { issues(first: $n) { nodes { ...part } } } }
            fragment part on Issue { ... { labels(first: 10) { nodes { id } } assignees(first: 10) { nodes { id } } } }"""
        answer = hub.graphql(query, n=100)
        assert answer == {"data": {"rateLimit": {"cost": 2, "nodeCount": 2100}}}

    def test_points_are_spent_from_the_budget_of_graphql(self, hub):
        left = [
            hub.graphql("{ rateLimit { remaining limit used resetAt } }")["data"]["rateLimit"]["remaining"]
            for _ in range(2)
        ]
        assert left[0] - left[1] == 1
        headers = hub("POST", "/graphql", json={"query": "{ viewer { id } }"}).headers
        assert headers["X-RateLimit-Resource"] == "graphql"
        assert int(headers["X-RateLimit-Remaining"]) == left[1] - 1
