"""Deliberately broken copies of the normative example: each tells all of its faults, and nothing else, by line."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from trackersync.config import load_config
from trackersync.errors import ConfigError
from trackersync.registry import Registry

ACME = Path(__file__).parents[4] / "shared" / "examples" / "acme.yaml"
pytestmark = pytest.mark.skipif(not ACME.exists(), reason="the shared examples are not here")


@dataclass(frozen=True)
class Fault:
    """One edit of the example; `at` is what the faulty line contains after all edits, by default `new`'s first line."""

    old: str
    new: str
    path: str
    says: str
    at: str = ""

    @property
    def marker(self):
        return self.at or self.new.splitlines()[0]


FAULTS = {
    "a float for the version": Fault("version: 1\n", "version: 1.0\n", "version", "must be 1, found the number 1.0"),
    "a version to come": Fault("version: 1\n", "version: 2\n", "version", "must be 1"),
    "a store of another kind": Fault(
        "sqlite:///trackersync.db ", "mysql://u:hunter2@host/db", "store", "not in mysql (choose from: "
    ),
    "an unknown connector": Fault(
        "connector: github", "connector: githb", "trackers.web.connector", "did you mean github? installed: "
    ),
    "a misspelt setting": Fault(
        "repository: acme/web",
        "repositry: acme/web",
        "trackers.web.repositry",
        "unknown key (did you mean repository?)",
    ),
    "a setting left out": Fault(
        "    jql: project = CORE AND statusCategory != Done\n", "", "trackers.core.jql", "is missing", at="  core:"
    ),
    "a setting of the wrong type": Fault(
        "board: 12", "board: twelve", "trackers.core.board", "expected a whole number, found the text 'twelve'"
    ),
    "a setting inside a setting": Fault(
        "without_labels: [", "without_lables: [", "trackers.web.select.without_lables", "did you mean without_labels?"
    ),
    "a word that is none of the allowed": Fault(
        "{state: open,", "{state: opne,", "trackers.web.select.state", "found the text 'opne' (did you mean open?)"
    ),
    "an unknown section": Fault("hysteresis: 2", "hysterisis: 2", "hysterisis", "did you mean hysteresis?"),
    "an unknown name in from": Fault(
        "jira: {field: Reach}",
        "jria: {field: Reach}",
        "inputs.reach.from.jria",
        "names neither a tracker nor a connector in use (did you mean jira?)",
    ),
    "a kind the connector cannot read": Fault(
        "jira: {field: Reach}",
        "jira: {project_field: Reach}",
        "inputs.reach.from.jira.project_field",
        "jira has no project_field to read from (it reads: field, label)",
    ),
    "two kinds at once": Fault(
        "jira: {field: Reach}",
        'jira: {field: Reach, label: "r-{value}"}',
        "inputs.reach.from.jira",
        "names field and label (give exactly one of",
    ),
    "a label pattern without a value": Fault(
        'label: "impact/{value}"', "label: impact", "inputs.impact.from.github.label", "has no {value}"
    ),
    "a text for a number": Fault(
        "scale: {min: 0}", "scale: {min: zero}", "inputs.reach.scale.min", "expected a number, found the text 'zero'"
    ),
    "a missing policy that is none": Fault(
        "missing: worst", "missing: wurst", "inputs.effort.missing", "expected block, neutral, worst or {default: "
    ),
    "a word worth a word": Fault("massive: 3,", "massive: lots,", "inputs.impact.values.massive", "expected a number"),
    "an input from nowhere": Fault(
        "    expression: votes + reactions + watchers / 10",
        "    missing: block",
        "inputs.demand",
        "has neither from nor expression",
        at="  demand:\n",
    ),
    "an unknown column in an expression": Fault(
        "votes + reactions", "vote + reactions", "inputs.demand.expression", "did you mean votes?"
    ),
    "an unknown framework": Fault("framework: rice", "framework: ricce", "scoring.framework", "did you mean rice?"),
    "a divisor that may be zero": Fault(
        "{min: 0.5}", "{min: 0}", "inputs.effort.scale", "above 0", at="scale: {min: 0}\n    missing: worst"
    ),
    "an adjustment that does two things": Fault(
        "multiply: 1.5",
        "multiply: 1.5\n      add: 2",
        "scoring.adjustments.0",
        "does 2 things: multiply, add",
        at="- name: regression",
    ),
    "an adjustment that does nothing": Fault(
        "      add: 10\n", "", "scoring.adjustments.1", "does nothing", at="- name: deadline"
    ),
    "a misspelt action": Fault("add: 10", "ad: 10", "scoring.adjustments.1.ad", "did you mean add?"),
    "two adjustments of one name": Fault(
        "- name: cooling",
        "- name: deadline",
        "scoring.adjustments.3.name",
        "two adjustments are named 'deadline'",
        at="- name: deadline\n      half_life",
    ),
    "a condition cut short": Fault(
        "when: due_in_days < 14", "when: due_in_days <", "scoring.adjustments.1.when", "complete expression"
    ),
    "a half-life of no days": Fault(
        "days: 180", "days: 0", "scoring.adjustments.3.half_life.days", "must be more than 0, found 0"
    ),
    "an unknown normalization": Fault(
        "normalize: percentile", "normalize: percentle", "scoring.normalize", "did you mean percentile?"
    ),
    "digits in halves": Fault("round: 0", "round: 0.5", "scoring.round", "expected a whole number"),
    "two bands of one name": Fault(
        "P3: {}", "P3: {}\n  P0: {count: 3}", "bands.P0", "is given twice, first in line", at="P0: {count: 3}"
    ),
    "a share without its percent sign": Fault("share: 20%", "share: 20", "bands.P1.share", "did you mean 20%?"),
    "a share in words": Fault("share: 20%", "share: some", "bands.P1.share", "expected a share such as 5% or 0.05"),
    "an unknown name in write": Fault(
        "  jira:\n    labels:", "  jirra:\n    labels:", "write.jirra", "names neither a tracker nor a connector in use"
    ),
    "a label that Jira cannot hold": Fault(
        'prefix: "priority-"',
        'prefix: "priority "',
        "write.jira.labels.prefix",
        "jira takes no label 'priority P0' (labels hold no spaces there)",
    ),
    "a place the connector lacks": Fault(
        "fields: {score: Priority Score, rank: Priority Rank}",
        "project_fields: {score: Priority Score}",
        "write.jira.project_fields",
        "jira has no project_fields to write",
    ),
    "an unknown measure": Fault("rank: Priority Rank", "rnak: Priority Rank", "write.jira.fields.rnak", "mean rank?"),
    "an order of another kind": Fault(
        "order: board", "order: project", "write.jira.order", "write `order: board`", at="order: project\n    notify"
    ),
    "a priority for no band": Fault("P3: Low}", "P4: Low}", "write.jira.priority.P4", "unknown band"),
    "a field that is also read": Fault(
        "{score: Priority Score,", "{score: Story Points,", "write.jira.fields.score", "the input effort is read from"
    ),
    "an expiry without a unit": Fault("expire: 30d", "expire: 30", "overrides.expire", "did you mean 30d?"),
    "a budget without a time": Fault(
        "hysteresis: 2", "budget: {web: 1000}\nhysteresis: 2", "budget.web", "did you mean 1000/h?"
    ),
    "a budget of nothing": Fault(
        "hysteresis: 2", "budget: {web: 0/d}\nhysteresis: 2", "budget.web", "nothing could be read or written"
    ),
    "a budget for nothing known": Fault(
        "hysteresis: 2", "budget: {jria: 9/h}\nhysteresis: 2", "budget.jria", "did you mean jira?"
    ),
    "a least move of a score that is nowhere shown": Fault(
        "fields: {score: Priority Score, rank: Priority Rank}",
        "min_score_change: 2",
        "write.jira.min_score_change",
        "no field shows the score",
    ),
    "a guard in words": Fault("max_changes: 5000", "max_changes: lots", "guards.max_changes", "a whole number"),
    "a guard above all": Fault("max_shrink: 20%", "max_shrink: 120%", "guards.max_shrink", "between 0% and 100%"),
    "a test of nothing known": Fault(
        "given: {type: bug,", "given: {typ: bug,", "tests.0.given.typ", "neither a built-in column nor an input"
    ),
    "a milestone without a value": Fault(
        "jira: {field: Reach}", "jira: {milestone: Q1}", "inputs.reach.from.jira.milestone", "has no {value}"
    ),
    "an unknown column to read": Fault(
        "jira: {field: Reach}", "jira: {column: watchrs}", "inputs.reach.from.jira.column", "did you mean watchers?"
    ),
    "a column that is a list": Fault(
        "jira: {field: Reach}", "jira: {column: labels}", "inputs.reach.from.jira.column", "is a list of texts"
    ),
    "our own priority read back": Fault(
        "jira: {field: Reach}",
        "jira: {column: priority}",
        "write.jira.priority",
        "the input reach is read from the priority, which this would write",
        at="    priority: {P0",
    ),
    "a table that is not there": Fault(
        "jira: {field: Reach}",
        "jira: {table: {file: reach.csv}}",
        "inputs.reach.from.jira.table",
        "reach.csv: the file does not exist",
    ),
    "an unknown scale": Fault("scale: {min: 0}", "scale: fibonaci", "inputs.reach.scale", "did you mean fibonacci?"),
    "a scale out of order": Fault(
        "scale: {min: 0}", "scale: [0, 2, 1]", "inputs.reach.scale", "ascend, each once (write [0, 1, 2])"
    ),
    "an uncertainty beyond all": Fault(
        "missing: worst", "uncertainty: 130%", "inputs.effort.uncertainty", "between 0% and 100%"
    ),
    "an unknown way to count votes": Fault(
        "missing: worst", "aggregate: medain", "inputs.effort.aggregate", "did you mean median?"
    ),
    "a vote on nothing known": Fault(
        "hysteresis: 2",
        "votes: {list: [{person: Ann, issue: CORE-7, input: impct, value: high}]}\nhysteresis: 2",
        "votes.list.0.input",
        "no input is named 'impct' (did you mean impact?)",
    ),
    "a goal that weighs nothing": Fault(
        "bands:", "goals: {speed: {weight: 0, label: perf}}\nbands:", "goals.speed.weight", "must be more than 0"
    ),
    "a goal that nothing serves": Fault(
        "bands:", "goals: {speed: {weight: 2}}\nbands:", "goals.speed", "nothing says which issues serve it"
    ),
    "a rule that excludes nothing": Fault(
        "add: 10", "exclude: false", "scoring.adjustments.1.exclude", "expected true, found false"
    ),
    "a budget in words": Fault("{share: 5%}", "{share: 5%, budget: some}", "bands.P0.budget", "expected a share"),
    "a test of needs unknown": Fault(
        "    expect: {above: {type: story, reach: 100, impact: high, confidence: 1, effort: 2}}",
        "    expect: {needs_input: [efort]}",
        "tests.0.expect.needs_input.0",
        "did you mean effort?",
    ),
    "a norwegian boolean": Fault(
        "notify: false", "notify: no", "write.jira.notify", "expected true or false, found the text 'no'"
    ),
}

