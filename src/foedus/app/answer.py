"""How the alliance answers: shares of a thousand runs, light enough to follow a slider."""

from __future__ import annotations

from foedus.analysis.summary import Spread, Summary
from foedus.app.markup import Markup, joined, tag
from foedus.data.terms import LEVELS, Level
from foedus.model.numbers import Array
from foedus.plots.words import DOES, listed, men, percent, runs


def answer_panel(
    now: Summary,
    coded: Summary,
    over_priors: Array,
    n_runs: int,
    happened: Level | None,
    query: str,
) -> Markup:
    """The four answers with their shares.

    Parameters
    ----------
    now, coded
        The ensemble as set, and as coded (a tick on each bar).
    over_priors
        The answers averaged over the priors (level,).
    happened
        What history answered, where it is revealed.
    query
        Of the place that these answers are for: while a newer place is computed, it tells them
        apart.
    """
    return joined(
        [
            tag("p", lead(now, n_runs), class_="lead", role="status"),
            tag(
                "div",
                *(_row(level, now, coded, happened) for level in Level),
                class_="answers",
                role="group",
                aria_label="Share of runs by answer",
                data_place=query,
            ),
            tag("p", *_key(now, coded, happened), class_="key"),
            tag("p", aftermath(now), class_="small"),
            tag("p", humbler(over_priors), class_="small"),
        ]
    )


def humbler(over_priors: Array) -> str:
    """What the answers are where the weights are not taken as known, in one sentence."""
    shares = [f"{word} {percent(p)}" for word, p in zip(LEVELS, over_priors, strict=True)]
    return f"The weights are assumed. Drawn from their priors they give {listed(shares)}."


def lead(now: Summary, n_runs: int) -> str:
    """What the ensemble says, in one sentence."""
    level = now.most_probable
    share = percent(now.p_levels[level])
    return f"Most often the alliance {DOES[level]}: in {share} of {runs(n_runs)}."


def _row(level: Level, now: Summary, coded: Summary, happened: Level | None) -> Markup:
    share, error = now.p_levels[level], now.errors[level]
    label = f"{LEVELS[level]}: {percent(share)}, standard error {percent(error)}"
    if happened is level:
        label += ", what happened in history"
    return tag(
        "div",
        tag("span", LEVELS[level], class_="word", aria_hidden="true"),
        tag(
            "span",
            tag("span", class_="fill", style=f"width:{100 * share:.2f}%"),
            tag("span", class_="coded", style=f"left:{100 * coded.p_levels[level]:.2f}%")
            if now.p_levels != coded.p_levels
            else None,
            tag("span", class_="happened", title="what happened") if happened is level else None,
            class_="track",
            aria_hidden="true",
        ),
        tag("span", percent(share), class_="share", aria_hidden="true"),
        class_=f"answer level-{int(level)}",
        role="img",
        aria_label=label,
        data_level=LEVELS[level],
        data_share=f"{share:.4f}",
    )


def _key(now: Summary, coded: Summary, happened: Level | None) -> list[str]:
    parts = []
    if now.p_levels != coded.p_levels:
        parts.append("Tick: where the bar stands as coded. ")
    if happened is not None:
        parts.append("Diamond: what happened. ")
    return [*parts, f"Standard error at most {percent(max(now.errors))}."]


def aftermath(now: Summary) -> str:
    """When the answer comes, how the crisis ends, and how many men go."""
    parts = []
    if now.decision_day is not None:
        parts.append(f"The answer comes on day {_spread(now.decision_day)}.")
    fates = [f"over in {percent(now.p_quelled)} of the runs", f"lost in {percent(now.p_lost)}"]
    parts.append(f"Within the days simulated the crisis is {listed(fates)}.")
    if "total" in now.troops:
        total = now.troops["total"]
        spread = "" if total.low == total.high else f" (90 % of runs: {men(total.low, total.high)})"
        parts.append(f"Where a force goes, it has {men(total.median)} men{spread}.")
    return " ".join(parts)


def _spread(days: Spread) -> str:
    if days.low == days.high:
        return f"{days.median:g}"
    return f"{days.median:g} (90 % of runs: {days.low:g} to {days.high:g})"
