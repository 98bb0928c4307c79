"""What a site offers to whoever writes its section of the file."""

from __future__ import annotations

import pytest

from trackersync.connector import Offer

BOARDS = "/rest/agile/1.0/board"


def board(number, name):
    return {"id": number, "name": name, "type": "kanban", "self": f"https://acme.example/board/{number}"}


def test_boards_and_the_fields_that_hold_a_number_or_an_option_are_offered(jira, connect):
    jira.http.get(f"{jira.url}{BOARDS}", json={"values": [board(12, "CORE board"), board(13, "Ops")], "isLast": True})
    offers = connect().offers()
    assert offers.settings == (Offer("board", 12, "CORE board"), Offer("board", 13, "Ops"))
    assert "Reach" in offers.fields["field"]
    assert "Summary" not in offers.fields["field"]
    assert {method for method, *_ in jira.calls} == {"GET"}


@pytest.mark.parametrize("status", [403, 404])
def test_a_site_without_boards_offers_fields_alone(jira, connect, status):
    jira.http.get(f"{jira.url}{BOARDS}", json={"errorMessages": ["no"]}, status=status)
    offers = connect().offers()
    assert offers.settings == ()
    assert offers.fields["field"]
