"""A secret is read from where the file says it is kept, and shows nowhere else."""

from __future__ import annotations

import os
import sys

import keyring
import keyring.backend
import keyring.errors
import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from trackersync.errors import ConfigError
from trackersync.transport.secret import Kept, KeyringEntry, SecretFile, Variable, check_one_of

SECRET = "s3cr3t-t0ken"
ENTRY = KeyringEntry(service="trackersync", user="ada")
posix = pytest.mark.skipif(os.name != "posix", reason="who may read a file is told by its mode on POSIX only")


class Section(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    token_env: Variable = "A_TOKEN"
    token_file: SecretFile | None = None
    token_keyring: KeyringEntry | None = None


class InMemory(keyring.backend.KeyringBackend):
    priority = 1

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)

    def get_password(self, service, username):
        assert (service, username) == (ENTRY.service, ENTRY.user)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def set_password(self, service, username, password):
        raise NotImplementedError


@pytest.fixture
def holding():
    """The keyring of this machine answers so."""
    before = keyring.get_keyring()
    yield lambda *answers: keyring.set_keyring(InMemory(*answers))
    keyring.set_keyring(before)


@pytest.fixture
def token_file(tmp_path):
    file = tmp_path / "token"
    file.write_text(SECRET + "\n")
    file.chmod(0o600)
    return file


def problem_of(kept, env=()):
    with pytest.raises(ConfigError) as error:
        kept.read(dict(env))
    (problem,) = error.value.problems
    return problem


@pytest.mark.parametrize("kept_as", [SECRET, f"{SECRET}\n", f"  {SECRET}\r\n", f"\ufeff{SECRET}"])
def test_a_file_is_read_without_what_editors_add(token_file, kept_as):
    token_file.write_text(kept_as, encoding="utf-8")
    assert Kept("token", file=str(token_file)).read({}) == SECRET


def test_a_file_is_found_from_the_working_directory_and_from_home(token_file, monkeypatch):
    monkeypatch.chdir(token_file.parent)
    monkeypatch.setenv("HOME", str(token_file.parent))
    monkeypatch.setenv("USERPROFILE", str(token_file.parent))
    assert Kept("token", file="token").read({}) == SECRET
    assert Kept("token", file="~/token").read({}) == SECRET


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o610])
def test_a_file_that_others_may_read_is_refused_with_the_way_out(token_file, mode):
    token_file.chmod(mode)
    problem = problem_of(Kept("token", file=str(token_file)))
    assert problem.path == ("token_file",)
    assert f"mode {mode:04o}" in problem.message
    assert f"chmod 600 {token_file}" in problem.hint


@posix
def test_a_file_behind_a_link_is_judged_by_its_own_mode(token_file):
    link = token_file.with_name("link")
    link.symlink_to(token_file)
    assert Kept("token", file=str(link)).read({}) == SECRET
    token_file.chmod(0o644)
    assert "mode 0644" in problem_of(Kept("token", file=str(link))).message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff" * 9, "not text"),
        (b"x" * 70_000, "larger"),
    ],
)
def test_a_file_without_a_secret_is_a_problem_at_its_key(tmp_path, content, said):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
        file.chmod(0o600)
    problem = problem_of(Kept("private_key", file=str(file), section=("app",), meant="the key"))
    assert problem.path == ("app", "private_key_file")
    assert said in problem.message
    assert "the key" in problem.hint


@pytest.mark.parametrize("name", ["~nobody-of-this-name/token", "a\0b", "."])
def test_what_is_no_file_is_a_problem_of_the_file(name):
    assert problem_of(Kept("token", file=name)).path == ("token_file",)


@pytest.mark.parametrize("env", [{}, {"A_TOKEN": ""}, {"A_TOKEN": " \n"}])
def test_a_variable_that_is_not_set_is_a_problem_at_its_key(env):
    problem = problem_of(Kept("token", env="A_TOKEN", meant="a token of the desk"), env)
    assert (problem.path, problem.message) == (("token_env",), "the environment variable A_TOKEN is not set")
    assert "a token of the desk" in problem.hint


