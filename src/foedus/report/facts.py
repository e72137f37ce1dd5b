"""What the model answers beside what happened, and what is known of the crisis and its members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from markupsafe import Markup

from foedus.analysis.summary import Spread
from foedus.data.records import mean, spread
from foedus.data.terms import CRISIS_ATTRIBUTES, Ending
from foedus.data.vocabulary import entry
from foedus.plots.answers_by_day import course, ensemble_picture, finding
from foedus.plots.words import DID, OVER_PRIORS, end_of, n_troops, percent, role_of
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
    for state, sent in material.summary.troops.items():
        if sent.high > 0 or state in reported:
            yield (
                "all" if state == "total" else case.name_of(state),
                n_troops(sent.median),
                n_troops(sent.low, sent.high),
                n_troops(*reported[state]) if state in reported else "",
            )


def crisis_section(material: Material, prefix: str) -> Markup:
    """Summary, dates, parties, and the codes."""
    codes = []
    for name in CRISIS_ATTRIBUTES:
        code = getattr(material.case.scenario.crisis, name)
        codes.append((name, entry("attribute", name).description, code, _coders_said(code.coders)))
    return rendered("crisis/facts.html", case=material.case, codes=codes, prefix=prefix)


def _coders_said(coders: tuple[float, ...]) -> str:
    """Each coder's value where they differ, else how many agree."""
    if spread(coders) > 0:
        return " / ".join(f"{value:g}" for value in coders)
    return "one coder" if len(coders) == 1 else f"{len(coders)} agree"


def members_section(material: Material, prefix: str) -> Markup:
    """Each member: role, power, dependence, how far it listens, codes, reason, sources."""
    case, network = material.case, material.network
    members = []
    for i, state in enumerate(network.members):
        member = case.scenario.members[state]
        coded = (member.alignment, member.stake, member.ties, member.overextension)
        members.append(
            {
                "name": case.name_of(state),
                "role": role_of(state, case),
                "numbers": (
                    f"{network.capability[i]:.3f}",
                    f"{network.dependence[i]:.2f}",
                    f"{network.susceptibility[i]:.2f}",
                    *(f"{mean(code):.3g}{'*' if spread(code) else ''}" for code in coded),
                ),
                "why": member.why,
                "source": member.source,
            }
        )
    return rendered("crisis/members.html", case=case, members=members, prefix=prefix)
