"""GraphQL's errors as GitHub gives them: HTTP 200, a type, a path, and everything else stands."""

from __future__ import annotations

import pytest


def only(answer):
    """The one error of an answer."""
    (error,) = answer["errors"]
    return error


class TestErrors:
    def test_one_bad_alias_leaves_the_others_standing(self, hub):
        known = hub.ids
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
        ("query", "what"),
        [
            ('{ repository(owner: "acme", name: "no") { id } }', "a Repository with the name 'acme/no'."),
            ('{ organization(login: "no") { id } }', "an Organization with the login of 'no'."),
            ('{ user(login: "acme") { id } }', "a User with the login of 'acme'."),
            ('{ organization(login: "acme") { projectV2(number: 9) { id } } }', "a ProjectV2 with the number 9."),
            (
                '{ repository(owner: "acme", name: "web") { issue(number: 9) { id } } }',
                "an Issue with the number of 9.",
            ),
            ('{ node(id: "x") { id } }', "a node with the global id of 'x'"),
        ],
    )
    def test_what_is_not_there_is_told_in_githubs_words(self, hub, query, what):
        error = only(hub.graphql(query))
        assert (error["type"], error["message"]) == ("NOT_FOUND", f"Could not resolve to {what}")

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
