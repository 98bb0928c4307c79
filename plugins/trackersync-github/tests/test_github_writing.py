from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from requests.exceptions import ConnectTimeout

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.connector import FieldNames
from trackersync.errors import AuthError, InvalidResponseError, NotFoundError, UnavailableError
from trackersync.model import Issue, IssueRef, StateCategory
from trackersync_github import documents
from trackersync_github.client import GitHubClient
from trackersync_github.connector import GitHubConnector
from trackersync_github.label_looks import colour_of
from trackersync_github.writing import label_delta

PROJECT = {"owner": "acme", "number": 7}
LABELS = WriteTarget("labels", "priority/")
BANDS = [{"id": "O0", "name": "P0"}, {"id": "O1", "name": "P1"}]
FIELDS = [
    {"id": "F_score", "name": "Score", "type": "NUMBER"},
    {"id": "F_note", "name": "Note", "type": "TEXT"},
    {"id": "F_band", "name": "Band", "type": "SINGLE_SELECT", "options": BANDS},
    {"id": "F_sprint", "name": "Sprint", "type": "ITERATION"},
]
EVIL = 'Score") { id } } mutation { x'


def issue(number: int = 1, *, labels: tuple[str, ...] = (), on_project: bool = True) -> Issue:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return Issue(
        ref=IssueRef("web", "github", f"I_{number}", f"acme/web#{number}"),
        title=f"Issue {number}",
        url="",
        state="open",
        state_category=StateCategory.TODO,
        created_at=moment,
        updated_at=moment,
        labels=labels,
        native_ids={"project_item": f"PVTI_{number}"} if on_project else {},
    )


def change(to: Issue, target: WriteTarget, after: Any, before: Any = None) -> Change:
    return Change(ref=to.ref, target=target, before=before, after=after, reason="rank 1")


def score(to: Issue, value: Any = 5) -> Change:
    return change(to, WriteTarget("project_field", "Score"), value)


def done(variables: dict[str, Any]) -> dict[str, Any]:
    return {alias: {"clientMutationId": None} for alias in variables}


def known(*labels: str):
    """Answers the look-up of labels: those named are there."""
    folded = {label.casefold(): label for label in labels}

    def answer(variables: dict[str, Any]) -> dict[str, Any]:
        asked = {key: value for key, value in variables.items() if re.fullmatch(r"l\d+", key)}
        found = {key: folded.get(value.casefold()) for key, value in asked.items()}
        return {"repository": {key: label and {"id": f"LA_{label}", "name": label} for key, label in found.items()}}

    return answer


def created(variables: dict[str, Any]) -> dict[str, Any]:
    return {
        alias: {"label": {"id": f"LA_{given['name']}", "name": given["name"]}} for alias, given in variables.items()
    }


def told(data: Any, *errors: dict[str, Any]) -> tuple[int, Any]:
    return 200, {"data": data, "errors": list(errors)}


def applied(connector: GitHubConnector, changes: list[Change], *issues: Issue) -> list[Outcome]:
    outcomes = list(connector.apply(changes, {one.ref.id: one for one in issues}, notify=False))
    assert [outcome.change for outcome in outcomes] == changes
    return outcomes


def until(error: type[Exception], connector: GitHubConnector, changes: list[Change], *issues: Issue) -> list[Outcome]:
    """The outcomes told before the tracker was given up."""
    told_before = connector.apply(changes, {one.ref.id: one for one in issues}, notify=False)
    outcomes: list[Outcome] = []
    with pytest.raises(error):
        outcomes.extend(told_before)
    return outcomes


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status.value for outcome in outcomes]


@pytest.fixture
def on_project(connect, github):
    """A connector with a project whose fields are known."""
    github.will_answer(github.facts(FIELDS))
    return connect(FieldNames(), project=PROJECT)


@pytest.fixture
def plain(connect, github):
    """A connector without a project."""
    github.will_answer(github.facts())
    return connect()


def test_one_band_label_takes_the_place_of_another_in_one_request(plain, github, accepted):
    one = issue(labels=("bug", "priority/P1", "priority/P2"))
    github.will_answer(known("priority/P0", "priority/P1", "priority/P2"), done)
    outcomes = applied(plain, [change(one, LABELS, ("priority/P0",))], one)
    assert statuses(outcomes) == ["applied"]
    asked = github.asked[-1]
    assert asked["variables"] == {
        "m0": {"labelableId": "I_1", "labelIds": ["LA_priority/P1", "LA_priority/P2"]},
        "m1": {"labelableId": "I_1", "labelIds": ["LA_priority/P0"]},
    }
    assert asked["query"].index("removeLabelsFromLabelable") < asked["query"].index("addLabelsToLabelable")
    assert accepted(asked["query"]) == []


