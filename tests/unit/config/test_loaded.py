from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from trackersync.config import load_config
from trackersync.config.storage import absolute_store
from trackersync.connector import FieldNames
from trackersync.plan.policy import Guards, Overrides, WritePolicy
from trackersync.scoring.rules import Band, Input, InputSource, Missing, Rules, Scale
from trackersync.transport.allowance import Rate

TEXT = """\
version: 1
trackers:
  one: {connector: desk, url: "https://one.example", board: 3}
  two: {connector: desk, url: "https://two.example"}
  three: {connector: shelf, project: 7}
inputs:
  size:
    from:
      desk: {field: Size}
      two: {field: Weight}
      shelf: {project_field: Size}
    values: {big: 3, 1: 1}
    scale: {min: 1, max: 3}
    missing: {default: 1}
  worth:
    from: {desk: {label: "worth/{value}"}, shelf: {issue_field: Worth}}
    missing: neutral
scoring: {framework: formula, expression: worth / size}
bands:
  P0: {share: 5%}
  P1:
write:
  desk: {labels: {prefix: p-}, fields: {score: Score, band: Band}, priority: {P0: High}, notify: false}
  one: {fields: {rank: Rank}, order: board}
overrides: {expire: 2w}
guards: {max_changes: 10, max_shrink: 5%}
"""


def test_inputs_keep_all_that_the_file_says(load):
    size, worth = load(TEXT).rules.inputs
    assert size == Input(
        name="size",
        sources={
            "desk": InputSource("field", "Size"),
            "two": InputSource("field", "Weight"),
            "shelf": InputSource("project_field", "Size"),
        },
        values={"big": 3.0, "1": 1.0},
        scale=Scale(1, 3),
        missing=Missing("default", 1.0),
    )
    assert worth.missing == Missing("neutral")
    assert worth.sources["shelf"] == InputSource("issue_field", "Worth")


def test_bands_keep_their_order(load):
    assert load(TEXT).rules.bands == (Band(name="P0", share=0.05), Band(name="P1"))


def test_an_entry_of_a_tracker_replaces_its_connectors_entry_as_a_whole(load):
    write = load(TEXT).write
    assert write["one"] == WritePolicy(fields={"rank": "Rank"}, order=True)
    assert write["two"] == WritePolicy(
        label_prefix="p-", fields={"score": "Score", "band": "Band"}, priority={"P0": "High"}, notify=False
    )
    assert write["three"] == WritePolicy()


def test_limits_and_expiry_are_typed(load):
    config = load(TEXT)
    assert config.guards == Guards(max_changed_share=0.5, max_changes=10, max_shrink=0.05)
    assert config.overrides == Overrides(timedelta(weeks=2))
    assert load(TEXT.replace("2w", "never")).overrides == Overrides(None)


def test_a_budget_is_each_trackers_own_by_its_name_or_by_its_connectors(load):
    config = load(TEXT + "budget: {desk: 1000/h, one: 60 / min}\n")
    assert config.budget == {"one": Rate(60, "min"), "two": Rate(1000, "h")}
    assert load(TEXT).budget == {}


def test_what_guards_bands_is_their_budget(load):
    config = load(TEXT.replace("P0: {share: 5%}", "P0: {share: 5%, budget: 10%}"))
    assert config.guards.band_budget == {"P0": 0.1}


def test_wanted_are_the_fields_that_are_read_or_written_there(load):
    config = load(TEXT)
    assert config.wanted("one") == FieldNames(frozenset({"Size", "Rank"}))
    assert config.wanted("two") == FieldNames(frozenset({"Weight", "Score", "Band"}))
    assert config.wanted("three") == FieldNames(frozenset({"Worth"}), frozenset({"Size"}))


@pytest.mark.parametrize(
    ("rules", "columns"),
    [
        ("scoring: {framework: formula, expression: worth / size}", set()),
        ("scoring: {framework: formula, expression: worth + comments}", {"comments"}),
        ("scoring: {framework: formula, expression: worth + reactions}", set()),
        (
            "scoring: {framework: formula, expression: worth, adjustments: [{name: a, when: sprint = 'a', add: 1}]}",
            {"sprint"},
        ),
        (
            "scoring: {framework: formula, expression: worth}\ngoals: {near: {weight: 2, when: past_sprints > 1}}",
            {"past_sprints"},
        ),
    ],
)
def test_what_a_connector_reads_on_demand_is_wanted_only_where_the_rules_use_it(load, rules, columns):
    config = load(TEXT.replace("scoring: {framework: formula, expression: worth / size}", rules))
    assert config.wanted("one").columns == columns
    assert config.wanted("three").columns == set()


def test_a_column_that_is_an_input_is_used_where_it_is_read(load):
    text = TEXT.replace("      two: {field: Weight}\n", "      two: {column: votes}\n")
    config = load(text)
    assert (config.wanted("one").columns, config.wanted("two").columns) == (set(), {"votes"})


