"""The `jira` library finds the Jira it expects."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest

from trackersync_sandbox.server import Server

client = pytest.importorskip("jira", reason="needs the jira library")


@contextmanager
def connected(api):
    server = Server(api.app)
    thread = threading.Thread(target=server.run)
    thread.start()
    session = client.JIRA(f"{server.url}/jira", basic_auth=("pm@acme.example", "any"), max_retries=0)
    try:
        yield session
    finally:
        session.close()
        server.close()
        thread.join()


def test_it_reads_fields_and_issues_and_edits_one(either):
    with connected(either) as session:
        assert session._is_cloud == (either.search_path.endswith("jql"))
        assert {field["name"] for field in session.fields()} >= {"Reach", "Rank"}
        assert session.myself()["displayName"] == "Sandbox"
        assert session.my_permissions(permissions="EDIT_ISSUES")["permissions"]["EDIT_ISSUES"]["havePermission"]
        assert next(priority.name for priority in session.priorities()) == "Highest"
        found = session.search_issues("project = CORE AND statusCategory != Done ORDER BY key", maxResults=False)
        assert len(found) == 26
        issue = session.issue("CORE-2")
        issue.update(fields={"labels": ["x"]}, notify=False)
        assert issue.fields.labels == ["x"]
        session.rank("CORE-2", next_issue="CORE-16")
        assert either.order[0] == "CORE-2"
        with pytest.raises(client.JIRAError, match="does not exist or you do not have permission to see it"):
            session.issue("CORE-99")
