"""The GraphQL documents this connector sends.

Every value travels as a variable: names come from people and trackers, and none is ever spliced into a text. What
varies is only how many fields, labels or mutations a document has. All validate against GitHub's published schema.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

_VALUE = """
fragment value on ProjectV2ItemFieldValue {
  ... on ProjectV2ItemFieldNumberValue { number }
  ... on ProjectV2ItemFieldTextValue { text }
  ... on ProjectV2ItemFieldSingleSelectValue { option: name }
  ... on ProjectV2ItemFieldDateValue { date }
  ... on ProjectV2ItemFieldIterationValue { iteration: title }
}"""

_ORGANISATION_VALUE = """
fragment organisationValue on IssueFieldValueCommon {
  ... on IssueFieldNumberValue { number: value }
  ... on IssueFieldTextValue { text: value }
  ... on IssueFieldSingleSelectValue { option: name }
  ... on IssueFieldMultiSelectValue { options { name } }
  ... on IssueFieldDateValue { date: value }
}"""

_ON_PROJECT = "... on ProjectV2ItemIssueFieldValue { issue_field: issueFieldValue { ...organisationValue } }"

_NEIGHBOUR = "number repository { full_name: nameWithOwner }"

_ACCOUNT = "login kind: __typename ... on Node { node_id: id }"

_ISSUE = f"""
    node_id: id number title html_url: url state body created_at: createdAt updated_at: updatedAt closed_at: closedAt
    repository {{ full_name: nameWithOwner }}
    user: author {{ {_ACCOUNT} }}
    assignees(first: 10) {{ nodes {{ {_ACCOUNT} }} }}
    labels(first: 100) {{ nodes {{ name }} }}
    milestone {{ title due_on: dueOn }}
    comments {{ total: totalCount }}
    reactions: reactionGroups {{ content reactors {{ total: totalCount }} }}"""

_NEWER = {
    "issueType": "type: issueType { name }",
    "parent": f"parent {{ {_NEIGHBOUR} }}",
    "subIssuesSummary": "sub_issues_summary: subIssuesSummary { total completed }",
    "issueDependenciesSummary": (
        "issue_dependencies_summary: issueDependenciesSummary { blocked_by: blockedBy blocking }"
    ),
}
"""What an older Enterprise Server may lack, by the field that tells."""

ORGANISATION_FIELDS = "issueFieldValues"
"""The field of `Issue` that tells whether the server knows the organisation's issue fields."""

REPOSITORY_FIELDS = "issueFields"
"""The field of `Repository` that lists them."""

DEPENDENCY_FIELDS = frozenset({"blockedBy", "blocking"})
"""The fields of `Issue` that tell who blocks whom."""

CLOSED_BY = "closedByPullRequestsReferences"
"""The field of `Issue` that tells the pull requests that will close it."""

CLOSES = "closingIssuesReferences"
"""The field of `PullRequest` that tells the issues that it will close."""

KNOWN = """query {
  repository: __type(name: "Repository") { fields { name } }
  projects: __type(name: "ProjectV2Owner") { name }
  pulls: __type(name: "PullRequest") { fields { name } }
}"""
"""What else this server knows; asked where it refused `facts`."""


_ISSUE_FIELDS = """issue_fields: issueFields(first: 100) { nodes {
    ... on Node { id } ... on IssueFieldCommon { name type: dataType }
    ... on IssueFieldSingleSelect { options { id name } }
  } }"""


_PROJECT_FIELDS = """fields(first: 100) { nodes {
      ... on ProjectV2FieldCommon { id name type: dataType }
      ... on ProjectV2SingleSelectField { options { id name } }
    } }"""


def facts(*, project: bool, issue_fields: bool) -> str:
    """The ids that never change in a run: repository, project and its fields; and what this server's issues have."""
    on_project = f"""
  holder: repositoryOwner(login: $projectOwner) {{ ... on ProjectV2Owner {{ project: projectV2(number: $number) {{
    id
    {_PROJECT_FIELDS}
  }} }} }}"""
    return f"""{_of_repository(project=project, issue_fields=issue_fields)}
  issue: __type(name: "Issue") {{ fields {{ name }} }}{on_project if project else ""}
}}"""


