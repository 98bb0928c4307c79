from pathlib import Path

import pytest

from trackersync.config import load_config, starter
from trackersync.errors import TrackersyncError
from trackersync.registry import Registry
from trackersync.scoring.frameworks import FRAMEWORKS

PRESETS = Path(__file__).parents[3] / "config" / "frameworks"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_framework_has_a_starter_that_check_accepts(framework, tmp_path):
    file = tmp_path / "trackersync.yaml"
    file.write_text(starter(framework), encoding="utf-8")
    config = load_config(file, Registry())
    assert config.rules.framework == framework
    assert {tracker.connector for tracker in config.trackers.values()} == {"github", "jira"}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_presets_in_config_are_the_starters(framework):
    assert (PRESETS / f"{framework}.yaml").read_text(encoding="utf-8") == starter(framework), (
        "write it anew: trackersync init --framework NAME"
    )


def test_there_is_a_preset_for_every_framework_and_no_other():
    assert {file.stem for file in PRESETS.glob("*")} == set(FRAMEWORKS)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_starter_has_obvious_placeholders_and_fits_a_screen(framework):
    text = starter(framework)
    assert "YOUR-ORG/YOUR-REPOSITORY" in text
    assert "https://YOUR-SITE.atlassian.net" in text
    assert max(map(len, text.splitlines())) <= 120


def test_an_unknown_framework_gets_the_nearest_one():
    with pytest.raises(TrackersyncError) as caught:
        starter("wjsf")
    assert caught.value.hint == "did you mean wsjf?"
