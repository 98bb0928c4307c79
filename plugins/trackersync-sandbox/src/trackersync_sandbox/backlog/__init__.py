"""The built-in backlog as package data, in the shapes the trackers' APIs give.

`github.jsonl` holds the issues of `acme/web`, `jira.jsonl` those of project `CORE`: one JSON object a line, as
`GET /repos/{owner}/{repo}/issues` and `/rest/api/2/search` list them. Keys that can be made up from the others
(addresses, summaries) may be left out. `board.json` holds what those lists do not:

* `github.projects`: a list of `{owner, number, title, fields, items}`. A field is `{name, type}` with type `number`,
  `text`, `date`, or `single_select` and `iteration`, the last two with `options: [name]`. An item is `{issue: number,
  values: {field name: value}}`; items stand in the order of the project.
* `github.issue_fields`: the organisation's issue fields, `{name, type, options}`, of which one may be a `multi_select`;
  their values by issue number stand in `github.issue_field_values: {number: {name: value}}`.
* `github.blocked_by`: `{number: [numbers that block it]}`.
* `jira`: read by the Jira half, which says there what it takes.
"""
