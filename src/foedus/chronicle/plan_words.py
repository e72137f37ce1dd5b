"""A plan from the words that a person writes: ``armenia-2022=deploy``, ``UKR=1994``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import ceil

from foedus.chronicle.years import ChronicleSetup, chronicle
from foedus.chronicle.years_plan import Plan
from foedus.data.chronicle_file import Chronicle
from foedus.data.register import OF_YEARS, in_range, register
from foedus.data.settings import settings_from
from foedus.data.terms import LEVELS, Level
from foedus.errors import UsageError, did_you_mean

IN_KIND = "in-kind"
"""The answer that was asked for."""

MOST_YEARS = 100
"""Years beyond the record that may be simulated."""


def planned(
    name: str,
    plan: Plan,
    *,
    answers: Iterable[str] = (),
    settings: Iterable[str] = (),
    stronger: float | None = None,
    last: int | None = None,
    over_priors: bool = False,
) -> ChronicleSetup:
    """A chronicle with what a person changes.

    Parameters
    ----------
    answers
        Words ``CRISIS=LEVEL``; the level may be ``in-kind``.
    settings
        Words ``NAME=VALUE`` for parameters, and for attributes of every crisis (``RUS.stake``) or
        of one (``armenia-2022:RUS.stake``).
    stronger
        Factor on the capability of every member but the lead state.
    last
        Last calendar year; the record's if not given.

    Raises
    ------
    UsageError
        If a word, name or value is none of these.
    """
    setup = chronicle(name)
    record = setup.record
    fixed = dict(_answer(word, record) for word in answers)
    overrides, for_crises = _settings(settings, setup)
    if for_crises and plan.answers == "history" and plan.crises == "history":
        raise UsageError("attributes of crises need --answers simulated")
    if stronger is not None:
        _strengthen(for_crises, setup, stronger, plan)
    end = record.last_year if last is None else last
    if not record.first_year <= end <= record.last_year + MOST_YEARS:
        told = f"expected {record.first_year} to {record.last_year + MOST_YEARS}"
        raise UsageError(f"--to {end}: {told}")
    if plan.since > end:
        raise UsageError(f"--from {plan.since}: expected a year up to {end}")
    return chronicle(
        name,
        plan=replace(plan, fixed=fixed),
        overrides=overrides,
        crisis_settings=for_crises,
        over_priors=over_priors,
        years=range(record.first_year, end + 1),
    )


def joining(words: Iterable[str]) -> dict[str, int]:
    """Words ``STATE=YEAR``."""
    return {state.upper(): _year(word, text) for word in words for state, text in [_pair(word)]}


def _pair(word: str) -> tuple[str, str]:
    name, equals, text = word.partition("=")
    if not equals:
        raise UsageError(f"{word}: expected NAME=VALUE")
    return name.strip(), text.strip()


def _year(word: str, text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"{word}: '{text}' is not a year")
    return int(text)


def _answer(word: str, record: Chronicle) -> tuple[str, Level]:
    name, text = _pair(word)
    names = [call.name for call in record.calls]
    if name not in names:
        raise UsageError(f"unknown crisis '{name}'{did_you_mean(name, names)}")
    if text == IN_KIND:
        return name, Level(ceil(record.call(name).asked))
    if text not in LEVELS:
        raise UsageError(f"{word}: unknown level '{text}'{did_you_mean(text, (*LEVELS, IN_KIND))}")
    return name, Level(LEVELS.index(text))


def _settings(
    words: Iterable[str], setup: ChronicleSetup
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Parameters of the chronicle, and what is set for the crisis model by crisis."""
    overrides: dict[str, float] = {}
    for_crises: dict[str, dict[str, float]] = {}
    for word in words:
        name, text = _pair(word)
        value = _number(word, text)
        crisis, colon, inner = name.rpartition(":")
        if not colon and name in register() and register()[name].role == OF_YEARS:
            overrides[name] = register()[name].accept(value)
            continue
        members = {s for case in setup.cases.values() for s in case.scenario.members}
        settings_from({inner: value}, sorted(members))
        if colon and crisis not in setup.cases:
            raise UsageError(f"unknown crisis '{crisis}'{did_you_mean(crisis, setup.cases)}")
        for_crises.setdefault(crisis, {})[inner] = value
    return overrides, for_crises


def _number(word: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"--set {word}: '{text}' is not a number") from None


def _strengthen(
    for_crises: dict[str, dict[str, float]], setup: ChronicleSetup, factor: float, plan: Plan
) -> None:
    """Multiply what every member but the lead state could send."""
    if not plan.needs_tables:
        raise UsageError("--stronger needs --answers simulated")
    in_range("--stronger", factor, 0.0, 100.0)
    for name, case in setup.cases.items():
        for state, member in case.scenario.members.items():
            if state != case.patron:
                coded = sum(member.capability) / len(member.capability)
                row = for_crises.setdefault(name, {})
                row.setdefault(f"{state}.capability", min(1.0, coded * factor))
