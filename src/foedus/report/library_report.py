"""The report on all crises: an index, the model against history, and each crisis in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version

from foedus.analysis.forecast.history import HistoryTable, history_table
from foedus.data.library import load_all
from foedus.model.setup import Setup
from foedus.plots.answer_bars import history_picture
from foedus.plots.words import n_crises
from foedus.report.crisis_report import Material, sections_of
from foedus.report.document import Section, page, rendered


def report_on_library(
    n_runs: int, seed: int, progress: Callable[[str], None], *, short: bool = False
) -> str:
    """The report on all shipped crises; `progress` is called with the id of each."""
    cases = list(load_all())
    materials = [
        Material(Setup(case), n_runs=n_runs, seed=seed, progress=progress) for case in cases
    ]
    return report_on_all(materials, history_table(cases, n_runs, seed), short=short)


def report_on_all(
    materials: Sequence[Material], history: HistoryTable, *, short: bool = False
) -> str:
    """All crises as one HTML document.

    Args:
        short: Whether each crisis has its answer and what would change it, without the rest.
    """
    in_full = []
    for material in materials:
        case = material.case.case
        material.progress(case.id)
        parts = list(sections_of(material, f"{case.id}-", short=short))
        body = rendered("library/case.html", case=case, parts=parts)
        in_full.append(Section(f"{case.id}-case", case.scenario.title, body))
    index = rendered("library/index.html", materials=materials)
    scores = rendered("library/history.html", history=history, picture=history_picture(history))
    n_known = sum(m.case.case.scenario.answer is not None for m in materials)
    supposed = len(materials) - n_known
    others = f", and {supposed} that never were" if supposed else ""
    return page(
        [
            Section("all", "All crises", index),
            Section("history", "Against history", scores),
            *in_full,
        ],
        title=f"{n_crises(n_known)} and what the alliances answered{others}",
        kicker="The whole library · a foedus report",
        question="When an ally calls for help, who answers?",
        version=version("foedus"),
        n_runs=materials[0].n_runs,
        seed=materials[0].seed,
        wide=True,
    )
