from __future__ import annotations

import itertools

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex

from foedus.plots.style import (
    DEPENDENCE,
    HISTORY,
    INK,
    LEVEL_COLOURS,
    LOWERS,
    MUTED,
    ON_DEPENDENCE,
    ON_LEVEL,
    PAPER,
    RAISES,
    STANCE_COLOURS,
    WASH,
    css_tokens,
    house_style,
)

# Severe colour-vision deficiency as a linear map on linear RGB.
# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1.
SEEN_BY = {
    "trichromat": np.eye(3),
    "protanope": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranope": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanope": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
CLEARLY_APART = 15.0
"""CIELAB distance; about 2 is just noticeable side by side."""


def linear(colour):
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colour, eye="trichromat"):
    seen = np.clip(SEEN_BY[eye] @ linear(colour), 0, 1)
    x = TO_XYZ @ seen / (TO_XYZ @ np.ones(3))
    f = np.where(x > 216 / 24389, np.cbrt(x), (24389 / 27 * x + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(a, b):
    light = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (a, b))
    return (light[1] + 0.05) / (light[0] + 0.05)


def test_white_is_white_and_a_pure_red_is_dark_to_a_protanope():
    assert lab("#ffffff") == pytest.approx([100, 0, 0], abs=0.05)
    assert lab("#ff0000", "protanope")[0] < lab("#ff0000")[0] - 10


@pytest.mark.parametrize("eye", SEEN_BY)
def test_levels_grow_darker_by_clear_steps_for_every_eye(eye):
    lightness = [lab(colour, eye)[0] for colour in LEVEL_COLOURS]
    assert all(a - b > 10 for a, b in itertools.pairwise(lightness))


@pytest.mark.parametrize("eye", SEEN_BY)
def test_what_must_be_told_apart_is_apart_for_every_eye(eye):
    groups = [
        [*LEVEL_COLOURS, HISTORY],
        [RAISES, LOWERS],
        list(STANCE_COLOURS.values()),
    ]
    for group in groups:
        for a, b in itertools.combinations(group, 2):
            assert np.linalg.norm(lab(a, eye) - lab(b, eye)) > CLEARLY_APART, (a, b)


def test_a_pair_that_only_hue_separates_would_be_found_out():
    red, green = "#b85c4a", "#7f7a3f"
    far = np.linalg.norm(lab(red) - lab(green))
    near = np.linalg.norm(lab(red, "deuteranope") - lab(green, "deuteranope"))
    assert far > CLEARLY_APART > near


def test_raising_and_lowering_terms_differ_in_grey_too():
    assert abs(lab(RAISES)[0] - lab(LOWERS)[0]) > CLEARLY_APART


def test_text_is_legible_on_every_ground_it_stands_on():
    for ground, text in zip(LEVEL_COLOURS, ON_LEVEL, strict=True):
        assert contrast(ground, text) > 4.5
    for ground in (PAPER, WASH):
        assert contrast(ground, INK) > 7
        assert contrast(ground, MUTED) > 4.5
    assert contrast(PAPER, HISTORY) > 4.5


def test_text_on_a_fixed_colour_keeps_its_own_in_every_theme():
    pale = to_hex(DEPENDENCE(0.0))
    assert contrast(pale, ON_DEPENDENCE) > 7
    assert not {pale, ON_DEPENDENCE} & set(css_tokens())


def test_every_token_has_a_colour_of_its_own():
    assert len(set(css_tokens().values())) == len(css_tokens()) == 20


def test_the_house_style_leaves_the_readers_settings_alone():
    with mpl.rc_context({"font.size": 31.0, "axes.grid": True}):
        with house_style():
            assert mpl.rcParams["font.size"] < 15
            assert not mpl.rcParams["axes.grid"]
        assert mpl.rcParams["font.size"] == 31.0
        assert mpl.rcParams["axes.grid"]
