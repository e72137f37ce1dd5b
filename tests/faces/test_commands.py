"""The command line as a user meets it: in process through its runner, and as a process."""

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from pages import every_command

from foedus.cli import main, run
from foedus.cli.root import CONTENTS

FULL = Path("/dev/full")
KEYS = {"id", "asked", "history", "p_none", "p_consult", "p_support", "p_deploy"}


def called(capsys, *words):
    """Exit code, standard output and standard error of one command."""
    code = run(list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


def process(*words, **environment):
    """The same as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "foedus", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


def test_one_run_tells_a_story(capsys):
    code, out, _ = called(capsys, "run", "kazakhstan-2022")
    assert code == 0
    assert "Day 0 (5 January 2022): Kazakhstan formally asks its allies for" in out
    assert re.search(r"^    Russia: (yes|abstains|no), because [a-z' ]+", out, re.MULTILINE)
    assert "Sent: " in out
    assert "Answer: deploy." in out
    assert "In history: the alliance deployed on 6 January 2022, with 2,000 to 4,000 troops" in out


def test_many_runs_give_probabilities_errors_and_history(capsys):
    code, out, _ = called(capsys, "run", "kazakhstan-2022", "--runs", "500")
    assert code == 0
    assert "what happened" in out
    assert "±" in out
    assert "uncertain parameters %" in out
    assert "Decided on day 1 (6 January 2022) in at least 90 % of runs." in out


def test_the_json_of_a_run_says_how_to_reproduce_it(capsys):
    _, out, _ = called(
        capsys, "run", "kazakhstan-2022", "--runs", "200", "--seed", "0", "--format", "json"
    )
    record = json.loads(out)
    wanted = {"troops", "decision_day", "seed", "n_runs", "parameters", "scenario_hash", "version"}
    assert KEYS | wanted <= set(record)
    assert record["seed"] == 0
    total = sum(record[f"p_{word}"] for word in ("none", "consult", "support", "deploy"))
    assert total == pytest.approx(1.0)


def test_the_json_of_history_is_a_list_of_crises(capsys):
    _, out, _ = called(capsys, "history", "--runs", "50", "--format", "json")
    records = json.loads(out)
    assert len(records) == 56
    assert all(set(record) >= KEYS for record in records)


def test_history_prints_scores_baselines_and_the_caution(capsys):
    _, out, _ = called(capsys, "history", "--runs", "50")
    assert all(words in out for words in ("base rate", "answer = request", "prove little"))


def test_explain_shows_the_terms_and_what_would_change_the_answer(capsys):
    code, out, _ = called(capsys, "explain", "armenia-2020", "--member", "RUS")
    assert code == 0
    assert "The alliance does nothing." in out.partition("Needed for")[0]
    single = "Single changes that would change the answer"
    for words in ("the rules foresee it", "moved by influence", single):
        assert words in out
    assert "Belarus (BLR)" not in out


def test_the_json_of_an_explanation_says_of_what_and_of_whom(capsys):
    _, out, _ = called(capsys, "explain", "armenia-2020", "--member", "RUS", "--format", "json")
    record = json.loads(out)
    assert (record["id"], record["seed"]) == ("armenia-2020", 1)
    assert [member["state"] for member in record["members"]] == ["RUS"]


def test_replay_of_a_run_is_the_run(capsys):
    _, out, _ = called(
        capsys, "run", "kazakhstan-2022", "--run", "7", "--seed", "3", "--format", "json"
    )
    told = json.loads(out)
    from foedus.model.ensemble import ensemble
    from foedus.model.setup import prepare

    outcome = ensemble(prepare("kazakhstan-2022"), 8, 3).outcome
    assert told["level"] == ("none", "consult", "support", "deploy")[outcome.level[7]]
    assert told["day_ended"] == outcome.day_ended[7]


def test_results_are_written_where_asked(capsys, tmp_path):
    words = ("run", "kazakhstan-2022", "--runs", "20", "--out-dir", str(tmp_path / "new"))
    code, _, err = called(capsys, *words)
    assert code == 0
    assert "wrote" in err
    assert (tmp_path / "new" / "result.json").is_file()
    assert len((tmp_path / "new" / "runs.csv").read_text().splitlines()) == 21


def test_all_shipped_scenarios_are_valid(capsys):
    code, out, _ = called(capsys, "validate")
    assert code == 0
    assert out.strip() == "62 files: all valid"


def test_an_alliance_is_shown_with_members_council_treaty_and_crises(capsys):
    code, out, _ = called(capsys, "show", "CSTO")
    assert code == 0
    assert "│ Uzbekistan │ 2006-06-23 │ 2012-12-19 │" in out
    assert re.search(r"1992-05-15 │ 2010-12-09 │ consensus │ +0.5 │", out)
    assert "kazakhstan-2022" in out
    assert "Chronicle: yes, foedus chronicle csto" in out


def test_the_record_of_an_alliance_lists_its_crises_and_says_if_it_has_a_chronicle(capsys):
    record = json.loads(called(capsys, "show", "csto", "--format", "json")[1])
    assert {"armenia-2020", "ukraine-2022"} < set(record["crises"])
    assert record["has_chronicle"] is True
    assert {entry["state"] for entry in record["members"]} == set(record["states"]) - {"UKR"}
    rows = called(capsys, "show", "csto", "--format", "csv")[1].splitlines()
    assert len(rows) == 1 + len(record["members"])


def test_a_folder_with_too_many_files_is_refused_at_once(capsys, tmp_path, monkeypatch):
    from foedus.data import library

    for k in range(6):
        (tmp_path / f"{k}.txt").touch()
    monkeypatch.setattr(library, "MOST_FILES", 5)
    code, _, err = called(capsys, "validate", str(tmp_path))
    assert (code, err.count("\n")) == (65, 1)
    assert "more than 5 files below this folder; name the folder of the crises" in err


INTERRUPTED_AT = """
import os, signal, sys
place, sys.argv[1:] = sys.argv[1], ["run", "kazakhstan-2022"]
class AtImport:
    def find_spec(self, name, *_):
        if name == place:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, AtImport())
