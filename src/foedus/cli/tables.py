"""What the commands show on a terminal: tables and stories, made with rich."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.fitting import pieces
from foedus.data.library import Case
from foedus.data.register import Parameter
from foedus.data.schema import mean, spread
from foedus.data.terms import CRISIS_ATTRIBUTES, LEVELS, MEMBER_ATTRIBUTES, Ending, Level, Stance
from foedus.data.vocabulary import label
from foedus.plots.words import BY_PROCEDURE

if TYPE_CHECKING:
    from foedus.analysis.explain.decomposition import Explanation, MemberAccount
    from foedus.analysis.forecast.history import HistoryTable
    from foedus.analysis.forecast.scores import Forecaster
    from foedus.analysis.summary import Spread, Summary
    from foedus.model.ensemble import Ensemble
    from foedus.model.numbers import Array
    from foedus.model.story import Day, Story

PIPED_WIDTH = 160
"""Columns of a table where the output is no terminal."""


def show(part: RenderableType) -> None:
    """Print one table or text to standard output; its words are shown as they are, never obeyed."""
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    console = Console(
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not sys.stdout.isatty(),
    )
    put(part, console)


def put(part: RenderableType, console: Console) -> None:
    """Print one table or text to a console, fitted to its width."""
    for piece in pieces(part, console) if isinstance(part, Table) else (part,):
        console.print(piece)


def titled(title: str, *columns: str, caption: str | None = None) -> Table:
    """An empty table; a column whose name ends with ``#``, ``%`` or ``+-`` holds numbers."""
    table = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for column in columns:
        number = column.endswith(("%", "+-", "#"))
        justify: Literal["left", "right"] = "right" if number else "left"
        table.add_column(column.rstrip("#"), justify=justify, overflow="fold")
    return table


def percent(share: float) -> str:
    """A probability as a whole percentage; small ones stay visible."""
    whole = f"{100 * share:.0f}"
    return "<1" if whole == "0" and share > 0 else whole


def case_record(case: Case) -> dict[str, Any]:
    """One line about a case, as plain values."""
    scenario = case.scenario
    return {
        "id": scenario.id,
        "alliance": scenario.alliance,
        "title": scenario.title,
        "requester": scenario.requester,
        "asked": scenario.crisis.asked.value,
        "history": scenario.history.level if scenario.history else None,
        "extends": scenario.extends,
        "quality": scenario.quality,
    }


def of_cases(cases: Sequence[Case]) -> Table:
    """The library."""
    table = titled(
        f"{len(cases)} scenarios", "id", "alliance", "crisis", "asked#", "answer", "sources"
    )
    for case in cases:
        row = case_record(case)
        table.add_row(
            row["id"],
            row["alliance"],
            row["title"],
            f"{row['asked']:g}",
            row["history"] or f"(changes {row['extends']})",
            row["quality"],
        )
    return table


def of_case(case: Case) -> Iterator[RenderableType]:
    """A case in full."""
    scenario = case.scenario
    yield Text(f"{scenario.title} ({scenario.id}, {case.alliance.name})", style="bold")
    yield Text(scenario.question, style="italic")
    yield Text(f"\n{scenario.summary}\n")
    codes = titled(
        f"The crisis as judged on {scenario.dates.coded}",
        "attribute",
        "value#",
        "range#",
        "why",
        "source",
    )
    for name in CRISIS_ATTRIBUTES:
        code = getattr(scenario.crisis, name)
        codes.add_row(name, f"{code.value:g}", f"{code.range:g}", code.why, ", ".join(code.source))
    yield codes
    members = titled("The members", "state", *(f"{n}#" for n in MEMBER_ATTRIBUTES), "why")
    for state, member in scenario.members.items():
        coded = [getattr(member, name) for name in MEMBER_ATTRIBUTES]
        values = ["" if c is None else f"{mean(c):.3g}{'*' if spread(c) else ''}" for c in coded]
        members.add_row(case.name_of(state), *values, member.why)
    yield members
    yield Text("* the coders differ; the value is their mean\n")
    if scenario.history:
        history = scenario.history
        yield Text(f"History: {history.level}. {history.why}\n", style="bold")
    if scenario.sources:
        sources = titled("Sources", "key", "where")
        for key, where in scenario.sources.items():
            sources.add_row(key, where)
        yield sources


