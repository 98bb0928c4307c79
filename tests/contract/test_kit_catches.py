"""Each check of the kit fails for a connector that breaks the promise it is named after."""

import logging
import os
from contextlib import suppress
from datetime import timedelta, timezone
from itertools import product
from types import FunctionType, SimpleNamespace

import pytest
from _pytest.outcomes import Failed, Skipped
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict

from trackersync.change import Forecast, Outcome, Status
from trackersync.connector import Capabilities, Offer
from trackersync.diagnosis import Finding
from trackersync.errors import (
    AuthError,
    ConfigError,
    FatalError,
    ForbiddenError,
    InvalidResponseError,
    NotFoundError,
    Problem,
    RateLimitError,
    RejectedError,
    RetriableError,
    TrackerError,
    UnavailableError,
)
from trackersync.testing import MemoryConnector, MemorySettings, Names, TargetConformance
from trackersync.testing.conformance.failing import fetch_some, pull_all
from trackersync.testing.conformance.written import held

BROKEN = (AssertionError, Failed)
"""What a check raises: one of its assertions, or that no error came where one had to."""
OWN = {
    "ForgetsWhatWasTouched": KeyError,
    "BeginsTooLate": KeyError,
    "rename": RejectedError,
    "StopsAtTheFirstRefusal": FatalError,
    "FallsOverWhileItLooks": UnavailableError,
    "OffersAnUnknownField": RejectedError,
    "NeedsAllIssues": KeyError,
}
"""What comes out of the connector itself in place of what the check waits for, by the broken connector."""


def on_issues(edit):
    """A connector that hands over every issue changed by `edit`."""

    class Edited(MemoryConnector):
        def pull(self):
            for page in super().pull():
                yield [edit(issue) for issue in page]

    return Edited


def on_errors(handle):
    """A connector that hands the tracker's errors to `handle`, which raises another or returns to end there."""

    class Handling(MemoryConnector):
        def pull(self):
            try:
                yield from super().pull()
            except TrackerError as error:
                handle(self, error)

        def fetch(self, ids):
            try:
                return super().fetch(ids)
            except TrackerError as error:
                handle(self, error)
                return {}

    Handling.__name__ = handle.__name__
    return Handling


def on_changes(edit):
    """A connector that writes what `edit` makes of the list of changes, and reports on those asked for."""

    class Editing(MemoryConnector):
        def apply(self, changes, current, *, notify):
            done = {outcome.change.ref: outcome for outcome in super().apply(edit(changes), current, notify=notify)}
            for change in changes:
                yield Outcome(change, done[change.ref].status if change.ref in done else Status.APPLIED)

    return Editing


def on_outcomes(edit):
    class Editing(MemoryConnector):
        def apply(self, changes, current, *, notify):
            yield from edit(list(super().apply(changes, current, notify=notify)))

    return Editing


class AsksWhenMade(MemoryConnector):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._memory.request("GET", "/me")


class HoldsTheSecret(MemoryConnector):
    class Settings(MemorySettings):
        token: str = "s3cr3t-t0ken"


class TakesAnySetting(MemoryConnector):
    class Settings(BaseModel):
        model_config = ConfigDict(extra="ignore")
        project: str = "CORE"
        token_env: str | None = None


class NeedsNoSecret(MemoryConnector):
    def __init__(self, *args, env, **kwargs):
        super().__init__(*args, env={"MEMORY_TOKEN": "x"}, **kwargs)


class LosesTheLastPage(MemoryConnector):
    def pull(self):
        pages = list(super().pull())
        yield from pages[:-1] if len(pages) > 1 else pages


class OverlapsPages(MemoryConnector):
    def pull(self):
        last = []
        for page in super().pull():
            yield [*last, *page]
            last = page[-1:]


class OverlapsPagesAndListsNoIds(OverlapsPages):
    def census(self):
        return None


class ReadsAheadOfTheCall(MemoryConnector):
    def pull(self):
        return iter(list(super().pull()))


class ReadsAllBeforeTheFirstPage(MemoryConnector):
    def pull(self):
        yield from list(super().pull())


class Remembers(MemoryConnector):
    pages = None

    def pull(self):
        self.pages = self.pages or list(super().pull())
        yield from self.pages


class AsksForEachIssue(MemoryConnector):
    def pull(self):
        for page in super().pull():
            for issue in page:
                self._memory.request("GET", f"/issues/{issue.ref.id}")
            yield page

    def fetch(self, ids):
        found = {}
        for id_ in ids:
            found |= super().fetch([id_])
        return found


class AsksForNothing(MemoryConnector):
    def fetch(self, ids):
        self._memory.request("GET", "/issues/by-id")
        return super().fetch(ids)


class WritesWhileReading(MemoryConnector):
    def pull(self):
        self._memory.request("POST", "/labels", write=True)
        yield from super().pull()


class InventsAbsentIssues(MemoryConnector):
    def fetch(self, ids):
        found = dict(super().fetch(ids))
        return {id_: found.get(id_, next(iter(found.values()))) for id_ in ids}


