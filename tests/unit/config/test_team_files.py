from pathlib import Path

import pytest

from trackersync.config import load_config
from trackersync.registry import Registry

FOLDER = Path(__file__).parents[3] / "config"
FILES = sorted(FOLDER.rglob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_every_file_in_config_loads(file):
    config = load_config(file, Registry())
    assert config.rules.bands
    assert config.tests


def test_the_example_teams_show_one_tracker_of_each_kind_and_both():
    kinds = {
        file.stem: sorted(tracker.connector for tracker in load_config(file, Registry()).trackers.values())
        for file in FILES
        if file.parent.name == "teams"
    }
    assert kinds == {"github-rice": ["github"], "jira-wsjf": ["jira"], "both-formula": ["github", "jira"]}
