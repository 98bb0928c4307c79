"""What the program promises whatever the command: light help, one boundary for errors, messages that harm nobody."""

from __future__ import annotations

import json
import logging
import os
import shlex
import subprocess
import sys
from importlib.metadata import EntryPoint

import click
import pytest

from trackersync.cli import messages, program
from trackersync.errors import AuthError

HEAVY = ("polars", "sqlglot", "sqlalchemy", "alembic", "pydantic", "requests", "rich", "tenacity")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments) -> None:
    code = (
        "import sys, trackersync.cli\n"
        f"sys.argv = ['trackersync', *{arguments!r}]\n"
        "try:\n    trackersync.cli.main()\n"
        f"finally:\n    print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.splitlines()[-1] == "[]"


def commands(group, above=()):
    """Every command and command of a command, with the words it is called by."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))


def test_the_help_of_every_command_has_an_example_that_is_true() -> None:
    helped = {(): program.program, **dict(commands(program.program))}
    assert ("rules", "test") in helped
    for words, command in helped.items():
        lines = [line.strip() for line in (command.help or "").splitlines()]
        examples = [shlex.split(line)[1:] for line in lines if line.startswith("trackersync ")]
        called = [example for example in examples if set(words) <= set(example)]
        assert called, f"no example of {words}"
        for example in called:
            given = example[example.index(words[-1]) + 1 :] if words else []
            assert words or example[0] in program.COMMANDS
            flags = {word for word in given if word.startswith("--") and word != "--"}
            subcommands = command.commands.values() if isinstance(command, click.Group) else ()
            known = {flag for each in (command, *subcommands) for option in each.params for flag in option.opts}
            assert flags <= known, example


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["sco"], ["plain,score"]),
        (["score", "--fo"], ["plain,--format"]),
        (["score", "--format", "c"], ["plain,csv"]),
        (["rules", "d"], ["plain,diff"]),
        (["rescore", "--wh"], ["plain,--what-if"]),
    ],
)
def test_a_shell_completes_commands_options_and_choices(typed, offered) -> None:
    env = os.environ | {
        "_TRACKERSYNC_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["trackersync", *typed]),
        "COMP_CWORD": str(len(typed)),
    }
    code = "from trackersync.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == offered


@pytest.mark.parametrize(("shell", "offered"), [("zsh", "plain\nscore\n"), ("fish", "plain,score")])
def test_the_other_shells_complete_as_well(shell, offered) -> None:
    words = {"COMP_WORDS": "trackersync sco", "COMP_CWORD": "1" if shell == "zsh" else "sco"}
    env = os.environ | {"_TRACKERSYNC_COMPLETE": f"{shell}_complete", **words}
    code = "from trackersync.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith(offered)


def test_help_fits_forty_columns_but_for_what_is_typed(run, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    for command in ([], ["rescore"], ["report"], ["rules", "test"]):
        lines = run(*command, "--help").out.splitlines()
        assert [
            line for line in lines if len(line) > 40 and not line.strip().startswith("trackersync ") and "|" not in line
        ] == []


def test_a_misspelt_command_gets_the_nearest(run) -> None:
    ran = run("scroe")
    assert ran.code == 2
    assert "Did you mean 'score'?" in ran.err
    assert "Did you mean" not in run("xyzzy").err


READ_BY_HEAD = [
    *(["score", "--format", form, "--top", "1900"] for form in ("json", "csv", "md", "table")),
    *(["report", "--format", form] for form in ("json", "csv", "md")),
    ["history"],
    ["explain", "CORE-100"],
    ["frameworks"],
]


@pytest.mark.parametrize("words", READ_BY_HEAD, ids=" ".join)
def test_a_reader_that_has_enough_ends_the_program_quietly(run, trackers, issue, tmp_path, words) -> None:
    trackers["core"].add(*(issue(n, title="x" * 200, fields={"Worth": n}) for n in range(100, 2000)))
    assert run("pull").code == 0
    code = (
        "from trackersync import registry\n"
        "from trackersync.testing import MemoryConnector\n"
        "class Memory(registry.Registry):\n"
        "    def __init__(self): super().__init__({'memory': MemoryConnector})\n"
        "registry.Registry = Memory\n"
        "from trackersync.cli import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, *words]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ran:
        assert ran.stdout is not None
        ran.stdout.readline()
        ran.stdout.close()
        assert ran.stderr is not None
        assert ran.stderr.read() == ""


@pytest.fixture
def broken_plugin(monkeypatch):
    points = [EntryPoint("dance", "no_such_module_anywhere:dance", "trackersync.commands")]
    monkeypatch.setattr(program, "entry_points", lambda *, group: points)
    program._plugin_commands.cache_clear()
    yield
    program._plugin_commands.cache_clear()


@pytest.mark.usefixtures("broken_plugin")
def test_a_plugins_command_that_does_not_load_hurts_only_those_who_call_it(run) -> None:
    helped = run("--help")
    assert helped.code == 0
    assert "(does not load: No module named 'no_such_module_anywhere')" in helped.out
    called = run("dance")
    assert called.code == 1
    assert "command 'dance' (unknown distribution, no_such_module_anywhere:dance) is installed" in called.err
    assert "ModuleNotFoundError" in called.err
    assert "Traceback" not in called.err
    assert run("check").code == 0


def test_with_verbose_an_error_tells_where_it_was_raised_and_nothing_drives_the_terminal(
    run, trackers, tmp_path
) -> None:
    (tmp_path / "plan\x1b[31m.json").write_text('{"schema_version": 7}')
    plain, verbose = run("apply", "plan\x1b[31m.json"), run("-v", "apply", "plan\x1b[31m.json")
    assert (plain.code, verbose.code) == (1, 1)
    assert "Traceback" not in plain.err
    assert "Traceback (most recent call last)" in verbose.err
    assert "\nhint: " in plain.err
    assert "\x1b" not in plain.err + verbose.err


def test_with_json_every_message_is_one_object_a_line(run, tmp_path) -> None:
    (tmp_path / "plan.json").write_text('{"schema_version": 7}')
    ran = run("-v", "--log-format", "json", "apply", "plan.json")
    lines = [json.loads(line) for line in ran.err.splitlines()]
    assert [line["level"] for line in lines] == ["error", "debug"]
    assert lines[0]["hint"]
    assert "Traceback" in lines[1]["exception"]
    assert set(lines[0]) == {"time", "level", "message", "hint", "logger"}


def test_quiet_tells_only_what_went_wrong(run, trackers) -> None:
    assert "wrote plan.json" in run("plan", "--out", "plan.json").err
    assert run("-q", "plan", "--out", "plan.json").err == ""
    trackers["web"].fail(AuthError("401"))
    assert "web: not read" in run("-q", "pull").err


def test_an_info_is_told_without_a_word_before_it_and_a_warning_with_one() -> None:
    lines = messages.Lines()
    told = logging.LogRecord("trackersync", logging.INFO, "", 0, "one\ntwo", (), None)
    assert lines.format(told) == "one\ntwo"
    told.levelno, told.levelname = logging.WARNING, "WARNING"
    assert lines.format(told) == "warning: one\nwarning: two"


def test_a_place_is_named_once() -> None:
    error = AuthError("acme.example says no", host="acme.example", ref="jira:CORE-7")
    assert messages.described(error) == "acme.example says no (jira:CORE-7)"
    assert messages.described(AuthError("no"), "memory CORE") == "no (memory CORE)"
    assert messages.described(AuthError("no")) == "no"


def test_nothing_left_to_read_is_no_traceback(tmp_path) -> None:
    """As in `trackersync schema | head -1`."""
    command = "import trackersync.cli as c, sys; sys.argv = ['trackersync', 'schema']; c.main()"
    with subprocess.Popen([sys.executable, "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.close()
        assert b"Traceback" not in ran.stderr.read()
