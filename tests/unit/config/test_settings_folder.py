"""A connector's settings find the folder of the team's file in their context."""

from typing import Any, ClassVar

from pydantic import BaseModel, ValidationInfo, field_validator

from trackersync.config import load_config
from trackersync.connector import Source
from trackersync.registry import Registry

FILE = """
version: 1
trackers: {one: {connector: shelf, path: books}}
inputs: {age: {expression: age_days}}
scoring: {framework: formula, expression: age}
"""


class ShelfSettings(BaseModel):
    path: str

    @field_validator("path")
    @classmethod
    def from_the_folder(cls, path: str, info: ValidationInfo) -> str:
        assert info.context is not None
        return str(info.context["folder"] / path)


class Shelf(Source):
    kind: ClassVar[str] = "shelf"
    Settings: ClassVar[type[BaseModel]] = ShelfSettings

    @classmethod
    def identify(cls, settings: Any) -> str:
        return f"shelf {settings.path}"


def test_a_relative_path_is_taken_from_the_folder_of_the_file(tmp_path):
    file = tmp_path / "team.yaml"
    file.write_text(FILE, encoding="utf-8")
    config = load_config(file, Registry({"shelf": Shelf}))
    assert config.trackers["one"].settings.path == str(tmp_path / "books")