def test_labels_that_stand_already_are_not_written(plain, github):
    one = issue(labels=("Priority/p0",))
    assert statuses(applied(plain, [change(one, LABELS, ("priority/P0",))], one)) == ["unchanged"]
    assert len(github.asked) == 1


def test_clearing_takes_our_labels_and_no_other(plain, github):
    one = issue(labels=("bug", "priority/P0"))
    github.will_answer(known("priority/P0"), done)
    applied(plain, [change(one, LABELS, ())], one)
    assert github.asked[-1]["variables"] == {"m0": {"labelableId": "I_1", "labelIds": ["LA_priority/P0"]}}


def test_a_label_that_is_gone_from_the_repository_need_not_be_taken(plain, github):
    one = issue(labels=("priority/P0",))
    github.will_answer(known())
    assert statuses(applied(plain, [change(one, LABELS, ())], one)) == ["unchanged"]


def test_missing_labels_are_created_once_a_run(plain, github, accepted):
    one, two = issue(1), issue(2)
    github.will_answer(known("priority/P1"), created, done, done)
    changes = [change(one, LABELS, ("priority/P0",)), change(two, LABELS, ("priority/P1",))]
    assert statuses(applied(plain, changes, one, two)) == ["applied", "applied"]
    made = github.asked[2]
    (given,) = made["variables"].values()
    assert (given["repositoryId"], given["name"], given["color"]) == ("R_1", "priority/P0", colour_of("priority/P0"))
    assert accepted(made["query"]) == []
    assert statuses(applied(plain, changes, one, two)) == ["applied", "applied"]
    assert len(github.asked) == 5


def test_a_label_that_somebody_else_just_created_is_used(plain, github):
    one = issue()
    taken = {"type": "UNPROCESSABLE", "path": ["m0"], "message": "Name has already been taken"}
    github.will_answer(known(), told({"m0": None}, taken), known("priority/P0"), done)
    assert statuses(applied(plain, [change(one, LABELS, ("priority/P0",))], one)) == ["applied"]


def test_a_label_that_may_not_be_created_refuses_only_those_that_need_it(plain, github):
    one, two = issue(1), issue(2)
    words = "sandbox does not have the correct permissions to execute `CreateLabel`"
    refusal = {"type": "FORBIDDEN", "path": ["m0"], "message": words}
    github.will_answer(known("priority/P1"), told({"m0": None}, refusal), known(), done)
    changes = [change(one, LABELS, ("priority/P0",)), change(two, LABELS, ("priority/P1",))]
    first, second = applied(plain, changes, one, two)
    assert (first.status, second.status) == (Status.REJECTED, Status.APPLIED)
    assert words in first.detail


def test_a_refusal_of_the_whole_request_is_told_for_each_label(plain, github):
    one = issue()
    github.will_answer(known(), told(None, {"message": "Field 'createLabel' doesn't exist"}), known())
    (outcome,) = applied(plain, [change(one, LABELS, ("priority/P0",))], one)
    assert outcome.status is Status.REJECTED
    assert "doesn't exist" in outcome.detail


def test_labels_are_looked_for_again_when_the_answer_was_lost(plain, github):
    one = issue()
    github.will_answer(known(), (502, {}), known("priority/P0"), done)
    assert statuses(applied(plain, [change(one, LABELS, ("priority/P0",))], one)) == ["applied"]


def test_labels_that_nobody_answers_for_stop_the_tracker(plain, github):
    one = issue()
    github.will_answer(known(), *[ConnectTimeout()] * 10)
    with pytest.raises(UnavailableError):
        applied(plain, [change(one, LABELS, ("priority/P0",))], one)


@pytest.mark.parametrize(
    ("name", "after", "value"),
    [
        ("Score", 12.5, {"number": 12.5}),
        ("Note", "why\nnot", {"text": "why\nnot"}),
        ("Note", 12.0, {"text": "12"}),
        ("Note", 1234567.25, {"text": "1234567.25"}),
        ("Band", "P1", {"singleSelectOptionId": "O1"}),
    ],
)
def test_a_field_takes_the_value_of_its_type(on_project, github, accepted, name, after, value):
    one = issue()
    github.will_answer(done)
    assert statuses(applied(on_project, [change(one, WriteTarget("project_field", name), after)], one)) == ["applied"]
    asked = github.asked[-1]
    place = {"projectId": "PVT_1", "itemId": "PVTI_1", "fieldId": next(f["id"] for f in FIELDS if f["name"] == name)}
    assert asked["variables"] == {"m0": {**place, "value": value}}
    assert accepted(asked["query"]) == []
    assert "why" not in asked["query"]


