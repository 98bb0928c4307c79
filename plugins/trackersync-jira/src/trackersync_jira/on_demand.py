"""What is asked for only where the rules use it, by column: who uses none of it sends no byte for it."""

from __future__ import annotations

SPRINTS = frozenset({"sprint", "sprint_state", "past_sprints"})
"""The columns that are read from an issue's sprints, a custom field."""

COMMENTS = "comment"
"""The id of the field that holds an issue's comments."""

FIELDS = {"comments": COMMENTS, "affects_versions": "versions"}
"""The columns that are read from system fields, with the fields' ids; comments come with all their texts."""

COLUMNS = SPRINTS | FIELDS.keys()
"""All of them."""