class FetchesLess(MemoryConnector):
    def fetch(self, ids):
        return {id_: replace(issue, priority=None) for id_, issue in super().fetch(ids).items()}


class IgnoresUnknownFields(MemoryConnector):
    def _check_wanted(self):
        pass


class NamesNoNearestField(MemoryConnector):
    def _check_name(self, name, known, what):
        if name not in known:
            raise self._rejected(f"there is no {what} {name!r}")


class PretendsToWrite(MemoryConnector):
    def _carry_out(self, change):
        pass


class WritesToAll(MemoryConnector):
    def _carry_out(self, change):
        for id_ in self._memory.issues:
            super()._carry_out(replace(change, ref=replace(change.ref, id=id_)))


class AddsLabelsOnly(MemoryConnector):
    def _carry_out(self, change):
        issue = self._memory.issues[change.ref.id]
        self._memory.edit(change.ref.id, labels=issue.labels + change.after)


class NeverClears(MemoryConnector):
    def _carry_out(self, change):
        if change.after or change.target.kind in ("comment", "project_item"):
            super()._carry_out(change)


class ReplacesAllLabels(MemoryConnector):
    def _carry_out(self, change):
        self._memory.edit(change.ref.id, labels=change.after)


class TouchesTheTitle(MemoryConnector):
    def _carry_out(self, change):
        super()._carry_out(change)
        self._memory.edit(change.ref.id, title="Issue 1, prioritised")


class WritesOnePageOnly(MemoryConnector):
    def apply(self, changes, current, *, notify):
        yield from super().apply(changes[: self._memory.page_size], current, notify=notify)
        yield from (Outcome(change, Status.APPLIED) for change in changes[self._memory.page_size :])


class ForecastsTooMuch(MemoryConnector):
    def forecast(self, changes, *, notify, ask):
        return Forecast(requests=len(changes) + 1)


class MovesTheOtherWay(MemoryConnector):
    def _carry_out(self, change):
        where, anchor = change.after
        self._memory.move(change.ref.id, "before" if where == "after" else "after", anchor)


class StopsAtTheFirstRefusal(MemoryConnector):
    def _carry_out(self, change):
        if change.ref.id in self._memory.refused:
            raise FatalError("stop")
        super()._carry_out(change)


class SaysNoReason(MemoryConnector):
    def apply(self, changes, current, *, notify):
        for outcome in super().apply(changes, current, notify=notify):
            yield replace(outcome, detail="")


class NeedsAllIssues(MemoryConnector):
    def apply(self, changes, current, *, notify):
        for change in changes:
            assert current[change.ref.id]
        yield from super().apply(changes, current, notify=notify)


class SendsAgain(MemoryConnector):
    def _write(self, change):
        first = super()._write(change)
        return super()._write(change) if first.status is Status.UNKNOWN else first


class GoesOnWhateverHappens(MemoryConnector):
    def _write(self, change):
        try:
            return super()._write(change)
        except (FatalError, RetriableError) as error:
            return Outcome(change, Status.REJECTED, error.message)


def swallow(connector, error):
    """End there as if that were all."""


def rename(connector, error):
    raise RejectedError(error.message, tracker=connector.tracker)


def anonymous(connector, error):
    raise type(error)(error.message)


def without_hint(connector, error):
    raise type(error)(error.message, tracker=connector.tracker)


def wait_in_vain(connector, error):
    connector.transport.clock.sleep(1)
    raise error


def wait_for_hours(connector, error):
    connector.transport.clock.sleep(7200)
    raise error


def hammer(connector, error):
    for _ in range(100):
        connector._memory.requests.append(SimpleNamespace(write=False))
    raise error


def forget_the_time(connector, error):
    raise RateLimitError(error.message, tracker=connector.tracker)


def tell_the_secret(connector, error):
    raise type(error)(f"{error.message} (token {connector.env['MEMORY_TOKEN']})", tracker=connector.tracker)


def log_the_secret(connector, error):
    logging.getLogger("broken").info("sent %s", connector.env["MEMORY_TOKEN"])
    raise error


def chain_the_secret(connector, error):
    raise AuthError("it failed", tracker=connector.tracker) from ValueError(connector.env["MEMORY_TOKEN"])


def raw_words(connector, error):
    raise AuthError("\x1b[2Jcleared", tracker=connector.tracker)


def without_body(issue):
    return replace(issue, body="" if len(issue.body) > 1000 else issue.body)


def unordered(capabilities=MemoryConnector.capabilities):
    class Other(MemoryConnector):
        pass

    Other.capabilities = capabilities
    return Other


class ForgetsWhatWasTouched(MemoryConnector):
    def changes(self, cursor):
        yield from super().changes(str(int(cursor) + 1000))


class LosesItsCursor(MemoryConnector):
    def changes(self, cursor):
        yield from super().changes(cursor)
        self.cursor = None


class BeginsTooLate(MemoryConnector):
    def pull(self):
        yield from super().pull()
        self.cursor = str(self._memory.clock)


class ReadsAllAgain(MemoryConnector):
    def changes(self, cursor):
        for _ in range(3):
            yield from super().changes(cursor)


