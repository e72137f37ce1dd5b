"""Faces are tested as on a terminal that has room for every table."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _room_for_tables(monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