def test_clearing_a_field_clears_it(on_project, github, accepted):
    one = issue()
    github.will_answer(done)
    applied(on_project, [score(one, None)], one)
    assert github.asked[-1]["variables"] == {"m0": {"projectId": "PVT_1", "itemId": "PVTI_1", "fieldId": "F_score"}}
    assert "clearProjectV2ItemFieldValue" in github.asked[-1]["query"]
    assert accepted(github.asked[-1]["query"]) == []


@pytest.mark.parametrize(
    ("target", "after", "detail"),
    [
        (WriteTarget("project_field", "Band"), "P9", "no option 'P9'; it has 'P0', 'P1'"),
        (WriteTarget("project_field", "Band"), "p0", "did you mean 'P0'"),
        (WriteTarget("project_field", "Skore"), 1, "no field 'Skore'; did you mean 'Score'"),
        (WriteTarget("project_field", EVIL), 1, "no field"),
        (WriteTarget("project_field", "Score"), "high", "holds numbers, not 'high'"),
        (WriteTarget("project_field", "Score"), True, "holds numbers, not True"),
        (WriteTarget("project_field", "Sprint"), "1", "ITERATION"),
        (WriteTarget("priority"), "High", "no priority"),
        (WriteTarget("field", "Score"), 1, "the owner of acme/web has no issue field 'Score'"),
        (WriteTarget("property", "score"), 1, "no property score"),
    ],
)
def test_what_cannot_be_written_is_rejected_before_it_is_sent(on_project, github, target, after, detail):
    one, two = issue(1), issue(2)
    github.will_answer(done)
    first, second = applied(on_project, [change(one, target, after), score(two)], one, two)
    assert (first.status, second.status) == (Status.REJECTED, Status.APPLIED)
    assert detail in first.detail
    assert len(github.asked[-1]["variables"]) == 1


@pytest.mark.parametrize("target", [WriteTarget("project_field", "Score"), WriteTarget("order")])
def test_an_issue_that_is_not_on_the_project_is_told(on_project, target):
    one, two = issue(on_project=False), issue(2)
    (outcome,) = applied(on_project, [change(one, target, ("after", "I_2") if target.kind == "order" else 1)], one, two)
    assert outcome.status is Status.REJECTED
    assert "not on project acme/7" in outcome.detail


def test_a_project_field_without_a_project_is_rejected(plain):
    (outcome,) = applied(plain, [score(issue())], issue())
    assert "no project is configured" in outcome.detail


def test_what_is_gone_is_a_conflict(on_project, github):
    one = issue()
    changes = [score(issue(2)), change(one, WriteTarget("order"), ("after", "I_2"))]
    assert statuses(applied(on_project, changes, one)) == ["conflict", "conflict"]
    assert len(github.asked) == 1


def test_moves_are_made_in_their_order(on_project, github, accepted):
    one, two, three = issue(1), issue(2), issue(3)
    github.will_answer(done)
    order = WriteTarget("order")
    applied(
        on_project, [change(three, order, ("before", "I_1")), change(two, order, ("after", "I_3"))], one, two, three
    )
    asked = github.asked[-1]
    assert asked["variables"] == {
        "m0": {"projectId": "PVT_1", "itemId": "PVTI_3", "afterId": None},
        "m1": {"projectId": "PVT_1", "itemId": "PVTI_2", "afterId": "PVTI_3"},
    }
    assert accepted(asked["query"]) == []


def test_nothing_to_do_asks_nothing(connect, github):
    assert list(connect().apply([], {}, notify=True)) == []
    assert github.asked == []


def test_twenty_mutations_go_in_a_request_and_fifteen_more_after_each_full_one_that_went_well(on_project, github):
    issues = [issue(n) for n in range(1, 201)]
    github.will_answer(*[done] * 6)
    assert set(statuses(applied(on_project, [score(one) for one in issues], *issues))) == {"applied"}
    assert [len(asked["variables"]) for asked in github.asked[1:]] == [20, 35, 50, 50, 45]


