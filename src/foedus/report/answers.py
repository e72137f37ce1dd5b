"""The answer: what the model says, with its Monte-Carlo error, beside what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from foedus.analysis.summary import Spread
from foedus.data.schema import History
from foedus.data.terms import LEVELS, Ending, Level
from foedus.plots.answers_by_day import course, ensemble_picture, finding
from foedus.plots.words import DID, OVER_PRIORS, end_of, n_troops, percent, runs
from foedus.report.facts import keys
from foedus.report.figures import inline_figure
from foedus.report.markup import Html, facts, joined, subheading, table, tag
from foedus.report.material import Material


def answer_section(material: Material, prefix: str, *, short: bool = False) -> Html:
    """Verdict, bar, table, figure, troops, and what happened."""
    summary = material.summary
    parts = [
        tag("p", verdict(material), class_="verdict"),
        level_bar(summary.p_levels, material.observed),
        levels_table(material),
        tag("p", OVER_PRIORS, class_="note"),
        facts(_facts(material)),
    ]
    if not short:
        picture = ensemble_picture(material.result, summary, material.unfolding)
        finds = course(material.case, summary)
        parts.append(inline_figure(replace(picture, finding=finds), f"{prefix}ensemble"))
    if summary.troops:
        parts.append(troops_table(material))
    parts.append(history_text(material, prefix))
    return joined(parts, "\n")


def verdict(material: Material) -> str:
    """What the runs say, and beside it the same answer averaged over uncertain parameters."""
    level = material.summary.most_probable
    drawn = percent(float(material.over_priors[level]))
    said = finding(material.case, material.summary, material.result.n_runs)
    return f"{said}. With uncertain parameters: {level.label} in {drawn}."


def level_bar(p_levels: Sequence[float], observed: Level | None, *, small: bool = False) -> Html:
    """The four probabilities as one bar; what happened is framed."""
    says = ", ".join(f"{word} {percent(p)}" for word, p in zip(LEVELS, p_levels, strict=True))
    if observed is not None:
        says += f"; what happened: {observed.label}"
    pieces = []
    for level, p in enumerate(p_levels):
        if p < 0.0005 and level != observed:
            continue
        room = 0.22 if small else 0.14
        word = "" if small else tag("b", LEVELS[level])
        text = joined([word, percent(p)])
        pieces.append(
            tag(
                "span",
                text if p >= room else "",
                class_=f"l{level} was" if level == observed else f"l{level}",
                style=f"flex:{max(p, 0.004):.4f} 1 0",
            )
        )
    return tag("div", *pieces, class_="bar small" if small else "bar", role="img", aria_label=says)


def levels_table(material: Material) -> Html:
    """Probability of each level, its error, and which one came."""
    summary = material.summary
    rows = [
        (
            word,
            percent(summary.p_levels[level]),
            f"±\N{NO-BREAK SPACE}{100 * summary.errors[level]:.1f}",
            percent(float(material.over_priors[level])),
            tag("span", "what happened", class_="happened") if material.observed == level else "",
        )
        for level, word in enumerate(LEVELS)
    ]
    return table(
        f"How likely each answer is: {runs(material.result.n_runs)}, seed {material.result.seed}",
        ("answer", "probability", "±, points", "uncertain parameters", "history"),
        rows,
        numbers=(1, 2, 3),
    )


def _facts(material: Material) -> Iterator[tuple[str, str]]:
    summary = material.summary
    if summary.decision_day is not None:
        yield "Decided on day", _spread(summary.decision_day)
    yield "Run ends on day", _spread(summary.days_to_end)
    for ending, share in ((Ending.QUELLED, summary.p_quelled), (Ending.LOST, summary.p_lost)):
        end = end_of(material.case, ending)
        yield f"{end[0].upper()}{end[1:]}", f"in {percent(share)} of the runs"


def _spread(spread: Spread) -> str:
    return f"{spread.median:g} (90 % of runs: {spread.low:.3g} to {spread.high:.3g})"


def troops_table(material: Material) -> Html:
    """Troops by member over the runs that deploy, beside what was reported."""
    case, history = material.case, material.case.scenario.history
    reported = history.troops if history else {}
    rows = [
        (
            "all" if state == "total" else case.name_of(state),
            n_troops(spread.median),
            n_troops(spread.low, spread.high),
            n_troops(*reported[state]) if state in reported else "",
        )
        for state, spread in material.summary.troops.items()
        if spread.high > 0 or state in reported
    ]
    caption = (
        "Troops, over the runs that deploy. The need of "
        f"{n_troops(case.scenario.forces_needed.value)} troops is an input: the total is no "
        "forecast."
    )
    return table(
        caption, ("member", "median", "90 % of runs", "reported in history"), rows, (1, 2, 3)
    )


def history_text(material: Material, prefix: str) -> Html:
    """What happened, why it counts as that level, and what a member did alone."""
    scenario = material.case.scenario
    history = scenario.history
    if history is None:
        base = f" It changes {scenario.extends}." if scenario.extends else ""
        return joined(
            [
                subheading("What happened", prefix),
                tag("p", f"Nothing to hold this against: the crisis is a what-if.{base}"),
            ]
        )
    level = Level(LEVELS.index(history.level))
    parts = [
        subheading(f"What happened: the alliance {DID[level]}", prefix),
        tag("p", history.why),
        facts(_dates(history)),
    ]
    if history.unilateral:
        parts.append(tag("p", f"Alone, outside the alliance: {history.unilateral}"))
    parts.append(tag("p", "Sources: ", keys(history.source, scenario, prefix), class_="note"))
    return joined(parts)


def _dates(history: History) -> Iterator[tuple[str, str]]:
    for name, day in (
        ("Decided", history.decided),
        ("First troops in place", history.arrived),
        ("Last troops home", history.withdrawn),
    ):
        if day is not None:
            yield name, str(day)
