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


def test_the_examples_of_the_page_pass_with_the_rules_of_a_team(run, tmp_path: Path) -> None:
    page = (CONFIG.parent / "docs" / "rules-under-test.md").read_text(encoding="utf-8")
    examples = page.partition("```yaml\ntests:\n")[2].partition("```")[0]
    assert examples
    team = (CONFIG / "teams" / "github-rice.yaml").read_text(encoding="utf-8")
    (tmp_path / "trackersync.yaml").write_text(team + examples, encoding="utf-8")
    ran = run("rules", "test")
    assert all_pass(ran), ran.out + ran.err
    assert ran.out.count("ok ") == 4
