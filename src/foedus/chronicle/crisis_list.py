"""The crises of a chronicle side by side as arrays, and what the crisis model answers to them.

A run may meet any of them, under a mandate that precedents have moved. The crisis model is run once
for a grid of mandates; between its points the chances are interpolated. An answer of history, or
one that is set by hand, is a table that gives it for sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle import trust
from foedus.chronicle.membership import MIDDLING
from foedus.data.library import Case
from foedus.data.register import parameters
from foedus.data.terms import AdversaryKind, Level
from foedus.model import council
from foedus.model.chance import draw_codes
from foedus.model.ensemble import ensemble
from foedus.model.numbers import Array, Parameters, Value
from foedus.model.setup import Setup, prepare
from foedus.model.willingness import quiet_views

if TYPE_CHECKING:
    from datetime import date

    from foedus.chronicle.timeline import Timeline
    from foedus.chronicle.year_chance import YearChance
    from foedus.chronicle.years import ChronicleSetup
    from foedus.chronicle.years_plan import Plan

GRID = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Mandates at which the crisis model is run: the codebook's steps."""

N_RUNS = 512
"""Runs at each; a chance of one half is known to within 2.2 points (one standard error)."""

KINDS: tuple[str, ...] = tuple(kind.value for kind in AdversaryKind)
"""Kinds of crisis in the order of their indices."""


@dataclass(frozen=True)
class AnswerTable:
    """One crisis; the defaults are of one that the library does not have.

    Attributes:
        reach: Chance that the answer is at least consult, support, deploy (mandate, level), on
            `GRID`; None where the crisis model was not run.
        mandate, threat: As coded, 0 to 1.
        imposed: How much each answer is imposed on the members, 0 to 1; empty where nobody's view
            is known, or where the lead state itself asks.
    """

    reach: Array | None = None
    mandate: float = MIDDLING
    threat: float = MIDDLING
    imposed: tuple[float, ...] = ()


@dataclass(frozen=True)
class CrisisList:
    """Crises of history by index (crisis,), in order of date.

    Attributes:
        names: Of the calls.
        year, state, kind: Indices; the state is -1 for the lead state, the kind is of `KINDS`.
        late: Whether it came after the day on which members chose that year.
        asked, in_history: Levels, 0 to 3: what was asked for, and history's answer.
        would_ask: What a state that did not ask would ask for, 0 to 3.
        threat, mandate: Codes, 0 to 1.
        reach: Chance that the answer is at least consult, support, deploy (crisis, mandate, level).
        judged, imposed: Whether views are known, and the imposition of each answer (crisis, level
            of the answer).
    """

    names: tuple[str, ...]
    year: NDArray[np.int64]
    state: NDArray[np.int64]
    kind: NDArray[np.int64]
    late: NDArray[np.bool_]
    asked: Array
    in_history: NDArray[np.int64]
    would_ask: Array
    threat: Array
    mandate: Array
    reach: Array
    judged: Array
    imposed: Array

    @property
    def templates(self) -> NDArray[np.int64]:
        """Indices of the crises of states other than the lead state, for drawn crises."""
        return np.flatnonzero(self.state >= 0)

    def request(self, k: Value, hope: Value, calling: Value, plan: Plan, p: Parameters) -> Value:
        """What a state asks for, 0 to 3: as in history, or by trust and danger."""
        if plan.keeps_calls:
            return self.asked[k]
        wish = trust.wish_to_ask(hope, self.threat[k], p)
        return np.where(trust.calls(wish, calling), self.would_ask[k], 0.0)[()]

    def reply(self, k: Value, here: Value, before: Value, luck: Value, p: Parameters) -> Value:
        """The answer, 0 to 3, by a uniform `luck` in (0, 1).

        Precedents of the run and of history, 0 to 1, move the mandate.
        """
        mandate = trust.mandate_after(self.mandate[k], here, before, p["precedent_weight"])
        return answered(self.reach, k, mandate, luck)


def tables_of(
    setup: ChronicleSetup, progress: Callable[[str], None] = lambda _: None
) -> list[AnswerTable]:
    """What is known of each crisis; a line where the crisis model is asked."""
    found = []
    for call in setup.calls:
        table, case, given = AnswerTable(), setup.cases.get(call.name), setup.plan.fixed
        if case is not None:
            progress(f"crisis model: {call.name}")
            table = table_of(case, _settings(setup, case), simulated=setup.plan.needs_tables)
        if table.reach is None or call.name in given:
            level = given.get(call.name, call.level)
            sure = [[float(k <= level) for k in Level if k]] * len(GRID)
            table = replace(table, reach=np.array(sure))
        found.append(table if call.threat is None else replace(table, threat=call.threat))
    return found


def _settings(setup: ChronicleSetup, case: Case) -> dict[str, float]:
    """What is set for one crisis; what is set for all holds where the member sits."""
    for_all = {
        name: value
        for name, value in setup.crisis_settings.get("", {}).items()
        if "." not in name or name.partition(".")[0] in case.scenario.members
    }
    return {**for_all, **setup.crisis_settings.get(case.id, {})}


