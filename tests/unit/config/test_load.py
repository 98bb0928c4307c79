"""What a file must say beyond its grammar, told in plain words."""

from datetime import timedelta

import pytest

from trackersync.config import load_config
from trackersync.errors import ConfigError
from trackersync.plan.policy import Capacity

HEAD = """\
version: 1
trackers:
  one: {connector: desk, url: "https://one.example"}
  two: {connector: shelf}
"""
SCORED = (
    HEAD
    + """\
inputs:
  size: {from: {desk: {field: Size}}, scale: {min: 1}}
scoring: {framework: formula, expression: 1 / size}
bands: {P0: {count: 1}, P1: }
"""
)
BAND_OF_ONE = (
    "10: tests.0.expect.band: these bands depend on the whole list, which an example has not"
    " (expect above, below or score, or give the bands a min_score)"
)


def test_a_file_with_trackers_and_a_formula_is_enough(load):
    config = load(HEAD + "scoring: {expression: age_days}\n")
    assert config.rules.framework == "formula"
    assert config.rules.bands == ()
    assert config.write["one"].label_prefix is None


def test_a_key_with_nothing_after_it_counts_as_left_out(load):
    config = load(SCORED + "write:\nguards:\n  max_changes:\noverrides: {expire: }\ntests:\n")
    assert config.guards.max_changes == 5000
    assert [band.name for band in config.rules.bands] == ["P0", "P1"]


def test_what_a_team_gets_done_is_so_much_in_some_time(load, problems):
    assert load(SCORED).capacity is None
    assert load(SCORED + "capacity: {points: 40}\n").capacity == Capacity(40, timedelta(weeks=2))
    (missing,) = problems(SCORED + "capacity: {per: 1w}\n")
    assert "capacity.points: is missing (say how much effort the team gets done" in missing
    (endless,) = problems(SCORED + "capacity: {points: 4, per: never}\n")
    assert "capacity.per: expected a duration such as 1w, 2w or 30d" in endless
    (nothing,) = problems(SCORED + "capacity: {points: 0}\n")
    assert "capacity.points" in nothing


def test_version_and_trackers_are_needed(problems):
    assert problems("store: sqlite:///x.db\nscoring: {expression: age_days}\n") == [
        "1: version: is missing (write `version: 1` at the top of the file)",
        "1: trackers: is missing (name at least one place with issues; `trackersync init` shows how)",
    ]


def test_trackers_of_the_wrong_type_are_one_problem(problems):
    text = "version: 1\ntrackers: [desk]\n" + SCORED[len(HEAD) :] + "write: {desk: {labels: {prefix: p}}}\n"
    assert problems(text) == ["2: trackers: expected a mapping of keys to values, found a list"]


def test_a_file_that_is_no_mapping_is_told_so(problems):
    assert problems("- version: 1\n") == ["1: expected a mapping of keys to values, found a list"]


def test_a_missing_file_is_told_without_a_line(tmp_path, registry):
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "no.yaml", registry)
    assert str(caught.value).startswith(f"{tmp_path / 'no.yaml'}: the file does not exist (")


def test_a_tracker_without_a_connector_is_one_problem(problems):
    text = SCORED.replace("connector: desk, ", "")
    assert problems(text) == ["3: trackers.one.connector: is missing"]


def test_a_connector_like_none_is_one_problem(problems):
    (problem,) = problems(SCORED.replace("connector: desk", "connector: zzz"))
    assert problem.startswith("3: trackers.one.connector: no connector named 'zzz' is installed")


def test_a_connector_that_does_not_load_says_why(tmp_path, registry, monkeypatch):
    from trackersync.errors import PluginError

    def broken(self, name):
        raise PluginError("it is broken", hint="mend it")

    monkeypatch.setattr(type(registry), "load", broken)
    file = tmp_path / "t.yaml"
    file.write_text("version: 1\ntrackers: {a: {connector: desk}, b: {connector: dask}}\nscoring: {expression: '1'}\n")
    with pytest.raises(ConfigError) as caught:
        load_config(file, registry)
    assert [problem.message for problem in caught.value.problems] == ["it is broken", "it is broken"]