def of_ensemble(result: Ensemble, summary: Summary, over_priors: Array) -> Iterator[RenderableType]:
    """An ensemble beside its average over the priors, and history."""
    case = result.setup.case
    history = case.scenario.history
    table = titled(
        f"{case.scenario.title}: {result.n_runs:,} runs, seed {result.seed}",
        "answer",
        "%",
        "+-",
        "over priors %",
        "history",
        caption="over priors: every run draws its own parameters from the register's priors",
    )
    for level in Level:
        table.add_row(
            level.label,
            percent(summary.p_levels[level]),
            f"{100 * summary.errors[level]:.1f}",
            percent(over_priors[level]),
            "<- what happened" if history and history.level == level.label else "",
        )
    yield table
    if summary.decision_day:
        yield Text(
            f"Decided on day {_spread(summary.decision_day)}; day 0 is {case.scenario.dates.coded}."
        )
    yield Text(
        f"Crisis quelled in {percent(summary.p_quelled)} %, lost in {percent(summary.p_lost)} %, "
        f"open on day {case.scenario.horizon_days} in {percent(summary.p_open)} % of the runs; "
        f"days to the end: {_spread(summary.days_to_end)}."
    )
    if summary.troops:
        troops = titled(
            "Troops, where the alliance deploys", "state", "median#", "90 % of runs", "history"
        )
        reported = history.troops if history else {}
        for state, men in summary.troops.items():
            then = reported.get(state)
            troops.add_row(
                case.name_of(state),
                f"{men.median:,.0f}",
                f"{men.low:,.0f} to {men.high:,.0f}",
                _reported(then),
            )
        yield troops


def _reported(men: tuple[int, int] | None) -> str:
    if men is None:
        return ""
    low, high = men
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _spread(spread: Spread) -> str:
    return f"{spread.median:g} (90 % of runs: {spread.low:.0f} to {spread.high:.0f})"


def of_history(table: HistoryTable) -> Iterator[RenderableType]:
    """All crises beside what happened."""
    n_runs = table.rows[0].ensemble.n_runs if table.rows else 0
    crises = titled(
        f"Every crisis with a known answer, {n_runs:,} runs each",
        "crisis",
        "asked#",
        "history",
        *(f"{word} %" for word in LEVELS),
        "",
        "troops, history",
    )
    for row in table.rows:
        men = row.summary.troops.get("total")
        then = row.case.scenario.history
        cells = [
            Text(percent(p), style="bold" if k == row.observed else "")
            for k, p in enumerate(row.summary.p_levels)
        ]
        crises.add_row(
            row.case.id,
            f"{row.case.scenario.crisis.asked.value:g}",
            row.observed.label,
            *cells,
            "right" if row.summary.most_probable == row.observed else "",
            _men(men, then.troops.get("total") if then else None, row.observed),
        )
    yield crises
    yield of_forecasters(table.forecasters)
    yield Text(table.caution)


def _men(men: Spread | None, then: tuple[int, int] | None, observed: Level) -> str:
    if observed != Level.DEPLOY or men is None:
        return ""
    return f"{men.median:,.0f}, {_reported(then) or 'not known'}"


def of_forecasters(forecasters: Iterable[Forecaster]) -> Table:
    """Scores of model and baselines."""
    table = titled(
        "Scores: mean over crises, lower is better; skill is against the base rate",
        "forecast",
        "ranked probability#",
        "log#",
        "Brier of deploy#",
        "skill#",
        "90 % of crises",
    )
    for one in forecasters:
        low, high = one.interval
        table.add_row(
            one.name,
            f"{one.rps.mean():.3f}",
            f"{one.log.mean():.3f}",
            f"{one.brier.mean():.3f}",
            f"{one.skill:+.2f}",
            f"{low:+.2f} to {high:+.2f}",
        )
    return table


def of_explanation(
    case: Case, explanation: Explanation, member: str | None
) -> Iterator[RenderableType]:
    """Why each member stood where it stood."""
    run = "the run without noise" if explanation.run is None else f"run {explanation.run}"
    yield Text(
        f"{case.scenario.title}, {run}, day {explanation.day}: {explanation.answer.label}",
        style="bold",
    )
    bars = ", ".join(f"{w} {b:+.2f}" for w, b in zip(LEVELS[1:], explanation.bars, strict=True))
    if explanation.by_procedure:
        yield Text(BY_PROCEDURE)
    yield Text(f"Bars: {bars}; a member may stand {explanation.room:.2f} below without blocking.\n")
    for account in explanation.members:
        if member in (None, account.state):
            yield _account(case, account)
    turns = titled(
        "The smallest change of one attribute that changes the answer",
        "attribute",
        "is#",
        "would be#",
        "answer",
    )
    for turn in explanation.turns[:8]:
        turns.add_row(turn.attribute, f"{turn.value:.3g}", f"{turn.becomes:.3g}", turn.answer.label)
    yield turns


