from __future__ import annotations

import pytest

from foedus.data.library import load_all
from toys import build_toy


@pytest.fixture
def toy(tmp_path):
    return build_toy(tmp_path / "toy")


@pytest.fixture(scope="session")
def library():
    """Every shipped case, loaded once."""
    return tuple(load_all())
