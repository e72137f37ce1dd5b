"""How figures and reports say numbers and levels: one place, so that they never differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from foedus.data.library import Case
from foedus.data.register import register
from foedus.data.terms import Ending, Level
from foedus.data.vocabulary import entries, words

if TYPE_CHECKING:
    from foedus.model.outcome import Story
    from foedus.model.setup import Setup

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

DOES = {level: words("alliance does", level.label) for level in Level}
"""What the alliance does, at each level."""

DID = {level: words("alliance did", level.label) for level in Level}
"""What it did."""

HELP = tuple(words("help", level.label) for level in Level)
"""What a caller gets, by answer."""

BY_PROCEDURE = "Its rule brings nothing, but its procedure has it meet when help is asked for."
"""Of a council that consults whatever its members say."""


OVER_PRIORS = (
    "uncertain parameters: every run draws its own values of them; ±: error of the simulation"
)
"""What stands under a table with both columns."""


def end_of(case: Case, ending: Ending, *, past: bool = False) -> str:
    """How a crisis ends, and whose it is: ``the crisis of Kazakhstan is over``."""
    who = case.name_of(case.scenario.requester)
    if ending is Ending.QUELLED:
        return f"the crisis of {who} {'was' if past else 'is'} over"
    if ending is Ending.HORIZON:
        return f"the crisis of {who} still {'went' if past else 'goes'} on"
    if case.scenario.requester == case.patron:
        return f"{who} {'lost' if past else 'loses'} its crisis"
    return f"the government of {who} {'fell' if past else 'falls'}"


def end_on(case: Case, story: Story, *, past: bool = False) -> str:
    """How a run ends, and on which day."""
    horizon = story.ending is Ending.HORIZON
    when = f"after {story.day_ended} days" if horizon else f"on day {story.day_ended}"
    return f"{end_of(case, story.ending, past=past)} {when}"


def role_of(state: str, case: Case) -> str:
    """What a member is in a crisis, in words; nothing where it is one of the others."""
    roles = {
        case.scenario.requester: "asks",
        case.patron: "lead state",
        case.scenario.adversary.iso3: "adversary",
    }
    if state == case.patron == case.scenario.requester:
        return "lead state, asks"
    return roles.get(state, "")


def percent(share: float) -> str:
    """A share as a whole percentage; small ones stay visible, and so do those near all."""
    whole = f"{100 * share:.0f}"
    if whole == "0" and share > 0:
        whole = "<1"
    elif whole == "100" and share < 1:
        whole = ">99"
    return f"{whole}{SPACE}%"


def number(value: float, digits: int = 2, sign: Literal["", "+"] = "") -> str:
    """A number with so many digits, typographic minus, and no minus zero."""
    text = f"{value:{sign}.{digits}f}"
    return text.replace("-", MINUS) if float(text) else f"{0:.{digits}f}"


def signed(value: float, digits: int = 2) -> str:
    """A number with its sign."""
    return number(value, digits, "+")


def n_troops(low: float, high: float | None = None) -> str:
    """A number of troops, or a range of them."""
    if high is None or high == low:
        return f"{low:,.0f}"
    return f"{low:,.0f} to {high:,.0f}"


def runs(n: int) -> str:
    """``1 run``, ``1,000 runs``."""
    return f"{n:,}{SPACE}run" + ("" if n == 1 else "s")


def n_crises(n: int) -> str:
    """``1 crisis``, ``29 crises``."""
    return f"{n} {'crisis' if n == 1 else 'crises'}"


def run_said(n: int | None) -> str:
    """A run by its number, or the run in which nothing is random."""
    return "the run without noise" if n is None else f"run {n}"


def of(name: str) -> str:
    """The possessive of a state's name."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def source_of(setup: Setup, seed: int, n_runs: int | None, version: str) -> str:
    """The source line of a figure: what was run, how often, under which seed, by which version."""
    parts = [f"foedus {version}", f"scenario {setup.case.id} ({setup.case.digest[:8]})"]
    if n_runs is not None:
        parts.append(f"{runs(n_runs)}, seed {seed}")
    parts.append(set_by_hand(setup))
    return " · ".join(parts)


def set_by_hand(setup: Setup) -> str:
    """What differs from the register and the file, in a few words."""
    said = []
    if setup.theory is not None:
        said.append(f"theory: {setup.theory.title}")
    if setup.rule is not None:
        said.append(f"rule: {setup.rule}")
    said += [f"without {state}" for state in setup.without]
    said += [f"{state}: {stance.label}" for state, stance in setup.stances.items()]
    changed = {**setup.settings.parameters, **setup.settings.attributes}
    said += [f"{name}={value:g}" for name, value in changed.items()]
    if setup.calibrated:
        said.append(f"{len(setup.calibrated)} calibrated parameters")
    if setup.endogenous:
        said.append("endogenous requests")
    if not setup.drawn_codes:
        said.append("coders' means")
    return ", ".join(said) if said else "default parameters"


def meaning_of(name: str) -> str:
    """What a parameter or attribute means, in a few words, for axes and tables."""
    coded = entries("attribute").get(name.rpartition(".")[2])
    said = coded.description if coded else register()[name].description.partition(":")[0]
    said = said.partition(" (")[0].partition(";")[0].partition(", ")[0]
    return f"{said[0].lower()}{said[1:]}"


def short_title(case: Case) -> str:
    """The case's title without what stands in brackets."""
    before, _, rest = case.scenario.title.partition(" (")
    return before + rest.partition(")")[2]
