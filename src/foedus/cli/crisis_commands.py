"""Commands on one crisis: run it as a story or as probabilities, explain what decided."""

import time
from collections.abc import Iterator

from foedus.analysis.explain.control import pivotal_members
from foedus.analysis.explain.decomposition import Explanation, MemberAccount
from foedus.analysis.explain.decomposition import explain as explained
from foedus.analysis.forecast.history import levels_over_priors
from foedus.analysis.frames import days_frame, plain, write_results
from foedus.analysis.summary import Spread, as_record, by_word, summarise
from foedus.cli import options as opt
from foedus.cli.output import Parts, give, make_folder, printed, said, styled, table
from foedus.cli.progress import hint, note, time_left
from foedus.cli.root import app
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level, Stance
from foedus.data.vocabulary import words
from foedus.model.ensemble import Ensemble, ensemble, story
from foedus.model.numbers import Array
from foedus.model.setup import Setup
from foedus.plots import words as wording

PILOT, LONG_RUNS = 4_000, 100_000
"""Runs that tell how long an ensemble takes, and the number from which one is asked."""


OUT_SAYS = "Write result.json and runs.csv here."


@opt.command(app)
def run(
    changes: opt.Changes,
    scenario: opt.Scenario,
    runs: opt.Runs = 1,
    seed: opt.Seed = 1,
    run: opt.OneRun = None,
    out_dir: opt.Place = opt.maybe("--out-dir", "DIR", OUT_SAYS, "-o"),
    force: opt.Force = False,
) -> None:
    """Simulate a crisis: one run as a story, many as probabilities."""
    setup = changes.setup(scenario)
    if out_dir is not None:
        make_folder(out_dir, "result.json", "runs.csv", force=force)
    if run is not None:
        opt.refuse("--run N tells one run and", out_dir=out_dir)
    if run is not None or runs == 1:
        _tell(setup, run or 0, seed)
        hint(f"foedus run {scenario} --runs 1000, for how likely each answer is")
        if out_dir is None:
            return
    _ensemble(setup, runs, seed, out_dir)


def _tell(setup: Setup, run: int, seed: int) -> None:
    told, case = story(setup, run, seed), setup.case

    def lines() -> Parts:
        which = f"run {told.run} of seed {told.seed}, one possible history"
        yield styled(f"{case.scenario.title} ({case.id}): {which}")
        yield from wording.story_lines(case, told, explained(setup, run, seed, n_steps=0).members)

    record = {"id": case.id, **plain(told)}
    give(record, lines(), lambda: days_frame(told).to_dict("records"))


def _ensemble(setup: Setup, runs: int, seed: int, out_dir: opt.Place) -> None:
    """Simulate many runs, write them where asked, and print how likely each answer is."""
    with time_left(lambda: 2 * seconds_of(setup, runs), runs >= LONG_RUNS):
        result = ensemble(setup, runs, seed)
        averaged = levels_over_priors(setup, runs, seed)
    record = {**as_record(result), "over_priors": by_word("p", averaged)}
    if out_dir is not None:
        written = write_results(result, record, out_dir)
        note(f"wrote {', '.join(str(path) for path in written)}")
    if runs > 1:
        give(record, _of_ensemble(result, averaged))


def seconds_of(setup: Setup, runs: int) -> float:
    """About how long an ensemble takes, from a small one."""
    ensemble(setup, 100)
    began = time.perf_counter()
    ensemble(setup, PILOT)
    return (time.perf_counter() - began) * runs / PILOT


def _of_ensemble(result: Ensemble, over_priors: Array) -> Parts:
    """An ensemble beside its average over the priors, and history."""
    summary, case = summarise(result), result.setup.case
    past = case.scenario.history
    happened = past.level if past else None
    rows = [
        (level, p, error, averaged, "<- what happened" if level.label == happened else "")
        for level, p, error, averaged in zip(
            Level, summary.p_levels, summary.errors, over_priors, strict=True
        )
    ]
    n_runs, seed = result.n_runs, result.seed
    yield printed("ensemble", rows, case=case, n_runs=n_runs, seed=seed, note=wording.OVER_PRIORS)
    if summary.decision_day:
        yield f"Decided {_days(case, summary.decision_day)}."
    fell = "lost by the lead state" if case.scenario.requester == case.patron else "government fell"
    yield said("endings", summary=summary, fell=fell, day=result.setup.situation.horizon_days)
    if summary.troops:
        reported = past.troops if past else {}
        sent = [_troops(case, *row, reported.get(row[0])) for row in summary.troops.items()]
        yield printed("deployed", sent)


