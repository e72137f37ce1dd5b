"""What a person sets by hand is a number in range, or is refused in one line."""

from __future__ import annotations

import pytest

from foedus.data.settings import parse_parameters, settings_from
from foedus.errors import UsageError


@pytest.mark.parametrize("value", ["1", None, True, [1], 1j])
@pytest.mark.parametrize("name", ["rho", "threat"])
def test_what_is_no_number_is_refused(name, value):
    with pytest.raises(UsageError, match=f"{name}: expected a number, found"):
        settings_from({name: value})


def test_where_no_crisis_is_meant_only_parameters_can_be_set():
    assert parse_parameters(["rho=.5", "eta=1"]) == {"rho": 0.5, "eta": 1.0}
    with pytest.raises(UsageError, match="only parameters"):
        parse_parameters(["rho=1", "threat=1"])
