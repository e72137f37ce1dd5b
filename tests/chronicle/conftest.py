from __future__ import annotations

import pytest

from foedus.chronicle.years import chronicle
from foedus.chronicle.years_plan import Plan


@pytest.fixture(scope="session")
def csto():
    """The shipped chronicle of the CSTO, as history answered."""
    return chronicle("csto")


@pytest.fixture(scope="session")
def simulated():
    """The same with answers and calls simulated."""
    return chronicle("csto", plan=Plan(answers="simulated", calls="simulated"))


@pytest.fixture(scope="session")
def suspending():
    """An alliance that suspends members, over years without history's standing."""
    return chronicle("ecowas")


@pytest.fixture(scope="session")
def drawn():
    """The same with crises at random."""
    return chronicle("csto", plan=Plan(crises="drawn"))
