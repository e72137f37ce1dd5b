"""Why: the course of one run, each member's position, and what would change the answer."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.analysis.explain.decomposition import MemberAccount
from foedus.data.terms import LEVELS
from foedus.data.vocabulary import words
from foedus.plots.day_by_day import story_picture
from foedus.plots.network import network_picture
from foedus.plots.positions import positions_picture
from foedus.plots.story_text import story_lines
from foedus.plots.who_decides import control_picture
from foedus.plots.why import finding, most_moved, stances_said, why_picture
from foedus.plots.words import BY_PROCEDURE, meaning_of, number, percent, signed
from foedus.report.figures import inline_figure
from foedus.report.markup import Html, items, joined, subheading, table, tag
from foedus.report.material import Material

OUTPUTS = {"p_deploy": "the probability of deploy", "expected_level": "the expected level"}
"""What sensitivity studies look at."""


def story_section(material: Material, prefix: str) -> Html:
    """One run in sentences and as a figure."""
    told, case = material.told, material.case
    picture = story_picture(told, case, material.setup.parameters, material.source(seeded=True))
    return joined(
        [
            tag("p", f"Run {told.run} of the {material.result.n_runs:,}: one possible history."),
            items(line.strip() for line in story_lines(case, told)),
            inline_figure(picture, f"{prefix}story-figure"),
        ]
    )


def members_reasons(material: Material, prefix: str) -> Html:
    """Positions of all members, the sums behind them, and each in a sentence."""
    explanation, case = material.explanation, material.case
    bars = ", ".join(
        f"{word} {signed(bar)}" for word, bar in zip(LEVELS[1:], explanation.bars, strict=True)
    )
    picked = most_moved(explanation)
    how = f" {BY_PROCEDURE}" if explanation.by_procedure else ""
    return joined(
        [
            tag(
                "p",
                f"Day {explanation.day} of the run without noise, with the coders' means; its "
                f"answer is {explanation.answer.label}.{how} A position is a sum of log-odds, "
                f"moved by talk. The bars are {bars}; a member may stand {explanation.room:.2f} "
                "below a bar without blocking.",
            ),
            inline_figure(
                positions_picture(explanation, case, material.source()), f"{prefix}positions"
            ),
            inline_figure(
                network_picture(material.network, case, material.source()), f"{prefix}network"
            ),
            inline_figure(
                control_picture(material.turns, case, material.source()), f"{prefix}control"
            ),
            terms_table(material),
            subheading("Member by member", prefix),
            items(account_text(account, material) for account in explanation.members),
            inline_figure(
                why_picture(picked, explanation, case, material.source()), f"{prefix}why-figure"
            ),
        ],
        "\n",
    )


def terms_table(material: Material) -> Html:
    """The sum behind every member's position: a row a term, a column a member."""
    accounts, case = material.explanation.members, material.case
    names: dict[str, None] = {}
    for account in accounts:
        names.update(dict.fromkeys(n for n, v in account.terms.items() if abs(v) >= 0.005))
    rows: list[tuple[str | Html, ...]] = [
        (words("term", name), *(_shown(a.terms.get(name, 0.0)) for a in accounts)) for name in names
    ]
    rows += [
        (tag("strong", "its own view"), *(tag("strong", signed(a.private)) for a in accounts)),
        ("moved by influence", *(_shown(a.moved) for a in accounts)),
        (tag("strong", "its position"), *(tag("strong", signed(a.position)) for a in accounts)),
    ]
    heads = ("term, log-odds", *(case.name_of(a.state) for a in accounts))
    return table(
        "Every member's position as a sum", heads, rows, numbers=range(1, len(accounts) + 1)
    )


def _shown(value: float) -> str:
    return signed(value) if abs(value) >= 0.005 else "·"


def account_text(account: MemberAccount, material: Material) -> Html:
    """One member in sentences."""
    case = material.case
    name = case.name_of(account.state)
    said = finding(account, material.explanation, case.alliance.states)
    heard = "; ".join(
        f"{case.name_of(h.state)} {percent(h.weight)} at {signed(h.position)}"
        for h in account.heard[:3]
    )
    hears = "It listens to nobody."
    if heard and account.susceptibility > 0:
        hears = f"It listens {percent(account.susceptibility)}, and hears {heard}."
    return joined(
        [
            tag("strong", name),
            f": {said.removeprefix(name).strip()}. {hears} In council it "
            f"{stances_said(account.stances)}.",
        ]
    )


def turns_section(material: Material) -> Html:
    """The smallest change of each attribute that changes the answer."""
    turns, answer = material.explanation.turns, material.explanation.answer.label
    if not turns:
        return tag(
            "p",
            f"In the run without noise no change of a single attribute moves the answer from "
            f"{answer}.",
        )
    rows = [
        (
            _named(turn.attribute, material),
            f"{turn.value:.3g}",
            f"{turn.becomes:.3g}",
            percent(turn.size),
            turn.answer.label,
        )
        for turn in turns
    ]
    return joined(
        [
            tag(
                "p",
                f"The run without noise ends in {answer}. The smallest change of one attribute "
                "that ends in another answer, all else equal, the smallest first; attributes that "
                "are not listed change nothing over their whole range.",
            ),
            table(
                "What would change the answer",
                ("attribute", "is", "would be", "change, of its range", "answer"),
                rows,
                numbers=(1, 2, 3),
            ),
        ]
    )


def _named(attribute: str, material: Material) -> str:
    state, dot, name = attribute.rpartition(".")
    return f"{name} of {material.case.name_of(state)}" if dot else name


def sensitivity_section(material: Material, n: int = 12) -> Html:
    """What drives the ensemble, where a study was made."""
    return joined(
        [
            *_sensitivity_tables(material, n),
            tag(
                "p",
                "An index with an error as large as itself says nothing: the output hardly varies, "
                "or the points are too few.",
                class_="note",
            ),
        ]
    )


def _sensitivity_tables(material: Material, n: int) -> Iterator[Html]:
    for study in material.sensitivity:
        rows = [
            (
                joined([_named(e.factor.name, material), tag("small", meaning_of(e.factor.name))]),
                f"{number(e.factor.low)} to {number(e.factor.high)}",
                f"{e.mu_star:.3f}",
                "" if e.first is None else f"{number(e.first)} ± {e.first_error:.2f}",
                "" if e.total is None else f"{number(e.total)} ± {e.total_error:.2f}",
            )
            for e in study.effects[:n]
        ]
        yield table(
            f"What drives {OUTPUTS.get(study.output, study.output)}: Morris over all inputs, "
            f"Sobol over the strongest ({study.n_points:,} points of {study.n_runs} runs)",
            ("input", "varied over", "mean absolute effect", "first order", "total"),
            rows,
            numbers=(1, 2, 3, 4),
        )
