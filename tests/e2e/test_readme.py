from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_screen_has_the_two_commands() -> None:
    first = README.split("\n## ")[0]
    assert "make demo" in first
    assert "make test" in first


def test_every_link_leads_to_a_file() -> None:
    for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/README.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_command_of_the_readme_exists(run) -> None:
    for command in sorted(set(re.findall(r"^trackersync (\w+)", README, re.MULTILINE))):
        assert run(command, "--help").code == 0, command


def test_the_file_in_the_readme_is_accepted(run, tmp_path: Path) -> None:
    text = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert text is not None
    inputs = "".join(
        f"  {name}: {{from: {{jira: {{field: {name}}}}}, scale: {{min: 1}}}}\n"
        for name in ("impact", "confidence", "effort")
    )
    complete = text[1].replace("  # impact, confidence, effort …\n", inputs)
    assert inputs in complete
    (tmp_path / "trackersync.yaml").write_text(complete, encoding="utf-8")
    ran = run("check")
    assert ran.code == 0, ran.err
