"""Laws that hold whatever a tracker answers: the waiting is bounded, and a write is sent again only when refused."""

import pytest
import responses as responses_library
from hypothesis import given, settings
from hypothesis import strategies as st

from trackersync.errors import RateLimitError, TrackerError
from trackersync.testing import FakeClock
from trackersync.transport import Transport

URL = "https://api.example/x"
MAX_WAIT = 300
ATTEMPTS = 5
LIMITED = {"message": "API rate limit exceeded"}

waits = st.sampled_from(
    ["", "0", "7", "280", "1e3", "soon", "-1", "Thu, 01 Jan 2026 12:01:00 GMT", "2026-01-01T12:05Z"]
)
answers = st.tuples(
    st.sampled_from([200, 204, 303, 401, 403, 404, 422, 429, 500, 502, 503]),
    st.fixed_dictionaries(
        {}, optional={"Retry-After": waits, "X-RateLimit-Reset": waits, "X-RateLimit-Remaining": st.sampled_from("01")}
    ),
    st.sampled_from([{}, LIMITED, {"message": "You have exceeded a secondary rate limit"}]),
)


def refused(status, headers, body):
    told = "Retry-After" in headers or headers.get("X-RateLimit-Remaining") == "0" or body != {}
    return status == 429 or (status == 403 and told)


@settings(max_examples=60, deadline=None)
@given(st.lists(answers, min_size=1, max_size=8), st.sampled_from(["GET", "PUT"]))
def test_waiting_is_bounded_and_writes_are_sent_again_only_when_refused(script, method):
    clock = FakeClock()
    with responses_library.RequestsMock(assert_all_requests_are_fired=False) as http:
        for status, headers, body in script:
            http.add(method, URL, status=status, headers=headers, json=body)
        with Transport(clock=clock, attempts=ATTEMPTS, max_wait=MAX_WAIT) as transport:
            client = transport.client("https://api.example", tracker="web", account="bot")
            told = []
            try:
                client.request(method, "/x", json={})
            except TrackerError as error:
                told.append(error)
        sent = len(http.calls)
    assert all(error.message and error.hint and error.tracker == "web" for error in told)
    assert 1 <= sent <= ATTEMPTS
    assert sum(clock.sleeps) <= MAX_WAIT
    if method == "PUT":
        assert all(refused(*answer) for answer in script[: min(sent, len(script)) - 1])


@pytest.mark.parametrize("attempts", [1, 2])
def test_the_last_refusal_is_told_with_its_time(attempts):
    with responses_library.RequestsMock() as http, Transport(clock=FakeClock(), attempts=attempts) as transport:
        http.get(URL, status=429, headers={"Retry-After": "7"})
        with pytest.raises(RateLimitError) as caught:
            transport.client("https://api.example", tracker="web", account="bot").request("GET", "/x")
        assert caught.value.retry_after == 7
        assert len(http.calls) == attempts
