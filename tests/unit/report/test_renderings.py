"""The ranked list and an explanation in every format, made harmless for where each is read."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from trackersync.report.explanation import now_and_needed, plain, short
from trackersync.report.ranking import render_csv, render_json, render_markdown
from trackersync.scoring.engine import NeedsInput, Ranking, Scored
from trackersync.scoring.sensitivity import Way


@pytest.fixture
def ranking(issue) -> Ranking:
    hostile = issue(1, title="=1+1 | [x](y) \x1b[31m @team \u202e")
    return Ranking(
        (Scored(hostile, 12.0, 1, "P0"), Scored(issue(2), 1.5, 2, "")),
        (
            NeedsInput(issue(3, title="a|b"), ("reach", "effort"), "reach: not set", ("Ann", "| Bob"), 2),
            NeedsInput(issue(4), (), "division by zero"),
        ),
        ("a warning",),
    )


def test_json_says_everything(ranking) -> None:
    document = json.loads(render_json(ranking, None))
    assert [entry["rank"] for entry in document["ranked"]] == [1, 2]
    assert [entry["band"] for entry in document["ranked"]] == ["P0", None]
    assert [entry["score"] for entry in document["ranked"]] == [12, 1.5]
    assert document["needs_input"][0]["missing"] == ["reach", "effort"]
    assert (document["warnings"], document["total"]) == (["a warning"], 2)


def test_only_the_first_are_shown_and_all_are_counted(ranking) -> None:
    document = json.loads(render_json(ranking, 1))
    assert (len(document["ranked"]), document["total"]) == (1, 2)
    assert len(render_csv(ranking, 1).splitlines()) == 2
    assert "CORE-2" not in render_markdown(ranking, 1)


def test_csv_holds_no_formula(ranking) -> None:
    rows = list(csv.DictReader(io.StringIO(render_csv(ranking, None))))
    assert rows[0]["title"].startswith("'=1+1")
    assert (rows[0]["score"], rows[1]["band"]) == ("12", "")


def test_markdown_tells_what_needs_input_and_why(ranking) -> None:
    text = render_markdown(ranking, None)
    assert "\nNeeds input:\n" in text
    assert "| memory:CORE-3 | reach, effort | Ann, \\| Bob | rank 2 | a\\|b |" in text
    assert "| memory:CORE-4 | division by zero |  |  | Issue 4 |" in text
    assert "| 1 | P0 | 12 | memory:CORE-1 | =1+1 \\| \\[x\\](y)" in text


@pytest.mark.parametrize("render", [render_json, render_csv, render_markdown])
def test_no_rendering_drives_a_terminal(ranking, render) -> None:
    assert not {"\x1b", "\u202e"} & set(render(ranking, None))


@pytest.mark.parametrize("render", [render_json, render_csv, render_markdown])
def test_nothing_ranked_is_no_error(render) -> None:
    assert render(Ranking((), (), ()), None)
    assert "Needs input" not in render(Ranking((), (), ()), 3)


@pytest.mark.parametrize(
    ("number", "said", "signed"),
    [("12.500", "12.5", "+12.5"), ("-3.00000", "-3", "-3"), ("1E+3", "1000", "+1000"), ("0.00004", "0.00004", "+0")],
)
def test_decimals_have_no_exponent_and_no_zeros_at_their_end(number, said, signed) -> None:
    assert plain(Decimal(number)) == said
    assert short(Decimal(number), signed=True) == signed


def test_what_is_needed_never_looks_like_what_is_there(issue) -> None:
    ways = (Way(issue(1), "worth", before, after, 0.1) for before, after in ((1.0, 2.0), (1.0, 1.000000001)))
    assert [now_and_needed(way) for way in ways] == [("1", "2"), ("1", "1.000000001")]
