"""A commented file to start from, for any framework: what `trackersync init` writes, whole or its sections."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from trackersync.config.wording import nearest
from trackersync.errors import TrackersyncError

if TYPE_CHECKING:
    from trackersync.scoring.framework import Framework, FrameworkInput

_TITLE = "# Priorities as code: how issues of all trackers are scored, and what is written back to them.\n"
_STORE = """\
version: 1
store: sqlite:///trackersync.db              # beside this file; or postgresql+psycopg://user@host/db

"""
_TO_DO = (
    "# Replace every YOUR-… and remove the tracker you do not have: `trackersync check` then names each line left over."
)
_HEAD = f"""\
{_TITLE}{_TO_DO}
{_STORE}trackers:                                    # under names of your own
  code:
    connector: github
    repository: YOUR-ORG/YOUR-REPOSITORY
    token_env: GITHUB_TOKEN                  # the environment variable that holds the token
    select: {{state: open}}
  service:
    connector: jira
    url: https://YOUR-SITE.atlassian.net     # Cloud or Data Center
    email: you@YOUR-SITE.example             # Cloud; without it the token is sent as a Data Center PAT
    token_env: JIRA_TOKEN
    jql: project = YOURS AND statusCategory != Done
"""

_BANDS = """\
bands:                                       # in this order; also: count, min_score, capacity
  P0: {share: 5%}
  P1: {share: 20%}
  P2: {share: 50%}
  P3: {}                                     # the rest
hysteresis: 2                                # percent of the list that an issue moves past an edge before it leaves
"""
_CLASS_BANDS = """\
bands:                                       # a band for each of the first classes; also: share, count, capacity
  P0: {min_score: 4}
  P1: {min_score: 3}
  P2: {min_score: 2}
  P3: {}                                     # the rest
"""

_WRITE = """\
write:                                       # nothing else is ever touched; remove this section to rank only
  github:
    labels: {prefix: "priority/"}            # exactly one of priority/P0 … priority/P3 on every ranked issue
  jira:
    labels: {prefix: "priority-"}            # Jira's labels hold no spaces
    # fields: {score: Priority Score}        # a number field on the edit screen
    # priority: {P0: Highest, P1: High, P2: Medium, P3: Low}
    notify: false                            # no mail, where the account may ask for that
"""
_LIMITS = """\
overrides: {expire: 30d}                     # a value that a person changed stands this long, or: never
guards:                                      # beyond these nothing is written without being asked again
  max_changed_share: 50%
  max_changes: 5000
  max_shrink: 20%
"""


class TrackerDraft(Struct, frozen=True, kw_only=True):
    """One tracker as somebody answered for it, ready to be written down."""

    name: str
    connector: str
    settings: Mapping[str, Any]
    """Its section, as it stands in the file."""
    sources: Mapping[str, tuple[str, str]] = {}
    """By input the place where the tracker keeps it, as (kind, name)."""
    assumed: Mapping[str, str] = {}
    """By input that is not known to be kept there, why not, in words for a comment."""
    write: Mapping[str, Any] = {}
    """What is written to it; empty where nothing is."""


def starter(name: str, drafts: Sequence[TrackerDraft] = ()) -> str:
    """The text of a complete file for this framework, accepted by `load_config`.

    Without drafts it is one for GitHub and Jira with places to be filled in. An unknown name is a `TrackersyncError`
    with the nearest one.
    """
    chosen = framework_named(name)
    bands = _CLASS_BANDS if chosen.classes else _BANDS
    scoring = _scoring(chosen) + _ADJUSTMENTS + _scores(chosen)
    head, write = (_trackers(drafts), _writes(drafts)) if drafts else (_HEAD, _WRITE)
    return "\n".join([head, _inputs(chosen, drafts), scoring, bands, write, _LIMITS, _tests(chosen)])


def _trackers(drafts: Sequence[TrackerDraft]) -> str:
    lines = [f"{_TITLE}{_STORE}trackers:"]
    for draft in drafts:
        lines += [f"  {yaml(draft.name)}:", f"    connector: {yaml(draft.connector)}"]
        lines += [f"    {yaml(key)}: {yaml(value)}" for key, value in draft.settings.items()]
    return "\n".join([*lines, ""])


def _writes(drafts: Sequence[TrackerDraft]) -> str:
    lines = [f"  {yaml(draft.name)}: {yaml(draft.write)}" for draft in drafts if draft.write]
    heading = "write:                                       # nothing else is ever touched"
    return "\n".join([heading, *lines, ""]) if lines else "# write: nothing is written, only ranked\n"


def yaml(value: object) -> str:
    """A value in YAML's flow style; a text that could be read as anything else is quoted."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{yaml(key)}: {yaml(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return f"[{', '.join(map(yaml, value))}]"
        case str():
            bare = _BARE.fullmatch(value) and value.lower() not in _WORDS
            return value if bare else _quoted(value)
        case _:
            return json.dumps(value)


