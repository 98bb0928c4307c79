"""A commented file to start from, for any framework: what `trackersync init` writes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from trackersync.config.wording import nearest
from trackersync.errors import TrackersyncError

if TYPE_CHECKING:
    from trackersync.scoring.frameworks import Framework, FrameworkInput

_HEAD = """\
# Priorities as code: how issues of all trackers are scored, and what is written back to them.
# Replace every YOUR-… and remove the tracker you do not have: `trackersync check` then names each line left over.
version: 1
store: sqlite:///trackersync.db              # beside this file; or postgresql+psycopg://user@host/db

trackers:                                    # under names of your own
  code:
    connector: github
    repository: YOUR-ORG/YOUR-REPOSITORY
    token_env: GITHUB_TOKEN                  # the environment variable that holds the token
    select: {state: open}
  service:
    connector: jira
    url: https://YOUR-SITE.atlassian.net     # Cloud or Data Center
    email: you@YOUR-SITE.example             # Cloud; without it the token is sent as a Data Center PAT
    token_env: JIRA_TOKEN
    jql: project = YOURS AND statusCategory != Done
"""

_TAIL = """\
bands:                                       # in this order; also: count, min_score, capacity
  P0: {share: 5%}
  P1: {share: 20%}
  P2: {share: 50%}
  P3: {}                                     # the rest
hysteresis: 2                                # percent of the list that an issue moves past an edge before it leaves

write:                                       # nothing else is ever touched; remove this section to rank only
  github:
    labels: {prefix: "priority/"}            # exactly one of priority/P0 … priority/P3 on every ranked issue
  jira:
    labels: {prefix: "priority-"}            # Jira's labels hold no spaces
    # fields: {score: Priority Score}        # a number field on the edit screen
    # priority: {P0: Highest, P1: High, P2: Medium, P3: Low}
    notify: false                            # no mail, where the account may ask for that

overrides: {expire: 30d}                     # a value that a person changed stands this long, or: never
guards:                                      # beyond these nothing is written without being asked again
  max_changed_share: 50%
  max_changes: 5000
  max_shrink: 20%
"""

_FREE = {
    "weighted": ("value: what it brings", "urgency: how little it can wait", "effort: what it takes"),
    "formula": ("value: what it brings", "effort: what it takes"),
}
"""Inputs to start with where the framework leaves them to the team."""
_WEIGHTS = {"value": 3, "urgency": 2, "effort": -1}
_FORMULA = "10 * value / effort"


def starter(framework: str) -> str:
    """The text of a complete file for this framework, accepted by `load_config` once GitHub and Jira are installed.

    An unknown name is a `TrackersyncError` with the nearest one.
    """
    from trackersync.scoring.frameworks import FRAMEWORKS

    if framework not in FRAMEWORKS:
        raise TrackersyncError(
            f"no framework is named {framework!r}", hint=nearest(framework, FRAMEWORKS, "the frameworks are")
        )
    chosen = FRAMEWORKS[framework]
    return "\n".join([_HEAD, _inputs(chosen), _scoring(chosen), _TAIL, _tests(chosen)])


def _inputs(framework: Framework) -> str:
    lines = ["inputs:                                      # what a score is made of, and where each tracker keeps it"]
    for each in framework.inputs:
        lines += _input(each.name, each.doc, _scale(each), _words(each))
    for name, _, doc in (free.partition(": ") for free in _FREE.get(framework.name, ())):
        scale = "    scale: {min: 1, max: 10}"
        weight = [f"    weight: {_WEIGHTS[name]}"] if framework.name == "weighted" else []
        lines += _input(name, doc, [scale], weight)
    return "\n".join(lines) + "\n"


def _input(name: str, doc: str, *more: list[str]) -> Iterator[str]:
    field = "Story Points" if name in {"effort", "job_size"} else name.replace("_", " ").title()
    yield f"{f'  {name}:':<45}# {doc}"
    yield "    from:"
    yield f'      github: {{label: "{name}/{{value}}"}}'
    yield f"      jira: {{field: {field}}}"
    for lines in more:
        yield from lines
    yield "    missing: block                           # or: neutral, worst, {default: 1}"


def _scale(each: FrameworkInput) -> list[str]:
    ends = {"min": each.scale.min, "max": each.scale.max}
    known = ", ".join(f"{end}: {value:g}" for end, value in ends.items() if value is not None)
    published = ", ".join(f"{value:g}" for value in each.allowed)
    comment = f"# as published: {published}" if published else ""
    return [f"    scale: {{{known}}}".ljust(45) + comment if comment else f"    scale: {{{known}}}"] if known else []


def _words(each: FrameworkInput) -> list[str]:
    if not each.values:
        return []
    words = ", ".join(f"{_key(word)}: {worth:g}" for word, worth in each.values.items())
    return textwrap.wrap(f"values: {{{words}}}", 110, initial_indent="    ", subsequent_indent="      ")


def _key(word: str) -> str:
    return word if word.replace("-", "").replace(" ", "").isalnum() else f'"{word}"'


def _scoring(framework: Framework) -> str:
    lines = ["scoring:", *textwrap.wrap(framework.doc, 110, initial_indent="  # ", subsequent_indent="  # ")]
    lines.append(f"  framework: {framework.name}".ljust(45) + f"# {framework.source}")
    if framework.name == "formula":
        lines.append(f"  expression: {_FORMULA}".ljust(45) + "# over inputs and built-in columns")
    elif framework.expression:
        lines.append(f"  # the score is {framework.expression}")
    return "\n".join([*lines, _ADJUSTMENTS])


_ADJUSTMENTS = """\
  adjustments:                               # in this order, each one step of the explanation
    - name: deadline
      when: due_in_days < 14
      multiply: 1.2
      because: A date was promised.
  normalize: percentile                      # none, fixed, percentile or minmax
  round: 0
"""


def _tests(framework: Framework) -> str:
    better, worse = _cases(framework)
    return "\n".join(
        [
            "tests:                                       # what these rules must decide, by example",
            f"  - given: {_flow(better)}",
            f"    expect: {{above: {_flow(worse)}}}",
            "",
        ]
    )


def _cases(framework: Framework) -> tuple[dict[str, str], dict[str, str]]:
    """Two issues that differ in the first input only, which every framework counts in favour of an issue."""
    names = [each.name for each in framework.inputs] or [
        free.partition(":")[0] for free in _FREE.get(framework.name, ())
    ]
    given = framework.example.given if framework.example else tuple(6.0 for _ in names)
    better = {name: f"{value:g}" for name, value in zip(names, given, strict=True)}
    for each, value in zip(framework.inputs, given, strict=False):
        if each.values:
            better[each.name] = _word(each, value)
    first = framework.inputs[0] if framework.inputs else None
    lower = _lower(first, given[0])
    return better, {**better, names[0]: _word(first, lower) if first and first.values else f"{lower:g}"}


def _lower(each: FrameworkInput | None, value: float) -> float:
    if each and each.values:
        return max(worth for worth in each.values.values() if worth < value)
    return value / 2


def _word(each: FrameworkInput, value: float) -> str:
    return next(word for word, worth in each.values.items() if worth == value)


def _flow(facts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in facts.items()) + "}"