def test_what_went_well_once_is_remembered_for_the_run(on_project, github):
    issues = [issue(n) for n in range(1, 32)]
    changes = [score(one) for one in issues]
    github.will_answer(*[done] * 4)
    applied(on_project, changes, *issues)
    applied(on_project, changes, *issues)
    assert [len(asked["variables"]) for asked in github.asked[1:]] == [20, 11, 31]


def test_a_mutation_that_github_did_not_finish_halves_the_next_request(on_project, github):
    issues = [issue(n) for n in range(1, 41)]
    lost = {"path": ["m3"], "message": "Something went wrong while executing your query"}
    github.will_answer(lambda v: told(done(v) | {"m3": None}, lost), done, done)
    outcomes = applied(on_project, [score(one) for one in issues], *issues)
    assert [n for n, outcome in enumerate(outcomes) if outcome.status is Status.UNKNOWN] == [3]
    assert [len(asked["variables"]) for asked in github.asked[1:]] == [20, 10, 10]


def test_a_change_is_never_split_over_two_requests(on_project, github):
    some = [issue(n) for n in range(1, 20)]
    last = issue(20, labels=("priority/P1",))
    changes = [*(score(one) for one in some), change(last, LABELS, ("priority/P0",))]
    github.will_answer(known("priority/P0", "priority/P1"), done, done)
    applied(on_project, changes, *some, last)
    assert [len(asked["variables"]) for asked in github.asked[2:]] == [19, 2]


def test_one_refusal_leaves_the_others_standing(on_project, github):
    issues = [issue(n) for n in (1, 2, 3)]
    words = "The item does not exist in the project"
    refusal = {"type": "VALIDATION", "path": ["m1"], "message": words}
    github.will_answer(lambda v: told(done(v) | {"m1": None}, refusal))
    outcomes = applied(on_project, [score(one) for one in issues], *issues)
    assert statuses(outcomes) == ["applied", "rejected", "applied"]
    assert outcomes[1].detail == words


def test_a_change_is_applied_only_if_all_of_it_is(plain, github):
    one = issue(labels=("priority/P1",))
    refusal = {"type": "FORBIDDEN", "path": ["m1"], "message": "Resource not accessible"}
    github.will_answer(known("priority/P0", "priority/P1"), lambda v: told(done(v) | {"m1": None}, refusal))
    (outcome,) = applied(plain, [change(one, LABELS, ("priority/P0",))], one)
    assert (outcome.status, outcome.detail) == (Status.REJECTED, "Resource not accessible")


def test_a_document_that_github_does_not_accept_is_told_for_every_change(on_project, github):
    issues = [issue(1), issue(2)]
    github.will_answer(told(None, {"message": "Variable $m0 of type X was provided invalid value"}))
    outcomes = applied(on_project, [score(one) for one in issues], *issues)
    assert statuses(outcomes) == ["rejected", "rejected"]
    assert "invalid value" in outcomes[0].detail


@pytest.mark.parametrize("status", [400, 422])
def test_a_request_that_github_refuses_is_told_for_every_change(on_project, github, status):
    github.will_answer((status, {"message": "Problems parsing JSON"}))
    (outcome,) = applied(on_project, [score(issue())], issue())
    assert outcome.status is Status.REJECTED
    assert "Problems parsing JSON" in outcome.detail


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"data": {"m0": None}, "errors": [{"path": ["m0"], "message": "Something went wrong while executing"}]}),
        (200, {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]}),
        (200, {"data": {"m0": None}}),
    ],
)
def test_what_github_cannot_tell_is_unknown(on_project, github, answer):
    github.will_answer(answer)
    assert statuses(applied(on_project, [score(issue())], issue())) == ["unknown"]
    assert len(github.asked) == 2


def test_after_a_broken_request_the_next_one_goes_on_with_less(on_project, github):
    issues = [issue(n) for n in range(1, 41)]
    github.will_answer((502, {}), done, done)
    outcomes = applied(on_project, [score(one) for one in issues], *issues)
    assert statuses(outcomes) == ["unknown"] * 20 + ["applied"] * 20
    assert [len(asked["variables"]) for asked in github.asked[1:]] == [20, 10, 10]


def test_what_was_too_much_once_stays_smaller_for_the_run(on_project, github):
    issues = [issue(n) for n in range(1, 21)]
    changes = [score(one) for one in issues]
    github.will_answer((502, {}), done, done)
    assert set(statuses(applied(on_project, changes, *issues))) == {"unknown"}
    assert set(statuses(applied(on_project, changes, *issues))) == {"applied"}
    assert [len(asked["variables"]) for asked in github.asked[1:]] == [20, 10, 10]


