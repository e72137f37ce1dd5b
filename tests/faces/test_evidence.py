"""The evidence commands, small: that they run, agree with the library, and resume."""

import json
import shutil

import h5py
import numpy as np
import pytest
from doc_tables import of_shown

from doc_pages import fill
from foedus.analysis.forecast.structures import Finding
from foedus.cli import run
from foedus.cli.theory_commands import of_alternatives
from foedus.data.library import find
from foedus.data.settings import read_parameters
from foedus.errors import FileProblems, InputError

CRISES = (
    "kazakhstan-2022",
    "armenia-2022",
    "kyrgyzstan-2010",
    "fiji-2006",
    "pakistan-1965",
    "turkey-2003",
)


@pytest.fixture
def few(tmp_path):
    """A folder of six crises, as a person would point at one."""
    folder = tmp_path / "few"
    folder.mkdir()
    for name in CRISES:
        shutil.copy(find(name), folder)
    return str(folder)


def test_the_tournament_ranks_every_theory_and_baseline(capsys, tmp_path, few):
    csv = tmp_path / "t.csv"
    words = ["tournament", "--scenarios", few, "--draws", "50", "--runs", "8", "--format", "json"]
    assert run([*words, "--out", str(csv)]) == 0
    record = json.loads(capsys.readouterr().out)
    names = {(entry["name"], entry["kind"]) for entry in record["entries"]}
    for theory in ("full", "hegemon", "realist", "institutionalist", "regime-solidarity"):
        assert {(theory, "prior"), (theory, "calibrated")} <= names
    assert ("base rate", "baseline") in names
    for entry in record["entries"]:
        assert np.allclose(np.sum(entry["forecasts"], axis=1), 1.0)
    base = next(e for e in record["entries"] if e["name"] == "base rate")
    assert base["skill"] == 0.0
    assert len(csv.read_text().splitlines()) == 1 + len(record["entries"]) * len(CRISES)


def test_structural_choices_are_a_table_of_the_page_and_of_the_command(capsys, few):
    words = ["tournament", "structures", "--scenarios", few, "--draws", "50", "--runs", "8"]
    assert run([*words, "--format", "json"]) == 0
    findings = [Finding(**record) for record in json.loads(capsys.readouterr().out)]
    assert findings[0].name == "as it is"
    text = of_shown(of_alternatives(findings, 6))
    for finding in findings:
        assert f"| {finding.name} | {finding.skill:+.3f} |" in text


def test_a_calibration_is_taken_up_where_it_stopped(capsys, tmp_path, few):
    words = [
        "calibrate",
        "--scenarios",
        few,
        "--out-dir",
        str(tmp_path),
        "--runs",
        "8",
        "--format",
        "json",
    ]
    assert run([*words, "--steps", "10"]) == 3
    capsys.readouterr()
    with h5py.File(tmp_path / "chain.h5") as first:
        before = first["mcmc/chain"][...]
    for other in (["--strength", "0.5"], ["--seed", "2"], ["--runs", "9"]):
        assert run([*words, "--steps", "20", *other]) == 65
        assert "expected the chain of this calibration" in capsys.readouterr().err
    assert run([*words, "--steps", "20"]) == 3
    assert "R-hat" in capsys.readouterr().err
    with h5py.File(tmp_path / "chain.h5") as second:
        after = second["mcmc/chain"][...]
    assert after.shape[0] == 20
    assert np.array_equal(after[:10], before)
    values = read_parameters(tmp_path / "parameters.json")
    assert set(values) >= {"rho", "gamma", "b_stake"}
    assert (
        run(
            [
                "run",
                "kazakhstan-2022",
                "--runs",
                "20",
                "--format",
                "json",
                "--calibration",
                str(tmp_path / "parameters.json"),
            ]
        )
        == 0
    )
    used = json.loads(capsys.readouterr().out)["parameters"]
    assert used["rho"] == pytest.approx(values["rho"])


def test_a_chain_of_another_calibration_is_refused(tmp_path):
    (tmp_path / "chain.h5").write_bytes(b"no chain")
    words = ["calibrate", "--out-dir", str(tmp_path), "--runs", "8", "--steps", "10"]
    assert run(words) == 65


def test_a_parameter_file_is_checked_against_the_register(tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"schema_version": 1,\n "parameters": {"rho": -1,\n "gama": 2}}')
    with pytest.raises(FileProblems) as caught:
        read_parameters(path)
    lines = [(problem.line, problem.message) for problem in caught.value.problems]
    assert lines[0][0] == 2
    assert "out of range" in lines[0][1]
    assert lines[1][0] == 3
    assert "did you mean 'gamma'" in lines[1][1]


def test_sensitivity_names_the_inputs_that_drive_the_answer(capsys):
    words = ["sensitivity", "kazakhstan-2022", "--runs", "8", "--base", "16", "--format", "json"]
    assert run(words) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert [one["output"] for one in record["outputs"]] == ["p_deploy", "expected_level"]
    effects = record["outputs"][0]["effects"]
    assert effects[0]["mu_star"] >= effects[-1]["mu_star"] >= 0
    assert effects[0]["total"] is not None


def test_a_surface_meets_its_curve(capsys):
    words = ["vary", "kyrgyzstan-2010", "mandate=0:1:3"]
    end = ["--runs", "200", "--format", "json"]
    assert run([*words, *end]) == 0
    curve = json.loads(capsys.readouterr().out)["p_levels"]
    assert run([*words, "rho=1,2", *end]) == 0
    surface = json.loads(capsys.readouterr().out)["p_levels"]
    assert [row[0] for row in surface] == curve


def test_a_page_without_its_markers_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing here")
    with pytest.raises(InputError, match="markers"):
        fill(page, "tournament", "table")


def test_a_page_keeps_its_prose(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- t -->\nold\n<!-- /t -->\nafter\n")
    fill(page, "t", "new")
    assert page.read_text() == "before\n<!-- t -->\n\nnew\n\n<!-- /t -->\nafter\n"
