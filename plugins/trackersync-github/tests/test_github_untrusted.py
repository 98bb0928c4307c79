"""Whatever GitHub's answers turn into on the way, they are read or refused as what they are not."""

from __future__ import annotations

import contextlib
import copy

import pytest
import responses
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackersync.connector import FieldNames
from trackersync.errors import InvalidResponseError, TrackerError

PROJECT = {"owner": "acme", "number": 7}
WANTED = FieldNames(fields=frozenset({"Area"}), project_fields=frozenset({"Effort"}))
NEIGHBOUR = {"number": 2, "repository": {"full_name": "acme/web"}}


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


@pytest.fixture
def said(answers):
    """Full answers to all that a pull and a fetch of one issue ask."""
    summary = {"blocked_by": 1, "blocking": 1}
    milestone = {"title": "1.0", "due_on": "2026-05-01T07:00:00Z"}
    more = {"milestone": milestone, "issue_dependencies_summary": summary, "type": {"name": "Bug"}}
    field = {"issue_field_name": "Area", "value": "UI", "multi_select_options": [{"name": "UI"}]}
    facts = answers.facts([{"id": "F_1", "name": "Effort", "type": "NUMBER"}], ("Area",))
    content = {"number": 1, "repository": {"full_name": "acme/web"}}
    items = {
        "page": {"more": False, "end": "x"},
        "nodes": [{"id": "PVTI_1", "content": content, "f0": {"number": 3.0}}],
    }
    own = {"nodes": [{"field": {"name": "Area"}, "options": [{"name": "UI"}]}]}
    node = answers.graph_issue(items=[answers.item(f0={"number": 3.0})], labels=("ui",), issue_field_values=own, **more)
    links = {"kind": "Issue", "blocked_by": {"nodes": [NEIGHBOUR]}, "blocking": {"nodes": [NEIGHBOUR]}}
    rest = answers.rest_issue(
        assignees=[{"login": "ada"}], labels=[{"name": "ui"}], reactions={"+1": 1, "total_count": 1},
        sub_issues_summary={"total": 2, "completed": 1}, issue_field_values=[field], **more,
    )  # fmt: skip
    return [facts, {"project": {"items": items}}, [rest], {"nodes": [links]}, {"nodes": [node]}, {"nodes": [links]}]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_an_answer_of_any_shape_is_read_or_refused(connect, github, said, data):
    which = data.draw(st.integers(0, len(said) - 1))
    place = data.draw(st.sampled_from(list(places(said[which]))))
    told = [*said[:which], spoilt(said[which], place, data.draw(ODD)), *said[which + 1 :]]
    github.answers[:] = [answer for number, answer in enumerate(told) if number != 2]
    github.mock.upsert(responses.GET, "https://api.github.com/repos/acme/web/issues", json=told[2])
    connector = connect(WANTED, project=PROJECT)
    with contextlib.suppress(TrackerError, IndexError):
        found = {issue.ref.id: issue for page in connector.pull() for issue in page}
        connector.fetch(list(found) or ["I_1"])


def test_pages_that_go_round_in_a_circle_are_left(connect, github):
    link = {"Link": '<https://api.github.com/repos/acme/web/issues?page=2>; rel="next"'}
    github.mock.get("https://api.github.com/repos/acme/web/issues", json=[github.rest_issue(1)], headers=link)
    with pytest.raises(InvalidResponseError, match="circle"):
        list(connect().pull())


def test_a_day_at_the_end_of_the_calendar_is_kept(connect, github):
    due = {"title": "never", "due_on": "9999-12-31T23:00:00-08:00"}
    github.lists([github.rest_issue(1, milestone=due)])
    (issue,) = [issue for page in connect().pull() for issue in page]
    assert issue.due_on.isoformat() == "9999-12-31"
