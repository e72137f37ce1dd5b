"""Where one stands in the crisis room, as the query of an address that can be shared.

``?case=kazakhstan-2022&set=rho:0,RUS.stake:.5&rule=patron&theory=realist&seed=1&run=0&day=3``.
Whatever stands in an address was written by somebody else: each part is checked, cases are
found by id alone (never by path), and what cannot be used is said in one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from foedus.app.shelf import case_of
from foedus.data.settings import settings_from
from foedus.data.theory import theories
from foedus.errors import UsageError, did_you_mean
from foedus.model.ensemble import DEFAULT_SEED, Setup, prepare

FIRST_CASE = "kazakhstan-2022"
LONGEST = 4000
"""Most characters of a query."""
HIGHEST = {"seed": 2**32 - 1, "run": 9_999_999, "day": 364}
KEYS = ("case", "set", "rule", "theory", *HIGHEST)


@dataclass(frozen=True)
class Place:
    """One state of the crisis room.

    Attributes
    ----------
    case
        Id of a crisis on the shelf.
    settings
        What was set by hand, by name of the parameter or attribute.
    rule, theory
        Names; None for the alliance's own rule and the full model.
    seed, run, day
        The chance, the run told day by day, and the day shown.
    """

    case: str = FIRST_CASE
    settings: Mapping[str, float] = field(default_factory=dict)
    rule: str | None = None
    theory: str | None = None
    seed: int = DEFAULT_SEED
    run: int = 0
    day: int = 0

    def moved(self, **changes: object) -> Place:
        """The same place with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def set_to(self, name: str, value: float | None) -> Place:
        """The same place with one setting changed, or taken back where the value is None."""
        others = {key: held for key, held in self.settings.items() if key != name}
        return replace(self, settings=others if value is None else {**others, name: value})


def setup_of(place: Place) -> Setup:
    """The setup that a place stands for.

    Raises
    ------
    UsageError
        If a part of it cannot be used.
    """
    case = case_of(place.case)
    return prepare(case, place.settings, rule=place.rule, theory=place.theory)


def place_of(query: Mapping[str, str]) -> Place:
    """Read the query of an address.

    Raises
    ------
    UsageError
        If it cannot be used; the message names the part.
    """
    if sum(len(key) + len(value) for key, value in query.items()) > LONGEST:
        raise UsageError(f"the address is too long: at most {LONGEST:,} characters")
    for key in query:
        if key not in KEYS:
            raise UsageError(f"unknown part '{_short(key)}'{did_you_mean(key[:60], KEYS)}")
    case = case_of(query.get("case", FIRST_CASE))
    numbers = {key: _whole(key, query[key]) for key in HIGHEST if query.get(key)}
    settings = _settings(query.get("set", ""))
    settings_from(settings, case.scenario.members)
    place = Place(
        case=case.id,
        settings=settings,
        rule=query.get("rule") or None,
        theory=query.get("theory") or None,
        **numbers,
    )
    setup_of(place)
    return place


def query_of(place: Place) -> str:
    """The query of the address of a place; parts at their defaults are left out."""
    start = Place()
    parts: dict[str, object] = {"case": place.case}
    if place.settings:
        parts["set"] = ",".join(f"{name}:{value:g}" for name, value in place.settings.items())
    for key in ("rule", "theory", "seed", "run", "day"):
        value = getattr(place, key)
        if value != getattr(start, key):
            parts[key] = value
    return urlencode(parts, safe=":,")


def theory_names() -> tuple[str, ...]:
    """Names of the theories, the full model first."""
    return tuple(theories())


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _whole(key: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= HIGHEST[key]):
        raise UsageError(f"{key}: '{_short(text)}' is no whole number from 0 to {HIGHEST[key]:,}")
    return int(text)


def _settings(text: str) -> dict[str, float]:
    settings = {}
    for part in filter(None, text.split(",")):
        name, _, number = part.partition(":")
        try:
            settings[name] = float(number)
        except ValueError:
            raise UsageError(f"set: '{_short(part)}' is not of the form name:number") from None
    return settings
