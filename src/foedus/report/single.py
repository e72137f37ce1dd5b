"""The report on one crisis."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.plots.words import runs
from foedus.report.answers import answer_section
from foedus.report.document import Section, page
from foedus.report.facts import crisis_section, members_section, sources_section
from foedus.report.limits import cautions_section, manifest_section
from foedus.report.material import Material
from foedus.report.reasons import (
    members_reasons,
    sensitivity_section,
    story_section,
    turns_section,
)


def sections_of(material: Material, prefix: str = "") -> Iterator[Section]:
    """All sections of a report on one crisis.

    Parameters
    ----------
    prefix
        Of every id, where several crises share a page.
    """

    def named(name: str) -> str:
        return f"{prefix}{name}"

    yield Section(named("answer"), "The answer", answer_section(material, prefix))
    yield Section(named("crisis"), "The crisis", crisis_section(material, prefix))
    yield Section(named("members"), "The members", members_section(material, prefix))
    yield Section(
        named("story"), f"The story of run {material.told.run}", story_section(material, prefix)
    )
    yield Section(
        named("why"), "Why each member stood where it stood", members_reasons(material, prefix)
    )
    yield Section(named("turns"), "What would change the answer", turns_section(material))
    if material.sensitivity:
        yield Section(named("sensitivity"), "What drives it", sensitivity_section(material))
    yield Section(named("cautions"), "Cautions", cautions_section(material))
    yield Section(named("reproduce"), "Make it again", manifest_section(material))
    yield Section(named("sources"), "Sources", sources_section(material, prefix))


def report_on(material: Material) -> str:
    """The report on one crisis as a whole HTML document."""
    case = material.case
    return page(
        title=case.scenario.title,
        kicker=f"{case.alliance.name} · {case.scenario.dates.coded} · a foedus report",
        question=case.scenario.question,
        sections=list(sections_of(material)),
        foot=f"foedus {material.result.version}, {runs(material.result.n_runs)}, seed "
        f"{material.result.seed}. This file loads nothing and runs no script.",
    )
