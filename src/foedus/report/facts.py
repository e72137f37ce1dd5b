"""What is known about a crisis: summary, codes with reasons and sources, members, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from foedus.data.library import Case
from foedus.data.schema import Scenario, mean, spread
from foedus.data.terms import CRISIS_ATTRIBUTES
from foedus.data.vocabulary import entry, words
from foedus.report.markup import Html, facts, joined, linked, table, tag
from foedus.report.material import Material


def crisis_section(material: Material, prefix: str) -> Html:
    """Summary, dates, parties, and the codes."""
    case = material.case
    scenario = case.scenario
    return joined(
        [
            tag("p", scenario.summary),
            facts(_facts(case)),
            codes_table(scenario, prefix),
        ]
    )


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    scenario, dates = case.scenario, case.scenario.dates
    yield "Alliance", case.alliance.name
    yield "Asks", case.name_of(scenario.requester)
    yield "Lead state", case.name_of(case.patron)
    against = f"{scenario.adversary.name} ({words('adversary', scenario.adversary.kind)}"
    backer = scenario.adversary.backer
    yield "Against", f"{against}, backed by {backer})" if backer else f"{against})"
    yield "Began", str(dates.onset)
    yield "Asked", "not" if dates.requested is None else str(dates.requested)
    yield "Day 0 of a run", f"{dates.coded}, for {scenario.horizon_days} days"
    yield "Troops needed", f"{scenario.forces_needed.value:,.0f}. {scenario.forces_needed.why}"
    yield "Sources", f"{scenario.quality}: {words('evidence', scenario.quality)}"


def codes_table(scenario: Scenario, prefix: str) -> Html:
    """The codes of the crisis, each with its reason and sources."""
    rows = []
    for name in CRISIS_ATTRIBUTES:
        code = getattr(scenario.crisis, name)
        rows.append(
            (
                joined([name, tag("small", entry("attribute", name).description)]),
                f"{code.value:.3g}",
                coders_said(code.coders),
                code.why,
                keys(code.source, scenario, prefix),
            )
        )
    return table(
        f"The crisis as it could be judged on {scenario.dates.coded}",
        ("what is judged", "value", "coders", "why", "source"),
        rows,
        numbers=(1, 2),
        class_="long",
    )


def coders_said(coders: tuple[float, ...]) -> str:
    """Each coder's value where they differ, else how many agree."""
    if spread(coders) > 0:
        return " / ".join(f"{value:g}" for value in coders)
    return "one coder" if len(coders) == 1 else f"{len(coders)} agree"


def members_section(material: Material, prefix: str) -> Html:
    """Each member: role, power, dependence, how far it listens, codes, reason, sources."""
    case, network = material.case, material.network
    rows = []
    for i, state in enumerate(network.members):
        member = case.scenario.members[state]
        rows.append(
            (
                joined([case.name_of(state), tag("small", _role(case, state))]),
                f"{network.capability[i]:.3f}",
                f"{network.dependence[i]:.2f}",
                f"{network.susceptibility[i]:.2f}",
                *(
                    _value(getattr(member, name))
                    for name in ("alignment", "stake", "ties", "overextension")
                ),
                joined([member.why, tag("small", keys(member.source, case.scenario, prefix))]),
            )
        )
    heads = (
        "member",
        "capability",
        "dependence",
        "listens",
        "warmth",
        "stake",
        "ties",
        "busy",
        "why, and source",
    )
    return joined(
        [
            table(
                f"The members on {case.scenario.dates.coded}",
                heads,
                rows,
                numbers=range(1, 8),
                class_="members",
            ),
            tag("p", _legend(case), class_="note"),
        ]
    )


def _legend(case: Case) -> str:
    said = "computed from measured indicators" if case.measures_dependence else "as coded"
    return (
        f"All from 0 to 1. Dependence on the lead state is {said}; listens is the share of a "
        "position that others move; warmth is alignment with who asks, ties are those to the "
        "adversary, busy is the share of forces and attention taken by other wars. "
        "A star: the coders differ, the value is their mean."
    )


def _role(case: Case, state: str) -> str:
    roles = {
        case.patron: "lead state",
        case.scenario.requester: "asks",
        case.scenario.adversary.iso3: "adversary",
    }
    both = case.patron == case.scenario.requester == state
    return "lead state, asks" if both else roles.get(state, "")


def _value(coders: tuple[float, ...]) -> str:
    return f"{mean(coders):.3g}{'*' if spread(coders) else ''}"


def keys(names: Iterable[str], scenario: Scenario, prefix: str) -> Html:
    """Keys of sources as links to the list below; assumptions are marked as such."""
    order = list(scenario.sources)
    parts = []
    for name in names:
        if name in scenario.sources:
            parts.append(tag("a", name, href=f"#{prefix}source-{order.index(name) + 1}"))
        elif name == "assumed":
            parts.append(tag("span", name, class_="assumed"))
        else:
            parts.append(tag("span", name))
    return tag("span", joined(parts, ", "), class_="keys")


def sources_section(material: Material, prefix: str) -> Html:
    """Every source, with a link where it has an address."""
    scenario = material.case.scenario
    if not scenario.sources:
        return tag("p", "This scenario lists no sources.")
    rows = [
        tag("li", tag("strong", key), ": ", linked(where), id=f"{prefix}source-{n}")
        for n, (key, where) in enumerate(scenario.sources.items(), start=1)
    ]
    return tag("ul", *rows, class_="sources")


def assumed_codes(scenario: Scenario) -> list[str]:
    """Names of what rests on an assumption, wholly or in part."""
    names = [n for n in CRISIS_ATTRIBUTES if "assumed" in getattr(scenario.crisis, n).source]
    return names + [s for s, member in scenario.members.items() if "assumed" in member.source]


def disputed_codes(scenario: Scenario) -> list[str]:
    """Names of the crisis' codes on which the coders differ."""
    return [n for n in CRISIS_ATTRIBUTES if getattr(scenario.crisis, n).range > 0]
