"""The verdicts on the team's own examples as plain data; the JSON is stable: keys are only added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trackersync.report.explanation import explanation_document

if TYPE_CHECKING:
    from trackersync.sync.rule_tests import Verdict


def verdicts_document(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """`{"passed": n, "failed": n, "tests": [{"name": …, "passed": …, "failures": […], "explanations": […]}]}`."""
    passed = sum(verdict.passed for verdict in verdicts)
    return {
        "passed": passed,
        "failed": len(verdicts) - passed,
        "tests": [
            {
                "name": verdict.name,
                "passed": verdict.passed,
                "failures": [{"expected": each.expected, "found": each.found} for each in verdict.failures],
                "explanations": [explanation_document(each) for each in verdict.explanations],
            }
            for verdict in verdicts
        ],
    }