TOGETHER = {
    "one in every section": (
        "a float for the version",
        "a store of another kind",
        "a misspelt setting",
        "a text for a number",
        "an unknown framework",
        "two bands of one name",
        "an order of another kind",
        "an expiry without a unit",
        "a guard in words",
        "a test of nothing known",
    ),
    "several in one tracker": ("an unknown connector", "a misspelt setting", "a setting inside a setting"),
    "all about scoring": (
        "an unknown scale",
        "an unknown column to read",
        "an unknown way to count votes",
        "a vote on nothing known",
        "a goal that weighs nothing",
        "a rule that excludes nothing",
        "a budget in words",
        "a test of needs unknown",
    ),
    "several in one line": ("a setting inside a setting", "a word that is none of the allowed"),
    "several in one input": ("a word worth a word", "a label pattern without a value"),
    "several inputs": ("an unknown name in from", "a missing policy that is none", "an input from nowhere"),
    "all adjustments": (
        "an adjustment that does two things",
        "a misspelt action",
        "a condition cut short",
        "a half-life of no days",
    ),
    "all about writing": (
        "an unknown name in write",
        "a label that Jira cannot hold",
        "an unknown measure",
        "a priority for no band",
        "an order of another kind",
        "a norwegian boolean",
    ),
}

CASES = {name: (name,) for name in FAULTS} | TOGETHER


