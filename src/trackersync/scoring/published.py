"""The published scoring methods as data, each with worked examples to the last digit. Facts only: no code to keep."""

from __future__ import annotations

from types import MappingProxyType

from trackersync.scoring.framework import Example, Framework, FrameworkInput
from trackersync.scoring.kano import KANO
from trackersync.scoring.rules import Scale
from trackersync.scoring.scales import SCALES

_TEN = Scale(1, 10)
_SIZES = SCALES["wsjf"].steps
_RELATIVE = Scale(_SIZES[0], _SIZES[-1])
_HERE = "worked out here"

_IMPACT = MappingProxyType({"massive": 3.0, "high": 2.0, "medium": 1.0, "low": 0.5, "minimal": 0.25})
_MOSCOW = MappingProxyType(
    {"must": 4.0, "should": 3.0, "could": 2.0, "won't": 1.0, "wont": 1.0, "must have": 4.0, "should have": 3.0,
     "could have": 2.0, "won't have": 1.0}
)  # fmt: skip

_INTERCOM = (
    "the article's three projects, also in xitu/gold-miner, TODO/rice-simple-prioritization-for-product-managers.md; "
    f"its text ends before the score, which is {_HERE}"
)
_CADENLY = "cadenly.io/blog/rice-scoring-explained.html, a worked example"


def _rice(reach: float, impact: float, confidence: float, effort: float) -> dict[str, float]:
    return {"reach": reach, "impact": impact, "confidence": confidence, "effort": effort}


RICE = Framework(
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
    examples=(
        Example(given=_rice(450, 3, 1, 2), score=675, source=_INTERCOM),
        Example(given=_rice(2000, 1, 0.8, 4), score=400, source=_INTERCOM),
        Example(given=_rice(800, 2, 0.5, 1), score=800, source=_INTERCOM),
        Example(given=_rice(5000, 2, 0.8, 2), score=4000, source=_CADENLY),
        Example(given=_rice(3000, 1, 1, 1.5), score=2000, source=_CADENLY),
        Example(given=_rice(8000, 0.5, 1, 3), score=1333, digits=0, source=_CADENLY),
    ),
)

_ICE_INPUTS = (
    FrameworkInput("impact", "how much it helps", _TEN),
    FrameworkInput("confidence", "that it will", _TEN),
    FrameworkInput("ease", "how easy it is; higher is easier", _TEN),
)


def _ice(impact: float, confidence: float, ease: float) -> dict[str, float]:
    return {"impact": impact, "confidence": confidence, "ease": ease}


ICE = Framework(
    name="ice",
    doc="Impact, confidence and ease, multiplied.",
    inputs=_ICE_INPUTS,
    expression="impact * confidence * ease",
    source="Itamar Gilad, Idea Prioritization With ICE and The Confidence Meter, itamargilad.com",
    examples=(
        Example(given=_ice(8, 7, 5), score=280, source="innerview.co/terms/ice-score"),
        Example(given=_ice(6, 9, 8), score=432, source="innerview.co/terms/ice-score"),
        Example(given=_ice(8, 6, 3), score=144, source="idaete.com/tools/ice-scoring-model, option A"),
    ),
)

ICE_MEAN = Framework(
    name="ice-mean",
    doc="Impact, confidence and ease, averaged.",
    inputs=_ICE_INPUTS,
    expression="(impact + confidence + ease) / 3",
    source="Sean Ellis and Morgan Brown, Hacking Growth, chapter 6",
    examples=(
        Example(
            given=_ice(7, 4, 8),
            score=6.33,
            digits=2,
            source="a credit for referrals, as told by bite15.com/en/pages/hacking-growth-capitolo-06",
        ),
    ),
)

_JOBS = "the sheet Prioritisation Framework: WSJF, docs.google.com/spreadsheets/d/1bGtMWfQDEQ6yzy--4iWuyoPsD87qBTrJ"


def _wsjf(value: float, time: float, risk: float, size: float) -> dict[str, float]:
    return {"business_value": value, "time_criticality": time, "risk_reduction": risk, "job_size": size}


