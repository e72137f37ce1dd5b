from __future__ import annotations

import re
from dataclasses import replace

import pytest
from html_rules import Page, faults_of
from jinja2 import UndefinedError

from foedus.analysis.explain.sensitivity import Effect, Factor, Sensitivity
from foedus.analysis.forecast.history import history_table
from foedus.data.library import load
from foedus.data.terms import CRISIS_ATTRIBUTES
from foedus.model.setup import prepare
from foedus.plots.words import OVER_PRIORS, percent
from foedus.report.crisis_report import (
    command_of,
    gather,
    report_on,
    report_on_all,
    sections_of,
)
from foedus.report.document import rendered
from toys import COUNTERFACTUAL

RUNS = 60
HOSTILE = "\"><script>alert('x')</script><b a='"


@pytest.fixture(scope="module")
def kazakhstan():
    return gather(prepare("kazakhstan-2022"), RUNS, 1)


def section(material, name):
    return {part.name: part.body for part in sections_of(material)}[name]


@pytest.fixture(scope="module")
def text(kazakhstan):
    return report_on(kazakhstan)


@pytest.fixture(scope="module")
def words(text):
    return re.sub(r"\s+", " ", "".join(Page(text).words))


def test_a_report_is_well_formed_accessible_and_loads_nothing(text):
    assert faults_of(text) == []


def test_a_report_runs_no_script_and_forbids_all_loading(text):
    assert "<script" not in text
    assert "default-src 'none'" in text


def test_the_same_input_gives_the_same_bytes(kazakhstan, text):
    assert report_on(kazakhstan) == text


def test_it_holds_question_summary_codes_reasons_and_members(kazakhstan, words):
    scenario = kazakhstan.case.case.scenario
    said = [scenario.question, scenario.summary, scenario.history.why]
    for name in CRISIS_ATTRIBUTES:
        said.append(getattr(scenario.crisis, name).why)
    for state, member in scenario.members.items():
        said += [member.why, kazakhstan.case.case.name_of(state)]
    for sentence in said:
        assert re.sub(r"\s+", " ", sentence) in words


def test_it_holds_the_result_with_its_error_beside_history(kazakhstan, words):
    for p, error in zip(kazakhstan.summary.p_levels, kazakhstan.summary.errors, strict=True):
        assert percent(p).replace("\N{NO-BREAK SPACE}", " ") in words
        assert f"± {100 * error:.1f}" in words
    assert "what happened" in words


def test_the_average_over_uncertain_parameters_stands_beside_every_probability(kazakhstan, words):
    drawn = [percent(float(p)).replace("\N{NO-BREAK SPACE}", " ") for p in kazakhstan.over_priors]
    level = kazakhstan.summary.most_probable
    assert f"With uncertain parameters: {level.label} in {drawn[level]}." in words
    for share in drawn:
        assert share in words
    assert OVER_PRIORS in words


def test_a_report_says_whose_crisis_is_over(words):
    assert "the crisis of Kazakhstan is over in" in words  # caption of the figure by day


def test_a_short_edition_holds_the_answer_and_what_would_change_it_alone(kazakhstan):
    said = report_on(kazakhstan, short=True)
    assert faults_of(said) == []
    headings = re.findall("<h2[^>]*>([^<]*)</h2>", said)
    assert headings == ["The answer", "What would change the answer", "Cautions", "Sources"]
    assert "<svg" not in said
    assert len(said) < len(report_on(kazakhstan)) / 4


def test_every_source_stands_in_the_list_and_every_address_is_a_link(kazakhstan, text):
    links = set(Page(text).links)
    for key, where in kazakhstan.case.case.scenario.sources.items():
        assert key in text
        if where.startswith("http"):
            assert where.split()[0] in links


def test_every_explained_position_stands_in_the_table(kazakhstan, words):
    for account in kazakhstan.explanation.members:
        assert f"{account.position:+.2f}".replace("-", "\N{MINUS SIGN}") in words
    for turn in kazakhstan.explanation.turns:
        assert f"{turn.becomes:.3g}" in words


def test_the_manifest_names_hash_seed_versions_and_the_command(kazakhstan, words):
    assert kazakhstan.case.case.digest in words
    assert f"foedus report kazakhstan-2022 --runs {RUNS} --seed 1" in words
    assert re.search(r"numpy \d+\.\d+", words)
    assert "All parameters are the register's defaults." in words


