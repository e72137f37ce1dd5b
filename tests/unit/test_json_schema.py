"""The JSON Schema allows what foedus reads and refuses what it refuses."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import jsonschema
import pytest

from foedus.data.chronicle_file import CHRONICLE_FILE
from foedus.data.json_schema import file_name, schema_of, schema_text
from foedus.data.library import ALLIANCE_FILE, shipped
from foedus.data.schema import Alliance, Scenario
from foedus.data.terms import FileKind
from foedus.data.yaml_reader import parse_tree, read_tree
from toys import ALLIANCE, COUNTERFACTUAL, SCENARIO

CHECKS = {kind: jsonschema.Draft202012Validator(schema_of(kind)) for kind in FileKind}
FILES = sorted(shipped().rglob("*.yaml"))


def as_json(node):
    """Plain values as an editor sees them: days are text."""
    if isinstance(node, dict):
        return {key: as_json(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_json(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node


def scenario(**changes):
    return {**as_json(parse_tree(SCENARIO, "toy").values), **changes}


def faults(values, kind=FileKind.SCENARIO):
    return sorted(f"{e.json_path}: {e.validator}" for e in CHECKS[kind].iter_errors(values))


@pytest.mark.parametrize("kind", list(FileKind))
def test_the_schema_is_one(kind):
    jsonschema.Draft202012Validator.check_schema(schema_of(kind))


@pytest.mark.parametrize("kind", list(FileKind))
def test_the_committed_schema_is_that_of_the_records(kind):
    committed = (shipped() / file_name(kind)).read_text(encoding="utf-8")
    assert committed == schema_text(kind), f"write `foedus validate --schema {kind}` to scenarios/"


KINDS = {ALLIANCE_FILE: FileKind.ALLIANCE, CHRONICLE_FILE: FileKind.CHRONICLE}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_file_is_valid_and_names_the_schema(path):
    kind = KINDS.get(path.name, FileKind.SCENARIO)
    assert faults(as_json(read_tree(path).values), kind) == []
    first = path.read_text(encoding="utf-8").splitlines()[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / name).resolve() == (shipped() / file_name(kind)).resolve()


def test_the_toys_are_valid():
    assert faults(scenario()) == []
    assert faults(as_json(parse_tree(COUNTERFACTUAL, "toy").values)) == []
    assert faults(as_json(parse_tree(ALLIANCE, "toy").values), FileKind.ALLIANCE) == []


def test_one_value_may_stand_for_a_list_as_in_the_records():
    values = scenario()
    values["crisis"]["threat"].update(coders=0.5, source="assumed")
    values["members"]["FRI"].update(alignment=0.5, source="assumed")
    values["forces_needed"]["source"] = "assumed"
    assert faults(values) == []
    assert Scenario.model_validate(values).crisis.threat.coders == (0.5,)


def test_every_key_of_the_records_has_a_description_in_the_schema():
    for kind, record in ((FileKind.SCENARIO, Scenario), (FileKind.ALLIANCE, Alliance)):
        schema = schema_of(kind)
        assert list(schema["properties"]) == list(record.model_fields)
        for part in (schema, *schema["$defs"].values()):
            for key, entry in part.get("properties", {}).items():
                name = entry.get("$ref", "").rpartition("/")[2]
                told = entry.get("description") or schema["$defs"].get(name, {}).get("description")
                described = [told] + [c.get("$ref") for c in entry.get("anyOf", ())]
                assert any(described), key


SPOILT = {
    "an unknown key": (("horizn_days",), 3),
    "an unknown attribute": (("crisis", "thret"), 0.5),
    "too high a code": (("crisis", "threat", "coders"), [0.5, 1.5]),
    "too low a code": (("crisis", "trend", "coders"), [-1.5]),
    "too high a code that stands alone": (("members", "FRI", "stake"), 2),
    "no coder": (("crisis", "threat", "coders"), []),
    "text for a code": (("crisis", "threat", "coders"), ["high"]),
    "too high an ask": (("crisis", "asked", "coders"), [3.5]),
    "no reason": (("crisis", "threat", "why"), ""),
    "no source": (("crisis", "threat", "source"), []),
    "an unknown kind": (("adversary", "kind"), "crowd"),
    "an unknown quality": (("quality",), "D"),
    "an unknown rule": (("council_rule",), "quorum"),
    "a small state code": (("requester",), "ask"),
    "a member of no code": (("members", "Friendland"), {}),
    "half a day": (("horizon_days",), 1.5),
    "a year too long": (("horizon_days",), 366),
    "an id of no form": (("id",), "Toy 2020"),
    "a version to come": (("schema_version",), 2),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_what_the_records_refuse_the_schema_refuses(fault):
    path, value = SPOILT[fault]
    values = scenario()
    node = values
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    assert faults(values)
    with pytest.raises(ValueError, match="validation error"):
        Scenario.model_validate(values)


def required(record, values, path=()):
    """Every key that must be there, by its path."""
    for key, entry in record.model_fields.items():
        if entry.is_required():
            yield (*path, key)
    for part in ("crisis", "dates", "adversary", "forces_needed"):
        if part in record.model_fields:
            yield from required(record.model_fields[part].annotation, values[part], (*path, part))


@pytest.mark.parametrize("path", list(required(Scenario, scenario())), ids=".".join)
def test_a_missing_key_is_a_fault_but_not_in_a_counterfactual(path):
    values = deepcopy(scenario())
    node = values
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    assert any(fault.endswith(": required") for fault in faults(values))
    assert bool(faults({**values, "extends": "another"})) == (path == ("id",))


def test_what_a_member_lacks_is_a_fault_but_not_in_a_counterfactual():
    values = scenario()
    del values["members"]["FRI"]["stake"]
    assert faults(values) == ["$.members.FRI: required"]
    assert faults({**values, "extends": "another"}) == []


def test_a_history_is_not_inherited_and_so_must_be_whole():
    values = scenario(extends="another", history={"level": "none"})
    assert faults(values) == ["$.history: required", "$.history: required"]


def test_schemas_scenarios_and_templates_ship_in_the_wheel(tmp_path):
    from zipfile import ZipFile

    from hatchling.builders.wheel import WheelBuilder

    root = shipped().parent
    if not (root / "pyproject.toml").is_file():
        pytest.skip("foedus is installed, not checked out")
    (wheel,) = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    with ZipFile(wheel) as file:
        for kind in FileKind:
            packed = file.read(f"foedus/scenarios/{file_name(kind)}").decode()
            assert packed == schema_text(kind)
        assert "foedus/scenarios/csto/kazakhstan-2022.yaml" in file.namelist()
        templates = {
            path.relative_to(root / "src") for path in root.glob("src/**/templates/**/*.*")
        }
        assert len(templates) > 20
        assert {path.as_posix() for path in templates} <= set(file.namelist())
