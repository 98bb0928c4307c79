import pytest

from trackersync.config.document import MAX_BYTES, MAX_DEPTH, MAX_NODES, parse_document, read_document


def only(document):
    assert document.data is None
    (problem,) = document.problems
    return problem


def test_every_key_and_item_knows_its_line():
    document = parse_document("a: 1\nb:\n  c: [x,\n      y]\n")
    assert document.data == {"a": 1, "b": {"c": ["x", "y"]}}
    assert document.lines == {
        (): 1,
        ("a",): 1,
        ("b",): 2,
        ("b", "c"): 3,
        ("b", "c", 0): 3,
        ("b", "c", 1): 4,
    }


def test_a_problem_stands_at_the_nearest_key_that_is_there():
    document = parse_document("a:\n  b: 1\n")
    assert document.problem(("a", "c", "d"), "is missing").line == 1
    assert document.problem(("x",), "is missing").line == 1


def test_words_that_other_yaml_takes_for_booleans_stay_text():
    assert parse_document("a: no\nb: off\nc: y\nd: true\ne: 012\n").data == {
        "a": "no",
        "b": "off",
        "c": "y",
        "d": True,
        "e": 12,
    }


def test_keys_are_names_and_dates_are_text():
    assert parse_document("1: a\nno: b\n2026-01-31: 2026-01-31\n~: c\n").data == {
        "1": "a",
        "no": "b",
        "2026-01-31": "2026-01-31",
        "~": "c",
    }


def test_a_key_given_twice_is_told_at_the_second_place_and_the_first_value_stays():
    document = parse_document("a: 1\nb: 2\na: 3\n")
    assert document.data == {"a": 1, "b": 2}
    (problem,) = document.problems
    assert (problem.line, problem.path, problem.message) == (3, ("a",), "is given twice, first in line 1")


def test_anchors_and_merges_work_and_own_keys_win():
    document = parse_document("a: &a {p: 1, q: 2}\nb: &b {q: 3, r: 4}\nc:\n  <<: [*a, *b]\n  p: 5\nd: *a\n")
    assert document.data["c"] == {"p": 5, "q": 2, "r": 4}
    assert document.data["d"] == {"p": 1, "q": 2}
    assert document.lines["c", "p"] == 5


def test_a_merge_of_no_mapping_is_told():
    document = parse_document("a: &a [1]\nb: {<<: *a, c: 1}\n")
    assert document.data["b"] == {"c": 1}
    (problem,) = document.problems
    assert (problem.line, problem.message) == (2, "<< merges what is not a mapping")


@pytest.mark.parametrize("tag", ["!foo", "!!python/object/apply:os.system", "!!binary"])
def test_tags_construct_nothing(tag):
    document = parse_document(f"a: 1\nb: {tag} x\n")
    assert document.data == {"a": 1, "b": None}
    (problem,) = document.problems
    assert (problem.line, problem.path) == (2, ("b",))
    assert "is not used in this file" in problem.message


def test_a_scalar_that_is_not_what_its_tag_says_is_told():
    (problem,) = parse_document("a: !!int x\n").problems
    assert problem.message == "'x' cannot be read as int"


def test_a_key_that_is_no_word_is_told():
    (problem,) = parse_document("? [a]\n: 1\n").problems
    assert problem.message == "a key is not plain text"


@pytest.mark.parametrize(
    ("text", "line", "words", "hint"),
    [
        ("a: [1\nb: 2\n", 2, "expected ',' or ']', but got ':'", None),
        ("a: 1\n\tb: 2\n", 2, "found character '\\t'", "indent with spaces, not tabs"),
        ("a: b: c\n", 1, "mapping values are not allowed", "put a text that contains a colon in quotes"),
        ("a: *x\n", 1, "found undefined alias", None),
        ("a: 1\n---\nb: 2\n", 2, "found another document", None),
        ("a: \x01\n", None, "special characters are not allowed", None),
    ],
)
def test_a_syntax_error_has_its_line_and_a_way_out(text, line, words, hint):
    problem = only(parse_document(text))
    assert problem.line == line
    assert "not valid YAML" in problem.message
    assert words in problem.message
    assert problem.hint is None if hint is None else problem.hint.startswith(hint)


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~\n"])
def test_an_empty_file_says_how_to_start(text):
    problem = only(parse_document(text))
    assert problem.message == "the file is empty"
    assert "trackersync init" in problem.hint


def test_a_bomb_of_aliases_is_refused():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
    )
    assert f"more than {MAX_NODES:,} values" in only(parse_document(bomb)).message


@pytest.mark.parametrize(
    "text", ["&a [*a]", "a: &a {<<: *a}", "[" * 1200, "[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2)]
)
def test_endless_nesting_is_refused(text):
    assert "levels deep" in only(parse_document(text)).message


def test_a_file_that_is_not_there_says_how_to_start(tmp_path):
    problem = only(read_document(tmp_path / "no.yaml"))
    assert problem.message == "the file does not exist"
    assert "trackersync init" in problem.hint


def test_a_folder_is_no_file(tmp_path):
    assert "the file cannot be read: " in only(read_document(tmp_path)).message


def test_other_encodings_are_told_with_the_line(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes("a: 1\nb: Präfix\n".encode("latin-1"))
    problem = only(read_document(file))
    assert (problem.line, problem.message) == (2, "the file is not UTF-8 text")


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes("\ufeffa: 1\r\nb: 2\r\n".encode())
    assert read_document(file).data == {"a": 1, "b": 2}


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    assert "larger than 1,000,000 bytes" in only(read_document(file)).message
