"""Numbers are short, and money is written out."""

from __future__ import annotations

import pytest

from trackersync.scoring.figures import figure


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4200.0, "4200"),
        (11 / 6, "1.83333"),
        (-0.25, "-0.25"),
        (2_500_000.0, "2500000"),
        (1_234_567.8, "1234567.8"),
        (1e300, "1e+300"),
    ],
)
def test_a_number_is_short_and_money_is_written_out(value, text):
    assert figure(value) == text