def _troops(
    case: Case, state: str, sent: Spread, reported: tuple[int, int] | None
) -> tuple[str, ...]:
    """A state's name, and its troops: median, 90 % of runs, history."""
    spread = wording.n_troops(sent.low, sent.high) if sent.low < sent.high else "the same"
    history = wording.n_troops(*reported) if reported else ""
    return case.name_of(state), wording.n_troops(sent.median), spread, history


def _days(case: Case, spread: Spread) -> str:
    """When the answer comes: a day with its date where nearly all runs agree, else a range."""
    days = (int(spread.low), int(spread.high))
    first, last = (f"day {day} ({wording.date_of(case, day)})" for day in days)
    if first == last:
        return f"on {first} in at least 90 % of runs"
    return f"between {first} and {last} in 90 % of runs; median: day {spread.median:g}"


VOTES = {Stance.SUPPORT: "yes", Stance.ABSTAIN: "abstains", Stance.OBJECT: "no"}


@opt.command(app)
def explain(
    changes: opt.Changes,
    scenario: opt.Scenario,
    member: opt.Member = None,
    run: opt.OneRun = None,
    seed: opt.Seed = 1,
    pivotal: bool = opt.switch("--pivotal", "How often each member's alignment decides."),
) -> None:
    """What decided: each member's position, and what would change it."""
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
    pivots = pivotal_members(setup, seed=seed)
    shown = printed(
        "pivotal",
        pivots,
        title=setup.case.scenario.title,
        name=lambda one: setup.case.name_of(one.state),
    )
    give(pivots, shown)


def _of_explanation(case: Case, found: Explanation, member: str | None) -> Parts:
    """What decided, then why each member took its position, then what would change the answer."""
    run = "the run without chance" if found.run is None else f"run {found.run}"
    yield styled(f"{case.scenario.title}, {run}, day {found.day}")
    yield f"{' '.join(_what_decided(case, found))}\n"
    bars = ", ".join(f"{w} {b:+.2f}" for w, b in zip(LEVELS[1:], found.bars, strict=True))
    yield f"Needed for {bars}. A member more than {found.room:.2f} below the threshold blocks.\n"
    for account in found.members:
        if member in (None, account.state):
            yield from _account(case, account)
    yield printed("turns", found.turns[:8])


def _what_decided(case: Case, found: Explanation) -> Iterator[str]:
    voters = [m for m in found.members if m.state != case.scenario.requester]

    def names(level: Level, stance: Stance) -> str:
        return wording.listed(
            [case.name_of(m.state) for m in voters if m.stances[level - 1] is stance]
        )

    yield f"The alliance {wording.DOES[found.answer]}."
    if found.by_procedure:
        yield wording.BY_PROCEDURE
    elif found.answer > Level.NONE:
        yield f"In favour: {names(found.answer, Stance.SUPPORT) or 'nobody'}."
    if found.answer < Level.DEPLOY:
        level = Level(found.answer + 1)
        told = {"against": Stance.OBJECT, "abstaining": Stance.ABSTAIN}
        votes = [f"{word}: {names(level, s)}" for word, s in told.items() if names(level, s)]
        thing = wording.ANSWERS[level][0].upper() + wording.ANSWERS[level][1:]
        yield f"{thing}: not agreed ({'; '.join(votes) or 'too few members are in favour'})."
    for turn in found.turns[:1]:
        yield said("turn", turn=turn)


def _account(case: Case, account: MemberAccount) -> Parts:
    """One member: the terms of its position, whom it hears, how it votes."""
    moved = f"moved by influence (weight on others' views: {account.susceptibility:.2f})"
    terms = {words("term", name): value for name, value in account.terms.items()}
    rows = [
        *((name, value) for name, value in terms.items() if abs(value) > 1e-12),
        ("= its own view", account.private),
        (moved, account.moved),
        ("= its position", account.position),
    ]
    title = f"{case.name_of(account.state)} ({account.state})"
    yield table(title, (("term", "{0}"), ("log-odds#", "{1:+.2f}")), rows)
    if account.susceptibility > 0 and account.heard:
        heard = (f"{h.state} {h.weight:.0%} at {h.position:+.2f}" for h in account.heard[:3])
        yield f"Hears {'; '.join(heard)}."
    votes = (f"{w} {VOTES[s]}" for w, s in zip(LEVELS[1:], account.stances, strict=True))
    asks = account.state == case.scenario.requester
    yield f"{'Would vote' if asks else 'Votes'}: {', '.join(votes)}.\n"
