"""Published scoring methods as data: inputs, scales, formula, source and a worked example of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from trackersync.scoring.rules import Input, Rules, Scale
from trackersync.scoring.scales import SCALES


@dataclass(frozen=True, slots=True)
class FrameworkInput:
    """One input that a framework needs, with the scale and the words it has unless the team declares its own."""

    name: str
    doc: str
    scale: Scale = field(default_factory=Scale)
    allowed: tuple[float, ...] = ()
    """The values as published; empty where any value within the scale will do."""
    values: Mapping[str, float] = field(default_factory=dict)
    """What the method's own words are worth."""
    relative: bool = False
    """Sized by comparison within its own column, whose smallest value one issue should hold."""


@dataclass(frozen=True, slots=True)
class Example:
    """One case worked out by hand; `given` follows the order of the framework's inputs."""

    given: tuple[float, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A scoring method that can be named in the file."""

    name: str
    doc: str
    inputs: tuple[FrameworkInput, ...] = ()
    expression: str = ""
    """Empty where the team's file makes the formula: `formula` and `weighted`."""
    classes: bool = False
    """The formula's value is a class: an order is by class first, and no adjustment takes an issue out of its own."""
    source: str
    example: Example | None = None

    def input(self, name: str) -> FrameworkInput | None:
        """The framework's input of this name, None where it has none."""
        return next((wanted for wanted in self.inputs if wanted.name == name), None)


_TEN = Scale(1, 10)
_SIZES = SCALES["wsjf"].steps
_RELATIVE = Scale(_SIZES[0], _SIZES[-1])
_IMPACT = MappingProxyType({"massive": 3.0, "high": 2.0, "medium": 1.0, "low": 0.5, "minimal": 0.25})
_MOSCOW = MappingProxyType(
    {"must": 4.0, "should": 3.0, "could": 2.0, "won't": 1.0, "wont": 1.0, "must have": 4.0, "should have": 3.0,
     "could have": 2.0, "won't have": 1.0}
)  # fmt: skip
_KANO = MappingProxyType(
    {"must-be": 4.0, "basic": 4.0, "one-dimensional": 3.0, "performance": 3.0, "attractive": 2.0, "delighter": 2.0,
     "indifferent": 1.0, "reverse": 0.0}
)  # fmt: skip

_ALL = (
    Framework(
        name="rice",
        doc="Reach, impact and confidence for the effort.",
        inputs=(
            FrameworkInput("reach", "people or events in a period", Scale(min=0)),
            FrameworkInput("impact", "on each of them", Scale(0.25, 3), (0.25, 0.5, 1, 2, 3), _IMPACT),
            FrameworkInput("confidence", "in these numbers, as a share of 1", Scale(0, 1), (0.5, 0.8, 1)),
            FrameworkInput("effort", "person-months, or any unit of work", Scale(min=0.5)),
        ),
        expression="reach * impact * confidence / effort",
        source="Sean McBride, RICE: Simple prioritization for product managers, Intercom",
        example=Example((500, 2, 0.8, 4), 200),
    ),
    Framework(
        name="ice",
        doc="Impact, confidence and ease, multiplied.",
        inputs=(
            FrameworkInput("impact", "how much it helps", _TEN),
            FrameworkInput("confidence", "that it will", _TEN),
            FrameworkInput("ease", "how easy it is; higher is easier", _TEN),
        ),
        expression="impact * confidence * ease",
        source="Itamar Gilad; votito.com/methods/ice-score",
        example=Example((8, 5, 4), 160),
    ),
    Framework(
        name="ice-mean",
        doc="Impact, confidence and ease, averaged.",
        inputs=(
            FrameworkInput("impact", "how much it helps", _TEN),
            FrameworkInput("confidence", "that it will", _TEN),
            FrameworkInput("ease", "how easy it is; higher is easier", _TEN),
        ),
        expression="(impact + confidence + ease) / 3",
        source="Sean Ellis and Morgan Brown, Hacking Growth; votito.com/methods/ice-score",
        example=Example((8, 6, 4), 6),
    ),
    Framework(
        name="wsjf",
        doc="Weighted shortest job first: the cost of delay for the size of the job.",
        inputs=(
            FrameworkInput("business_value", "to users and business", _RELATIVE, _SIZES, relative=True),
            FrameworkInput("time_criticality", "how fast the value decays", _RELATIVE, _SIZES, relative=True),
            FrameworkInput("risk_reduction", "or opportunities that it opens", _RELATIVE, _SIZES, relative=True),
            FrameworkInput("job_size", "relative to the other jobs", _RELATIVE, _SIZES, relative=True),
        ),
        expression="(business_value + time_criticality + risk_reduction) / job_size",
        source="Scaled Agile Framework; planetroadmap.com/blog/wsjf-prioritization-guide",
        example=Example((8, 5, 3, 2), 8),
    ),
    Framework(
        name="cd3",
        doc="Cost of delay divided by duration.",
        inputs=(
            FrameworkInput("cost_of_delay", "money for each unit of time", Scale(min=0)),
            FrameworkInput("duration", "in the same unit of time; not the effort", Scale(min=0.1)),
        ),
        expression="cost_of_delay / duration",
        source="blackswanfarming.com/cost-of-delay-divided-by-duration",
        example=Example((9000, 3), 3000),
    ),
    Framework(
        name="value-effort",
        doc="Value for the effort.",
        inputs=(
            FrameworkInput("value", "in any unit", Scale(min=0)),
            FrameworkInput("effort", "in any unit", Scale(min=0.5)),
        ),
        expression="value / effort",
        source="the value and effort matrix, in general use",
        example=Example((10, 4), 2.5),
    ),
    Framework(
        name="opportunity",
        doc="What is important to people and not yet satisfied.",
        inputs=(
            FrameworkInput("importance", "of the outcome, 0 to 10", Scale(0, 10)),
            FrameworkInput("satisfaction", "with what there is, 0 to 10", Scale(0, 10)),
        ),
        expression="importance + greatest(importance - satisfaction, 0)",
        source="Anthony Ulwick, What Customers Want, p. 109",
        example=Example((9, 3), 15),
    ),
    Framework(
        name="moscow",
        doc="Must, should, could, won't this time: an order of classes.",
        inputs=(FrameworkInput("moscow", "the class", Scale(1, 4), (1, 2, 3, 4), _MOSCOW),),
        expression="moscow",
        classes=True,
        source="agilebusiness.org, DSDM handbook, chapter 10",
        example=Example((4,), 4),
    ),
    Framework(
        name="kano",
        doc="Kano categories in the order in which they are usually served: must-be, performance, attractive.",
        inputs=(FrameworkInput("kano", "the category", Scale(0, 4), (0, 1, 2, 3, 4), _KANO),),
        expression="kano",
        classes=True,
        source="the evaluation rule M > O > A > I of Berger et al., 1993",
        example=Example((3,), 3),
    ),
    Framework(
        name="weighted",
        doc="Every input that has a `weight`, times its weight, summed up.",
        source="help.ducalis.io/knowledge-base/total-score-formula",
    ),
    Framework(
        name="formula",
        doc="The team's own `expression` over its inputs and the built-in columns.",
        source="the team's file",
    ),
)

FRAMEWORKS: Mapping[str, Framework] = MappingProxyType({framework.name: framework for framework in _ALL})
"""Every framework by the name it has in the file."""


def formula_of(rules: Rules) -> str:
    """The formula of these rules as an expression; empty where `check_rules` has something to say about it."""
    framework = FRAMEWORKS.get(rules.framework)
    if framework is None:
        return ""
    if framework.name == "formula":
        return rules.expression or ""
    if framework.name == "weighted":
        return " + ".join(_term(used.name, used.weight) for used in rules.inputs if used.weight is not None)
    return framework.expression


def _term(name: str, weight: float) -> str:
    factor = f"{weight:.12g}" if weight >= 0 else f"({weight:.12g})"
    return f"{factor} * {name}" if name.isascii() and name.isidentifier() else f'{factor} * "{name}"'


def scale_of(used: Input, framework: str) -> Scale:
    """The values that an input may take: as declared, else as its words span, else as the framework has it.

    Steps are their own ends.
    """
    if steps := used.scale.steps:
        return Scale(steps[0], steps[-1], steps)
    if used.scale != Scale():
        return used.scale
    if used.values:
        return Scale(min(used.values.values()), max(used.values.values()))
    preset = _preset(used, framework)
    return preset.scale if preset else Scale()


def values_of(used: Input, framework: str) -> Mapping[str, float]:
    """What words are worth for an input, by the word in folded case: the team's, else the framework's."""
    preset = _preset(used, framework)
    words = used.values or (preset.values if preset else {})
    return {word.casefold(): worth for word, worth in words.items()}


def _preset(used: Input, framework: str) -> FrameworkInput | None:
    known = FRAMEWORKS.get(framework)
    return known.input(used.name) if known else None
