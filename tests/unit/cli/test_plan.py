"""What `plan` says of the cost of applying: the requests, and whether anybody gets mail."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from trackersync.testing import MemoryConnector

ABLE = MemoryConnector.capabilities


@pytest.fixture
def able(monkeypatch):
    return lambda **changes: monkeypatch.setattr(MemoryConnector, "capabilities", replace(ABLE, **changes))


def cost(ran) -> str:
    return next(line for line in ran.out.splitlines() if re.match(r"Applying takes about \d+ requests to core, ", line))


def test_mail_is_forecast_where_writes_send_it_and_it_is_not_asked_to_be_spared(run) -> None:
    assert cost(run("plan")).endswith(" to core, its watchers may get mail.")


def test_where_no_mail_is_asked_for_that_is_said(run, team, tmp_path) -> None:
    team((tmp_path / "trackersync.yaml").read_text().replace("{labels:", "{notify: false, labels:"))
    assert cost(run("plan")).endswith(" to core, asking it to send no mail.")


def test_of_a_tracker_that_sends_none_nobody_is_warned(run, able) -> None:
    able(notifies=False, quiet=False)
    assert cost(run("plan")).endswith(" to core, which sends nobody mail.")
