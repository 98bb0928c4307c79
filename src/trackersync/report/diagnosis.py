"""What a diagnosis found, for machines and for people; the JSON is stable: keys are only added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from trackersync.report.tables import many

if TYPE_CHECKING:
    from trackersync.sync.diagnosing import Diagnosis


def diagnosis_document(diagnoses: Sequence[Diagnosis]) -> dict[str, Any]:
    """`{"errors": n, "warnings": n, "trackers": […], "findings": […]}`, in the order of the file, the gravest first.

    A tracker is `{"tracker": …, "identity": …}`; a finding is
    `{"tracker": …, "severity": "error" | "warning" | "info", "what": …, "do": …}`, `do` empty where nothing helps.
    """
    return {
        "errors": sum(each.count("error") for each in diagnoses),
        "warnings": sum(each.count("warning") for each in diagnoses),
        "trackers": [{"tracker": each.tracker, "identity": each.identity} for each in diagnoses],
        "findings": [
            {"tracker": each.tracker, "severity": found.severity, "what": found.what, "do": found.do}
            for each in diagnoses
            for found in each.findings
        ],
    }


COLUMNS = (("Tracker", ""), ("", ""), ("Finding", ""))
"""Of the rows: (heading, alignment)."""


def diagnosis_rows(diagnoses: Sequence[Diagnosis]) -> Iterator[tuple[str, str, str]]:
    """A row for what each finding is and, where there is something to do, one below it for that."""
    for each in diagnoses:
        for found in each.findings:
            yield each.tracker, found.severity, found.what
            if found.do:
                yield "", "", f"→ {found.do}"


def summary(diagnoses: Sequence[Diagnosis]) -> str:
    """`2 trackers: 6 errors, 1 warning`."""
    counts = [(each, sum(one.count(each) for one in diagnoses)) for each in ("error", "warning")]
    told = ", ".join(many(count, word) for word, count in counts if count)
    return f"{many(len(diagnoses), 'tracker')}: {told or 'nothing is missing'}"
