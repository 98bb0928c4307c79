"""What a client promises: answers become data or the error that says what to do next, and the waiting is bounded."""

import base64
import logging
import traceback
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import requests
from requests.auth import HTTPBasicAuth

from trackersync import __version__
from trackersync.errors import (
    AuthError,
    ConflictError,
    ForbiddenError,
    InvalidResponseError,
    NotFoundError,
    RateLimitError,
    RejectedError,
    UnavailableError,
)
from trackersync.transport import Transport
from trackersync.transport.ceiling import Ceiling

BASE = "https://api.example"
WRITES = ["POST", "PUT", "PATCH", "DELETE"]


def test_an_answer_is_returned_with_everything_that_was_sent(client, http):
    http.get(f"{BASE}/issues", body=b'[{"id": 1}]', headers={"X-Thing": "yes"})
    response = client.request("GET", "/issues", params={"page": 2, "q": "a b"})
    sent = http.calls[0].request
    assert response.json() == [{"id": 1}]
    assert response.headers["x-thing"] == "yes"
    assert response.status == 200
    assert sent.url == f"{BASE}/issues?page=2&q=a+b"
    assert sent.headers["User-Agent"] == f"trackersync/{__version__}"
    assert sent.headers["Authorization"] == "Bearer s3cr3t-t0ken"


def test_an_answer_that_is_no_failure_is_not_searched_for_words(client, http, monkeypatch):
    def searched(content):
        raise AssertionError("decoding every page a second time doubles what a pull costs")

    monkeypatch.setattr("trackersync.transport.classify.own_words", searched)
    http.get(f"{BASE}/issues", json=[])
    assert client.request("GET", "issues").json() == []


def test_a_body_is_sent_as_json(client, http):
    http.post(f"{BASE}/issues", json={})
    client.request("POST", "issues", json={"title": "é"})
    assert http.calls[0].request.body == '{"title":"é"}'.encode()
    assert http.calls[0].request.headers["Content-Type"] == "application/json"


def test_a_base_url_keeps_its_path(transport, http):
    http.get(f"{BASE}/ex/jira/1/rest/api/3/myself", json={})
    client = transport.client(f"{BASE}/ex/jira/1", tracker="core", account="bot")
    assert client.request("GET", "/rest/api/3/myself").status == 200


def test_headers_of_the_client_are_sent_and_netrc_is_not(transport, http, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine api.example login stranger password theirs\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    http.get(f"{BASE}/", json={})
    client = transport.client(BASE, tracker="web", account="anonymous", headers={"Accept": "application/vnd.x"})
    client.request("GET", "/")
    assert http.calls[0].request.headers["Accept"] == "application/vnd.x"
    assert "Authorization" not in http.calls[0].request.headers


def test_no_cookie_makes_one_request_depend_on_another(client, http):
    http.get(f"{BASE}/", headers={"Set-Cookie": "session=1"}, json={})
    client.request("GET", "/")
    client.request("GET", "/")
    assert "Cookie" not in http.calls[1].request.headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RejectedError),
        (401, AuthError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (410, NotFoundError),
        (418, RejectedError),
        (422, RejectedError),
    ],
)
def test_a_status_becomes_the_error_that_says_what_to_do(client, http, clock, status, kind):
    http.get(f"{BASE}/issues/1", status=status, json={"message": "No\x1b[31m way"})
    with pytest.raises(kind) as caught:
        client.request("GET", "/issues/1", params={"token": "hidden"})
    error = caught.value
    assert type(error) is kind
    assert error.message == f"GET api.example/issues/1: {status}: No [31m way"
    assert error.hint
    assert (error.tracker, error.host, error.status) == ("web", "api.example", status)
    assert clock.sleeps == []


def test_an_answer_without_content_is_no_answer(client, http):
    http.get(f"{BASE}/x", status=304)
    with pytest.raises(InvalidResponseError):
        client.request("GET", "/x")


def test_a_missing_permission_is_named_as_the_tracker_names_it(client, http):
    http.patch(f"{BASE}/x", status=403, headers={"X-Accepted-GitHub-Permissions": "issues=write"}, json={})
    with pytest.raises(ForbiddenError) as caught:
        client.request("PATCH", "/x", json={})
    assert "issues=write" in (caught.value.hint or "")


