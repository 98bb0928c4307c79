"""What is asked of somebody without a file, and what the answers come to."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from trackersync.config import load_config, starter
from trackersync.config.questions import (
    assumption,
    best_place,
    likely_places,
    nearest_place,
    place_meant,
    questions,
    settings_of,
    variable_at,
)
from trackersync.config.sampling import Held
from trackersync.config.starter import TrackerDraft, framework_named, stand_in, stand_in_words, yaml
from trackersync.config.trial import tried
from trackersync.errors import ConfigError
from trackersync.registry import Registry
from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS
from trackersync.scoring.inputs import off_scale

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
    assert likely_places("ice", name, FIELDS, ALL)[0] == place


def test_labels_come_last_those_of_the_method_after_those_of_the_input():
    labels = [("label", "reach/{value}"), ("label", "ice-reach/{value}")]
    assert likely_places("ice", "reach", FIELDS, ALL) == [("field", "Reach"), *labels]
    assert likely_places("ice", "ease", FIELDS, frozenset({"field"})) == []


def test_a_field_of_the_usual_name_and_one_of_the_own_name_are_both_likely():
    offered = [("field", "Job Size"), ("field", "Story Points"), ("project_field", "Job Size")]
    fields = likely_places("wsjf", "job_size", offered, frozenset({"field"}))
    assert fields == [offered[1], offered[0], offered[2]]


FIRST, SECOND, THIRD = (("field", name) for name in "ABC")


@pytest.mark.parametrize(
    ("holding", "best"),
    [
        ({}, FIRST),
        ({FIRST: Held(10, 0, 0), SECOND: Held(10, 0, 0)}, FIRST),
        ({FIRST: Held(10, 0, 0), SECOND: Held(10, 1, 0)}, SECOND),
        ({FIRST: Held(10, 1, 0), SECOND: Held(10, 5, 0)}, SECOND),
        ({FIRST: Held(10, 2, 8, "no"), SECOND: Held(10, 0, 0)}, SECOND),
        ({each: Held(10, 0, 10, "no") for each in (FIRST, SECOND, THIRD)}, None),
    ],
)
def test_the_best_place_is_where_issues_have_it_and_never_where_they_have_something_else(holding, best):
    assert best_place((FIRST, SECOND, THIRD), holding) == best


def test_what_half_the_issues_hold_is_known_and_all_else_is_assumed():
    assert assumption("web", Held(10, 5, 0)) == ""
    assert assumption("web", Held(10, 4, 0)) == "4 of the 10 issues seen on web hold it there"
    assert assumption("a: b", None) == '"a: b" was not looked at'
    assert assumption("web", Held(0, 0, 0))


def test_the_variable_of_a_secret_is_found_at_its_key_and_nowhere_else():
    github = Registry().load("github").Settings
    app = {"id": 1, "installation": 2, "private_key_env": "KEY"}
    assert variable_at(github(repository="acme/web"), ("token_env",)) == "GITHUB_TOKEN"
    assert variable_at(github(repository="acme/web", app=app), ("app", "private_key_env")) == "KEY"
    assert variable_at(github(repository="acme/web", token_file="t"), ("token_file",)) is None
    assert variable_at(github(repository="acme/web"), ()) is None


EVERY_INPUT = [each for name in (*FRAMEWORKS, *VARIANTS) for each in framework_named(name).first_inputs]


@pytest.mark.parametrize("each", EVERY_INPUT, ids=lambda each: each.name)
def test_what_is_counted_with_where_nobody_has_an_input_is_on_its_scale(each):
    worth = stand_in(each)
    assert off_scale(each.scale.min if worth is None else worth, each.scale) is None
    assert worth is not None or each.scale.max is not None
    assert worth is None or not each.allowed or worth in each.allowed


def test_what_is_counted_with_is_told_by_its_word():
    (moscow,) = FRAMEWORKS["moscow"].inputs
    assert stand_in_words(moscow) == "2 (could)"
    assert stand_in_words(FRAMEWORKS["rice"].inputs[0]) == "1"
    assert "median" in stand_in_words(FRAMEWORKS["ice"].inputs[0])


@pytest.mark.parametrize("name", [*FRAMEWORKS, *VARIANTS])
def test_a_file_whose_inputs_are_all_assumed_scores_everything_and_says_so(name, tmp_path):
    inputs = [each.name for each in framework_named(name).first_inputs if not each.expression]
    draft = TrackerDraft(
        name="w#eb: x",
        connector="github",
        settings={"repository": "acme/web"},
        sources={each: ("label", f"{each}/{{value}}") for each in inputs},
        assumed={each: assumption("w#eb: x", Held(3, 0, 0)) for each in inputs},
    )
    text = starter(name, [draft])
    config = tried(text, tmp_path / "trackersync.yaml")
    read = [each for each in config.rules.inputs if each.name in inputs]
    assert "block" not in {each.missing.policy for each in read}
    assert text.count('# Assumed: 0 of the 3 issues seen on "w#eb: x" hold it there.') == len(inputs)
    assert max(map(len, text.splitlines())) <= 120


def test_one_tracker_for_which_an_input_is_assumed_is_enough_and_none_is_not(tmp_path):
    sources = {each.name: ("label", f"{each.name}/{{value}}") for each in FRAMEWORKS["ice"].inputs}
    drafts = [
        TrackerDraft(
            name=name, connector="github", settings={"repository": "acme/web"}, sources=sources, assumed=assumed
        )
        for name, assumed in (("a", {}), ("b", {"ease": "who knows"}))
    ]
    rules = tried(starter("ice", drafts), tmp_path / "trackersync.yaml").rules
    assert [each.missing.policy for each in rules.inputs] == ["block", "block", "neutral"]


def test_a_text_that_is_tried_leaves_no_file_and_is_told_of_by_the_files_name(tmp_path):
    with pytest.raises(ConfigError) as caught:
        tried("version: 2\n", tmp_path / "team.yaml")
    assert str(tmp_path / "team.yaml") in caught.value.message
    assert not list(tmp_path.iterdir())


def test_a_place_is_meant_by_number_by_name_or_as_a_pattern():
    said = ("2", "REACH", "i/{value}", "9", "Nothing")
    assert [place_meant(each, FIELDS, ALL, known=True) for each in said] == [
        *(FIELDS[1], FIELDS[0], ("label", "i/{value}"), None, None),
    ]
    assert place_meant("Any Field", [], ALL, known=False) == ("field", "Any Field")
    assert place_meant("i/{value}", [], frozenset({"field"}), known=True) is None
    assert place_meant("", [], ALL, known=False) is None
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
