"""Whatever a file says, it costs one clear line: no traceback, no long wait, no flood of memory.

Files are bent at random (hypothesis), and a corpus of nasty ones is read through the commands by
a process whose time and memory are watched.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.data.durable import sha256
from foedus.data.library import load
from foedus.data.settings import read_parameters
from foedus.errors import FileProblems, FoedusError, InputError
from foedus.experiments.evaluate import case_from, case_text
from foedus.experiments.manifest import code_version, read_manifest
from foedus.experiments.study import points_of, read_study
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare
from sweeps import PLAN, compute, study_in
from toys import ALLIANCE, INDICATORS, SCENARIO, build_toy

CORPUS = Path(__file__).parent / "corpus"
SECONDS = 2.0
MEGABYTES = 200

PARAMETERS = """\
schema_version: 1
made_by: {command: foedus calibrate}
parameters: {rho: 0.8, b_need: 1.1}
interval_90: {rho: [0.2, 1.4]}
"""

NASTY = [
    "null", "[]", "{}", "''", '"\\0"', '"\\ud800"', "-1", "-0.0", "1e308", "1e309", ".inf", ".nan",
    "9" * 400, "0x" + "f" * 300, "0o7", "1_000", "true", "NO", "2022-02-30", "9999-12-31",
    "0001-01-01", "~", "../../etc/passwd", "a/b", "/dev/zero", "/dev/stdin", "/proc/self/mem",
    "C:\\x", "[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]", "*x", "&x 1",
    "!!python/object:os.system x", "!!binary aGk=", "{a: {a: {a: 1}}}",
    "|", ">", "'", "\"", "@", "`", "%", "\u202e", "\U0001f600",
    "x" * 3000, "5e-324", "[1, [2]]", "{1: 2}", "=", "<<", "? x", "- - -", "#", "\t", "\x07",
    "\x85",
]  # fmt: skip


@contextmanager
def harmless():
    """Only an error made for people may leave, and soon."""
    began, told = time.process_time(), None
    try:
        yield
    except FoedusError as error:
        told = error
    assert told is None or str(told).strip()
    if isinstance(told, FileProblems):
        assert all("\n" not in str(problem) for problem in told.problems)
    assert time.process_time() - began < SECONDS


@st.composite
def bent(draw, text: str) -> str:
    """A text with a few lines spoiled."""
    for _ in range(draw(st.integers(1, 3))):
        lines = text.split("\n")
        n = draw(st.integers(0, len(lines) - 1))
        how = draw(
            st.sampled_from(["value", "value", "value", "inside", "drop", "twice", "raw", "cut"])
        )
        line, nasty = lines[n], draw(st.sampled_from(NASTY))
        if how == "value" and ":" in line:
            lines[n] = line[: line.index(":") + 1] + " " + nasty
        elif how == "inside":
            spots = [i for i, letter in enumerate(line) if letter in ":,[{"] or [0]
            at = draw(st.sampled_from(spots)) + 1
            end = next((i for i in range(at, len(line)) if line[i] in ",]}"), len(line))
            lines[n] = f"{line[:at]} {nasty}{line[end:]}"
        elif how == "drop":
            del lines[n]
        elif how == "twice":
            lines.insert(n, line)
        elif how == "raw":
            lines[n] = draw(st.text(max_size=30))
        else:
            lines = [*lines[:n], line[: len(line) // 2]]
        text = "\n".join(lines) or "x"
    return text


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The toy alliance, to be bent and put right again."""
    toy = build_toy(tmp_path_factory.mktemp("place"))
    toy.write()
    return toy


RULES = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@given(text=bent(PLAN))
@RULES
def test_a_bent_plan_is_refused_or_makes_sense(place, text):
    with harmless():
        study = read_study(written(place.folder / "plan.yaml", text))
        points = points_of(study, code_version())
        assert 0 < len(points) <= study.plan.n_points


