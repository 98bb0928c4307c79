"""Everything one emulated GitHub holds, and how it comes about from a backlog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from trackersync_sandbox.github.reading import read_issue
from trackersync_sandbox.github.records import (
    BUILT_IN,
    Comment,
    Field,
    Issue,
    Item,
    Label,
    Option,
    Owner,
    Person,
    Project,
    Repository,
    Value,
    node_id,
    stable_id,
)
from trackersync_sandbox.source import Backlog
from trackersync_sandbox.state import JSON, Clock, Mail

_BIRTH = datetime(2024, 1, 1, tzinfo=UTC)
_BANDS = ("P0", "P1", "P2", "P3")
_COLORS = ("RED", "ORANGE", "YELLOW", "GREEN", "BLUE", "PURPLE", "PINK", "GRAY")
REHEARSAL = {
    "number": 1,
    "title": "Backlog",
    "fields": [
        *({"name": name, "type": "number"} for name in ("Score", "Rank", "Reach", "Effort", "Confidence")),
        {"name": "Priority", "type": "single_select", "options": _BANDS},
    ],
}
"""The project made for the user's own files, so that fields and order can be rehearsed on it."""

SCOPES = ("project", "read:org", "repo")
"""What a token may do; `repo` is never missing, since nothing could be done without."""

N = TypeVar("N", bound="Node")
Node = Comment | Issue | Item | Label | Project | Repository | Owner | Person | Field


class World:
    """Repositories, projects and everything in them, found by node id as well."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.viewer = Person("sandbox", stable_id("user", "sandbox"), node_id("U", "sandbox"))
        self.owners: dict[str, Owner] = {}
        self.repositories: dict[str, Repository] = {}
        """By full name in lower case."""
        self.projects: dict[tuple[str, int], Project] = {}
        """By owner in lower case and number."""
        self.nodes: dict[str, Node] = {self.viewer.node_id: self.viewer}
        self.lacking: frozenset[str] = frozenset()
        """Scopes that the token does not have."""
        self.visitor = Person("visitor", stable_id("user", "visitor"), node_id("U", "visitor"))
        """Somebody else."""
        self.comments_made = 0
        self.mail = Mail()
        """One for each comment that was added: of nothing else that can be done here GitHub tells those who watch."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """Those of the token; without `project` it may still read projects."""
        held = tuple(scope for scope in SCOPES if scope not in self.lacking)
        return (*held, "read:project") if "project" in self.lacking else held

    def visible_fields(self, owner: Owner) -> list[Field]:
        """The organisation's issue fields as the token sees them: without `read:org` none, and that is no error."""
        return owner.issue_fields if "read:org" in self.scopes else []

    def owner(self, login: str) -> Owner:
        """The organisation, made at first sight."""
        owner = Owner(login, stable_id("org", login), node_id("O", login), _BIRTH, self.clock)
        return self._keep(self.owners.setdefault(login.lower(), owner))

    def add_repository(self, full_name: str, issues: Iterable[JSON]) -> Repository:
        """A repository with the issues an API listed. Raises ValueError where the name is no `OWNER/REPO`."""
        login, _, name = full_name.partition("/")
        if not login or not name or "/" in name:
            raise ValueError(f"{full_name!r} is not OWNER/REPO")
        repository = Repository(
            owner=self.owner(login), name=name, created_at=_BIRTH,
            id=stable_id("repo", full_name), node_id=node_id("R", full_name),
        )  # fmt: skip
        self.repositories[full_name.lower()] = self._keep(repository)
        for raw in issues:
            self._keep(read_issue(repository, raw))
        for issue in repository.issues.values():
            if parent := issue.parent:
                parent.sub_issues.append(issue)
        for label in repository.labels.values():
            self._keep(label)
        return repository

    def add_project(self, owner: Owner, given: Mapping[str, Any]) -> Project:
        """A project without items, its own fields after those every project has."""
        key = (owner.login, given["number"])
        project = Project(
            owner=owner, number=given["number"], title=given["title"], created_at=_BIRTH,
            id=stable_id("project", *key), node_id=node_id("PVT", *key),
        )  # fmt: skip
        self.projects[owner.login.lower(), project.number] = self._keep(project)
        project.fields.extend(_field(project.key, "PVTF", name, kind, ()) for name, kind in BUILT_IN.items())
        for raw in given["fields"]:
            prefix = {"single_select": "PVTSSF", "iteration": "PVTIF"}.get(raw["type"], "PVTF")
            project.fields.append(_field(project.key, prefix, raw["name"], raw["type"].upper(), raw.get("options", ())))
        for field in project.fields:
            field.project = project
            self._keep(field)
        return project

    def add_item(self, project: Project, issue: Issue, moment: datetime) -> Item:
        """The issue's item at the end of the project; the one it has where there is one."""
        if found := next((item for item in issue.items if item.project is project), None):
            return found
        key = (project.key, issue.key)
        item = Item(
            project=project, issue=issue, created_at=moment, updated_at=moment,
            id=stable_id("item", *key), node_id=node_id("PVTI", *key),
        )  # fmt: skip
        project.items.append(item)
        issue.items.append(item)
        return self._keep(item)

    def add_label(self, label: Label) -> Label:
        """The repository's new label."""
        label.repository.labels[label.name.lower()] = label
        return self._keep(label)

    def add_issue_field(self, owner: Owner, raw: Mapping[str, Any]) -> Field:
        """A field of all of the organisation's issues."""
        prefix = {"single_select": "IFSS", "multi_select": "IFMS", "number": "IFN", "date": "IFD", "text": "IFT"}[
            raw["type"]
        ]
        field = _field(owner.login, prefix, raw["name"], raw["type"].upper(), raw.get("options", ()))
        owner.issue_fields.append(field)
        return self._keep(field)

    def _keep(self, node: N) -> N:
        self.nodes[node.node_id] = node
        return node


