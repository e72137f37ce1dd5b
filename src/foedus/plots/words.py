"""How figures, reports and stories say numbers, levels and runs: one place, so none differs.

The reason given for a vote is the largest part of the member's position that points the same way
(model, sections 1 to 3): one of its terms, or the influence of others where that is larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from foedus.data.library import Case
from foedus.data.register import register
from foedus.data.terms import LEVELS, Ending, Level, Stance
from foedus.data.vocabulary import entries, words

if TYPE_CHECKING:
    from foedus.analysis.explain.decomposition import MemberAccount
    from foedus.model.outcome import Day, Story
    from foedus.model.setup import Setup

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

ANSWERS = {level: words("answer", level.label) for level in Level}
"""The answers as things."""

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
    asks, adversary = case.scenario.requester, case.scenario.adversary.iso3
    roles = ((case.patron, "lead state"), (asks, "asks"), (adversary, "adversary"))
    return ", ".join(role for who, role in roles if who == state)


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


def date_of(case: Case, day: int) -> str:
    """The date of a day of the run."""
    return written(case.scenario.dates.coded + timedelta(days=day))


def written(day: date) -> str:
    """A date in words: ``5 January 2022``."""
    return f"{day.day} {day:%B %Y}"


def asked_for(asked: float, answers: Mapping[Level, str] = ANSWERS) -> str:
    """What a level asked for means: ``material support or a force``."""
    low = max(1, int(asked))
    named = answers[Level(low)]
    return named if asked <= low else f"{named} or {answers[Level(low + 1)]}"


def story_lines(case: Case, story: Story, accounts: Sequence[MemberAccount] = ()) -> Iterator[str]:
    """The story in sentences.

    Args:
        accounts: What decided each member's position in this run; without them no reasons are
            given.
    """
    yield _request(case, story.days[0])
    first = next((day for day in story.days if day.council_sat), None)
    if first is None:
        yield "The council never met."
    elif story.level is Level.NONE:
        when = f"day {first.day} ({date_of(case, first.day)})"
        yield f"The council first meets on {when}. It finds no answer."
        yield from _votes(case, story.days[-1], Level.CONSULT, accounts)
    else:
        yield from _answers(case, story, accounts)
    yield from _troops_sent(case, story)
    cut = "; the simulation ends here" if story.ending is Ending.HORIZON else ""
    end = f"{end_of(case, story.ending)}{cut}"
    yield f"Day {story.day_ended}: {end}. Answer: {story.level.label}."
    yield history_line(case)


def _request(case: Case, day: Day) -> str:
    """Who asked whom for what."""
    asker = case.name_of(case.scenario.requester)
    start = f"Day 0 ({written(case.scenario.dates.coded)}):"
    danger = f"The danger to the government is {day.intensity:.2f} on a scale of 0 to 1."
    if day.channel <= 0 or day.asked <= 0:
        return f"{start} {asker} has not asked its allies for help. {danger}"
    how = "formally asks" if day.channel >= 0.75 else "asks informally, not by a formal request,"
    return f"{start} {asker} {how} its allies for {asked_for(day.asked)}. {danger}"


def _answers(case: Case, story: Story, accounts: Sequence[MemberAccount]) -> Iterator[str]:
    """Each answer of the council with its votes, and reasons for the last."""
    before = Level.NONE
    for day in story.days:
        if day.answer > before:
            before = day.answer
            how = f" {BY_PROCEDURE}" if day.by_procedure else ""
            yield f"Day {day.day}: the council decides on {ANSWERS[before]}.{how}"
            yield from _votes(case, day, before, accounts if before is story.level else ())


def _votes(case: Case, day: Day, level: Level, accounts: Sequence[MemberAccount]) -> Iterator[str]:
    """What each member said to one level and, where known, why."""
    said = {Stance.SUPPORT: "yes", Stance.ABSTAIN: "abstains", Stance.OBJECT: "no"}
    alone, asks = len(day.members) == 1, case.scenario.requester
    voters = {m.state: m.stances[level - 1] for m in day.members if m.state != asks or alone}
    known = {account.state: account for account in accounts}
    groups = {stance: [s for s, vote in voters.items() if vote is stance] for stance in said}
    if not known:
        named = {said[stance]: list(map(case.name_of, who)) for stance, who in groups.items()}
        votes = "; ".join(f"{listed(names)} {word}" for word, names in named.items() if names)
        yield f"    Votes on {LEVELS[level]}: {votes}."
        return
    for stance, states in groups.items():
        for state in states:
            why = reason(known[state], for_it=stance is Stance.SUPPORT)
            yield f"    {case.name_of(state)}: {said[stance]}, because {why}."


def reason(account: MemberAccount, *, for_it: bool) -> str:
    """The largest part of a position that points the way of the vote, as a clause.

    Terms that are random are named beside it where they count for more.
    """
    reasons, sign = ("reason for", 1.0) if for_it else ("reason against", -1.0)
    parts = {**account.terms, "influence": account.moved}
    chance = ("unmeasured, this crisis", "unmeasured, this government")
    luck = sign * sum(parts.pop(name, 0.0) for name in chance)
    name = max(entries(reasons), key=lambda name: sign * parts.get(name, 0.0))
    strength = sign * parts.get(name, 0.0)
    said = (
        "the reasons for it outweigh those against" if for_it else "it sees too few reasons for it"
    )
    if strength > 0:
        said = words(reasons, name)
    return f"{said}, and because of this run's random part" if luck > max(strength, 0.0) else said


def _troops_sent(case: Case, story: Story) -> Iterator[str]:
    """What was sent, and when it was there."""
    sent = sorted(((n, case.name_of(s)) for s, n in story.troops.items() if n), reverse=True)
    if story.level is not Level.DEPLOY or not sent:
        return
    shares = ", ".join(f"{name} {n:,}" for n, name in sent)
    yield f"Sent: {sum(n for n, _ in sent):,} troops ({shares})."
    there = next((day for day in story.days if day.in_place), None)
    if there is not None:
        yield f"Day {there.day}: {there.in_place:,} troops are in place."


def history_line(case: Case) -> str:
    """What the alliance did in history, in a sentence."""
    known, level = case.scenario.history, case.scenario.answer
    if known is None or level is None:
        return "In history: this crisis is a what-if and has no record."
    when = f" on {written(known.decided)}" if known.decided else ""
    sent = known.troops.get("total")
    force = f", with {n_troops(*sent)} troops" if sent and level is Level.DEPLOY else ""
    return f"In history: the alliance {DID[level]}{when}{force}."
