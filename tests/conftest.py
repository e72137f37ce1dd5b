from __future__ import annotations

import pytest
from hypothesis import settings

from foedus.data.library import load_all
from toys import build_toy

# A busy machine is no failure: no test is judged by how long one example takes.
settings.register_profile("foedus", deadline=None)
settings.load_profile("foedus")


@pytest.fixture
def toy(tmp_path):
    return build_toy(tmp_path / "toy")


@pytest.fixture(scope="session")
def library():
    """Every shipped case, loaded once."""
    return tuple(load_all())