WSJF = Framework(
    name="wsjf",
    doc="Weighted shortest job first: the cost of delay for the size of the job.",
    inputs=(
        FrameworkInput("business_value", "to users and business", _RELATIVE, _SIZES, relative=True),
        FrameworkInput("time_criticality", "how fast the value decays", _RELATIVE, _SIZES, relative=True),
        FrameworkInput("risk_reduction", "or opportunities that it opens", _RELATIVE, _SIZES, relative=True),
        FrameworkInput("job_size", "relative to the other jobs", _RELATIVE, _SIZES, relative=True),
    ),
    expression="(business_value + time_criticality + risk_reduction) / job_size",
    source="Scaled Agile Framework, scaledagileframework.com/wsjf",
    examples=(
        Example(given=_wsjf(8, 5, 13, 5), score=5.2, source=_JOBS),
        Example(given=_wsjf(8, 5, 8, 5), score=4.2, source=_JOBS),
        Example(given=_wsjf(13, 5, 8, 8), score=3.25, source=_JOBS),
        Example(given=_wsjf(5, 3, 8, 5), score=3.2, source=_JOBS),
        Example(given=_wsjf(13, 3, 8, 8), score=3, source=_JOBS),
        Example(given=_wsjf(8, 1, 5, 5), score=2.8, source=_JOBS),
    ),
)

_ICE_CREAM = "blackswanfarming.com/cd3-and-proportionality-to-outcomes"

CD3 = Framework(
    name="cd3",
    doc="Cost of delay divided by duration.",
    inputs=(
        FrameworkInput("cost_of_delay", "money for each unit of time", Scale(min=0)),
        FrameworkInput("duration", "in the same unit of time; not the effort", Scale(min=0.1)),
    ),
    expression="cost_of_delay / duration",
    source="Black Swan Farming, blackswanfarming.com/cost-of-delay-divided-by-duration",
    examples=(
        Example(given={"cost_of_delay": 10, "duration": 2}, score=5, source=_ICE_CREAM),
        Example(given={"cost_of_delay": 30, "duration": 4}, score=7.5, source=_ICE_CREAM),
    ),
)

_STARTUP = "startup201.com/post/optimizing-priorities-the-value-vs-effort-framework-decoded"

VALUE_EFFORT = Framework(
    name="value-effort",
    doc="Value for the effort.",
    inputs=(
        FrameworkInput("value", "in any unit", Scale(min=0)),
        FrameworkInput("effort", "in any unit", Scale(min=0.5)),
    ),
    expression="value / effort",
    source="the value and effort matrix, in general use",
    examples=(
        Example(given={"value": 5, "effort": 2}, score=2.5, source=_STARTUP),
        Example(given={"value": 8, "effort": 7}, score=1.14, digits=2, source=_STARTUP),
        Example(
            given={"value": 16, "effort": 13},
            score=1.23,
            digits=2,
            source="Sutton, Statistics Every Programmer Needs, Manning, section 8.2.2",
        ),
        Example(
            given={"value": 1_000_000, "effort": 100},
            score=10_000,
            source="docs.devsamurai.com/routemap/value-vs-effort",
        ),
    ),
)

_TOTAL_SCORE = "help.ducalis.io/knowledge-base/total-score-formula"
_DUCALIS = tuple(
    FrameworkInput(name, doc, Scale(0, 21), (0, 1, 2, 3, 5, 8, 13, 21), weight=weight)
    for name, doc, weight in (("sales", "what it brings", 3), ("effort", "what it takes", -2))
)
_RATINGS = MappingProxyType({"high": 3.0, "medium": 2.0, "low": 1.0})
_PENN_STATE = tuple(
    FrameworkInput(name, "high, medium or low", Scale(1, 3), (1, 2, 3), _RATINGS, weight=weight)
    for name, weight in (("safety", 3), ("profit", 2), ("cost", 1))
)
_TABLE_24 = "Pennsylvania State University, MANGT 510, section 2.5.2, table 2.4"


def _project(safety: float, profit: float, cost: float, score: float) -> Example:
    given = {"safety": safety, "profit": profit, "cost": cost}
    return Example(given=given, score=score, source=_TABLE_24, inputs=_PENN_STATE)


