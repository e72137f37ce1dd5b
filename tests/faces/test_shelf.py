"""The crises that the app offers: the shipped ones, and those that it is started with."""

from __future__ import annotations

import pytest

pytest.importorskip("nicegui", reason="the app needs the extra `app`")

from foedus.app import shelf as shelves
from foedus.app.place import place_of, query_of
from foedus.app.shelf import case_of, shelf, take_in
from foedus.data.library import find, ids, shipped
from foedus.errors import FileProblems, UsageError


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch):
    monkeypatch.setattr(shelves, "_given", {})
    shelf.cache_clear()
    yield
    shelf.cache_clear()


@pytest.fixture
def own(tmp_path):
    """A folder with an alliance and one crisis under an id of its own."""
    for name in ("alliance.yaml", "indicators.csv"):
        (tmp_path / name).write_bytes((shipped() / "csto" / name).read_bytes())
    text = find("kazakhstan-2022").read_text(encoding="utf-8")
    text = text.replace("id: kazakhstan-2022", "id: my-crisis", 1)
    (tmp_path / "my-crisis.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_and_a_file_bring_the_same_crisis_and_it_stands_first(own):
    assert [case.id for case in take_in([str(own), str(own / "my-crisis.yaml")])] == [
        "my-crisis",
        "my-crisis",
    ]
    assert [case.id for case in shelf()] == ["my-crisis", *ids()]


def test_an_address_names_ones_own_crisis_by_its_id(own):
    with pytest.raises(UsageError, match="unknown crisis 'my-crisis'"):
        place_of({"case": "my-crisis"})
    take_in([str(own)])
    place = place_of({"case": "my-crisis", "set": "KAZ.stake:0.5"})
    assert query_of(place) == "case=my-crisis&set=KAZ.stake:0.5"
    with pytest.raises(UsageError, match="unknown crisis"):
        case_of(str(own / "my-crisis.yaml"))


def test_a_shipped_crisis_can_be_named_and_copied_but_not_replaced(own):
    assert [case.id for case in take_in(["kuwait-1990"])] == ["kuwait-1990"]
    copy = own / "armenia-2022.yaml"
    text = find("armenia-2022").read_text(encoding="utf-8")
    copy.write_text(text, encoding="utf-8")
    take_in([str(copy)])
    copy.write_text(text.replace("title: ", "title: Not ", 1), encoding="utf-8")
    with pytest.raises(UsageError, match="another crisis has the id 'armenia-2022'"):
        take_in([str(copy)])
    assert [case.id for case in shelf()] == list(ids())


def test_what_cannot_be_used_is_refused_before_anything_is_served(own, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no scenario file"):
        take_in([str(tmp_path / "empty")])
    (own / "my-crisis.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(FileProblems):
        take_in([str(own)])
