"""The report on all crises: an index, the model against history, and every crisis in full."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.analysis.forecast.history import HistoryTable
from foedus.plots.answer_bars import history_picture
from foedus.plots.words import n_crises
from foedus.report.document import Section, page, rendered
from foedus.report.material import Material
from foedus.report.single import sections_of


def report_on_all(
    materials: Sequence[Material], history: HistoryTable, *, short: bool = False
) -> str:
    """All crises as one HTML document.

    Parameters
    ----------
    materials
        One for each crisis, in the order shown.
    history
        The crises with a known answer beside the baselines.
    short
        Whether each crisis has its answer and what would change it, without the rest.
    """
    one = materials[0].result
    index = rendered("library/index.html", materials=materials)
    scores = rendered("library/history.html", history=history, picture=history_picture(history))
    front = [
        Section("all", "All crises", index),
        Section("history", "Against history", scores),
    ]
    return page(
        [*front, *(_in_full(material, short=short) for material in materials)],
        title=_title(materials),
        kicker="The whole library · a foedus report",
        question="When an ally calls for help, who answers?",
        version=one.version,
        n_runs=one.n_runs,
        seed=one.seed,
        wide=True,
    )


def _title(materials: Sequence[Material]) -> str:
    n_known = sum(m.case.scenario.answer is not None for m in materials)
    supposed = len(materials) - n_known
    others = f", and {supposed} that never were" if supposed else ""
    return f"{n_crises(n_known)} and what the alliances answered{others}"


def _in_full(material: Material, *, short: bool) -> Section:
    case = material.case
    parts = sections_of(material, f"{case.id}-", short=short)
    body = rendered("library/case.html", case=case, parts=parts)
    return Section(f"{case.id}-case", case.scenario.title, body)
