from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trackersync.transport import address
from trackersync.transport.address import origin, web_address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://api.github.com", "https://api.github.com"),
        ("https://host/jira/", "https://host/jira"),
        ("http://localhost:8484/github", "http://localhost:8484/github"),
        ("HTTPS://[::1]:8/x", "HTTPS://[::1]:8/x"),
    ],
)
def test_an_address_is_taken_without_the_slash_at_its_end(written, address):
    assert web_address(written) == address


@pytest.mark.parametrize(
    "written",
    [
        "", "api.github.com", "ftp://host", "https://", "https:///x", "https://[::1", "https://h:99999", "https://h x",
        "https://ada:s3cr3t@host/jira", "https://s3cr3t@host", "https://host?token=s3cr3t", "https://host/#s3cr3t",
    ],
)  # fmt: skip
def test_what_is_no_address_of_an_api_is_refused_and_not_repeated(written):
    with pytest.raises(ValueError, match="must") as refused:
        web_address(written)
    assert "s3cr3t" not in str(refused.value)


@given(st.from_regex(address._PLAIN, fullmatch=True))
@example("http://localhost:8484/github")
@example("https://a..b.-c:1/../x//")
@example("https://127.0.0.1")
def test_a_plain_address_is_read_as_the_connection_reads_it(url):
    assert origin(url) == address._parsed_origin(url)


@pytest.mark.parametrize(
    "url",
    ["https://h\n", "https://h\\@evil", "https://h:0", "https://h:65536", "HTTPS://h", "https://é", "https://h%41",
     "https://ada@h", "https://-h", "https://h.", "https://[::1]", "https://h:80x", "https://h/\\x", "https://h#/@x"],
)  # fmt: skip
def test_what_parsers_may_read_differently_is_left_to_the_connections_own(url):
    assert not address._PLAIN.fullmatch(url)
