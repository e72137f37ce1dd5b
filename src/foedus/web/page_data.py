"""What a page without a server needs to know: crises, register, theories, words, and one run."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from foedus.analysis.explain.decomposition import Listening, listening
from foedus.analysis.frames import plain
from foedus.data.library import Case
from foedus.data.register import Parameter, defaults, is_own, register
from foedus.data.terms import ATTRIBUTE_RANGE, CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, Request, Rule
from foedus.data.theory import Theory, theories
from foedus.data.vocabulary import entries, rules, words
from foedus.errors import InputError
from foedus.model.compilation import requested
from foedus.model.ensemble import DEFAULT_SEED
from foedus.model.outcome import Day, Story
from foedus.model.setup import Setup, prepare
from foedus.model.situation import Situation
from foedus.model.willingness import TERMS
from foedus.plots.words import end_on

SITUATION = (
    *("members", "crisis", "standing", "indicators", "requester", "patron", "adversary"),
    *("voters", "addressees", "rule", "abstention", "day_first_sitting", "days_since_onset"),
    *("horizon_days", "pools", "alliance_pool", "forces_needed", "is_unrest", "force"),
)
"""Parts of a compiled crisis that a page is told."""

OTHER_REQUESTS = (Request.TREATY, Request.NONE)
"""Requests that a page can try beside history's."""


def page_data(cases: Iterable[Case], version: str, *, with_python: bool = False) -> dict[str, Any]:
    """Everything a page needs, as plain data; no story where it lacks one of the story's crises.

    Args:
        cases: Crises to carry, in order.
        version: Of the package, for the page's foot.
        with_python: Whether a server works out what the page cannot: council rules of extensions. A
            page that stands alone names these and cannot choose them.

    Raises:
        InputError: If a term of an extension always counts, or, without Python, a crisis has a
            council rule of one. Pages leave out the theories and parameters of extensions that they
            cannot run.
    """
    for name, term in TERMS.items():
        if defaults()[term.weight]:
            raise InputError(f"a page cannot work out the term '{name}', it is Python")
    crises, story = [_crisis(case, with_python) for case in cases], entries("story")
    has_story = {crisis["id"] for crisis in crises} >= set(story)
    return {
        "version": version,
        "seed": DEFAULT_SEED,
        "defaults": {name: value for name, value in defaults().items() if is_own(name)},
        "register": priors_of(row for row in register().values() if is_own(row.name)),
        "theories": [
            {"name": name, **told(theory, "title", "claim", "rule", "parameters")}
            for name, theory in theories().items()
            if _runs_in_a_page(theory, with_python)
        ],
        "rules": [
            {"name": str(rule), "words": words("rule", rule), "isPython": rule not in set(Rule)}
            for rule in rules()
        ],
        "attributes": _attributes(),
        "labels": {name: row.words for name, row in entries("attribute").items()},
        "words": {name: row.words for name, row in entries("term").items() if name not in TERMS},
        "story": [{"id": id, "shows": row.description} for id, row in story.items() if has_story],
        "crises": crises,
    }


def told(record: object, *names: str) -> dict[str, Any]:
    """Parts of a record as plain data, each by its name in the script's own form."""
    return {_camel(name): plain(getattr(record, name)) for name in names}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def priors_of(rows: Iterable[Parameter]) -> list[dict[str, Any]]:
    """Parameters as the script draws them."""
    return [told(row, "name", "default", "prior", "spread", "low", "high") for row in rows]


def _runs_in_a_page(theory: Theory, with_python: bool) -> bool:
    """Whether a page can follow it: rules and terms of an extension are Python."""
    has_rule = with_python or theory.rule in {None, *Rule}
    return has_rule and all(is_own(name) for name in theory.parameters)


def _attributes() -> dict[str, Any]:
    return {
        name: {
            "of": "crisis" if name in CRISIS_ATTRIBUTES else "member",
            "question": row.description,
            "points": plain(row.scale),
            "low": ATTRIBUTE_RANGE[name][0],
            "high": ATTRIBUTE_RANGE[name][1],
        }
        for name, row in entries("attribute").items()
    }


