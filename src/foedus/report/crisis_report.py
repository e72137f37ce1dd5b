"""The report on one crisis, and on all: an index, the model against history, each in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from foedus.analysis.forecast.history import HistoryTable, history_table
from foedus.data.library import load_all
from foedus.model.setup import Setup
from foedus.plots.answer_bars import history_picture
from foedus.plots.words import n_crises
from foedus.report.document import Section, page, rendered
from foedus.report.facts import answer_section, crisis_section, members_section
from foedus.report.limits import cautions_section, manifest_section
from foedus.report.material import Material, gather
from foedus.report.reasons import members_reasons, sensitivity_section, story_section, turns_section


def sections_of(material: Material, prefix: str = "", *, short: bool = False) -> Iterator[Section]:
    """All sections of a report on one crisis.

    Args:
        prefix: Of every id, where several crises share a page.
        short: Whether to leave out codes, members, story, reasons and the record.
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


def report_on_library(
    n_runs: int, seed: int, progress: Callable[[str], None], *, short: bool = False
) -> str:
    """The report on all shipped crises; `progress` is called with the id of each."""
    cases = list(load_all())
    materials = []
    for case in cases:
        progress(case.id)
        materials.append(gather(Setup(case), n_runs, seed))
    return report_on_all(materials, history_table(cases, n_runs, seed), short=short)


def report_on_all(
    materials: Sequence[Material], history: HistoryTable, *, short: bool = False
) -> str:
    """All crises as one HTML document.

    Args:
        short: Whether each crisis has its answer and what would change it, without the rest.
    """
    one = materials[0].result
    index = rendered("library/index.html", materials=materials)
    scores = rendered("library/history.html", history=history, picture=history_picture(history))
    sections = [Section("all", "All crises", index), Section("history", "Against history", scores)]
    for material in materials:
        case = material.case
        parts = sections_of(material, f"{case.id}-", short=short)
        body = rendered("library/case.html", case=case, parts=parts)
        sections.append(Section(f"{case.id}-case", case.scenario.title, body))
    return page(
        sections,
        title=_title(materials),
        kicker="The whole library · a foedus report",
        question="When an ally calls for help, who answers?",
        version=one.version,
        n_runs=one.n_runs,
        seed=one.seed,
        wide=True,
    )


def _title(materials: Sequence[Material]) -> str:
    n_known = sum(m.case.scenario.answer is not None for m in materials)
    supposed = len(materials) - n_known
    others = f", and {supposed} that never were" if supposed else ""
    return f"{n_crises(n_known)} and what the alliances answered{others}"
