"""Writing a crisis of one's own: new, edit, validate, run; and what the numbers rest on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from foedus.cli import run
from foedus.data.json_schema import schema_text
from foedus.data.library import alliance_ids, load, load_all, shipped
from foedus.data.records import mean, meaning_of
from foedus.data.register import register
from foedus.data.schema import Crisis, Dates, History, Member, Scenario
from foedus.data.terms import CRISIS_ATTRIBUTES, INDICATORS, LEVELS, MEMBER_ATTRIBUTES, FileKind
from toys import ALLIANCE, SCENARIO, changed

DOCS = Path(__file__).parents[2] / "docs" / "how-to"
PLACE = re.compile(r":\d+:\d+:")


def said(capsys, *words):
    assert run([str(word) for word in words]) == 0
    return capsys.readouterr().out


def refused(capsys, *words):
    code = run([str(word) for word in words])
    out, err = capsys.readouterr()
    assert out == ""
    return code, err.splitlines()


def as_process(folder, *words):
    start = [sys.executable, "-m", "foedus", *words]
    return subprocess.run(start, cwd=folder, capture_output=True, text=True, timeout=60)


# A new scenario.


def written(capsys, tmp_path, alliance="csto", day="2025-03-01", *more):
    words = ("new", alliance, "my-crisis", "--out-dir", tmp_path, "--date", day, *more)
    return Path(said(capsys, *words).strip())


LAST_DAYS = {"cento": "1975-01-01", "seato": "1970-01-01"}


@pytest.mark.parametrize("alliance", alliance_ids())
def test_the_template_of_every_alliance_runs_as_it_stands(capsys, tmp_path, alliance):
    path = written(capsys, tmp_path, alliance, LAST_DAYS.get(alliance, "2020-06-01"))
    case = load(str(path))
    assert set(case.scenario.members) == set(case.alliance.members_on(case.scenario.dates.coded))
    assert "%" in said(capsys, "run", path, "--runs", "20")


@pytest.mark.parametrize("name", ["2022", "true", "null"])
def test_an_id_that_looks_like_a_number_or_a_word_of_yaml_stays_text(capsys, tmp_path, name):
    said(capsys, "new", "crisis", "csto", name, "--date", "2020-06-01", "--out-dir", tmp_path)
    assert load(str(tmp_path / f"{name}.yaml")).scenario.id == name


def test_every_code_of_the_template_is_the_middle_of_its_scale_and_assumed(capsys, tmp_path):
    scenario = load(str(written(capsys, tmp_path, "nato"))).scenario
    codes = {name: getattr(scenario.crisis, name) for name in CRISIS_ATTRIBUTES}
    assert {code.source for code in codes.values()} == {("assumed",)}
    assert {name: code.value for name, code in codes.items()} == {
        **dict.fromkeys(CRISIS_ATTRIBUTES, 0.5),
        "trend": 0.0,
        "asked": 1.5,
    }
    assert {member.source for member in scenario.members.values()} == {("assumed",)}
    assert sum(m.capability[0] for m in scenario.members.values()) == pytest.approx(1, abs=0.02)


def test_the_template_has_every_key_that_a_scenario_can_have(capsys, tmp_path):
    text = written(capsys, tmp_path).read_text(encoding="utf-8")
    for record in (Scenario, Dates, Crisis, Member, History):
        for key in record.model_fields:
            assert re.search(rf"^#? *{key}:", text, re.MULTILINE), key


def test_every_description_of_a_key_is_a_comment_of_the_template(capsys, tmp_path):
    text = written(capsys, tmp_path).read_text(encoding="utf-8")
    plain = re.sub(r"\s+", " ", re.sub(r"(?m)^#? *# ?", " ", text))
    for record in (Scenario, Dates, Crisis, Member, History):
        for key in record.model_fields:
            row = meaning_of(record, key)
            told = row.whole if row else ""
            for piece in re.split(r"[:;] ", told.rstrip(".")):
                assert re.sub(r"^(-?\d*\.?\d+) ", r"\1 ", piece) in plain, key


def test_keys_that_may_be_left_out_work_when_their_hash_is_taken_away(capsys, tmp_path):
    path = written(capsys, tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    is_key = re.compile(r"#(  )*(?!extends|admits|XXX|iso3|backer)[A-Za-z][\w-]*:")
    used = [line[1:] if is_key.match(line) else line for line in lines]
    assert sum(a != b for a, b in zip(lines, used, strict=True)) > 25
    path.write_text("\n".join(used) + "\n", encoding="utf-8")
    scenario = load(str(path)).scenario
    assert scenario.history is not None
    assert scenario.council_rule == "consensus"
    assert scenario.dates.council is not None
    assert all(member.pool for member in scenario.members.values())
    assert set(scenario.sources) == {"a-key"}


def test_the_lead_state_comes_first_then_the_requester(capsys, tmp_path):
    path = written(capsys, tmp_path, "csto", "2022-01-05", "--requester", "KAZ")
    scenario = load(str(path)).scenario
    assert list(scenario.members)[:2] == ["RUS", "KAZ"]
    assert scenario.requester == "KAZ"


def test_the_members_are_those_of_the_date(capsys, tmp_path):
    path = written(capsys, tmp_path, "csto", "2010-06-11")
    assert "UZB" in load(str(path)).scenario.members


def test_the_schema_lies_beside_the_file_and_is_renewed(capsys, tmp_path):
    path = written(capsys, tmp_path)
    assert path.read_text(encoding="utf-8").splitlines()[0] == (
        "# yaml-language-server: $schema=scenario.schema.json"
    )
    schema = tmp_path / "scenario.schema.json"
    assert schema.read_text(encoding="utf-8") == schema_text(FileKind.SCENARIO)
    old = schema.read_text(encoding="utf-8").replace("Danger", "Peril")
    schema.write_text(old, encoding="utf-8")
    said(capsys, "new", "csto", "another", "--out-dir", tmp_path, "--date", "2025-03-01")
    assert schema.read_text(encoding="utf-8") == schema_text(FileKind.SCENARIO)


def test_in_a_collection_the_schema_above_is_used(capsys, tmp_path):
    (tmp_path / "scenario.schema.json").write_text("{}", encoding="utf-8")
    path = written(capsys, tmp_path / "csto" / "what-if")
    assert path.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=../../scenario.schema.json\n"
    )
    assert sorted(p.name for p in path.parent.iterdir()) == ["my-crisis.yaml"]


def test_nothing_is_overwritten(capsys, tmp_path):
    path = written(capsys, tmp_path)
    path.write_text("mine", encoding="utf-8")
    code, lines = refused(capsys, "new", "csto", "my-crisis", "--out-dir", tmp_path)
    assert (code, lines) == (2, [f"{path} exists already and is not overwritten"])
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_schema_that_foedus_did_not_make_is_not_overwritten(capsys, tmp_path):
    (tmp_path / "scenario.schema.json").write_text('{"mine": 1}', encoding="utf-8")
    code, (line,) = refused(capsys, "new", "csto", "my-crisis", "--out-dir", tmp_path)
    assert code == 2
    assert "was not made by foedus" in line
    assert not (tmp_path / "my-crisis.yaml").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["cstoo", "a"], "unknown alliance 'cstoo' (did you mean 'csto'?)"),
        (["csto", "My Crisis"], "the id 'My Crisis' will not do; expected lower-case words joined"),
        (["csto", "../a"], "the id '../a' will not do"),
        (["csto", "a", "--date", "1980-01-01"], "csto had no members on 1980-01-01"),
        (["cento", "a", "--date", "2020-01-01"], "cento had no members on 2020-01-01"),
        (["csto", "a", "--requester", "UZB"], "UZB was no member of csto on 20"),
        (["csto", "a", "--requester", "KAX"], "(did you mean 'KAZ'?)"),
        (["csto", "a", "--date", "soon"], "--date"),
        (["csto"], "Missing argument"),
    ],
)
def test_words_that_make_no_scenario_are_refused_in_one_line(capsys, tmp_path, words, message):
    code, (line,) = refused(capsys, "new", *words, "--out-dir", tmp_path / "here")
    assert code == 2
    assert message in line
    assert not (tmp_path / "here").exists()


def test_a_folder_that_cannot_be_written_is_bad_input(capsys, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, (line,) = refused(capsys, "new", "csto", "a", "--out-dir", tmp_path / "file")
    assert code == 65
    assert "cannot be written" in line


# The newcomer's path, as a person walks it.

MISTAKES = {  # what is written, what should have been, where it first stands after
    "  threat:": ("coders: [0.5]", "coders: [1.5]"),
    "  KAZ:": ("    stake:", "    steak:"),
    "members:": ("  KGZ:", "  KGX:"),
}


def spoilt(text):
    for after, (good, bad) in MISTAKES.items():
        head, mark, tail = text.partition(f"\n{after}")
        assert good in tail
        text = head + mark + tail.replace(good, bad, 1)
    return text


def documented_problems():
    guide = (DOCS / "code-a-crisis.md").read_text(encoding="utf-8")
    return re.findall(r"^my-crisis\.yaml:\d+:\d+: .*$", guide, re.MULTILINE)


def test_new_edit_validate_mend_run_as_a_process(tmp_path):
    made = as_process(
        tmp_path, "new", "csto", "my-crisis", "--date", "2025-03-01", "--requester", "TJK"
    )
    assert (made.returncode, made.stdout) == (0, "my-crisis.yaml\n")
    path = tmp_path / "my-crisis.yaml"
    good = path.read_text(encoding="utf-8")
    bad = spoilt(good)
    path.write_text(bad, encoding="utf-8")
    checked = as_process(tmp_path, "validate", "my-crisis.yaml")
    assert (checked.returncode, checked.stdout) == (65, "")
    problems = checked.stderr.splitlines()
    assert [PLACE.sub(":", line) for line in problems] == [
        "my-crisis.yaml: crisis.threat.coders.0: expected 1 or less, found 1.5",
        "my-crisis.yaml: members.KAZ.steak: unknown key 'steak' (did you mean 'stake'?)",
        "my-crisis.yaml: members.KGX: unknown state 'KGX' (did you mean 'KGZ'?)",
    ]
    for line, wrong in zip(problems, ["1.5]", "steak:", "KGX:"], strict=True):
        _, row, column, *_ = line.split(":")
        assert bad.splitlines()[int(row) - 1][int(column) - 1 :].startswith(wrong)
    assert as_process(tmp_path, "run", "my-crisis.yaml").stderr == checked.stderr
    path.write_text(good, encoding="utf-8")
    ran = as_process(tmp_path, "run", "my-crisis.yaml", "--runs", "100", "--format", "json")
    assert ran.returncode == 0
    assert sum(json.loads(ran.stdout)[f"p_{level}"] for level in LEVELS) == pytest.approx(1)


def test_the_guide_shows_the_problems_that_the_command_reports(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said(capsys, "new", "csto", "my-crisis", "--date", "2025-03-01", "--requester", "TJK")
    path = Path("my-crisis.yaml")
    path.write_text(spoilt(path.read_text(encoding="utf-8")), encoding="utf-8")
    code, lines = refused(capsys, "validate", "my-crisis.yaml")
    assert code == 65
    assert [PLACE.sub(":", line) for line in lines] == [
        PLACE.sub(":", line) for line in documented_problems()
    ]


def test_an_id_given_for_a_file_that_lies_here_is_told_the_file(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said(capsys, "new", "csto", "my-crisis", "--date", "2025-03-01")
    code, (line,) = refused(capsys, "run", "my-crisis")
    assert (code, line) == (
        65,
        "unknown scenario 'my-crisis' (did you mean the file my-crisis.yaml?)",
    )


def test_malformed_parts_and_misfits_are_reported_together(capsys, toy):
    text = changed(
        SCENARIO,
        ("horizon_days: 20", "horizon_days: many"),
        ("requester: ASK", "requester: FOE"),
        (
            "threat: {coders: [0.75], why: w, source: assumed",
            "threat: {coders: [9], source: nobody",
        ),
        ("  FRI: {alignment: [0.75, 0.5]", "  FRJ: {alignment: [high, 0.5]"),
        ("document ¶12, a-page", "document ¶12, a-pge"),
    )
    code, lines = refused(capsys, "validate", toy.write(text))
    assert code == 65
    assert [PLACE.split(line)[1].split(": ")[0].strip() for line in lines] == [
        "horizon_days",
        "requester",
        "crisis.threat",
        "crisis.threat.coders.0",
        "crisis.threat.source.0",
        "members.FRJ",
        "members.FRJ.alignment.0",
        "forces_needed.source.1",
    ]


# Counterfactuals.

WHAT_IF = """\
id: what-if
extends: toy-2020
title: What if
question: Would they have come?
summary: As before.
crisis:
  threat: {why: Supposed.}
