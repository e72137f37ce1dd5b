"""What the commands print: three formats, any width, defaults of one's own, nothing overwritten."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from foedus import cli
from foedus.analysis.voting_power import Power
from foedus.cli import run
from foedus.cli.output import number

CASE = "kazakhstan-2022"
CLI = Path(cli.__file__).parent


def said(capsys, *words, code=0):
    assert run(list(words)) == code
    return capsys.readouterr()


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("words", "n_rows", "columns"),
    [
        (["list"], None, {"id", "alliance", "history"}),
        (["list", "rules"], None, {"name", "decides"}),
        (["list", "figures"], None, {"kind", "shows"}),
        (["show", CASE], 1, {"id", "title"}),
        (["run", CASE, "--runs", "40"], 1, {"p_deploy", "over_priors.p_deploy", "n_runs"}),
        (["run", CASE], None, {"day", "state", "position"}),
        (["vary", CASE, "rho=0,1", "--runs", "40"], 2, {"rho", "p_deploy", "se_deploy"}),
        (["vary", CASE, "rho=0,1", "eta=1,2", "--runs", "40"], 4, {"rho", "eta", "p_none"}),
        (["explain", CASE], 6, {"state", "position", "terms.stake"}),
        (["compare", CASE, "--set-b", "rho=0", "--runs", "40"], None, {"name", "difference"}),
        (["history", "--runs", "10"], 56, {"id", "p_none", "history"}),
        (["data", "power", "csto", "--date", "2022-01-05"], None, set()),
    ],
)
def test_every_result_is_a_flat_table_as_csv(capsys, words, n_rows, columns):
    rows = rows_of(said(capsys, *words, "--format", "csv").out)
    assert rows
    assert n_rows is None or len(rows) == n_rows
    assert columns <= set(rows[0])


def test_the_json_of_one_run_is_its_story(capsys):
    told = json.loads(said(capsys, "run", CASE, "--format", "json").out)
    numbered = json.loads(said(capsys, "run", CASE, "--run", "0", "--format", "json").out)
    assert told == numbered
    assert told["level"] == "deploy"
    assert "p_deploy" not in told


def test_numbers_of_a_csv_are_those_of_the_json(capsys):
    words = ("run", CASE, "--runs", "300", "--format")
    record = json.loads(said(capsys, *words, "json").out)
    (row,) = rows_of(said(capsys, *words, "csv").out)
    assert float(row["p_deploy"]) == record["p_deploy"]


@pytest.mark.parametrize("width", [60, 100])
def test_a_pipe_is_as_wide_as_columns_says(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    lines = said(capsys, "list").out.splitlines()
    assert max(map(len, lines)) <= width


def test_a_narrow_grid_shows_five_columns_and_letters(capsys, monkeypatch):
    words = ("vary", CASE, "rho=0,1", "threat", "--runs", "20")
    wide = said(capsys, *words).out
    monkeypatch.setenv("COLUMNS", "70")
    narrow = said(capsys, *words).out
    heads = [next(line for line in text.splitlines() if "rho " in line and "0.5" in line)
             for text in (wide, narrow)]  # fmt: skip
    assert heads[0].count("┃") > heads[1].count("┃") == 7
    assert "N none, C consult, S support, D deploy" in " ".join(narrow.split())


def test_ids_members_and_alliances_ignore_case(capsys):
    lower = said(capsys, "explain", CASE, "--member", "RUS").out
    assert said(capsys, "explain", "Kazakhstan-2022", "--member", "russia").out == lower
    small, large = (
        said(capsys, "data", "power", name, "--date", "2022-01-05").out for name in ("csto", "CSTO")
    )
    assert small == large
    by_name = said(capsys, "run", CASE, "--runs", "50", "--set", "Russia.stake=0").out
    assert said(capsys, "run", CASE, "--runs", "50", "--set", "rus.stake=0").out == by_name


def test_nothing_is_overwritten_unless_asked(capsys, tmp_path):
    folder, picture = tmp_path / "out", tmp_path / "a.svg"
    results = ("run", CASE, "--runs", "20", "--out-dir", str(folder))
    drawn = ("plot", CASE, "network", "--out", str(picture))
    for words in (results, drawn):
        said(capsys, *words)
        assert "--force overwrites it" in said(capsys, *words, code=2).err
        said(capsys, *words, "--force")


def test_defaults_of_ones_own_hold_for_seed_and_runs(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    asked = said(capsys, "run", CASE, "--runs", "70", "--seed", "9").out
    (tmp_path / "foedus.toml").write_text("seed = 9\nruns = 70\n")
    assert said(capsys, "run", CASE).out == asked
    monkeypatch.setenv("FOEDUS_RUNS", "30")
    assert "30 runs, seed 9" in said(capsys, "run", CASE).out
    (tmp_path / "foedus.toml").write_text("sed = 9\n")
    assert "foedus.toml: sed: expected `seed` or `runs`" in said(capsys, "list", code=65).err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(capsys, shell):
    assert "_FOEDUS_COMPLETE" in said(capsys, "completion", shell).out


def test_the_shell_is_told_commands_that_begin_so():
    done = subprocess.run(
        [sys.executable, "-m", "foedus"],
        env={"_FOEDUS_COMPLETE": "complete_bash", "COMP_WORDS": "foedus his", "COMP_CWORD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["history"]


@pytest.mark.parametrize(
    ("words", "library", "extra"),
    [
        (["app", "--no-browser"], "starlette", "app"),
        (["app", "--no-browser"], "uvicorn", "app"),
        (["sensitivity", CASE], "SALib", "evidence"),
        (["calibrate", "--out-dir", "x", "--runs", "8", "--steps", "10"], "emcee", "evidence"),
        (["experiment", "run", "p.yaml", "--dry-run"], "pyarrow", "experiments"),
    ],
)
def test_a_missing_extra_is_named_in_one_line(words, library, extra, tmp_path):
    program = (
        "import sys, importlib.util as u\n"
        "class Lacks:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] == {library!r}:\n"
        f"            raise ModuleNotFoundError('none', name={library!r})\n"
        "sys.meta_path.insert(0, Lacks())\n"
        "find = u.find_spec\n"
        f"u.find_spec = lambda name, *a: None if name == {library!r} else find(name, *a)\n"
        "from foedus.cli import run\n"
        f"sys.exit(run({words!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
    last = done.stderr.strip().splitlines()[-1]
    assert f"pip install 'foedus[{extra}]'" in last
    assert "Traceback" not in done.stderr


def test_every_text_that_is_kept_is_printed_somewhere():
    sources = "".join(file.read_text(encoding="utf-8") for file in CLI.glob("*.py"))
    texts = re.findall("^## (.*)$", (CLI / "printed.md").read_text(encoding="utf-8"), re.M)
    by_rule = {*Power.__annotations__, "consensus with room", "consensus without room"}
    assert len(texts) == len(set(texts))
    assert [name for name in texts if f'"{name}"' not in sources and name not in by_rule] == []


def test_a_cell_shows_a_share_a_truth_and_a_list_in_words():
    shown = [number(0.004, "%"), number(0.125, ".1f%"), number(False, "yes")]
    assert [*shown, number(("a", "b"), ","), number(float("nan"))] == [
        "<1",
        "12.5",
        "no",
        "a, b",
        "",
    ]
