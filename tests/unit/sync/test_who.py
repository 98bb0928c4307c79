"""Who is said to have had a run done."""

from __future__ import annotations

import getpass
from typing import NoReturn

import pytest
from msgspec.structs import replace

from trackersync.testing import MemoryTracker


@pytest.fixture
def memory():
    return MemoryTracker()


@pytest.mark.parametrize(
    ("env", "by"),
    [
        ({"TRACKERSYNC_BY": " Ann ", "GITHUB_ACTOR": "octocat"}, "Ann"),
        ({"TRACKERSYNC_BY": " ", "GITHUB_ACTOR": "octocat", "GITLAB_USER_LOGIN": "tanuki"}, "octocat"),
        ({"GITLAB_USER_LOGIN": "tanuki"}, "tanuki"),
        ({}, "the account"),
    ],
)
def test_it_is_whom_the_environment_names_else_the_account(open_workspace, monkeypatch, env, by):
    monkeypatch.setattr(getpass, "getuser", lambda: "the account")
    assert replace(open_workspace(), env=env).by() == by


@pytest.mark.parametrize("error", [KeyError, OSError, ImportError])
def test_an_account_without_a_name_is_nobody(open_workspace, monkeypatch, error):
    def nameless() -> NoReturn:
        raise error

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert open_workspace().by() is None