def broken(names):
    """The example with these faults, and what has to be told about it: (line, path, words) in file order."""
    text = ACME.read_text(encoding="utf-8")
    for name in names:
        assert FAULTS[name].old in text, name
        text = text.replace(FAULTS[name].old, FAULTS[name].new, 1)
    told = []
    for name in names:
        fault = FAULTS[name]
        assert fault.marker in text, name
        told.append((text[: text.index(fault.marker)].count("\n") + 1, fault.path, fault.says))
    return text, told


@pytest.mark.parametrize("names", CASES.values(), ids=CASES)
def test_a_broken_copy_tells_every_fault_with_its_line_and_nothing_else(names, tmp_path):
    text, told = broken(names)
    file = tmp_path / "trackersync.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file, Registry())
    found = [(problem.line, ".".join(map(str, problem.path))) for problem in caught.value.problems]
    renamed = _as_renamed(names, told)
    assert sorted(found) == sorted((line, path) for line, path, _ in renamed), str(caught.value)
    lines = caught.value.message.splitlines()
    assert [line for line, _ in found] == sorted(line for line, _ in found)
    for line, path, says in renamed:
        assert any(each.startswith(f"{file}:{line}: {path}: ") and says in each for each in lines), (says, lines)


def _as_renamed(names, told):
    """Where the section itself is misspelt, the faults inside it stand under the misspelt name."""
    if "an unknown name in write" not in names:
        return told
    return [(line, path.replace("write.jira.", "write.jirra."), says) for line, path, says in told]


def test_no_fault_repeats_a_password(tmp_path):
    file = tmp_path / "trackersync.yaml"
    file.write_text(broken(["a store of another kind"])[0], encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file, Registry())
    assert "hunter2" not in str(caught.value)


def test_the_example_itself_has_no_fault():
    assert list(load_config(ACME, Registry()).trackers) == ["web", "core"]
