from __future__ import annotations

import pytest

from trackersync.transport.address import web_address


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
