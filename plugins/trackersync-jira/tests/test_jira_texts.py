"""Texts of Cloud are read whatever they are built of; JQL loses its order and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync_jira import wiki
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

    def test_a_row_is_a_line_whatever_its_cells_are_built_of(self):
        def row(kind, *cells):
            return {"type": "tableRow", "content": [{"type": kind, "content": list(cell)} for cell in cells]}

        items = {
            "type": "bulletList",
            "content": [{"type": "listItem", "content": [paragraph(text(word))]} for word in "cd"],
        }
        table = [row("tableHeader", [paragraph(text("A"))], [paragraph(text("B"))]), row("tableCell", [items], [])]
        assert plain_text(doc({"type": "table", "content": table}, paragraph(text("end")))) == "A B\nc d\nend"

    def test_code_panels_expands_layouts_and_dates_keep_their_words(self):
        code = {"type": "codeBlock", "attrs": {"language": "c"}, "content": [text("if (a)\n  b;")]}
        panel = {"type": "panel", "attrs": {"panelType": "info"}, "content": [paragraph(text("Note"))]}
        more = {"type": "expand", "attrs": {"title": "More"}, "content": [paragraph(text("inside"))]}
        column = {"type": "layoutColumn", "content": [paragraph(text("left"))]}
        day = {"type": "date", "attrs": {"timestamp": "1714953600000"}}
        image = {"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "x"}}]}
        layout = {"type": "layoutSection", "content": [column]}
        words = plain_text(doc(code, panel, more, layout, paragraph(text("by "), day), image))
        assert words == "if (a)\n  b;\nNote\nMore\ninside\nleft\nby 2024-05-06"

    @pytest.mark.parametrize("odd", [None, "soon", [], "9" * 40])
    def test_a_date_that_is_none_is_no_word(self, odd):
        assert plain_text(doc(paragraph(text("by"), {"type": "date", "attrs": {"timestamp": odd}}))) == "by"

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
    ("markup", "words"),
    [
        ("", ""),
        ("h2. Steps\r\n# open\r\n## again\r\n* item\n- dash", "Steps\n- open\n- again\n- item\n- dash"),
        ("*bold* _it_ -gone- +new+ ^up^ ~down~ ??who?? {{mono}}", "bold it gone new up down who mono"),
        ("*_both_*, (*this*)", "both, (this)"),
        ("snake_case_name 2024-01-02 a*b*c C++ x-y-z", "snake_case_name 2024-01-02 a*b*c C++ x-y-z"),
        ("git --flag -x 3 * 4 * 5", "git --flag -x 3 * 4 * 5"),
        ("{code:java}int *a = _b_; // {x}{code}after", "int *a = _b_; // {x}\nafter"),
        ("{noformat}*kept*{noformat}", "*kept*"),
        ("{code}*never closed*", "*never closed*"),
        ("{panel:title=Why|borderStyle=solid}because{panel}", "Why\nbecause"),
        ("{quote}said{quote} {color:#ff0000}red{color}", "said red"),
        ("bq. quoted", "quoted"),
        ("||Name||Age||\n|Ann|[7|https://a.example/7]|", "Name Age\nAnn 7 (https://a.example/7)"),
        ("above\n----\nbelow", "above\nbelow"),
        ("a\\\\b", "a\nb"),
        (r"\*not bold\* \{code\}", "*not bold* {code}"),
        ("[https://a.example/_x_] [*it*|https://a.example/1|smart-link] [mail|mailto:a@b.example]",
         "https://a.example/_x_ it (https://a.example/1) mail (mailto:a@b.example)"),
        ("[https://a.example/1|https://a.example/1]", "https://a.example/1"),
        ("[~ann] [~accountid:5b1] [Ann|~ann] [^log.txt] [there|#anchor]", "@ann @5b1 Ann log.txt there"),
        ("[x] done, a[0], [CORE-7]", "[x] done, a[0], [CORE-7]"),
        ("see https://a.example/a_b_c/*d*/_e_ now", "see https://a.example/a_b_c/*d*/_e_ now"),
        ("!shot.png|thumbnail! Look! Now!", " Look! Now!"),
        ("Blocked by [CORE-7|https://a.example/CORE-7]", "Blocked by CORE-7 (https://a.example/CORE-7)"),
    ],
)  # fmt: skip
def test_wiki_markup_is_read_as_plain_text(markup, words):
    assert wiki.plain_text(markup) == words


@given(st.text(alphabet="ab *_-{}[]|\\!+^~?h1.:/#\n", max_size=80))
def test_no_text_breaks_the_reading_of_wiki_markup(markup):
    wiki.plain_text(markup)


@pytest.mark.parametrize(
    "part", ["*a ", "[a|", "{{a", "!a|", "{code}", "|", "_a *b ", "\\", "??", "{panel:", "[[", "{code:a}", "!", "*_"]
)
def test_a_text_of_nothing_but_beginnings_is_read_to_its_end(part):
    """In time that grows with its length: at this size, what is read again from every beginning would never end."""
    assert len(wiki.plain_text(part * (1_000_000 // len(part)))) <= 1_000_000 + 1


@given(st.text(alphabet="abc ,.;()0", max_size=60))
def test_a_text_without_markup_keeps_all_its_words(words):
    assert wiki.plain_text(words).split() == words.split()


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
