"""The report on one crisis."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from foedus.report.answers import answer_section
from foedus.report.document import Section, page, rendered
from foedus.report.facts import crisis_section, members_section
from foedus.report.limits import cautions_section, manifest_section
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

    def named(name: str, heading: str, body: Markup) -> Section:
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
    sources = material.case.scenario.sources
    listed = rendered("sources.html", sources=sources, prefix=prefix, listed_in="This scenario")
    yield named("sources", "Sources", listed)


def report_on(material: Material, *, short: bool = False) -> str:
    """The report on one crisis as a whole HTML document."""
    case = material.case
    return page(
        list(sections_of(material, short=short)),
        title=case.scenario.title,
        kicker=f"{case.alliance.name} · {case.scenario.dates.coded} · a foedus report",
        question=case.scenario.question,
        version=material.result.version,
        n_runs=material.result.n_runs,
        seed=material.result.seed,
    )
