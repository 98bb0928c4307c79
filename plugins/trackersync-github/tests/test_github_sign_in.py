from __future__ import annotations

import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from trackersync.errors import AuthError, ForbiddenError, RateLimitError, UnavailableError

APP = {"id": 1, "installation": 2, "private_key_env": "KEY"}
TOKENS = "https://api.github.com:443/app/installations/2/access_tokens"


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def token(text: str, *, minutes: int = 60) -> dict[str, str]:
    expires = datetime.now(UTC) + timedelta(minutes=minutes)
    return {"token": text, "expires_at": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}


def signatures(github) -> list[str]:
    return [str(call.request.headers["Authorization"]) for call in github.mock.calls if call.request.method == "GET"]


def test_an_app_signs_with_tokens_of_its_installation(connect, github, private_key):
    github.mock.post(TOKENS, json=token("ghs_1"), status=201)
    github.lists([], [])
    list(connect(app=APP, env={"KEY": private_key}).pull())
    assert signatures(github) == ["Bearer ghs_1", "Bearer ghs_1"]


def test_a_token_that_runs_out_is_renewed(connect, github, private_key):
    github.mock.post(TOKENS, json=token("ghs_1", minutes=0), status=201)
    github.mock.post(TOKENS, json=token("ghs_2"), status=201)
    github.lists([], [])
    list(connect(app=APP, env={"KEY": private_key}).pull())
    assert signatures(github) == ["Bearer ghs_1", "Bearer ghs_2"]


def test_a_key_on_one_line_is_as_good(connect, github, private_key):
    github.mock.post(TOKENS, json=token("ghs_1"), status=201)
    github.lists([])
    list(connect(app=APP, env={"KEY": private_key.replace("\n", "\\n")}).pull())
    assert signatures(github) == ["Bearer ghs_1"]


def test_a_key_that_is_none_is_told_without_showing_it(connect):
    with pytest.raises(AuthError) as error:
        list(connect(app=APP, env={"KEY": "s3cr3t"}).pull())
    assert error.value.tracker == "web"
    assert "s3cr3t" not in str(error.value)
    assert "PEM" in (error.value.hint or "")


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (401, "A JSON web token could not be decoded", AuthError),
        (404, "Not Found", AuthError),
        (403, "This installation has been suspended", ForbiddenError),
        (403, "API rate limit exceeded for app", RateLimitError),
        (503, "Unavailable", UnavailableError),
    ],
)
def test_a_refused_token_is_told_in_githubs_words(connect, github, private_key, status, message, kind):
    github.mock.post(TOKENS, json={"message": message}, status=status)
    with pytest.raises(kind, match=message) as error:
        list(connect(app=APP, env={"KEY": private_key}).pull())
    assert error.value.tracker == "web"


def test_a_token_refused_for_a_limit_is_asked_for_again_with_growing_pauses(connect, github, private_key, clock):
    github.mock.post(TOKENS, json={"message": "API rate limit exceeded for app"}, status=403)
    with pytest.raises(RateLimitError):
        list(connect(app=APP, env={"KEY": private_key}).pull())
    assert len(clock.sleeps) == 4
    assert clock.sleeps == sorted(clock.sleeps)


def test_nobody_answering_for_a_token_is_told(connect, github, private_key):
    github.mock.post(TOKENS, body=requests.ConnectionError("no route"))
    with pytest.raises(UnavailableError, match="no token for the App"):
        list(connect(app=APP, env={"KEY": private_key}).pull())


@pytest.fixture
def kept(tmp_path):
    """Keeps a secret in a file of its owner's, and gives the file."""

    def keep(secret: str) -> str:
        file = tmp_path / "secret"
        file.write_text(f"{secret}\n")
        file.chmod(0o600)
        return str(file)

    return keep


@pytest.fixture
def keyring_holds(monkeypatch):
    """The keyring of this machine gives this secret to whoever asks."""
    return lambda secret: monkeypatch.setattr("keyring.get_password", lambda service, user: secret)


