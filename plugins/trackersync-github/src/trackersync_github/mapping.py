"""From GitHub's answers to the one model, the same for both APIs; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from trackersync.links import stated_links
from trackersync.model import PROJECT_ITEM, Issue, IssueRef, Link, StateCategory, Value
from trackersync_github.answers import GraphIssue, RestIssue, in_utc

COMMENT = "comment"
"""The name in `Issue.native_ids` under which our own comment on the issue is kept."""


@dataclass(frozen=True, slots=True)
class Item:
    """An issue's place on the configured project."""

    id: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    rank: str | None = None
    """Sorts bytewise into the project's order; None where only the item was read, not its place."""


@dataclass(frozen=True, slots=True)
class OwnComment:
    """Our one comment on an issue, its text as it was written."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Mapper:
    """Maps the issues of one tracker; `wanted` names the organisation's issue fields to keep."""

    tracker: str
    wanted: Collection[str] = ()

    def issue(
        self,
        answer: RestIssue | GraphIssue,
        item: Item | None = None,
        links: Iterable[Link] = (),
        pull_requests: int | None = None,
        comment: OwnComment | None = None,
    ) -> Issue:
        """One issue, with its item on the project, links that GitHub itself keeps, what will close it, our comment."""
        milestone, parts, blocks = answer.milestone, answer.sub_issues_summary, answer.issue_dependencies_summary
        state = answer.state.lower()
        body = answer.body or ""
        return Issue(
            ref=IssueRef(self.tracker, "github", answer.node_id, f"{answer.repository_name}#{answer.number}"),
            title=answer.title,
            url=answer.html_url,
            state=state,
            state_category=StateCategory.DONE if state == "closed" else StateCategory.TODO,
            created_at=in_utc(answer.created_at),
            updated_at=in_utc(answer.updated_at),
            closed_at=in_utc(answer.closed_at) if answer.closed_at else None,
            due_on=milestone.due_day if milestone else None,
            body=body,
            type=answer.type.name.lower() if answer.type else None,
            labels=answer.label_names,
            author=answer.user.person if answer.user else None,
            assignees=tuple(account.person for account in answer.assigned),
            milestone=milestone.title if milestone else None,
            reactions=_given(answer.reaction_counts),
            comments=answer.comment_count,
            links=tuple(dict.fromkeys((*stated_links(body), *links))),
            parent=f"github:{answer.parent_key}" if answer.parent_key else None,
            sub_issues=parts.total if parts else None,
            sub_issues_open=parts.total - parts.completed if parts else None,
            blocks_open=blocks.blocking if blocks else None,
            blocked_by_open=blocks.blocked_by if blocks else None,
            pull_requests_open=pull_requests,
            fields=self._wanted(answer.field_values) if self.wanted else {},
            project_fields=item.fields if item else {},
            native_rank=item.rank if item else None,
            comment=comment.text if comment else None,
            native_ids=_ids(item.id if item else "", comment.id if comment else ""),
        )

    def _wanted(self, values: Mapping[str, Value]) -> dict[str, Value]:
        return {name: value for name, value in values.items() if name in self.wanted}


def on_project(issue: Issue, item: Item | None) -> Issue:
    """The issue with what its item on the project holds now."""
    item = item or Item("")
    return replace(issue, project_fields=item.fields, native_rank=item.rank, native_ids=_ids(item.id, ""))


def _ids(item: str, comment: str) -> dict[str, str]:
    return {name: id_ for name, id_ in ((PROJECT_ITEM, item), (COMMENT, comment)) if id_}


def number_of(ref: IssueRef) -> int:
    """12 of `acme/web#12`."""
    return int(ref.key.rpartition("#")[2])


def _given(counts: Mapping[str, int] | None) -> Mapping[str, int] | None:
    return None if counts is None else {kind: count for kind, count in counts.items() if count}


def carries_any(labels: Iterable[str], wanted: Sequence[str]) -> bool:
    """Whether one of the wanted labels is there; GitHub's labels do not differ by case."""
    return not {label.casefold() for label in wanted}.isdisjoint(label.casefold() for label in labels)


def carries_all(labels: Iterable[str], wanted: Sequence[str]) -> bool:
    """Whether each of the wanted labels is there."""
    return {label.casefold() for label in wanted} <= {label.casefold() for label in labels}
