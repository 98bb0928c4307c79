"""One edit an issue, as a script would: a label and a number field of every issue of a project."""

import json
import sys

import requests

base, project, field = sys.argv[1:]
session = requests.Session()
session.auth = ("pm@acme.example", "x")
body = {"jql": f"project = {project} ORDER BY id ASC", "fields": ["labels"], "maxResults": 100}
count = 0
while True:
    page = json.loads(session.post(f"{base}/rest/api/3/search/jql", json=body, timeout=60).content)
    for issue in page["issues"]:
        edit = {"update": {"labels": [{"add": "priority-P9"}]}, "fields": {field: count % 101}}
        session.put(f"{base}/rest/api/3/issue/{issue['id']}", json=edit, timeout=60).raise_for_status()
        count += 1
    if not page.get("nextPageToken"):
        break
    body["nextPageToken"] = page["nextPageToken"]
sys.stdout.write(f"{count}\n")
