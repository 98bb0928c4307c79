"""What is asked of somebody without a file, and what the answers come to."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from trackersync.config import load_config, starter
from trackersync.config.questions import likely_place, nearest_place, place_meant, questions, settings_of
from trackersync.config.starter import TrackerDraft, yaml
from trackersync.registry import Registry
from trackersync.scoring.frameworks import FRAMEWORKS

FIELDS = [("field", "Reach"), ("project_field", "Story Points"), ("field", "Business Value")]
ALL = frozenset({"field", "project_field", "label"})


def test_required_settings_are_asked_for_and_what_the_connector_wants_asked():
    asked = {kind: [each.key for each in questions(Registry().load(kind))] for kind in ("github", "jira", "file")}
    assert asked == {
        "github": ["url", "repository", "token_env"],
        "jira": ["url", "email", "token_env", "jql"],
        "file": ["path"],
    }
    assert all(each.doc for each in questions(Registry().load("jira")))


def test_answers_that_are_no_settings_are_told_by_key():
    answered = settings_of(Registry().load("github"), {"repository": "web"}, Path())
    assert answered.settings is None
    assert set(answered.faults) == {"repository"}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("reach", ("field", "Reach")),
        ("effort", ("project_field", "Story Points")),
        ("business_value", ("field", "Business Value")),
        ("impact", ("label", "impact/{value}")),
    ],
)
def test_an_input_is_most_likely_kept_in_the_field_that_is_called_so(name, place):
    assert likely_place(name, FIELDS, ALL) == place


def test_a_place_is_meant_by_number_by_name_or_as_a_pattern():
    said = ("2", "REACH", "i/{value}", "9", "Nothing")
    assert [place_meant(each, FIELDS, ALL, known=True) for each in said] == [
        *(FIELDS[1], FIELDS[0], ("label", "i/{value}"), None, None),
    ]
    assert place_meant("Any Field", [], ALL, known=False) == ("field", "Any Field")
    assert place_meant("i/{value}", [], frozenset({"field"}), known=True) is None
    assert nearest_place("reech", FIELDS) == "Reach"


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_every_framework_has_a_file_of_drafts_that_check_accepts(name, tmp_path):
    kept = {each.name: ("field", each.name.title()) for each in FRAMEWORKS[name].first_inputs if not each.expression}
    drafts = [
        TrackerDraft(
            name="my-jira",
            connector="jira",
            settings={"url": "https://acme.example", "jql": 'project = "A: B" # not done', "board": 12},
            sources=kept,
            write={"labels": {"prefix": "priority/"}, "order": "board", "notify": False},
        ),
        TrackerDraft(
            name="yes",
            connector="github",
            settings={"repository": "acme/web"},
            sources={input_: ("label", f"{input_}/{{value}}") for input_ in kept},
        ),
    ]
    file = tmp_path / "trackersync.yaml"
    file.write_text(starter(name, drafts), encoding="utf-8")
    config = load_config(file, Registry())
    assert config.trackers["my-jira"].settings.jql == 'project = "A: B" # not done'
    assert config.write["my-jira"].order
    assert config.write["yes"].label_prefix is None


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back_out_of_the_file_as_it_was(text):
    assert YAML(typ="safe").load(f"key: {yaml({'text': text})}") == {"key": {"text": text}}
