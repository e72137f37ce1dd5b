"""The time line of an alliance: from disk without a network, from the server, and in a report."""

from __future__ import annotations

import json
import re
import shutil
from gzip import decompress
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from hands import axe_source, tab_to, violations

from foedus.chronicle.years import chronicle, chronicle_ids, run_chronicle
from foedus.chronicle.years_plan import Plan
from foedus.cli import run
from foedus.data.library import load, shipped
from foedus.data.terms import Level
from foedus.report.alliance import report_on_decades
from foedus.web.page import page
from foedus.web.timeline_data import timeline_data

pytestmark = pytest.mark.browser

RUNS = 1000
CHANGED = "#/decades/csto?year=2022&call=armenia-2022&answer=3"
TWICE = f"{CHANGED}&call=kazakhstan-2022&answer=without"
NEAR = 0.02
"""By how much means of the page's own 1,000 runs may differ from Python's: over four errors."""


@pytest.fixture(scope="module")
def data():
    return timeline_data("csto", RUNS)


@pytest.fixture(scope="module")
def file(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("decades") / "page.html"
    path.write_text(page([load("kazakhstan-2022")], chronicles=[data]), encoding="utf-8")
    return path


def year_shown(tab):
    tab.locator("foedus-timeline h2#year").wait_for()
    return tab.locator("foedus-timeline h2#year").inner_text()


def trust_of(tab, state):
    return tab.locator(f"foedus-timeline .trust tr:has-text('{state}') .number").inner_text()


def last_relevance(tab):
    return float(tab.locator("foedus-timeline .now").text_content())


def in_python(since, **answers):
    """Mean relevance of the last year, and Armenia's trust by year, with some answers changed."""
    fixed = {call.replace("_", "-"): Level(level) for call, level in answers.items()}
    setup = chronicle("csto", plan=Plan(since=since, fixed=fixed), over_priors=True)
    years = run_chronicle(setup, RUNS, 1)
    trust = years.trust[:, setup.timeline.states.index("ARM")].mean(axis=-1)
    return years.relevance[-1].mean(), dict(zip(setup.timeline.years, trust, strict=True))


def index(thousandth):
    return float(f"{thousandth / 1000:.2f}")


def test_it_opens_from_disk_at_a_telling_year_and_is_reached_from_the_first_page(from_disk, file):
    tab = from_disk(file)
    tab.get_by_role("link", name="Decades").click()
    assert year_shown(tab) == "2022"
    assert tab.locator("h1").inner_text() == "Collective Security Treaty Organization"
    assert "5 of 11 calls" in tab.locator("p.lead").inner_text()


def test_a_keyboard_scrubs_opens_a_year_and_changes_an_answer(from_disk, file):
    tab = from_disk(file, "#/decades/csto")
    assert year_shown(tab) == "2022"
    tab_to(tab, "Year")
    tab.keyboard.press("ArrowLeft")
    assert year_shown(tab) == "2021"
    assert "Tajik-Afghan border" in tab.locator("foedus-timeline .columns").inner_text()
    tab.keyboard.press("End")
    assert year_shown(tab) == "2026"
    tab.keyboard.press("Home")
    assert year_shown(tab) == "1992"
    tab_to(tab, "Next call")
    tab.keyboard.press("Enter")
    assert year_shown(tab) == "1999"
    assert "left" in tab.locator("foedus-timeline .columns").inner_text()
    before = last_relevance(tab)
    tab_to(tab, "aid (asked)")
    tab.keyboard.press("Enter")
    assert last_relevance(tab) == pytest.approx(in_python(1999, batken_1999=2)[0], abs=NEAR)
    assert last_relevance(tab) != before
    assert "call=batken-1999&answer=2" in tab.url
    pressed = tab.evaluate(
        "document.querySelector('foedus-timeline').shadowRoot.activeElement.dataset.key"
    )
    assert pressed == "2", "the focus stays where the reader is"


def test_a_changed_answer_moves_trust_relevance_and_words_and_back_undoes_it(from_disk, file):
    tab = from_disk(file, "#/decades/csto?year=2023")
    assert year_shown(tab) == "2023"
    kept = trust_of(tab, "Armenia"), last_relevance(tab)
    tab.get_by_role("button", name="Call before").click()
    button = tab.locator("foedus-timeline [data-call=armenia-2022][data-key='3']")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    told = tab.locator("foedus-timeline .result").inner_text()
    (before, trust), (after, changed) = in_python(2022), in_python(2022, armenia_2022=3)
    said = re.search(r"Relevance in 2026: ([\d.]+) instead of ([\d.]+)\.", told).groups()
    assert [float(part) for part in said] == pytest.approx([after, before], abs=NEAR)
    assert float(said[0]) > float(said[1])
    assert "Armenia's chance to freeze or leave by 2026" in told
    now, was = (float(part) for part in trust_of(tab, "Armenia").split(", not "))
    assert (now, was) == pytest.approx((changed[2022], trust[2022]), abs=NEAR)
    assert tab.locator("foedus-timeline .before, foedus-timeline .was").count() == 2
    tab.go_back()
    tab.locator("foedus-timeline .result").wait_for(state="hidden")
    tab.get_by_role("button", name="Next call").click()
    assert (trust_of(tab, "Armenia"), last_relevance(tab)) == kept


def test_an_address_with_a_change_shows_it_and_a_senseless_one_is_passed_over(from_disk, file):
    tab = from_disk(file, CHANGED)
    assert "a force" in tab.locator("foedus-timeline .changes").inner_text()
    tab = from_disk(file, "#/decades/csto?year=99999&call=constructor&answer=__proto__")
    assert year_shown(tab) == "2026"
    assert tab.locator("foedus-timeline .result").is_hidden()
    tab = from_disk(file, "#/decades/nothing")
    assert 'no chronicle "nothing"' in tab.locator("[role=alert]").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_several_answers_change_together_and_each_is_undone_alone(from_disk, file, width):
    tab = from_disk(file, "#/decades/csto?year=2022", width=width)
    year_shown(tab)
    kept = last_relevance(tab)
    shown = tab.locator("foedus-timeline .changes li")
    for n, (call, key) in enumerate((("armenia-2022", "3"), ("kazakhstan-2022", "0")), 1):
        tab.locator(f"foedus-timeline [data-call={call}][data-key='{key}']").click()
        assert shown.count() == n
    both = in_python(2022, armenia_2022=3, kazakhstan_2022=0)[0]
    alone = in_python(2022, armenia_2022=3)[0]
    assert last_relevance(tab) == pytest.approx(both, abs=NEAR)
    assert abs(both - alone) > 2 * NEAR, "so that the second change shows"
    assert "call=kazakhstan-2022&answer=0&call=armenia-2022&answer=3" in tab.url
    assert tab.locator("foedus-timeline .changed").count() == 2
    tab.get_by_role("button", name="Undo: Kazakhstan").click()
    assert shown.count() == 1
    assert last_relevance(tab) == pytest.approx(alone, abs=NEAR)
    tab.go_back()
    tab.get_by_role("button", name="Back to history").click()
    tab.locator("foedus-timeline .result").wait_for(state="hidden")
    assert last_relevance(tab) == kept
    assert "call" not in tab.url


def test_a_click_on_the_picture_opens_that_year(from_disk, file):
    tab = from_disk(file, "#/decades/csto")
    year_shown(tab)
    picture = tab.locator("foedus-timeline svg.picture")
    box = picture.bounding_box()
    picture.click(position={"x": 0.5 * box["width"], "y": 0.5 * box["height"]})
    assert 2002 <= int(year_shown(tab)) <= 2012


def test_play_goes_on_from_the_first_year_and_pauses(from_disk, file):
    tab = from_disk(file, "#/decades/csto?year=2026")
    assert year_shown(tab) == "2026"
    tab.get_by_role("button", name="Play").click()
    tab.locator("foedus-timeline h2#year", has_text=re.compile("199[3-9]|20[01]")).wait_for()
    assert tab.locator("foedus-timeline .veil").get_attribute("visibility") == "visible"
    tab.get_by_role("button", name="Pause").click()
    stopped = year_shown(tab)
    tab.wait_for_timeout(1000)
    assert year_shown(tab) == stopped


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(from_disk, file, width, scheme):
    axe = axe_source()
    for address in ("#/decades/csto", TWICE):
        tab = from_disk(file, address, width=width, color_scheme=scheme)
        year_shown(tab)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        tab.evaluate(axe)
        assert violations(tab) == []


def test_every_alliance_with_a_chronicle_opens_and_fits_a_phone(from_disk, tmp_path):
    path = tmp_path / "all.html"
    decades = [timeline_data(name, 20) for name in chronicle_ids()]
    path.write_text(page([load("laos-1961")], chronicles=decades), encoding="utf-8")
    tab = from_disk(path, "#/decades", width=390)
    for one in decades:
        tab.get_by_role("link", name="Decades").click()
        tab.get_by_role("link", name=one["name"]).first.click()
        assert one["years"][0] <= int(year_shown(tab)) <= one["years"][1]
        tab.locator("h1", has_text=one["name"]).wait_for()
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hostile_words_of_a_chronicle_stay_words(from_disk, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(shipped() / "seato", own)
    text = (own / "chronicle.yaml").read_text(encoding="utf-8")
    hostile = "</script><img src=x onerror=window.hurt=1>"
    text = text.replace("why: ", f"why: '{hostile}' #", 1)
    text = text.replace("schema_version: 1", f"schema_version: 1\nname: '{hostile}'")
    (own / "chronicle.yaml").write_text(text, encoding="utf-8")
    for words in (["page", "laos-1961", "--chronicle", str(own)], ["report", str(own)]):
        path = tmp_path / f"{words[0]}.html"
        assert run([*words, "--out", str(path)]) == 0
        tab = from_disk(path, "#/decades" if words[0] == "page" else "")
        year_shown(tab)
        assert hostile in tab.locator("h1").inner_text()
        assert tab.evaluate("window.hurt") is None
        assert tab.locator("img").count() == 0


def test_the_app_serves_the_same_decades(new_page, address):
    tab = new_page("/")
    tab.get_by_role("link", name="Decades").click()
    tab.get_by_role("link", name="Southeast Asia Treaty Organization").click()
    year_shown(tab)
    served = json.loads(decompress(urlopen(f"{address}/decades/seato.json").read()))
    assert served == json.loads(json.dumps(timeline_data("seato")))
    assert last_relevance(tab) == index(served["relevance"]["mean"][-1])
    for name in ("nothing", "%2e%2e%2fseato", "."):
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{address}/decades/{name}.json")
    tab.locator("foedus-timeline [data-key=without]").first.click()
    assert "answer=without" in tab.url


@pytest.mark.parametrize("width", [1280, 390])
def test_the_app_shows_the_chronicle_of_a_folder_that_it_was_started_with(new_page, width):
    tab = new_page("/", width=width)
    tab.get_by_role("link", name="Decades").click()
    tab.get_by_role("link", name="My own pact").click()
    year_shown(tab)
    assert tab.url.split("?")[0].endswith("#/decades/my-pact")
    assert tab.locator("h1").inner_text() == "My own pact"
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_report_moves_and_prints_and_shows_a_figure_where_no_script_runs(from_disk, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(report_on_decades("csto", RUNS, 1, lambda _: None), encoding="utf-8")
    tab = from_disk(path)
    assert year_shown(tab) == "2022"
    tab.locator("foedus-timeline [data-call=kazakhstan-2022][data-key='0']").click()
    assert "did nothing" in tab.locator("foedus-timeline .result").inner_text()
    tab.emulate_media(media="print")
    assert tab.locator("foedus-timeline svg.picture").is_visible()
    assert tab.locator("foedus-timeline .bar").is_hidden()
    tab = from_disk(path, width=390, java_script_enabled=False)
    assert tab.locator("#decades-figure svg").is_visible()