def _of_repository(*, project: bool, issue_fields: bool) -> str:
    """How a question about the repository begins that may go on about a project."""
    declared = "$owner: String!, $name: String!" + (", $projectOwner: String!, $number: Int!" if project else "")
    fields = _ISSUE_FIELDS if issue_fields else ""
    return f"""query({declared}) {{
  repository(owner: $owner, name: $name) {{ id full_name: nameWithOwner {fields} }}"""


PROJECT = f"""query($owner: String!, $number: Int!) {{
  holder: repositoryOwner(login: $owner) {{ ... on ProjectV2Owner {{ project: projectV2(number: $number) {{
    closed may_write: viewerCanUpdate
    {_PROJECT_FIELDS}
  }} }} }}
}}"""
"""The project with what can be written to it."""


def projects(*, issue_fields: bool) -> str:
    """The projects that the repository's owner has, as far as the account sees them; with them, the issue fields."""
    return f"""{_of_repository(project=False, issue_fields=issue_fields)}
  holder: repositoryOwner(login: $owner) {{ ... on ProjectV2Owner {{
    projects: projectsV2(first: 50) {{ nodes {{ number title closed }} }}
  }} }}
}}"""


_LABEL = "id name color description"


def labels(count: int) -> str:
    """Look labels up by their exact names, `$l0` and on."""
    declared = "".join(f", $l{i}: String!" for i in range(count))
    asked = " ".join(f"l{i}: label(name: $l{i}) {{ {_LABEL} }}" for i in range(count))
    return (
        f"query($owner: String!, $name: String!{declared}) {{ repository(owner: $owner, name: $name) {{ {asked} }} }}"
    )


def items(field_count: int, known: Collection[str]) -> str:
    """One page of a project's items in the project's order, each with the values of `$f0` and on."""
    return f"""query($project: ID!, $first: Int!, $after: String{_declared(field_count)}) {{
  project: node(id: $project) {{ ... on ProjectV2 {{
    items(first: $first, after: $after, orderBy: {{field: POSITION, direction: ASC}}) {{
      page: pageInfo {{ more: hasNextPage end: endCursor }}
      nodes {{ id content {{ ... on Issue {{ {_NEIGHBOUR} }} }}{_asked(field_count)} }}
    }}
  }} }}
}}{_fragments(field_count, known)}"""


PULL_REQUESTS = f"""query($owner: String!, $name: String!, $first: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    full_name: nameWithOwner
    pulls: pullRequests(first: $first, after: $after, states: [OPEN]) {{
      page: pageInfo {{ more: hasNextPage end: endCursor }}
      nodes {{ closes: {CLOSES}(first: 50) {{ nodes {{ {_NEIGHBOUR} }} }} }}
    }}
  }}
}}"""
"""One page of the open pull requests, each with the issues that it will close."""


_SAID = """{
      page: pageInfo { more: hasNextPage end: endCursor }
      nodes { id body mine: viewerDidAuthor }
    }"""

FIRST_COMMENTS = 30
"""So many come with each issue where comments are wanted: of most issues all."""


def comments(count: int) -> str:
    """The next hundred comments, after `$a0` and on, of each of so many issues, `$i0` and on."""
    declared = ", ".join(f"$i{n}: ID!, $a{n}: String!" for n in range(count))
    asked = " ".join(
        f"i{n}: node(id: $i{n}) {{ ... on Issue {{ said: comments(first: 100, after: $a{n}) {_SAID} }} }}"
        for n in range(count)
    )
    return f"query({declared}) {{ {asked} }}"


