"""docs/configuration.md names every key of the file and no other, and what it shows is accepted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from trackersync.cli.options import APPLYING_GUARDS, GUARDS
from trackersync.config import load_config, rules_shape, shape
from trackersync.registry import Registry
from trackersync.scoring.rules import Aggregate, Normalization
from trackersync.scoring.scales import SCALES
from trackersync.sync.rule_tests import run_tests

PAGE = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text(encoding="utf-8")
SECTIONS = {
    heading.strip("`"): set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    for heading, table in re.findall(r"^##+ (.+?)\n(?:(?!^#).*\n)*?(?=^\| key \|)((?:^\|.*\n)+)", PAGE, re.MULTILINE)
}
BLOCKS = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMPLETE = [text for kind, name, text in BLOCKS if (kind, name) == ("yaml", "complete")]
PARTS = [text for kind, name, text in BLOCKS if (kind, name) == ("yaml", "")]
BESIDE = {name: text for kind, name, text in BLOCKS if kind == "csv"}

SHAPES = {
    "The file": shape.FileShape,
    "trackers": shape.TrackerShape,
    "inputs": rules_shape.InputShape,
    "from": rules_shape.SourceShape,
    "table": rules_shape.TableShape,
    "scale": rules_shape.ScaleShape,
    "missing": rules_shape.MissingShape,
    "votes": rules_shape.VotesShape,
    "A vote": rules_shape.VoteShape,
    "goals": rules_shape.GoalShape,
    "scoring": rules_shape.ScoringShape,
    "adjustments": rules_shape.AdjustmentShape,
    "half_life": rules_shape.HalfLifeShape,
    "inherit": rules_shape.InheritShape,
    "bands": rules_shape.BandShape,
    "write": shape.WriteShape,
    "labels": shape.LabelsShape,
    "fields` and `project_fields": shape.MeasuresShape,
    "capacity": shape.CapacityShape,
    "overrides": shape.OverridesShape,
    "guards": shape.GuardsShape,
    "tests": shape.ExampleShape,
    "expect": shape.ExpectShape,
}


@pytest.fixture
def config(tmp_path):
    """Loads a text with the files of the page beside it."""

    def config(text):
        for name, content in BESIDE.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        file = tmp_path / "trackersync.yaml"
        file.write_text(text, encoding="utf-8")
        return load_config(file, Registry())

    return config


def as_yaml(data, tmp_path):
    file = tmp_path / "part.yaml"
    YAML(typ="safe").dump(data, file)
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("heading", SHAPES)
def test_every_key_is_on_the_page_and_no_other(heading):
    keys = {info.alias or name for name, info in SHAPES[heading].model_fields.items() if not info.exclude}
    assert SECTIONS[heading] == keys


def test_every_mapping_of_the_file_has_a_section():
    there = {
        each
        for module in (shape, rules_shape)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, BaseModel) and each.model_fields
    }
    assert there == set(SHAPES.values())
    assert list(SECTIONS) == list(SHAPES)


@pytest.mark.parametrize("name", SCALES)
def test_a_named_scale_is_on_the_page_with_its_values(name):
    scale = SCALES[name]
    words = {worth: f"{word} " for word, worth in scale.words.items()}
    steps = ", ".join(f"{words.get(step, '')}{step:g}" for step in scale.steps)
    assert re.search(rf"^\| `{name}` \| {steps}[ ,]", PAGE, re.MULTILINE)


@pytest.mark.parametrize("word", [*get_args(Aggregate), *get_args(Normalization)])
def test_the_words_that_a_key_takes_are_on_the_page(word):
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("text", COMPLETE)
def test_a_complete_file_of_the_page_loads_and_passes_its_own_tests(text, config, now):
    loaded = config(text)
    verdicts = run_tests(loaded.rules, loaded.tests, now=now)
    assert [(each.name, each.failures) for each in verdicts if not each.passed] == []
    assert len(verdicts) > 2


@pytest.mark.parametrize("text", PARTS)
def test_a_part_of_a_file_loads_in_place_of_the_same_part_of_the_complete_one(text, config, tmp_path):
    yaml = YAML(typ="safe")
    part, whole = yaml.load(text), yaml.load(COMPLETE[0])
    assert part.keys() <= whole.keys()
    loose = {"tests": [], "votes": {}} if "inputs" in part or "bands" in part else {}
    config(as_yaml(whole | loose | part, tmp_path))


@pytest.mark.parametrize("guard", [*GUARDS, *APPLYING_GUARDS])
def test_every_guard_that_can_be_allowed_is_on_the_page(guard):
    assert f"`{guard}`" in PAGE


def test_there_is_something_to_show():
    assert len(COMPLETE) == 1
    assert len(PARTS) == 4
    assert set(BESIDE) == {"points.csv", "votes.csv"}
