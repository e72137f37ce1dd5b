"""What explains an answer, on a terminal: positions as sums, attributions, sensitivity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.columns import Columns, number, plain_columns, table
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level, Stance
from foedus.data.vocabulary import words
from foedus.plots.story_text import ANSWERS
from foedus.plots.words import BY_PROCEDURE, DOES, listed

if TYPE_CHECKING:
    from foedus.analysis.explain.attribution import Attribution
    from foedus.analysis.explain.control import Control, Pivot
    from foedus.analysis.explain.decomposition import Explanation, MemberAccount
    from foedus.analysis.explain.sensitivity import Sensitivity

VOTES = {Stance.SUPPORT: "yes", Stance.ABSTAIN: "abstains", Stance.OBJECT: "no"}
TURNS: Columns = (
    ("attribute", "{attribute}"),
    ("is#", "{value:.3g}"),
    ("would be#", "{becomes:.3g}"),
    ("answer then", "{answer.label}"),
)


def of_explanation(
    case: Case, explanation: Explanation, member: str | None
) -> Iterator[RenderableType]:
    """What decided, then why each member took its position, then what would change the answer."""
    run = "the run without chance" if explanation.run is None else f"run {explanation.run}"
    yield Text(f"{case.scenario.title}, {run}, day {explanation.day}", style="bold")
    yield f"{what_decided(case, explanation)}\n"
    bars = ", ".join(f"{w} {b:+.2f}" for w, b in zip(LEVELS[1:], explanation.bars, strict=True))
    yield (
        f"Needed for {bars}. A member more than {explanation.room:.2f} below the threshold blocks."
        "\n"
    )
    for account in explanation.members:
        if member in (None, account.state):
            yield _account(case, account)
    yield table(
        "Single changes that would change the answer, the smallest first",
        TURNS,
        explanation.turns[:8],
    )


def what_decided(case: Case, explanation: Explanation) -> str:
    """What decided, in a sentence or two."""
    answer = explanation.answer
    parts = [f"The alliance {DOES[answer]}."]
    if explanation.by_procedure:
        parts.append(BY_PROCEDURE)
    elif answer > Level.NONE:
        parts.append(f"In favour: {_names(case, explanation, answer, Stance.SUPPORT) or 'nobody'}.")
    if answer < Level.DEPLOY:
        parts.append(_what_failed(case, explanation, Level(answer + 1)))
    if explanation.turns:
        turn = explanation.turns[0]
        parts.append(
            f"The smallest single change that changes it: {turn.attribute} from {turn.value:.3g} "
            f"to {turn.becomes:.3g} gives {turn.answer.label}."
        )
    return " ".join(parts)


def _what_failed(case: Case, explanation: Explanation, level: Level) -> str:
    """Why the next higher answer was not taken."""
    against = _names(case, explanation, level, Stance.OBJECT)
    aside = _names(case, explanation, level, Stance.ABSTAIN)
    said = [f"against: {against}"] if against else []
    said += [f"abstaining: {aside}"] if aside else []
    weak = "too few members are in favour"
    thing = ANSWERS[level]
    return f"{thing[0].upper()}{thing[1:]}: not agreed ({'; '.join(said) or weak})."


def _names(case: Case, explanation: Explanation, level: Level, stance: Stance) -> str:
    voters = [m for m in explanation.members if m.state != case.scenario.requester]
    return listed([case.name_of(m.state) for m in voters if m.stances[level - 1] is stance])


def _account(case: Case, account: MemberAccount) -> Group:
    rows = [
        (words("term", name), f"{value:+.2f}")
        for name, value in account.terms.items()
        if abs(value) > 1e-12
    ]
    weight = f"weight on others' views: {account.susceptibility:.2f}"
    rows += [
        ("= its own view", f"{account.private:+.2f}"),
        (f"moved by influence ({weight})", f"{account.moved:+.2f}"),
        ("= its position", f"{account.position:+.2f}"),
    ]
    said = ", ".join(
        f"{word} {VOTES[stance]}" for word, stance in zip(LEVELS[1:], account.stances, strict=True)
    )
    asks = account.state == case.scenario.requester
    lines = [f"{'Would vote' if asks else 'Votes'}: {said}.\n"]
    if account.susceptibility > 0 and account.heard:
        heard = (f"{h.state} {h.weight:.0%} at {h.position:+.2f}" for h in account.heard[:3])
        lines.insert(0, f"Hears {'; '.join(heard)}.")
    title = f"{case.name_of(account.state)} ({account.state})"
    return Group(table(title, plain_columns(("term", "log-odds#")), rows), *map(Text, lines))


def of_pivots(case: Case, pivots: Iterable[Pivot]) -> Table:
    """How often the answer depends on each member's alignment."""
    return table(
        f"{case.scenario.title}: how often one member's alignment decides",
        (
            ("member", lambda one: case.name_of(one.state)),
            ("if 0: lower answer %", "{p_lower:%}"),
            ("if 1: higher answer %", "{p_higher:%}"),
        ),
        pivots,
        caption="alignment: 0 hostile to the government that asks, 1 lead state or client",
    )


def of_attribution(first: str, second: str, found: Attribution) -> Table:
    """What accounts for the difference of p(deploy) between two crises."""
    rows = [(one.name, one.first, one.second, one.value, one.error) for one in found.shares]
    return table(
        f"Why {second} ({found.p_second:.2f}) and not {first} ({found.p_first:.2f})? "
        f"Shapley values of p(deploy), {found.n_orders} orders",
        (
            ("attribute", lambda row: row[0].replace("patron.", "lead state.")),
            (f"{first}#", "{1:.3g}"),
            (f"{second}#", "{2:.3g}"),
            ("accounts for#", "{3:+.3f}"),
            ("±", "{4:.3f}"),
        ),
        [*rows, ("the members themselves", None, None, found.make_up, None)],
    )


def of_sensitivity(found: Sensitivity, n: int = 15) -> Table:
    """Effects on one output, strongest first."""
    return table(
        f"What drives {found.output}: Morris over all inputs, Sobol over the strongest "
        f"({found.n_points:,} points of {found.n_runs} runs)",
        (
            ("input", "{factor.name}"),
            ("varied over", "{factor.low:.2f} to {factor.high:.2f}"),
            ("mean |effect|#", "{mu_star:.3f}"),
            ("first#", lambda effect: _index(effect.first, effect.first_error)),
            ("total#", lambda effect: _index(effect.total, effect.total_error)),
            ("total, half the points#", lambda effect: _index(found.half.get(effect.factor.name))),
        ),
        found.effects[:n],
        caption="first: share of the variance that the input explains alone; total: with others",
    )


def _index(value: float | None, error: float | None = None) -> str:
    return number(value) + ("" if value is None or error is None else f" ±{error:.2f}")


def of_control(found: Sequence[Control]) -> Table:
    """Who decides: how much of the answer each group holds, by the weight of influence."""
    from foedus.analysis.explain.control import averaged

    one = found[0]
    what = one.case if len(found) == 1 else f"the mean of {len(found)} crises"
    return table(
        f"Who decides in {what}: {one.n_points:,} points of {one.n_runs} runs for each rho",
        (
            ("rho, influence of the lead state#", "{0[0]:g}"),
            ("group", "{0[1]}"),
            ("total index#", "{1[0]:.2f}"),
            ("worst %", "{1[1]:%}"),
            ("best %", "{1[2]:%}"),
        ),
        averaged(found).items(),
        caption="total index: share of the variance of the answer in which the group has a part "
        "(Sobol). worst, best: probability of deploy with all its attributes at that end",
    )