def test_settings_are_told_under_the_tracker(problems):
    text = SCORED.replace(
        '"https://one.example"',
        '"ftp://x", token_env: ghp_notforyou, select: {depth: 12, states: [1], sates: []}, login: {user: a}',
    )
    found = problems(text)
    assert found == [
        "3: trackers.one.url: is not of the expected form, found the text 'ftp://x' (it has to match ^https://)",
        "3: trackers.one.token_env: is not of the expected form, found another text (it has to match ^[A-Z_]+$)",
        "3: trackers.one.select.states.0: expected text, found the number 1 (put it in quotes)",
        "3: trackers.one.select.depth: must be at most 9, found 12",
        "3: trackers.one.select.sates: unknown key (did you mean states?)",
        "3: trackers.one.login.key_env: is missing",
        "3: trackers.one.login: expected text, found a mapping",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "desk: {field: Size}",
            "desk: {}",
            [
                (
                    "6: inputs.size.from.desk: names no place"
                    " (give exactly one of field, project_field, issue_field, label, milestone, column, table)"
                )
            ],
        ),
        (
            "desk: {field: Size}",
            "desk: {feld: Size}",
            ["6: inputs.size.from.desk.feld: unknown key (did you mean field?)"],
        ),
        (
            "desk: {field: Size}",
            "desk: {label: size}",
            [
                (
                    "6: inputs.size.from.desk.label: has no {value}, or more than one"
                    " (write it where the value stands in the label, such as impact/{value})"
                )
            ],
        ),
        (
            "desk: {field: Size}",
            "desk: Size",
            [("6: inputs.size.from.desk: expected a mapping of keys to values, found the text 'Size'")],
        ),
        (
            "desk: {field: Size}",
            "two: {field: Size}",
            ["6: inputs.size.from.two.field: shelf has no field to read from (did you mean issue_field?)"],
        ),
        (
            "{from: {desk: {field: Size}}, scale: {min: 1}}",
            "{from: {desk: {field: Size}}, expression: votes, scale: {min: 1}}",
            ["6: inputs.size.expression: stands beside from (keep one of the two)"],
        ),
        ("{from: {desk", "{form: {desk", ["6: inputs.size.form: unknown key (did you mean from?)"]),
        (
            "{from: {desk: {field: Size}}, scale: {min: 1}}",
            "5",
            [("6: inputs.size: expected a mapping of keys to values, found the number 5")],
        ),
        (
            "expression: 1 / size",
            "expression: [1]",
            [("7: scoring.expression: expected a number or an expression, found a list")],
        ),
        (
            "scoring: {framework: formula, expression: 1 / size}",
            "scoring: 5",
            [("7: scoring: expected a mapping of keys to values, found the number 5")],
        ),
        ("P1: ", "P1: 7", ["8: bands.P1: expected a mapping of keys to values, found the number 7"]),
        ("{count: 1}", "{count: 1, share: 2%}", ["8: bands.P0: a band has one limit, not share and count"]),
    ],
)
def test_one_fault_is_told_once(problems, old, new, told):
    assert old in SCORED
    assert problems(SCORED.replace(old, new)) == told


@pytest.mark.parametrize(
    ("write", "told"),
    [
        ("three: {}", "10: write.three: names neither a tracker nor a connector in use"),
        ("one: {labels: {prefix: ''}}", "10: write.one.labels.prefix: must not be empty"),
        ("one: {labels: {}}", "10: write.one.labels.prefix: is missing"),
        ("shelf: {labels: {prefix: 'long-prefix/'}}", "10: write.shelf.labels.prefix: shelf takes no label"),
        ("shelf: {project_fields: {score: S}}", "10: write.shelf.project_fields: tracker two has no project"),
        ("shelf: {order: project}", "10: write.shelf.order: tracker two has no project to keep it on"),
        ("one: {order: board}", "10: write.one.order: tracker one has no board to keep it on (add board: to trackers"),
        ("shelf: {notify: false}", "10: write.shelf.notify: shelf has no notify to write (it takes labels, project_fi"),
        ("one: {fields: {score: A, rank: a}}", "10: write.one.fields.rank: 'a' already shows the score"),
        ("one: {fields: {score: size}}", "10: write.one.fields.score: the input size is read from the field 'size'"),
        ("one: {priority: {P9: High}}", "10: write.one.priority.P9: unknown band (the bands are: P0, P1)"),
        ("one: {labels: {prefix: p-, colours: {P9: 'B60205'}}}", "10: write.one.labels.colours.P9: unknown band"),
        (
            "one: {labels: {prefix: p-, colours: {P0: red}}}",
            "10: write.one.labels.colours.P0: expected a colour",
        ),
        (
            "one: {labels: {prefix: p-, colours: {P0: 112233}}}",
            "10: write.one.labels.colours.P0: expected a colour",
        ),
        (
            "one: {labels: {prefix: p-, previously: p-old-}}",
            "10: write.one.labels.previously: labels with 'p-old-'",
        ),
        (
            "one: {labels: {prefix: p-, previously: P-}}",
            "10: write.one.labels.previously: labels with 'P-'",
        ),
        ("one: {issue_fields: {score: S}}", "10: write.one.issue_fields: desk has no issue_fields to write"),
        ("one: {comment: true}", "10: write.one.comment: desk has no comment to write"),
        ("shelf: {add_to_project: true}", "10: write.shelf.add_to_project: shelf has no add_to_project to write"),
        ("one: {priority: {P0: 1}}", "10: write.one.priority.P0: expected text, found the number 1 (put it in quotes)"),
    ],
)
def test_what_cannot_be_written_is_told(problems, write, told):
    (problem,) = problems(SCORED + "write:\n  " + write + "\n")
    assert problem.startswith(told)


