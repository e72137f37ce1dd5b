"""Each drawing function puts its data on the axes it is given, and returns them."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch

from foedus.analysis.explain.decomposition import explain, listening
from foedus.analysis.explain.response import Response, Surface
from foedus.analysis.summary import Spread, Unfolding, unfold
from foedus.data.terms import Level
from foedus.model.ensemble import story
from foedus.model.setup import prepare
from foedus.plots.answer_bars import draw_bar, draw_history, draw_key, order_of
from foedus.plots.answer_curve import draw_response, draw_surface
from foedus.plots.answers_by_day import draw_answers, draw_fates, draw_troops, settled_by
from foedus.plots.day_by_day import (
    draw_answer_strip,
    draw_in_place,
    draw_intensity,
    draw_positions,
)
from foedus.plots.forecast_scores import draw_reliability, draw_scores
from foedus.plots.network import THINNEST, draw_network, draw_network_key, layout_of
from foedus.plots.positions import (
    columns_for,
    draw_tiles,
    draw_tiles_key,
    draw_why,
    most_moved,
    reached,
    steps_of,
)
from foedus.plots.positions import draw_positions as draw_standing
from foedus.plots.style import LEVEL_COLOURS, STANCE_COLOURS
from foedus.plots.words import percent

P = [[0.1, 0.2, 0.3, 0.4], [0.7, 0.2, 0.1, 0.0], [0.0, 0.0, 0.5, 0.5]]
OBSERVED = [3, 0, 2]


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.fixture(scope="module")
def kazakhstan():
    setup = prepare("kazakhstan-2022")
    return setup, explain(setup, n_steps=2), listening(setup)


def words(ax):
    return {text.get_text() for text in ax.texts}


def widths(ax, colour):
    return [
        bar.get_width()
        for bar in ax.patches
        if hasattr(bar, "get_width") and to_hex(bar.get_facecolor()) == colour
    ]


def test_a_stacked_bar_is_as_long_as_its_shares_and_starts_where_the_last_one_ends(ax):
    draw_bar(ax, 0.0, np.array(P[0]), 2)
    assert [bar.get_width() for bar in ax.patches[:4]] == pytest.approx(P[0])
    assert [bar.get_x() for bar in ax.patches[:4]] == pytest.approx([0, 0.1, 0.3, 0.6])


def test_the_frame_lies_round_what_happened(ax):
    draw_bar(ax, 0.0, np.array(P[0]), 2)
    frame = ax.patches[-1]
    assert not frame.get_fill()
    assert (frame.get_x(), frame.get_width()) == pytest.approx((0.3, 0.3))


def test_what_happened_shows_even_where_the_model_never_says_it(ax):
    draw_bar(ax, 0.0, np.array(P[1]), 3)
    assert ax.patches[-1].get_width() > 0


def past(title, p, observed, over_priors=()):
    case = SimpleNamespace(scenario=SimpleNamespace(title=title))
    summary = SimpleNamespace(p_levels=p, most_probable=int(np.argmax(p)))
    return SimpleNamespace(
        case=case, summary=summary, observed=Level(observed), over_priors=over_priors
    )


def test_history_stands_in_groups_of_what_happened_the_likeliest_first():
    p = [[0.2, 0.8, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 1], [0.9, 0.1, 0, 0]]
    rows = [past(str(k), *row) for k, row in enumerate(zip(p, [0, 1, 3, 0], strict=True))]
    assert [row.case.scenario.title for row in order_of(rows)] == ["2", "1", "3", "0"]


def test_history_draws_one_bar_a_crisis_and_names_each(ax):
    rows = [
        past(*row)
        for row in zip("abc", P, [3, 2, 0], [[0, 0, 0, 0.11], [0, 0, 0.22], [0.33]], strict=True)
    ]
    assert draw_history(ax, rows) is ax
    assert {"a", "b", "c", "default", "uncertain"} <= words(ax)
    drawn = [percent(share) for share in (0.11, 0.22, 0.33)]
    assert set(drawn) <= words(ax)
    assert sorted(widths(ax, LEVEL_COLOURS[3])) == pytest.approx([0.0, 0.4, 0.5])
    assert any("deployed (1)" in word for word in words(ax))


def test_the_key_names_every_level_and_what_the_frame_means(ax):
    labels = [text.get_text() for text in draw_key(ax).get_legend().get_texts()]
    assert labels == ["none", "consult", "support", "deploy", "what happened"]


def unfolding():
    answers = np.array([[1.0, 0, 0, 0], [0.5, 0, 0.25, 0.25], [0.25, 0, 0.25, 0.5]])
    return Unfolding(
        np.vstack([answers, np.repeat(answers[-1:], 17, axis=0)]),
        np.r_[0, 0, 0.1, np.full(17, 0.4)],
        np.r_[0, 0, 0.1, np.full(17, 0.2)],
        np.zeros(20),
        100,
    )


def test_the_answers_of_an_ensemble_are_named_with_their_last_shares(ax):
    assert draw_answers(ax, unfolding(), (1, Level.DEPLOY)) is ax
    space = "\N{NO-BREAK SPACE}"
    assert words(ax) == {f"none 25{space}%", f"support 25{space}%", f"deploy 50{space}%"}
    assert ax.lines[-1].get_xdata() == [1]


def test_the_fates_of_a_crisis_add_up(ax):
    draw_fates(ax, unfolding(), "Kazakhstan")
    space = "\N{NO-BREAK SPACE}"
    assert words(ax) == {f"lost 20{space}%", f"goes on 40{space}%", f"quelled 40{space}%"}


def test_days_are_shown_until_nothing_moves():
    assert settled_by(unfolding()) == 7
    still = unfolding()
    still.quelled[11:] = 0.9
    assert settled_by(still) == 13


def test_troops_show_medians_and_what_was_reported(ax):
    troops = {"AAA": Spread(120, 0, 150), "BBB": Spread(0, 0, 0), "total": Spread(120, 0, 150)}
    history = SimpleNamespace(troops={"AAA": (70, 100)})
    case = SimpleNamespace(
        name_of=lambda s: {"AAA": "Askland"}.get(s, s), scenario=SimpleNamespace(history=history)
    )
    draw_troops(ax, troops, case)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Askland", "total"]
    drawn = {tuple(map(float, line.get_xdata())) for line in ax.lines}
    assert {(120.0,), (0.0, 150.0), (70.0, 100.0)} <= drawn


def test_the_patron_stands_at_the_centre_and_the_nearest_follows_it_most(kazakhstan):
    network = kazakhstan[2]
    places = layout_of(network)
    assert places[network.patron] == (0.0, 0.0)
    follows = network.influence[:, network.patron]
    orbits = {i: np.hypot(x / 1.55, y) for i, (x, y) in places.items() if i != network.patron}
    assert min(orbits, key=orbits.get) == int(np.argmax(follows))
    nearest_first = sorted(orbits, key=orbits.get)
    assert nearest_first == sorted(orbits, key=lambda i: -follows[i])


def test_every_influence_that_counts_is_an_arrow_and_no_other(ax, kazakhstan):
    setup, _, network = kazakhstan
    assert draw_network(ax, network, setup.case) is ax
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    assert len(arrows) == int((network.influence >= THINNEST).sum())
    assert len([p for p in ax.patches if isinstance(p, Circle)]) == len(network.members) + 1
    assert draw_network_key(ax) is ax


def test_a_story_draws_its_days(kazakhstan):
    setup = kazakhstan[0]
    told = story(setup, 0, 1)
    axes = Figure().subplots(4, 1)
    draw_intensity(axes[0], told.days, 0.05, 0.99)
    draw_positions(axes[1], told.days, setup.case)
    draw_answer_strip(axes[2], told.days)
    draw_in_place(axes[3], told.days)
    intensity = [day.intensity for day in told.days]
    assert any(list(line.get_ydata()) == intensity for line in axes[0].lines)
    russia = [m.position for d in told.days for m in d.members if m.state == "RUS"]
    assert any(list(line.get_ydata()) == russia for line in axes[1].lines)
    sat = next(line for line in axes[1].lines if line.get_marker() == "v")
    assert list(sat.get_xdata()) == [day.day for day in told.days if day.council_sat]
    assert "deploy" in words(axes[2])
    assert words(axes[3]) == {f"{sum(told.troops.values()):,} troops"}


def test_a_waterfall_adds_up_to_the_position(ax, kazakhstan):
    _, explanation, _ = kazakhstan
    account = most_moved(explanation)
    assert draw_why(ax, account, explanation.bars) is ax
    steps = steps_of(account)
    assert sum(s.change for s in steps if not s.is_sum) == pytest.approx(account.position, abs=0.02)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([s.change for s in steps])
    assert steps[-1].end == pytest.approx(account.position)
    terms = [s for s in steps if not s.is_sum]
    assert terms[0].start == 0
    for before, after in pairwise(terms):
        assert after.start == pytest.approx(before.end, abs=0.02)


def test_the_highest_bar_reached_is_the_level_spoken_for():
    assert [reached(x, (-0.5, 0.8, 2.0)) for x in (-1, -0.5, 1, 5)] == [0, 1, 2, 3]


def test_everybodys_own_view_and_position_are_on_the_axis(ax, kazakhstan):
    setup, explanation, _ = kazakhstan
    draw_standing(ax, explanation, setup.case)
    drawn = {
        round(float(line.get_xdata()[0]), 6) for line in ax.lines if len(line.get_xdata()) == 1
    }
    expected = {round(v, 6) for m in explanation.members for v in (m.private, m.position)}
    assert drawn == expected


def test_tiles_show_each_members_three_stances(ax, kazakhstan):
    setup, explanation, _ = kazakhstan
    draw_tiles(ax, explanation, setup.case)
    for stance, colour in STANCE_COLOURS.items():
        n = sum(s == stance for m in explanation.members for s in m.stances)
        assert len(widths(ax, colour)) == n
    assert draw_tiles_key(ax) is ax


@pytest.mark.parametrize("n", range(1, 61))
def test_tiles_of_any_alliance_fit_a_layout_that_is_wider_than_high(n):
    columns = columns_for(n)
    rows = -(-n // columns)
    assert columns * rows >= n
    assert columns >= rows or n < 2


def test_a_response_is_a_line_and_a_band_a_level(ax):
    values = np.array([0.0, 1.0, 2.0])
    curve = Response("rho", values, np.array(P), np.full((3, 4), 0.01), values, 1.0, 9, 1)
    draw_response(ax, curve)
    lines = [list(line.get_ydata()) for line in ax.lines if len(line.get_xdata()) == 3]
    for level in range(4):
        assert [row[level] for row in P] in lines
    assert len(ax.collections) == 4
    assert "now 1" in words(ax)


def test_scores_stand_from_best_to_worst(ax):
    entries = [
        SimpleNamespace(name=name, kind=kind, skill=skill, interval=interval)
        for name, kind, skill, interval in (
            ("a", "baseline", 0, (0, 0)),
            ("b", "prior", 0.4, (0.1, 0.6)),
            ("c", "calibrated", 0.2, (0, 0.3)),
        )
    ]
    draw_scores(ax, entries)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["b", "c", "a"]


def test_reliability_draws_classes_where_they_are(ax):
    draw_reliability(ax, [(0.1, 0.2, 20, 0.1, 0.3), (0.8, 0.7, 5, 0.5, 0.9)])
    assert ax.collections[0].get_offsets().tolist() == [[0.1, 0.2], [0.8, 0.7]]
    assert {"20", "5"} <= words(ax)


def test_a_real_ensemble_unfolds_on_the_axes(ax, kazakhstan):
    days = unfold(kazakhstan[0], 64, 1)
    draw_answers(ax, days)
    assert ax.get_ylim() == (0, 1)


def test_a_story_of_one_day_still_shows_every_member(ax, kazakhstan):
    setup = kazakhstan[0]
    day = story(setup, 0, 1).days[:1]
    draw_positions(ax, day, setup.case)
    shown = [line for line in ax.lines if line.get_marker() == "o"]
    assert len(shown) == len(day[0].members)


@pytest.mark.parametrize("corner", [0.481, 0.49, 0.5, 0.51, 0.53])
def test_a_contour_is_named_only_where_its_words_fit_into_the_figure(ax, corner):
    grid = np.linspace(0, 1, 21)
    p = np.zeros((21, 21, 4))
    p[:, :, 3] = 0.12 + corner * (grid[:, None] + 1 - grid[None, :]) / 2  # 60 % in one corner
    draw_surface(ax, Surface(("a", "b"), grid, grid, p, seed=1, n_runs=1))
    ax.figure.canvas.draw()
    frame = ax.get_window_extent()
    boxes = [words.get_window_extent() for words in ax.texts]
    assert len(boxes) >= 4
    for box in boxes:
        assert frame.x0 <= box.x0
        assert box.x1 <= frame.x1
        assert frame.y0 <= box.y0
        assert box.y1 <= frame.y1
