"""One council in somebody else's page: pasted as the how-to says, opened from disk."""

from __future__ import annotations

import subprocess
import sys

import pytest

import foedus
from foedus.web.page import embed

ARTICLE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An article</title>
<style>body {{ font: 18px Georgia, serif; max-width: 40rem; margin: auto; }}</style></head>
<body><h1>An article</h1><p>Some text.</p>{first}<p>More text.</p>{second}</body></html>"""


@pytest.fixture
def article(chromium, tmp_path):
    """Open an article with two pieces in it, with the network cut."""
    contexts, errors = [], []

    def open_article(first, second="", **options):
        file = tmp_path / "article.html"
        file.write_text(ARTICLE.format(first=first, second=second), encoding="utf-8")
        context = chromium.new_context(offline=True, reduced_motion="reduce", **options)
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        tab.goto(file.as_uri())
        return tab

    yield open_article
    for context in contexts:
        context.close()
    assert errors == []


@pytest.mark.browser
def test_what_the_command_writes_is_a_council_that_plays(article, tmp_path):
    out = tmp_path / "council.html"
    words = ["page", "kazakhstan-2022", "--council", "--out", str(out)]
    subprocess.run([sys.executable, "-m", "foedus", *words], check=True, capture_output=True)
    assert out.stat().st_size < 100_000
    tab = article(out.read_text(encoding="utf-8"))
    council = tab.locator("foedus-council")
    council.get_by_role("button", name="Russia").wait_for()
    council.get_by_label("Day", exact=True).press("ArrowRight")
    council.get_by_text("The council agrees to deploy a force.").wait_for()
    council.get_by_role("button", name="Play").click()
    council.get_by_text("7 January 2022, day 2.").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_two_councils_stand_in_one_article(article, width):
    first, second = embed("kazakhstan-2022"), embed("armenia-2020", run=3)
    tab = article(first, second, viewport={"width": width, "height": 800})
    councils = tab.locator("foedus-council")
    assert councils.count() == 2
    councils.nth(0).get_by_role("button", name="Belarus").wait_for()
    councils.nth(1).get_by_text("2020, day 0.").wait_for()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


CROWDED = """() => {
  const council = document.querySelector("foedus-council");
  council.show(council.data.days.length - 1, { moving: false });
  const box = (part) => part.getBoundingClientRect();
  const words = [...council.shadowRoot.querySelectorAll(".seat text")].filter((w) => w.textContent);
  const circle = (word) => box(word.parentNode.querySelector(".strength"));
  const inside = words.filter((word) => word.matches(".vote"));
  const wide = inside.filter((word) => box(word).width > circle(word).width + 1);
  const meet = (a, b) => a.left < b.right && b.left < a.right
    && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
  const crossed = words.filter((a) => words.some((b) => a.parentNode !== b.parentNode
    && meet(box(a), box(b))));
  return [...wide, ...crossed].map((word) => word.textContent);
}"""
"""Words of the last day that are wider than their circle, or lie on those of another seat."""


@pytest.mark.browser
@pytest.mark.parametrize("crisis", ["liberia-1990", "kazakhstan-2022", "poland-2014"])
def test_on_a_phone_the_words_of_a_council_lie_on_nothing(article, crisis):
    tab = article(embed(crisis), viewport={"width": 390, "height": 800})
    assert tab.evaluate(CROWDED) == []


@pytest.mark.browser
def test_a_reader_of_the_article_is_heard_by_its_own_script(article):
    tab = article(embed("kazakhstan-2022"))
    tab.evaluate("""() => addEventListener("foedus-member", ({ detail }) => {
      window.chosen = detail.member;
    })""")
    tab.locator("foedus-council").get_by_role("button", name="Armenia").click()
    assert tab.evaluate("window.chosen") == "ARM"


@pytest.mark.browser
def test_a_hostile_title_stays_words_in_an_article(article, toy):
    hurt = '</script><img src=x onerror="window.hurt=1">'
    tab = article(embed(toy.load(("title: A toy crisis", f"title: '{hurt}'"))))
    tab.locator("foedus-council svg").wait_for()
    assert tab.evaluate("window.hurt") is None
    assert tab.locator("img").count() == 0
    assert hurt in tab.locator("figcaption").inner_text()


def test_the_run_is_typical_unless_one_is_named():
    levels = foedus.ensemble("kyrgyzstan-2010", 1000).outcome.level.tolist()
    most = max(range(4), key=levels.count)
    assert f'"answer":{most}' in embed("kyrgyzstan-2010")
    other = next(run for run, level in enumerate(levels) if level == 0)
    assert '"answer":3' not in embed("kyrgyzstan-2010", run=other)