class TestServerErrors:
    def test_a_read_is_repeated_with_growing_pauses_until_it_succeeds(self, client, http, clock):
        for _ in range(3):
            http.get(f"{BASE}/x", status=502)
        http.get(f"{BASE}/x", json={"ok": True})
        assert client.request("GET", "/x").json() == {"ok": True}
        assert [round(seconds // 1) for seconds in clock.sleeps] in ([1, 2, 4], [1, 2, 5], [1, 3, 4], [1, 3, 5])

    def test_a_read_is_given_up_after_all_attempts(self, client, http, clock):
        http.get(f"{BASE}/x", status=500, json={"message": "oops"})
        with pytest.raises(UnavailableError, match="500: oops"):
            client.request("GET", "/x")
        assert len(http.calls) == 5
        assert len(clock.sleeps) == 4

    def test_the_waiting_is_bounded_however_many_attempts_are_left(self, http, clock):
        http.get(f"{BASE}/x", status=500)
        with Transport(clock=clock, attempts=100, max_wait=20) as transport, pytest.raises(UnavailableError):
            transport.client(BASE, tracker="web", account="bot").request("GET", "/x")
        assert 0 < sum(clock.sleeps) <= 20

    @pytest.mark.parametrize("method", WRITES)
    def test_a_write_is_never_replayed(self, client, http, clock, method):
        http.add(method, f"{BASE}/x", status=502)
        with pytest.raises(UnavailableError) as caught:
            client.request(method, "/x", json={})
        assert caught.value.sent
        assert len(http.calls) == 1
        assert clock.sleeps == []

    def test_a_request_declared_safe_is_repeated(self, client, http):
        http.post(f"{BASE}/search", status=502)
        http.post(f"{BASE}/search", json={})
        assert client.request("POST", "/search", json={}, safe=True).status == 200

    def test_a_pause_for_maintenance_is_kept_to(self, client, http, clock):
        http.get(f"{BASE}/x", status=503, headers={"Retry-After": "120"})
        http.get(f"{BASE}/x", json={})
        client.request("GET", "/x")
        assert sum(clock.sleeps) == pytest.approx(120)


class TestLimits:
    @pytest.mark.parametrize("method", ["GET", *WRITES])
    def test_a_refused_request_is_sent_again_after_the_time_told(self, client, http, clock, method):
        http.add(method, f"{BASE}/x", status=429, headers={"Retry-After": "30"})
        http.add(method, f"{BASE}/x", json={})
        client.request(method, "/x")
        assert clock.sleeps == [30]

    @pytest.mark.parametrize(
        ("headers", "body", "seconds"),
        [
            ({"Retry-After": "7"}, {}, 7),
            ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "45"}, {}, 45),
            ({"X-RateLimit-Remaining": "4999"}, {"message": "You have exceeded a secondary rate limit."}, 60),
            ({"X-RateLimit-Reset": "3000"}, {"message": "API rate limit exceeded for user ID 1."}, 3000),
            ({}, {"message": "You have triggered an abuse detection mechanism."}, 60),
        ],
    )
    def test_github_tells_limits_by_403(self, http, clock, headers, body, seconds):
        http.get(f"{BASE}/x", status=403, headers=headers, json=body)
        http.get(f"{BASE}/x", json={})
        with Transport(clock=clock, max_wait=5000) as transport:
            transport.client(BASE, tracker="web", account="bot").request("GET", "/x")
        assert clock.sleeps == [seconds]

    @pytest.mark.parametrize("reason", ["jira-burst-based", "jira-per-issue-on-write", "jira-quota-tenant-based"])
    def test_jira_tells_by_name_which_limit_was_hit(self, http, clock, reason):
        heard = []
        http.put(f"{BASE}/x", status=429, headers={"Retry-After": "6", "RateLimit-Reason": reason})
        http.put(f"{BASE}/x", status=204)
        with Transport(clock=clock, on_wait=lambda why, seconds: heard.append((why, seconds))) as transport:
            transport.client(BASE, tracker="core", account="bot").request("PUT", "/x", json={})
        assert heard == [(f"PUT api.example/x: 429 ({reason})", 6)]

    def test_the_top_of_the_hour_that_jira_names_is_waited_for_where_it_is_near(self, http, clock):
        headers = {"X-RateLimit-Reset": f"{clock.now() + timedelta(minutes=10):%Y-%m-%dT%H:%MZ}"}
        http.get(f"{BASE}/x", status=429, headers=headers)
        http.get(f"{BASE}/x", json={})
        with Transport(clock=clock) as transport:
            transport.client(BASE, tracker="core", account="bot").request("GET", "/x")
        assert clock.sleeps == [601]

    def test_without_a_time_the_pauses_double(self, client, http, clock):
        http.get(f"{BASE}/x", status=403, json={"message": "You have exceeded a secondary rate limit"})
        with pytest.raises(RateLimitError) as caught:
            client.request("GET", "/x")
        assert clock.sleeps == [60, 120, 240, 480]
        assert caught.value.retry_after == 960
        assert "secondary rate limit" in caught.value.message

    def test_a_success_ends_the_doubling(self, client, http, clock):
        for _ in range(2):
            http.get(f"{BASE}/x", status=429)
            http.get(f"{BASE}/x", json={})
        client.request("GET", "/x")
        client.request("GET", "/x")
        assert clock.sleeps == [10, 10]

    def test_never_less_than_a_second(self, client, http, clock):
        http.get(f"{BASE}/x", status=429, headers={"Retry-After": "0"})
        http.get(f"{BASE}/x", json={})
        client.request("GET", "/x")
        assert clock.sleeps == [1]

    def test_a_longer_wait_than_allowed_is_told_at_once(self, client, http, clock):
        http.get(f"{BASE}/x", status=403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "3000"}, json={})
        with pytest.raises(RateLimitError) as caught:
            client.request("GET", "/x")
        error = caught.value
        assert error.retry_after == 3000
        assert "asks to wait 50 min" in error.message
        assert "403" in error.message
        assert error.hint == "run it again after 2026-01-01 12:50:00 UTC"
        assert clock.sleeps == []
        assert len(http.calls) == 1

    def test_what_one_client_is_told_all_of_the_account_heed(self, transport, client, http, clock):
        http.get(f"{BASE}/x", status=429, headers={"Retry-After": "2000"})
        with pytest.raises(RateLimitError):
            client.request("GET", "/x")
        other = transport.client(f"{BASE}/", tracker="docs", account="bot")
        with pytest.raises(RateLimitError, match="asks to wait"):
            other.request("POST", "/y", json={})
        assert len(http.calls) == 1

    def test_another_account_or_host_is_not_held_back(self, transport, client, http, clock):
        http.get(f"{BASE}/x", status=429, headers={"Retry-After": "2000"})
        http.get(f"{BASE}/y", json={})
        http.get("https://other.example/y", json={})
        with pytest.raises(RateLimitError):
            client.request("GET", "/x")
        transport.client(BASE, tracker="docs", account="somebody").request("GET", "/y")
        transport.client("https://other.example", tracker="docs", account="bot").request("GET", "/y")
        assert clock.sleeps == []

    def test_a_budget_used_up_is_waited_for_before_it_is_overdrawn(self, client, http, clock):
        http.get(f"{BASE}/x", json={}, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "20"})
        client.request("GET", "/x")
        assert clock.sleeps == []
        client.request("GET", "/x")
        assert clock.sleeps == [20]

    def test_budgets_that_the_tracker_keeps_apart_are_kept_apart(self, client, http, clock):
        told = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "20", "X-RateLimit-Resource": "core"}
        http.get(f"{BASE}/x", json={}, headers=told)
        http.post(f"{BASE}/graphql", json={"data": {}})
        client.request("GET", "/x")
        client.graphql("/graphql", "{ viewer { login } }")
        assert clock.sleeps == []
        client.request("GET", "/x")
        assert clock.sleeps == [20]

    def test_a_secondary_limit_holds_for_rest_and_graphql_together(self, client, http, clock):
        http.get(f"{BASE}/x", status=403, headers={"Retry-After": "2000", "X-RateLimit-Resource": "core"}, json={})
        with pytest.raises(RateLimitError):
            client.request("GET", "/x")
        with pytest.raises(RateLimitError):
            client.graphql("/graphql", "{ viewer { login } }")
        assert len(http.calls) == 1

    def test_long_waits_are_told_and_short_ones_are_not(self, http, clock):
        heard = []
        http.get(f"{BASE}/x", status=429, headers={"Retry-After": "2"}, json={"message": "slow down"})
        http.get(f"{BASE}/x", status=429, headers={"Retry-After": "30"}, json={"message": "slow down"})
        http.get(f"{BASE}/x", json={})
        with Transport(clock=clock, on_wait=lambda why, seconds: heard.append((why, seconds))) as transport:
            transport.client(BASE, tracker="web", account="bot").request("GET", "/x")
        assert heard == [("GET api.example/x: 429: slow down", 30)]

    def test_writes_are_kept_apart_where_the_tracker_asks_for_it(self, transport, http, clock):
        http.post(f"{BASE}/x", json={})
        http.get(f"{BASE}/x", json={})
        client = transport.client(BASE, tracker="web", account="bot", write_spacing=1.0)
        for _ in range(3):
            client.request("POST", "/x", json={})
            client.request("GET", "/x")
        assert clock.sleeps == [1, 1]

    def test_what_creates_content_is_held_below_the_ceiling(self, transport, http, clock):
        http.post(f"{BASE}/graphql", json={"data": {"m0": {}}})
        client = transport.client(BASE, tracker="web", account="bot", ceilings=[Ceiling(40, 60.0)])
        for _ in range(3):
            client.graphql("/graphql", "mutation { m0 }", safe=False, pieces=20)
            client.graphql("/graphql", "mutation { m0 }", safe=False)
        assert clock.sleeps == [60]


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_a_read_follows_within_the_host(self, client, http, status):
        http.get(f"{BASE}/old", status=status, headers={"Location": "/new?page=1"})
        http.get(f"{BASE}/new?page=1", json={"moved": True})
        assert client.request("GET", "/old", params={"a": 1}).json() == {"moved": True}
        assert http.calls[1].request.url == f"{BASE}/new?page=1"

    @pytest.mark.parametrize(
        "location",
        [
            "https://evil.example/",
            "http://api.example/",
            "//evil.example/",
            "https://api.example:8443/",
            "https://evil.example\\@api.example/",
            "https://[broken/",
        ],
    )
    def test_the_token_stays_at_home(self, client, http, location):
        http.get(f"{BASE}/old", status=302, headers={"Location": location})
        with pytest.raises(InvalidResponseError):
            client.request("GET", "/old")
        assert len(http.calls) == 1

    def test_a_circle_is_left(self, client, http):
        http.get(f"{BASE}/old", status=302, headers={"Location": "/old"})
        with pytest.raises(InvalidResponseError, match="redirected more than 5 times"):
            client.request("GET", "/old")

    def test_a_write_is_not_redirected_but_told_where_the_tracker_is(self, client, http):
        http.patch(f"{BASE}/repos/old", status=307, headers={"Location": f"{BASE}/repos/new?token=hidden"})
        with pytest.raises(InvalidResponseError) as caught:
            client.request("PATCH", "/repos/old", json={})
        assert "https://api.example/repos/new:" in (caught.value.hint or "")
        assert "hidden" not in (caught.value.hint or "")
        assert len(http.calls) == 1

    def test_a_write_told_to_see_its_result_elsewhere_is_done(self, client, http):
        http.post(f"{BASE}/bulk", status=303, headers={"Location": f"{BASE}/task/1"})
        assert client.request("POST", "/bulk", json={}).headers["Location"] == f"{BASE}/task/1"

    @pytest.mark.parametrize(
        "url",
        [
            "https://evil.example/x",
            "HTTPS://evil.example/x",
            "http://api.example/x",
            "https://[x/",
            "https://api.example:x/",
        ],
    )
    def test_an_address_on_another_host_is_refused(self, client, http, url):
        with pytest.raises(InvalidResponseError, match="stays with the host"):
            client.request("GET", url)
        assert len(http.calls) == 0

    def test_an_absolute_address_on_the_host_is_taken(self, client, http):
        http.get(f"{BASE}:443/x", json={})
        assert client.request("GET", "https://api.example:443/x").status == 200