class WritesWhenIdle(MemoryConnector):
    def changes(self, cursor):
        self._memory.request("PUT", "/seen", write=True)
        yield from super().changes(cursor)


class MovesItsCursorFirst(MemoryConnector):
    def changes(self, cursor):
        self.cursor = "7"
        yield from super().changes(cursor)


class EndsWhereItBreaks(MemoryConnector):
    def changes(self, cursor):
        try:
            yield from super().changes(cursor)
        except TrackerError:
            return


class ListsThePageBefore(MemoryConnector):
    def census(self):
        last = []
        for page in super().pull():
            ids = [issue.ref.id for issue in page]
            yield [*last, *ids]
            last = ids


class ListsOnePage(MemoryConnector):
    def census(self):
        for page in super().census():
            yield page[: self._memory.page_size]


class RemembersTheIds(MemoryConnector):
    ids = None

    def census(self):
        self.ids = self.ids or list(super().census())
        yield from self.ids


class ListsWhatIsNotThere(MemoryConnector):
    def census(self):
        for page in super().census():
            yield page or ["none"]


class AsksBeforeItLists(MemoryConnector):
    def census(self):
        self._memory.request("GET", "/me")
        return super().census()


class ReadsWholeIssuesForTheirIds(MemoryConnector):
    def census(self):
        for page in self.pull():
            yield [issue.ref.id for issue in page]


class WritesWhileListing(MemoryConnector):
    def census(self):
        self._memory.request("PUT", "/listed", write=True)
        yield from super().census()


class EndsTheListWhereItBreaks(MemoryConnector):
    def census(self):
        try:
            yield from super().census()
        except TrackerError:
            return


class MovesItsCursorBeforeTheList(MemoryConnector):
    def census(self):
        self.cursor = "7"
        yield from super().census()


class NamesItselfInTwoLines(MemoryConnector):
    @classmethod
    def identify(cls, settings):
        return f"memory\n{settings.project}"


class LooksAround(MemoryConnector):
    def __init__(self, *args, env, **kwargs):
        super().__init__(*args, env=env or {"MEMORY_TOKEN": os.environ.get("MEMORY_TOKEN")}, **kwargs)


class SaysNotWhereTheSecretBelongs(MemoryConnector):
    def __init__(self, *args, env, **kwargs):
        if not env:
            raise ConfigError([Problem("there is no secret")])
        super().__init__(*args, env=env, **kwargs)


class AsksBeforeItIsRead(MemoryConnector):
    def pull(self):
        self._memory.request("GET", "/me")
        return super().pull()


class AsksForEachIssueOfAPage(MemoryConnector):
    def pull(self):
        for page in super().pull():
            for issue in page:
                self._memory.request("GET", f"/issues/{issue.ref.id}")
            yield page


class WritesWhileFetching(MemoryConnector):
    def fetch(self, ids):
        if ids:
            self._memory.request("POST", "/seen", write=True)
        return super().fetch(ids)


class FetchesFromAnOldIndex(MemoryConnector):
    def fetch(self, ids):
        found = super().fetch(ids).items()
        return {id_: replace(issue, updated_at=issue.updated_at - timedelta(seconds=1)) for id_, issue in found}


class EndsBetweenPages(MemoryConnector):
    def pull(self):
        pages = super().pull()
        yield next(pages)
        with suppress(UnavailableError):
            yield from pages


class WritesWhileItLooks(MemoryConnector):
    def diagnose(self, written):
        with suppress(TrackerError):
            self._memory.request("POST", "/labels", write=True)
        yield from super().diagnose(written)


class LooksAtEveryIssue(MemoryConnector):
    def diagnose(self, written):
        with suppress(TrackerError):
            for id_ in self._memory.issues:
                self._memory.request("GET", f"/issues/{id_}")
        yield from super().diagnose(written)


class CriesWolf(MemoryConnector):
    def diagnose(self, written):
        yield from super().diagnose(written)
        yield Finding("error", "there might be something", "look for it")


class TellsNoWayOut(MemoryConnector):
    def diagnose(self, written):
        for found in super().diagnose(written):
            yield replace(found, do="")


class FallsOverWhileItLooks(MemoryConnector):
    def diagnose(self, written):
        yield from self._absent(written)


class SeesNothingWrong(MemoryConnector):
    def diagnose(self, written):
        with suppress(TrackerError):
            yield from self._absent(written)


def offering(**instead):
    """A connector that offers this instead of what there is."""

    class Offering(MemoryConnector):
        def offers(self):
            return replace(super().offers(), **instead)

    return Offering


class OffersWhatItDoesNotRead(MemoryConnector):
    capabilities = replace(MemoryConnector.capabilities, reads=frozenset({"field", "label"}))


def offers_unknown(kind):
    """A connector that offers a field that is not there."""

    class OffersAnUnknownField(offering(fields={kind: ("Score", "Reason")})):
        pass

    return OffersAnUnknownField


class WritesWhileItOffers(MemoryConnector):
    def offers(self):
        self._memory.request("POST", "/fields", write=True)
        return super().offers()


