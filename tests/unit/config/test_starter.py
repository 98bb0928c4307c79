"""A starter, whole or only its sections, loads as it is and as its comments say that it can be changed."""

import re
from pathlib import Path

import pytest

from trackersync.config import load_config, starter
from trackersync.config.starter import sections
from trackersync.errors import TrackersyncError
from trackersync.registry import Registry
from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS, formula_of, worked_formula

PRESETS = Path(__file__).parents[3] / "config" / "frameworks"
NAMES = {**FRAMEWORKS, **VARIANTS}
MINIMAL = """\
version: 1
trackers:
  code: {connector: github, repository: acme/web, token_env: GITHUB_TOKEN}
  service: {connector: jira, url: "https://acme.atlassian.net", token_env: JIRA_TOKEN, jql: project = CORE}
"""


@pytest.fixture
def loaded(tmp_path):
    """What a text means as a file."""

    def load(text):
        file = tmp_path / "trackersync.yaml"
        file.write_text(text, encoding="utf-8")
        return load_config(file, Registry())

    return load


def written_out(text):
    """The sections with the formula in the place of the framework, as their comments tell how."""
    lines = re.sub(r"^  framework: .*\n", "", text, flags=re.MULTILINE)
    lines = re.sub(r"^  # (framework: formula|expression: .*)$", r"  \1", lines, flags=re.MULTILINE)
    return re.sub(r"^    weight: .*\n", "", lines, flags=re.MULTILINE) if "remove the weights" in text else lines


@pytest.mark.parametrize("name", NAMES)
def test_every_framework_has_a_starter_that_check_accepts(name, loaded):
    config = loaded(starter(name))
    assert config.rules.framework == NAMES[name].name
    assert {tracker.connector for tracker in config.trackers.values()} == {"github", "jira"}


@pytest.mark.parametrize("name", NAMES)
def test_the_sections_of_a_framework_can_be_pasted_into_a_minimal_file(name, loaded):
    rules = loaded(MINIMAL + sections(name)).rules
    assert rules.framework == NAMES[name].name
    assert [each.name for each in rules.inputs] == [each.name for each in NAMES[name].first_inputs]
    assert formula_of(rules) == worked_formula(NAMES[name], NAMES[name].examples[0])


@pytest.mark.parametrize("name", NAMES)
def test_the_formula_can_be_written_out_to_be_changed(name, loaded):
    own, changed = loaded(MINIMAL + sections(name)), loaded(MINIMAL + written_out(sections(name)))
    assert changed.rules.framework == "formula"
    assert formula_of(changed.rules) == formula_of(own.rules)
    doubled = written_out(sections(name)).replace("\n  expression: ", "\n  expression: 2 * ")
    assert formula_of(loaded(MINIMAL + doubled).rules) == f"2 * {formula_of(own.rules)}"


@pytest.mark.parametrize("name", NAMES)
def test_the_sections_are_those_of_the_starter(name):
    inputs, scoring = sections(name).split("\n\n")
    assert inputs in starter(name)
    assert scoring.partition("  normalize:")[0] in starter(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_presets_in_config_are_the_starters(name):
    assert (PRESETS / f"{name}.yaml").read_text(encoding="utf-8") == starter(name), (
        "write it anew: trackersync init --framework NAME"
    )


def test_there_is_a_preset_for_every_framework_and_no_other():
    assert {file.stem for file in PRESETS.glob("*")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_starter_has_obvious_placeholders_and_fits_a_screen(name):
    text = starter(name)
    assert "YOUR-ORG/YOUR-REPOSITORY" in text
    assert "https://YOUR-SITE.atlassian.net" in text
    assert max(map(len, text.splitlines())) <= 120


def test_an_unknown_framework_gets_the_nearest_one():
    for write in (starter, sections):
        with pytest.raises(TrackersyncError) as caught:
            write("wjsf")
        assert caught.value.hint == "did you mean wsjf?"
