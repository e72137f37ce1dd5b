"""Why: the course of one run, each member's position, and what would change the answer."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from foedus.analysis.explain.decomposition import MemberAccount
from foedus.data.vocabulary import words
from foedus.plots.day_by_day import story_picture
from foedus.plots.network import network_picture
from foedus.plots.positions import (
    NOTHING,
    most_moved,
    moved_how,
    positions_picture,
    stances_said,
    why_picture,
)
from foedus.plots.story_text import story_lines
from foedus.plots.who_decides import control_picture
from foedus.plots.words import BY_PROCEDURE, meaning_of, percent, signed
from foedus.report.document import rendered
from foedus.report.material import Material

OUTPUTS = {"p_deploy": "the probability of deploy", "expected_level": "the expected level"}
"""What sensitivity studies look at."""


def story_section(material: Material, prefix: str) -> Markup:
    """One run in sentences and as a figure."""
    told, case = material.told, material.case
    source = f"{material.source} · seed {material.result.seed}"
    return rendered(
        "crisis/story.html",
        m=material,
        lines=story_lines(case, told),
        picture=story_picture(told, case, material.setup.parameters, source),
        prefix=prefix,
    )


def members_reasons(material: Material, prefix: str) -> Markup:
    """Positions of all members, the sums behind them, and each in a sentence."""
    explanation, case, source = material.explanation, material.case, material.source
    return rendered(
        "crisis/why.html",
        explanation=explanation,
        by_procedure=BY_PROCEDURE,
        names=[case.name_of(account.state) for account in explanation.members],
        sums=_sums(explanation.members),
        said=[_account_said(account, material) for account in explanation.members],
        pictures={
            "positions": positions_picture(explanation, case, source),
            "network": network_picture(material.network, case, source),
            "control": control_picture(material.turns, case, source),
            "why": why_picture(most_moved(explanation), explanation, case, source),
        },
        prefix=prefix,
    )


def _sums(accounts: tuple[MemberAccount, ...]) -> list[dict[str, object]]:
    """The sum behind every member's position: a row a term, a number a member."""
    terms = dict.fromkeys(
        name for a in accounts for name, value in a.terms.items() if abs(value) >= NOTHING
    )

    def row(name: str, values: Iterable[float], *, is_sum: bool = False) -> dict[str, object]:
        numbers = [signed(v) if is_sum or abs(v) >= NOTHING else "·" for v in values]
        return {"name": name, "numbers": numbers, "is_sum": is_sum}

    return [
        *(row(words("term", name), [a.terms.get(name, 0.0) for a in accounts]) for name in terms),
        row("its own view", [a.private for a in accounts], is_sum=True),
        row("moved by influence", [a.moved for a in accounts]),
        row("its position", [a.position for a in accounts], is_sum=True),
    ]


def _account_said(account: MemberAccount, material: Material) -> str:
    """One member in sentences, after its name."""
    case = material.case
    said = moved_how(account, material.explanation, case)
    heard = "; ".join(
        f"{case.name_of(h.state)} {percent(h.weight)} at {signed(h.position)}"
        for h in account.heard[:3]
    )
    hears = "It listens to nobody."
    if heard and account.susceptibility > 0:
        hears = f"It listens {percent(account.susceptibility)}, and hears {heard}."
    said = said.removeprefix(case.name_of(account.state)).strip()
    return f"{said}. {hears} In council it {stances_said(account.stances)}."


def turns_section(material: Material) -> Markup:
    """The smallest change of each attribute that changes the answer."""
    explanation = material.explanation
    turns = [(_named(turn.attribute, material), turn) for turn in explanation.turns]
    return rendered("crisis/turns.html", turns=turns, answer=explanation.answer.label)


def _named(attribute: str, material: Material) -> str:
    state, dot, name = attribute.rpartition(".")
    return f"{name} of {material.case.name_of(state)}" if dot else name


def sensitivity_section(material: Material, n: int = 12) -> Markup:
    """What drives the ensemble, where a study was made."""
    studies = []
    for study in material.sensitivity:
        effects = [
            (_named(effect.factor.name, material), meaning_of(effect.factor.name), effect)
            for effect in study.effects[:n]
        ]
        output = OUTPUTS.get(study.output, study.output)
        studies.append({"output": output, "study": study, "effects": effects})
    return rendered("crisis/sensitivity.html", studies=studies)
