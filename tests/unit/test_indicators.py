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
    assert lines[0] == (
        f"{path}:2:5: indicator: unknown indicator 'exprots' (did you mean 'exports'?)"
    )
    assert "did you mean 'page'" in lines[1]
    assert lines[2].endswith("expected a source")
    assert lines[3].endswith("expected a number from 0 to 100, found '-1'")
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


BAD = {
    "a period that ends before it begins": (
        "FRI,exports,2022,2018,31,% of exports,page,p,",
        "2:18: year_to: 2018 is before 2022",
    ),
    "a year of two digits": (
        "FRI,exports,10,,31,% of exports,page,p,",
        "2:13: year_from: expected a year from 1800 to 2200, found '10'",
    ),
    "a year that is no number of this script": (
        "FRI,exports,٢٠١٠,,31,% of exports,page,p,",
        "2:13: year_from: expected a year from 1800 to 2200, found '٢٠١٠'",
    ),
    "more than everything": (
        "FRI,imports,2010,,9400,% of imports,page,p,",
        "2:19: value: expected a number from 0 to 100, found '9400'",
    ),
    "a share that is written with an underline": (
        "FRI,imports,2010,,1_0,% of imports,page,p,",
        "2:19: value: expected a number from 0 to 100, found '1_0'",
    ),
    "half a yes": (
        "FRI,bloc,2010,,1.5,1,page,p,",
        "2:16: value: expected a number from 0 to 1, found '1.5'",
    ),
    "more troops than any army": (
        "FRI,bases,2010,,10000001,troops,page,p,",
        "2:17: value: expected a number from 0 to 1e+07, found '10000001'",
    ),
    "a unit that is not the register's": (
        "FRI,bases,2010,,12,% of GDP,page,p,",
        "2:20: unit: expected 'troops', found '% of GDP'",
    ),
    "a state that the alliance does not know": (
        "FRY,bloc,2010,,1,1,page,p,",
        "2:1: state: unknown state 'FRY' (did you mean 'FRI'?)",
    ),
    "a source of blanks": ("FRI,bloc,2010,,1,1,page, ,", "2:25: source: expected a source"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_row_is_checked_as_strictly_as_the_files_beside_it(tmp_path, fault):
    line, said = BAD[fault]
    path = written(tmp_path, HEADER, line)
    with pytest.raises(FileProblems) as caught:
        read_indicators(path, {"FRI", "FAR"})
    assert str(caught.value) == f"{path}:{said}"


@pytest.mark.parametrize(
    "second",
    [
        "FRI,exports,2010,2012,40,% of exports,page,another page,",
        "FRI,exports,2010,2012,40,% of exports,memory,memory,",
        "FRI,exports,2010,2011,40,% of exports,page,another page,",
    ],
    ids=["same", "same years, another origin", "same start and origin"],
)
def test_two_figures_between_which_the_order_of_rows_would_decide_are_refused(tmp_path, second):
    path = written(tmp_path, HEADER, GOOD, second)
    with pytest.raises(FileProblems) as caught:
        read_indicators(path)
    said = "FRI exports 2010: given twice (25 in line 2, 40 in line 3)"
    assert str(caught.value) == f"{path}:3:1: {said}"


def test_the_order_of_the_rows_decides_nothing(tmp_path):
    lines = [
        GOOD,
        "FRI,exports,2011,2011,40,% of exports,document,¶14,",
        "FRI,exports,2009,,30,% of exports,memory,memory,",
    ]
    read = [read_indicators(written(tmp_path, HEADER, *order)) for order in (lines, lines[::-1])]
    for year in range(2005, 2020):
        assert nearest(read[0], "FRI", year, 5) == nearest(read[1], "FRI", year, 5)


def test_a_row_of_several_lines_is_located_where_it_begins(tmp_path):
    path = written(tmp_path, HEADER, GOOD[:-1] + ',"two', 'lines"', GOOD.replace("2012", "12"))
    with pytest.raises(FileProblems) as caught:
        read_indicators(path)
    assert [p.line for p in caught.value.problems] == [4]
