"""A table fits the terminal that it is shown on, and loses nothing there."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from foedus.cli import library_commands, output
from foedus.cli.output import plain_columns, table
from foedus.data.library import load, load_all
from foedus.data.register import register

PROSE = "A reason of many words, which no narrow terminal can hold in a single line of its own"


def shown(part, width):
    """What a terminal of that width shows, line by line."""
    console = Console(width=width, file=io.StringIO(), color_system=None, highlight=False)
    output.put(part, console)
    return console.file.getvalue().splitlines()


def of_reasons():
    rows = [(name, "1,234", PROSE) for name in ("a-rather-long-name-2022", "another-one-1999")]
    heads = ("id", "troops#", "why")
    return table("What is known, and why it is thought to be so", plain_columns(heads), rows)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width):
    parts = [
        of_reasons(),
        library_commands.of_cases(list(load_all())),
        library_commands.of_register(register().values()),
        *library_commands.of_case(load("kazakhstan-2022")),
    ]
    for part in parts:
        assert max(len(line) for line in shown(part, width)) <= width


@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_names_and_numbers_stay_whole_and_prose_gives_way(width):
    lines = shown(of_reasons(), width)
    assert any("a-rather-long-name-2022" in line and "1,234" in line for line in lines)
    assert len(lines) > 6


def letters(part, width):
    return sorted(c for line in shown(part, width) for c in line if c.isalnum())


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_nothing_is_cut_off(width):
    assert letters(of_reasons(), width) == letters(of_reasons(), 200)


def test_where_a_name_would_be_broken_each_row_is_a_block():
    lines = shown(of_reasons(), 30)
    assert lines[2:4] == ["a-rather-long-name-2022", "  troops: 1,234"]
    assert "  why: A reason of many words," in lines[4]


def test_no_id_of_a_crisis_is_broken_at_sixty_columns():
    lines = shown(library_commands.of_cases(list(load_all())), 60)
    assert any("kazakhstan-2022-larger-membership" in line for line in lines)


def test_a_title_is_as_wide_as_the_terminal_and_not_as_its_table():
    title = "A title that is much longer than the table below it"
    assert shown(table(title, plain_columns(("a", "b#")), [("x", "1")]), 80)[0] == title


def test_a_frame_is_kept_where_there_is_room_for_it():
    assert any("┃" in line for line in shown(of_reasons(), 80))
    assert not any("┃" in line for line in shown(of_reasons(), 40))


def test_the_words_of_a_file_are_shown_and_not_obeyed(capsys):
    rows = [("[red]x[/red]", "[/] :smile: [bold")]
    output.show(table("t", plain_columns(("id", "why")), rows))
    output.show("[/] and :smile:")
    output.show(Text("[/]"))
    out = capsys.readouterr().out
    assert "[red]x[/red]" in out
    assert out.count(":smile:") == 2
