"""The report on one crisis."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.plots.words import runs
from foedus.report.answers import answer_section
from foedus.report.document import Section, page
from foedus.report.facts import crisis_section, members_section, sources_section
from foedus.report.limits import cautions_section, manifest_section
from foedus.report.markup import Html
from foedus.report.material import Material
from foedus.report.reasons import (
    members_reasons,
    sensitivity_section,
    story_section,
    turns_section,
)


def sections_of(material: Material, prefix: str = "", *, short: bool = False) -> Iterator[Section]:
    """All sections of a report on one crisis.

    Parameters
    ----------
    prefix
        Of every id, where several crises share a page.
    short
        Whether to leave out codes, members, story, reasons and the record.
    """

    def named(name: str, heading: str, body: Html) -> Section:
        return Section(f"{prefix}{name}", heading, body)

    yield named("answer", "The answer", answer_section(material, prefix, short=short))
    if not short:
        yield named("crisis", "The crisis", crisis_section(material, prefix))
        yield named("members", "The members", members_section(material, prefix))
        story = f"The story of run {material.told.run}"
        yield named("story", story, story_section(material, prefix))
        why = "Why each member stood where it stood"
        yield named("why", why, members_reasons(material, prefix))
    yield named("turns", "What would change the answer", turns_section(material))
    if material.sensitivity:
        yield named("sensitivity", "What drives it", sensitivity_section(material))
    yield named("cautions", "Cautions", cautions_section(material))
    if not short:
        yield named("reproduce", "Make it again", manifest_section(material))
    yield named("sources", "Sources", sources_section(material, prefix))


def report_on(material: Material, *, short: bool = False) -> str:
    """The report on one crisis as a whole HTML document."""
    case = material.case
    return page(
        title=case.scenario.title,
        kicker=f"{case.alliance.name} · {case.scenario.dates.coded} · a foedus report",
        question=case.scenario.question,
        sections=list(sections_of(material, short=short)),
        foot=f"foedus {material.result.version}, {runs(material.result.n_runs)}, seed "
        f"{material.result.seed}. This file loads nothing and runs no script.",
    )
