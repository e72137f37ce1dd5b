"""The report on all crises: an index, the model against history, and each crisis in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from foedus.analysis.forecast.history import HistoryTable, history_table
from foedus.data.library import load_all
from foedus.model.setup import Setup
from foedus.plots.answer_bars import history_picture
from foedus.plots.words import n_crises
from foedus.report.crisis_report import Material, sections_of
from foedus.report.document import page, section


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
    picture = history_picture(history)
    sections = [
        section("library/all", "All crises", materials=materials),
        section("library/history", "Against history", history=history, picture=picture),
    ]
    for material in materials:
        case = material.case.case
        material.progress(case.id)
        title, prefix = case.scenario.title, f"{case.id}-"
        parts = sections_of(material, prefix, short=short)
        sections.append(section("library/case", title, prefix, case=case, parts=parts))
    n_known = sum(m.case.case.scenario.answer is not None for m in materials)
    supposed = len(materials) - n_known
    others = f", and {supposed} that never were" if supposed else ""
    return page(
        sections,
        title=f"{n_crises(n_known)} and what the alliances answered{others}",
        kicker="The whole library · a foedus report",
        question="When an ally calls for help, who answers?",
        n_runs=materials[0].n_runs,
        seed=materials[0].seed,
        wide=True,
    )