class LooksIntoEveryIssueForFields(MemoryConnector):
    def offers(self):
        for id_ in self._memory.issues:
            self._memory.request("GET", f"/issues/{id_}")
        return super().offers()


class SendsEachChangeFiveTimes(MemoryConnector):
    def _write(self, change):
        for _ in range(4):
            self._memory.request("GET", f"/issues/{change.ref.id}")
        return super()._write(change)


class TouchesTheNeighbour(MemoryConnector):
    def _carry_out(self, change):
        super()._carry_out(change)
        if "id2" in self._memory.issues and change.target.kind != "order":
            self._memory.edit("id2", labels=(*self._memory.issues["id2"].labels, "seen"))


class SignsWhatIsThereAlready(MemoryConnector):
    def _carry_out(self, change):
        issue = self._memory.issues[change.ref.id]
        if change.target.kind != "order" and held(issue, change.target) == change.after:
            self._memory.edit(change.ref.id, body=f"{issue.body} confirmed")
        super()._carry_out(change)


class TakesItsPrefixForAllThatBeginsLikeIt(MemoryConnector):
    def _edited(self, issue, target, after):
        target = replace(target, name=target.name.rstrip("/")) if target.kind == "labels" else target
        return super()._edited(issue, target, after)


class TouchesTheBody(MemoryConnector):
    def _carry_out(self, change):
        super()._carry_out(change)
        self._memory.edit(change.ref.id, body="prioritised")


class WritesOnePageOfValues(MemoryConnector):
    def apply(self, changes, current, *, notify):
        if any(change.target.kind == "order" for change in changes):
            yield from super().apply(changes, current, notify=notify)
        else:
            yield from super().apply(changes[: self._memory.page_size], current, notify=notify)
            yield from (Outcome(change, Status.APPLIED) for change in changes[self._memory.page_size :])


class TellsOutcomesByIssue(MemoryConnector):
    def apply(self, changes, current, *, notify):
        outcomes = list(super().apply(changes, current, notify=notify))
        moves = any(change.target.kind == "order" for change in changes)
        yield from outcomes if moves else sorted(outcomes, key=lambda outcome: outcome.change.ref.id)


class TurnsTheOrderUntilItMoves(MemoryConnector):
    def _placed(self, issue):
        placed = super()._placed(issue)
        if self._memory.order != list(self._memory.issues):
            return placed
        return replace(placed, native_rank=str(9 - int(placed.native_rank)))


class KnowsNoBefore(MemoryConnector):
    def _carry_out(self, change):
        if change.target.kind == "order":
            self._memory.move(change.ref.id, "after", change.after[1])
        else:
            super()._carry_out(change)


class MovesFiftyAtMost(MemoryConnector):
    def apply(self, changes, current, *, notify):
        yield from super().apply(changes[:50], current, notify=notify)
        yield from (Outcome(change, Status.APPLIED) for change in changes[50:])


class ReadsTheFirstLine(MemoryConnector):
    def fetch(self, ids):
        found = super().fetch(ids).items()
        return {id_: replace(one, comment=one.comment and one.comment.split("\n")[0]) for id_, one in found}


class KeepsWhatItSaidBefore(MemoryConnector):
    def _edited(self, issue, target, after):
        if target.kind == "comment" and after is not None and issue.comment not in (None, after):
            self._memory.remarks.setdefault(issue.ref.id, []).append(issue.comment)
        return super()._edited(issue, target, after)


class SaysItAgain(MemoryConnector):
    def _edited(self, issue, target, after):
        if target.kind == "comment" and issue.comment == after:
            self._memory.remarks.setdefault(issue.ref.id, []).append(after)
        return super()._edited(issue, target, after)


class LeavesAnEmptyComment(MemoryConnector):
    def _edited(self, issue, target, after):
        return super()._edited(issue, target, "" if target.kind == "comment" and after is None else after)


class ClearsTheDiscussion(MemoryConnector):
    def _edited(self, issue, target, after):
        if target.kind == "comment" and after is None:
            self._memory.remarks.clear()
        return super()._edited(issue, target, after)


class TakesAnyCommentForItsOwn(MemoryConnector):
    def fetch(self, ids):
        others = {id_: said[0] for id_, said in self._memory.remarks.items()}
        return {id_: replace(one, comment=one.comment or others.get(id_)) for id_, one in super().fetch(ids).items()}


class TellsNoItem(MemoryConnector):
    def fetch(self, ids):
        return {id_: replace(issue, native_ids={}) for id_, issue in super().fetch(ids).items()}


class AddsASecondItem(MemoryConnector):
    def _carry_out(self, change):
        if change.target.kind == "project_item" and change.after and change.ref.id in self._memory.order:
            self._memory.order.append(change.ref.id)
        else:
            super()._carry_out(change)


class NeverTakesOff(MemoryConnector):
    def _carry_out(self, change):
        if change.target.kind != "project_item" or change.after:
            super()._carry_out(change)


