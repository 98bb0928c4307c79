"""PyGithub's own way with a label and a field of the project: a request for each of every issue, and no pauses."""

import sys

from github import Auth, Github

base, repository, project, field = sys.argv[1:]
library = Github(
    base_url=base, auth=Auth.Token("x"), per_page=100, seconds_between_requests=None, seconds_between_writes=None
)
owner, _, number = project.partition("/")
ask = library.requester.graphql_query
FOUND = """query($owner: String!, $number: Int!, $field: String!, $after: String) {
  organization(login: $owner) { projectV2(number: $number) {
    id field(name: $field) { ... on ProjectV2Field { id } }
    items(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor } nodes { id content { ... on Issue { number } } }
    }
  } }
}"""
WRITE = """mutation($given: UpdateProjectV2ItemFieldValueInput!) {
  updateProjectV2ItemFieldValue(input: $given) { clientMutationId }
}"""
given = {"owner": owner, "number": int(number), "field": field, "after": None}
items = {}
while True:
    found = ask(FOUND, given)[1]["data"]["organization"]["projectV2"]
    items |= {node["content"]["number"]: node["id"] for node in found["items"]["nodes"]}
    if not found["items"]["pageInfo"]["hasNextPage"]:
        break
    given["after"] = found["items"]["pageInfo"]["endCursor"]
count = 0
for issue in library.get_repo(repository).get_issues(state="open", sort="created", direction="asc"):
    issue.add_to_labels("priority-P9")
    place = {"projectId": found["id"], "itemId": items[issue.number], "fieldId": found["field"]["id"]}
    ask(WRITE, {"given": {**place, "value": {"number": count}}})
    count += 1
sys.stdout.write(f"{count}\n")
