"""Properties are asked for where they are wanted, written in few requests, and seen when they change."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from msgspec.structs import replace

from trackersync.change import Change, Status, WriteTarget
from trackersync.connector import FieldNames
from trackersync.errors import RejectedError
from trackersync.model import IssueRef
from trackersync.transport import Transport
from trackersync_jira.connector import JiraConnector
from trackersync_jira.settings import JiraSettings

SCORE, BAND = WriteTarget("property", "acme.score"), WriteTarget("property", "acme band/1")
POINTS = WriteTarget("field", "Priority Score")
KEYS = ("acme.score", "acme band/1")


@pytest.fixture
def connector_of(clock, tools):
    made = []

    def make(*keys):
        transport = Transport(clock=clock)
        made.append(transport)
        settings = JiraSettings(url=tools.url, jql="project = CORE")
        wanted = FieldNames(properties=frozenset(keys))
        return JiraConnector("core", settings, transport=transport, env={"JIRA_TOKEN": "x"}, wanted=wanted)

    yield make
    for transport in made:
        transport.close()


@pytest.fixture
def connector(connector_of) -> Iterator[JiraConnector]:
    return connector_of(*KEYS)


@pytest.fixture
def keeps(jira, tools):
    """`keeps({...}, {...})`: issues from 1 on with these properties; Data Center tells them of one issue at a time."""

    def told(*properties):
        raws = [tools.issue(number) for number in range(1, len(properties) + 1)]
        for raw, kept in zip(raws, properties, strict=True):
            if jira.cloud:
                raw["properties"] = kept
                continue

            def answer(request, raw=raw, kept=kept):
                keys = dict(parse_qsl(urlsplit(request.url).query))["properties"].split(",")
                return 200, {}, json.dumps(raw | {"properties": {key: kept[key] for key in keys if key in kept}})

            jira.http.remove("GET", f"{jira.api}/issue/{raw['id']}")
            jira.http.add_callback("GET", f"{jira.api}/issue/{raw['id']}", answer)
        jira.has(*raws)

    return told


def change(number, target, after, before=None):
    ref = IssueRef("core", "jira", str(10000 + number), f"CORE-{number}")
    return Change(ref=ref, target=target, before=before, after=after, reason="because")


def statuses(connector, changes, current, *, notify=True):
    return [outcome.status for outcome in connector.apply(changes, current, notify=notify)]


class TestReading:
    def test_they_are_numbers_and_texts_and_all_else_is_told_as_it_is(self, keeps, connector):
        keeps({"acme.score": 8.5, "other": 1}, {"acme.score": "P1"}, {"acme.score": {"a": [1]}}, {"acme.score": None})
        ids = ["10001", "10002", "10003", "10004"]
        found = connector.fetch(ids)
        assert [dict(found[id_].properties) for id_ in ids] == [
            {"acme.score": 8.5}, {"acme.score": "P1"}, {"acme.score": '{"a":[1]}'}, {}
        ]  # fmt: skip
        pulled = {issue.ref.id: issue for page in connector.pull() for issue in page}
        assert {id_: issue.properties for id_, issue in pulled.items()} == {
            id_: issue.properties for id_, issue in found.items()
        }

    def test_they_cost_no_request_on_cloud_and_one_an_issue_on_data_center(self, jira, keeps, connector):
        keeps({}, {}, {})
        connector.fetch(["10001", "10002", "10003"])
        asked = [path for path in jira.paths if "/issue/" in path or "/search" in path]
        assert len(asked) == (1 if jira.cloud else 4)

    def test_they_are_asked_for_only_where_they_are_wanted(self, jira, keeps, connect):
        keeps({"acme.score": 8}, {"acme.score": 9})
        assert connect().fetch(["10001"])["10001"].properties == {}
        assert not any("properties" in str(call) for call in jira.calls)

    def test_more_than_jira_tells_are_refused_in_plain_words(self, keeps, connector_of):
        keeps({})
        with pytest.raises(RejectedError, match="5 properties of an issue at a time, and 6 are"):
            list(connector_of(*"abcdef").pull())

    def test_one_that_changed_without_an_update_is_seen(self, keeps, connector):
        keeps({"acme.score": 8}, {"acme.score": 9})
        known = list(connector.fetch(["10001", "10002"]).values())
        assert connector.follows_board
        assert connector.on_board(known) == []
        before = [replace(known[0], properties={"acme.score": 7}), known[1]]
        assert connector.on_board(before) == [known[0]]


class TestWriting:
    def test_they_go_along_with_the_edit_of_their_issue(self, jira, keeps, connector):
        keeps({})
        jira.http.put(f"{jira.api}/issue/10001", status=204)
        changes = [change(1, POINTS, 7.0), change(1, SCORE, 7.0), change(1, BAND, "P1")]
        assert statuses(connector, changes, connector.fetch(["10001"])) == [Status.APPLIED] * 3
        kept = [{"key": "acme.score", "value": 7.0}, {"key": "acme band/1", "value": "P1"}]
        assert jira.calls[-1][3] == {"fields": {"customfield_7": 7.0}, "properties": kept}

    def test_beside_no_edit_each_goes_by_itself_and_nobody_gets_mail(self, jira, keeps, connector):
        keeps({"acme.score": 1})
        current = connector.fetch(["10001"])
        jira.http.put(f"{jira.api}/issue/10001/properties/acme.score", json={})
        jira.http.put(f"{jira.api}/issue/10001/properties/acme%20band%2F1", json={}, status=201)
        changes = [change(1, SCORE, 0, 1), change(1, BAND, "P1")]
        assert statuses(connector, changes, current, notify=False) == [Status.APPLIED] * 2
        assert [call[2:] for call in jira.calls[-2:]] == [({}, 0), ({}, "P1")]
        told = connector.forecast(changes, notify=True, ask=True)
        assert (told.requests, told.mailed) == (2, 0)

    def test_one_is_deleted_by_itself(self, jira, keeps, connector):
        keeps({"acme.score": 1})
        current = connector.fetch(["10001"])
        jira.http.put(f"{jira.api}/issue/10001", status=204)
        jira.http.delete(f"{jira.api}/issue/10001/properties/acme.score", status=204)
        changes = [change(1, SCORE, None, 1), change(1, POINTS, None)]
        assert connector.forecast(changes, notify=True, ask=False).requests == 2
        assert statuses(connector, changes, current) == [Status.APPLIED] * 2

    def test_they_outlive_the_fields_that_jira_refuses(self, jira, keeps, connector):
        keeps({})
        current = connector.fetch(["10001"])
        jira.http.put(f"{jira.api}/issue/10001", json={"errors": {"customfield_7": "not on the screen"}}, status=400)
        jira.http.put(f"{jira.api}/issue/10001/properties/acme.score", json={}, status=201)
        changes = [change(1, POINTS, 7.0), change(1, SCORE, 7.0)]
        assert statuses(connector, changes, current) == [Status.REJECTED, Status.APPLIED]
