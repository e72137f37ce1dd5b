"""The lesson of the teaching guide, followed by a script with fewer pupils than it measures."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

pytest.importorskip("websockets", reason="the lesson needs the extra `app`")
from lesson import MARKERS, PLAN

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
WEB = Path(str(resources.files("foedus.web")))

pytestmark = pytest.mark.browser


def test_a_lesson_is_played_and_no_choice_is_lost_or_misdated(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{MARKERS[0]}\n{MARKERS[1]}\nAfter\n")
    words = ["--clients", "14", "--pages", "1", "--into", str(page)]
    done = subprocess.run(
        [sys.executable, str(HERE / "lesson.py"), *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    text = page.read_text()
    assert "| choices that a screen missed | 0 |" in text, done.stdout + done.stderr
    assert "| choices that counted for another day, or not | 0 |" in text
    assert "| late choices, each refused and said to be late | 3 |" in text
    assert "| other problems | 0 |" in text
    assert text.startswith("Before")
    assert text.rstrip().endswith("After")


def test_the_script_follows_the_plan_of_the_teaching_guide():
    guide = (DOCS / "teaching.md").read_text(encoding="utf-8")
    for minutes, words in PLAN:
        row = rf"\| {minutes} \| {re.escape(words[:1].upper() + words[1:])}"
        assert re.search(row, guide), (minutes, words)


def test_the_lesson_names_the_buttons_and_menus_that_the_pages_have():
    guide = (DOCS / "teaching.md").read_text(encoding="utf-8").partition("## One hour")[2]
    lesson = guide.partition("\n## ")[0]
    pages = "".join(path.read_text(encoding="utf-8") for path in WEB.glob("*.js"))
    pages += (WEB / "page.py").read_text(encoding="utf-8")
    named = set(re.findall(r"\*\*([A-Z][^*.:]+)\*\*", lesson.partition("### The memo")[0]))
    assert len(named) >= 8
    for words in named:
        assert re.sub(r"\d+$", "${", words) in pages, words


def test_the_measured_lesson_had_forty_screens_and_held_what_is_promised():
    page = (DOCS / "performance.md").read_text(encoding="utf-8")
    table = page.partition(MARKERS[0])[2].partition(MARKERS[1])[0]
    clients, pages = map(int, re.search(r"(\d+) clients and (\d+) pages", table).groups())
    assert clients + pages >= 40
    assert float(re.search(r"every screen: 95 % within \| ([\d.]+) s", table).group(1)) < 0.5
    for words in ("a screen missed", "another day, or not", "other problems"):
        assert re.search(rf"{words} \| 0 \|", table)
