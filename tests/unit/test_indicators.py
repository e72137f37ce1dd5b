"""Indicators: the nearest figure counts, and every bad row is named by its line."""

from __future__ import annotations

from itertools import pairwise

import pytest

from foedus.data.indicators import COLUMNS, ORIGINS, Indicator, nearest, read_indicators
from foedus.errors import FileProblems

HEADER = ",".join(COLUMNS)
GOOD = "FRI,exports,2010,2012,25,% of exports,page,a page,"


def row(value=1.0, first=2010, last=2010, origin="page", state="FRI", indicator="exports"):
    return Indicator(state, indicator, first, last, value, "%", origin, "a source", "")


def chosen(rows, year=2010, reach=5.0):
    found = nearest(rows, "FRI", year, reach)
    return {name: r.value for name, r in found.items()}


@pytest.mark.parametrize(("year", "years"), [(2008, 2), (2010, 0), (2011, 0), (2012, 0), (2015, 3)])
def test_distance_is_counted_to_the_nearer_end_of_the_period(year, years):
    assert row(first=2010, last=2012).distance(year) == years


def test_a_period_without_end_holds_for_ever_after():
    assert row(first=2010, last=None).distance(2100) == 0
    assert row(first=2010, last=None).distance(2005) == 5


@pytest.mark.parametrize(("year", "value"), [(2011, 1.0), (2013, 2.0)])
def test_the_nearest_figure_counts(year, value):
    assert chosen([row(2.0, first=2014), row(1.0)], year) == {"exports": value}


@pytest.mark.parametrize(("better", "worse"), list(pairwise(ORIGINS)))
def test_of_two_figures_as_near_the_more_trusted_counts(better, worse):
    assert chosen([row(1.0, origin=worse), row(2.0, origin=better)]) == {"exports": 2.0}


def test_a_near_figure_from_memory_outranks_a_trusted_one_from_afar():
    assert chosen([row(1.0, origin="memory"), row(2.0, first=2011, last=2011)]) == {"exports": 1.0}


def test_of_two_figures_as_near_and_as_trusted_the_earlier_counts():
    later = row(2.0, first=2011, last=2011)
    assert chosen([later, row(1.0, first=2009, last=2009)]) == {"exports": 1.0}


@pytest.mark.parametrize(("reach", "found"), [(3.0, {"exports": 1.0}), (2.9, {}), (0.0, {})])
def test_a_figure_beyond_reach_is_not_used(reach, found):
    assert chosen([row(1.0)], 2013, reach) == found


def test_other_states_and_other_indicators_do_not_mix():
    rows = [row(1.0), row(2.0, state="FAR"), row(3.0, indicator="arms")]
    assert chosen(rows) == {"exports": 1.0, "arms": 3.0}


def written(tmp_path, *lines):
    path = tmp_path / "indicators.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_good_table_is_read_as_it_stands(tmp_path):
    path = written(tmp_path, HEADER, GOOD, 'FAR,bloc,2015,,1,1,document,¶14,"one, two"')
    assert read_indicators(path) == (
        Indicator("FRI", "exports", 2010, 2012, 25.0, "% of exports", "page", "a page", ""),
        Indicator("FAR", "bloc", 2015, None, 1.0, "1", "document", "¶14", "one, two"),
    )


def test_all_bad_rows_are_reported_at_once_each_with_its_line(tmp_path):
    path = written(
        tmp_path,
        HEADER,
        GOOD.replace("exports,2", "exprots,2"),
        GOOD,
        GOOD.replace("page,a", "pgae,a"),
        GOOD.replace("a page", ""),
        GOOD.replace(",25,", ",-1,"),
        GOOD.replace(",25,", ",nan,"),
        GOOD.replace(",25,", ",many,"),
        GOOD.replace("2010", "soon"),
        GOOD.replace("2012", "late"),
        GOOD + ",more",
        "FRI,exports",
    )
    with pytest.raises(FileProblems) as caught:
        read_indicators(path)
    assert [p.line for p in caught.value.problems] == [2, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    lines = str(caught.value).splitlines()
    assert lines[0] == (f"{path}:2:1: unknown indicator 'exprots' (did you mean 'exports'?)")
    assert "did you mean 'page'" in lines[1]
    assert lines[2].endswith("expected a source")
    assert lines[3].endswith("expected a value of 0 or more, found -1")
    assert lines[9].endswith("expected 9 columns, found 2")
    assert len(lines) == 10


@pytest.mark.parametrize("lines", [[], ["state,indicator"], [GOOD]])
def test_a_wrong_header_is_refused_with_the_right_one(tmp_path, lines):
    with pytest.raises(FileProblems, match=f":1:1: expected the header {HEADER}"):
        read_indicators(written(tmp_path, *lines))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 9, b'"' + b"x" * 200_000])
def test_a_table_that_is_no_text_is_refused_as_a_bad_file(tmp_path, content):
    path = tmp_path / "indicators.csv"
    path.write_bytes(HEADER.encode() + b"\n" + content)
    with pytest.raises(FileProblems):
        read_indicators(path)