def test_what_shows_bands_needs_bands(problems):
    write = "{labels: {prefix: p-}, fields: {band: B}, priority: {P0: High}}"
    found = problems(SCORED.replace("bands: {P0: {count: 1}, P1: }\n", "") + f"write: {{one: {write}}}\n")
    assert [each.split()[1] for each in found] == ["write.one.labels:", "write.one.priority:", "write.one.fields.band:"]


def test_a_tracker_that_is_only_read_takes_no_writes(problems):
    (problem,) = problems(SCORED.replace("connector: shelf", "connector: feed") + "write: {two: {order: board}}\n")
    assert problem == "9: write.two: feed only reads (remove this entry)"


@pytest.mark.parametrize(
    ("prefix", "pattern"), [("size/", "size/{value}"), ("s", "size/{value}"), ("size/p", "size/{value}")]
)
def test_band_labels_and_input_labels_are_kept_apart(problems, prefix, pattern):
    text = (
        SCORED.replace("{field: Size}", f'{{label: "{pattern}"}}')
        + f"write: {{one: {{labels: {{prefix: {prefix}}}}}}}\n"
    )
    (problem,) = problems(text)
    assert problem.startswith("9: write.one.labels.prefix: labels of the input size, 'size/{value}', would be taken")


def test_what_is_written_may_be_read_on_another_tracker(load):
    text = SCORED.replace("desk: {field: Size}", "two: {label: 'p/{value}'}, one: {field: Size}")
    config = load(text + "write: {one: {labels: {prefix: p/}}}\n")
    assert config.write["one"].label_prefix == "p/"


@pytest.mark.parametrize(
    ("adjustment", "told"),
    [
        ("{add: 1}", "10: scoring.adjustments.0.name: is missing (explanations show adjustments by name)"),
        ("{}", "10: scoring.adjustments.0.name: is missing|10: scoring.adjustments.0: does nothing"),
        ("7", "10: scoring.adjustments.0: expected a mapping of keys to values, found the number 7"),
        ("", "10: scoring.adjustments.0: expected a mapping of keys to values, found nothing"),
        ("{name: a, nmae: b, add: 1}", "10: scoring.adjustments.0.nmae: unknown key (did you mean name?)"),
        ("{nmae: b, add: 1}", "10: scoring.adjustments.0.nmae: unknown key (did you mean name?)"),
        ("{name: 5, add: 1}", "10: scoring.adjustments.0.name: expected text, found the number 5 (put it in quotes)"),
        ("{name: a, multiply: [2]}", "10: scoring.adjustments.0.multiply: expected a number or an expression, found a"),
        ("{name: a, half_life: {days: 3}}", "10: scoring.adjustments.0.half_life.of: is missing"),
        ("{name: a, inherit: blocks}", "10: scoring.adjustments.0.inherit: expected a mapping"),
        ("{name: a, inherit: {share: 2}}", "10: scoring.adjustments.0.inherit.share: a share lies between"),
        ("{name: a, add: siez}", "10: scoring.adjustments.0.add: "),
    ],
)
def test_an_adjustment_is_one_named_action(problems, adjustment, told):
    text = SCORED.replace(
        "scoring: {framework: formula, expression: 1 / size}",
        "scoring:\n  expression: 1 / size\n  adjustments:\n    - " + adjustment,
    )
    found = problems(text)
    assert len(found) == len(told.split("|")), found
    for problem, start in zip(found, sorted(told.split("|"), key=found[0].startswith, reverse=True), strict=True):
        assert problem.startswith(start)


