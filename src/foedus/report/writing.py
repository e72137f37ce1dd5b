"""From a setup, or the whole library, to a report on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from foedus.analysis.forecast.history import history_table
from foedus.data.library import load_all
from foedus.errors import InputError
from foedus.model.setup import Setup
from foedus.report.all_crises import report_on_all
from foedus.report.alliance import report_on_decades
from foedus.report.material import gather
from foedus.report.single import report_on


def write_case(
    path: Path,
    setup: Setup,
    n_runs: int,
    seed: int,
    run: int,
    *,
    sensitivity: bool = False,
    short: bool = False,
) -> None:
    """Write the report on one crisis; `run` is the one told as a story.

    Raises
    ------
    InputError
        If the file cannot be written; so do the others.
    """
    studies = []
    if sensitivity:
        from foedus.analysis.explain.sensitivity import study

        studies = study(setup, seed=seed)
    _write(path, report_on(gather(setup, n_runs, seed, run, studies), short=short))


def write_library(
    path: Path, n_runs: int, seed: int, progress: Callable[[str], None], *, short: bool = False
) -> None:
    """Write the report on all shipped crises."""
    cases = list(load_all())
    materials = []
    for case in cases:
        progress(case.id)
        materials.append(gather(Setup(case), n_runs, seed))
    _write(path, report_on_all(materials, history_table(cases, n_runs, seed), short=short))


def write_decades(
    path: Path, name: str, n_runs: int, seed: int, progress: Callable[[str], None]
) -> None:
    """Write the report on an alliance over decades; see :func:`report_on_decades`."""
    _write(path, report_on_decades(name, n_runs, seed, progress))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
