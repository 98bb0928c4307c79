"""What breaks on the way: reads are tried again, of writes it is told whether they were sent."""

import socket
import ssl
import threading

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NameResolutionError, SSLError

from trackersync.errors import InvalidResponseError, UnavailableError
from trackersync.transport import Transport

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"
CUT_OFF = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n[1, 2"
CUT_OFF_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n[1, 2\r\n"
NOT_GZIP = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"


@pytest.fixture
def local(transport, server):
    return transport.client(server.base, tracker="web", account="bot")


@pytest.mark.parametrize("broken", [CUT_OFF, CUT_OFF_CHUNKS, b""])
def test_a_broken_answer_to_a_read_is_asked_for_again(local, server, broken):
    server.answers = [broken, WHOLE]
    assert local.request("GET", "/x").json() == []
    assert len(server.asked) == 2


@pytest.mark.parametrize("broken", [CUT_OFF, b""])
def test_a_broken_answer_to_a_write_leaves_it_unknown(local, server, broken):
    server.answers = [broken, WHOLE]
    with pytest.raises(UnavailableError) as caught:
        local.request("PUT", "/x", json={})
    assert caught.value.sent
    assert len(server.asked) == 1


def test_no_answer_in_time_is_told(clock, server):
    asked = threading.Event()
    server.before_hanging_up = lambda: asked.wait(10)
    with Transport(clock=clock, timeout=(1, 0.05)) as transport, pytest.raises(UnavailableError) as caught:
        transport.client(server.base, tracker="web", account="bot").request("POST", "/x", json={})
    asked.set()
    assert caught.value.sent
    assert "no answer within the time allowed" in caught.value.message


def test_a_refused_connection_is_tried_again_even_for_a_write(transport, clock):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    client = transport.client(f"http://127.0.0.1:{port}", tracker="web", account="bot")
    with pytest.raises(UnavailableError) as caught:
        client.request("POST", "/x", json={})
    assert not caught.value.sent
    assert "no connection could be made" in caught.value.message
    assert len(clock.sleeps) == 4


def unresolved(reason):
    return requests.ConnectionError(MaxRetryError(None, "/x", reason))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("problem", "sent"),
    [
        (requests.ConnectTimeout("slow"), False),
        (requests.exceptions.ProxyError("no proxy"), False),
        (unresolved(NameResolutionError("api.example", None, socket.gaierror())), False),
        (requests.ReadTimeout("slow"), True),
        (requests.ConnectionError("reset by peer"), True),
        (requests.ConnectionError(), True),
        (requests.exceptions.SSLError(MaxRetryError(None, "/x", SSLError("wrong version"))), True),
    ],
)
def test_only_what_surely_was_not_sent_is_told_to_be_unsent(client, http, problem, sent):
    http.post("https://api.example/x", body=problem)
    with pytest.raises(UnavailableError) as caught:
        client.request("POST", "/x", json={})
    assert caught.value.sent is sent
    assert caught.value.hint
    assert len(http.calls) == (1 if sent else 5)


def test_a_certificate_that_is_not_trusted_is_told_at_once(client, http):
    refused = ssl.SSLCertVerificationError("self-signed certificate")
    wrapped = requests.exceptions.SSLError(MaxRetryError(None, "/x", SSLError(refused)))
    http.get("https://api.example/x", body=wrapped)
    with pytest.raises(InvalidResponseError, match="certificate is not trusted") as caught:
        client.request("GET", "/x")
    assert "REQUESTS_CA_BUNDLE" in (caught.value.hint or "")
    assert len(http.calls) == 1


def test_a_body_that_is_not_compressed_as_told_is_no_answer(local, server):
    server.answers = [NOT_GZIP]
    with pytest.raises(InvalidResponseError, match="compressed"):
        local.request("GET", "/x")


def test_threads_wait_together_and_share_the_limit(transport, server, clock):
    refused = b"HTTP/1.1 429 Slow\r\nRetry-After: 30\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    server.answers = [refused] + [WHOLE] * 8
    client = transport.client(server.base, tracker="web", account="bot")
    client_threads = [threading.Thread(target=client.request, args=("GET", "/x")) for _ in range(8)]
    for thread in client_threads:
        thread.start()
    for thread in client_threads:
        thread.join()
    assert len(server.asked) == 9
    assert set(clock.sleeps) <= {30.0}