def build_world(backlog: Backlog, clock: Clock) -> World:
    """All repositories of a backlog, with the projects its board describes or else one made for rehearsing."""
    world = World(clock)
    repositories = [world.add_repository(name, issues) for name, issues in backlog.issues.items()]
    if backlog.board:
        _fill(world, repositories[0], backlog.board)
    else:
        _rehearse(world, repositories)
    return world


def value_of(field: Field, shown: Any) -> Value:
    """The value to keep for what a person reads and writes. Raises ValueError where the field cannot hold it."""
    if field.type in {"SINGLE_SELECT", "ITERATION"}:
        return _choice(field, shown).id
    if field.type == "MULTI_SELECT" and isinstance(shown, list | tuple):
        return tuple(_choice(field, name).id for name in shown)
    if field.type == "NUMBER" and isinstance(shown, int | float) and not isinstance(shown, bool):
        return shown
    if field.type in {"TEXT", "DATE"} and isinstance(shown, str):
        return shown
    raise ValueError(f"field {field.name!r} of type {field.type} cannot hold {shown!r}")


def _choice(field: Field, name: Any) -> Option:
    option = field.option_named(name)
    if option is None:
        names = ", ".join(option.name for option in field.options)
        raise ValueError(f"field {field.name!r} has no option {name!r}; it has {names}")
    return option


def _rehearse(world: World, repositories: Iterable[Repository]) -> None:
    """One project an owner, over all their repositories, as owners are listed only once."""
    for repository in repositories:
        owner = repository.owner
        project = world.projects.get((owner.login.lower(), 1)) or world.add_project(owner, REHEARSAL)
        for issue in repository.issues.values():
            if issue.state == "open" and issue.pull is None:
                world.add_item(project, issue, issue.created_at)


def _fill(world: World, repository: Repository, board: JSON) -> None:
    """Projects, issue fields and dependencies; issues that a limit kept out are passed over."""
    issues = repository.issues
    for raw in board["projects"]:
        project = world.add_project(world.owner(raw["owner"]), raw)
        for entry in raw["items"]:
            if issue := issues.get(entry["issue"]):
                item = world.add_item(project, issue, issue.created_at)
                item.values.update(_values(project.fields, entry.get("values", {})))
    fields = [world.add_issue_field(repository.owner, raw) for raw in board.get("issue_fields", ())]
    for number, values in board.get("issue_field_values", {}).items():
        if issue := issues.get(int(number)):
            issue.field_values.update(_values(fields, values))
    for number, blockers in board.get("blocked_by", {}).items():
        for blocker in blockers:
            _block(issues.get(int(number)), issues.get(blocker))


def _values(fields: Iterable[Field], shown: Mapping[str, Any]) -> dict[str, Value]:
    by_name = {field.name: field for field in fields}
    return {by_name[name].node_id: value_of(by_name[name], value) for name, value in shown.items()}


def _block(issue: Issue | None, blocker: Issue | None) -> None:
    if issue and blocker:
        issue.blocked_by.append(blocker)
        blocker.blocking.append(issue)


def _field(owner: str, prefix: str, name: str, kind: str, options: Iterable[str]) -> Field:
    choices = [
        Option(
            f"{stable_id(owner, name, option):08x}"[-8:], stable_id(owner, name, option), option,
            _COLORS[place % len(_COLORS)],
        )
        for place, option in enumerate(options)
    ]  # fmt: skip
    return Field(node_id(prefix, owner, name), stable_id("field", owner, name), name, kind, _BIRTH, choices)