class TestBodies:
    def test_a_page_instead_of_json_is_named_with_how_it_begins(self, client, http):
        http.get(f"{BASE}/x", body="<html>\n\x1b[2Jplease log in" + " more" * 50, content_type="text/html")
        with pytest.raises(InvalidResponseError) as caught:
            client.request("GET", "/x").json()
        message = caught.value.message
        assert "api.example/x answered 200" in message
        assert "text/html" in message
        assert r"'<html>\n\x1b[2Jplease log in" in message
        assert caught.value.tracker == "web"

    @pytest.mark.parametrize("body", [b'[{"id": 1}, {"id"', b"", b"\xff", b'["\xff"]', b"[" * 100_000])
    def test_json_that_is_cut_off_is_no_answer(self, client, http, body):
        http.get(f"{BASE}/x", body=body, content_type="application/json")
        with pytest.raises(InvalidResponseError):
            client.request("GET", "/x").json()

    def test_json_of_another_shape_is_no_answer(self, client, http):
        class Issue(msgspec.Struct):
            id: int

        http.get(f"{BASE}/x", json=[{"id": "one"}])
        with pytest.raises(InvalidResponseError, match=r"Expected `int`, got `str` - at `\$\[0\].id`"):
            client.request("GET", "/x").json(list[Issue])

    def test_json_is_decoded_into_the_shape_asked_for(self, client, http):
        class Issue(msgspec.Struct):
            id: int

        http.get(f"{BASE}/x", json=[{"id": 1, "more": None}])
        assert client.request("GET", "/x").json(list[Issue]) == [Issue(1)]

    @pytest.mark.parametrize(
        ("link", "next_url"),
        [
            ('<https://api.example/x?page=2>; rel="next", <https://api.example/x?page=9>; rel="last"', "/x?page=2"),
            ("<https://api.example/x?page=2>; rel=next", "/x?page=2"),
            ('</x?page=2>; rel="NEXT last"', "/x?page=2"),
            ('<https://api.example/x?page=1>; rel="prev"', None),
            ("<https://[x/>; rel=next", "https://[x/"),
            ("", None),
        ],
    )
    def test_the_next_page_is_found(self, client, http, link, next_url):
        http.get(f"{BASE}/x", json=[], headers={"Link": link})
        assert client.request("GET", "/x").next_url == (
            next_url and next_url.replace("/x", f"{BASE}/x") if "[" not in (next_url or "") else next_url
        )