def crisis_list(
    setup: ChronicleSetup, states: tuple[str, ...], chosen_on: dict[int, date]
) -> CrisisList:
    """Put the crises of a chronicle side by side, with the answers that its plan sets.

    In `states` the lead state is missing; `chosen_on` says by year when members choose.
    """
    calls, tables, p = setup.calls, tables_of(setup), parameters(setup.overrides)
    asked = np.array([float(call.asked) for call in calls])
    threat = np.array([table.threat for table in tables])
    by_danger = 1.0 + (threat >= p["ask_support_at"]) + (threat >= p["ask_force_at"])
    return CrisisList(
        names=tuple(call.name for call in calls),
        year=np.array([setup.years.index(call.date.year) for call in calls]),
        state=np.array([states.index(c.state) if c.state in states else -1 for c in calls]),
        kind=np.array([KINDS.index(call.kind) for call in calls]),
        late=np.array([call.date > chosen_on[call.date.year] for call in calls]),
        asked=asked,
        would_ask=np.where(asked > 0, asked, by_danger),
        in_history=np.array([int(call.level) for call in calls]),
        threat=threat,
        mandate=np.array([table.mandate for table in tables]),
        reach=np.array([table.reach for table in tables]),
        judged=np.array([float(bool(table.imposed)) for table in tables]),
        imposed=np.array([table.imposed or (0.0,) * len(Level) for table in tables]),
    )


def befalling(
    timeline: Timeline, plan: Plan, chance: YearChance, year: int, *, late: bool
) -> Iterator[tuple[Value, int, Value, Value, Value]]:
    """Crises in the part of a year before or after its choice; drawn ones come before it.

    Yields:
        tuple: Index of the crisis and of its state, whether it happens, noise of the call and of
            the answer.
    """
    crises, templates = timeline.crises, timeline.crises.templates
    if year >= timeline.ends:
        return
    if plan.crises == "history":
        for k in np.flatnonzero((crises.year == year) & (crises.late == late)):
            if crises.names[k] not in plan.without:
                yield k, int(crises.state[k]), True, chance.calling[k], chance.answer[k]
    elif len(templates) and not late:
        for s, rate in enumerate(timeline.crisis_rate):
            comes, which, calling, answer = chance.drawn[:, year, s]
            place = np.asarray(which * len(templates)).astype(np.int64)
            yield templates[place], s, comes < rate, calling, answer


def precedents_of_history(crises: CrisisList, p: Parameters) -> Array:
    """The precedent that history had set before each crisis (crisis, 1) or (crisis, run)."""
    past, last = [trust.Memory()] * len(KINDS), 0
    rows = []
    for kind, year, answer in zip(crises.kind, crises.year, crises.in_history, strict=True):
        for _ in range(year - last):
            past = [memory.faded(p["trust_kept"]) for memory in past]
        last = year
        rows.append(past[kind].mean(0.0, p["prior_weight"]))
        past[kind] = past[kind].after(trust.share_of_ladder(answer), 1.0)
    if not rows:
        return np.zeros((0, 1))
    return np.stack([np.atleast_1d(row) for row in np.broadcast_arrays(*rows)])


def answered(reach: Array, which: Value, mandate: Value, luck: Value) -> Value:
    """The level that the crisis model answers: how many of the three chances the luck is below.

    Args:
        reach: Chances of all crises (crisis, mandate, level).
        which, mandate, luck: Index of the crisis, its mandate (0 to 1), and a uniform in (0, 1),
            each a number or (run,).
    """
    place = np.asarray(mandate) * (len(GRID) - 1)
    low = np.minimum(place.astype(np.int64), len(GRID) - 2)
    part = place - low
    level: Value = 0
    for k in range(len(Level) - 1):
        here, above = reach[which, low, k], reach[which, low + 1, k]
        level = level + (luck < here + part * (above - here))
    return level


_KNOWN: dict[tuple[object, ...], AnswerTable] = {}
"""Tables worked out before; the many chronicles of a study share them."""


def table_of(case: Case, settings: Mapping[str, float], *, simulated: bool = True) -> AnswerTable:
    """Run the crisis model on one crisis.

    Args:
        settings: Parameters and attributes of the crisis model that differ from register and file.
        simulated: Whether answers are needed; the private views alone take a moment.
    """
    key = (case.path, tuple(sorted(settings.items())), simulated)
    if key not in _KNOWN:
        crisis = case.scenario.crisis
        _KNOWN[key] = AnswerTable(
            reach=_reach(case, settings) if simulated else None,
            mandate=float(settings.get("mandate", crisis.mandate.value)),
            threat=float(settings.get("threat", crisis.threat.value)),
            imposed=_imposed(prepare(case, settings)),
        )
    return _KNOWN[key]


def _reach(case: Case, settings: Mapping[str, float]) -> Array:
    def chances(mandate: float) -> list[float]:
        setup = prepare(case, {**settings, "mandate": mandate})
        level = ensemble(setup, N_RUNS).outcome.level
        return [float(np.mean(level >= k)) for k in Level if k]

    return np.array([chances(mandate) for mandate in GRID])


def _imposed(setup: Setup) -> tuple[float, ...]:
    """Imposition of each answer, by the level that each member would choose alone (section 7.3).

    Views are those of day 0 without noise; requester and adversary do not count.
    """
    situation, p = setup.situation, setup.parameters
    codes = draw_codes(situation, 0, 0, 1, drawn=False)
    crisis = codes.crisis
    case = council.treaty_case(situation, crisis, crisis["request"])
    bars = council.bars(crisis["asked"], crisis["request"], case, p)
    views = quiet_views(situation, codes, p)[:, 0]
    wants = [sum(bool(council.supports(view, bar)) for bar in bars) for view in views]
    apart = (situation.requester, situation.patron, situation.adversary)
    others = tuple(want for i, want in enumerate(wants) if i not in apart)
    if not others or situation.requester == situation.patron:
        return ()
    return tuple(trust.imposition(answer, wants[situation.patron], others) for answer in Level)