def refuses_beside(kind):
    """A connector that knows only the items it was told of when it began."""

    class KnowsOldItemsOnly(MemoryConnector):
        def apply(self, changes, current, *, notify):
            added = {change.ref.id for change in changes if change.target.kind == "project_item"}
            for change in changes:
                if change.target.kind == kind and change.ref.id in added:
                    yield Outcome(change, Status.REJECTED, "it is not on the project")
                else:
                    yield from super().apply([change], current, notify=notify)

    return KnowsOldItemsOnly


def writes_on_after(kind):
    """A connector that takes one kind of trouble for a refusal of one value."""

    class GoingOn(MemoryConnector):
        def _write(self, change):
            try:
                return super()._write(change)
            except kind as error:
                return Outcome(change, Status.REJECTED, error.message)

    return GoingOn


def only(kind, handle):
    """`handle` for errors of this kind alone; others are raised as they are."""

    def handle_it(connector, error):
        if isinstance(error, kind):
            handle(connector, error)
        else:
            raise error

    handle_it.__name__ = handle.__name__
    return handle_it


def raw_words_alone(connector, error):
    raise AuthError("\x1b[2Jcleared", hint="sign in", tracker=connector.tracker)


TABLE = [
    ("census_lists_what_a_pull_finds", ListsThePageBefore, {}),
    ("census_lists_what_a_pull_finds", ListsOnePage, {}),
    ("census_lists_what_a_pull_finds", RemembersTheIds, {}),
    ("census_of_nothing_lists_nothing", ListsWhatIsNotThere, {}),
    ("census_is_lazy", AsksBeforeItLists, {}),
    ("census_stays_in_request_budget", ReadsWholeIssuesForTheirIds, {}),
    ("census_stays_in_request_budget", WritesWhileListing, {}),
    ("a_census_that_breaks_is_no_end", EndsTheListWhereItBreaks, {}),
    ("a_census_that_breaks_is_no_end", MovesItsCursorBeforeTheList, {}),
    ("changes_hold_what_was_touched", ForgetsWhatWasTouched, {}),
    ("changes_hold_what_was_touched", LosesItsCursor, {}),
    ("nothing_falls_between_two_reads", BeginsTooLate, {}),
    ("an_idle_tracker_costs_next_to_nothing", ReadsAllAgain, {}),
    ("an_idle_tracker_costs_next_to_nothing", WritesWhenIdle, {}),
    ("a_read_that_breaks_moves_no_cursor", MovesItsCursorFirst, {}),
    ("a_read_that_breaks_moves_no_cursor", EndsWhereItBreaks, {}),
    ("construction_makes_no_request", AsksWhenMade, {}),
    ("construction_makes_no_request", NamesItselfInTwoLines, {}),
    ("secrets_come_from_env_alone", LooksAround, {}),
    ("settings_repr_hides_secrets", HoldsTheSecret, {}),
    ("unknown_setting_is_rejected", TakesAnySetting, {}),
    ("missing_secret_is_a_problem_of_the_file", NeedsNoSecret, {}),
    ("missing_secret_is_a_problem_of_the_file", SaysNotWhereTheSecretBelongs, {}),
    ("every_issue_once_across_pages", LosesTheLastPage, {"size": "page+1"}),
    ("every_issue_once_across_pages", OverlapsPages, {"size": "2.5 pages"}),
    ("every_issue_once_across_pages", OverlapsPagesAndListsNoIds, {"size": "2.5 pages"}),
    ("every_issue_once_across_pages", on_issues(lambda issue: replace(issue, title="Issue 1")), {"size": "page"}),
    ("pull_is_lazy", AsksBeforeItIsRead, {}),
    ("pull_is_lazy", ReadsAheadOfTheCall, {}),
    ("pull_is_lazy", ReadsAllBeforeTheFirstPage, {}),
    ("pull_is_repeatable", Remembers, {}),
    ("pull_is_repeatable", on_issues(lambda issue: replace(issue, updated_at=issue.created_at)), {}),
    ("pull_stays_in_request_budget", AsksForEachIssue, {}),
    ("pull_stays_in_request_budget", AsksForEachIssueOfAPage, {}),
    ("pull_sends_no_write", WritesWhileReading, {}),
    ("pull_sends_no_write", WritesWhileFetching, {}),
    ("maps_awkward_values", on_issues(lambda issue: replace(issue, title=issue.title[:200])), {}),
    ("maps_awkward_values", on_issues(without_body), {}),
    ("maps_awkward_values", on_issues(lambda issue: replace(issue, labels=issue.labels[:4])), {}),
    (
        "maps_awkward_values",
        on_issues(lambda issue: replace(issue, title=issue.title.encode("ascii", "replace").decode())),
        {},
    ),
    (
        "every_issue_says_where_it_is_and_when",
        on_issues(lambda issue: replace(issue, url="/browse/CORE-1")),
        {},
    ),
    (
        "every_issue_says_where_it_is_and_when",
        on_issues(lambda issue: replace(issue, created_at=issue.created_at.replace(tzinfo=None))),
        {},
    ),
    (
        "every_issue_says_where_it_is_and_when",
        on_issues(lambda issue: replace(issue, closed_at=issue.created_at.astimezone(timezone(timedelta(hours=2))))),
        {},
    ),
    ("fetch_returns_present_and_omits_absent", InventsAbsentIssues, {}),
    ("fetch_agrees_with_pull", FetchesLess, {}),
    ("fetch_agrees_with_pull", FetchesFromAnOldIndex, {}),
    ("fetch_stays_in_request_budget", AsksForEachIssue, {}),
    ("fetch_stays_in_request_budget", AsksForNothing, {}),
    ("unknown_wanted_field_is_named_with_the_nearest", IgnoresUnknownFields, {}),
    ("unknown_wanted_field_is_named_with_the_nearest", NamesNoNearestField, {}),
    ("auth_failure", on_errors(rename), {"read": pull_all}),
    ("auth_failure", on_errors(anonymous), {"read": pull_all}),
    ("auth_failure", on_errors(without_hint), {"read": pull_all}),
    ("auth_failure", on_errors(swallow), {"read": fetch_some}),
    ("auth_failure", on_errors(only(AuthError, without_hint)), {"read": pull_all}),
    ("forbidden", on_errors(rename), {"read": pull_all}),
    ("forbidden", on_errors(only(ForbiddenError, without_hint)), {"read": fetch_some}),
    ("rejected", on_errors(only(RejectedError, without_hint)), {"read": pull_all}),
    ("rejected", on_errors(only(RejectedError, swallow)), {"read": fetch_some}),
    ("missing", on_errors(swallow), {}),
    ("missing", on_errors(only(NotFoundError, swallow)), {}),
    ("rate_limited_carries_retry_after", on_errors(forget_the_time), {"read": pull_all}),
    ("rate_limited_carries_retry_after", on_errors(wait_in_vain), {"read": pull_all}),
    ("server_error_is_bounded", on_errors(swallow), {"read": pull_all}),
    ("server_error_is_bounded", on_errors(wait_for_hours), {"read": pull_all}),
    ("server_error_is_bounded", on_errors(hammer), {"read": pull_all}),
    ("garbage_body_is_invalid_response", on_errors(swallow), {"read": pull_all, "body": b"<html>"}),
    (
        "garbage_body_is_invalid_response",
        on_errors(only(InvalidResponseError, rename)),
        {"read": pull_all, "body": b"<html>"},
    ),
    ("failure_between_pages_is_no_end", on_errors(swallow), {}),
    ("failure_between_pages_is_no_end", EndsBetweenPages, {}),
    ("no_secret_in_errors", on_errors(tell_the_secret), {"read": pull_all, "status": 401}),
    ("no_secret_in_errors", on_errors(log_the_secret), {"read": pull_all, "status": 401}),
    ("no_secret_in_errors", on_errors(chain_the_secret), {"read": pull_all, "status": 401}),
    ("errors_show_no_escape_sequences", on_errors(raw_words), {"read": pull_all}),
    ("errors_show_no_escape_sequences", on_errors(only(AuthError, raw_words_alone)), {"read": pull_all}),
    ("diagnose_sends_no_write", WritesWhileItLooks, {}),
    ("diagnose_finds_no_error_where_all_is_well", CriesWolf, {}),
    ("diagnose_stays_in_request_budget", LooksAtEveryIssue, {}),
    ("diagnose_tells_trouble_with_the_way_out", TellsNoWayOut, {"status": 401}),
    ("diagnose_tells_trouble_with_the_way_out", FallsOverWhileItLooks, {"status": 502}),
    ("diagnose_tells_trouble_with_the_way_out", SeesNothingWrong, {"status": 403}),
    ("offered_settings_are_accepted", offering(settings=(Offer("board", 12, "Core services"),)), {}),
    ("offered_settings_are_accepted", offering(settings=(Offer("project", 12, "Core services"),)), {}),
    ("offered_kinds_of_fields_are_read", OffersWhatItDoesNotRead, {}),
    *(("offered_fields_can_be_read", offers_unknown(kind), {}) for kind in ("field", "issue_field", "project_field")),
    ("nothing_is_offered_twice", offering(settings=(Offer("project", "CORE", "Core"),) * 2), {}),
    ("nothing_is_offered_twice", offering(fields={"project_field": ("Score", "Reach", "Score")}), {}),
    ("offering_sends_no_write", WritesWhileItOffers, {}),
    ("offering_stays_in_request_budget", LooksIntoEveryIssueForFields, {}),
    *(("apply_then_fetch_shows_it", PretendsToWrite, {"kind": kind}) for kind in ("labels", "field", "priority")),
    ("apply_then_fetch_shows_it", WritesToAll, {"kind": "project_field"}),
    ("apply_then_fetch_shows_it", AddsLabelsOnly, {"kind": "labels"}),
    ("apply_then_fetch_shows_it", TouchesTheNeighbour, {"kind": "field"}),
    ("apply_twice_leaves_the_same", AddsLabelsOnly, {"kind": "labels"}),
    ("apply_twice_leaves_the_same", SignsWhatIsThereAlready, {"kind": "priority"}),
    *(("clear_really_clears", NeverClears, {"kind": kind}) for kind in ("labels", "field", "project_field")),
    ("clear_really_clears", PretendsToWrite, {"kind": "priority"}),
    ("foreign_labels_survive", ReplacesAllLabels, {}),
    ("foreign_labels_survive", TakesItsPrefixForAllThatBeginsLikeIt, {}),
    ("touches_only_what_it_names", TouchesTheTitle, {"kind": "field"}),
    ("touches_only_what_it_names", TouchesTheBody, {"kind": "labels"}),
    ("many_targets_of_many_issues_at_once", WritesOnePageOnly, {}),
    ("many_targets_of_many_issues_at_once", WritesOnePageOfValues, {}),
    ("outcomes_in_order_one_per_change", on_outcomes(lambda outcomes: outcomes[::-1]), {}),
    ("outcomes_in_order_one_per_change", on_outcomes(lambda outcomes: outcomes[:1]), {}),
    ("outcomes_in_order_one_per_change", TellsOutcomesByIssue, {}),
    ("apply_stays_in_its_forecast", SendsEachChangeFiveTimes, {}),
    ("forecast_counts_requests", ForecastsTooMuch, {}),
    ("comment_is_read_as_it_was_written", ReadsTheFirstLine, {}),
    ("comment_is_edited_in_place", KeepsWhatItSaidBefore, {}),
    ("comment_written_twice_is_one", SaysItAgain, {}),
    ("cleared_comment_is_gone", LeavesAnEmptyComment, {}),
    ("foreign_comments_survive", TakesAnyCommentForItsOwn, {}),
    ("foreign_comments_survive", ClearsTheDiscussion, {}),
    ("issue_put_on_the_project_is_told_to_be_on_it", TellsNoItem, {}),
    ("issue_put_on_the_project_twice_is_taken_off_at_once", NeverTakesOff, {}),
    ("issue_put_on_the_project_twice_is_taken_off_at_once", AddsASecondItem, {}),
    ("what_is_put_on_the_project_takes_values_and_a_place_at_once", refuses_beside("project_field"), {}),
    ("what_is_put_on_the_project_takes_values_and_a_place_at_once", refuses_beside("order"), {}),
    ("order_is_read_as_the_tracker_has_it", TurnsTheOrderUntilItMoves, {}),
    ("order_is_read_as_the_tracker_has_it", on_issues(lambda issue: replace(issue, native_rank=None)), {}),
    (
        "order_is_read_as_the_tracker_has_it",
        on_issues(lambda issue: replace(issue, native_rank=str(9 - int(issue.native_rank)))),
        {},
    ),
    ("order_round_trips", MovesTheOtherWay, {}),
    ("order_round_trips", on_changes(lambda changes: changes[::-1]), {}),
    ("order_round_trips", KnowsNoBefore, {}),
    ("moves_in_a_row_keep_their_order", on_changes(lambda changes: changes[:50]), {}),
    ("moves_in_a_row_keep_their_order", MovesFiftyAtMost, {}),
    ("one_rejection_does_not_stop_the_rest", StopsAtTheFirstRefusal, {}),
    ("one_rejection_does_not_stop_the_rest", SaysNoReason, {}),
    ("one_rejection_does_not_stop_the_rest", PretendsToWrite, {}),
    ("issue_gone_meanwhile_does_not_stop_the_rest", NeedsAllIssues, {}),
    ("broken_write_is_unknown_and_not_sent_again", SendsAgain, {}),
    ("broken_write_is_unknown_and_not_sent_again", on_changes(lambda changes: []), {}),
    ("lost_permission_stops_the_writing", GoesOnWhateverHappens, {}),
    ("lost_permission_stops_the_writing", writes_on_after(AuthError), {}),
    ("long_limit_stops_the_writing", GoesOnWhateverHappens, {}),
    ("long_limit_stops_the_writing", writes_on_after(RateLimitError), {}),
]


