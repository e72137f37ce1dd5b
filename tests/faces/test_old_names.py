"""Old commands and options still work, and one line each says what they are called now."""

import json

import pytest
from pages import every_command

from foedus.cli import run
from foedus.cli.old_names import COMMANDS, renewed


def said(capsys, *words):
    assert run(list(words)) == 0
    return capsys.readouterr()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("parameters --json", "list parameters --format json"),
        ("replay kazakhstan-2022 --run 7", "run kazakhstan-2022 --run 7"),
        ("sweep-1d kazakhstan-2022 rho --values 0:1:3", "vary kazakhstan-2022 rho --values 0:1:3"),
        ("power csto --date 2022-01-05 --rule majority",
         "data power csto --date 2022-01-05 --only-rule majority"),
        ("sources --parameters", "data sources --model"),
        ("history --on DIR --parameters p.json", "history --scenarios DIR --calibration p.json"),
        ("run x --out DIR --endogenous", "run x --out-dir DIR --requester-decides"),
        ("run x --out=DIR", "run x --out-dir=DIR"),
        ("plot story x --out story.png", "plot story x --out story.png"),
        ("collect DIR --out t.csv --runs", "experiment table DIR --out t.csv --per-run"),
        ("compare --all", "compare --counterfactuals"),
        ("explain b --against a", "compare a b --why"),
        ("explain b --against=a --set rho=0", "compare a b --set-b rho=0 --why"),
        ("tournament --csv t.csv", "tournament --out t.csv"),
        ("run x --runs 5", "run x --runs 5"),
    ],
)  # fmt: skip
def test_old_words_are_spelled_anew(old, new):
    words, _ = renewed(old.split())
    assert sorted(words) == sorted(new.split())
    assert words[: len(new.split()[:2])] == new.split()[:2]


def test_every_old_command_names_one_that_is_there():
    known = every_command()
    for new in COMMANDS.values():
        name, *words = new.split()
        command = known[name]
        for word in words:
            command = getattr(command, "commands", {word: command})[word]


def test_the_new_name_is_told_on_standard_error_and_the_result_is_the_same(capsys):
    old = said(capsys, "parameters", "--json")
    new = said(capsys, "list", "parameters", "--format", "json")
    assert old.out == new.out
    assert old.err.splitlines() == [
        "foedus parameters is now: foedus list parameters",
        "--json is now: --format json",
    ]
    assert new.err == ""


def test_a_difference_explained_the_old_way_is_the_new_comparison(capsys):
    old = said(capsys, "explain", "kazakhstan-2022", "--against", "kyrgyzstan-2010", "--json")
    new = said(capsys, "compare", "kyrgyzstan-2010", "kazakhstan-2022", "--why", "--format", "json")
    assert json.loads(old.out) == json.loads(new.out)
    assert "is now: foedus compare A B --why" in old.err


def test_old_names_are_in_no_table_of_contents(capsys):
    listed = said(capsys, "--help").out
    for old in COMMANDS:
        assert f"\n  {old} " not in listed


def test_quiet_leaves_the_results_alone(capsys):
    loud, calm = said(capsys, "parameters"), said(capsys, "-q", "parameters")
    assert loud.out == calm.out
    assert (bool(loud.err), calm.err) == (True, "")
