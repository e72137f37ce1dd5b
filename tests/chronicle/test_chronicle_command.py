"""The command `foedus chronicle`, and studies in a folder that are stopped and go on."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time

import pytest

from foedus.chronicle.years import chronicle, study_in
from foedus.cli import run


def told(capsys, *words):
    code = run(["chronicle", *words])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out


def refused(capsys, *words):
    code = run(["chronicle", *words])
    return code, capsys.readouterr().err.strip()


def test_it_prints_standing_and_relevance_and_the_same_words_give_the_same_bytes(capsys):
    first = told(capsys, "csto", "--runs", "50")
    assert "Collective Security Treaty Organization, 1992 to 2026" in first
    assert "Relevance, 0 to 1" in first
    assert first == told(capsys, "csto", "--runs", "50")
    assert first != told(capsys, "csto", "--runs", "50", "--seed", "2")


def test_a_change_is_set_beside_the_unchanged_chronicle(capsys):
    words = ("csto", "--runs", "200", "--from", "2021", "--answer", "armenia-2022=in-kind")
    record = json.loads(told(capsys, *words, "--format", "json"))
    armenia = next(row for row in record["changes"] if row["state"] == "ARM")
    assert armenia["difference"] < 0
    assert {row["state"] for row in record["states"]} >= {"ARM", "KAZ"}


def test_it_explains_and_tells_one_run(capsys):
    assert "1999" in told(capsys, "csto", "--explain", "--runs", "50")
    assert told(capsys, "csto", "--run", "3").startswith("One run of csto")


def test_one_run_in_json_has_each_state_in_each_year_and_the_standing_that_the_story_tells(capsys):
    rows = json.loads(told(capsys, "csto", "--run", "3", "--format", "json"))
    states, years = {row["state"] for row in rows}, {row["year"] for row in rows}
    assert len(rows) == len(states) * len(years)
    assert years == set(range(1992, 2027))
    at = {(row["state"], row["year"]): row["standing"] for row in rows}
    changed = re.findall(r"^(\d+)  ([A-Z]{3}): (\w+),", told(capsys, "csto", "--run", "3"), re.M)
    assert len(changed) > 5
    assert all(at[state, int(year)] == standing for year, state, standing in changed)


def test_it_draws_a_figure_titled_with_what_it_shows(capsys, tmp_path):
    run(["chronicle", "csto", "--members", "history", "--plot", str(tmp_path / "a.svg")])
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "calls for help were met" in text
    assert "wrote" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("cstoo",), 65, "no chronicle 'cstoo' (did you mean 'csto'?)"),
        (("csto", "--answer", "armenia-22=deploy"), 2, "did you mean 'armenia-2022'"),
        (("csto", "--answer", "armenia-2022=send"), 2, "unknown level 'send'"),
        (("csto", "--without", "nothing"), 2, "unknown crisis 'nothing'"),
        (("csto", "--set", "b_hold=x"), 2, "'x' is not a number"),
        (("csto", "--set", "b_hold=-1"), 2, "b_hold: -1 is out of range"),
        (("csto", "--set", "RUS.stake=1"), 2, "need --answers simulated"),
        (("csto", "--stronger", "2"), 2, "--stronger needs --answers simulated"),
        (("csto", "--to", "1980"), 2, "--to 1980: expected 1992 to"),
        (("csto", "--from", "2050"), 2, "--from 2050: expected a year up to 2026"),
        (("csto", "--join", "UKR"), 2, "expected NAME=VALUE"),
        (("csto", "--plot", "a.pdf"), 2, ".png or .svg"),
    ],
)
def test_words_it_does_not_know_end_in_one_line(capsys, words, code, line):
    found, err = refused(capsys, *words)
    assert (found, len(err.splitlines())) == (code, 1), err
    assert line in err


def tables_in(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def test_a_study_that_was_stopped_goes_on_and_ends_the_same(tmp_path, monkeypatch):
    setup = chronicle("csto")
    whole, halted = tmp_path / "whole", tmp_path / "halted"
    study_in(whole, setup, 2100, 1, lambda _: None)

    def stop(line):
        if line.startswith("2,048"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study_in(halted, setup, 2100, 1, stop)
    assert not tables_in(halted)
    damaged = halted / "blocks" / "block-00001.npz"
    damaged.write_bytes(damaged.read_bytes()[:1000])
    study_in(halted, setup, 2100, 1, lambda _: None)
    assert tables_in(halted) == tables_in(whole)
    assert len(tables_in(whole)) == 4


def files_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_bytes(tmp_path):
    words = [sys.executable, "-m", "foedus", "chronicle", "csto", "--priors", "--runs", "20000"]
    whole, halted = tmp_path / "whole", tmp_path / "halted"
    for n_blocks in (2, 9):
        started = subprocess.Popen([*words, "--out", str(halted)], stdout=subprocess.DEVNULL)
        while len(list(halted.glob("blocks/*.npz"))) < n_blocks and started.poll() is None:
            time.sleep(0.005)
        started.send_signal(signal.SIGKILL)
        assert started.wait() == -signal.SIGKILL, "it ended before it could be killed"
        assert not tables_in(halted)
    for folder in (halted, whole):
        subprocess.run([*words, "--out", str(folder)], check=True, stdout=subprocess.DEVNULL)
    assert files_in(halted) == files_in(whole)


def test_a_folder_that_holds_another_study_is_refused(capsys, tmp_path):
    told(capsys, "csto", "--runs", "10", "--out", str(tmp_path / "a"))
    code, err = refused(capsys, "csto", "--runs", "11", "--out", str(tmp_path / "a"))
    assert code == 65
    assert "holds another chronicle" in err
