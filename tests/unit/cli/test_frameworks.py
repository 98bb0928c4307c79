"""`trackersync frameworks` shows what there is, and prints what can be pasted and changed."""

from __future__ import annotations

import json

import pytest

from trackersync.config.starter import sections
from trackersync.report.frameworks import frameworks_table, inputs_table, published
from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS

ALL = {**FRAMEWORKS, **VARIANTS}


def test_the_list_has_what_each_framework_is_and_its_formula(run):
    ran = run("frameworks")
    assert (ran.code, ran.err) == (0, "")
    for name, framework in ALL.items():
        assert f"\n{name} " in ran.out
        assert framework.doc in ran.out
        assert framework.expression in ran.out


def test_no_formula_of_the_list_is_broken_in_a_terminal_of_80_columns():
    names, texts = zip(*frameworks_table(ALL).rows, strict=True)
    assert max(map(len, names)) + 2 + max(map(len, texts[1::2])) <= 80


@pytest.mark.parametrize("name", ALL)
def test_one_framework_is_told_in_full_and_ends_with_what_can_be_pasted(name, run):
    framework = ALL[name]
    ran = run("frameworks", name)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{name}: {framework.doc}\n")
    assert f"\nSource: {framework.source}\n" in ran.out
    for wanted, _ in inputs_table(framework).rows:
        assert f"\n{wanted} " in ran.out
    for source, cases in published(framework):
        assert "".join(f"  {case}\n" for case in cases) + f"      {source}\n" in ran.out
    assert ran.out.endswith(f"\n\n{sections(name)}")


@pytest.mark.parametrize("name", ALL)
def test_as_yaml_only_that_is_printed_which_can_be_pasted(name, run):
    assert run("frameworks", name, "--format", "yaml").out == sections(name)


def test_the_json_of_one_is_an_entry_of_the_list_and_has_its_yaml(run):
    listed = {each["name"]: each for each in json.loads(run("frameworks", "--format", "json").out)["frameworks"]}
    assert list(listed) == list(ALL)
    one = json.loads(run("frameworks", "rice", "--format", "json").out)
    assert one.pop("yaml") == sections("rice")
    assert one == listed["rice"]
    assert listed["kano-survey"]["framework"] == "kano"
    assert one["inputs"][1] == {
        "name": "impact",
        "doc": "on each of them",
        "min": 0.25,
        "max": 3,
        "own_values": [0.25, 0.5, 1, 2, 3],
        "words": {"massive": 3, "high": 2, "medium": 1, "low": 0.5, "minimal": 0.25},
        "relative": False,
        "weight": None,
        "expression": None,
    }
    assert one["examples"][0] == {
        "given": {"reach": 450, "impact": 3, "confidence": 1, "effort": 2},
        "inputs": [],
        "filled": "450 * 3 * 1 / 2",
        "score": 675,
        "digits": None,
        "source": FRAMEWORKS["rice"].examples[0].source,
    }


def test_an_unknown_name_is_a_wrong_use_with_the_nearest_one(run):
    ran = run("frameworks", "wsfj")
    assert (ran.code, ran.out) == (2, "")
    assert "no framework is named 'wsfj'; did you mean wsjf?" in ran.err


def test_yaml_is_of_one_framework(run):
    ran = run("frameworks", "--format", "yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "needs a NAME" in ran.err