@given(text=bent(SCENARIO))
@RULES
def test_a_bent_scenario_is_refused_or_runs(place, text):
    with harmless():
        case = load(str(written(place.folder / "bent.yaml", text)))
        ensemble(prepare(case), 2, 1)


@given(text=bent(ALLIANCE))
@RULES
def test_a_bent_alliance_is_refused_or_runs(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("bent")
    written(folder / "alliance.yaml", text)
    with harmless():
        case = load(str(written(folder / "toy-2020.yaml", SCENARIO)))
        ensemble(prepare(case), 2, 1)


@given(text=bent(INDICATORS))
@settings(RULES, max_examples=20)
def test_bent_indicators_are_refused_or_run(tmp_path_factory, text):
    toy = build_toy(tmp_path_factory.mktemp("bent"), ALLIANCE.replace("codes", "indicators"), None)
    written(toy.folder / "indicators.csv", text)
    with harmless():
        ensemble(prepare(load(str(toy.write()))), 2, 1)


@given(text=bent(PARAMETERS))
@RULES
def test_a_bent_parameter_file_is_refused_or_read(tmp_path_factory, text):
    with harmless():
        read_parameters(written(tmp_path_factory.mktemp("bent") / "p.yaml", text))


@given(content=st.binary(max_size=300))
@settings(RULES, max_examples=30)
def test_random_bytes_are_never_more_than_a_bad_file(place, content):
    path = place.folder / "random.yaml"
    path.write_bytes(content)
    for read in (read_study, read_manifest, read_parameters, lambda path: load(str(path))):
        with harmless(), pytest.raises(InputError):
            read(path)


# --- papers of a sweep ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished sweep of the toy."""
    toy = build_toy(tmp_path_factory.mktemp("toy"))
    out = tmp_path_factory.mktemp("sweep") / "out"
    compute(study_in(toy), out)
    return out


def spoiled(draw, value):
    """A JSON value with some of its leaves and keys replaced."""
    junk = draw(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
        | st.sampled_from(["../x", "a/b", 10**400, [], {}, [[[]]], {"": ""}])
    )  # fmt: skip
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 9)) == 0:
        return junk
    if isinstance(value, list):
        n = draw(st.integers(0, len(value) - 1))
        return [spoiled(draw, item) if i == n else item for i, item in enumerate(value)]
    name = draw(st.sampled_from(sorted(value)))
    changed = {k: spoiled(draw, v) if k == name else v for k, v in value.items()}
    if draw(st.integers(0, 4)) == 0:
        changed.pop(name)
    return changed


@given(data=st.data())
@RULES
def test_a_spoiled_manifest_is_refused_or_read_even_where_its_digest_fits(finished, place, data):
    record = json.loads((finished / "manifest.json").read_text())
    record.pop("sha256")
    record = spoiled(data.draw, record)
    if isinstance(record, dict):
        record["sha256"] = sha256(json.dumps(record, sort_keys=True).encode())
    with harmless():
        manifest = read_manifest(written(place.folder / "m.json", json.dumps(record)))
        assert all("/" not in entry.id and ".." not in entry.id for entry in manifest.inputs)


@given(data=st.data())
@RULES
def test_a_spoiled_copy_of_a_case_is_refused_or_runs(place, data):
    record = json.loads(case_text(load(str(place.folder / "toy-2020.yaml"))))
    text = json.dumps(spoiled(data.draw, record))
    with harmless():
        ensemble(prepare(case_from(text, "c")), 2, 1)


# --- the corpus ----------------------------------------------------------------------------

COMMANDS = {
    "plan": lambda path, _: ["sweep", path, "--dry-run"],
    "scenario": lambda path, _: ["run", path, "--runs", "2", "--json"],
    "alliance": lambda path, _: ["run", path, "--runs", "2", "--json"],
    "indicators": lambda path, _: ["run", path, "--runs", "2", "--json"],
    "parameters": lambda path, _: ["run", "kazakhstan-2022", "--parameters", path, "--runs", "2"],
    "manifest": lambda path, _: ["rerun", path, "--workers", "1"],
}

