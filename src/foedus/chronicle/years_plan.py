"""What is asked of a chronicle, and how a person writes it: ``armenia-2022=deploy``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from typing import TYPE_CHECKING, Literal

from foedus.data.chronicle_file import Chronicle
from foedus.data.register import OF_YEARS, in_range, register
from foedus.data.settings import settings_from
from foedus.data.terms import LEVELS, Level
from foedus.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from foedus.chronicle.years import ChronicleSetup

Origin = Literal["history", "simulated"]

IN_KIND = "in-kind"
"""The answer that was asked for."""

MOST_YEARS = 100
"""Years beyond the record that may be simulated."""


@dataclass(frozen=True)
class Plan:
    """Where each part of a chronicle comes from.

    Attributes:
        answers: ``history``: as given; ``simulated``: by the crisis model where the library has the
            crisis.
        calls: ``history``: who called called; ``simulated``: by trust and danger.
        crises: ``history``: in their order; ``drawn``: at the rates of the record.
        members: ``simulated``, or ``history``: standing as it was, for evidence and the relevance
            of the past.
        fixed, without: Answers set by hand, by name of the crisis; names of crises that never
            happen.
        since: Calendar year from which standing is simulated; before it standing is history's.
        enters: Calendar year in which a state joins, by ISO code, instead of history's.
    """

    answers: Origin = "history"
    calls: Origin = "history"
    crises: Literal["history", "drawn"] = "history"
    members: Origin = "simulated"
    fixed: Mapping[str, Level] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    since: int = 0
    enters: Mapping[str, int] = field(default_factory=dict)

    def holds_members(self, year: int) -> bool:
        """Whether standing is history's in a calendar year."""
        return self.members == "history" or year < self.since

    @property
    def keeps_calls(self) -> bool:
        """Whether who called is history's."""
        return self.calls == "history" and self.crises == "history"

    @property
    def needs_tables(self) -> bool:
        """Whether the crisis model has to be run."""
        return self.answers == "simulated" or self.crises == "drawn"


def planned(
    setup: ChronicleSetup,
    *,
    answers: Iterable[str] = (),
    settings: Iterable[str] = (),
    stronger: float | None = None,
    last: int | None = None,
) -> ChronicleSetup:
    """A chronicle with what a person changes.

    Args:
        setup: With the rest of its plan.
        answers: Words ``CRISIS=LEVEL``; the level may be ``in-kind``.
        settings: Words ``NAME=VALUE`` for parameters, and for attributes of every crisis
            (``RUS.stake``) or of one (``armenia-2022:RUS.stake``).
        stronger: Factor on the capability of every member but the lead state.
        last: Last calendar year; the record's if not given.

    Raises:
        UsageError: If a word, name or value is none of these.
    """
    record, plan = setup.record, setup.plan
    fixed = dict(_answer(word, record) for word in answers)
    overrides, for_crises = _settings(settings, setup)
    if not plan.needs_tables and (for_crises or stronger is not None):
        what = "attributes of crises need" if for_crises else "--stronger needs"
        raise UsageError(f"{what} --answers simulated")
    if stronger is not None:
        _strengthen(for_crises, setup, in_range("--stronger", stronger, 0.0, 100.0))
    end = record.last_year if last is None else last
    changed = setup.having(
        plan=replace(plan, fixed=fixed),
        overrides=overrides,
        crisis_settings=for_crises,
        years=range(record.first_year, end + 1),
    )
    if plan.since > end:
        raise UsageError(f"--from {plan.since}: expected a year up to {end}")
    return changed


def joining(words: Iterable[str]) -> dict[str, int]:
    """Words ``STATE=YEAR``."""
    found = {}
    for word in words:
        state, text = _pair(word)
        if not text.isdecimal():
            raise UsageError(f"{word}: '{text}' is not a year")
        found[state.upper()] = int(text)
    return found


def _pair(word: str) -> tuple[str, str]:
    name, equals, text = word.partition("=")
    if not equals:
        raise UsageError(f"{word}: expected NAME=VALUE")
    return name.strip(), text.strip()


def _answer(word: str, record: Chronicle) -> tuple[str, Level]:
    name, text = _pair(word)
    call = record.call(name)
    if text == IN_KIND:
        return name, Level(ceil(call.asked))
    if text not in LEVELS:
        raise UsageError(f"{word}: unknown level '{text}'{did_you_mean(text, (*LEVELS, IN_KIND))}")
    return name, Level(LEVELS.index(text))


def _settings(
    words: Iterable[str], setup: ChronicleSetup
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Parameters of the chronicle, and what is set for the crisis model by crisis."""
    overrides: dict[str, float] = {}
    for_crises: dict[str, dict[str, float]] = {}
    members = sorted({s for case in setup.cases.values() for s in case.scenario.members})
    for word in words:
        name, text = _pair(word)
        try:
            value = float(text)
        except ValueError:
            raise UsageError(f"--set {word}: '{text}' is not a number") from None
        crisis, colon, inner = name.rpartition(":")
        if not colon and name in register() and register()[name].role == OF_YEARS:
            overrides[name] = register()[name].accept(value)
            continue
        settings_from({inner: value}, members)
        if colon and crisis not in setup.cases:
            raise UsageError(f"unknown crisis '{crisis}'{did_you_mean(crisis, setup.cases)}")
        for_crises.setdefault(crisis, {})[inner] = value
    return overrides, for_crises


def _strengthen(
    for_crises: dict[str, dict[str, float]], setup: ChronicleSetup, factor: float
) -> None:
    """Multiply what every member but the lead state could send."""
    for name, case in setup.cases.items():
        for state, member in case.scenario.members.items():
            if state != case.patron:
                coded = sum(member.capability) / len(member.capability)
                row = for_crises.setdefault(name, {})
                row.setdefault(f"{state}.capability", min(1.0, coded * factor))
