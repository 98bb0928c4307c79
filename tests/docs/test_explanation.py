"""The worked examples of docs/explanation are what the engine computes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from trackersync.scoring.bands import assign_bands
from trackersync.scoring.calculation import calculate
from trackersync.scoring.columns import Kind
from trackersync.scoring.engine import score
from trackersync.scoring.evaluate import series
from trackersync.scoring.robustness import simulate
from trackersync.scoring.rules import Band, Input, InputSource, Missing, Rules, Scale

FOLDER = Path(__file__).parents[2] / "docs" / "explanation"
HYSTERESIS, LIES = ((FOLDER / f"{name}.md").read_text(encoding="utf-8") for name in ("hysteresis", "why-scores-lie"))


def tables(page: str) -> list[list[list[str]]]:
    """The rows of every table of a page, without its head."""
    found = re.findall(r"^\|[ :|-]+\|\n((?:\|.*\n)+)", page, re.MULTILINE)
    return [[[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()] for table in found]


def field(name: str, **changes) -> Input:
    return Input(name=name, sources={"memory": InputSource("field", name)}, **changes)


def nights(bands: Sequence[Band], hysteresis: float, lists: Sequence[Sequence[float]], places: Sequence[int]):
    """The band of the issue that stands at each night's place, by the band that it had the night before."""
    before = None
    for scores, place in zip(lists, places, strict=True):
        standing = [before if number == place else None for number in range(1, len(scores) + 1)]
        columns = series(Kind.NUMBER, scores), series(Kind.TEXT, standing), series(Kind.NUMBER, [None] * len(scores))
        before = assign_bands(bands, hysteresis, *columns).to_list()[place - 1]
        yield before


def changes(bands: Sequence[str]) -> int:
    return sum(before != after for before, after in pairwise(bands))


def test_an_issue_goes_through_the_nights_by_place_as_the_table_says() -> None:
    rows = tables(HYSTERESIS)[0]
    places, lists = [int(row[1]) for row in rows], [[float(20 - n) for n in range(20)]] * len(rows)
    bands = (Band(name="P0", share=0.1), Band(name="P1"))
    without, with_it = (list(nights(bands, percent, lists, places)) for percent in (0, 10))
    assert (without, with_it) == ([row[2] for row in rows], [row[3] for row in rows])
    told = f"the label changes {changes(without)} times after the first night, with it {changes(with_it)} times"
    assert told in " ".join(HYSTERESIS.split())


def test_an_issue_goes_through_the_nights_by_score_as_the_table_says() -> None:
    rows = tables(HYSTERESIS)[1]
    lists = [[float(row[1])] for row in rows]
    bands = (Band(name="P0", min_score=90), Band(name="P1"))
    without, with_it = (list(nights(bands, points, lists, [1] * len(rows))) for points in (0, 3))
    assert (without, with_it) == ([row[2] for row in rows], [row[3] for row in rows])
    assert changes(without) == changes(with_it) == 2


NAMES = ("reach", "impact", "confidence", "effort")
SCALES = {"effort": Scale(min=0.5)}


@pytest.fixture
def listed(issue):
    """An issue for each row: its title, and a field for each name; an empty cell is none."""

    def listed(rows: Sequence[Sequence[str]], *names: str):
        fields = [{name: float(cell) for name, cell in zip(names, row[1:], strict=False) if cell} for row in rows]
        return [issue(n, title=row[0], fields=each) for n, (row, each) in enumerate(zip(rows, fields, strict=True), 1)]

    return listed


def by_formula(expression: str, *names: str, **changes) -> Rules:
    inputs = tuple(field(name, scale=SCALES.get(name, Scale())) for name in names)
    return Rules(framework="formula", **{"expression": expression, "inputs": inputs, **changes})


def test_estimates_of_30_percent_do_not_tell_the_first_two_apart(listed, now) -> None:
    shown, drawn = tables(LIES)[:2]
    off = {"reach": 0.3, "effort": 0.3}
    rules = Rules(framework="rice", inputs=tuple(field(name, uncertainty=off.get(name)) for name in NAMES))
    calculation = calculate(listed(shown, *NAMES), rules, now=now, bands_before={})
    ranked = score(listed(shown, *NAMES), rules, now=now).ranked
    assert [(each.issue.title, f"{each.score:g}") for each in ranked] == [(row[0], row[5]) for row in shown]
    assert [
        [each.issue.title, f"{each.top:.0%}", f"{each.best}–{each.worst}", str(each.group)]
        for each in simulate(calculation, top=1).chances
    ] == drawn


@pytest.mark.parametrize("row", tables(LIES)[3], ids=lambda row: row[0])
def test_what_stands_in_for_a_missing_number_decides_the_rank(row, listed, now) -> None:
    policy, points, rank = row[0].strip("`"), *row[1:]
    missing = Missing("default", 1) if "default" in policy else Missing(policy)
    inputs = (field("value"), field("effort", missing=missing, scale=SCALES["effort"]))
    rules = by_formula("value / effort", inputs=inputs, round=1)
    ranking = score(listed(tables(LIES)[2], "value", "effort"), rules, now=now)
    found = [(f"{each.score:g}", str(each.rank)) for each in ranking.ranked if each.issue.title == "C"]
    blocked = policy == "block"
    assert found == ([] if blocked else [(points, rank)])
    assert [each.issue.title for each in ranking.needs_input] == ["C"] * blocked


@pytest.mark.parametrize(("place", "formula"), [(4, "reach / effort"), (5, "reach * said / effort")])
def test_a_thing_that_is_counted_twice_outvotes_the_effort(place, formula, listed, now) -> None:
    rows = tables(LIES)[4]
    names = ("reach", "said", "effort")
    ranking = score(listed(rows, *names), by_formula(formula, *names), now=now)
    assert {each.issue.title: f"{each.score:.0f}" for each in ranking.ranked} == {row[0]: row[place] for row in rows}


def test_scores_that_grow_are_told_as_inflation(issue, now) -> None:
    rules = by_formula("value", "value", bands=(Band(name="P0", min_score=60, budget=0.2), Band(name="P1")))
    told = {}
    for when, scores, held in tables(LIES)[5]:
        issues = [issue(n, fields={"value": float(value)}) for n, value in enumerate(scores.split(), 1)]
        ranking = score(issues, rules, now=now)
        assert sum(each.band == "P0" for each in ranking.ranked) == int(held)
        told[when] = ranking.warnings
    assert not told["then"]
    assert f"```text\n{told['now'][0]}\n```" in LIES