LARGE = {
    "plan-many-tags.yaml": "- !a b\n" * 11_000,
    "plan-one-line.yaml": "name: " + "x" * 240_000,
    "plan-too-large.yaml": "a: 1\n" * 2_000_000,
    "plan-million-points.yaml": PLAN.replace("[0, 0.5, 1]", str([i / 999 for i in range(1000)]))
    .replace("[0.25, 0.5, 0.75, 1]", str([i / 999 for i in range(1000)]))
    .replace("toy-2020.yaml", "kazakhstan-2022"),
    "plan-many-names.yaml": "schema_version: 1\nname: x\nscenarios: [kazakhstan-2022]\nsettings:\n"
    + "".join(f"  n{i}: 1\n" for i in range(2000)),
    "manifest-nested.json": '{"a":' + "[" * 450_000 + "]" * 450_000 + "}",
    "manifest-wide.json": '{"a":[' + "[]," * 660_000 + "[]]}",
    "manifest-digits.json": '{"a":' + "9" * 1_900_000 + "}",
    "manifest-too-large.json": " " * 5_000_000,
    "indicators-long.csv": INDICATORS + "FRI,exports,2019,2021,25,%,page,a page,\n" * 100_000,
    "indicators-one-cell.csv": '"' + "x" * 3_000_000,
}
"""Files too large to keep, made when they are needed."""

READER = """
import json, sys, time
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from foedus.cli import run

for line in sys.stdin:
    name, words = json.loads(line)
    said, began = StringIO(), time.process_time()
    with redirect_stderr(said), redirect_stdout(StringIO()):
        try:
            code = run(words)
        except BaseException as error:
            code = repr(error)
    seconds = time.process_time() - began
    status = open("/proc/self/status").read()  # ru_maxrss would remember the parent's
    megabytes = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps([name, code, seconds, megabytes, said.getvalue()[:2000]]), flush=True)
"""


def prepared(source: str, text: bytes, folder: Path) -> str:
    """Put a file of the corpus where its kind is read from; what to name on the command line."""
    kind = source.partition("-")[0]
    toy = build_toy(folder, ALLIANCE.replace("from: codes", "from: indicators"))
    names = {"alliance": "alliance.yaml", "indicators": "indicators.csv"}
    (folder / names.get(kind, source)).write_bytes(text)
    return str(toy.write()) if kind in names else str(folder / source)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured the Linux way")
def test_nothing_in_the_corpus_costs_more_than_a_clear_line(tmp_path):
    files = {path.name: path.read_bytes() for path in sorted(CORPUS.iterdir())}
    files |= {name: text.encode() for name, text in LARGE.items()}
    orders = []
    for source, text in files.items():
        target = prepared(source, text, tmp_path / source)
        orders.append([source, COMMANDS[source.partition("-")[0]](target, None)])
    done = subprocess.run(
        [sys.executable, "-c", READER],
        input="\n".join(map(json.dumps, orders)),
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(files) > 40
    for name, code, seconds, megabytes, said in told:
        expected = {"plan-fine.yaml": 0}.get(name, 65)
        assert code == expected, (name, code, said)
        assert "Traceback" not in said
        assert said.strip() or code == 0
        assert seconds < SECONDS, (name, seconds)
        assert megabytes < MEGABYTES, (name, megabytes)


def test_a_table_that_begins_like_a_formula_cannot_come_from_a_plan(place):
    """Words in a table come from closed sets or ids, so that no cell can start a formula."""
    for word in ("=1+1", "@x", "+1", "-x"):
        text = PLAN.replace("name: small", f"name: '{word}'")
        with pytest.raises(FileProblems):
            read_study(written(place.folder / "plan.yaml", text))
    assert csv.list_dialects()
