"""From the name of an alliance to its chronicle: prepare it, run it, keep it, play one run."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np

from foedus.analysis.frames import plain
from foedus.analysis.inference.priors import prior_draws
from foedus.chronicle.timeline import Timeline, compiled
from foedus.chronicle.year_chance import YearChance, derived, draw_years, of_runs
from foedus.chronicle.year_summary import TABLES, summarise_states
from foedus.chronicle.years_engine import Engine, Years
from foedus.chronicle.years_model import AllianceOverYears, StateOverYears
from foedus.chronicle.years_plan import MOST_YEARS, Plan
from foedus.data.chronicle_file import CHRONICLE_FILE, Call, Chronicle, read_chronicle
from foedus.data.durable import make_durably, new_file, sha256, write_durably
from foedus.data.indicators import PANEL_FILE, Indicator, YearlyPanel, read_panel
from foedus.data.library import ALLIANCE_FILE, Case, load_all, load_alliance, shipped
from foedus.data.register import free, parameters
from foedus.errors import FileProblems, InputError, Problem, UsageError, did_you_mean
from foedus.model.chance import BLOCK
from foedus.model.numbers import Value

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ChronicleSetup:
    """All that decides a chronicle but seed and number of runs.

    Attributes:
        record, panel, indicators: The files: events and calls, and what is measured of the states.
        lead_state, name, names: ISO code, the alliance's name, and those of its states by code.
        cases: Crises of the library that belong to it, by id.
        years: Calendar years, from the founding on.
        overrides, over_priors: Parameters that a person has set, and whether every run draws the
            others.
        crisis_settings: Parameters and attributes of the crisis model, by crisis (``""``: all of
            them).

    Raises:
        UsageError: If plan, settings or years name what the record does not have.
    """

    record: Chronicle
    lead_state: str
    name: str
    names: Mapping[str, str]
    panel: YearlyPanel
    indicators: tuple[Indicator, ...]
    cases: Mapping[str, Case]
    years: range
    plan: Plan = field(default_factory=Plan)
    overrides: Mapping[str, float] = field(default_factory=dict)
    over_priors: bool = False
    crisis_settings: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plan, record, last = self.plan, self.record, self.years.stop - 1
        for crisis in (*plan.fixed, *plan.without, *filter(None, self.crisis_settings)):
            record.call(crisis)
        for state in plan.enters:
            if state not in record.states or state == self.lead_state:
                raise UsageError(f"unknown state '{state}'{did_you_mean(state, record.states)}")
        first, most = record.first_year, record.last_year + MOST_YEARS
        if self.years.start != first or not first <= last <= most:
            raise UsageError(f"--to {last}: expected {first} to {most}")

    def having(self, **changes: object) -> Self:
        """The same with some fields replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def calls(self) -> list[Call]:
        """Crises of its years, in order of date."""
        return [call for call in self.record.calls if call.date.year in self.years]

    @cached_property
    def timeline(self) -> Timeline:
        """The record compiled."""
        return compiled(self)

    def parameters(self, n_runs: int, seed: int) -> dict[str, Value]:
        """Values for some runs, from their priors or at the register's defaults."""
        drawn: dict[str, Value] = {}
        if self.over_priors:
            rows = [row for row in free(of_years=True) if row.name not in self.overrides]
            drawn = {**prior_draws(rows, n_runs, seed)}
        return derived({**parameters(self.overrides), **drawn})

    def drawn(self, seed: int, low: int, high: int) -> tuple[dict[str, Value], YearChance]:
        """Parameters and noise of the runs ``low`` to ``high - 1``."""
        p = of_runs(self.parameters(high, seed), slice(low, high))
        at_random = self.plan.crises == "drawn"
        return p, draw_years(self.timeline, seed, low, high, drawn_crises=at_random)


def chronicle(name: str, **changes: object) -> ChronicleSetup:
    """Prepare the chronicle of an alliance.

    Args:
        name: Id of a shipped alliance, or path of a ``chronicle.yaml`` or of its folder.
        changes: Fields of :class:`ChronicleSetup`, for example ``plan=Plan(answers="simulated")``.

    Raises:
        InputError: If there is none, or a file cannot be used.
        UsageError: If the plan names what the file does not have.
    """
    folder = _home(name)
    if folder is None:
        near = did_you_mean(name, chronicle_ids())
        raise InputError(f"no chronicle '{name}'{near}; one's own is named by its folder")
    record = read_chronicle(folder / CHRONICLE_FILE)
    lead, title, names, indicators = _alliance(record, folder)
    ours = shipped() if folder.is_relative_to(shipped()) else folder
    named = {call.name for call in record.calls}
    setup = ChronicleSetup(
        record=record,
        lead_state=lead,
        name=record.name or title,
        names={**names, **record.names},
        panel=read_panel(folder / PANEL_FILE),
        indicators=indicators,
        cases={case.id: case for case in load_all(ours) if case.id in named},
        years=range(record.first_year, record.last_year + 1),
    )
    return setup.having(**changes)


def chronicle_ids() -> tuple[str, ...]:
    """Ids of the alliances that have a chronicle, sorted."""
    return tuple(sorted(path.parent.name for path in shipped().glob(f"*/{CHRONICLE_FILE}")))


def is_chronicle(name: str) -> bool:
    """Whether :func:`chronicle` finds one of that name."""
    return _home(name) is not None


