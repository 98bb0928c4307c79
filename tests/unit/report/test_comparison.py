"""A change of rules in words and numbers that a product manager reads in a pull request, whatever trackers send."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from trackersync.report.comparison import likeness, render_markdown, sections, summary
from trackersync.report.comparison_document import render_json
from trackersync.scoring.attribution import ORDER, WHOLE, Cause, Counted, RulesPart
from trackersync.scoring.comparison import RulesCompared, compare
from trackersync.scoring.engine import NeedsInput, Ranking, Scored
from trackersync.scoring.rules import Band, Rules

HOSTILE = "=1+1 | [x](y) \x1b[31m @team \u202e <script>"
TERM = Cause(part=RulesPart("term", ("value",)), before=4, after=6, points=0.5, others=3, others_points=0.75)
BUG = RulesPart("rule", ("bug",))
BEFORE = Rules(framework="rice", bands=(Band(name="P0", share=0.5), Band(name="P1")))
AFTER = replace(BEFORE, round=1)


@pytest.fixture
def entry(issue):
    return lambda number, rank, band="P0", **values: Scored(issue(number, **values), float(100 - rank), rank, band)


@pytest.fixture
def compared(entry, issue):
    """Of five issues the last two change places and bands, one falls out, one comes in."""
    one, two, three = (entry(number, number) for number in (1, 2, 3))
    up, down = entry(4, 4, "P1", title=HOSTILE), entry(5, 3, "P0")
    before = Ranking((one, two, down, up, entry(6, 5, "P1")), (), ())
    lacking = NeedsInput(issue(6), ("effort",), f"effort: {HOSTILE}")
    after = Ranking((one, two, entry(4, 3, title=HOSTILE), entry(5, 4, "P1"), replace(three, rank=5)), (lacking,), ())
    cause = replace(TERM, others=1, inputs=(Counted("value", 2, 3),))
    return RulesCompared(
        before=BEFORE, after=AFTER, comparison=compare(before, after), causes={up.issue.ref.issue_key: cause}
    )


def markdown(compared, **options):
    return render_markdown("What would change", compared, **{"top": 10, "rules_first": True, **options})


def test_the_summary_says_what_it_comes_to(compared) -> None:
    assert summary(compared) == (
        "2 of 4 issues change places; 2 change bands, of them 1 into P0 and 1 out of it. "
        "The order is alike in the large only: in 83.3% of all pairs of issues the same one goes first. "
        "1 issue would no longer be ranked. 1 issue would be newly ranked."
    )


def test_the_rules_come_first_in_a_pull_request_and_last_in_a_comparison(compared) -> None:
    headings = [section.heading for section in sections(compared, top=10, rules_first=True)]
    assert headings == [
        "What changes in the rules",
        "How much moves",
        "From band to band (in brackets: those that stay)",
        "What comes into P0 (1 issue)",
        "What leaves P0 (1 issue)",
        "What moves furthest (2 issues)",
        "No longer ranked (1 issue)",
        "Newly ranked (1 issue)",
    ]
    compared_headings = [section.heading for section in sections(compared, top=10, rules_first=False)]
    assert compared_headings == [*headings[1:], headings[0]]


def test_how_many_of_the_first_stay_among_them_is_told_where_there_are_as_many(entry) -> None:
    here = Ranking(tuple(entry(number, number) for number in range(1, 12)), (), ())
    last_first = Ranking(tuple(entry(number, rank) for rank, number in enumerate((11, *range(1, 11)), start=1)), (), ())
    found = RulesCompared(before=BEFORE, after=AFTER, comparison=compare(here, last_first), causes={})
    assert "| … of the first 10, still among them | 9 |" in markdown(found).splitlines()


def test_markdown_has_a_heading_a_sentence_and_tables(compared) -> None:
    lines = markdown(compared).splitlines()
    assert lines[0] == "## What would change"
    assert lines[2].startswith("**2 of 4 issues change places")
    assert "- digits after the point: 0 → 1" in lines
    assert "| from ↓ to → | P0 | P1 | not ranked | in all |" in lines
    assert "| P0 | (2) | 1 | · | 3 |" in lines
    assert "| not ranked | 1 | · | · | 1 |" in lines
    assert "| in all | 4 | 1 | 1 | 6 |" in lines
    moved = next(line for line in lines if line.startswith("| memory:CORE-4 |"))
    assert "| 4 → 3 | P1 → P0 | 96 → 97 |" in moved
    assert (
        "value 6 instead of 4 (value counts as 3 instead of 2): it gains 0.5, the issue that it passes gains 0.75"
        in moved
    )


def test_nothing_that_a_tracker_sends_makes_markup_or_drives_a_terminal(compared) -> None:
    text = markdown(compared)
    assert "=1+1 \\| \\[x\\](y) \\\\x1b\\[31m @\u200bteam \\\\u202e \\<script\\>" in text
    assert "effort: =1+1 \\| \\[x\\]" in text
    assert not {"\x1b", "\u202e"} & set(text + render_json(("a", "b"), compared, top=None))


def test_json_says_everything(compared) -> None:
    document = json.loads(render_json(("old.yaml", "new.yaml"), compared, top=None))
    assert document["before"] == {"file": "old.yaml", "ranked": 5}
    assert document["after"] == {"file": "new.yaml", "ranked": 5}
    assert document["rule_changes"] == ["digits after the point: 0 → 1"]
    assert (document["both"], document["moved"], document["changed"]) == (4, 2, 4)
    assert document["tau"] == pytest.approx(2 / 3)
    assert {"before": "P1", "after": None, "issues": 1} in document["flows"]
    up, down = document["moves"]
    assert (up["ref"], up["places"]) == ("memory:CORE-4", 1)
    assert (up["before"], up["after"]) == (
        {"rank": 4, "score": 96, "band": "P1"},
        {"rank": 3, "score": 97, "band": "P0"},
    )
    assert up["why"]["part"] == "value"
    assert up["why"]["text"].startswith("value 6 instead of 4")
    assert (down["ref"], down["why"]) == ("memory:CORE-5", None)
    assert document["left"][0]["why"].startswith("needs input: effort")
    assert document["joined"][0]["after"]["rank"] == 5


def test_lists_show_the_first_and_say_so(compared) -> None:
    text = markdown(compared, top=1)
    assert "### What moves furthest (2 issues, the first 1)" in text
    assert len(json.loads(render_json(("a", "b"), compared, top=1))["moves"]) == 1


@pytest.mark.parametrize(
    ("cause", "places", "said"),
    [
        (TERM, -3, "value 6 instead of 4: it gains 0.5, the 3 issues that pass it gain 0.75 on average"),
        (
            replace(TERM, part=BUG, before=None, after=9.6, points=9.6, others_points=0),
            3,
            "rule bug +9.6, new: it gains 9.6, the 3 issues that it passes gain nothing on average",
        ),
        (
            replace(TERM, part=BUG, after=None, points=-4, others=1, others_points=-1234.5),
            3,
            "rule bug gone, was +4: it loses 4, the issue that it passes loses 1,234",
        ),
        (replace(TERM, part=WHOLE, after=4.001), 3, "the formula 4 as before: it gains 0.5"),
        (
            replace(TERM, part=RulesPart("term"), before=0),
            3,
            "the constant of the formula 6 instead of 0: it gains 0.5",
        ),
        (replace(TERM, part=RulesPart("goals"), before=None), 3, "the goals +6, new: it gains 0.5"),
        (replace(TERM, part=ORDER, before=None, after=None), 3, "the order of the rules: it gains 0.5"),
    ],
)  # fmt: skip
def test_why_an_issue_moves_is_told_with_both_numbers(compared, cause, places, said) -> None:
    (key,) = compared.causes
    move = replace(compared.comparison.moves[0], places=places)
    told = replace(
        compared,
        comparison=replace(compared.comparison, moves=(move, *compared.comparison.moves[1:])),
        causes={key: cause},
    )
    assert said in markdown(told)


@pytest.mark.parametrize(
    ("tau", "words"),
    [
        (1.0, "the same"),
        (0.97, "nearly the same"),
        (0.8, "much the same"),
        (0.5, "alike in the large only"),
        (0.2, "very different"),
        (0.0, "as different as after a shuffle"),
        (-0.5, "rather the opposite"),
        (-0.95, "nearly the opposite"),
        (-1.0, "the opposite"),
    ],
)
def test_a_correlation_has_plain_words(tau, words) -> None:
    assert likeness(tau) == words


@pytest.mark.parametrize(
    ("tau", "share"), [(1 - 1e-6, "more than 99.9%"), (1e-6 - 1, "less than 0.1%"), (0.0, "50.0%")]
)
def test_a_share_is_never_all_or_nothing_where_it_is_not_quite(compared, tau, share) -> None:
    told = replace(compared, comparison=replace(compared.comparison, tau=tau))
    assert f"in {share} of all pairs" in summary(told)


def test_where_nothing_moves_that_is_all_there_is_to_say(entry) -> None:
    same = Ranking((entry(1, 1),), (), ())
    for ranking, said in (
        (same, "Nothing moves: 1 issue, each with"),
        (Ranking((), (), ()), "There is nothing to compare"),
    ):
        compared = RulesCompared(before=BEFORE, after=BEFORE, comparison=compare(ranking, ranking), causes={})
        assert summary(compared).startswith(said)
        assert "- Nothing." in markdown(compared)
        assert "What moves furthest" not in markdown(compared)


def test_scores_before_they_are_normalised_are_said_to_be_so(compared) -> None:
    assert "| Why (points) |" in markdown(compared)
    assert "| Why (points before they are normalised) |" in markdown(
        replace(compared, after=replace(AFTER, normalize="minmax"))
    )


def test_without_bands_no_band_is_told(compared) -> None:
    without = replace(compared, before=replace(BEFORE, bands=()), after=replace(AFTER, bands=()))
    assert "From band to band" not in markdown(without)
    assert summary(without).startswith("2 of 4 issues change places. ")
