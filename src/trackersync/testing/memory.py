"""The reference connector: everything the contract allows, over a tracker that lives in memory.

It is as weak as the contract lets it be (`fetch` knows no rank), so that what works over it works over all.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Self

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.connector import Capabilities, FieldNames, Offers, Target
from trackersync.diagnosis import Finding, Written, examine, failed
from trackersync.errors import ConfigError, ItemError, Problem, RejectedError, UnavailableError
from trackersync.model import PROJECT_ITEM, Delta, Fate, Issue, IssueRef, Value, Whereabouts
from trackersync.testing.memory_tracker import MemoryTracker
from trackersync.transport import Transport


class MemorySettings(BaseModel):
    """A memory tracker's section of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    project: str = "CORE"
    token_env: str | None = None
    """The environment variable that holds a token; without one none is needed."""


class MemoryConnector(Target):
    """Reads and writes `MemoryTracker`s; `over` makes the class that knows them."""

    kind: ClassVar[str] = "memory"
    Settings: ClassVar[type[BaseModel]] = MemorySettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        reads=frozenset({"field", "project_field", "issue_field", "label"}),
        labels=True,
        fields=True,
        project_fields=True,
        priority=True,
        properties=True,
        comments=True,
        project_items=True,
        order="board",
        quiet=True,
    )
    trackers: ClassVar[Mapping[str, MemoryTracker]] = {}
    follows_board = True

    @classmethod
    def over(cls, trackers: Mapping[str, MemoryTracker]) -> type[Self]:
        """The connector for these trackers by the team's names, to be registered and constructed like any other."""
        return type(cls.__name__, (cls,), {"trackers": trackers, "__module__": cls.__module__})

    def __init__(
        self, tracker: str, settings: Any, *, transport: Transport, env: Mapping[str, str], wanted: FieldNames
    ) -> None:
        super().__init__(tracker, settings, transport=transport, env=env, wanted=wanted)
        self._memory = self.trackers[tracker]
        if settings.token_env is not None and not env.get(settings.token_env):
            message = f"the environment variable {settings.token_env} is not set"
            raise ConfigError([Problem(message, path=("token_env",), hint="set it to the tracker's token")])

    @classmethod
    def identify(cls, settings: Any) -> str:
        """`memory CORE`."""
        return f"memory {settings.project}"

    def pull(self) -> Iterator[Sequence[Issue]]:
        """Yield every issue a page at a time; one request each, and one where there is no issue."""
        memory = self._memory
        began = memory.clock
        ids = list(memory.issues)
        for start in range(0, max(1, len(ids)), memory.page_size):
            memory.request("GET", "/issues")
            self._check_wanted()
            page = [memory.issues[id_] for id_ in ids[start : start + memory.page_size] if id_ in memory.issues]
            yield [self._placed(issue) for issue in page]
        self.cursor = str(began)

    def changes(self, cursor: str) -> Iterator[Delta]:
        """Yield what was touched since, a page at a time; one request each, and one where there is nothing."""
        memory = self._memory
        began = memory.clock
        touched = [id_ for id_, at in memory.touched.items() if at > int(cursor) and id_ in memory.issues]
        for start in range(0, max(1, len(touched)), memory.page_size):
            memory.request("GET", "/issues/touched")
            self._check_wanted()
            yield Delta([self._placed(memory.issues[id_]) for id_ in touched[start : start + memory.page_size]])
        self.cursor = str(began)

    def census(self) -> Iterator[Sequence[str]]:
        """Yield the ids; a page holds ten times as many of them as of issues."""
        memory = self._memory
        ids, size = list(memory.issues), memory.page_size * 10
        for start in range(0, max(1, len(ids)), size):
            memory.request("GET", "/issues/ids")
            yield ids[start : start + size]

    def on_board(self, issues: Sequence[Issue]) -> Sequence[Issue]:
        """Those that have another place; takes no request."""
        here = (issue for issue in issues if issue.ref.id in self._memory.issues)
        ranked = [(issue, self._memory.rank(issue.ref.id)) for issue in here]
        return [replace(issue, native_rank=rank) for issue, rank in ranked if rank != issue.native_rank]

    def places(self, refs: Sequence[IssueRef]) -> Mapping[str, str]:
        """Their places in the order; one request."""
        self._memory.request("GET", "/order")
        ranks = {ref.id: self._memory.rank(ref.id) for ref in refs}
        return {id_: rank for id_, rank in ranks.items() if rank is not None}

    def whereabouts(self, refs: Sequence[IssueRef]) -> Mapping[str, Whereabouts]:
        """What is not here any more was deleted; one request."""
        self._memory.request("GET", "/issues/whereabouts")
        return {ref.id: Whereabouts(Fate.DELETED) for ref in refs}

    def offers(self) -> Offers:
        """The fields, which exist on issues and on the project alike; one request."""
        self._memory.request("GET", "/names")
        names = tuple(self._memory.fields)
        return Offers(fields={"field": names, "project_field": names})

    def diagnose(self, written: Written) -> Iterator[Finding]:
        """The fields and priorities that are not there; one request."""
        return examine([partial(self._absent, written)])

    def _absent(self, written: Written) -> Iterator[Finding]:
        memory = self._memory
        memory.request("GET", "/names")
        fields = {*self.wanted.fields, *self.wanted.project_fields, *written.fields, *written.project_fields}
        asked = [(name, memory.fields, "field") for name in sorted(fields)]
        asked += [(name, memory.priorities, "priority") for name in written.priorities]
        for name, known, what in asked:
            try:
                self._check_name(name, known, what)
            except RejectedError as error:
                yield failed(error)

    def _placed(self, issue: Issue) -> Issue:
        return replace(self._seen(issue), native_rank=self._memory.rank(issue.ref.id), comment=None)

    def fetch(self, ids: Sequence[str]) -> Mapping[str, Issue]:
        """Read these issues, a page's worth a request."""
        memory = self._memory
        for _ in range(0, len(ids), memory.page_size):
            memory.request("GET", "/issues/by-id")
        return {id_: self._seen(memory.issues[id_]) for id_ in ids if id_ in memory.issues}

    def apply(
        self,
        changes: Sequence[Change],
        current: Mapping[str, Issue],
        *,
        notify: bool,
    ) -> Iterator[Outcome]:
        """Write one change a request."""
        for change in changes:
            outcome = (
                self._write(change) if change.ref.id in current else Outcome(change, Status.CONFLICT, "it is gone")
            )
            if notify and outcome.status is Status.APPLIED:
                self._memory.notified.append(change.ref.id)
            yield outcome

    def _write(self, change: Change) -> Outcome:
        memory, id_ = self._memory, change.ref.id
        try:
            memory.request("PUT", f"/issues/{id_}", write=True)
            self._carry_out(change)
        except ItemError as error:
            return Outcome(change, Status.REJECTED, error.message)
        except UnavailableError as error:
            if error.sent:
                return Outcome(change, Status.UNKNOWN, error.message)
            raise
        if id_ in memory.lost:
            memory.lost.remove(id_)
            return Outcome(change, Status.UNKNOWN, "the connection broke before the answer")
        return Outcome(change, Status.APPLIED)

    def _carry_out(self, change: Change) -> None:
        memory, id_ = self._memory, change.ref.id
        if id_ in memory.refused:
            raise self._rejected(memory.refused[id_])
        if change.target.kind == "order":
            assert isinstance(change.after, tuple)
            where, anchor = change.after
            if not {id_, anchor} <= set(memory.order):
                raise self._rejected("only what is on the board can be moved")
            memory.move(id_, where, anchor)
        elif change.target.kind == "project_item":
            memory.place(id_, listed=bool(change.after))
        else:
            memory.edit(id_, **self._edited(memory.issues[id_], change.target, change.after))

    def _edited(self, issue: Issue, target: WriteTarget, after: Value) -> dict[str, Any]:
        match target.kind:
            case "labels":
                assert isinstance(after, tuple)
                prefix = target.name.casefold()
                foreign = tuple(label for label in issue.labels if not label.casefold().startswith(prefix))
                return {"labels": foreign + after}
            case "priority":
                if after is not None:
                    self._check_name(str(after), self._memory.priorities, "priority")
                return {"priority": after}
            case "comment":
                return {"comment": after}
            case "property":
                kept = {key: value for key, value in issue.properties.items() if key != target.name}
                return {"properties": kept if after is None else kept | {target.name: after}}
            case _:
                self._check_name(target.name, self._memory.fields, "field")
                held = issue.fields if target.kind == "field" else issue.project_fields
                values = {name: value for name, value in held.items() if name != target.name}
                return {f"{target.kind}s": values if after is None else values | {target.name: after}}

    def _seen(self, issue: Issue) -> Issue:
        """The issue with the wanted fields alone."""
        return replace(
            issue,
            fields=_only(issue.fields, self.wanted.fields),
            project_fields=_only(issue.project_fields, self.wanted.project_fields),
            properties=_only(issue.properties, self.wanted.properties),
            comment=issue.comment if self.wanted.comment else None,
            native_ids={PROJECT_ITEM: issue.ref.id} if issue.ref.id in self._memory.order else {},
        )

    def _check_wanted(self) -> None:
        for name in sorted(self.wanted.fields | self.wanted.project_fields):
            self._check_name(name, self._memory.fields, "field")

    def _check_name(self, name: str, known: Iterable[str], what: str) -> None:
        if name not in known:
            nearest = ", ".join(difflib.get_close_matches(name, list(known)))
            told = f"there is no {what} {name!r}" + (f"; nearest: {nearest}" if nearest else "")
            raise self._rejected(told, hint="correct the name")

    def _rejected(self, message: str, hint: str | None = None) -> RejectedError:
        return RejectedError(message, hint=hint, tracker=self.tracker, host="memory")


def _only(values: Mapping[str, Value], names: Collection[str]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name in names}