def issues(
    on_project: int | None,
    known: Collection[str],
    *,
    issue_fields: bool,
    pull_requests: bool = False,
    comments: bool = False,
) -> str:
    """Issues by id as they are now, with their items' values of `$f0` and on, so many; None: without a project."""
    field_count = on_project or 0
    newer = " ".join(text for name, text in _NEWER.items() if name in known)
    owner = "owner { ... on Organization { login } ... on User { login } }"
    items = f"""
    items: projectItems(first: 20, includeArchived: false) {{ nodes {{
      id project {{ number {owner} }}{_asked(field_count)}
    }} }}"""
    own = """
    issue_field_values: issueFieldValues(first: 25) { nodes {
      ... on IssueFieldValueCommon { field { ... on IssueFieldCommon { name } } } ...organisationValue
    } }"""
    own = own if issue_fields else ""
    pulls = f"""
    pulls: {CLOSED_BY}(first: 50) {{ nodes {{ state repository {{ full_name: nameWithOwner }} }} }}"""
    own += pulls if pull_requests else ""
    own += f"\n    said: comments(first: {FIRST_COMMENTS}) {_SAID}" if comments else ""
    head = f"query($ids: [ID!]!{_declared(field_count)}) {{ nodes(ids: $ids) {{ kind: __typename ... on Issue {{"
    body = f"{_ISSUE} {newer}{'' if on_project is None else items}{own}"
    return f"{head}{body}\n}} }} }}{_fragments(field_count, known, own=issue_fields)}"


DEPENDENCIES = f"""query($ids: [ID!]!) {{ nodes(ids: $ids) {{ kind: __typename ... on Issue {{
  blocked_by: blockedBy(first: 50) {{ nodes {{ {_NEIGHBOUR} }} }}
  blocking(first: 50) {{ nodes {{ {_NEIGHBOUR} }} }}
}} }} }}"""
"""Who blocks and who is blocked; an issue has at most 50 of each."""

MUTATIONS = {
    "addLabelsToLabelable": "AddLabelsToLabelableInput",
    "removeLabelsFromLabelable": "RemoveLabelsFromLabelableInput",
    "updateProjectV2ItemFieldValue": "UpdateProjectV2ItemFieldValueInput",
    "clearProjectV2ItemFieldValue": "ClearProjectV2ItemFieldValueInput",
    "updateProjectV2ItemPosition": "UpdateProjectV2ItemPositionInput",
    "createLabel": "CreateLabelInput",
    "updateLabel": "UpdateLabelInput",
    "deleteLabel": "DeleteLabelInput",
    "setIssueFieldValue": "SetIssueFieldValueInput",
    "addProjectV2ItemById": "AddProjectV2ItemByIdInput",
    "deleteProjectV2Item": "DeleteProjectV2ItemInput",
    "addComment": "AddCommentInput",
    "updateIssueComment": "UpdateIssueCommentInput",
    "deleteIssueComment": "DeleteIssueCommentInput",
}
"""Everything this connector can do to a repository or a project, and the type of its input."""


CONTENT = frozenset(
    {"addComment", "updateIssueComment"} | {f"{what}IssueFieldValue" for what in ("create", "set", "update", "delete")}
)
"""The mutations that count as creating content, as their REST twins are said to: comments and issue fields."""


def mutations(names: Sequence[str]) -> str:
    """These mutations in one request, in this order, `m0` and on, each with its input, `$m0` and on."""
    declared = ", ".join(f"$m{i}: {MUTATIONS[name]}!" for i, name in enumerate(names))
    told = [_TOLD.get(name, "clientMutationId") for name in names]
    calls = " ".join(f"m{i}: {name}(input: $m{i}) {{ {told[i]} }}" for i, name in enumerate(names))
    return f"mutation({declared}) {{ {calls} }}"


_TOLD = {
    "createLabel": f"label {{ {_LABEL} }}",
    "updateLabel": f"label {{ {_LABEL} }}",
    "addProjectV2ItemById": "item { id archived: isArchived }",
}
"""What is asked back of the mutations whose effect is not known before."""


def _declared(field_count: int) -> str:
    return "".join(f", $f{i}: String!" for i in range(field_count))


def _asked(field_count: int) -> str:
    return "".join(f"\n      f{i}: fieldValueByName(name: $f{i}) {{ ...value }}" for i in range(field_count))


def _fragments(field_count: int, known: Collection[str], *, own: bool = False) -> str:
    """The fragments in use: GraphQL refuses a document with one that is not."""
    on_items = bool(field_count) and ORGANISATION_FIELDS in known
    value = _VALUE.replace("\n}", f"\n  {_ON_PROJECT}\n}}") if on_items else _VALUE
    return (value if field_count else "") + (_ORGANISATION_VALUE if on_items or own else "")
