from datetime import date
from enum import Enum
from typing import Annotated, Literal

import pytest
from pydantic import AnyUrl, BaseModel, ConfigDict, Field, FiniteFloat, field_validator

from trackersync.config.document import Document
from trackersync.config.validation import validate
from trackersync.config.wording import nearest


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    depth: int


class Section(BaseModel):
    """What a connector's author may write, in pydantic's usual lax mode."""

    model_config = ConfigDict(extra="forbid")

    flag: bool = False
    number: float = Field(default=1, lt=10)
    count: int = Field(default=2, gt=1, multiple_of=2)
    finite: FiniteFloat = 1
    day: date | None = None
    names: list[Annotated[str, Field(min_length=1)]] = Field(default=[], min_length=0, max_length=2)
    url: AnyUrl | None = None
    mode: Literal["fast", "slow"] = "fast"
    level: Literal[1, 2] = 1
    colour: Colour = Colour.RED
    items: dict[str, Inner] = {}
    inner: Inner | None = None
    password: int = 0
    even: int = 0

    @field_validator("even")
    @classmethod
    def _even(cls, value):
        assert value % 2 == 0, "is odd"
        if value > 10:
            raise ValueError("is beyond ten: write a smaller one")
        return value


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("flag", "maybe", "flag: expected true or false, found the text 'maybe'"),
        ("number", "many", "number: expected a number, found the text 'many'"),
        ("number", 10, "number: must be less than 10, found 10"),
        ("count", 0, "count: must be more than 1, found 0"),
        ("count", 2.5, "count: expected a whole number, found the number 2.5"),
        ("count", 3, "count: input should be a multiple of 2"),
        ("finite", float("inf"), "finite: expected a finite number, found the number inf"),
        ("day", "soon", "day: input should be a valid date or datetime, input is too short"),
        ("names", "a", "names: expected a list, found the text 'a'"),
        ("names", [""], "names.0: must not be empty"),
        ("names", ["a", "b", "c"], "names: list should have at most 2 items after validation, not 3"),
        ("url", "nowhere", "url: expected an address such as https://example.org, found the text 'nowhere'"),
        ("mode", "fats", "mode: expected fast, slow, found the text 'fats' (did you mean fast?)"),
        ("mode", "x", "mode: expected fast, slow, found the text 'x'"),
        ("level", 3, "level: expected 1 or 2, found the number 3"),
        ("colour", "rde", "colour: expected red, blue, found the text 'rde' (did you mean red?)"),
        ("items", {"a": {"depht": 1, "depth": 1}}, "items.a.depht: unknown key (did you mean depth?)"),
        ("items", {"a": {}}, "items.a.depth: is missing"),
        ("inner", {"depht": 1}, "inner.depht: unknown key (did you mean depth?)"),
        ("password", "hunter2", "password: expected a whole number, found another text"),
        ("even", 3, "even: is odd"),
        ("even", 12, "even: is beyond ten: write a smaller one"),
        (
            "zzzzz",
            3,
            "zzzzz: unknown key (the keys here are: colour, count, day, even, finite, flag, inner, items",
        ),
    ],
)
def test_what_a_model_refuses_is_told_in_plain_words(key, value, told):
    (problem,) = validate(Section, Document({}, {(): 1}), (), {key: value}).problems
    where = ".".join(map(str, problem.path))
    hint = f" ({problem.hint})" if problem.hint else ""
    assert f"{where}: {problem.message}{hint}".startswith(told)


def test_the_right_part_survives_the_wrong_one():
    checked = validate(Section, Document({}, {(): 1}), (), {"count": "x", "number": 3, "zzz": 1, "items": {"a": 5}})
    assert checked.value.number == 3
    assert checked.value.count == 2
    assert checked.cut == {("count",), ("zzz",), ("items", "a")}


def test_nothing_survives_where_a_required_key_is_missing():
    checked = validate(Inner, Document({}, {(): 1}), (), {})
    assert checked.value is None
    assert [problem.message for problem in checked.problems] == ["is missing"]


def test_the_nearest_name_ignores_case_and_far_ones_are_listed():
    assert nearest("story points", ["Story Points", "Reach"]) == "did you mean Story Points?"
    assert nearest("xyz", ["b", "a"], "choose from") == "choose from: a, b"
    assert nearest("xyz", []) is None