def _home(name: str) -> Path | None:
    """The folder of a chronicle, if there is one."""
    path = Path(name)
    own = path.parent if path.name == CHRONICLE_FILE else path
    folder = shipped() / name if name in chronicle_ids() else own
    return folder if (folder / CHRONICLE_FILE).is_file() else None


def _alliance(
    record: Chronicle, folder: Path
) -> tuple[str, str, Mapping[str, str], tuple[Indicator, ...]]:
    """Lead state, name, names of states and indicators: of the alliance file, or the record."""
    lead, title, names = record.lead_state, record.alliance, {}
    indicators: tuple[Indicator, ...] = ()
    if (folder / ALLIANCE_FILE).is_file():
        alliance, indicators = load_alliance(folder)
        title, names = alliance.name, alliance.states
        last = date(record.last_year, 12, 31)
        ruling = [entry.state for entry in alliance.lead_state if entry.since <= last]
        lead = lead or ruling[-1]
    if lead is None or set(record.states) <= {lead}:
        absent = f"`lead_state`, as no {ALLIANCE_FILE} says it"
        told = f"expected {f'a state besides the lead state, {lead}' if lead else absent}"
        raise FileProblems([Problem(str(folder / CHRONICLE_FILE), 1, 1, "", told)])
    return lead, title, names, indicators


def run_chronicle(
    setup: ChronicleSetup,
    n_runs: int = 1000,
    seed: int = 1,
    progress: Progress = lambda _: None,
    *,
    blocks: Path | None = None,
) -> Years:
    """Simulate runs ``0`` to ``n_runs - 1`` under a seed, block by block.

    A block is a function of setup, seed and index alone, so a stopped study may go on anywhere.

    Args:
        blocks: Folder in which finished blocks are kept.
    """
    parts = []
    for block, low in enumerate(range(0, n_runs, BLOCK)):
        high = min(low + BLOCK, n_runs)
        place = blocks / f"block-{block:05d}.npz" if blocks else None
        parts.append(vars(_block(setup, seed, low, high, place)))
        progress(f"{high:,} of {n_runs:,} chronicles")
    return Years(**{n: np.concatenate([part[n] for part in parts], axis=-1) for n in parts[0]})


def _block(setup: ChronicleSetup, seed: int, low: int, high: int, place: Path | None) -> Years:
    """The runs ``low`` to ``high - 1``, read where they stand already."""
    done = _read(place) if place else None
    if done is None:
        done = Engine(setup.timeline, setup.plan, *setup.drawn(seed, low, high)).run()
        if place:
            with new_file(place) as file:
                np.savez(file, **vars(done))
    return done


def _read(path: Path) -> Years | None:
    """A finished block; None where there is none, or where it is damaged."""
    try:
        with path.open("rb") as file, np.load(file) as stored:
            return Years(**{name: stored[name] for name in Years.__dataclass_fields__})
    except (OSError, ValueError, KeyError, BadZipFile, EOFError):
        return None


def study_in(
    folder: Path, setup: ChronicleSetup, n_runs: int, seed: int, progress: Progress
) -> Years:
    """Simulate into a folder, taking up the blocks that stand there already.

    Raises:
        InputError: If the folder holds another study.
    """
    make_durably(folder / "blocks")
    manifest, kept = folder / "manifest.json", _manifest(setup, n_runs, seed)
    if manifest.exists() and manifest.read_bytes() != kept:
        raise InputError(f"{folder}: holds another chronicle; choose a new folder")
    write_durably(manifest, kept)
    whole = run_chronicle(setup, n_runs, seed, progress, blocks=folder / "blocks")
    for name, frame in TABLES.items():
        write_durably(folder / f"{name}.csv", frame(setup, whole).to_csv(index=False).encode())
    write_durably(folder / "result.json", _json(summarise_states(setup, whole)))
    return whole


def _manifest(setup: ChronicleSetup, n_runs: int, seed: int) -> bytes:
    """What decides the study, with a digest of all files that it rests on."""
    content = [
        setup.record.model_dump(mode="json"),
        sorted((*key, *sorted(series.items())) for key, series in setup.panel.values.items()),
        [vars(row) for row in setup.indicators],
        {name: case.digest for name, case in setup.cases.items()},
    ]
    return _json(
        {
            "alliance": setup.record.alliance,
            "digest": sha256(json.dumps(content, sort_keys=True, default=str).encode()),
            "years": [setup.years[0], setup.years[-1]],
            "plan": {**vars(setup.plan), "without": sorted(setup.plan.without)},
            "parameters": setup.overrides,
            "crisis_settings": setup.crisis_settings,
            "over_priors": setup.over_priors,
            "n_runs": n_runs,
            "seed": seed,
            "version": version("foedus"),
        }
    )


def _json(result: object) -> bytes:
    text = json.dumps(plain(result), indent=2, ensure_ascii=False, sort_keys=True)
    return f"{text}\n".encode()


def play_chronicle(
    setup: ChronicleSetup,
    run: int = 0,
    seed: int = 1,
    agent_class: type[StateOverYears] = StateOverYears,
) -> AllianceOverYears:
    """Play one run with the Mesa model; bit for bit the run of that number of the array engine."""
    drawn = setup.drawn(seed, run, run + 1)
    return AllianceOverYears(setup.timeline, setup.plan, *drawn, agent_class).play()
