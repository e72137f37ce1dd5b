"""The command `foedus explain`: what decided, and each member's position as a sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from foedus.cli import options as opt
from foedus.cli.columns import Columns, plain_columns, styled, table
from foedus.cli.output import give
from foedus.cli.root import app
from foedus.data.terms import LEVELS, Level, Stance

if TYPE_CHECKING:
    from rich.console import RenderableType

    from foedus.analysis.explain.decomposition import Explanation, MemberAccount
    from foedus.data.library import Case
    from foedus.model.setup import Setup

Pivotal = Annotated[bool, opt.switch("--pivotal", "How often each member's alignment decides.")]

VOTES = {Stance.SUPPORT: "yes", Stance.ABSTAIN: "abstains", Stance.OBJECT: "no"}
TURNS: Columns = (
    ("attribute", "{attribute}"),
    ("is#", "{value:.3g}"),
    ("would be#", "{becomes:.3g}"),
    ("answer then", "{answer.label}"),
)


@opt.command(app)
def explain(
    changes: opt.Changes,
    scenario: opt.Scenario,
    member: opt.Member = None,
    run: opt.OneRun = None,
    seed: opt.Seed = 1,
    pivotal: Pivotal = False,
) -> None:
    """What decided: each member's position, and what would change it."""
    from foedus.analysis.explain.decomposition import explain as explained
    from foedus.analysis.frames import plain

    setup = changes.setup(scenario)
    state = opt.chosen_member(setup.case, member) if member else None
    if pivotal:
        given = {"member": member, "run": run is not None}
        opt.refuse("--pivotal looks at all members in all runs and", **given)
        _pivotal(setup, seed)
        return
    found = explained(setup, run, seed)
    record = {"id": setup.case.id, "seed": seed, **plain(found)}
    if state is not None:
        record["members"] = [one for one in record["members"] if one["state"] == state]
    give(record, _of_explanation(setup.case, found, state))


def _pivotal(setup: Setup, seed: int) -> None:
    """How often the answer depends on each member's alignment."""
    from foedus.analysis.explain.control import pivotal_members

    pivots = pivotal_members(setup, seed=seed)
    shown = table(
        f"{setup.case.scenario.title}: how often one member's alignment decides",
        (
            ("member", lambda one: setup.case.name_of(one.state)),
            ("if 0: lower answer %", "{p_lower:%}"),
            ("if 1: higher answer %", "{p_higher:%}"),
        ),
        pivots,
        caption="alignment: 0 hostile to the government that asks, 1 lead state or client",
    )
    give([vars(pivot) for pivot in pivots], shown)


def _of_explanation(case: Case, found: Explanation, member: str | None) -> Iterator[RenderableType]:
    """What decided, then why each member took its position, then what would change the answer."""
    run = "the run without chance" if found.run is None else f"run {found.run}"
    yield styled(f"{case.scenario.title}, {run}, day {found.day}")
    yield f"{' '.join(_what_decided(case, found))}\n"
    bars = ", ".join(f"{w} {b:+.2f}" for w, b in zip(LEVELS[1:], found.bars, strict=True))
    yield f"Needed for {bars}. A member more than {found.room:.2f} below the threshold blocks.\n"
    for account in found.members:
        if member in (None, account.state):
            yield from _account(case, account)
    title = "Single changes that would change the answer, the smallest first"
    yield table(title, TURNS, found.turns[:8])


def _what_decided(case: Case, found: Explanation) -> Iterator[str]:
    """What decided, in a sentence or two."""
    from foedus.plots.story_text import ANSWERS
    from foedus.plots.words import BY_PROCEDURE, DOES, listed

    voters = [m for m in found.members if m.state != case.scenario.requester]

    def names(level: Level, stance: Stance) -> str:
        return listed([case.name_of(m.state) for m in voters if m.stances[level - 1] is stance])

    yield f"The alliance {DOES[found.answer]}."
    if found.by_procedure:
        yield BY_PROCEDURE
    elif found.answer > Level.NONE:
        yield f"In favour: {names(found.answer, Stance.SUPPORT) or 'nobody'}."
    if found.answer < Level.DEPLOY:
        level = Level(found.answer + 1)
        told = {"against": Stance.OBJECT, "abstaining": Stance.ABSTAIN}
        said = [f"{word}: {names(level, s)}" for word, s in told.items() if names(level, s)]
        thing = ANSWERS[level][0].upper() + ANSWERS[level][1:]
        yield f"{thing}: not agreed ({'; '.join(said) or 'too few members are in favour'})."
    for turn in found.turns[:1]:
        yield (
            f"The smallest single change that changes it: {turn.attribute} from {turn.value:.3g} "
            f"to {turn.becomes:.3g} gives {turn.answer.label}."
        )


def _account(case: Case, account: MemberAccount) -> Iterator[RenderableType]:
    """One member: the terms of its position, whom it hears, how it votes."""
    from foedus.data.vocabulary import words

    terms = {words("term", name): value for name, value in account.terms.items()}
    rows = [
        *((name, f"{value:+.2f}") for name, value in terms.items() if abs(value) > 1e-12),
        ("= its own view", f"{account.private:+.2f}"),
        (
            f"moved by influence (weight on others' views: {account.susceptibility:.2f})",
            f"{account.moved:+.2f}",
        ),
        ("= its position", f"{account.position:+.2f}"),
    ]
    title = f"{case.name_of(account.state)} ({account.state})"
    yield table(title, plain_columns(("term", "log-odds#")), rows)
    if account.susceptibility > 0 and account.heard:
        heard = (f"{h.state} {h.weight:.0%} at {h.position:+.2f}" for h in account.heard[:3])
        yield f"Hears {'; '.join(heard)}."
    votes = (f"{w} {VOTES[s]}" for w, s in zip(LEVELS[1:], account.stances, strict=True))
    asks = account.state == case.scenario.requester
    yield f"{'Would vote' if asks else 'Votes'}: {', '.join(votes)}.\n"