BY_ITSELF = {"kind_matches_entry_point", "distribution_bounds_its_core"}
"""Checks of how a connector is distributed, which no connector in memory can be wrong about: proven one by one."""
CHECKS = {name.removeprefix("test_") for name in dir(TargetConformance) if name.startswith("test_")} - BY_ITSELF


def run(check, double, connector, values, fixtures):
    given = {"tracker": double, "connector": connector, "names": Names(), "stages": [connector]}
    names = {**given, **fixtures, **values}
    function = getattr(TargetConformance(), f"test_{check}")
    wanted = function.__code__.co_varnames[1 : function.__code__.co_argcount]
    function(**{name: names[name] for name in wanted})


@pytest.fixture
def fixtures(caplog, monkeypatch):
    return {"caplog": caplog, "monkeypatch": monkeypatch}


@pytest.mark.parametrize(
    ("check", "broken", "values"), TABLE, ids=[f"{check}-{broken.__name__}" for check, broken, _ in TABLE]
)
def test_the_check_fails_for_a_connector_that_breaks_the_promise(
    memory_double, construct, fixtures, check, broken, values
):
    with pytest.raises(OWN.get(broken.__name__, BROKEN)):
        run(check, memory_double, construct(broken), values, fixtures)


@pytest.mark.parametrize(("check", "broken"), [(check, broken) for check, broken, _ in TABLE if "offer" in check])
def test_what_is_offered_before_a_choice_is_checked_as_well(memory_double, construct, fixtures, check, broken):
    after, before = construct(MemoryConnector), construct(broken)
    stages = TargetConformance.stages.__wrapped__(TargetConformance(), after, before)
    with pytest.raises(OWN.get(broken.__name__, BROKEN)):
        run(check, memory_double, after, {"stages": stages}, fixtures)


