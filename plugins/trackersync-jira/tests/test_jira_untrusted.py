"""Whatever Jira's answers turn into on the way, they are read or refused as what they are not."""

from __future__ import annotations

import contextlib
import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackersync.connector import FieldNames
from trackersync.errors import InvalidResponseError, TrackerError
from trackersync.transport import Transport
from trackersync_jira.connector import JiraConnector
from trackersync_jira.settings import JiraSettings


def places(value, above=()):
    """Every place inside a JSON value, by its keys and numbers."""
    yield above
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield from places(held, (*above, key))


def spoilt(answer, place, odd):
    """The answer with something odd at one place; `...`: with nothing there any more."""
    if not place:
        return None if odd is ... else odd
    copied = copy.deepcopy(answer)
    around = copied
    for key in place[:-1]:
        around = around[key]
    if odd is ...:
        del around[place[-1]]
    else:
        around[place[-1]] = odd
    return copied


ODD = st.sampled_from(
    [..., None, True, -1, 1.5, 10**400, "", "12", "a\0b", [], {}, [None], [[]], [{}], {"nodes": None}, {"nodes": [3]},
     {"id": 5}, {"name": None}, {"a-b": 1}, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.000-1400"]
)  # fmt: skip


LINK = {"type": {"name": "Blocks", "outward": "blocks"}, "outwardIssue": {"key": "CORE-2", "fields": {"status": None}}}
SAID = {"total": 2, "comments": [{"id": "7", "author": {"accountId": "me"}, "body": {"type": "doc", "content": []}}]}
MORE = {
    "description": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}]},
    "labels": ["a"], "priority": {"name": "High"}, "reporter": {"accountId": "1", "displayName": "Ada"},
    "fixVersions": [{"name": "1", "released": False}], "votes": {"votes": 1}, "watches": {"watchCount": 2},
    "comment": SAID, "issuelinks": [LINK], "subtasks": [{"key": "CORE-3"}], "parent": {"key": "CORE-4"},
    "customfield_1": 5, "customfield_2": {"value": "High"}, "customfield_6": 3, "customfield_10": "0|i00:",
    "resolutiondate": "2024-02-03T04:05:06.789+0100", "duedate": "2024-05-06",
}  # fmt: skip


@pytest.fixture
def said(tools, deployment):
    """Full answers to all that a pull and a fetch of one issue ask; the pull's are those of the deployment."""
    raw = tools.issue(1, **MORE)
    cloud = deployment == "cloud"
    page = {"issues": [raw], "isLast": True} if cloud else {"issues": [raw], "total": 1}
    server = {"deploymentType": "Cloud" if cloud else "Server", "baseUrl": tools.url}
    return {
        "rest/api/2/serverInfo": server,
        "rest/api/2/field": tools.fields,
        "rest/agile/1.0/board/12/configuration": {"ranking": {"rankCustomFieldId": 10}},
        "rest/api/3/search/jql" if cloud else "rest/api/2/search": page,
        "rest/api/3/issue/bulkfetch" if cloud else "rest/api/2/search ": page,
    }


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_an_answer_of_any_shape_is_read_or_refused(http, connect, tools, said, data):
    which = data.draw(st.sampled_from(sorted(said)))
    place = data.draw(st.sampled_from(list(places(said[which]))))
    http.reset()
    for path, answer in said.items():
        told = spoilt(answer, place, data.draw(ODD)) if path == which else answer
        method = "GET" if ("search" not in path and "fetch" not in path) or path.endswith(" ") else "POST"
        http.add(method, f"{tools.url}/{path.strip()}", json=told)
    http.add("GET", f"{tools.url}/rest/api/2/myself", json={})
    connector = connect("Reach", "Impact", "priority", board=12)
    with contextlib.suppress(TrackerError):
        for page in connector.pull():
            list(page)
        connector.fetch(["10001"])


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_comments_and_properties_of_any_shape_are_read_or_refused(http, tools, said, deployment, clock, data):
    cloud = deployment == "cloud"
    raw = tools.issue(1, **MORE) | {"properties": {"acme": {"a": [1]}}}
    page = {"issues": [raw], "total": 1}
    kept = [{"key": "trackersync", "value": True}]
    told = {
        "GET rest/api/2/issue/10001": raw,
        "GET rest/api/2/issue/10001/comment" if not cloud else "GET rest/api/3/issue/10001/comment": SAID,
        "POST rest/api/3/comment/list": {"values": [SAID["comments"][0] | {"properties": kept}], "isLast": True},
        "POST rest/api/3/issue/bulkfetch" if cloud else "GET rest/api/2/search": page,
    }
    which = data.draw(st.sampled_from(sorted(told)))
    told[which] = spoilt(told[which], data.draw(st.sampled_from(list(places(told[which])))), data.draw(ODD))
    http.reset()
    for path in ("serverInfo", "field"):
        http.add("GET", f"{tools.url}/rest/api/2/{path}", json=said[f"rest/api/2/{path}"])
    http.add("GET", f"{tools.url}/rest/api/2/myself", json={"accountId": "me"})
    for route, answer in told.items():
        method, _, path = route.partition(" ")
        http.add(method, f"{tools.url}/{path}", json=answer)
    wanted = FieldNames(properties=frozenset({"acme"}), comment=True)
    with Transport(clock=clock) as transport, contextlib.suppress(TrackerError):
        configured = JiraSettings(url=tools.url, jql="project = CORE")
        JiraConnector("core", configured, transport=transport, env={"JIRA_TOKEN": "x"}, wanted=wanted).fetch(["10001"])


def test_json_nested_without_end_is_no_answer(http, connect, tools):
    http.add("GET", f"{tools.url}/rest/api/2/serverInfo", body="[" * 100_000, content_type="application/json")
    with pytest.raises(InvalidResponseError, match="does not answer as Jira"):
        list(connect().pull())