def _account(case: Case, account: MemberAccount) -> Group:
    table = titled(f"{case.name_of(account.state)} ({account.state})", "term", "log-odds#")
    for name, value in account.terms.items():
        if abs(value) > 1e-12:
            table.add_row(name, f"{value:+.2f}")
    table.add_row("= its own view", f"{account.private:+.2f}", style="bold")
    table.add_row(
        f"moved by influence (listens {account.susceptibility:.2f})", f"{account.moved:+.2f}"
    )
    table.add_row("= its position", f"{account.position:+.2f}", style="bold")
    heard = "; ".join(f"{h.state} {h.weight:.0%} at {h.position:+.2f}" for h in account.heard[:3])
    votes = ", ".join(
        f"{word} {label('stance', stance.name.lower())}"
        for word, stance in zip(LEVELS[1:], account.stances, strict=True)
    )
    return Group(table, Text(f"Hears {heard or 'nobody'}."), Text(f"Votes: {votes}.\n"))


def tell(case: Case, story: Story) -> None:
    """Tell one run day by day."""
    show(Text(f"{case.scenario.title}: run {story.run} of seed {story.seed}", style="bold"))
    for line in story_lines(case, story):
        show(line)


def story_lines(case: Case, story: Story) -> Iterator[str]:
    """The story as sentences, one line a day on which something happened."""
    names = case.name_of
    before = Level.NONE
    arrived = False
    yield (
        f"Day 0 ({case.scenario.dates.coded}): intensity {story.days[0].intensity:.2f}; "
        f"{names(case.scenario.requester)} "
        + ("asks." if story.days[0].channel > 0 else "has not asked.")
    )
    for day in story.days:
        if day.answer > before:
            how = f"{BY_PROCEDURE} " if day.by_procedure else ""
            said = _stances(case, day, day.answer)
            yield f"Day {day.day}: the council sits and answers {day.answer.label}. {how}{said}"
            if day.answer == Level.DEPLOY:
                yield f"        Pledged: {_pledges(case, day)}."
            before = day.answer
        if day.in_place and not arrived:
            arrived = True
            men = f"{day.in_place:,} men are in place"
            yield f"Day {day.day}: {men}; intensity {day.intensity:.2f}."
    first = next((day for day in story.days if day.council_sat), None)
    if first is None:
        yield "The council never sat."
    elif story.level == Level.NONE:
        yield f"The council first sat on day {first.day} and found no answer. " + _stances(
            case, first, Level.CONSULT
        )
    yield _end(story)


def _stances(case: Case, day: Day, level: Level) -> str:
    groups: dict[Stance, list[str]] = {}
    for member in day.members:
        if member.state != case.scenario.requester:
            groups.setdefault(member.stances[level - 1], []).append(case.name_of(member.state))
    parts = [f"{', '.join(groups[s])} for" for s in [Stance.SUPPORT] if s in groups]
    parts += [f"{', '.join(groups[s])} aside" for s in [Stance.ABSTAIN] if s in groups]
    parts += [f"{', '.join(groups[s])} against" for s in [Stance.OBJECT] if s in groups]
    return "; ".join(parts) + "."


def _pledges(case: Case, day: Day) -> str:
    men = [(m.troops, case.name_of(m.state)) for m in day.members if m.troops]
    return ", ".join(f"{name} {n:,}" for n, name in sorted(men, reverse=True))


def _end(story: Story) -> str:
    words = {
        Ending.QUELLED: f"Day {story.day_ended}: the crisis is over.",
        Ending.LOST: f"Day {story.day_ended}: the requester is lost.",
        Ending.HORIZON: f"Day {story.day_ended}: the crisis goes on.",
    }
    return f"{words[story.ending]} Answer: {story.level.label}."


def of_register(rows: Iterable[Parameter]) -> Table:
    """The register."""
    table = titled(
        "The parameter register",
        "name",
        "symbol",
        "default#",
        "prior",
        "range",
        "unit",
        "what",
        "source",
    )
    for row in rows:
        prior = row.prior if not row.is_free else f"{row.prior} {row.spread:g}"
        table.add_row(
            row.name,
            row.symbol,
            f"{row.default:g}",
            prior,
            f"{row.low:g} to {row.high:g}",
            row.unit,
            row.description,
            row.source,
        )
    return table
