"""Every way to sign in, where each is sent, and what is told when Jira says no."""

import base64
import json
import logging

import pytest
from pydantic import ValidationError

from trackersync.errors import AuthError, ConfigError, ForbiddenError, InvalidResponseError, TrackersyncError
from trackersync_jira.connector import JiraConnector
from trackersync_jira.settings import JiraSettings

SITE = "https://acme.atlassian.net"
ID = "11111111-2222-3333-4444-555555555555"
GATEWAY = f"https://api.atlassian.com/ex/jira/{ID}"
TENANT = f"{SITE}/_edge/tenant_info"
TOKEN = "s3cr3t-t0ken"


def basic(account: str, secret: str = TOKEN) -> str:
    return "Basic " + base64.b64encode(f"{account}:{secret}".encode()).decode()


def pull(connector):
    return [issue for page in connector.pull() for issue in page]


@pytest.fixture
def answers(http, tools):
    """A Jira Cloud with one issue at this address."""

    def at(base: str):
        jira = tools.jira(http, cloud=True, url=base, shown_at=SITE)
        jira.has(tools.issue(1))
        return jira

    return at


def signatures(http) -> set[str | None]:
    return {call.request.headers.get("Authorization") for call in http.calls}


@pytest.mark.parametrize(
    ("settings", "signature"),
    [
        ({"email": "pm@acme.example"}, basic("pm@acme.example")),
        ({"user": "ada"}, basic("ada")),
        ({"user": "zoë"}, basic("zoë")),
        ({}, f"Bearer {TOKEN}"),
    ],
)
def test_an_account_signs_by_basic_and_a_token_alone_by_bearer(answers, http, connect, settings, signature):
    answers(SITE)
    assert len(pull(connect(url=SITE, token=TOKEN, **settings))) == 1
    assert signatures(http) == {signature}


def test_a_password_may_hold_any_letter(answers, http, connect):
    answers(SITE)
    pull(connect(url=SITE, token="pässwörd-漢字", user="ada"))
    assert signatures(http) == {basic("ada", "pässwörd-漢字")}


@pytest.mark.parametrize("account", [{"email": "bot@serviceaccount.atlassian.example"}, {}])
@pytest.mark.parametrize(
    ("settings", "asks_site"), [({"scoped": True}, 1), ({"cloud_id": ID}, 0), ({"scoped": True, "cloud_id": ID}, 0)]
)
def test_a_token_with_scopes_goes_to_the_gateway_and_never_to_the_site(
    answers, http, connect, tools, account, settings, asks_site
):
    jira = answers(GATEWAY)
    http.get(TENANT, json={"cloudId": ID})
    connector = connect(url=SITE, token=TOKEN, **account, **settings)
    issues = pull(connector) + pull(connector)
    at_site = [call.request for call in http.calls if call.request.url.startswith(SITE)]
    assert [request.url for request in at_site] == [TENANT] * asks_site
    assert all("Authorization" not in request.headers for request in at_site)
    assert {issue.url for issue in issues} == {f"{SITE}/browse/CORE-1"}
    if all(file.exists() for file in tools.specs):
        assert [breach for call in jira.calls for breach in tools.breaches(*call)] == []


def test_the_gateways_own_address_needs_no_more(answers, http, connect):
    answers(GATEWAY)
    assert len(pull(connect(url=GATEWAY, token=TOKEN))) == 1
    assert signatures(http) == {f"Bearer {TOKEN}"}


def test_the_site_is_asked_at_its_root(answers, http, connect):
    answers(GATEWAY)
    http.get(TENANT, json={"cloudId": ID})
    assert len(pull(connect(url=f"{SITE}/jira", scoped=True))) == 1


@pytest.mark.parametrize(
    "answer",
    [{"status": 404}, {"status": 403}, {"json": {}}, {"json": {"cloudId": "../../evil"}}, {"body": "<html>Log in"}],
)
def test_a_site_that_does_not_tell_its_id_is_no_site_of_cloud(http, connect, answer):
    http.get(TENANT, **answer)
    with pytest.raises(InvalidResponseError, match="does not tell its id") as error:
        pull(connect(url=SITE, scoped=True))
    assert "cloud_id" in error.value.hint
    assert error.value.tracker == "core"


