"""However a file is damaged, it is either loaded or told about; never a traceback, never a problem without a place."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackersync.config import Config, load_config
from trackersync.errors import ConfigError
from trackersync.registry import Registry

TEXT = (Path(__file__).parents[3] / "config" / "teams" / "both-formula.yaml").read_text(encoding="utf-8")
LINES = TEXT.splitlines()
SCRAPS = st.sampled_from(
    ["", "~", "5", "-1.5", "true", "[]", "{}", "[1, {}]", "{a: {b: c}}", "'x", "*a", "!t 1", "é: 1", "P0"]
)


def outcome(file, text):
    file.write_text(text, encoding="utf-8")
    try:
        return load_config(file, Registry())
    except ConfigError as error:
        return error


def is_told(result):
    if isinstance(result, Config):
        return True
    return bool(result.problems) and all(problem.message for problem in result.problems)


@pytest.mark.parametrize("index", range(0, len(LINES), 3))
def test_a_file_that_lost_a_line_loads_or_is_told_about(index, tmp_path):
    assert is_told(outcome(tmp_path / "t.yaml", "\n".join(LINES[:index] + LINES[index + 1 :]) + "\n"))


@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), SCRAPS), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_with_values_replaced_loads_or_is_told_about(tmp_path, damage):
    lines = list(LINES)
    for index, scrap in damage:
        key, colon, _ = lines[index].partition(":")
        lines[index] = f"{key}{colon} {scrap}" if colon else scrap
    assert is_told(outcome(tmp_path / "t.yaml", "\n".join(lines) + "\n"))
