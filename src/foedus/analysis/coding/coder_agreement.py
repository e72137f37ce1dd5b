"""How far the coders of the shipped files agree, attribute by attribute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from foedus.analysis.coding.agreement import alpha_interval, krippendorff_alpha
from foedus.data.library import Case
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, Mechanism
from foedus.model.draws import uniforms
from foedus.model.numbers import Array

PUBLISHED: dict[str, float] = {
    "external": 0.99,
    "territory": 0.97,
    "mandate": 0.92,
    "threat": 0.94,
    "capacity": 0.96,
    "escalation": 0.98,
    "trend": 0.91,
    "request": 0.92,
    "alignment": 0.94,
    "stake": 0.96,
    "ties": 0.95,
    "dependence": 0.95,
    "capability": 1.00,
    "overextension": 0.63,
}
"""Alpha (interval) of the same two coders over 56 crises, of which the shipped ones are a part.

From the codebook, "How far the coding can be trusted"; `asked` and `institution` had one coder.
"""

N_PUBLISHED = 56
"""Crises behind :data:`PUBLISHED`."""


@dataclass(frozen=True)
class Agreement:
    """Agreement on one attribute.

    Attributes
    ----------
    attribute
        As in the codebook.
    of_members
        Whether its units are the members of each crisis instead of the crises.
    n_units
        Units that two coders or more rated.
    n_single
        Units that one coder alone rated; they say nothing here.
    alpha, interval
        Krippendorff's alpha and its 95 % bootstrap interval over crises; nan where unknown.
    share_equal
        Share of the units on which all coders wrote the same; nan where there is none.
    published
        The figure over 56 crises; None where there is none.
    """

    attribute: str
    of_members: bool
    n_units: int
    n_single: int
    alpha: float
    interval: tuple[float, float]
    share_equal: float
    published: float | None


def agreement_table(cases: Iterable[Case]) -> list[Agreement]:
    """Agreement on every attribute over the cases, counterfactuals aside.

    A crisis is drawn again with all its members, since their codes are not independent.
    """
    coded = [case for case in cases if case.scenario.extends is None]
    return [agreement_on(name, coded) for name in (*CRISIS_ATTRIBUTES, *MEMBER_ATTRIBUTES)]


def agreement_on(attribute: str, cases: list[Case]) -> Agreement:
    """Agreement on one attribute."""
    units = [codes for case in cases for codes in codes_of(case, attribute)]
    paired = [
        (crisis, codes)
        for crisis, case in enumerate(cases)
        for codes in codes_of(case, attribute)
        if len(codes) > 1
    ]
    alpha, interval, equal = float("nan"), (float("nan"), float("nan")), float("nan")
    if paired:
        ratings = ratings_of([codes for _, codes in paired])
        kept, groups = np.unique([crisis for crisis, _ in paired], return_inverse=True)
        draws = uniforms(0, Mechanism.STUDY, 0, 0, n_days=len(kept)).T
        alpha = krippendorff_alpha(ratings)
        interval = alpha_interval(ratings, draws, groups=groups)
        equal = float(np.mean([len(set(codes)) == 1 for _, codes in paired]))
    return Agreement(
        attribute=attribute,
        of_members=attribute in MEMBER_ATTRIBUTES,
        n_units=len(paired),
        n_single=len(units) - len(paired),
        alpha=alpha,
        interval=interval,
        share_equal=equal,
        published=PUBLISHED.get(attribute),
    )


def codes_of(case: Case, attribute: str) -> Iterator[tuple[float, ...]]:
    """What the coders wrote: once for a crisis attribute, else once for each member."""
    if attribute in CRISIS_ATTRIBUTES:
        yield getattr(case.scenario.crisis, attribute).coders
        return
    for member in case.scenario.members.values():
        codes = getattr(member, attribute)
        if codes is not None:
            yield codes


def ratings_of(codes: list[tuple[float, ...]]) -> Array:
    """Codes as ratings (coder, unit), nan where a coder wrote nothing."""
    table = np.full((max(map(len, codes)), len(codes)), np.nan)
    for unit, row in enumerate(codes):
        table[: len(row), unit] = row
    return table


def as_records(table: Iterable[Agreement]) -> list[dict[str, object]]:
    """Plain records, for JSON; what is unknown is null."""
    return [{**vars(row), **_known(row)} for row in table]


def _known(row: Agreement) -> dict[str, object]:
    unknown = bool(np.isnan(row.alpha))
    return {
        "alpha": None if unknown else row.alpha,
        "interval": None if unknown else list(row.interval),
        "share_equal": None if row.n_units == 0 else row.share_equal,
    }
