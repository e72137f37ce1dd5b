"""The report on all crises: an index, the model against history, and every crisis in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from foedus.analysis.forecast.history import HistoryTable
from foedus.plots.answer_bars import history_picture
from foedus.plots.words import n_crises, percent, runs, set_by_hand, short_title, signed
from foedus.report.answers import level_bar
from foedus.report.document import Section, page, section_of
from foedus.report.figures import inline_figure
from foedus.report.markup import Html, joined, table, tag
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
    front = [
        Section("all", "All crises", index_of(materials)),
        Section("history", "Against history", history_section(history)),
    ]
    cases = [
        Section(f"{m.case.id}-case", m.case.scenario.title, case_body(m, short=short))
        for m in materials
    ]
    return page(
        title=_title(materials),
        kicker="The whole library · a foedus report",
        question="When an ally calls for help, who answers?",
        sections=[*front, *cases],
        foot=f"foedus {one.version}, {runs(one.n_runs)} a crisis, seed {one.seed}. This file "
        "loads nothing and runs no script.",
        wide=True,
    )


def _title(materials: Sequence[Material]) -> str:
    n_known = sum(m.observed is not None for m in materials)
    supposed = len(materials) - n_known
    others = f", and {supposed} that never were" if supposed else ""
    return f"{n_crises(n_known)} and what the alliances answered{others}"


def index_of(materials: Iterable[Material]) -> Html:
    """One row a crisis: what was asked, what happened, what the model says."""
    rows = [
        (
            tag("a", short_title(m.case), href=f"#{m.case.id}-case"),
            m.case.alliance.id.upper(),
            f"{m.case.scenario.crisis.asked.value:g}",
            "a what-if" if m.observed is None else m.observed.label,
            "" if m.observed is None else percent(m.summary.p_levels[m.observed]),
            "" if m.observed is None else percent(float(m.over_priors[m.observed])),
            level_bar(m.summary.p_levels, m.observed, small=True),
        )
        for m in materials
    ]
    return table(
        "Every crisis of the library. Bars: probability of none, consult, support, deploy; the "
        "frame is what happened.",
        (
            "crisis",
            "alliance",
            "asked",
            "history",
            "its probability",
            "uncertain parameters",
            "the model says",
        ),
        rows,
        numbers=(2, 4, 5),
    )


def history_section(history: HistoryTable) -> Html:
    """The figure of all crises with a known answer, and the scores beside the baselines."""
    rows = [
        (
            f.name,
            f"{f.rps.mean():.3f}",
            f"{f.log.mean():.3f}",
            f"{f.brier.mean():.3f}",
            signed(f.skill),
            f"{signed(f.interval[0])} to {signed(f.interval[1])}",
        )
        for f in history.forecasters
    ]
    changed = set_by_hand(history.rows[0].ensemble.setup)
    return joined(
        [
            inline_figure(history_picture(history, changed), "history-figure"),
            table(
                "Scores: mean over crises, lower is better; skill is against the base rate",
                (
                    "forecast",
                    "ranked probability",
                    "log",
                    "Brier of deploy",
                    "skill",
                    "90 % of crises",
                ),
                rows,
                numbers=range(1, 6),
            ),
            tag("p", history.caution, class_="note"),
        ]
    )


def case_body(material: Material, *, short: bool = False) -> Html:
    """One crisis below its heading."""
    prefix = f"{material.case.id}-"
    return joined(
        [
            tag("p", material.case.scenario.question, class_="question"),
            *(section_of(part, level=3) for part in sections_of(material, prefix, short=short)),
            tag("p", tag("a", "Back to all crises", href="#all"), class_="note"),
        ],
        "\n",
    )
