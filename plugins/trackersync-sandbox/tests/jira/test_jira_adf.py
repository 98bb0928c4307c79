import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync_sandbox.jira import adf

blocks = st.text(st.characters(blacklist_categories=["Cc", "Cs"]), min_size=1)


@given(st.lists(st.lists(blocks, min_size=1), min_size=1))
def test_text_survives_the_way_through_a_document(paragraphs):
    text = "\n\n".join("\n".join(lines) for lines in paragraphs)
    assert adf.to_text(adf.to_document(text)) == text


def test_lines_of_a_block_stand_in_one_paragraph():
    document = adf.to_document("one\r\ntwo\n\n\nthree\n")
    assert [[node.get("text") for node in block["content"]] for block in document["content"]] == [
        ["one", None, "two"],
        ["three"],
    ]


@pytest.mark.parametrize("value", [None, "text", {"type": "paragraph"}, {"type": "doc"}, []])
def test_what_is_no_document_is_none(value):
    assert not adf.is_document(value)


def test_other_nodes_give_their_words():
    item = {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "point"}]}]}
    document = {"type": "doc", "content": [{"type": "bulletList", "content": [item, {"type": "rule"}, "odd"]}]}
    assert adf.to_text(document) == "point"