def test_a_token_is_taken_from_a_file_or_the_keyring(connect, github, kept, keyring_holds):
    keyring_holds("ghp_from_keyring")
    github.lists([])
    list(connect(env={}, token_file=kept("ghp_from_file")).pull())
    list(connect(env={}, token_keyring={"service": "trackersync", "user": "web"}).pull())
    assert signatures(github) == ["Bearer ghp_from_file", "Bearer ghp_from_keyring"]


@pytest.mark.parametrize("place", ["file", "keyring"])
def test_an_apps_key_is_taken_from_a_file_or_the_keyring(connect, github, private_key, kept, keyring_holds, place):
    keyring_holds(private_key)
    at = {"private_key_file": kept(private_key), "private_key_keyring": {"service": "trackersync", "user": "app"}}
    github.mock.post(TOKENS, json=token("ghs_1"), status=201)
    github.lists([])
    key = f"private_key_{place}"
    list(connect(app={"id": 1, "installation": 2, key: at[key]}, env={}).pull())
    assert signatures(github) == ["Bearer ghs_1"]


def parts(thing, seen):
    """Everything of ours that is reached from a connector."""
    if id(thing) in seen:
        return
    seen[id(thing)] = thing
    ours = type(thing).__module__.startswith("trackersync")
    within = [getattr(thing, name, None) for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    within += vars(thing).values() if hasattr(thing, "__dict__") else []
    if ours:
        yield thing
    for each in within if ours else ():
        yield from parts(each, seen)


@pytest.mark.parametrize("way", ["token", "token file", "app", "app with a file"])
def test_secrets_show_nowhere(connect, github, private_key, kept, caplog, way):
    caplog.set_level(logging.DEBUG)
    app = {"id": 1, "installation": 2}
    connector = {
        "token": lambda: connect(env={"GITHUB_TOKEN": "ghp_s3cr3t"}),
        "token file": lambda: connect(env={}, token_file=kept("ghp_s3cr3t")),
        "app": lambda: connect(app=APP, env={"KEY": private_key}),
        "app with a file": lambda: connect(app=app | {"private_key_file": kept(private_key)}, env={}),
    }[way]()
    github.mock.post(TOKENS, json=token("ghs_s3cr3t"), status=201)

    def echo(request):
        return 401, {}, f'{{"message": "no: {request.headers["Authorization"]}"}}'

    github.mock.add_callback("GET", "https://api.github.com/repos/acme/web/issues", callback=echo)
    with pytest.raises(AuthError) as error:
        list(connector.pull())
    reached = list(parts(connector, {}))
    assert {"GitHubSettings", "GitHubClient", "Wire"} <= {type(thing).__name__ for thing in reached}
    shown = [repr(thing) for thing in reached] + [
        str(error.value),
        repr(error.value),
        str(error.value.hint),
        caplog.text,
    ]
    for secret in ("s3cr3t", "PRIVATE KEY", private_key.splitlines()[1]):
        assert not [text for text in shown if secret in text]


def test_a_token_is_not_logged(connect, github, private_key, caplog):
    caplog.set_level(logging.DEBUG)
    github.mock.post(TOKENS, json=token("ghs_s3cr3t"), status=201)
    github.lists([])
    list(connect(app=APP, env={"KEY": private_key}).pull())
    assert "ghs_s3cr3t" not in caplog.text


def test_pygithub_is_not_loaded_before_it_is_needed():
    code = "import sys, trackersync_github.connector; sys.exit('github' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("url", "spacing"),
    [
        ("https://api.github.com", 1.0),
        ("https://api.acme.ghe.com", 1.0),
        ("https://git.acme.example/api/v3", 0.0),
        ("http://localhost:8484/github", 0.0),
    ],
)
def test_writes_are_spaced_and_content_is_limited_where_github_asks_for_it(connect, url, spacing):
    bounds = connect(url=url)._reader.client._client._bounds
    assert bounds.write_spacing == spacing
    assert [(ceiling.most, ceiling.seconds) for ceiling in bounds.ceilings] == [(80, 60), (500, 3600)] * bool(spacing)
