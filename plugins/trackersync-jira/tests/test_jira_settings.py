"""What can be configured, and what is told where it cannot be used."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from trackersync.connector import Target
from trackersync.errors import ConfigError
from trackersync_jira.connector import JiraConnector
from trackersync_jira.settings import JiraSettings

LEAST = {"url": "https://acme.atlassian.net", "jql": "project = CORE"}


def test_little_has_to_be_given():
    settings = JiraSettings(**LEAST)
    assert (settings.token_env, settings.email, settings.board) == ("JIRA_TOKEN", None, None)


def test_a_slash_at_the_end_of_the_address_changes_nothing():
    assert JiraSettings(**LEAST | {"url": "https://host/jira/"}).url == "https://host/jira"


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "acme.atlassian.net"},
        {"url": "https://ada:s3cr3t@acme.atlassian.net"},
        {"jql": " "},
        {"board": 0},
        {"board": "twelve"},
        {"email": ""},
        {"token_env": "my token"},
        {"token": "s3cr3t"},
        {"unheard": 1},
    ],
)
def test_what_cannot_be_used_is_refused(wrong):
    with pytest.raises(ValidationError):
        JiraSettings(**LEAST | wrong)


@pytest.mark.parametrize(("settings", "kind"), [({}, "personal access token"), ({"email": "a@b"}, "API token")])
def test_a_token_that_is_not_set_is_a_problem_of_the_file(connect, settings, kind):
    with pytest.raises(ConfigError, match="JIRA_TOKEN is not set") as missing:
        connect(token=None, **settings)
    (problem,) = missing.value.problems
    assert problem.path == ("token_env",)
    assert kind in problem.hint


def test_an_empty_token_is_none(connect):
    with pytest.raises(ConfigError):
        connect(token=" \n")


@pytest.mark.parametrize(
    ("more", "identity"),
    [
        ({}, "jira https://acme.atlassian.net: project = CORE"),
        ({"board": 12, "email": "a@b"}, "jira https://acme.atlassian.net board 12: project = CORE"),
        ({"jql": "project = CORE ORDER BY key"}, "jira https://acme.atlassian.net: project = CORE"),
    ],
)
def test_a_tracker_is_known_by_its_selection_and_board(more, identity):
    assert JiraConnector.identify(JiraSettings(**LEAST | more)) == identity


def test_everything_jira_can_hold_is_declared():
    capabilities = JiraConnector.capabilities
    assert issubclass(JiraConnector, Target)
    assert capabilities.reads == {"field", "label"}
    assert all((capabilities.labels, capabilities.fields, capabilities.priority, capabilities.quiet))
    assert capabilities.notifies
    assert (capabilities.order, capabilities.project_fields) == ("board", False)


@pytest.mark.parametrize(("label", "taken"), [("priority-P0", True), ("a b", False), ("", False), ("x" * 256, False)])
def test_labels_are_one_word(label, taken):
    assert bool(re.fullmatch(JiraConnector.capabilities.label_pattern, label)) is taken


def test_the_token_shows_nowhere(connect):
    connector = connect()
    shown = f"{connector!r} {vars(connector)} {vars(connector._site)} {connector.identify(connector.settings)}"
    assert "s3cr3t" not in shown.replace(repr(connector.env), "")


def test_every_sign_in_of_the_readme_is_taken():
    page = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    rows = page.partition("## Signing in")[2].partition("## Permissions")[0].splitlines()
    examples = [row.rsplit(" | ", 1)[1].rstrip(" |") for row in rows if row.endswith("` |")]
    for example in examples:
        lines = "\n".join(line.strip("`") for line in example.split("<br>"))
        section = YAML(typ="safe").load(lines)
        assert JiraSettings.model_validate({"url": "https://jira.acme.example", "jql": "project = CORE"} | section), (
            lines
        )
    assert len(examples) >= 7