def _crisis(case: Case, with_python: bool) -> dict[str, Any]:
    scenario, setup = case.scenario, prepare(case)
    situation, past = setup.situation, scenario.history
    if situation.rule not in set(Rule) and not with_python:
        raise InputError(f"{case.id}: a page cannot run the rule '{situation.rule}', it is Python")
    states = {*scenario.members, *(past.stances if past else {})}
    return {
        **told(scenario, "id", "title", "question", "alliance"),
        "allianceName": case.alliance.name,
        **told(scenario, "quality", "summary"),
        "dates": {"coded": scenario.dates.coded.isoformat()},
        "names": {state: case.name_of(state) for state in sorted(states)},
        "situation": situation_data(situation),
        "requests": {str(name): _request(case, situation, name) for name in OTHER_REQUESTS},
        "reasons": _reasons(case, listening(setup)),
        "history": past and told(past, "level", "why", "stances", "troops"),
        "sources": dict(scenario.sources),
    }


def _request(case: Case, situation: Situation, request: Request) -> dict[str, Any]:
    """What another request than history's changes."""
    changed = requested(situation, case, request)
    codes = {name: changed.crisis[name].mode for name in ("request", "asked")}
    return {"codes": codes, "dayFirstSitting": changed.day_first_sitting}


def situation_data(situation: Situation) -> dict[str, Any]:
    """A compiled crisis as plain data; a pool that is not known is null."""
    stated = {situation.members[i]: v for i, v in situation.stated_dependence.items()}
    return {**told(situation, *SITUATION), "stated": stated}


def _reasons(case: Case, network: Listening) -> dict[str, Any]:
    """Each code with its reason; a member's dependence is the model's own, as on its slider."""
    crisis = case.scenario.crisis
    coded = {name: getattr(crisis, name) for name in CRISIS_ATTRIBUTES}
    found = {
        name: {"value": _value(code.coders), **told(code, "why", "source")}
        for name, code in coded.items()
    }
    for state, member in case.scenario.members.items():
        depends = network.dependence[network.members.index(state)]
        codes = {name: getattr(member, name) for name in MEMBER_ATTRIBUTES}
        codes["dependence"] = (round(float(depends), 2),)
        values = [f"{words('attribute', name)} {_value(v)}" for name, v in codes.items() if v]
        why = f"{', '.join(values)}. {member.why}"
        found[state] = {"value": "", "why": why, **told(member, "source")}
    return found


def _value(coders: tuple[float, ...]) -> str:
    return " / ".join(f"{value:g}" for value in dict.fromkeys(coders))


def council_data(setup: Setup, story: Story) -> dict[str, Any]:
    """One run of a crisis as plain data, ready for JSON.

    Returns:
        dict: ``id``, ``title``, ``members`` (id, name, roles, capability in [0, 1], ``hears``:
            share of its position by speaker), ``days`` (thresholds and positions in log-odds,
            stances -1, 0 or 1 toward consult, support and deploy, troops) and ``end``, a sentence.
    """
    case, end = setup.case, end_on(setup.case, story)
    return {
        "id": case.id,
        "title": case.scenario.title,
        "members": _members(setup),
        "days": [_day(case, day) for day in story.days],
        "end": f"{end[0].upper()}{end[1:]}.",
    }


def _members(setup: Setup) -> list[dict[str, Any]]:
    network, case = listening(setup), setup.case
    roles = {network.requester: ["in crisis"]}
    roles.setdefault(network.patron, []).append("lead state")
    if network.adversary is not None:
        roles.setdefault(network.adversary, []).append("adversary")
    return [
        {
            "id": state,
            "name": case.name_of(state),
            "roles": roles.get(i, []),
            "capability": float(network.capability[i]),
            "hears": {
                other: round(float(share), 4)
                for other, share in zip(network.members, network.influence[i], strict=True)
                if share > 0
            },
        }
        for i, state in enumerate(network.members)
    ]


def _day(case: Case, day: Day) -> dict[str, Any]:
    date = case.scenario.dates.coded + timedelta(days=day.day)
    return {
        "day": day.day,
        "date": f"{date.day} {date:%B %Y}",
        "danger": day.intensity,
        **told(day, "asked", "channel", "bars"),
        "sat": day.council_sat,
        "byProcedure": day.by_procedure,
        "answer": int(day.answer),
        "inPlace": day.in_place,
        "members": [
            {
                **told(member, "private", "position"),
                "stances": [int(stance) for stance in member.stances],
                "troops": member.troops,
            }
            for member in day.members
        ],
    }
