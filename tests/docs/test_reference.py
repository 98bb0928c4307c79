"""The pages to look things up in have what the program has."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from ruamel.yaml import YAML

from trackersync.cli.program import program
from trackersync.config import load_config
from trackersync.config.shape import FileShape
from trackersync.registry import Registry
from trackersync.report.flat import COLUMNS
from trackersync.sync.workspace import WHO
from trackersync_github.settings import GitHubSettings
from trackersync_jira.settings import JiraSettings
from trackersync_sandbox import rehearsal


@pytest.fixture
def reference(root: Path):
    return lambda name: (root / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8")


def test_every_variable_that_is_read_or_set_is_on_its_page(reference) -> None:
    options = {str(option.envvar) for option in program.params if getattr(option, "envvar", None)}
    tokens = {settings.model_fields["token_env"].default for settings in (GitHubSettings, JiraSettings)}
    ours = re.findall(r"`([A-Z_]+)`", reference("environment").partition("The libraries")[0])
    assert set(ours) == options | tokens | {rehearsal.URL, rehearsal.CONFIG, *WHO}


def test_every_column_of_the_report_as_csv_is_named_in_order(root: Path) -> None:
    page = (root / "docs" / "report.md").read_text(encoding="utf-8")
    named = page.partition("## CSV")[2].partition("##")[0]
    assert re.findall(r"`([a-z_]+)`", named) == list(COLUMNS)


def test_every_exit_code_has_a_row_and_the_help_and_the_readme_say_the_same(reference, root: Path) -> None:
    rows = dict(re.findall(r"^\| (\d) \| ([\w ]+)", reference("exit-codes"), re.MULTILINE))
    constants = (re.findall(r"^EXIT_\w+ = (\d)", file.read_text(), re.MULTILINE) for file in root.glob("src/**/*.py"))
    assert {"0", "2"} | {code for codes in constants for code in codes} == set(rows) == set("012345")
    readme = " ".join((root / "README.md").read_text(encoding="utf-8").split())
    help_text = " ".join((program.help or "").split())
    for code, words in rows.items():
        assert f"{code} {words.strip()}" in readme
        assert f"{code} {words.strip()}" in help_text


def test_every_command_in_the_table_of_exit_codes_exists(reference, parse) -> None:
    named = re.findall(r"^\| `([a-z ]+)", reference("exit-codes").partition("By command")[2], re.MULTILINE)
    assert len(named) > 9
    for command in named:
        with pytest.raises(click.exceptions.Exit):
            parse([*command.split(), "--help"])


def test_every_piece_of_a_file_in_a_how_to_is_one(root: Path, fenced, tmp_path: Path) -> None:
    keys = {info.alias or name for name, info in FileShape.model_fields.items()}
    for guide in sorted((root / "docs").glob("*-*/*.md")):
        for kind, name, text in fenced(guide):
            if kind == "yaml" and "workflows" not in name:
                content = YAML(typ="safe").load(text)
                assert isinstance(content, list) or content.keys() <= keys, guide.name
                if "version" in content:
                    (tmp_path / "trackersync.yaml").write_text(text, encoding="utf-8")
                    load_config(tmp_path / "trackersync.yaml", Registry())
