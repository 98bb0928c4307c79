"""The documents of the project's reference, as they stand there, and what queries cost."""

from __future__ import annotations

import json

import pytest


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
        items = hub.graphql(documents["items"], p=hub.ids["project"])["data"]["node"]["items"]["nodes"]
        assert [item["content"]["number"] for item in items] == [1, 2]
        assert items[0]["score"] == {"number": 4.5}
        assert items[0]["tier"]["name"] == "P1"
        assert items[1]["score"] is None

    def test_nodes_that_are_gone_are_null_and_told_one_by_one(self, hub, documents):
        known = hub.ids["issues"]
        answer = hub.graphql(documents["nodes"], ids=[known[1], "I_gone", known[2]])
        assert [node and node["number"] for node in answer["data"]["nodes"]] == [1, None, 2]
        error = answer["errors"][0]
        assert (error["type"], error["path"]) == ("NOT_FOUND", ["nodes", 1])

    def test_one_write_of_every_kind(self, hub, documents):
        known = hub.ids
        issue = known["issues"][1]
        answer = hub.graphql(
            documents["write"],
            a0={"id": issue, "title": "Renamed"},
            b0={
                "issueId": issue,
                "issueFields": [{"fieldId": known["issue_fields"]["Weight"].node_id, "numberValue": 3}],
            },
            c0={**hub.on_item("Score"), "value": {"number": 8}},
            d0={"projectId": known["project"], "itemId": known["items"][1], "afterId": known["items"][2]},
            e0={"labelableId": issue, "labelIds": []},
            f0={"labelableId": issue, "labelIds": [known["labels"]["bug"]]},
            g0={"projectId": known["project"], "contentId": known["issues"][3]},
            h0=hub.on_item("Priority"),
        )
        assert "errors" not in answer
        served = hub.get("/repos/acme/web/issues/1")
        assert (served["title"], served["labels"]) == ("Renamed", [])
        assert hub.order == ["acme/web#2", "acme/web#1", "acme/web#3"]
        assert hub.values() == {"Score": 8}
        assert hub.requests()["graphql_mutations"] == 8


class TestPrice:
    def test_a_dry_run_tells_the_price_and_does_nothing_else(self, hub):
        query = """query Q($n: Int = 100) { rateLimit(dryRun: true) { cost nodeCount }
            repository(owner: "acme", name: "web") { issues(first: $n) { nodes { ...part } } } }
            fragment part on Issue { ... { labels(first: 10) { nodes { id } }
             assignees(first: 10) { nodes { id } } } }"""
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
