"""Each row of CONTRIBUTING's table, tried: one place in a copy of the project, then a command."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TABLE = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", PAGE, flags=re.MULTILINE))
del TABLE["to add"]

THEORY = """\
title: Nobody listens
claim: Governments help without listening to each other.
parameters: {rho: 0}
sources: [assumed]
"""
ALLIANCE = (ROOT / "scenarios" / "pif" / "alliance.yaml").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path):
    """A copy of what the package consists of."""
    for name in ("src", "scenarios"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / "project" / name, ignore=ignored)
    return tmp_path / "project"


def foedus(project: Path, *words: object) -> str:
    """What a command of the copy prints."""
    done = subprocess.run(
        [sys.executable, "-m", "foedus", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def swap(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), encoding="utf-8")


def a_crisis(project):
    foedus(project, "new", "csto", "my-crisis", "--out-dir", project / "scenarios" / "csto")
    assert "my-crisis" in foedus(project, "list")
    assert "my-crisis" in foedus(project, "run", "my-crisis", "--runs", 20)


def an_alliance(project):
    folder = project / "scenarios" / "own-pact"
    folder.mkdir()
    text = re.sub(r"^id: pif$", "id: own-pact", ALLIANCE, flags=re.MULTILINE)
    (folder / "alliance.yaml").write_text(text, encoding="utf-8")
    assert "own-pact" in foedus(project, "list", "alliances")
    foedus(project, "new", "own-pact", "own-crisis", "--date", "2006-11-01", "--out-dir", folder)
    assert "own-crisis" in foedus(project, "run", "own-crisis", "--runs", 20)


def a_theory(project):
    file = project / "src" / "foedus" / "data" / "theories" / "nobody-listens.yaml"
    file.write_text(THEORY, encoding="utf-8")
    assert "nobody-listens" in foedus(project, "list", "theories")
    words = ("run", "kazakhstan-2022", "--runs", 20, "--theory", "nobody-listens")
    assert "kazakhstan-2022" in foedus(project, *words)


def a_parameter(project):
    register = project / "src" / "foedus" / "data" / "register.csv"
    row = "b_own,b_own,0,fixed,,0,10,log-odds,willingness,Weight of nothing yet,assumed\n"
    with register.open("a", encoding="utf-8") as file:
        file.write(row)
    assert "b_own" in foedus(project, "list", "parameters")
    foedus(project, "run", "kazakhstan-2022", "--runs", 20, "--set", "b_own=1")


def a_figure(project):
    catalogue = project / "src" / "foedus" / "plots" / "catalogue.py"
    entry = '    "seats": Kind("who says what, once more", tiles_picture, {"run"}),\n'
    before = '    "tiles": Kind("who says what to each answer", tiles_picture, {"run"}),\n'
    swap(catalogue, before, entry + before)
    assert "once more" in foedus(project, "list", "figures")
    foedus(project, "plot", "kazakhstan-2022", "seats", "--out", project / "seats.svg")
    assert (project / "seats.svg").exists()


def a_file_outside(project):
    text = (ROOT / "docs" / "how-to" / "extend.md").read_text(encoding="utf-8")
    own = project / "own.py"
    examples = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    theory = "from foedus.extensions import theory\ntheory('kin', 'kin.yaml')\n"
    own.write_text("\n\n".join([*examples, theory]), encoding="utf-8")
    shutil.copy(Path(__file__).with_name("kin.yaml"), project / "kin.yaml")
    given = ("--extension", own)
    assert "two-vetoes" in foedus(project, *given, "list", "rules")
    words = ("run", "kazakhstan-2022", "--runs", 20, "--rule", "two-vetoes", "--theory", "kin")
    foedus(project, *given, *words)
    out = ("--runs", 20, "--out", project / "days.svg")
    foedus(project, *given, "plot", "kazakhstan-2022", "days", *out)


TRIED = {
    "a crisis": a_crisis,
    "an alliance": an_alliance,
    "a theory": a_theory,
    "a parameter": a_parameter,
    "a figure": a_figure,
    "a council rule, a term, a theory or a figure of your own": a_file_outside,
}


def test_every_row_is_tried():
    assert set(TABLE) == set(TRIED)


@pytest.mark.parametrize("row", TRIED)
def test_one_place_is_enough(row, project):
    TRIED[row](project)


def test_every_place_that_the_rows_name_exists():
    for place in re.findall(r"`(src/[^`]+)`", " ".join(TABLE.values())):
        assert (ROOT / place).exists(), place


def test_the_layers_are_those_that_the_import_contract_holds():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    held = [set(layer.replace("foedus.", "").split(" | ")) for layer in reversed(layers)]
    told = re.search(r"`(errors <- [^`]+)`", PAGE)[1].split(" <- ")
    assert [set(layer.split(", ")) for layer in told] == held