@pytest.mark.parametrize(
    ("settings", "asked_at", "way_out"),
    [
        ({"url": SITE, "email": "a@b"}, SITE, "`scoped: true`"),
        ({"url": SITE}, SITE, "`email`"),
        ({"url": SITE, "cloud_id": ID}, GATEWAY, "read:jira-work"),
        ({"url": GATEWAY}, GATEWAY, "read:jira-work"),
        ({"url": "https://jira.acme.example"}, "https://jira.acme.example", "`user`"),
        ({"url": "https://jira.acme.example", "user": "ada"}, "https://jira.acme.example", "`user`"),
    ],
)
def test_refused_credentials_are_told_with_what_this_sign_in_may_lack(http, connect, settings, asked_at, way_out):
    http.get(f"{asked_at}/rest/api/2/serverInfo", status=401, json={"message": "Unauthorized; scope does not match"})
    with pytest.raises(AuthError, match="scope does not match") as error:
        pull(connect(**settings))
    assert way_out in error.value.hint


@pytest.mark.parametrize(("settings", "told"), [({"user": "ada"}, True), ({}, False)])
def test_a_user_who_is_locked_out_is_told_of_the_captcha(http, connect, settings, told):
    page = "<html><head><title>Forbidden (403)</title></head><body>AUTHENTICATION_DENIED</body></html>"
    http.get(f"{SITE}/rest/api/2/serverInfo", status=403, body=page)
    with pytest.raises(ForbiddenError) as error:
        pull(connect(url=SITE, **settings))
    assert ("CAPTCHA" in error.value.hint) is told


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "a@b", "user": "ada"},
        {"token_env": "A", "token_file": "f"},
        {"token_file": "f", "token_keyring": {"service": "s", "user": "u"}},
        {"token_keyring": {"service": "s"}},
        {"user": "ada", "scoped": True},
        {"user": "ada", "cloud_id": ID},
        {"url": GATEWAY, "scoped": True},
        {"url": GATEWAY, "cloud_id": ID},
        {"url": GATEWAY, "user": "ada"},
        {"cloud_id": ID, "scoped": False},
        {"cloud_id": "../11"},
        {"cloud_id": ""},
        {"user": "ATATT3xFfGF0T4JVjdmA"},
    ],
)
def test_two_ways_at_once_are_refused(wrong):
    with pytest.raises(ValidationError):
        JiraSettings.model_validate({"url": SITE, "jql": "project = CORE"} | wrong)


def test_how_one_signs_in_does_not_change_what_a_tracker_is():
    settings = [JiraSettings(url=SITE, jql="project = CORE", **way) for way in ({"email": "a@b"}, {"scoped": True})]
    assert {JiraConnector.identify(each) for each in settings} == {f"jira {SITE}: project = CORE"}


@pytest.mark.parametrize(
    ("settings", "path", "way_out"),
    [
        ({"email": "a@b"}, "token_env", "an API token of that account"),
        ({"user": "ada"}, "token_env", "the password of ada"),
        ({"token_file": "no-such-file"}, "token_file", "a personal access token"),
    ],
)
def test_a_secret_that_is_not_there_is_a_problem_at_its_key(connect, settings, path, way_out):
    with pytest.raises(ConfigError) as error:
        connect(token=None, **settings)
    (problem,) = error.value.problems
    assert problem.path == (path,)
    assert way_out in problem.hint


def parts(thing, seen):
    """Everything of ours that is reached from a connector."""
    if id(thing) in seen:
        return
    seen[id(thing)] = thing
    within = [getattr(thing, name, None) for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    ours = type(thing).__module__.startswith("trackersync")
    within += list(vars(thing).values()) if ours and hasattr(thing, "__dict__") else []
    within += thing if isinstance(thing, list | tuple) else []
    if ours:
        yield thing
    for each in within if ours or isinstance(thing, list | tuple) else ():
        yield from parts(each, seen)


@pytest.mark.parametrize("settings", [{"email": "a@b"}, {"user": "ada"}, {}, {"cloud_id": ID}, "file"])
def test_secrets_show_nowhere(http, connect, caplog, tmp_path, settings):
    caplog.set_level(logging.DEBUG)
    (file := tmp_path / "token").write_text(TOKEN)
    file.chmod(0o600)
    by_file = settings == "file"
    connector = connect(
        token=None if by_file else TOKEN, url=SITE, **({"token_file": str(file)} if by_file else settings)
    )
    base = GATEWAY if settings == {"cloud_id": ID} else SITE
    sent = []

    def echo(request):
        sent.append(request.headers["Authorization"])
        return 401, {}, json.dumps({"message": f"no: {sent[-1]} {TOKEN}"})

    http.add_callback("GET", f"{base}/rest/api/2/serverInfo", callback=echo)
    with pytest.raises(TrackersyncError) as error:
        pull(connector)
    reached = list(parts(connector, {}))
    assert {"JiraSettings", "JiraSite", "Wire"} <= {type(thing).__name__ for thing in reached}
    shown = [repr(thing) for thing in reached] + [str(error.value), repr(error.value), error.value.hint, caplog.text]
    for secret in (TOKEN, sent[0].partition(" ")[2]):
        assert not [text for text in shown if secret in text]
