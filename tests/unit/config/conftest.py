import textwrap

import pytest
from pydantic import BaseModel, ConfigDict, Field

from trackersync.config import load_config
from trackersync.connector import Capabilities, Source, Target
from trackersync.errors import ConfigError
from trackersync.registry import Registry


class Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    states: list[str] = []
    depth: int = Field(default=1, ge=1, le=9)


class Login(BaseModel):
    model_config = ConfigDict(extra="forbid")

    user: str
    key_env: str


class DeskSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str = Field(pattern="^https://")
    token_env: str = Field(default="DESK_TOKEN", pattern="^[A-Z_]+$")
    board: int | None = None
    select: Choice = Choice()
    login: Login | str | None = None


class Desk(Target):
    """Holds much, but no project fields."""

    kind = "desk"
    Settings = DeskSettings
    capabilities = Capabilities(
        reads=frozenset({"field", "label"}),
        labels=True,
        fields=True,
        priority=True,
        order="board",
        quiet=True,
        on_demand=frozenset({"comments", "sprint", "past_sprints", "votes"}),
        label_pattern=r"\S+",
    )


class ShelfSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    project: int | None = None


class Shelf(Target):
    """Holds labels and project fields."""

    kind = "shelf"
    Settings = ShelfSettings
    capabilities = Capabilities(
        reads=frozenset({"label", "project_field", "issue_field"}),
        labels=True,
        project_fields=True,
        order="project",
        label_pattern=".{1,12}",
    )


class Feed(Source):
    """Only reads."""

    kind = "feed"
    Settings = ShelfSettings
    capabilities = Capabilities()


@pytest.fixture
def registry():
    return Registry(extra={"desk": Desk, "shelf": Shelf, "feed": Feed})


@pytest.fixture
def load(tmp_path, registry):
    """Loads the text as a file."""

    def load(text):
        file = tmp_path / "trackersync.yaml"
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        return load_config(file, registry)

    return load


@pytest.fixture
def problems(load):
    """What is wrong with a text, as `LINE: path: message (hint)`."""

    def problems(text):
        with pytest.raises(ConfigError) as caught:
            load(text)
        return [line.partition("trackersync.yaml:")[2] or line for line in caught.value.message.splitlines()]

    return problems
