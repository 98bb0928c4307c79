"""The jira library's own update of every issue of a project: a label and a number field."""

import sys

from jira import JIRA

base, project, field = sys.argv[1:]
library = JIRA(server=base, basic_auth=("pm@acme.example", "x"))
issues = library.enhanced_search_issues(f"project = {project} ORDER BY id ASC", maxResults=0, fields="labels")
for count, issue in enumerate(issues):
    issue.update(update={"labels": [{"add": "priority-P8"}]}, fields={field: count % 101})
sys.stdout.write(f"{len(issues)}\n")