def cases(check):
    """Every set of values that the check is run with."""
    marks = getattr(getattr(TargetConformance, f"test_{check}"), "pytestmark", ())
    given = [[{mark.args[0]: value} for value in mark.args[1]] for mark in marks if mark.name == "parametrize"]
    return [{name: value for part in parts for name, value in part.items()} for parts in product(*given)]


def fails(check, broken, double, construct, fixtures):
    for values in cases(check):
        tracker = double()
        fixtures["caplog"].clear()
        try:
            with fixtures["monkeypatch"].context() as patched:
                run(check, tracker, construct(broken, tracker), values, {**fixtures, "monkeypatch": patched})
        except Skipped:
            continue
        except (Exception, Failed):  # noqa: BLE001 - a broken connector fails in ways of its own
            return True
    return False


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_each_check_has_a_connector_that_fails_it_and_no_other(make_double, construct, fixtures, check):
    """Where every connector that fails a check failed another one too, the check would say nothing of its own."""
    proofs = [broken for proven, broken, _ in TABLE if proven == check]
    assert proofs, "no broken connector proves this check"
    others = sorted(CHECKS - {check})
    assert any(
        fails(check, broken, make_double, construct, fixtures)
        and not any(fails(other, broken, make_double, construct, fixtures) for other in others)
        for broken in reversed(proofs)
    )


