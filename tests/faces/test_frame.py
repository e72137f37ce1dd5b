from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from foedus.errors import InputError, UsageError
from foedus.plots.frame import Picture, bare, framed, save, svg_of


def a_picture(finding="Something was found", lead="How to read it", height=1.0):
    def paint(canvas):
        canvas.subplots().plot([0, 1], [0, 1])

    return Picture(finding, lead, "a source", paint, height)


def test_a_figure_stands_under_its_finding_and_over_its_source():
    drawn = svg_of(framed(a_picture()))
    found, read, source = (drawn.index(t) for t in ("Something was found", "How to read", "a sou"))
    assert found < read < source


def test_a_bare_figure_says_nothing_of_its_own():
    assert "found" not in svg_of(bare(a_picture()))


def test_the_same_picture_gives_the_same_bytes_whatever_the_reader_set(tmp_path):
    first = [
        save(framed(a_picture()), tmp_path / f"a.{end}").read_bytes() for end in ("svg", "png")
    ]
    with mpl.rc_context({"font.size": 30.0, "svg.hashsalt": "other", "svg.fonttype": "path"}):
        again = [
            save(framed(a_picture()), tmp_path / f"b.{end}").read_bytes() for end in ("svg", "png")
        ]
    assert first == again
    assert save(framed(a_picture("Else")), tmp_path / "c.svg").read_bytes() != first[0]


def test_no_date_and_no_path_stand_in_a_file():
    drawn = svg_of(framed(a_picture()))
    assert "dc:date" not in drawn
    assert "/home" not in drawn


def test_a_title_with_signs_of_mathematics_or_markup_is_set_as_it_is():
    drawn = svg_of(framed(a_picture(finding="Costs $5 & <b>$_{x</b>")))
    assert "Costs $5 &amp; &lt;b&gt;$_{x&lt;/b&gt;" in drawn


def test_a_long_finding_breaks_into_lines_that_fit():
    figure = framed(a_picture(finding="word " * 60))
    renderer = FigureCanvasAgg(figure).get_renderer()
    lines = figure.subfigs[0].texts
    assert len(lines) > 3
    assert all(line.get_window_extent(renderer).x1 <= figure.bbox.x1 for line in lines)


def test_a_title_that_needs_two_lines_leaves_no_word_alone_on_the_second():
    finding = "Russia in Ukraine, March 2022: the alliance does nothing in 93 % of runs, which is"
    texts = framed(a_picture(f"{finding} right")).subfigs[0].texts
    lines = [text.get_text() for text in texts if text.get_fontweight() == "bold"]
    assert len(lines) == 2
    assert len(lines[1]) > 0.7 * len(lines[0])


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.svg.gz"])
def test_other_endings_are_refused(tmp_path, name):
    with pytest.raises(UsageError, match=r"\.png or \.svg"):
        save(framed(a_picture()), tmp_path / name)


def test_a_folder_that_is_not_there_is_bad_input(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        save(framed(a_picture()), tmp_path / "nowhere" / "a.svg")