def test_the_columns_used_are_those_of_expressions_and_of_the_inputs_that_are_used_and_of_this_tracker(load):
    config = load(TEXT)

    def source(kind, name):
        return {"one": InputSource(kind, name), "two": InputSource("field", "Worth")}

    rules = Rules(
        framework="formula",
        expression="popular + level + sqrt(watchers)",
        inputs=(
            Input(name="popular", sources=source("column", "votes")),
            Input(name="level", sources=source("milestone", "M*")),
            Input(name="unused", sources=source("column", "reactions")),
        ),
    )
    assert config.columns_used(rules, "one") >= {"votes", "milestone", "watchers"}
    assert {"votes", "milestone", "reactions"}.isdisjoint(config.columns_used(rules, "two"))
    assert "reactions" not in config.columns_used(rules, "one")


def test_what_is_inherited_over_links_uses_links(load):
    inherits = (
        "scoring: {framework: formula, expression: worth, "
        "adjustments: [{name: up, inherit: {from: blocks, share: 0.5}}]}"
    )
    plain, inheriting = (
        load(TEXT.replace("scoring: {framework: formula, expression: worth / size}", scoring))
        for scoring in ("scoring: {framework: formula, expression: worth}", inherits)
    )
    assert "links" in inheriting.columns_used(inheriting.rules, "one")
    assert "links" not in plain.columns_used(plain.rules, "one")


def test_settings_are_the_connectors_own_model(load):
    tracker = load(TEXT).trackers["one"]
    assert (tracker.name, tracker.connector, tracker.source.kind) == ("one", "desk", "desk")
    assert isinstance(tracker.settings, tracker.source.Settings)
    assert tracker.settings.board == 3


def test_a_problem_found_later_gets_the_line_of_its_key_or_of_the_one_around_it(load):
    config = load(TEXT)
    assert config.problem(("trackers", "two", "url"), "no answer").line == 4
    problem = config.problem(("trackers", "three", "token_env"), "DESK_TOKEN is not set", "export it")
    assert problem.render("t.yaml") == "t.yaml:5: trackers.three.token_env: DESK_TOKEN is not set (export it)"


def test_the_digest_tells_rules_apart_and_ignores_layout(load):
    digest = load(TEXT).rules_digest
    assert len(digest) == 64
    assert load("# a comment\n\n" + TEXT.replace("{min: 1, max: 3}", "{max: 3.0, min: 1.0}")).rules_digest == digest
    assert load(TEXT.replace("2w", "3w")).rules_digest == digest
    assert (
        load(TEXT.replace("worth / size", "size / worth").replace("missing: neutral", "scale: {min: 1}")).rules_digest
        != digest
    )


def test_the_digest_tells_apart_what_differs_in_kind_only(load):
    rule = "scoring: {framework: formula, expression: worth / size, adjustments: [{name: a, RULE}]}"
    text = TEXT.replace("scoring: {framework: formula, expression: worth / size}", rule)
    rules = ("cap: 50", "floor: 50", "set: 50", "multiply: 50", "add: 50", "exclude: true", "inherit: {}")
    assert len({load(text.replace("RULE", each)).rules_digest for each in rules}) == len(rules)


def test_the_digest_covers_votes_with_their_dates_and_goals(load):
    vote = "votes: {list: [{person: A, issue: X, input: size, value: 1, date: 2026-05-01}]}\n"
    goal = "goals: {a: {weight: 2, label: x}}\n"
    texts = (TEXT, TEXT + vote, TEXT + vote.replace("05-01", "05-02"), TEXT + goal, TEXT + goal.replace("2", "3"))
    assert len({load(text).rules_digest for text in texts}) == len(texts)
    assert load(TEXT + vote).rules_digest == load(TEXT + vote + "# again\n").rules_digest


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("sqlite:///a.db", "{folder}/a.db"),
        ("sqlite:///deep/a.db", "{folder}/deep/a.db"),
        ("sqlite+pysqlite:///a b.db", "{folder}/a b.db"),
        ("sqlite:///a.db?timeout=5", "{folder}/a.db"),
        ("sqlite:////var/a.db", "/var/a.db"),
        ("sqlite:///:memory:", ":memory:"),
        ("postgresql+psycopg://u@h/db", "db"),
    ],
)
def test_a_relative_file_is_taken_from_the_files_own_folder(tmp_path, url, database):
    found = make_url(absolute_store(url, tmp_path))
    assert found.database == database.format(folder=tmp_path)
    assert found.query == ({"timeout": "5"} if "?" in url else {})


def test_the_store_is_beside_the_file_wherever_the_program_is_started(tmp_path, registry, monkeypatch):
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "t.yaml").write_text(TEXT)
    monkeypatch.chdir(tmp_path)
    config = load_config(Path("team/t.yaml"), registry)
    assert config.store == f"sqlite:///{tmp_path}/team/trackersync.db"
    assert config.file == Path("team/t.yaml")
