"""What is known about a crisis: codes with reasons and sources, and the members."""

from __future__ import annotations

from markupsafe import Markup

from foedus.data.records import mean, spread
from foedus.data.terms import CRISIS_ATTRIBUTES
from foedus.data.vocabulary import entry
from foedus.plots.words import role_of
from foedus.report.document import rendered
from foedus.report.material import Material


def crisis_section(material: Material, prefix: str) -> Markup:
    """Summary, dates, parties, and the codes."""
    codes = []
    for name in CRISIS_ATTRIBUTES:
        code = getattr(material.case.scenario.crisis, name)
        codes.append(
            {
                "name": name,
                "meaning": entry("attribute", name).description,
                "value": f"{code.value:.3g}",
                "coders": _coders_said(code.coders),
                "why": code.why,
                "source": code.source,
            }
        )
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
