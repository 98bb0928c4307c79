import re
from pathlib import Path

import pytest

from trackersync.config import load_config
from trackersync.registry import Registry

FOLDER = Path(__file__).parents[3] / "config"
FILES = sorted(FOLDER.rglob("*.yaml"))


@pytest.fixture
def load(tmp_path):
    """Load a copy of a file, with a line in each table that it reads: those of real teams are not in the repository."""

    def load(file):
        copy = tmp_path / "checkout" / file.relative_to(FOLDER.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8")
        copy.write_text(text, encoding="utf-8")
        for table, issue, value in re.findall(r"table: \{file: (\S+), issue: (\w+), value: (\w+)\}", text):
            path = (copy.parent / table).resolve()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{issue},{value}\nCORE-7,3\n", encoding="utf-8")
        return load_config(copy, Registry())

    return load


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_every_file_in_config_loads(load, file):
    config = load(file)
    assert config.rules.bands
    assert config.tests


def test_the_example_teams_show_one_tracker_of_each_kind_and_both(load):
    kinds = {
        file.stem: sorted(tracker.connector for tracker in load(file).trackers.values())
        for file in FILES
        if file.parent.name == "teams"
    }
    assert kinds == {
        "github-rice": ["github"],
        "jira-wsjf": ["jira"],
        "both-formula": ["github", "jira"],
        "timob-value-effort": ["jira"],
    }


def test_the_readme_of_config_lists_every_file():
    told = re.findall(r"\]\(([\w/-]+\.yaml)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert sorted(told) == [str(file.relative_to(FOLDER)) for file in FILES]
