"""Every test adds to a model of its own: what it registers is gone afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus import extensions
from foedus.data import register, theory, vocabulary
from foedus.model import council, willingness

HERE = Path(__file__).parent
REGISTRIES = (
    council.PASSES,
    council.WINS,
    extensions._files,
    extensions.FIGURES,
    willingness.TERMS,
    register._added,
    theory._added,
    vocabulary._added,
)


@pytest.fixture(autouse=True)
def _a_model_of_its_own(monkeypatch):
    monkeypatch.setenv(extensions.VARIABLE, "")
    monkeypatch.setenv("COLUMNS", "200")
    before = [dict(registry) for registry in REGISTRIES]
    yield
    for registry, held in zip(REGISTRIES, before, strict=True):
        registry.clear()
        registry.update(held)


@pytest.fixture
def two_vetoes():
    """The path of the worked example, once it is loaded."""
    extensions.load(HERE / "two_vetoes.py")
    return HERE / "two_vetoes.py"


@pytest.fixture
def called(capsys):
    """Run the command line in this process: its exit code, its output, its errors."""
    from foedus.cli import run

    def call(*words: object) -> tuple[int, str, str]:
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call