def test_all_actions_become_rules(load):
    text = SCORED.replace(
        "scoring: {framework: formula, expression: 1 / size}",
        "scoring:\n  expression: 1 / size\n  adjustments:\n"
        "    - {name: a, multiply: 2, when: votes > 3, because: why}\n    - {name: b, add: votes}\n"
        "    - {name: c, half_life: {of: idle_days, days: 9}}\n    - {name: d, inherit: {}}\n",
    )
    from trackersync.scoring.rules import Add, Adjustment, HalfLife, Inherit, Multiply

    assert load(text).rules.adjustments == (
        Adjustment(name="a", action=Multiply("2"), when="votes > 3", because="why"),
        Adjustment(name="b", action=Add("votes")),
        Adjustment(name="c", action=HalfLife("idle_days", 9.0, 0.0)),
        Adjustment(name="d", action=Inherit("blocks", 1.0)),
    )


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("{given: {size: 1}}", ["10: tests.0.expect: is missing"]),
        ("{expect: {band: P0}}", ["10: tests.0.given: is missing", BAND_OF_ONE]),
        (
            "{given: {}, expect: {}}",
            ["10: tests.0.expect: expects nothing (give above, below, score, band, needs_input or excluded)"],
        ),
        ("{given: {size: 1}, expect: {band: P7}}", ["10: tests.0.expect.band: unknown band 'P7' (bands are: P0, P1)"]),
        ("{given: {size: 1}, expect: {abov: {}}}", ["10: tests.0.expect.abov: unknown key (did you mean above?)"]),
        (
            "{given: {size: [1]}, expect: {score: 1}}",
            [("10: tests.0.given.size: expected a text, a number, true, false or a list of texts, found a list")],
        ),
        (
            "{given: {size: 1}, expect: {score: much}}",
            [("10: tests.0.expect.score: expected a number, found the text 'much'")],
        ),
        ("7", ["10: tests.0: expected a mapping of keys to values, found the number 7"]),
    ],
)
def test_examples_give_and_expect(problems, test, told):
    assert problems(SCORED + "tests:\n  - " + test + "\n") == told


def test_examples_are_read_with_their_kinds(load):
    config = load(
        SCORED.replace("count: 1", "min_score: 1")
        + "tests:\n  - name: a\n    given: {size: 1, labels: [x, y], votes: ~, type: bug}\n"
        "    expect: {below: {size: 2}, score: 1, band: P0}\n"
    )
    (example,) = config.tests
    assert example.name == "a"
    assert example.given == {"size": 1, "labels": ("x", "y"), "votes": None, "type": "bug"}
    assert example.expect.below == {"size": 2}
    assert (example.expect.score, example.expect.band, example.expect.above) == (1.0, "P0", None)


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("trackersync.db", "is not the URL of a store (write sqlite:///FILE, or postgresql+psycopg://user@host/db)"),
        ("sqlite://", "names no SQLite file (write sqlite:///FILE; a store in memory would forget what was written)"),
        ("sqllite:///x", "stores are kept in SQLite or PostgreSQL, not in sqllite (did you mean sqlite?)"),
    ],
)
def test_a_store_that_cannot_be_is_told(problems, store, told):
    assert problems(SCORED + f"store: {store}\n") == [f"9: store: {told}"]


def test_a_folder_that_no_url_can_hold_is_told(tmp_path, registry):
    folder = tmp_path / "what?"
    folder.mkdir()
    (folder / "t.yaml").write_text(SCORED)
    with pytest.raises(ConfigError, match=r"has a \? in its name"):
        load_config(folder / "t.yaml", registry)


def test_problems_of_yaml_and_of_meaning_come_together(problems):
    found = problems(SCORED + "guards: !x {}\nhysteresis: a\nversion: 1\n")
    assert [each.partition(":")[0] for each in found] == ["9", "10", "11"]


def test_weights_are_for_the_weighted_framework(load, problems):
    text = SCORED.replace("scoring: {framework: formula, expression: 1 / size}", "scoring: {framework: weighted}")
    weighted = text.replace("scale: {min: 1}", "scale: {min: 1}, weight: -2")
    assert load(weighted).rules.inputs[0].weight == -2
    assert problems(text) == ["7: scoring.framework: `weighted` needs a `weight` on at least one input"]
    assert problems(weighted.replace("-2", "few")) == ["6: inputs.size.weight: expected a number, found the text 'few'"]