class TestSecrets:
    @pytest.mark.parametrize(
        "body", [b'{"message": "bad token s3cr3t-t0ken"}', b"<title>s3cr3t-t0ken</title>", b"x" * 196 + b"s3cr3t-t0ken"]
    )
    def test_an_echoed_token_is_blotted_out(self, client, http, body, caplog):
        caplog.set_level(logging.DEBUG)
        http.get(f"{BASE}/x", status=401, body=body)
        with pytest.raises(AuthError) as caught:
            client.request("GET", "/x")
        assert "s3cr3t" not in "".join(traceback.format_exception(caught.value)) + caplog.text + repr(client)

    def test_an_echoed_password_is_blotted_out(self, transport, http):
        client = transport.client(BASE, tracker="web", account="bot", auth=HTTPBasicAuth("me@acme.example", "pa55word"))
        echo = base64.b64encode(b"me@acme.example:pa55word").decode()
        http.get(f"{BASE}/x", body=f"pa55word {echo}")
        response = client.request("GET", "/x")
        with pytest.raises(InvalidResponseError) as caught:
            response.json()
        assert "begins '*** ***'" in caught.value.message
        assert "pa55" not in repr(response.secrets and response).replace(repr(response.content), "")

    @pytest.mark.parametrize("header", ["token", "Basic", "Basic %%%", "Basic bm9jb2xvbg==", "Basic a"])
    def test_odd_credentials_do_no_harm(self, transport, http, header):
        http.get(f"{BASE}/x", status=401, json={"message": "Bad credentials"})
        client = transport.client(BASE, tracker="web", account="bot", headers={"Authorization": header})
        with pytest.raises(AuthError, match="Bad credentials"):
            client.request("GET", "/x")

    @pytest.mark.parametrize("token", ["s3cr3t\n", "s3cr3t\u2026"])
    def test_a_token_that_cannot_be_sent_is_not_shown(self, transport, server, token):
        class Odd(requests.auth.AuthBase):
            def __call__(self, request):
                request.headers["Authorization"] = token
                return request

        client = transport.client(server.base, tracker="web", account="bot", auth=Odd())
        with pytest.raises(AuthError, match="characters that HTTP does not carry") as caught:
            client.request("GET", "/x")
        assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))
        assert caught.value.__context__ is None

    def test_a_header_that_cannot_be_sent_is_not_shown(self, transport):
        client = transport.client(BASE, tracker="web", account="bot", headers={"X-Key": "s3cr3t\nX: y"})
        with pytest.raises(AuthError) as caught:
            client.request("GET", "/x")
        assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))


def test_an_address_that_is_none_is_told(transport):
    client = transport.client("https://", tracker="web", account="bot")
    with pytest.raises(InvalidResponseError, match="not an address"):
        client.request("GET", "/x")


def test_a_client_closes_and_can_be_used_again(transport, http):
    http.get(f"{BASE}/x", json={})
    with transport.client(BASE, tracker="web", account="bot") as client:
        client.request("GET", "/x")
    response: Any = client.request("GET", "/x")
    assert response.status == 200
