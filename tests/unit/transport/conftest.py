"""A client over a clock that never sleeps, against `responses` or a small server that misbehaves on purpose."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import requests
import responses as responses_library

from trackersync.testing import FakeClock
from trackersync.transport import Client, Transport

BASE = "https://api.example"


class Token(requests.auth.AuthBase):
    def __call__(self, request):
        request.headers["Authorization"] = "Bearer s3cr3t-t0ken"
        return request


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def transport(clock) -> Iterator[Transport]:
    with Transport(clock=clock) as transport:
        yield transport


@pytest.fixture
def client(transport) -> Client:
    return transport.client(BASE, tracker="web", account="bot", auth=Token())


@pytest.fixture
def http() -> Iterator[responses_library.RequestsMock]:
    with responses_library.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


class Misbehaving:
    """Answers the n-th connection with the n-th of `answers`, bytes on the wire, and hangs up; keeps what was asked."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.asked: list[bytes] = []
        self.before_hanging_up: Callable[[], object] = lambda: None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            with connection:
                asked = connection.recv(65536)
                if asked == b"stop":
                    return
                self.asked.append(asked)
                if self.answers:
                    connection.sendall(self.answers.pop(0))
                self.before_hanging_up()

    def close(self) -> None:
        with socket.create_connection(self._listening.getsockname()) as connection:
            connection.sendall(b"stop")
        self._thread.join()
        self._listening.close()


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    server = Misbehaving()
    yield server
    server.close()
