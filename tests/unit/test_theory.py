"""A theory from a file of one's own is checked and used as those of the package are."""

from __future__ import annotations

import pytest

import foedus
from foedus.data import theory as theory_module
from foedus.data.theory import name_of, theories, theory_at
from foedus.errors import FileProblems, UsageError

OWN = """\
title: Kinship
claim: Only alignment counts.
rule: majority
parameters:
  b_mandate: 0
  b_stake: 0
raises: [alignment]
sources: [assumed]
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "kinship.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_theory_is_taken_from_a_file_and_sets_what_it_says(own):
    for given in (own, str(own), theory_at(own)):
        setup = foedus.prepare("kazakhstan-2022", theory=given)
        assert setup.theory.title == "Kinship"
        assert setup.parameters["b_stake"] == 0
        assert setup.situation.rule == "majority"
    assert name_of(setup.theory) == str(own)


def test_a_theory_of_the_package_is_named_by_its_name():
    assert name_of(theory_at("realist")) == "realist"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("b_mandate: 0", "b_mandat: 0", "5:3: parameters.b_mandat: unknown parameter 'b_mandat' "),
        ("b_stake: 0", "b_stake: -1", "6:12: parameters.b_stake: b_stake: -1 is out of range"),
        ("[alignment]", "[warmth]", "7:10: raises.0: unknown attribute 'warmth'"),
        ("majority", "majorty", "3:7: rule: expected one of consensus, unanimity, majority"),
        ("title:", "titel:", "1:1: titel: unknown key 'titel' (did you mean 'title'?)"),
    ],
)
def test_a_fault_in_the_file_of_a_theory_is_located(own, old, new, said):
    own.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(FileProblems) as caught:
        foedus.prepare("kazakhstan-2022", theory=str(own))
    assert str(caught.value).startswith(f"{own}:{said}")


def test_a_name_that_is_no_theory_and_a_file_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(UsageError, match="did you mean 'realist'"):
        theory_at("realistt")
    with pytest.raises(FileProblems, match="no such file"):
        theory_at(tmp_path / "gone.yaml")


def test_a_theory_of_an_extension_is_found_by_its_name(own, monkeypatch):
    monkeypatch.setattr(theory_module, "_added", {})
    theory_module.add("kinship", own)
    assert theories()["kinship"].title == "Kinship"
    assert next(iter(theories())) == "full"
    assert foedus.prepare("kazakhstan-2022", theory="kinship").theory.rule == "majority"
