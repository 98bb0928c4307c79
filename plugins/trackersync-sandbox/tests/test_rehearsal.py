"""A command after `--` runs beside the sandbox, and to its caller it looks as if it ran alone."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys

import pytest

TELL = "import os; print(*(os.environ[name] for name in ({names})), sep='|')"
UNTIL_A_SIGNAL = """if True:
    import signal, sys
    signal.signal(signal.{signal}, lambda number, _: sys.exit(40 + number))
    print("ready", flush=True)
    signal.pause()"""
WITHOUT = {"GITHUB_TOKEN", "JIRA_TOKEN", "TRACKERSYNC_CONFIG"}


def rehearsal(*command, options=(), given=()):
    """The program as a user starts it: a free port, and of our environment nothing that it would pass on."""
    env = {name: value for name, value in os.environ.items() if name not in WITHOUT}
    return subprocess.Popen(
        [sys.executable, "-m", "trackersync", *options, "sandbox", "--port", "0", "--", *command],
        env=env | dict(given), stdin=-1, stdout=-1, stderr=-1, text=True, start_new_session=True,
    )  # fmt: skip


def rehearsed(*command, said=None, **options):
    with rehearsal(*command, **options) as process:
        out, err = process.communicate(said, timeout=60)
    return process.returncode, out, err


def python(code):
    return sys.executable, "-c", code


def port_of(url):
    return int(re.fullmatch(r"http://localhost:(\d+)\s*", url)[1])


def test_the_commands_exit_code_and_output_are_its_own():
    code = "import sys; print(sys.stdin.read()); print('no', file=sys.stderr); sys.exit(7)"
    assert rehearsed(*python(code), said="said") == (7, "said\n", "no\n")


def test_the_command_is_answered_and_afterwards_nobody_listens():
    code = """if True:
        import os, urllib.request
        url = os.environ["TRACKERSYNC_SANDBOX_URL"]
        asked = urllib.request.Request(f"{url}/jira/rest/api/2/myself", headers={"Authorization": "Bearer any"})
        print(urllib.request.urlopen(asked).status, url)"""
    ended, out, err = rehearsed(*python(code))
    assert (ended, err) == (0, "")
    status, url = out.split()
    assert status == "200"
    with socket.socket() as sock:
        assert sock.connect_ex(("localhost", port_of(url))) != 0


def test_tokens_that_open_are_there_unless_others_are():
    code = TELL.format(names="'GITHUB_TOKEN', 'JIRA_TOKEN'")
    assert rehearsed(*python(code))[1] == "sandbox|sandbox\n"
    assert rehearsed(*python(code), given={"JIRA_TOKEN": "mine"})[1] == "sandbox|mine\n"


def test_the_file_of_the_program_is_the_commands_too():
    code = TELL.format(names="'TRACKERSYNC_CONFIG',")
    assert rehearsed(*python(code), options=("-c", "team.yaml"))[1] == "team.yaml\n"
    assert rehearsed(*python(code), given={"TRACKERSYNC_CONFIG": "other.yaml"})[1] == "other.yaml\n"


@pytest.mark.parametrize(("command", "why"), [("no-such-command", "No such file"), (os.sep, "Permission denied")])
def test_a_command_that_cannot_be_run_is_told(command, why):
    ended, out, err = rehearsed(command)
    assert (ended, out) == (1, "")
    assert f"{command} cannot be run: {why}" in err


def test_a_command_that_a_signal_ends_ends_as_shells_tell_it():
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert rehearsed(*python(code)) == (128 + signal.SIGKILL, "", "")


def test_a_request_to_end_is_passed_on_to_the_command():
    with rehearsal(*python(UNTIL_A_SIGNAL.format(signal="SIGTERM"))) as process:
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 40 + signal.SIGTERM


def test_an_interrupt_from_the_terminal_is_the_commands_to_answer():
    with rehearsal(*python(UNTIL_A_SIGNAL.format(signal="SIGINT"))) as process:
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 40 + signal.SIGINT


def test_the_first_word_that_is_no_option_begins_the_command():
    alone = [sys.executable, "-m", "trackersync", "sandbox", "--port", "0", *python("print('ran')")]
    assert subprocess.run(alone, capture_output=True, check=True).stdout == b"ran\n"
