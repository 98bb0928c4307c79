"""What can be read by GraphQL."""

from __future__ import annotations

import pytest


class TestReading:
    def test_cursors_lead_through_every_page_once(self, hub):
        query = """query($c: String) { repository(owner: "acme", name: "web") {
            issues(first: 2, after: $c, orderBy: {field: UPDATED_AT, direction: DESC}) {
                nodes { number } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor
                startCursor } } } }"""
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
        query = """{ repositoryOwner(login: "acme") { ... on Organization { projectV2(number: 7) { title
            fields(first: 100) {
            nodes { __typename ... on ProjectV2FieldCommon { name dataType }
                    ... on ProjectV2SingleSelectField { options { name }
                    p: options(names: ["P1"]) { name } } } } } } } }"""
        project = hub.graphql(query)["data"]["repositoryOwner"]["projectV2"]
        fields = {field["name"]: field for field in project["fields"]["nodes"]}
        assert fields["Title"]["dataType"] == "TITLE"
        assert fields["Score"] == {"__typename": "ProjectV2Field", "name": "Score", "dataType": "NUMBER"}
        assert fields["Priority"]["options"] == [{"name": "P0"}, {"name": "P1"}]
        assert fields["Priority"]["p"] == [{"name": "P1"}]

    def test_items_show_every_value_they_have(self, hub):
        query = """query($p: ID!) { node(id: $p) { ... on ProjectV2 { items(first: 1) { nodes { type project { number }
            fieldValues(first: 20) { nodes { __typename ... on ProjectV2ItemFieldValueCommon { id updatedAt field {
            ... on ProjectV2FieldCommon { name } } item { id } } } }
            nothing: fieldValueByName(name: "No such") { __typename }
            title: fieldValueByName(name: "title") { ... on ProjectV2ItemFieldTextValue { text } } } } } } }"""
        (item,) = hub.graphql(query, p=hub.ids["project"])["data"]["node"]["items"]["nodes"]
        assert [value["field"]["name"] for value in item["fieldValues"]["nodes"]] == ["Title", "Score", "Priority"]
        assert item["title"] == {"text": "Issue 1"}
        assert item["nothing"] is None
        assert (item["type"], item["project"]) == ("ISSUE", {"number": 7})

    def test_items_can_be_listed_backwards_and_none_is_archived(self, hub):
        query = """query($p: ID!) { node(id: $p) { ... on ProjectV2 {
            back: items(first: 9, orderBy: {field: POSITION, direction: DESC}) {
                nodes { content { ... on Issue { number } } } }
            archived: items(first: 9, archivedStates: [ARCHIVED]) { totalCount } } } }"""
        data = hub.graphql(query, p=hub.ids["project"])["data"]["node"]
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
        query = """{ organization(login: "acme") { url avatarUrl resourcePath databaseId
              repository(name: "web") { nameWithOwner }
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

    def test_projects_and_the_issue_fields_of_a_repository_are_told_in_one_answer(self, hub):
        query = """query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
              issueFields(first: 100) { nodes { __typename ... on Node { id }
                ... on IssueFieldCommon { name dataType }
                ... on IssueFieldSingleSelect { options { name } } } } }
            repositoryOwner(login: $owner) { ... on ProjectV2Owner {
              projectsV2(first: 50) { nodes { number title closed } } } } }"""
        data = hub.graphql(query, owner="acme", name="web")["data"]
        known = hub.ids["issue_fields"]
        assert data["repository"]["issueFields"]["nodes"] == [
            {"__typename": "IssueFieldSingleSelect", "id": known["Impact"].node_id, "name": "Impact",
             "dataType": "SINGLE_SELECT", "options": [{"name": "High"}, {"name": "Low"}]},
            {"__typename": "IssueFieldNumber", "id": known["Weight"].node_id, "name": "Weight", "dataType": "NUMBER"},
        ]  # fmt: skip
        projects = data["repositoryOwner"]["projectsV2"]["nodes"]
        assert projects[0] == {"number": 7, "title": "Roadmap", "closed": False}

    def test_everything_else_of_an_issue_can_be_read(self, serving):
        hub = serving(
            [
                {"number": 1, "title": "Whole", "sub_issues_summary": {"total": 9},
                 "type": {"name": "Bug", "color": "red"},
                 "milestone": {"number": 4, "title": "May", "due_on": "2026-05-31T00:00:00Z"}},
                {"number": 2, "title": "Part", "state": "closed", "state_reason": "completed", "user": "mona",
                 "parent_issue_url": "https://api.github.com/repos/acme/web/issues/1"},
                {"number": 3, "title": "Pull", "draft": True, "state": "closed",
                 "pull_request": {"merged_at": "2026-01-01T00:00:00Z"}},
            ]
        )  # fmt: skip
        query = """query($pull: ID!) { repository(owner: "acme", name: "web") { databaseId isPrivate isArchived
            hasIssuesEnabled
            viewerPermission viewerCanAdminister url owner { login } issueFields(first: 1) { totalCount }
            projectV2(number: 1) { title closed public viewerCanUpdate databaseId updatedAt
              field(name: "score") { __typename } }
            projectsV2(first: 1) { totalCount }
            whole: issue(number: 1) { subIssuesSummary { total completed percentCompleted }
              subIssues(first: 5) { nodes { number } }
              milestone { title number state url dueOn } issueType { name isEnabled } bodyText
              authorAssociation resourcePath
              viewerCanUpdate viewerCanLabel projectsV2(first: 1) { totalCount }
              projectV2(number: 1) { number } closed databaseId }
            part: issue(number: 2) { parent { number } state stateReason author { login avatarUrl url resourcePath } } }
            node(id: $pull) { ... on PullRequest { number merged isDraft state url closed } }
            user(login: "mona") { login } }"""
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
