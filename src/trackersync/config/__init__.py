"""A team's file as typed configuration: every problem of it at once, each with its line and the nearest valid name."""

from trackersync.config.editor import schema
from trackersync.config.examples import Example, Expectation, Fact, Facts
from trackersync.config.load import load_config
from trackersync.config.loaded import Config
from trackersync.config.starter import starter
from trackersync.config.trackers import TrackerConfig

__all__ = ["Config", "Example", "Expectation", "Fact", "Facts", "TrackerConfig", "load_config", "schema", "starter"]
