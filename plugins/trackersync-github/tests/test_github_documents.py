from __future__ import annotations

import pytest
from graphql import parse, print_ast

from trackersync_github import documents

KNOWN = ["issueType", "parent", "subIssuesSummary", "issueDependenciesSummary", "issueFieldValues"]


def all_documents() -> dict[str, str]:
    found = {"dependencies": documents.DEPENDENCIES, "every mutation": documents.mutations(list(documents.MUTATIONS))}
    found["project"] = documents.PROJECT
    found["pull requests"] = documents.PULL_REQUESTS
    found["one mutation"] = documents.mutations(["createLabel"])
    for own in (False, True):
        found[f"facts {own}"] = documents.facts(project=False, issue_fields=own)
        found[f"facts {own} with a project"] = documents.facts(project=True, issue_fields=own)
        found[f"projects {own}"] = documents.projects(issue_fields=own)
        for count in (None, 0, 1, 7):
            for known in ((), KNOWN):
                name = f"{count} {len(known)}"
                found[f"issues {own} {name}"] = documents.issues(count, known, issue_fields=own)
                commented = documents.issues(count, known, issue_fields=own, comments=True)
                found[f"issues {own} {name} and comments"] = commented
                with_pulls = documents.issues(count, known, issue_fields=own, pull_requests=True)
                found[f"issues {own} {name} and pull requests"] = with_pulls
                found[f"items {name}"] = documents.items(count or 0, known)
    for count in (1, 100):
        found[f"labels {count}"] = documents.labels(count)
        found[f"comments {count}"] = documents.comments(count)
    return found


DOCUMENTS = all_documents()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_github_accepts_every_document(accepted, name):
    document = DOCUMENTS[name]
    assert accepted(document) == []


@pytest.mark.parametrize("mutation", sorted(documents.CONTENT))
def test_what_counts_as_content_is_a_mutation_of_github(schema, mutation):
    assert mutation in schema.mutation_type.fields


def test_an_older_server_is_not_asked_for_what_it_lacks():
    document = print_ast(parse(documents.issues(1, (), issue_fields=False)))
    for newer in ("issueType", "subIssuesSummary", "issueDependenciesSummary", "IssueFieldNumberValue"):
        assert newer not in document


def test_no_document_is_made_of_anything_but_its_own_words():
    assert "acme" not in "".join(DOCUMENTS.values())
