"""An extension that is a package of its own, installed by pip: found by its entry point."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "pact-rules"
version = "1.0"

[project.entry-points.foedus]
pact-rules = "pact_rules"

[tool.hatch.build.targets.wheel]
packages = ["pact_rules"]
"""
PLAN = """\
schema_version: 1
name: rules
scenarios: [kursk-2024]
runs: 20
rules: [own, two-vetoes]
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with the package and its metadata, as pip puts them into site-packages."""
    source, target = tmp_path_factory.mktemp("pact-rules"), tmp_path_factory.mktemp("site")
    (source / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (source / "pact_rules").mkdir()
    text = (HERE / "two_vetoes.py").read_text(encoding="utf-8")
    term = (HERE / "kinship.py").read_text(encoding="utf-8")
    (source / "pact_rules" / "__init__.py").write_text("from pact_rules import rule, term\n")
    (source / "pact_rules" / "rule.py").write_text(text, encoding="utf-8")
    (source / "pact_rules" / "term.py").write_text(term, encoding="utf-8")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target", target)
    pip = [sys.executable, "-m", "pip", "install", *map(str, options), str(source)]
    made = subprocess.run(pip, capture_output=True, text=True, check=False)
    if made.returncode and "No module named pip" in made.stderr:
        pytest.skip("this Python has no pip")
    assert made.returncode == 0, made.stderr
    return target


def foedus(installed: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A command in a process that finds the installed package."""
    env = {**os.environ, "PYTHONPATH": str(installed), "COLUMNS": "200"}
    command = [sys.executable, "-m", "foedus", *map(str, words)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ("run", "kursk-2024", "--rule", "two-vetoes", "--runs", 20),
        ("run", "kursk-2024", "--set", "b_kinship=2", "--runs", 20),
        ("data", "power", "csto", "--date", "2022-01-05", "--only-rule", "two-vetoes"),
        ("explain", "kursk-2024", "--set", "b_kinship=2"),
    ],
)
def test_commands_find_its_rule_and_its_term(installed, words):
    done = foedus(installed, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_the_lists_name_them(installed):
    rules = json.loads(foedus(installed, "list", "rules", "-F", "json").stdout)
    assert "two-vetoes" in [row["name"] for row in rules]
    assert "b_kinship" in foedus(installed, "list", "parameters").stdout


def test_a_sweep_computes_its_rule_in_processes_of_its_own(installed, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    out = tmp_path / "out"
    done = foedus(installed, "experiment", "run", plan, "--out-dir", out, "--workers", 1)
    assert done.returncode == 0, done.stderr
    table = foedus(installed, "experiment", "table", out, "--out", tmp_path / "table.csv")
    assert table.returncode == 0, table.stderr
    assert "two-vetoes" in (tmp_path / "table.csv").read_text(encoding="utf-8")


def test_without_the_package_the_rule_is_unknown(tmp_path):
    done = foedus(tmp_path, "run", "kursk-2024", "--rule", "two-vetoes")
    assert done.returncode == 2
    assert "two-vetoes" in done.stderr


def test_a_package_that_fails_is_named_in_one_line(installed, tmp_path):
    metadata = tmp_path / "broken_rules-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-rules\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[foedus]\nbroken = broken_rules\n")
    (tmp_path / "broken_rules.py").write_text("raise OSError('gone')\n")
    done = foedus(tmp_path, "list", "rules")
    assert done.returncode == 65
    assert done.stderr.splitlines() == ["the installed extension broken fails: gone"]
