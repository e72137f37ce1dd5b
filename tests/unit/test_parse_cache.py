"""A shipped file is parsed once; whatever happens to the memory of it, results stay the same."""

from __future__ import annotations

from datetime import date

import pytest

from foedus.data import library, parse_cache
from foedus.data.library import ids, load
from foedus.data.parse_cache import cache_folder, cached_tree
from foedus.data.yaml_reader import read_tree
from foedus.errors import FileProblems

TEXT = "day: 2022-01-05\nlist: [1, 2.5, true, null, '2', [a]]\nmap: {deep: {x: 0.1}}\n"


@pytest.fixture
def memory(tmp_path, monkeypatch):
    folder = tmp_path / "memory"
    monkeypatch.setenv("FOEDUS_CACHE", str(folder))
    return folder


@pytest.fixture
def parsed(monkeypatch):
    """Names of the files that were parsed rather than recalled."""
    files = []
    parse = parse_cache.parse_tree

    def noted(text, file):
        files.append(file)
        return parse(text, file)

    monkeypatch.setattr(parse_cache, "parse_tree", noted)
    return files


def write(folder, text, name="file.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_cached_tree_is_the_tree_that_was_read(tmp_path, memory, parsed):
    path = write(tmp_path, TEXT)
    first, again = cached_tree(path), cached_tree(path)
    assert parsed == [str(path)]
    assert first == again == read_tree(path)
    assert again.values["day"] == date(2022, 1, 5)
    assert [type(v) for v in again.values["list"]] == [int, float, bool, type(None), str, list]


def test_every_shipped_scenario_is_recalled_as_it_was_read(memory):
    cases = [load(name) for name in ids()[::5]]
    library.load_alliance.cache_clear()
    assert [load(name) for name in ids()[::5]] == cases
    assert len(list(memory.glob("*.json"))) >= len(cases)


def test_a_file_that_was_changed_is_read_anew(tmp_path, memory, parsed):
    path = write(tmp_path, TEXT)
    cached_tree(path)
    write(tmp_path, TEXT.replace("0.1", "0.2"))
    assert cached_tree(path).values["map"]["deep"]["x"] == 0.2
    assert len(parsed) == 2


def test_the_same_text_elsewhere_is_recalled_under_its_own_name(tmp_path, memory, parsed):
    cached_tree(write(tmp_path, TEXT))
    other = write(tmp_path, TEXT, "other.yaml")
    assert cached_tree(other).file == str(other)
    assert len(parsed) == 1


def test_another_parser_recalls_nothing(tmp_path, memory, parsed, monkeypatch):
    path = write(tmp_path, TEXT)
    cached_tree(path)
    monkeypatch.setattr(parse_cache, "_reader", lambda: b"another")
    cached_tree(path)
    assert len(parsed) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.replace(b"2.5", b"9.5"),
        lambda raw: raw[:-20],
        lambda raw: b"",
        lambda raw: b"\xff\x00",
        lambda raw: raw + b" ",
    ],
)
def test_a_damaged_entry_is_not_believed(tmp_path, memory, parsed, damage):
    path = write(tmp_path, TEXT)
    whole = cached_tree(path)
    (entry,) = memory.glob("*.json")
    entry.write_bytes(damage(entry.read_bytes()))
    assert cached_tree(path) == whole
    assert len(parsed) == 2
    assert cached_tree(path) == whole
    assert len(parsed) == 2


def test_a_file_with_problems_is_refused_each_time_and_not_kept(tmp_path, memory):
    path = write(tmp_path, "a: &anchor 1\n")
    for _ in range(2):
        with pytest.raises(FileProblems, match="anchors"):
            cached_tree(path)
    assert not memory.exists()


@pytest.mark.parametrize("text", ["at: 2022-01-05 10:00:00\n"])
def test_a_value_that_cannot_be_kept_is_read_each_time(tmp_path, memory, text):
    path = write(tmp_path, text)
    assert cached_tree(path) == cached_tree(path) == read_tree(path)
    assert list(memory.glob("*")) == []


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("FOEDUS_CACHE", str(write(tmp_path, "in the way") / "below"))
    path = write(tmp_path, TEXT)
    assert cached_tree(path) == cached_tree(path) == read_tree(path)


def test_the_memory_can_be_switched_off(tmp_path, monkeypatch, parsed):
    monkeypatch.setenv("FOEDUS_CACHE", "")
    path = write(tmp_path, TEXT)
    assert cache_folder() is None
    assert cached_tree(path) == cached_tree(path)
    assert len(parsed) == 2


def test_ones_own_files_are_not_kept(toy, memory):
    toy.load()
    assert not memory.exists()
