"""The least that reads a repository's issues: every page downloaded and decoded, and nothing kept."""

import json
import sys

import requests

base, repository = sys.argv[1:]
session = requests.Session()
session.headers["Authorization"] = "token x"
url = f"{base}/repos/{repository}/issues?state=all&sort=created&direction=asc&per_page=100"
count = 0
while url:
    answer = session.get(url, timeout=60)
    answer.raise_for_status()
    count += sum("pull_request" not in issue for issue in json.loads(answer.content))
    url = answer.links.get("next", {}).get("url")
sys.stdout.write(f"{count}\n")
