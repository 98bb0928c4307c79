from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from trackersync_sandbox.command import demo
from trackersync_sandbox.demo import Team


def test_the_demo_ends_with_the_list_the_values_read_back_and_an_empty_plan() -> None:
    result = CliRunner().invoke(demo)
    assert result.exit_code == 0, result.output
    list_, read_back, again = (
        result.output.index(heading) for heading in ("# The ranked list", "# What the trackers", "# And again")
    )
    assert list_ < read_back < again
    assert " applied" in result.output[:list_]
    assert "priority/P0" in result.output[read_back:again]
    assert "Priority Highest" in result.output[read_back:again] or "Priority High" in result.output[read_back:again]
    assert "No changes" in result.output[again:]


def test_a_step_that_fails_ends_the_demo(tmp_path) -> None:
    team = Team(tmp_path, "http://localhost:1")
    with pytest.raises(click.ClickException, match="explain ended with exit code 1"):
        team.run("explain", "jira:CORE-1")
