"""Plain YAML 1.2 becomes values with places; anything cleverer is refused, located, in one line."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from foedus.data.yaml_reader import MAX_BYTES, MAX_DEPTH, parse_tree, read_tree
from foedus.errors import FileProblems

ONE_LINE = re.compile(r"f\.yaml:\d+:\d+: \S.*")
PIECES = st.sampled_from(
    ["a", "b: ", "- ", "[", "]", "{", "}", ", ", ": ", "? ", "\n", "\n  ", "'", '"', "|", ">", "#",
     "&x ", "*x", "!t ", "!!int ", "%YAML 1.2\n", "---\n", "...\n", "<<: ", "=", "~", "null", "1e9",
     "1e999", ".nan", "0x_", "0o9", "._", "2020-02-30", "0001-01-01 00:00:00 +23:59", "\t", "\x00",
     "\ufeff", "\u2028", "\\", "NO", "010", "1_0"]
)  # fmt: skip


def problems_of(text):
    with pytest.raises(FileProblems) as caught:
        parse_tree(text, "f.yaml")
    return str(caught.value).splitlines()


def test_values_keep_their_yaml_1_2_types():
    text = "a: NO\nb: 010\nc: 1.5\nd: true\ne: ~\nf: 2022-01-05\ng: [x, {h: '1'}]\n"
    assert parse_tree(text, "f.yaml").values == {
        "a": "NO",
        "b": 10,
        "c": 1.5,
        "d": True,
        "e": None,
        "f": date(2022, 1, 5),
        "g": ["x", {"h": "1"}],
    }


def test_what_only_looks_like_a_date_or_a_number_is_left_to_the_records_as_text():
    assert parse_tree("a: 2022-02-30\n", "f.yaml").values == {"a": "2022-02-30"}


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 5000, "-0o" + "7" * 5000, "1" * 19])
def test_a_whole_number_too_long_to_print_is_refused_where_it_stands(number):
    assert problems_of(f"a: {number}\n") == [
        "f.yaml:1:4: a: expected a number of at most 18 characters"
    ]


def test_every_key_and_value_has_its_place():
    tree = parse_tree("a:\n  b: [x, y]\n", "f.yaml")
    assert tree.keys["a", "b"] == ("f.yaml", 2, 3)
    assert tree.places["a", "b"] == ("f.yaml", 2, 6)
    assert tree.places["a", "b", 1] == ("f.yaml", 2, 10)


def test_a_problem_without_a_place_of_its_own_stands_at_its_nearest_ancestor():
    tree = parse_tree("a:\n  b: 1\n", "f.yaml")
    assert str(tree.problem(("a", "c", "d"), "gone")) == "f.yaml:2:3: a.c.d: gone"
    assert str(tree.problem(("a", "b"), "bad", at_key=True)) == "f.yaml:2:3: a.b: bad"
    assert str(tree.problem(("z",), "gone")) == "f.yaml:1:1: z: gone"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["1:1: the file is empty"]),
        ("# only a comment\n", ["1:1: the file is empty"]),
        ("a: 1\nb: 2\na: 3\n", ["3:1: the key 'a' stands here twice"]),
        ("a: {b: 1, b: 2}\n", ["1:11: the key 'b' stands here twice"]),
        ("a: &x 1\nb: *x\n", ["1:4: anchors (&) are not allowed here",
                              "2:4: aliases (*) are not allowed here"]),
        ("a: !!str 1\n", ["1:4: tags (!) are not allowed here"]),
        ("a: !!python/object:os.system x\n", ["1:4: tags (!) are not allowed here"]),
        ("%YAML 1.1\n---\na: 1\n", ["2:1: directives (%) are not allowed here"]),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", ["2:1: directives (%) are not allowed here"]),
        ("a: 1\n---\nb: 2\n", ["2:1: several documents (---) are not allowed here"]),
        ("1: a\n", ["1:1: a key must be a word"]),
        ('a: "\\e[2J"\n', ["1:4: control characters are not allowed here"]),
        ('a: "K\\u202eAZ"\n', ["1:4: control characters are not allowed here"]),
        ("a: K\u2066AZ\n", ["1:4: control characters are not allowed here"]),
        ("a: 1\nb: x\by\n", ["2:5: the character U+0008 is not allowed here"]),
        (f"{'k' * 101}: 1\n", ["1:1: expected a key of at most 100 characters"]),
    ],
)  # fmt: skip
def test_what_is_not_plain_yaml_is_refused_where_it_stands(text, lines):
    assert problems_of(text) == [f"f.yaml:{line}" for line in lines]


def test_all_problems_of_form_are_reported_at_once():
    text = "a: !t 1\nb: &x 2\nc: *x\nb: 3\n4: 5\nd: '2'\nd: 3\n"
    assert [line.split(":")[1] for line in problems_of(text)] == ["1", "2", "3", "4", "5", "7"]


@pytest.mark.parametrize("text", ["a: [1, 2", "a:\n\tb: 1", 'a: "x', "a: b: c", "- a\nb", "{", "@"])
def test_broken_yaml_is_one_located_line(text):
    (line,) = problems_of(text)
    assert ONE_LINE.fullmatch(line)


def test_an_alias_bomb_is_refused_at_once_and_not_expanded():
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)
    )
    assert len(problems_of(bomb)) == 60 + 2 * 59


def nested(n_levels):
    """Text in brackets and in blocks whose innermost value stands at that level."""
    n = n_levels - 2
    yield "top:\n " + "[" * n + "x" + "]" * n
    yield "".join(" " * depth + "a:\n" for depth in range(n + 1)) + " " * (n + 1) + "x"


def test_a_file_may_be_twenty_levels_deep_and_no_deeper():
    for text in nested(MAX_DEPTH):
        assert parse_tree(text, "f.yaml").values
    for text in nested(MAX_DEPTH + 1):
        assert "more than 20 levels" in problems_of(text)[0]


def test_a_file_with_a_hundred_thousand_open_brackets_is_only_a_bad_file():
    assert "more than 20 levels" in problems_of("a: " + "[" * 100_000)[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\x00\x01\x02", "expected UTF-8 text, found binary data"),
        (b"\xff\xfe\xfa", "expected UTF-8 text, found binary data"),
        (b"a: 1\n" * 2_000_000, "expected at most 250 kB"),
        (b"", "the file is empty"),
    ],
    ids=["nul", "not-utf-8", "10-MB", "empty"],
)
def test_a_file_that_is_no_form_is_refused_before_it_is_parsed(tmp_path, content, expected):
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    with pytest.raises(FileProblems, match=rf"f\.yaml:1:1: {expected}$"):
        read_tree(path)


def test_a_file_of_the_greatest_size_is_read(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a: 1 #".ljust(MAX_BYTES, b"x"))
    assert read_tree(path).values == {"a": 1}


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_tree(path).values == {"a": 1}


def test_a_file_that_is_not_plain_or_has_no_end_is_refused_and_never_waited_for(tmp_path):
    pipe = tmp_path / "f.yaml"
    os.mkfifo(pipe)
    with pytest.raises(FileProblems, match=r"f\.yaml:1:1: expected a plain file$"):
        read_tree(pipe)
    with pytest.raises(FileProblems, match=r"expected a plain file$"):
        read_tree(Path("/dev/zero"))


def test_a_file_that_grows_after_its_size_was_looked_up_is_not_read_whole(tmp_path, monkeypatch):
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a: 1\n" * 60_000)
    small = Path(__file__).stat()
    monkeypatch.setattr(os, "fstat", lambda number: small)
    with pytest.raises(FileProblems, match=r"expected at most 250 kB$"):
        read_tree(path)


def test_a_missing_file_and_a_directory_are_named(tmp_path):
    with pytest.raises(FileProblems, match=r"gone\.yaml:1:1: no such file$"):
        read_tree(tmp_path / "gone.yaml")
    with pytest.raises(FileProblems, match=r":1:1: expected a file, found a directory$"):
        read_tree(tmp_path)


@given(st.text(max_size=60) | st.lists(PIECES, max_size=25).map("".join))
@example("0001-01-01 00:00:00 +23:59")
@example("? |\n a\n b\n: 1\n? |\n a\n b\n: 2\n")
@example("a: ! 1")
@example("<<: {a: 1}")
@example("=: 1")
@example("a: 0x_\nb: ._\nc: 0b")
@example("9" * 5000)
@example('? "\\ud800"\n: 1\n? "\\ud800"\n: 2\n')
def test_any_text_gives_values_or_located_one_line_problems(text):
    try:
        parse_tree(text, "f.yaml")
    except FileProblems as caught:
        for problem in caught.problems:
            assert ONE_LINE.fullmatch(str(problem))
            assert str(problem).encode()
