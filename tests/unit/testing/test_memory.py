"""What the memory tracker offers to tests beyond what the kit asks of every connector."""

import pytest
from msgspec.structs import replace

from trackersync.change import Change, Status, WriteTarget
from trackersync.connector import FieldNames
from trackersync.errors import UnavailableError
from trackersync.testing import FakeClock, MemoryConnector, MemoryTracker
from trackersync.transport import Transport

PRIORITY = WriteTarget("priority")
ORDER = WriteTarget("order")


@pytest.fixture
def memory(issue):
    return MemoryTracker(page_size=2).add(*(issue(number) for number in range(1, 6)))


@pytest.fixture
def connector(memory):
    kind = MemoryConnector.over({"core": memory})
    return kind("core", kind.Settings(), transport=Transport(clock=FakeClock()), env={}, wanted=FieldNames())


def apply(connector, issue, target, after, **values):
    change = Change(ref=issue.ref, target=target, before=None, after=after, reason="why not")
    current = connector.fetch([issue.ref.id])
    return next(connector.apply([change], current, **{"notify": False, **values}))


def test_an_issue_added_again_is_replaced_where_it_stands(memory, issue):
    memory.add(replace(issue(1), title="New"))
    assert memory.issues["id1"].title == "New"
    assert memory.order == ["id1", "id2", "id3", "id4", "id5"]


def test_what_is_removed_is_gone_from_the_order_too(memory, connector):
    memory.order.remove("id4")
    memory.remove("id2")
    memory.remove("id4")
    ranks = {issue.ref.id: issue.native_rank for page in connector.pull() for issue in page}
    assert ranks == {"id1": "000000", "id3": "000001", "id5": "000002"}


def test_an_issue_outside_the_order_has_no_rank_and_cannot_be_moved(memory, connector, issue):
    memory.order.remove("id2")
    ranks = {issue.ref.id: issue.native_rank for page in connector.pull() for issue in page}
    assert ranks["id2"] is None
    assert apply(connector, issue(2), ORDER, ("after", "id1")).status is Status.REJECTED
    assert apply(connector, issue(1), ORDER, ("after", "id2")).status is Status.REJECTED


def test_failures_begin_after_the_requests_that_are_spared_and_can_be_healed(memory, connector):
    memory.fail(UnavailableError("down"), after=1)
    pages = connector.pull()
    assert len(next(pages)) == 2
    with pytest.raises(UnavailableError):
        next(pages)
    memory.heal()
    assert sum(len(page) for page in connector.pull()) == 5


def test_a_lost_answer_is_to_a_write_that_was_carried_out_and_only_once(memory, connector, issue):
    memory.lost.add("id1")
    assert apply(connector, issue(1), PRIORITY, "High").status is Status.UNKNOWN
    assert memory.issues["id1"].priority == "High"
    assert apply(connector, issue(1), PRIORITY, "Low").status is Status.APPLIED


def test_a_write_that_was_surely_not_sent_stops_the_writing(memory, connector, issue):
    memory.fail(UnavailableError("no connection", sent=False), writes_only=True)
    with pytest.raises(UnavailableError):
        apply(connector, issue(1), PRIORITY, "High")


def test_a_name_that_does_not_exist_is_refused_with_the_nearest(connector, issue):
    outcome = apply(connector, issue(1), PRIORITY, "Hihg")
    assert (outcome.status, outcome.detail) == (Status.REJECTED, "there is no priority 'Hihg'; nearest: High")
    outcome = apply(connector, issue(1), WriteTarget("field", "zzz"), 1.0)
    assert outcome.detail == "there is no field 'zzz'"


def test_who_is_notified_is_remembered(memory, connector, issue):
    apply(connector, issue(1), PRIORITY, "High")
    apply(connector, issue(2), PRIORITY, "High", notify=True)
    apply(connector, issue(3), PRIORITY, "None such", notify=True)
    assert memory.notified == ["id2"]


def test_a_connector_without_a_secret_needs_none(connector):
    assert connector.identify(connector.settings) == "memory CORE"