def test_the_command_carries_every_change():
    setup = prepare(
        "kazakhstan-2022", {"rho": 0.5, "RUS.stake": 0.25}, rule="patron", theory="realist",
        drawn_codes=False, endogenous=True,
    )  # fmt: skip
    material = gather(setup, RUNS, 4, run=3)
    command = command_of(material)
    for part in ("--set rho=0.5", "--set RUS.stake=0.25", "--rule patron", "--theory realist",
                 "--fixed-codes", "--requester-decides", "--run 3", "--seed 4"):  # fmt: skip
        assert part in command
    manifest = section(material, "reproduce")
    assert "What differs from the register" in manifest
    assert re.search(r"rho</th>\s*<td[^>]*>1</td>\s*<td[^>]*>0.5<", manifest)


def test_hostile_words_stay_words(toy):
    case = toy.load()
    member = case.scenario.members["FRI"].model_copy(update={"why": HOSTILE})
    scenario = case.scenario.model_copy(
        update={
            "title": f"A, {HOSTILE}",
            "question": HOSTILE,
            "summary": HOSTILE,
            "sources": {"a-page": f"javascript:alert(1) {HOSTILE} https://example.org/{HOSTILE}"},
            "members": {**case.scenario.members, "FRI": member},
        }
    )
    states = {**case.alliance.states, "FRI": f"F{HOSTILE}"}
    alliance = case.alliance.model_copy(update={"states": states, "name": HOSTILE})
    material = gather(prepare(replace(case, scenario=scenario, alliance=alliance)), RUNS, 1)
    said = report_on(material)
    assert faults_of(said) == []
    assert "<script>" not in said
    assert HOSTILE in "".join(Page(said).words)
    assert all(link.startswith(("#", "https://example.org/")) for link in Page(said).links)


def test_a_supposition_is_reported_as_one(toy):
    toy.write()
    path = toy.write(COUNTERFACTUAL, "toy-2020-calm.yaml")
    material = gather(prepare(load(str(path))), RUNS, 1)
    said = section(material, "answer")
    assert "the crisis is a what-if" in said
    assert "It changes toy-2020" in said
    manifest = section(material, "reproduce")
    assert "foedus report toy-2020-calm.yaml" in manifest
    assert str(path.parent) not in manifest


def test_a_sensitivity_study_is_shown_where_it_is_given(kazakhstan, text):
    effects = (
        Effect(Factor("rho", 0.4, 2.3, "parameter"), 0.31, 0.12, 0.02, 0.2, 0.03, 0.19),
        Effect(Factor("RUS.stake", 0.8, 1.0, "code"), 0.05),
    )
    study = Sensitivity("p_deploy", 128, 16, effects)
    with_study = replace(kazakhstan, sensitivity=(study,))
    said = section(with_study, "sensitivity")
    assert "--sensitivity" in command_of(with_study)
    assert "0.12 ± 0.02" in said
    assert "stake of Russia" in said
    assert "What drives it" not in text


def test_all_crises_share_a_page_with_an_index(kazakhstan):
    table = history_table([kazakhstan.case.case, load("kyrgyz-tajik-2022")], RUNS, 1)
    said = report_on_all([kazakhstan], table)
    assert report_on_all([kazakhstan], table, short=True).count("<svg") == 1
    assert faults_of(said) == []
    assert "#kazakhstan-2022-case" in Page(said).links
    assert "<h1>1 crisis and what the alliances answered</h1>" in said
    assert table.caution.split(":")[0] in "".join(Page(said).words)


def test_drawings_take_the_colours_of_the_page(text):
    drawings = "".join(re.findall(r"<svg.*?</svg>", text, re.S))
    assert "var(--level-3)" in drawings
    assert "var(--figure-type)" in drawings
    assert "#123a63" not in drawings
    assert "<style" not in drawings
    assert "xlink" not in drawings


def test_only_web_addresses_become_links_and_full_stops_stay_outside():
    where = "see https://example.org/a?b=1&c=2. Not ftp://x, javascript:y, https://. or <i>"
    said = rendered("sources.html", sources={"<key>": where}, prefix="", listed_in="It")
    assert 'href="https://example.org/a?b=1&amp;c=2"' in said
    assert said.count("<a ") == 1
    assert "</a>. Not" in said
    assert "&lt;i&gt;" in said
    assert "&lt;key&gt;" in said


def test_a_template_that_is_given_too_little_says_so():
    with pytest.raises(UndefinedError, match="listed_in"):
        rendered("sources.html", sources={}, prefix="")
