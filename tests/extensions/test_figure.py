"""A figure from outside the package is drawn, listed and checked like any other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from foedus import extensions
from foedus.data.theory import theories

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "extend.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def example(tmp_path):
    """Every example of the how-to, as one extension file."""
    file = tmp_path / "example.py"
    file.write_text("\n\n".join(EXAMPLES), encoding="utf-8")
    return file


def test_the_figure_of_the_how_to_is_drawn(called, example, tmp_path):
    out = tmp_path / "days.svg"
    words = ("plot", "kazakhstan-2022", "days", "--runs", 30, "--out", out)
    code, _, err = called("--extension", example, *words)
    assert code == 0, err
    assert out.read_text(encoding="utf-8").startswith("<?xml")
    _, listed, _ = called("--extension", example, "list", "figures", "-F", "json")
    assert "days" in [row["kind"] for row in json.loads(listed)]


def test_an_option_that_it_does_not_heed_is_refused(called, example, tmp_path):
    words = ("plot", "kazakhstan-2022", "days", "--run", 3, "--out", tmp_path / "days.svg")
    code, _, err = called("--extension", example, *words)
    assert code == 2
    assert "plot days takes no --run" in err


def test_rule_and_term_of_the_how_to_work(called, example):
    words = ("run", "kazakhstan-2022", "--rule", "two-vetoes", "--set", "b_kinship=2", "-n", 20)
    code, out, err = called("--extension", example, *words)
    assert code == 0, err
    assert "deploy" in out


def test_a_theory_gets_a_name_in_an_extension():
    extensions.theory("kin", Path(__file__).parents[2] / "src/foedus/data/theories/realist.yaml")
    assert "kin" in theories()
