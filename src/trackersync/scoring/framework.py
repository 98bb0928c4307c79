"""What a published scoring method is made of; knows none of them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from trackersync.scoring.rules import Scale


class FrameworkInput(Struct, frozen=True):
    """One input that a framework needs, with the scale and the words it has unless the team declares its own."""

    name: str
    doc: str
    scale: Scale = field(default_factory=Scale)
    allowed: tuple[float, ...] = ()
    """The method's own values; empty where any value within the scale will do."""
    values: Mapping[str, float] = field(default_factory=dict)
    """What the method's own words are worth."""
    relative: bool = False
    """Sized by comparison within its own column, whose smallest value one issue should hold."""
    weight: float | None = None
    """What one point of it is worth, where the method weighs its inputs."""
    expression: str = ""
    """Computed from other inputs instead of read."""


class Example(Struct, frozen=True, kw_only=True):
    """One case that somebody published: what was given, and the score to the last digit."""

    given: Mapping[str, float]
    """By input."""
    score: float
    source: str
    """Where the numbers stand, and which of them do not stand there but were worked out here."""
    digits: int | None = None
    """After the point, to which the source rounds the score; None: it does not."""
    inputs: tuple[FrameworkInput, ...] = ()
    """Those of this case; only where the framework leaves its inputs to the team."""
    expression: str = ""
    """The formula of this case; only where the framework leaves that to the team as well."""


class Framework(Struct, frozen=True, kw_only=True):
    """A scoring method that can be named in the file."""

    name: str
    doc: str
    inputs: tuple[FrameworkInput, ...] = ()
    """Empty where they are left to the team: `formula` and `weighted`."""
    expression: str = ""
    """Empty where the team's file makes the formula: `formula` and `weighted`."""
    classes: bool = False
    """The formula's value is a class: an order is by class first, and no adjustment takes an issue out of its own."""
    source: str
    examples: tuple[Example, ...]

    def input(self, name: str) -> FrameworkInput | None:
        """The framework's input of this name, None where it has none."""
        return next((wanted for wanted in self.inputs if wanted.name == name), None)

    @property
    def first_inputs(self) -> tuple[FrameworkInput, ...]:
        """The inputs to start with: its own, else those of its first example."""
        return self.inputs or self.examples[0].inputs
