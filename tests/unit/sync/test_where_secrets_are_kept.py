"""Every secret that is not where the file says is told in one go, at its line; and none that was pasted is repeated."""

from __future__ import annotations

import pytest

from trackersync.config import load_config
from trackersync.errors import ConfigError
from trackersync.registry import Registry
from trackersync.store import Store
from trackersync.sync.workspace import Workspace
from trackersync.testing import FakeClock
from trackersync.transport import Transport

TEAM = """version: 1
trackers:
  one: {connector: github, repository: acme/web, ONE}
  two: {connector: github, repository: acme/api, app: {id: 1, installation: 2, TWO}}
  three: {connector: jira, url: "https://acme.atlassian.net", jql: project = A, THREE}
inputs: {reach: {from: {github: {label: "r/{value}"}, jira: {label: "r/{value}"}}}}
scoring: {framework: formula, expression: reach}
"""
PASTED = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
BEGIN = "-----BEGIN PRIVATE KEY-----"


@pytest.fixture
def load(tmp_path):
    def load(one: str, two: str, three: str):
        file = tmp_path / "trackersync.yaml"
        file.write_text(TEAM.replace("ONE", one).replace("TWO", two).replace("THREE", three), encoding="utf-8")
        return load_config(file, Registry())

    return load


def test_all_that_is_missing_is_told_at_once_with_its_line(load, tmp_path):
    (tmp_path / "key.pem").write_bytes(b"")
    (tmp_path / "key.pem").chmod(0o600)
    config = load("token_env: NO_TOKEN", f"private_key_file: {tmp_path / 'key.pem'}", "user: ada, token_file: ./none")
    with Transport(clock=FakeClock()) as transport:
        store = Store.open(config.store)
        workspace = Workspace(config=config, store=store, transport=transport, env={})
        with pytest.raises(ConfigError) as error:
            workspace.open(["one", "two", "three"])
        store.close()
    told = [(problem.line, ".".join(map(str, problem.path))) for problem in error.value.problems]
    assert told == [
        (3, "trackers.one.token_env"),
        (4, "trackers.two.app.private_key_file"),
        (5, "trackers.three.token_file"),
    ]


@pytest.mark.parametrize(
    "places",
    [
        (f"token_env: {PASTED}", f"private_key_env: {PASTED}", f"token_env: {PASTED}"),
        (f"token_file: {PASTED}", f"private_key_file: '{BEGIN}'", f"token_keyring: {{service: {PASTED}, user: a}}"),
        (f"token_keyring: {PASTED}", f"private_key_keyring: {PASTED}", f"user: {PASTED}"),
        (f"token: {PASTED}", f"private_key: '{BEGIN}'", f"password: {PASTED}"),
    ],
)
def test_what_was_pasted_is_refused_and_not_repeated(load, places):
    with pytest.raises(ConfigError) as error:
        load(*places)
    assert {3, 4, 5} == {problem.line for problem in error.value.problems}
    assert PASTED not in str(error.value)
    assert BEGIN not in str(error.value)


@pytest.mark.parametrize(
    "places",
    [
        ("token_env: A, token_file: f", "private_key_env: A, private_key_file: f", "token_env: A, token_file: f"),
        ("token_file: f, token_keyring: {service: s, user: u}", "nothing: 1", "email: a@b.example, user: ada"),
    ],
)
def test_two_places_and_none_are_told_at_once(load, places):
    with pytest.raises(ConfigError) as error:
        load(*places)
    assert {3, 4, 5} == {problem.line for problem in error.value.problems}
