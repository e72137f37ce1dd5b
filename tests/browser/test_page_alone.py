"""The page without a server: opened from disk, nothing asked of any network."""

from __future__ import annotations

import pytest
from hands import CLICKS, axe_source, tab_to, violations

from foedus.data.library import load, load_all
from foedus.data.vocabulary import entries
from foedus.web.page import page

STORY = entries("story")

MOST_BYTES = 2_000_000
INK = "rgb(28, 31, 36)"
"""Of text on white paper."""


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "foedus.html"
    path.write_text(page(load_all()), encoding="utf-8")
    return path


@pytest.fixture
def opened(from_disk, everything):
    """Open the page at an address with the network cut; every request and error is kept."""
    return lambda address, *, path=everything, **options: from_disk(path, address, **options)


def test_all_crises_fit_into_one_small_file(everything):
    assert everything.stat().st_size < MOST_BYTES


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_a_guess_shows_model_history_and_why_from_disk(opened, width):
    tab = opened("#/crisis/kazakhstan-2022", width=width)
    tab.click("button.guess.level-3")
    tab.wait_for_selector(".bars .answer[data-share]")
    assert float(tab.locator(".answer.level-3").first.get_attribute("data-share")) > 0.6
    tab.wait_for_selector(".verdict")
    tab.locator("[data-member=RUS]").click()
    tab.wait_for_selector(".why table")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
def test_back_undoes_a_change(opened):
    tab = opened("#/crisis/kazakhstan-2022?rho=0")
    tab.get_by_role("button", name="Skip the guess").click()
    tab.get_by_role("button", name="Reset").click()
    assert "rho" not in tab.url
    tab.go_back()
    assert "rho=0" in tab.url


@pytest.mark.browser
def test_the_guided_story_ends_with_who_decides(opened):
    tab = opened("#/story/6")
    tab.get_by_text("Five crises prove nothing").wait_for()
    assert tab.locator(".control").count() == 2


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_story_is_gone_through_from_the_first_screen_to_the_last(opened, width):
    tab = opened("", width=width)
    tab.get_by_role("link", name="Begin").click()
    for n, told in enumerate(STORY, start=1):
        assert tab.locator("[aria-current=step]").inner_text() == str(n)
        assert tab.get_by_text("What was known then").is_visible()
        tab.locator(".guess").nth(n % 4).click()
        tab.get_by_text(STORY[told].description).wait_for()
        assert tab.locator("foedus-council").is_visible()
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        tab.get_by_role(
            "link", name="Who decides?" if n == len(STORY) else "Next crisis"
        ).last.click()
    tab.get_by_text("Five crises prove nothing").wait_for()
    rows = tab.locator(".guessed tbody tr")
    assert rows.count() == len(STORY)
    assert [rows.nth(n).locator("td").last.inner_text() for n in range(5)] == [
        load(told).scenario.history.level for told in STORY
    ]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("names", "heading"),
    [(["mali-2013"], "Mali"), (["mali-2013", "kazakhstan-2022"], "All crises")],
)
def test_a_page_without_the_five_crises_tells_no_story_of_five(opened, tmp_path, names, heading):
    path = tmp_path / "some.html"
    path.write_text(page(load(name) for name in names), encoding="utf-8")
    for address in ("", "#/"):
        tab = opened(address, path=path)
        assert heading in tab.locator("h1").inner_text()
        assert tab.get_by_role("link", name="Five crises").count() == 0
    assert "All crises" in opened("#/story/2", path=path).locator("h1").inner_text()


@pytest.mark.browser
def test_a_crisis_of_the_story_is_played_by_keyboard_alone(opened):
    tab = opened("#/story/1")
    tab.evaluate(CLICKS)
    tab_to(tab, "deploy")
    tab.keyboard.press("Enter")
    tab.get_by_text(STORY["tajikistan-2010"].description).wait_for()
    tab_to(tab, "Next crisis")
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => location.hash === '#/story/2'")
    tab_to(tab, "1: Tajikistan", back=True)
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => location.hash === '#/story/1'")
    tab_to(tab, "Russia")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".why table")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_file(opened, width, scheme):
    source = axe_source()
    tab = opened("", width=width, color_scheme=scheme)
    tab.evaluate(source)
    assert violations(tab) == []
    for address in ("#/story/4", "#/story/6", "#/crises"):
        tab.evaluate("(hash) => { location.hash = hash; }", address)
        tab.wait_for_function(
            "(hash) => document.documentElement.dataset.ready === hash", arg=address
        )
        if tab.locator(".guess").count():
            assert violations(tab) == []
            tab.locator(".guess").first.click()
            tab.wait_for_selector(".verdict")
        assert violations(tab) == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_by_itself_for_whoever_asked_for_stillness(opened, width):
    tab = opened("#/story/4", width=width)
    tab.locator(".guess").first.click()
    tab.locator("foedus-council").get_by_role("button", name="Pause").click()
    marker = tab.locator("foedus-council .marker").first
    tab.locator("foedus-council input").press("ArrowRight")
    at_once = marker.get_attribute("cy")
    tab.wait_for_timeout(400)
    assert marker.get_attribute("cy") == at_once


