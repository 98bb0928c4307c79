"""The jira library's own way to keep an order: the moves of a saved plan, each one a request."""

import json
import sys
from pathlib import Path

from jira import JIRA

base, plan = sys.argv[1:]
library = JIRA(server=base, basic_auth=("pm@acme.example", "x"))
content = json.loads(Path(plan).read_text(encoding="utf-8"))
keys = {standing["ref"]["id"]: standing["ref"]["key"] for standing in content["standings"]}
for change in content["changes"]:
    side, anchor = change["after"]
    beside = {"prev_issue" if side == "after" else "next_issue": keys[anchor]}
    library.rank(change["ref"]["key"], **beside)
