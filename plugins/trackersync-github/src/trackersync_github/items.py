"""The configured project's items, read from the project's side: only its list in POSITION order tells the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from trackersync.model import Value
from trackersync_github import documents
from trackersync_github.answers import Connection, Neighbour, PageInfo, ShownValue
from trackersync_github.client import GitHubClient
from trackersync_github.facts import Facts, Project
from trackersync_github.mapping import Item
from trackersync_github.settings import ProjectSettings

_RANK_DIGITS = 8


class _Items(Struct):
    page: PageInfo
    nodes: list[dict[str, Any] | None]


class _Listed(Struct):
    id: str = ""
    content: dict[str, Any] | None = None


class _Project(Struct):
    items: _Items


class _Answer(Struct):
    project: _Project


def read_items(client: GitHubClient, facts: Facts, project: Project, names: Sequence[str]) -> dict[int, Item]:
    """The items of our repository's issues by issue number, with the values of these fields and their order.

    Numbers, not ids: GitHub writes one issue's id in an old and a new form, and its APIs need not agree on one.
    Costs one point for 100 items (docs: rate limits for the GraphQL API).
    """
    document = documents.items(len(names), facts.issue_has)
    variables = {"project": project.id, **field_variables(names)}
    found: dict[int, Item] = {}
    after: str | None = None
    place = 0
    while True:

        def ask(size: int, cursor: str | None = after) -> _Items:
            return client.query(document, {**variables, "first": size, "after": cursor}, _Answer).project.items

        items = client.by_page(ask)
        for place, node in enumerate(items.nodes, start=place + 1):  # noqa: B020 - counts on over all pages
            listed = client.shaped(node or {}, _Listed)
            issue = _issue_of(client, listed)
            if node and issue and facts.is_here(issue.repository.full_name):
                found[issue.number] = Item(listed.id, field_values(client, node, names), f"{place:0{_RANK_DIGITS}d}")
        if not items.page.more:
            return found
        if items.page.end is None or items.page.end == after:
            raise client.misshapen("there is another page of items, and no way to it")
        after = items.page.end


def _issue_of(client: GitHubClient, listed: _Listed) -> Neighbour | None:
    """The issue an item stands for; None for drafts, pull requests and what this account may not see."""
    return client.shaped(listed.content, Neighbour) if listed.content else None


def field_variables(names: Sequence[str]) -> dict[str, str]:
    """The variables by which documents ask for fields: any text is a name."""
    return {f"f{i}": name for i, name in enumerate(names)}


def field_values(client: GitHubClient, node: Mapping[str, Any], names: Sequence[str]) -> dict[str, Value]:
    """The values of an item's fields by name, without those that are empty."""
    told = {name: node.get(f"f{i}") for i, name in enumerate(names)}
    shown = {name: client.shaped(value, ShownValue).plain for name, value in told.items() if value}
    return {name: value for name, value in shown.items() if value is not None}


class _Placed(Struct):
    items: Connection[dict[str, Any]] | None = None


class _Owner(Struct):
    login: str = ""


class _ItemProject(Struct):
    number: int
    owner: _Owner


class _OwnItem(Struct):
    id: str
    project: _ItemProject


def item_among(
    client: GitHubClient, issue: Mapping[str, Any], project: ProjectSettings, names: Sequence[str]
) -> Item | None:
    """The item on the configured project among all items of one issue."""
    items = client.shaped(issue, _Placed).items
    for node in items.seen if items else ():
        item = client.shaped(node, _OwnItem)
        if (item.project.number, item.project.owner.login.casefold()) == (project.number, project.owner.casefold()):
            return Item(item.id, field_values(client, node, names))
    return None