members:
  FRI: {pool: -1}
"""


def test_a_problem_in_an_inherited_key_stands_in_the_file_of_the_base(capsys, toy):
    base = toy.write(
        changed(
            SCENARIO,
            ("threat: {coders: [0.75]", "threat: {coders: [7]"),
            ("trend: {coders: [1], why: w, source: assumed}", "trend: {coders: [1], why: w}"),
            ("  FAR: {alignment", "  FAX: {alignment"),
        )
    )
    code, lines = refused(capsys, "validate", toy.write(WHAT_IF, "what-if.yaml"))
    assert code == 65
    assert [line.replace(str(toy.folder), "") for line in lines] == [
        "/toy-2020.yaml:19:21: crisis.threat.coders.0: expected 1 or less, found 7",
        "/toy-2020.yaml:22:10: crisis.trend: expected the key 'source'",
        "/toy-2020.yaml:33:3: members.FAX: unknown state 'FAX' (did you mean 'FAR'?)",
        "/what-if.yaml:9:15: members.FRI.pool: expected 0 or more, found -1",
    ]
    assert run(["validate", str(base), str(toy.folder / "what-if.yaml")]) == 65
    both = capsys.readouterr().err.splitlines()
    assert len(both) == len(set(both)) == 4


def test_a_list_that_a_counterfactual_replaces_is_located_in_the_counterfactual(capsys, toy):
    toy.write(SCENARIO)
    text = changed(WHAT_IF, ("threat: {why: Supposed.}", "mandate: {coders: 4}"), ("-1", "10"))
    _, (line,) = refused(capsys, "validate", toy.write(text, "what-if.yaml"))
    assert line.endswith("what-if.yaml:7:21: crisis.mandate.coders.0: expected 1 or less, found 4")


def test_a_counterfactual_needs_an_id_of_its_own(capsys, toy):
    toy.write(SCENARIO)
    text = changed(WHAT_IF, ("id: what-if\n", ""), ("-1", "10"))
    _, (line,) = refused(capsys, "validate", toy.write(text, "what-if.yaml"))
    assert line.endswith("what-if.yaml:1:1: expected the key 'id'")


def test_the_counterfactual_of_the_guide_runs(capsys, tmp_path):
    written(capsys, tmp_path)
    guide = (DOCS / "code-a-crisis.md").read_text(encoding="utf-8")
    (block,) = [b for b in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if "extends" in b]
    path = tmp_path / "my-crisis-quiet.yaml"
    path.write_text(block, encoding="utf-8")
    assert load(str(path)).scenario.crisis.threat.value == 0.25
    assert "%" in said(capsys, "run", path, "--runs", "20")


# An alliance of one's own: a folder, no code.


def test_the_alliance_of_the_guide_runs_from_end_to_end(tmp_path):
    guide = (DOCS / "add-an-alliance.md").read_text(encoding="utf-8")
    (tmp_path / "harbour").mkdir()
    text = re.search(r"```yaml\n(.*?)```", guide, re.DOTALL)[1]
    (tmp_path / "harbour" / "alliance.yaml").write_text(text, encoding="utf-8")
    commands = re.findall(r"^\$ foedus (.*?)(?: > (.*))?$", guide, re.MULTILINE)
    assert [words.split()[0] for words, _ in commands] == [
        "validate",
        "new",
        "validate",
        "run",
        "data",
    ]
    printed = {}
    for words, file in commands:
        done = as_process(tmp_path, *words.split())
        assert done.returncode == 0, done.stderr
        printed[words.split()[0]] = done.stdout
        if file:
            (tmp_path / file).write_text(done.stdout, encoding="utf-8")
    assert printed["validate"] == "2 files: all valid\n"
    assert "Birch 2010 (birch-2010): 200 runs" in printed["run"]
    assert "Harbour League on 2010-05-01; its rule then: consensus" in printed["data"]
    case = load(str(tmp_path / "harbour" / "birch-2010.yaml"))
    assert case.alliance.name == "Harbour League"
    assert list(case.scenario.members) == ["ALD", "BIR", "CED"]
    explained = as_process(tmp_path, "explain", "harbour/birch-2010.yaml")
    assert "Alder" in explained.stdout


def test_an_alliance_file_is_checked_as_an_alliance_and_a_folder_as_all_that_it_holds(capsys, toy):
    toy.write(SCENARIO)
    (toy.folder / "alliance.yaml").write_text(
        changed(ALLIANCE, ("rule: unanimity", "rule: unanimous")), encoding="utf-8"
    )
    for name in (toy.folder / "alliance.yaml", toy.folder):
        assert run(["validate", str(name)]) == 65
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"{toy.folder / 'alliance.yaml'}:10:")
        assert "did you mean 'unanimity'?" in line


def test_a_folder_without_any_crisis_is_no_valid_input(capsys, tmp_path):
    assert run(["validate", str(tmp_path)]) == 65
    assert "no scenario and no alliance" in capsys.readouterr().err


def test_dependence_of_an_alliance_of_ones_own_needs_no_coders(capsys, toy):
    toy.write(SCENARIO)
    assert run(["data", "dependence", str(toy.folder), "--date", "2020-01-05"]) == 0
    assert "Friendland" in capsys.readouterr().out


def test_the_indicators_of_the_guide_are_read(tmp_path):
    guide = (DOCS / "add-an-alliance.md").read_text(encoding="utf-8")
    table = re.search(r"```csv\n(.*?)```", guide, re.DOTALL)[1]
    alliance = re.search(r"```yaml\n(.*?)```", guide, re.DOTALL)[1]
    alliance = changed(alliance, ("dependence_from: codes", "dependence_from: indicators"))
    (tmp_path / "alliance.yaml").write_text(alliance, encoding="utf-8")
    (tmp_path / "indicators.csv").write_text(table, encoding="utf-8")
    assert (
        run(["new", "harbour-league", "a", "--out-dir", str(tmp_path), "--date", "2010-05-01"]) == 0
    )
    case = load(str(tmp_path / "a.yaml"))
    assert [(row.state, row.value) for row in case.indicators] == [("BIR", 31.0)]


def test_an_indicator_of_a_state_that_the_alliance_does_not_know_is_refused(capsys, toy):
    table = toy.folder / "indicators.csv"
    table.write_text(table.read_text("utf-8").replace("FRI,exports", "FRY,exports"), "utf-8")
    _, (line,) = refused(capsys, "validate", toy.write())
    assert line.endswith("indicators.csv:2:1: state: unknown state 'FRY' (did you mean 'FRI'?)")


@pytest.mark.parametrize(
    ("swap", "message"),
    [
        (("until: 2009-12-31, rule", "until: 2010-06-30, rule"), "council.1.since: 2010-01-01 is"),
        (("until: 2009-12-31, state", "until: 1999-12-31, state"), "members.4: `until` must not"),
    ],
)
def test_periods_of_an_alliance_that_cannot_be_are_refused(capsys, toy, swap, message):
    path = toy.folder / "alliance.yaml"
    path.write_text(changed(path.read_text("utf-8"), swap), "utf-8")
    _, (line,) = refused(capsys, "validate", toy.write())
    assert f": {message}" in line


def test_a_scenario_is_not_written_beside_another_alliance(capsys, toy):
    code, (line,) = refused(capsys, "new", "csto", "a", "--out-dir", toy.folder)
    assert code == 2
    assert "belong to 'toy'" in line


# The schema as a command.


@pytest.mark.parametrize("kind", list(FileKind))
def test_the_schema_command_prints_the_committed_file(capsys, kind):
    committed = (shipped() / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert said(capsys, "validate", "--schema", kind) == committed


def test_the_schema_command_without_a_word_is_that_of_scenarios(capsys):
    assert said(capsys, "validate", "--schema") == said(capsys, "schema", "scenario")


# What the numbers rest on.


def test_sources_of_one_crisis_lists_every_number_with_its_grounds(capsys):
    rows = json.loads(said(capsys, "data", "sources", "kazakhstan-2022", "--format", "json"))
    numbers = {row["number"]: row for row in rows}
    assert len(numbers) == len(rows)
    scenario = load("kazakhstan-2022").scenario
    expected = {f"crisis.{name}" for name in CRISIS_ATTRIBUTES}
    expected |= {f"members.{state}.{n}" for state in scenario.members for n in MEMBER_ATTRIBUTES}
    expected |= {f"history.troops.{state}" for state in scenario.history.troops}
    expected |= {"forces_needed", "council.abstention"}
    assert expected <= set(numbers)
    assert numbers["crisis.threat"]["grounds"] == "sourced"
    assert numbers["crisis.threat"]["values"] == [0.75, 0.75]
    assert numbers["crisis.threat"]["pages"][0].startswith("https://")
    assert numbers["crisis.capacity"]["grounds"] == "partly assumed"
    assert numbers["crisis.capacity"]["sources"][-1] == "assumed"
    assert not numbers["members.KAZ.dependence"]["is_used"]
    assert not numbers["history.troops.RUS"]["is_used"]
    assert numbers["indicators.KGZ.remittances"]["values"] == [31]
    assert numbers["indicators.ARM.energy"]["grounds"] == "assumed"
    assert "indicators.RUS.exports" not in numbers


def test_the_sources_of_a_template_are_all_assumed(capsys, tmp_path):
    path = written(capsys, tmp_path)
    rows = json.loads(said(capsys, "data", "sources", path, "--format", "json"))
    own = [row for row in rows if row["number"].startswith(("crisis", "members", "forces"))]
    assert len(own) == 10 + 6 * 5 + 1
    assert {row["grounds"] for row in own} == {"assumed"}


def test_sources_can_include_the_parameters_of_the_model(capsys):
    rows = json.loads(
        said(capsys, "data", "sources", "bahrain-2011", "--model", "--format", "json")
    )
    found = {row["number"]: row for row in rows if row["case"] is None}
    assert set(found) == {f"parameters.{name}" for name in register()}
    for name, row in register().items():
        assert (found[f"parameters.{name}"]["grounds"] == "assumed") == row.is_assumed


def test_sources_of_a_counterfactual_mark_what_it_supposes(capsys):
    rows = json.loads(
        said(capsys, "data", "sources", "kazakhstan-2022-no-base-veto", "--format", "json")
    )
    numbers = {row["number"]: row for row in rows}
    assert numbers["base_veto"]["grounds"] == "assumed"
    assert not numbers["indicators.KAZ.base_veto"]["is_used"]


def test_sources_as_a_table_flag_what_is_assumed(capsys):
    text = said(capsys, "data", "sources", "pakistan-1965")
    assert "crisis.threat" in text
    assert "partly assumed" in text
    assert re.search(r"sourced \d+ %, partly assumed \d+ %, assumed \d+ %", text)


def test_coverage_names_what_is_missing_for_whom_and_when(capsys):
    found = json.loads(said(capsys, "data", "coverage", "--format", "json"))
    rows = {(row["case"], row["member"]): row for row in found["indicators"]}
    assert {case for case, _ in rows} == {
        case.id
        for case in load_all()
        if case.alliance.id == "csto" and case.measures_dependence and not case.scenario.extends
    }
    for row in rows.values():
        assert set(row["missing"]) | set(row["used"]) == set(INDICATORS)
        assert not set(row["missing"]) & set(row["used"])
    kazakh = rows["kazakhstan-2022", "KAZ"]
    assert kazakh["missing"] == ["energy"]
    assert kazakh["used"]["base_veto"]["origin"] == "document"
    assert rows["kyrgyzstan-2010", "BLR"]["used"]["arms"]["years_away"] == 5
    backing = {row["alliance"]: row for row in found["backing"]}
    assert set(backing) == set(alliance_ids())
    assert all(0 < row["assumed_citations"] < row["citations"] for row in backing.values())
    assert sum(row["crises"] for row in backing.values()) == 56


def test_coverage_as_tables(capsys):
    text = said(capsys, "data", "coverage")
    assert re.search(r"kazakhstan-2022 +│ KAZ +│ 2022 .* - +│", text)
    assert "Indicators by origin" in text
    assert re.search(r"│ all +│ +56 │", text)


SLIPS = {
    "a colon within text": (
        (
            "why: w, source: assumed}\n  territory",
            "why: he said: no, source: assumed}\n  territory",
        ),
        "16:42: a colon stands where no key can be; put text with a colon in quotes",
    ),
    "a tab": (("  onset: 2020-01-01", "\tonset: 2020-01-01"), "9:1: a tab stands here; indent"),
    "a line moved in": (
        ("  requested: 2020-01-05", "    requested: 2020-01-05"),
        "10:14: a colon stands where no key can be",
    ),
    "an open bracket": (
        ("coders: [0.75, 0.5]", "coders: [0.75, 0.5"),
        "18:56: the bracket that opens in line 18 is not closed before this",
    ),
    "a strange first character": (
        ("title: A toy crisis", "title: @home"),
        "3:8: text that begins with this character must stand in quotes",
    ),
    "a key without a colon": (
        ("horizon_days: 20", "horizon_days 20"),
        "13:1: expected a colon and a value after the key above",
    ),
    "a number for a judgement": (
        ("threat: {coders: [0.75], why: w, source: assumed}", "threat: 0.75"),
        "19:11: crisis.threat: expected keys and values, found 0.75",
    ),
    "a decimal comma": (
        ("threat: {coders: [0.75]", "threat: {coders: [0,75]"),
        "19:23: crisis.threat.coders.1: expected 1 or less, found 75",
    ),
    "a small letter": (("quality: C", "quality: c"), "6:10: quality: expected one of A, B, C; fou"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_of_the_pen_is_told_in_words_that_a_newcomer_understands(capsys, toy, slip):
    swap, told = SLIPS[slip]
    code, (line,) = refused(capsys, "validate", toy.write(changed(SCENARIO, swap)))
    assert code == 65
    assert line.replace(f"{toy.folder}/toy-2020.yaml:", "").startswith(told)


def test_the_template_gives_each_member_its_share_in_the_nearest_crisis(capsys, tmp_path):
    members = load(str(written(capsys, tmp_path, "csto", "2022-02-01"))).scenario.members
    shares = {state: mean(member.capability) for state, member in members.items()}
    before = load("kazakhstan-2022").scenario.members
    for state in ("RUS", "KGZ", "BLR"):
        assert shares[state] == pytest.approx(mean(before[state].capability), abs=0.02)
    assert sum(shares.values()) == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("like", ["kazakhstan-2022", "kyrgyzstan-2010-amended-rules"])
def test_a_template_like_a_shipped_crisis_has_its_codes_and_not_its_outcome(capsys, tmp_path, like):
    base = load(like).scenario
    new = load(str(written(capsys, tmp_path, "csto", "2011-03-01", "--like", like))).scenario
    assert (new.crisis, new.members, new.sources) == (base.crisis, base.members, base.sources)
    assert (new.id, new.history, new.extends) == ("my-crisis", None, None)
    assert new.dates.coded == date(2011, 3, 1)
    assert new.dates.coded - new.dates.onset == base.dates.coded - base.dates.onset


def test_a_template_is_like_a_crisis_of_its_own_alliance_only(capsys, tmp_path):
    words = ("new", "nato", "my-crisis", "--out-dir", str(tmp_path), "--like", "kazakhstan-2022")
    assert run(words) == 2
    assert "kazakhstan-2022 is a crisis of csto, not of nato" in capsys.readouterr().err
