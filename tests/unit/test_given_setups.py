"""What the functions of Python accept: setups, ids, numbers of NumPy; and how results show."""

from __future__ import annotations

import numpy as np
import pytest

import foedus
from foedus.analysis.explain.comparison import compare
from foedus.analysis.explain.decomposition import listening
from foedus.analysis.explain.response import response_curve
from foedus.analysis.frames import html_table
from foedus.data.library import load
from foedus.data.settings import settings_from
from foedus.errors import FileProblems, UsageError

ID = "kursk-2024"


def test_an_id_a_path_and_a_record_stand_for_a_setup():
    setup = foedus.prepare(ID)
    wanted = foedus.summarise(foedus.ensemble(setup, 20))
    for given in (ID, load(ID), load(ID).path, str(load(ID).path)):
        assert foedus.summarise(foedus.ensemble(given, 20)) == wanted
        assert foedus.story(given).level == foedus.story(setup).level
        assert foedus.explain(given, n_steps=0) == foedus.explain(setup, n_steps=0)
    assert foedus.summarise(ID) == foedus.summarise(foedus.ensemble(setup))
    assert response_curve(ID, "rho", n_runs=5).now == 1
    assert listening(ID).members == listening(setup).members
    assert not compare(ID, setup, 20, 1).of("p_deploy").is_clear


@pytest.mark.parametrize("given", [None, 3, ["kursk-2024"], print])
def test_anything_else_is_refused_in_words(given):
    for call in (foedus.ensemble, foedus.story, foedus.explain):
        with pytest.raises(UsageError, match="expected a setup or the id of a crisis"):
            call(given)


def test_a_function_is_no_name_of_a_rule_or_theory():
    with pytest.raises(UsageError, match="expected the name of a council rule, found a function"):
        foedus.prepare(ID, rule=lambda ballot: True)
    with pytest.raises(UsageError, match="expected a theory, its name or file, found a function"):
        foedus.prepare(ID, theory=lambda: None)


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.int32])
def test_whole_numbers_of_numpy_count_as_whole_numbers(kind):
    setup = foedus.prepare(ID)
    assert foedus.story(setup, kind(3), kind(2)) == foedus.story(setup, 3, 2)
    assert foedus.explain(setup, kind(3), kind(2)) == foedus.explain(setup, 3, 2)
    result = foedus.ensemble(setup, kind(9), seed=kind(2))
    assert type(result.seed) is int
    assert result.outcome.level.tolist() == foedus.ensemble(setup, 9, 2).outcome.level.tolist()


def test_the_greatest_run_and_seed_are_told_and_one_more_is_refused():
    told = foedus.story(ID, 2**31 - 1, 2**63 - 1)
    assert told.run == 2**31 - 1
    with pytest.raises(UsageError, match="up to 2,147,483,647, found a larger one"):
        foedus.story(ID, 2**31, 2**63 - 1)
    with pytest.raises(UsageError, match="up to 9,223,372,036,854,775,807, found a larger one"):
        foedus.story(ID, 0, 2**63)


@pytest.mark.parametrize(
    "call",
    [
        lambda: foedus.story(ID, 2**63),
        lambda: foedus.story(ID, 0, 10**5000),
        lambda: foedus.explain(ID, 2**63),
        lambda: foedus.explain(ID, 0, 2**64),
        lambda: foedus.ensemble(ID, 10**30),
        lambda: foedus.ensemble(ID, 0),
        lambda: foedus.ensemble(ID, 10, 1.5),
        lambda: foedus.ensemble(ID, True),
        lambda: foedus.ensemble(ID, np.float64(3)),
    ],
)
def test_numbers_that_cannot_be_are_refused_in_one_line(call):
    with pytest.raises(UsageError, match="expected a whole number") as caught:
        call()
    assert len(str(caught.value)) < 120


def test_records_show_themselves_in_a_line_or_two():
    setup = foedus.prepare("kazakhstan-2022", {"rho": 0, "RUS.stake": 1}, rule="majority")
    assert repr(setup) == "Setup(kazakhstan-2022, rho=0, RUS.stake=1, rule=majority)"
    result = foedus.ensemble(setup, 10)
    told = foedus.story(setup)
    for shown in (setup, result, told, setup.case):
        assert len(repr(shown)) < 160
    assert repr(result).startswith("Ensemble(kazakhstan-2022, 10 runs, seed 1: none ")
    assert len(result._repr_html_()) < 400


def test_a_setup_names_the_request_where_it_is_not_that_of_history():
    assert repr(foedus.prepare("kazakhstan-2022", request="treaty")) == (
        "Setup(kazakhstan-2022, request treaty)"
    )


def test_results_show_themselves_in_a_line_and_as_a_small_table_in_a_notebook():
    one, other = foedus.prepare("kursk-2024"), foedus.prepare("kazakhstan-2022")
    summary = foedus.summarise(foedus.ensemble(one, 50))
    explained, compared = foedus.explain(one, 3, n_steps=0), compare(one, other, 50, 1)
    assert repr(explained) == f"<Explanation: run 3, day {explained.day}: {explained.answer.label}>"
    assert repr(compared) == "<Comparison: kursk-2024 and kazakhstan-2022, 50 runs>"
    assert f"consult {summary.p_levels[1]:.0%}" in repr(summary)
    for shown, n_rows in (
        (summary, 4),
        (explained, len(explained.members)),
        (compared, len(compared.differences)),
    ):
        html = shown._repr_html_()
        assert len(repr(shown)) < 160
        assert html.count("<tr>") == n_rows + 1
        assert f"<caption>{repr(shown).strip('<>')}</caption>" in html
        assert "nan" not in html
    first = f"<td>none</td><td>{summary.p_levels[0]:.1%}</td>"
    assert f"{first}<td>{100 * summary.errors[0]:.1f}</td>" in summary._repr_html_()
    member = explained.members[-1]
    assert f"<td>{member.state}</td><td>{member.private:+.2f}</td>" in explained._repr_html_()


def test_a_table_for_notebooks_escapes_what_it_shows():
    html = html_table(["<b>"], [["a & b"]], "<i>")
    assert html == (
        "<table><caption>&lt;i&gt;</caption><tr><th>&lt;b&gt;</th></tr>"
        "<tr><td>a &amp; b</td></tr></table>"
    )


@pytest.mark.parametrize("value", [5e-324, 1e-300, 1e-10])
def test_a_share_of_power_is_nothing_or_large_enough_to_divide_by(toy, value):
    with pytest.raises(UsageError, match=r"FRI.capability: .* is too small, expected 0 or 1e-09"):
        settings_from({"FRI.capability": value}, ["FRI"])
    with pytest.raises(FileProblems, match=r"capability: expected 0 or 1e-09 to 1"):
        toy.load(("capability: [0.75]", f"capability: [{value}]"))
    assert settings_from({"FRI.capability": 0}, ["FRI"]).attributes == {"FRI.capability": 0}
    least = foedus.prepare("kazakhstan-2022", {"RUS.capability": 1e-9, "BLR.capability": 0})
    assert all(np.isfinite(m.position) for day in foedus.story(least).days for m in day.members)
