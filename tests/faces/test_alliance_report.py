"""The report on an alliance over decades, and the commands that carry its time line."""

from __future__ import annotations

import json
import re

import pytest
from html_rules import Page, faults_of

from foedus.chronicle.year_summary import changes
from foedus.chronicle.years import chronicle, run_chronicle
from foedus.chronicle.years_plan import Plan
from foedus.cli import run
from foedus.data.terms import Level
from foedus.report.alliance import report_on_decades

RUNS, SEED = 200, 2


@pytest.fixture(scope="module")
def text():
    return report_on_decades("csto", RUNS, SEED, lambda _: None)


@pytest.fixture(scope="module")
def words(text):
    return re.sub(r"\s+", " ", " ".join(Page(text).words)).replace("\N{MINUS SIGN}", "-")


def test_it_is_well_formed_and_its_only_fault_would_be_its_own_script(text):
    assert {fault for fault in faults_of(text) if "script" not in fault} == set()
    assert text.count("</script>") == 2
    assert re.search(r"default-src 'none'.*script-src 'sha256-", text)


def test_the_same_input_gives_the_same_bytes(text):
    assert report_on_decades("csto", RUNS, SEED, lambda _: None) == text


def test_a_changed_answer_does_what_the_command_says(words):
    before, after = (
        (setup, run_chronicle(setup, RUNS, SEED))
        for setup in (
            chronicle("csto", plan=Plan(since=2022, **plan), over_priors=True)
            for plan in ({}, {"fixed": {"kazakhstan-2022": Level.NONE}})
        )
    )
    gap = 100 * changes(before, after)[-1].difference
    row = re.search(r"Kazakhstan, January 2022 it got nothing (-[\d.]+) ([\d.]+) ", words)
    assert float(row[1]) == pytest.approx(gap, abs=0.006)


def test_every_event_call_exit_and_source_stands_in_it(text, words):
    record = chronicle("csto").record
    for entry in (*record.events, *record.calls):
        assert entry.date.isoformat() in words
        assert re.sub(r"\s+", " ", entry.why or "") in words
        for key in entry.source:
            assert key in text
    for exit_ in ("Azerbaijan 1999", "Uzbekistan 2012", "Armenia 2024"):
        assert exit_ in words


def test_the_commands_write_files_and_name_what_they_cannot_take(tmp_path, capsys):
    report, page = tmp_path / "seato.html", tmp_path / "page.html"
    assert run(["report", "seato", "--runs", "20", "--out", str(report)]) == 0
    assert run(["page", "laos-1961", "--chronicle", "seato", "--out", str(page)]) == 0
    carried = re.search(r'id="foedus-data">(.*?)</script>', page.read_text(encoding="utf-8"))
    assert [one["id"] for one in json.loads(carried[1])["chronicles"]] == ["seato"]
    capsys.readouterr()
    for given, code, line in (
        (["report", "seato", "--rule", "majority"], 2, "takes --runs and --seed, no other option"),
        (["page", "--chronicle", "cstoo"], 65, "no chronicle 'cstoo' (did you mean 'csto'?)"),
    ):
        assert run([*given, "--out", str(tmp_path / "no.html")]) == code
        assert line in capsys.readouterr().err
    assert not (tmp_path / "no.html").exists()
