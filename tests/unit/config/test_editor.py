from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from trackersync.config import schema
from trackersync.registry import Registry

ROOT = Path(__file__).parents[3]
ACME = ROOT.parent / "shared" / "examples" / "acme.yaml"


def errors(text, registry):
    validator = jsonschema.Draft202012Validator(schema(registry))
    return [error.json_path for error in validator.iter_errors(YAML(typ="safe").load(text))]


MINIMAL = "version: 1\ntrackers: {a: {connector: desk, url: https://x}}\n"


def test_the_schema_is_one(registry):
    jsonschema.Draft202012Validator.check_schema(schema(registry))


@pytest.mark.skipif(not ACME.exists(), reason="the shared examples are not here")
def test_the_schema_accepts_the_example():
    assert errors(ACME.read_text(encoding="utf-8"), Registry()) == []


@pytest.mark.parametrize("file", sorted((ROOT / "config").rglob("*.yaml")), ids=lambda file: file.stem)
def test_the_schema_accepts_every_file_in_config(file):
    assert errors(file.read_text(encoding="utf-8"), Registry()) == []


@pytest.mark.parametrize(
    "more",
    [
        "scoring: {framework: rice, normalize: none, round: 1}",
        "bands: {P0: {share: 5%}, P1: {share: 0.2}, P2: }",
        "overrides: {expire: never}",
        "inputs: {a: {from: {a: {field: A}}, missing: {default: 1}}}",
        "inputs: {a: {scale: t-shirt}, b: {scale: [1, 2]}, c: {scale: {min: 0}, uncertainty: 30%, aggregate: median}}",
        "inputs: {a: {from: {a: {milestone: 'Q{value}'}, b: {column: votes}, c: {table: {file: a.csv}}}}}",
        "votes: {file: a.csv, list: [{person: A, issue: X, input: a, value: 5, low: few}]}",
        "goals: {a: {weight: 2, label: x}, b: {weight: 1, epic: [x, y]}, c: {weight: 0.5, when: votes > 1}}",
        "scoring: {adjustments: [{name: a, set: 1}, {name: b, cap: votes}, {name: c, exclude: true}]}",
        "votes: {roles: {x: 2}, people: {A: x}, disagreement: 0.3, aggregate: trimmed}",
        "bands: {P0: {budget: 5%}}",
        "budget: {a: 1000/h, b: 60 / min, c: 20000/d}",
        "write: {a: {min_score_change: 0.5}}",
        "tests: [{given: {}, expect: {excluded: true}}, {given: {}, expect: {needs_input: [a]}}]",
    ],
)
def test_the_schema_knows_the_short_forms(registry, more):
    assert errors(MINIMAL + more, registry) == []


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ("scorin: {}", "$"),
        ("scoring: {framework: ricce}", "$.scoring.framework"),
        ("bands: {P0: {share: lots}}", "$.bands.P0"),
        ("overrides: {expire: 30}", "$.overrides.expire"),
        ("budget: {a: 1000}", "$.budget.a"),
        ("budget: {a: 0/h}", "$.budget.a"),
        ("budget: {a: 5/w}", "$.budget.a"),
        ("inputs: {a: {missing: blok}}", "$.inputs.a.missing"),
        ("scoring: {adjustments: [{add: 1}]}", "$.scoring.adjustments[0]"),
        ("scoring: {adjustments: [{name: a, exclude: false}]}", "$.scoring.adjustments[0].exclude"),
        ("inputs: {a: {scale: fibonaci}}", "$.inputs.a.scale"),
        ("inputs: {a: {from: {a: {column: labels}}}}", "$.inputs.a.from"),
        ("inputs: {a: {from: {a: {table: {issue: b}}}}}", "$.inputs.a.from"),
        ("votes: {list: [{person: A, issue: X, input: a}]}", "$.votes.list[0]"),
        ("votes: {roles: {x: 0}}", "$.votes.roles.x"),
        ("goals: {a: {label: x}}", "$.goals.a"),
        ("goals: {a: {weight: 2}}", "$.goals.a"),
        ("tests: [{given: {}, expect: {needs_input: []}}]", "$.tests[0].expect"),
    ],
)
def test_the_schema_refuses_what_check_refuses(registry, more, where):
    assert errors(MINIMAL + more, registry) == [where]


def test_the_schema_knows_every_connectors_settings(registry):
    assert errors(MINIMAL.replace("url: https://x", "url: https://x, select: {states: [a]}"), registry) == []
    assert errors(MINIMAL.replace("url: https://x", "url: https://x, selct: {}"), registry) == ["$.trackers.a"]
    assert errors(MINIMAL.replace("desk", "dask"), registry) == ["$.trackers.a"]


def test_a_connector_that_does_not_load_is_left_out(registry, monkeypatch):
    names = registry.names()
    monkeypatch.setattr(type(registry), "names", lambda _: (*names, "broken"))
    sections = schema(registry)["$defs"]["TrackerShape"]["oneOf"]
    assert "broken" not in [section["properties"]["connector"]["const"] for section in sections]


def test_editors_show_what_a_key_is_for(registry):
    assert schema(registry)["properties"]["bands"]["description"].startswith("Classes of issues in order")