def test_a_file_or_the_keyring_stands_for_the_variable_that_is_named_by_default(token_file, holding):
    holding(SECRET)
    assert Kept("token", env="A_TOKEN", file=str(token_file)).read({"A_TOKEN": "another"}) == SECRET
    assert Kept("token", env="A_TOKEN", keyring=ENTRY).read({"A_TOKEN": "another"}) == SECRET


@pytest.mark.parametrize(
    ("answer", "said", "way_out"),
    [
        (None, "holds nothing for the user 'ada' of 'trackersync'", "keyring set trackersync ada"),
        (" ", "holds nothing", "keyring set"),
        (keyring.errors.KeyringLocked("is \x1b locked"), "KeyringLocked: is locked", "unlock it"),
        (keyring.errors.NoKeyringError("none"), "NoKeyringError", "token_file or token_env"),
        (OSError("no bus"), "no bus", "token_file or token_env"),
    ],
)
def test_a_keyring_without_the_secret_is_a_problem_at_its_key(holding, answer, said, way_out):
    holding(answer)
    problem = problem_of(Kept("token", keyring=ENTRY))
    assert problem.path == ("token_keyring",)
    assert said in problem.message
    assert way_out in problem.hint


def test_without_the_library_it_is_told_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    problem = problem_of(Kept("token", keyring=ENTRY))
    assert problem.path == ("token_keyring",)
    assert problem.hint == "pip install 'trackersync[keyring]'"


@pytest.mark.parametrize(
    "pasted",
    [
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "github_pat_11ABCDEFG0123456789_abcdefghij",
        "ATATT3xFfGF0T4JVjdmA-bcdef=0123ABCD",
        "ATSTT3xFfGF0T4JVjdmA",
        "MDM0MjM5NDc2MDxxzHfWVG2jqQPCWwCyRgd7YZ4bKQ2m",
        "MDM0MjM5NDc2MDxxz/fWVG2jqQPCWwC+Rgd7YZ4bKQ2m",
        "aBcDeFgHiJkLmNoPqRsT1234",
        "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ],
)
@pytest.mark.parametrize(
    "written",
    [
        lambda pasted: {"token_env": pasted},
        lambda pasted: {"token_file": pasted},
        lambda pasted: {"token_keyring": {"service": pasted, "user": "ada"}},
        lambda pasted: {"token_keyring": pasted},
    ],
)
def test_a_secret_pasted_where_its_place_belongs_is_refused_and_not_repeated(pasted, written):
    with pytest.raises(ValidationError) as error:
        Section.model_validate(written(pasted))
    assert pasted not in str(error.value)


@pytest.mark.parametrize(
    "section",
    [
        {"token_env": "GITHUB_TOKEN"},
        {"token_env": "acme_jira_2_token"},
        {"token_env": "_T"},
        {"token_file": "/run/secrets/jira_token"},
        {"token_file": "/home/Anna/secrets/jira2"},
        {"token_file": r"C:\Users\Anna\secrets2\jira.txt"},
        {"token_file": "~/.config/trackersync/Token-of-2026"},
        {"token_keyring": {"service": "https://acme.atlassian.net", "user": "pm@acme.example"}},
    ],
)
def test_the_names_of_places_are_taken(section):
    assert Section.model_validate(section)


@pytest.mark.parametrize("needed", [True, False])
def test_a_secret_is_kept_in_one_place(needed):
    keys = ("token_env", "token_file", "token_keyring")
    check_one_of(Section(token_file="f"), *keys, needed=needed)
    with pytest.raises(ValueError, match="token_env or token_file, only one"):
        check_one_of(Section(token_env="A", token_file="f"), *keys, needed=needed)


def test_where_one_place_is_needed_none_is_told():
    with pytest.raises(ValueError, match="give token_env, token_file or token_keyring"):
        check_one_of(Section(), "token_env", "token_file", "token_keyring", needed=True)


def test_those_who_sign_in_alike_are_known_by_the_place_and_not_by_the_secret(token_file):
    places = [Kept("token", env="A_TOKEN"), Kept("token", file=str(token_file)), Kept("token", keyring=ENTRY)]
    assert [str(place) for place in places] == ["A_TOKEN", f"file {token_file}", "keyring trackersync/ada"]
