"""Every complete file that is shown to teams passes its own tests."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[2] / "config"
FILES = sorted(CONFIG.rglob("*.yaml"))


def all_pass(ran) -> bool:
    return (ran.code, ran.out.splitlines()[-1].endswith(" passed, 0 failed"), ran.err) == (0, True, "")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CONFIG)))
def test_the_rules_of_every_file_in_config_do_what_its_examples_expect(run, file) -> None:
    ran = run("-c", str(file), "rules", "test")
    assert all_pass(ran), ran.out + ran.err


def test_the_rules_of_the_normative_example_do_what_its_examples_expect(run, shared) -> None:
    assert all_pass(run("-c", str(shared / "examples" / "acme.yaml"), "rules", "test"))
