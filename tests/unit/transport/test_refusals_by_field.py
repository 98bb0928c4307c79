"""What a tracker says of single fields stays apart, so that the others can be written."""

import pytest

from trackersync.errors import RejectedError
from trackersync.transport.words import words_by_field


def test_a_refusal_says_which_fields_it_is_about(client, http):
    body = {"errorMessages": ["Not saved"], "errors": {"priority": "The priority is\n invalid", "labels": "no spaces"}}
    http.put("https://api.example/issue/1", status=400, json=body)
    with pytest.raises(RejectedError) as refused:
        client.request("PUT", "issue/1", json={})
    assert refused.value.by_field == {"priority": "The priority is invalid", "labels": "no spaces"}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errors": ["a"]}', b'{"message": "no"}', b"null"])
def test_a_refusal_without_fields_names_none(body):
    assert words_by_field(body) == {}
