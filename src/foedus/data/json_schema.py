"""The JSON Schema of scenario and alliance files, made from the records, for editors to read.

A counterfactual states only what differs from the file it extends, so nothing is required of it
but its own name; every other file must be whole. The two readings share one set of properties.
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from pydantic import BaseModel

from foedus.data.chronicle_file import Chronicle
from foedus.data.record_reader import NOT_INHERITED
from foedus.data.schema import Alliance, Scenario
from foedus.data.terms import FileKind

Schema: TypeAlias = dict[str, Any]

RECORDS: dict[FileKind, type[BaseModel]] = {
    FileKind.SCENARIO: Scenario,
    FileKind.ALLIANCE: Alliance,
    FileKind.CHRONICLE: Chronicle,
}

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MADE_BY = "Made by `foedus"
_NAMED = ("properties", "patternProperties", "$defs")
"""Keywords whose entries are schemas by name."""


def file_name(kind: FileKind) -> str:
    """Name under which the schema stands beside scenario files."""
    return f"{kind}.schema.json"


def schema_text(kind: FileKind) -> str:
    """The schema as the text of a file; the same for every version of the libraries beneath."""
    return json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"


def schema_of(kind: FileKind) -> Schema:
    """The JSON Schema (draft 2020-12) of one kind of file."""
    schema = tidied(RECORDS[kind].model_json_schema())
    if kind is FileKind.SCENARIO:  # what is required holds only where nothing is extended
        defs = schema["$defs"]
        own = {name: _needs(schema["properties"][name], defs) for name in NOT_INHERITED}
        own = {name: needs for name, needs in own.items() if needs}
        schema = {
            **tidied(schema, without="required"),
            "if": {"required": ["extends"]},
            "then": {"required": ["id", "extends"], "properties": own},
            "else": _needs(schema, defs),
        }
    head = {
        "$schema": DIALECT,
        "$comment": f"{MADE_BY} validate --schema {kind}`; change the records, not this file.",
        "title": f"foedus {kind}",
    }
    return {**head, **schema}


def tidied(node: Any, without: str = "title") -> Any:
    """In one form for every version of pydantic, without a keyword and without empty defaults."""
    if isinstance(node, list):
        return [tidied(item, without) for item in node]
    if not isinstance(node, dict):
        return int(node) if isinstance(node, float) and node.is_integer() else node
    tidy = {
        key: {name: tidied(entry, without) for name, entry in value.items()}
        if key in _NAMED
        else tidied(value, without)
        for key, value in node.items()
        if key != without and (key, value) != ("default", None)
    }
    if "patternProperties" in tidy:  # keys that follow no pattern are wrong, and shown as such
        tidy["additionalProperties"] = False
    if "prefixItems" in tidy:  # pairs of one kind, said so that older editors understand it too
        tidy["items"] = tidy.pop("prefixItems")[0]
    if "const" in tidy:
        tidy.pop("enum", None)
    tidy.update(*tidy.pop("allOf", ()))
    return dict(sorted(tidy.items(), key=lambda entry: (entry[0] in _NAMED, entry[0])))


def _needs(node: Schema, defs: Schema) -> Schema:
    """What a schema requires, at its own level and of the records within."""
    for choice in (node, *node.get("anyOf", ())):
        if "$ref" in choice:
            return _needs(defs[choice["$ref"].rpartition("/")[2]], defs)
    needs: Schema = {"required": node["required"]} if "required" in node else {}
    for keyword in ("properties", "patternProperties"):
        within = {name: _needs(entry, defs) for name, entry in node.get(keyword, {}).items()}
        if any(within.values()):
            needs[keyword] = {name: entry for name, entry in within.items() if entry}
    return needs