WEIGHTED = Framework(
    name="weighted",
    doc="Every input that has a `weight`, times its weight, summed up.",
    source=f"Ducalis, {_TOTAL_SCORE}",
    examples=(
        Example(
            given={"sales": 7, "effort": 3},
            score=15,
            source=f"{_TOTAL_SCORE}: 21 and -6, each of three people, as published; their sum {_HERE}",
            inputs=_DUCALIS,
        ),
        _project(2, 1, 3, 11),
        _project(3, 2, 2, 15),
        _project(2, 3, 3, 15),
        _project(3, 1, 1, 12),
    ),
)

_CLASSES = "the order: DSDM handbook, section 10.2, agilebusiness.org; the numbers are chosen here"

MOSCOW = Framework(
    name="moscow",
    doc="Must, should, could, won't this time: an order of classes.",
    inputs=(FrameworkInput("moscow", "the class", Scale(1, 4, (1, 2, 3, 4)), (1, 2, 3, 4), _MOSCOW),),
    expression="moscow",
    classes=True,
    source="Agile Business Consortium, DSDM handbook, chapter 10, agilebusiness.org",
    examples=tuple(Example(given={"moscow": worth}, score=worth, source=_CLASSES) for worth in (4.0, 3.0, 2.0, 1.0)),
)

_DECIKIT = "decikit.com/en/frameworks/opportunity-scoring"

OPPORTUNITY = Framework(
    name="opportunity",
    doc="What is important to people and not yet satisfied.",
    inputs=(
        FrameworkInput("importance", "of the outcome, 0 to 10", Scale(0, 10)),
        FrameworkInput("satisfaction", "with what there is, 0 to 10", Scale(0, 10)),
    ),
    expression="importance + greatest(importance - satisfaction, 0)",
    source="Anthony Ulwick; library.ryansallison.com/book/jtbd-framework/opportunity-algorithm",
    examples=(
        Example(given={"importance": 9, "satisfaction": 3}, score=15, source=_DECIKIT),
        Example(given={"importance": 9, "satisfaction": 9}, score=9, source=_DECIKIT),
        Example(
            given={"importance": 4.7, "satisfaction": 2.1},
            score=7.3,
            source="extrapinchofsalt.com/pm/frameworks/opportunity-scoring.html",
        ),
    ),
)

_OUTLIER_INPUTS = tuple(
    FrameworkInput(name, doc, _TEN)
    for name, doc in (
        ("reach", "how many customers it touches"),
        ("value", "what it brings or saves"),
        ("confidence", "in these numbers"),
        ("effort", "what it takes"),
    )
)
_OUTLIER = "outlier.ai/2017/05/12/task-prioritization-formulas-examples"
_SERIES = (0, 1, 2, 3, 5, 8, 13)
_NEXT_IN_SERIES = f"CASE {' '.join(f'WHEN score <= {each} THEN {each}' for each in _SERIES)} ELSE 21 END"


def _task(reach: float, value: float, confidence: float, effort: float, score: float) -> Example:
    return Example(
        given={"reach": reach, "value": value, "confidence": confidence, "effort": effort},
        score=score,
        source=f"formula and inputs from {_OUTLIER}; the score {_HERE}",
        inputs=_OUTLIER_INPUTS,
        expression="reach * value * confidence / effort",
    )


FORMULA = Framework(
    name="formula",
    doc="The team's own `expression` over its inputs and the built-in columns.",
    source="the team's file",
    examples=(
        _task(5, 3, 10, 2, 75),
        _task(10, 10, 5, 10, 50),
        Example(
            given={"score": 6.357},
            score=8,
            source=f"RoundUp to the next value of the series, {_TOTAL_SCORE}",
            inputs=(FrameworkInput("score", "the mean of what people say", Scale(0, 21)),),
            expression=_NEXT_IN_SERIES,
        ),
    ),
)

PUBLISHED = (RICE, ICE, ICE_MEAN, WSJF, CD3, VALUE_EFFORT, WEIGHTED, MOSCOW, KANO, OPPORTUNITY, FORMULA)
"""Every framework, in the order in which they are shown."""
