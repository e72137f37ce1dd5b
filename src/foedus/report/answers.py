"""The answer: what the model says, with its Monte-Carlo error, beside what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from markupsafe import Markup

from foedus.analysis.summary import Spread
from foedus.data.terms import Ending
from foedus.plots.answers_by_day import course, ensemble_picture, finding
from foedus.plots.words import DID, OVER_PRIORS, end_of, n_troops, percent
from foedus.report.document import rendered
from foedus.report.material import Material


def answer_section(material: Material, prefix: str, *, short: bool = False) -> Markup:
    """Verdict, bar, table, figure, troops, and what happened."""
    case, summary = material.case, material.summary
    picture = None
    if not short:
        picture = ensemble_picture(material.result, summary, material.unfolding)
        picture = replace(picture, finding=course(case, summary))
    endings = ((Ending.QUELLED, summary.p_quelled), (Ending.LOST, summary.p_lost))
    return rendered(
        "crisis/answer.html",
        m=material,
        prefix=prefix,
        verdict=verdict(material),
        over_priors=OVER_PRIORS,
        decided=summary.decision_day and _spread(summary.decision_day),
        ended=_spread(summary.days_to_end),
        ends=[(end_of(case, ending), share) for ending, share in endings],
        picture=picture,
        troops=list(_troops(material)),
        did=DID,
    )


def verdict(material: Material) -> str:
    """What the runs say, and beside it the same answer averaged over uncertain parameters."""
    level = material.summary.most_probable
    drawn = percent(float(material.over_priors[level]))
    said = finding(material.case, material.summary, material.result.n_runs)
    return f"{said}. With uncertain parameters: {level.label} in {drawn}."


def _spread(spread: Spread) -> str:
    return f"{spread.median:g} (90 % of runs: {spread.low:.3g} to {spread.high:.3g})"


def _troops(material: Material) -> Iterator[tuple[str, str, str, str]]:
    """Troops by member over the runs that deploy, beside what was reported."""
    case, history = material.case, material.case.scenario.history
    reported = history.troops if history else {}
    for state, spread in material.summary.troops.items():
        if spread.high > 0 or state in reported:
            yield (
                "all" if state == "total" else case.name_of(state),
                n_troops(spread.median),
                n_troops(spread.low, spread.high),
                n_troops(*reported[state]) if state in reported else "",
            )
