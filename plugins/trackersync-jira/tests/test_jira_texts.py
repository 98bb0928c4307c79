"""Texts of Cloud are read whatever they are built of; JQL loses its order and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync_jira.adf import document, is_document, plain_text
from trackersync_jira.jql import in_fixed_order, without_order


def doc(*content):
    return {"type": "doc", "version": 1, "content": list(content)}


def paragraph(*content):
    return {"type": "paragraph", "content": list(content)}


def text(words, **link):
    return {"type": "text", "text": words, "marks": [{"type": "strong"}, {"type": "link", "attrs": link}]}


class TestDocuments:
    def test_each_block_is_a_line(self):
        assert plain_text(doc(paragraph(text("Blocks "), text("it")), {"type": "rule"}, paragraph(text("more")))) == (
            "Blocks it\nmore"
        )

    def test_links_keep_their_address(self):
        shown = text("https://a.example/1", href="https://a.example/1")
        card = {"type": "inlineCard", "attrs": {"url": "https://a.example/3"}}
        hidden = text("this", href="https://a.example/2")
        assert plain_text(doc(paragraph(shown, {"type": "hardBreak"}, hidden, {"type": "hardBreak"}, card))) == (
            "https://a.example/1\nthis (https://a.example/2)\nhttps://a.example/3"
        )

    def test_people_states_and_emoji_are_words(self):
        content = [
            {"type": "mention", "attrs": {"id": "5", "text": "@Ann"}},
            {"type": "emoji", "attrs": {"shortName": ":tada:"}},
            {"type": "status", "attrs": {"text": "LATE"}},
        ]
        assert plain_text(doc(paragraph(*content))) == "@Ann:tada:LATE"

    def test_items_and_rows_are_lines(self):
        cells = [{"type": "tableCell", "content": [text(word)]} for word in "ab"]
        table = {"type": "table", "content": [{"type": "tableRow", "content": cells}]}
        items = [{"type": "listItem", "content": [paragraph(text(word))]} for word in "cd"]
        assert plain_text(doc(table, {"type": "bulletList", "content": items})) == "a b\nc\nd"

    def test_one_that_is_nested_without_end_is_read_as_far_as_people_nest(self):
        node = paragraph(text("deep"))
        for _ in range(5000):
            node = {"type": "panel", "content": [node]}
        assert plain_text(doc(paragraph(text("top")), node)) == "top"

    @given(st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1))
    def test_what_is_written_is_read_again(self, words):
        made = document(words)
        assert is_document(made)
        assert plain_text(made) == words

    @pytest.mark.parametrize("odd", [{}, [], None, "doc", 7, {"type": "panel"}])
    def test_only_documents_are_documents(self, odd):
        assert not is_document(odd)

    @pytest.mark.parametrize("kind", [None, 7, [], {}])
    def test_a_node_without_a_name_is_read_through(self, kind):
        assert plain_text(doc({"type": kind, "content": [text("inside")]})) == "inside"

    def test_an_empty_text_is_an_empty_document(self):
        assert plain_text(document("")) == ""


@pytest.mark.parametrize(
    ("jql", "filtered"),
    [
        ("project = CORE", "project = CORE"),
        ("project = CORE ORDER BY Rank", "project = CORE"),
        ("project = CORE\norder\n by  created DESC, key", "project = CORE"),
        ("ORDER BY created", ""),
        ('summary ~ "order by me"', 'summary ~ "order by me"'),
        ("summary ~ 'order by me' ORDER BY key", "summary ~ 'order by me'"),
        (r'summary ~ "a \" order by b" order by key', r'summary ~ "a \" order by b"'),
        (r"summary ~ 'it\'s order by' order by key", r"summary ~ 'it\'s order by'"),
        ("""summary ~ "don't" order by 'x'""", """summary ~ "don't\""""),
        ("labels = order-by", "labels = order-by"),
        ("labels = pre-order AND x = by", "labels = pre-order AND x = by"),
        ("reorder by = 1", "reorder by = 1"),
        ("(a = b)order by key", "(a = b)"),
        ('summary ~ "never closed order by key', 'summary ~ "never closed'),
    ],
)
def test_only_the_order_is_taken_from_a_jql(jql, filtered):
    assert without_order(jql) == filtered
    assert in_fixed_order(jql) == f"{filtered} ORDER BY id ASC".strip()


@given(st.text(alphabet="ordeby \"'\\=", max_size=60))
def test_no_text_breaks_the_search_for_the_order(jql):
    assert jql.startswith(without_order(jql))
    assert without_order(without_order(jql)) == without_order(jql)