@pytest.mark.browser
def test_the_policy_of_the_file_stops_what_comes_from_outside(chromium, everything):
    tab = chromium.new_page()
    tab.goto(everything.as_uri())
    stopped = tab.evaluate("""async () => {
      const found = [];
      addEventListener("securitypolicyviolation", (told) => found.push(told.effectiveDirective));
      for (const name of ["script", "img", "iframe", "link"]) {
        const made = document.createElement(name);
        const to = name === "link" ? "href" : "src";
        if (name === "link") made.rel = "stylesheet";
        made[to] = "https://example.invalid/a";
        document.body.append(made);
      }
      const inline = document.createElement("script");
      inline.textContent = "window.hurt = 1";
      document.body.append(inline);
      await fetch("https://example.invalid/").catch(() => 0);
      await new Promise((done) => setTimeout(done, 300));
      return [...new Set(found)].sort();
    }""")
    assert {"connect-src", "frame-src", "img-src", "script-src-elem", "style-src-elem"} == set(
        stopped
    )
    assert tab.evaluate("window.hurt") is None
    tab.close()


@pytest.mark.browser
def test_on_paper_all_is_unfolded_in_dark_ink_and_the_page_folds_again(opened, tmp_path):
    tab = opened("#/crisis/kazakhstan-2022", color_scheme="dark")
    tab.click("button.guess.level-3")
    tab.wait_for_function("() => document.documentElement.dataset.slow")
    folded = tab.locator("details:not([open])").count()
    assert folded
    tab.evaluate("""() => addEventListener("beforeprint", () => {
      window.open_ = document.querySelectorAll("details:not([open])").length;
    })""")
    assert len(tab.pdf(path=tmp_path / "crisis.pdf", format="A4")) > 20_000
    assert tab.evaluate("window.open_") == 0
    assert tab.locator("details:not([open])").count() == folded
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.body).color") == INK
    assert not tab.get_by_role("button", name="Download").is_visible()
    assert tab.locator(".bars").first.is_visible()


@pytest.mark.browser
def test_hostile_words_of_a_scenario_stay_words(opened, toy, tmp_path):
    hurt = '</script><img src=x onerror="window.hurt=1">'
    case = toy.load(
        ("title: A toy crisis", f"title: '{hurt}'"),
        ("question: Will they come?", f"question: '{hurt}'"),
        ("summary: Invented for tests.", f"summary: '{hurt}'"),
        ("external: {coders: [0.25], why: w,", f"external: {{coders: [0.25], why: '{hurt}',"),
    )
    path = tmp_path / "hostile.html"
    path.write_text(page([case, load("kazakhstan-2022")]), encoding="utf-8")
    for address in ("#/crises", f"#/crisis/{case.id}", f"#/crisis/{hurt}", f"#/story/{hurt}"):
        tab = opened(address, path=path)
        assert tab.evaluate("window.hurt") is None
        assert tab.locator("img").count() == 0
    tab = opened(f"#/crisis/{case.id}", path=path)
    assert hurt in tab.locator(".question").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_another_crisis_is_held_beside_this_one_and_back_puts_it_away(opened, width):
    tab = opened("#/crisis/kazakhstan-2022", width=width)
    tab.click("button.guess.level-3")
    tab.get_by_label("Side by side with").select_option("kyrgyzstan-2010")
    shares = tab.locator(".side-by-side .answer.level-3[data-share]")
    shares.nth(1).wait_for()
    here, there = (float(shares.nth(n).get_attribute("data-share")) for n in (0, 1))
    assert here > 0.6 > there
    assert "beside=kyrgyzstan-2010" in tab.url
    assert tab.locator(".side-by-side foedus-council").count() == 1
    assert tab.locator(".side-by-side .happened:visible").count() == 1, "history is not given away"
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    alone = opened("#/crisis/kyrgyzstan-2010", width=width)
    alone.get_by_role("button", name="Skip the guess").click()
    assert float(alone.locator(".answer.level-3").get_attribute("data-share")) == there
    tab.go_back()
    assert "beside" not in tab.url
    tab.wait_for_function("() => document.querySelector('.side-by-side').hidden")
    tab.go_forward()
    tab.locator(".side-by-side .bars").first.wait_for()
    tab.evaluate(axe_source())
    assert violations(tab) == []


@pytest.mark.browser
def test_a_crisis_beside_this_one_that_is_not_in_the_page_is_left_out(opened):
    tab = opened("#/crisis/kazakhstan-2022?beside=nowhere-1900")
    tab.get_by_role("button", name="Skip the guess").click()
    tab.wait_for_function("() => document.documentElement.dataset.slow")
    assert not tab.locator(".side-by-side").is_visible()
