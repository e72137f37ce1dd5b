"""The codebook on paper says what the schema, the template and the editor say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foedus.data.records import meaning_of
from foedus.data.schema import Scenario
from foedus.data.terms import (
    ATTRIBUTE_RANGE,
    CRISIS_ATTRIBUTES,
    LEVELS,
    MEMBER_ATTRIBUTES,
    AdversaryKind,
)
from foedus.data.vocabulary import entry

DOCS = Path(__file__).parents[2] / "docs"
CODEBOOK = DOCS / "codebook.md"


def section(name):
    """What the codebook says of one attribute, in one line of text."""
    parts = re.split(r"(?m)^#{2,3} ", CODEBOOK.read_text(encoding="utf-8"))
    (found,) = [part for part in parts if part.startswith(f"`{name}`\n")]
    return found


@pytest.mark.parametrize("name", CRISIS_ATTRIBUTES + MEMBER_ATTRIBUTES)
def test_each_attribute_stands_in_the_codebook_with_the_scale_of_the_schema(name):
    row = entry("attribute", name)
    text = section(name)
    assert row.description in " ".join(text.split())
    rows = re.findall(r"^\| (-?[\d.]+) \| (.*) \|$", text, re.MULTILINE)
    assert tuple(rows) == row.scale
    assert len(text.split("\n\n")) >= 4  # question, table, and a note in words


@pytest.mark.parametrize("name", CRISIS_ATTRIBUTES + MEMBER_ATTRIBUTES)
def test_each_scale_rises_from_the_lowest_to_the_highest_value(name):
    values = [float(value) for value, _ in entry("attribute", name).scale]
    assert values == sorted(set(values))
    assert (values[0], values[-1]) == ATTRIBUTE_RANGE[name]


def test_each_kind_of_adversary_and_each_answer_stands_in_the_codebook():
    text = CODEBOOK.read_text(encoding="utf-8")
    for word in (*AdversaryKind, *LEVELS):
        assert f"| `{word}` |" in text


def test_a_description_without_points_is_all_question():
    row = meaning_of(Scenario, "quality")
    assert row.whole == row.description


@pytest.mark.parametrize("page", ["codebook.md", "how-to/code-a-crisis.md"])
def test_links_between_the_pages_lead_somewhere(page):
    path = DOCS / page
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert links
    for link in links:
        assert (path.parent / link).is_file(), link