def _quoted(text: str) -> str:
    """JSON's way to quote is YAML's too, but for characters that YAML wants escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)


_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def sections(name: str) -> str:
    """The `inputs` and `scoring` of such a file alone, to be pasted into another; an unknown name as for `starter`."""
    chosen = framework_named(name)
    return "\n".join([_inputs(chosen, ()), _scoring(chosen) + _scores(chosen)])


def framework_named(name: str) -> Framework:
    """The framework, or the variant of one, of this name; an unknown name as for `starter`."""
    from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS

    known = {**FRAMEWORKS, **VARIANTS}
    if name not in known:
        raise TrackersyncError(f"no framework is named {name!r}", hint=nearest(name, known, "the frameworks are"))
    return known[name]


def _inputs(framework: Framework, drafts: Sequence[TrackerDraft]) -> str:
    lines = ["inputs:                                      # what a score is made of, and where each tracker keeps it"]
    for each in framework.first_inputs:
        lines += _input(each, drafts)
    return "\n".join(lines) + "\n"


def _input(each: FrameworkInput, drafts: Sequence[TrackerDraft]) -> Iterator[str]:
    yield f"{f'  {each.name}:':<45}# {each.doc}"
    if each.expression:
        yield from _computed(each)
        return
    yield "    from:"
    kept = {draft.name: dict([draft.sources[each.name]]) for draft in drafts if each.name in draft.sources}
    yield from (f"      {yaml(name)}: {yaml(place)}" for name, place in kept.items())
    if not drafts:
        yield f'      github: {{label: "{each.name}/{{value}}"}}'
        yield f"      jira: {{field: {usual_field(each.name)}}}"
    yield from _scale(each)
    yield from _words(each)
    if each.weight is not None:
        yield f"    weight: {each.weight:g}"
    yield from _missing(each, [draft.assumed[each.name] for draft in drafts if each.name in draft.assumed])


def _missing(each: FrameworkInput, assumed: Sequence[str]) -> Iterator[str]:
    """What an issue without the input comes to: it is not ranked, unless it may be that none has it yet."""
    if not assumed:
        yield "    missing: block                           # or: neutral, worst, {default: 1}"
        return
    then = "Fill it in; then `block` here keeps an issue without it off the list, and asks for it."
    told = f"Assumed: {'; '.join(assumed)}. An issue without it counts as {stand_in_words(each)}. {then}"
    yield from textwrap.wrap(told, 110, initial_indent="    # ", subsequent_indent="    # ")
    worth = stand_in(each)
    policy = "neutral" if worth is None else f"{{default: {worth:g}}}"
    yield f"    missing: {policy}".ljust(45) + "# or: block, neutral, worst, {default: 1}"


def stand_in(each: FrameworkInput) -> float | None:
    """What can be counted with where nobody has an input yet; None: its median, or the middle of its scale."""
    if each.values or each.scale.steps:  # of classes and words there is no half
        return sorted(each.allowed)[(len(each.allowed) - 1) // 2]
    return 1.0 if each.scale.min is None or each.scale.max is None else None


def stand_in_words(each: FrameworkInput) -> str:
    """The same for people: `2 (could)`."""
    worth = stand_in(each)
    if worth is None:
        return "the median of the others or, where none has it, the middle of the scale"
    word = _fact(each, worth)
    return word if word == f"{worth:g}" else f"{worth:g} ({word})"


def usual_field(name: str) -> str:
    """What a field that holds this input is usually called."""
    return "Story Points" if name in {"effort", "job_size"} else name.replace("_", " ").title()


def _computed(each: FrameworkInput) -> Iterator[str]:
    """An input's expression with each of its cases in a line of its own, and what its numbers stand for."""
    yield "    expression: >-"
    yield from (f"      {case}" for case in re.split(r" (?=WHEN |ELSE |END)", each.expression))
    names = {worth: word for word, worth in reversed(tuple(each.values.items()))}
    yield f"    # {', '.join(f'{worth:g} {names[worth]}' for worth in sorted(names, reverse=True))}"


