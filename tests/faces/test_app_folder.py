"""What `foedus app` takes in: a folder's chronicle, and its crises."""

from __future__ import annotations

import shutil

import pytest

pytest.importorskip("starlette", reason="the app needs the extra `app`")

from foedus.app import crises
from foedus.app.connections import new_game
from foedus.app.crises import setup_in_address
from foedus.data.library import find, shipped
from foedus.data.theory import FOLDER
from foedus.errors import UsageError


@pytest.fixture
def taken(monkeypatch):
    """`take_in`, and nothing of it is left for other tests."""
    for name in ("_given", "_decades"):
        monkeypatch.setattr(crises, name, {})
    return crises.take_in


def test_the_chronicle_of_a_folder_opens_before_its_crises(taken, tmp_path):
    for name in ("chronicle.yaml", "panel.csv", "alliance.yaml", "indicators.csv"):
        shutil.copy(shipped() / "csto" / name, tmp_path)
    shutil.copy(find("kazakhstan-2022"), tmp_path)
    assert taken([str(tmp_path)]) == ["#/decades/csto", "#/crisis/kazakhstan-2022"]
    assert crises.decades_of("csto") == str(tmp_path)
    assert next(iter(crises.all_decades())) == "csto"


def test_a_shipped_alliance_opens_its_decades_by_id(taken):
    assert taken(["seato", "laos-1961"]) == ["#/decades/seato", "#/crisis/laos-1961"]


def test_a_folder_with_neither_is_refused_and_an_id_is_never_a_path(taken, tmp_path):
    with pytest.raises(UsageError, match="no scenario file and no chronicle in this folder"):
        taken([str(tmp_path)])
    with pytest.raises(UsageError, match="no such chronicle"):
        crises.decades_of(str(shipped() / "csto"))


def test_a_theory_in_a_pages_words_is_never_a_path():
    own = str(FOLDER / "realist.yaml")
    with pytest.raises(UsageError, match="unknown theory"):
        setup_in_address("kursk-2024", {"theory": own})
    with pytest.raises(UsageError, match="unknown theory"):
        new_game({"crisis": "kursk-2024", "theory": own})