from foedus.__main__ import main
main()
"""


@pytest.mark.parametrize("module", ["foedus.cli", "typer.main", "foedus.cli.options", "numpy"])
def test_an_interrupt_while_a_command_starts_is_silent(module):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT, module], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_every_parameter_is_printed(capsys):
    from foedus.data.register import register

    _, out, _ = called(capsys, "list", "parameters", "--format", "json")
    assert [row["name"] for row in json.loads(out)] == list(register())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["run", "kazakstan-2022"], 65, "did you mean 'kazakhstan-2022'"),
        (["run", "no/such/file.yaml"], 65, "no such file"),
        (["run", "kazakhstan-2022", "--set", "rh=1"], 2, "did you mean 'rho'"),
        (["run", "kazakhstan-2022", "--set", "rho=abc"], 2, "not a number"),
        (["run", "kazakhstan-2022", "--set", "rho=-1"], 2, "out of range"),
        (["run", "kazakhstan-2022", "--set", "rho=nan"], 2, "out of range"),
        (["run", "kazakhstan-2022", "--set", "rho"], 2, "expected name=value"),
        (["run", "kazakhstan-2022", "--set", "XXX.stake=1"], 2, "XXX is not a member here"),
        (["run", "kazakhstan-2022", "--set", "threat=1.5"], 2, "expected 0 to 1"),
        (["run", "kazakhstan-2022", "--rule", "patrn"], 2, "did you mean 'patron'"),
        (["run", "kazakhstan-2022", "--theory", "realst"], 2, "did you mean 'realist'"),
        (["run", "kazakhstan-2022", "--runs", "0"], 2, "--runs"),
        (["run", "kazakhstan-2022", "--nonsense"], 2, "nonsense"),
        (["run", "a\nb"], 65, "unknown scenario 'a b'"),
        (["run", "kazakhstan-2022", "--set", "rule=unanimity"], 2, "use --rule unanimity"),
        (["run", "kazakhstan-2022", "--set", "rho=0", "--set", "rho=1"], 2, "given twice"),
        (["run", "kazakhstan-2022", "--runs", "1e3"], 2, "expected a whole number such as 1000"),
        (["run", "kazakhstan-2022", "--runs", "10,000"], 2, "expected a whole number such as"),
        (["run"], 2, "E.g. foedus run kazakhstan-2022; foedus list shows all."),
        (["run", "kazakhstan-2022", "--run", "9223372036854775808"], 2, "--run"),
        (["run", "kazakhstan-2022", "--runs", "9", "--out-dir", "x.csv"], 2, "name of a folder"),
        (["explain", "kazakhstan-2022", "--pivotal", "--member", "RUS"], 2, "takes no --member"),
        (["compare", "kazakhstan-2022", "kazakhstan-2022", "--why"], 2, "compared with itself"),
        (["experiment", "run", "kazakhstan-2022", "mandate"], 2, "use foedus vary kazakhstan-2022"),
        (["validate", "--schema", "scenaro"], 2, "did you mean 'scenario'"),
        (["vary", "kazakhstan-2022", "rho", "gamma", "eta"], 2, "one number or two"),
        (["history", "--set", "threat=1"], 2, "only parameters"),
        (["data", "dependence", "--set", "asked=1"], 2, "only parameters"),
        (["history", "--scenarios", "no/such/folder"], 65, "no such folder"),
        (["validate", os.devnull], 65, "expected a plain file"),
        (["vary", "kazakhstan-2022", "rho", "--runs", "1000000"], 2, "2,000,000"),
        (["new", "csto", "x", "--date", "2022-13-01"], 2, "expected a day such as"),
        (
            ["explain", "kazakhstan-2022", "--member", "UZB"],
            2,
            "UZB is not a member here; members: ARM BLR KAZ",
        ),
        (["vary", "kazakhstan-2022", "rhoo"], 2, "did you mean 'rho'"),
        (["vary", "kazakhstan-2022", "rho=0:1"], 2, "from:to:count"),
        (["sensitivity"], 2, "expected a crisis"),
        (["tournament", "--out", "no/such/folder/x.csv"], 65, "no folder no/such/folder"),
        (["plot", "tournament", "--out", "no/such/x.png"], 65, "no folder no/such"),
        (["report", "--all", "--out", "no/such/x.html"], 65, "no folder no/such"),
    ],
)
def test_words_that_cannot_be_read_end_in_one_line(capsys, words, code, said):
    found, out, err = called(capsys, *words)
    assert found == code
    assert said in err
    assert out == ""
    assert len(err.strip().splitlines()) == 1


def test_every_command_stands_once_in_the_table_of_contents(capsys):
    code, out, _ = called(capsys, "--help")
    assert code == 0
    assert sorted(CONTENTS) == sorted(every_command())
    assert all(f"\n  {name} " in out for name in CONTENTS)
    assert "..." not in out.partition("Options:")[2]


def test_the_table_of_contents_says_what_the_command_says_of_itself():
    commands = every_command()
    firsts = {name: one.help.partition("\n")[0] for name, one in commands.items()}
    assert firsts == {name: line["says"] for name, line in CONTENTS.items()}


def test_a_command_imports_no_other_command():
    code = (
        "import sys\n"
        "from foedus.cli import run\n"
        "run(['list', 'theories'])\n"
        "sys.exit('foedus.cli.crisis_commands' in sys.modules or 'numpy' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_words_the_command_says_what_there_is(capsys):
    _, asked, _ = called(capsys, "--help")
    code, out, err = called(capsys)
    assert (code, out, err) == (0, asked, "")


def test_a_state_may_be_written_in_small_letters(capsys):
    _, large, _ = called(capsys, "explain", "armenia-2020", "--member", "RUS")
    code, small, _ = called(capsys, "explain", "armenia-2020", "--member", "rus")
    assert code == 0
    assert small == large


def test_a_place_that_cannot_be_written_is_one_line(capsys, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    out = tmp_path / "file" / "below"
    code, said, err = called(capsys, "run", "kazakhstan-2022", "--out-dir", str(out))
    assert code == 65
    assert said == ""
    assert err.startswith(f"{out}: cannot be used: ")
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_a_full_disk_is_one_line():
    with FULL.open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "foedus", "list", "parameters"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 65
    assert done.stderr.startswith("cannot write: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_terminal_that_knows_ascii_only_gets_all_but_the_strange_letters():
    table = process("list", PYTHONIOENCODING="ascii")
    assert table.returncode == 0
    assert "C?te d'Ivoire" in table.stdout
    records = json.loads(process("list", "--format", "json", PYTHONIOENCODING="ascii").stdout)
    assert any(record["title"].startswith("Côte d'Ivoire") for record in records)


def test_a_command_started_without_standard_output_ends_in_peace():
    words = f"{sys.executable} -m foedus list >&-"
    done = subprocess.run(words, shell=True, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_is_instant_and_light():
    """Measured as what is imported, not as time: neither numpy nor Mesa nor pandas."""
    code = (
        "import sys\n"
        "from foedus.cli import run\n"
        "assert run(['--help']) == 0\n"
        "heavy = {'numpy', 'mesa', 'pandas', 'matplotlib', 'pydantic'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, foedus; sys.exit(bool({'numpy', 'mesa', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed():
    words = ("run", "kyrgyzstan-2010", "--runs", "300", "--format", "json")
    first = process(*words, PYTHONHASHSEED="1")
    second = process(*words, PYTHONHASHSEED="2")
    assert first.returncode == 0
    assert first.stdout == second.stdout


def test_it_runs_where_the_streams_are_no_files(monkeypatch):
    """As in Jupyter, where `%run -m foedus -- list` writes to a stream of the notebook."""
    said = io.StringIO()
    monkeypatch.setattr(sys, "argv", ["foedus", "list", "rules"])
    with redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "unanimity" in said.getvalue()


@pytest.mark.parametrize("words", [("list", "parameters"), ("run", "kazakhstan-2022")])
def test_a_closed_pipe_is_no_error(words):
    nobody_reads, end = os.pipe()
    os.close(nobody_reads)
    done = subprocess.run(
        [sys.executable, "-m", "foedus", *words], stdout=end, stderr=subprocess.PIPE, check=False
    )
    os.close(end)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_a_disk_that_is_full_is_bad_output_even_where_nobody_can_be_told():
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "foedus", "list"], stdout=full, stderr=full, check=False
        )
    assert done.returncode == 65


def test_the_version_is_the_packages():
    from importlib.metadata import version

    assert process("--version").stdout.strip() == version("foedus")


def test_the_root_offers_at_most_ten_names():
    import foedus

    assert len(foedus.__all__) <= 10
    assert all(callable(getattr(foedus, name)) for name in foedus.__all__)
    with pytest.raises(AttributeError):
        foedus.nonsense  # noqa: B018
