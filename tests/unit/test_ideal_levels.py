"""The weighted mean against the published case of the EC's emission standards."""

import pytest

from foedus.analysis.forecast.ideal_levels import weighted_mean, weighted_median

CAPABILITY = [0.08, 0.08, 0.03, 0.16, 0.16, 0.16, 0.16, 0.05, 0.05, 0.08]
POSITION = [4, 7, 4, 4, 10, 10, 10, 7, 4, 7]
SALIENCE = [80, 40, 20, 80, 60, 60, 90, 10, 100, 70]


def test_the_weighted_mean_of_the_emission_standards_case_is_as_published():
    """Scholz, Calbert and Smith (2011) after Bueno de Mesquita (1994)."""
    assert weighted_mean(CAPABILITY, SALIENCE, POSITION) == pytest.approx(7.390, abs=5e-4)


def test_its_weighted_median_is_as_published():
    assert weighted_median(CAPABILITY, SALIENCE, POSITION) == 7.0


def test_equal_weights_give_the_plain_mean():
    ones = [1.0] * len(POSITION)
    assert weighted_mean(ones, ones, POSITION) == pytest.approx(6.7)


def test_nobody_with_weight_is_refused():
    with pytest.raises(ValueError, match="capability and salience"):
        weighted_mean([0, 0], [1, 1], [1, 2])