def test_three_broken_requests_in_a_row_stop_the_tracker(on_project, github):
    issues = [issue(n) for n in range(1, 101)]
    github.will_answer(*[(502, {})] * 10)
    outcomes = until(UnavailableError, on_project, [score(one) for one in issues], *issues)
    assert statuses(outcomes) == ["unknown"] * 35
    assert len(github.asked) == 4


def test_nobody_answering_stops_the_tracker_and_leaves_no_outcome(on_project, github):
    github.will_answer(*[ConnectTimeout()] * 10)
    with pytest.raises(UnavailableError) as error:
        applied(on_project, [score(issue())], issue())
    assert error.value.sent is False


def test_an_answer_that_cannot_be_read_leaves_the_write_unknown_and_stops(on_project, github):
    github.will_answer((200, "not an object"))
    outcomes = until(InvalidResponseError, on_project, [score(issue())], issue())
    assert statuses(outcomes) == ["unknown"]


def test_a_lost_token_stops_the_tracker(on_project, github):
    github.will_answer((401, {"message": "Bad credentials"}))
    with pytest.raises(AuthError):
        applied(on_project, [score(issue())], issue())


def test_a_missing_project_stops_the_tracker(connect, github):
    github.will_answer(github.facts() | {"holder": None})
    with pytest.raises(NotFoundError):
        applied(connect(project=PROJECT), [score(issue())], issue())


def test_the_forecast_counts_what_is_sent(on_project, github):
    issues = [issue(n, labels=("priority/P1",)) for n in range(1, 30)]
    changes = [
        one for to in issues for one in (change(to, LABELS, ("priority/P0",), before=("priority/P1",)), score(to))
    ]
    github.will_answer(known("priority/P0", "priority/P1"), *[done] * 10)
    applied(on_project, changes, *issues)
    assert on_project.forecast(changes, notify=True, ask=False).requests == len(github.asked)
    assert on_project.forecast([], notify=True, ask=False).requests == 0
    assert on_project.forecast([score(issue())], notify=True, ask=False).requests == 2


def test_the_forecast_tells_points_time_and_that_nobody_gets_mail(on_project):
    told = on_project.forecast([score(issue(n)) for n in range(1, 42)], notify=True, ask=False)
    assert (told.requests, told.points, told.mailed) == (3, 3, 0)
    assert told.seconds == 1  # two requests that write, a second apart


def test_every_mutation_that_creates_content_is_counted(on_project, github, monkeypatch):
    counted, ask = [], GitHubClient.mutate

    def mutate(self, document, variables, *, pieces=0):
        counted.append(pieces)
        return ask(self, document, variables, pieces=pieces)

    monkeypatch.setattr(GitHubClient, "mutate", mutate)
    monkeypatch.setattr(documents, "CONTENT", frozenset({"updateProjectV2ItemFieldValue"}))
    github.will_answer(done, done)
    issues = [issue(n) for n in range(1, 24)]
    applied(on_project, [score(to) for to in issues], *issues)
    assert counted == [20, 3]


def test_labels_have_a_colour_by_urgency():
    colours = [colour_of(f"priority/P{n}") for n in range(4)]
    assert len(set(colours)) == 4
    assert colour_of("P9999999999999999999") == colour_of("P99")
    assert colour_of("Must") == colour_of("must")


@given(st.text(max_size=50))
def test_any_label_has_six_hexadecimal_digits(name):
    assert re.fullmatch(r"[0-9A-F]{6}", colour_of(name))


names = st.sampled_from(["bug", "priority/P0", "priority/P1", "Priority/p1", "priority/x", "prio"])


@given(st.lists(names, unique_by=str.casefold), st.lists(names.filter(lambda n: n[:9] == "priority/"), max_size=1))
def test_after_a_delta_exactly_the_wanted_of_ours_stand_and_all_others_too(present, wanted):
    delta = label_delta(LABELS, tuple(wanted), replace(issue(), labels=tuple(present)))
    left = [label for label in present if label not in delta.remove] + list(delta.add)
    ours = {label.casefold() for label in left if label.casefold().startswith("priority/")}
    assert ours == {label.casefold() for label in wanted}
    assert set(delta.remove).isdisjoint(label for label in present if not label.casefold().startswith("priority/"))
