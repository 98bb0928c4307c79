"""The page docs/frameworks.md says what the data say, of every framework and in their words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trackersync.report.frameworks import formula_text, inputs_table, published
from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS
from trackersync.scoring.kano import ANSWERS, EVALUATION

ALL = {**FRAMEWORKS, **VARIANTS}
PAGE = (Path(__file__).parents[3] / "docs" / "frameworks.md").read_text(encoding="utf-8")
SECTIONS = dict(zip(*[iter(re.split(r"^## `([^`]+)`$", PAGE, flags=re.MULTILINE)[1:])] * 2, strict=True))


def flowing(text):
    """Without line breaks, which are nobody's business."""
    return re.sub(r"\s+", " ", text)


def test_the_page_has_a_section_for_every_framework_and_offers_it():
    variants = {name: [way for way, each in VARIANTS.items() if each.name == name] for name in FRAMEWORKS}
    assert list(SECTIONS) == [each for name in FRAMEWORKS for each in (name, *variants[name])]
    assert not [name for name in ALL if f"`{name}`" not in PAGE.partition("\n## ")[0]]


@pytest.mark.parametrize("name", ALL)
def test_a_section_has_the_formula_the_inputs_and_the_source(name):
    framework, section = ALL[name], SECTIONS[name]
    formula = formula_text(framework)
    assert f"\nFormula: {formula}\n" in section or f"\nFormula: `{formula}`\n" in section
    assert section.rstrip().endswith(f"\nSource: {framework.source}")
    read = [row for row in inputs_table(framework).rows if "; computed: " not in row[1]]
    assert list(read) == re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE)
    assert "\nTraps: " in section


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_section_has_all_published_cases_in_order_and_no_other(name):
    _, *cases = flowing(SECTIONS[name]).split(" - `")
    for told, (source, worked) in zip(cases, published(FRAMEWORKS[name]), strict=True):
        assert f"`{told}".startswith(f"{', '.join(f'`{case}`' for case in worked)}: {source}")


def test_the_survey_shows_all_25_cells_of_its_table_and_where_it_stands():
    section = SECTIONS["kano-survey"]
    for answer, letters in zip(ANSWERS, EVALUATION, strict=True):
        assert f"| {answer} | {' | '.join(letters)} |" in section
    assert f"| {' | '.join(ANSWERS)} |" in section
    (source,) = {example.source[2:] for example in VARIANTS["kano-survey"].examples}
    assert source.removeprefix("in ") in flowing(section)