def _scale(each: FrameworkInput) -> list[str]:
    if each.scale.steps:
        return [f"    scale: [{', '.join(f'{step:g}' for step in each.scale.steps)}]"]
    ends = {"min": each.scale.min, "max": each.scale.max}
    known = ", ".join(f"{end}: {value:g}" for end, value in ends.items() if value is not None)
    own = ", ".join(f"{value:g}" for value in each.allowed)
    comment = f"# the method's own values: {own}" if own else ""
    return [f"    scale: {{{known}}}".ljust(45) + comment if comment else f"    scale: {{{known}}}"] if known else []


def _words(each: FrameworkInput) -> list[str]:
    if not each.values:
        return []
    words = ", ".join(f"{_key(word)}: {worth:g}" for word, worth in each.values.items())
    return textwrap.wrap(f"values: {{{words}}}", 110, initial_indent="    ", subsequent_indent="      ")


def _key(word: str) -> str:
    return word if word.replace("-", "").replace(" ", "").isalnum() else f'"{word}"'


def _scoring(framework: Framework) -> str:
    lines = ["scoring:", *_comment(framework.doc), *_comment(f"Source: {framework.source}")]
    lines.append(f"  framework: {framework.name}")
    lines += _formula(framework)
    return "\n".join([*lines, ""])


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 110, initial_indent="  # ", subsequent_indent="  # ")


def _formula(framework: Framework) -> Iterator[str]:
    """The team's own formula, or how to come by one that does the same as the framework and can be changed."""
    from trackersync.scoring.frameworks import worked_formula

    expression = worked_formula(framework, framework.examples[0])
    if framework.name == "formula":
        yield f"  expression: {expression}  # over inputs and built-in columns"
        return
    yield f"  # To change the formula, replace that line by these two{_PRICE.get(framework.name, '')}:"
    yield "  # framework: formula"
    yield f"  # expression: {expression}"


_NO_CLASSES = "; nothing then keeps an issue in its class"
_PRICE = {"weighted": ", and remove the weights above", "moscow": _NO_CLASSES, "kano": _NO_CLASSES}
"""What else there is to do or to know where a framework is more than its formula."""
_ADJUSTMENTS = """\
  adjustments:                               # in this order, each one step of the explanation
    - name: deadline
      when: due_in_days < 14
      multiply: 1.2
      because: A date was promised.
"""


def _scores(framework: Framework) -> str:
    """A class is a number that people know; everything else is easier to read as a percentile."""
    how = "none" if framework.classes else "percentile"
    return f"""\
  {f"normalize: {how}":<43}# none, fixed, percentile or minmax
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
    given = framework.examples[0].given
    inputs = [each for each in framework.first_inputs if each.name in given]
    better = {each.name: _fact(each, given[each.name]) for each in inputs}
    first = inputs[0]
    return better, {**better, first.name: _fact(first, _lower(first, given[first.name]))}


def _lower(each: FrameworkInput, value: float) -> float:
    return max(worth for worth in each.values.values() if worth < value) if each.values else value / 2


def _fact(each: FrameworkInput, value: float) -> str:
    """A value as a person would say it."""
    return next((word for word, worth in each.values.items() if worth == value), f"{value:g}")


def _flow(facts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in facts.items()) + "}"
