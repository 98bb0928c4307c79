"""The least that reads a project's issues: every page downloaded and decoded, and nothing kept."""

import json
import sys

import requests

base, project, fields = sys.argv[1:]
session = requests.Session()
session.auth = ("pm@acme.example", "x")
body = {"jql": f"project = {project} ORDER BY id ASC", "fields": fields.split(","), "maxResults": 100}
count = 0
while True:
    answer = session.post(f"{base}/rest/api/3/search/jql", json=body, timeout=60)
    answer.raise_for_status()
    page = json.loads(answer.content)
    count += len(page["issues"])
    if not page.get("nextPageToken"):
        break
    body["nextPageToken"] = page["nextPageToken"]
sys.stdout.write(f"{count}\n")