def test_a_connector_without_a_fault_fails_none(make_double, construct, fixtures):
    failed = [check for check in CHECKS if fails(check, MemoryConnector, make_double, construct, fixtures)]
    assert failed == []


@pytest.mark.parametrize(
    "requirements", [[], ["trackersync-jira>=0.1,<0.2"], ["trackersync"], ["trackersync>=0.1"], ["trackersync[x]<2"]]
)
def test_a_distribution_that_does_not_bound_its_core_is_caught(requirements):
    with pytest.raises(AssertionError):
        TargetConformance().test_distribution_bounds_its_core(requirements)


@pytest.mark.parametrize("need", ["trackersync>=0.1,<0.2", "trackersync<1,>=0.3", "trackersync[keyring] ~=0.1; x"])
def test_a_distribution_that_bounds_its_core_is_let_be(need):
    TargetConformance().test_distribution_bounds_its_core(["requests>=2", need])


@pytest.mark.parametrize("registered", [[], [dict], [MemoryConnector, MemoryConnector]])
def test_a_connector_under_no_or_a_strange_name_is_caught(memory_double, construct, registered):
    with pytest.raises(AssertionError):
        TargetConformance().test_kind_matches_entry_point(construct(MemoryConnector), registered)


@pytest.mark.parametrize("check", ["apply_then_fetch_shows_it", "order_round_trips", "pull_is_lazy"])
def test_a_check_may_be_admitted_to_fail_and_nothing_less(check):
    def replacement():
        """Pass, whatever the connector does."""

    def marked(mark):
        return mark(FunctionType(replacement.__code__, {}))

    admitted = marked(pytest.mark.xfail(strict=True, reason="the tracker has no such thing"))
    assert type("TestX", (TargetConformance,), {f"test_{check}": admitted})
    for refused in (
        None,
        replacement,
        marked(pytest.mark.skip(reason="no")),
        marked(pytest.mark.xfail(strict=True)),
        marked(pytest.mark.xfail(reason="no")),
    ):
        with pytest.raises(TypeError, match=f"TestX.test_{check} replaces a check"):
            type("TestX", (TargetConformance,), {f"test_{check}": refused})


def test_a_check_is_not_replaced_by_way_of_another_base_class():
    mixin = type("Mine", (), {"test_pull_is_lazy": lambda self: None})
    with pytest.raises(TypeError, match=r"TestX.test_pull_is_lazy replaces a check"):
        type("TestX", (mixin, TargetConformance), {})


def test_a_plugins_own_tests_may_stand_beside_the_checks():
    assert type("TestX", (TargetConformance,), {"test_more": lambda self: None})


@pytest.mark.parametrize(
    "check", ["apply_then_fetch_shows_it", "order_round_trips", "unknown_wanted_field_is_named_with_the_nearest"]
)
def test_an_ability_that_is_not_declared_is_not_asked_for(memory_double, construct, fixtures, check):
    class Little(MemoryConnector):
        capabilities = Capabilities()

    with pytest.raises(Skipped):
        run(check, memory_double, construct(Little), {"kind": "labels"}, fixtures)
