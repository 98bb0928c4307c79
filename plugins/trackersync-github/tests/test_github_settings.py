from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from trackersync.errors import ConfigError
from trackersync_github.connector import GitHubConnector
from trackersync_github.settings import GitHubSettings


def settings(**section) -> GitHubSettings:
    return GitHubSettings.model_validate({"repository": "acme/web", **section})


def test_the_repository_alone_is_enough():
    section = settings()
    assert section.url == "https://api.github.com"
    assert section.token_env == "GITHUB_TOKEN"
    assert section.project is None
    assert section.select.state == "open"


@pytest.mark.parametrize(
    ("url", "graphql"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://api.github.com/", "https://api.github.com/graphql"),
        ("https://git.acme.example/api/v3", "https://git.acme.example/api/graphql"),
        ("https://git.acme.example/api/v3/", "https://git.acme.example/api/graphql"),
        ("http://localhost:8484/github", "http://localhost:8484/github/graphql"),
    ],
)
def test_graphql_is_found_beside_rest(url, graphql):
    assert settings(url=url).graphql_url == graphql


@pytest.mark.parametrize(
    "section",
    [
        {"url": "api.github.com"},
        {"url": "https://ada:s3cr3t@git.acme.example/api/v3"},
        {"repository": "web"},
        {"repository": "acme/web/x"},
        {"project": {"owner": "acme"}},
        {"project": {"owner": "acme", "number": 0}},
        {"select": {"state": "done"}},
        {"select": {"label": ["x"]}},
        {"token": "ghp_secret"},
        {"token_env": "A", "app": {"id": 1, "installation": 2, "private_key_env": "K"}},
        {"token_env": "not a name"},
        {"token_env": "ghp_0123456789abcdefghijABCDEFGHIJ012345"},
        {"token_file": "github_pat_11ABCDEFG0123456789_abcdefghij"},
        {"token_env": "A", "token_file": "f"},
        {"token_file": "f", "app": {"id": 1, "installation": 2, "private_key_env": "K"}},
        {"app": {"id": 1, "installation": 2}},
        {"app": {"id": 1, "installation": 2, "private_key_env": "K", "private_key_file": "f"}},
        {"app": {"id": 1, "installation": 2, "private_key_file": "-----BEGIN PRIVATE KEY-----"}},
    ],
)
def test_what_cannot_work_is_refused(section):
    with pytest.raises(ValidationError):
        settings(**section)


def test_an_app_needs_no_token():
    section = settings(app={"id": 1, "installation": 2, "private_key_env": "KEY"})
    assert str(section.secret) == "KEY"


@pytest.mark.parametrize("value", [None, "", " \n"])
def test_an_unset_token_is_told_by_the_name_of_its_variable(connect, value):
    with pytest.raises(ConfigError) as error:
        connect(env={} if value is None else {"MY_TOKEN": value}, token_env="MY_TOKEN")
    (problem,) = error.value.problems
    assert problem.path == ("token_env",)
    assert "MY_TOKEN" in problem.message


def test_an_unset_private_key_is_told_by_the_name_of_its_variable(connect):
    with pytest.raises(ConfigError) as error:
        connect(env={}, app={"id": 1, "installation": 2, "private_key_env": "KEY"})
    (problem,) = error.value.problems
    assert problem.path == ("app", "private_key_env")
    assert "KEY" in problem.message


@pytest.mark.parametrize("place", ["token_file", "private_key_file"])
def test_a_file_that_is_not_there_is_told_at_its_key(connect, place):
    at = {place: "no-such-file"}
    with pytest.raises(ConfigError, match="no-such-file cannot be read") as error:
        connect(env={}, **(at if place == "token_file" else {"app": {"id": 1, "installation": 2} | at}))
    (problem,) = error.value.problems
    assert problem.path[-1] == place


def test_a_tracker_is_identified_without_credentials():
    section = settings(project={"owner": "acme", "number": 7})
    assert GitHubConnector.identify(section) == "github https://api.github.com acme/web project acme/7"
    assert GitHubConnector.identify(settings()) == "github https://api.github.com acme/web"


@pytest.mark.parametrize(
    ("label", "accepted"), [("priority/P0", True), ("x", True), ("x" * 50, True), ("x" * 51, False), (" x", False)]
)
def test_labels_github_would_refuse_are_known_beforehand(label, accepted):
    assert bool(re.fullmatch(GitHubConnector.capabilities.label_pattern, label)) is accepted


def test_every_sign_in_of_the_readme_is_taken():
    page = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    rows = page.partition("## Signing in")[2].partition("## Permissions")[0].splitlines()
    examples = [row.rsplit(" | ", 1)[1].rstrip(" |") for row in rows if row.endswith("` |")]
    for example in examples:
        lines = "\n".join(line.strip("`") for line in example.split("<br>"))
        section = YAML(typ="safe").load(lines)
        assert GitHubSettings.model_validate({"repository": "acme/web"} | section), lines
    assert len(examples) >= 7
