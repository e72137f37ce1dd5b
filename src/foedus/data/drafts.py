"""New files to fill in: a crisis with the schema that its first line names, and a chronicle.

What a new file says stands in ``templates``. The comments of a crisis are the descriptions of the
records; nothing about a key is written here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import inf
from os.path import normpath
from pathlib import Path
from string import Template
from textwrap import wrap
from typing import Any, TypeAlias, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from foedus.data.json_schema import MADE_BY, file_name, schema_text
from foedus.data.library import (
    ALLIANCE_FILE,
    alliance_folder,
    alliance_ids,
    load,
    load_alliance,
    scenario_files,
)
from foedus.data.record_reader import put_over, record_within
from foedus.data.records import Identifier, mean, meaning_of
from foedus.data.schema import Alliance, Scenario
from foedus.data.terms import ATTRIBUTE_RANGE, CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, FileKind
from foedus.data.yaml_reader import parse_tree
from foedus.errors import InputError, UsageError, did_you_mean

Values: TypeAlias = dict[str, Any]
"""Plain values of a file; a key that begins with # is an example of one that may be left out."""

WIDTH = 96
_PLAIN = re.compile(r"(?!(?:[Nn]ull|[Tt]rue|[Ff]alse)$)[A-Za-z][\w ,.()/¶'-]*")
"""Text that needs no quotation marks."""

JUDGED = {"why": "Not yet judged; the middle of the scale.", "source": "assumed"}
FORCE_AGAINST_CROWDS = 2500
"""Troops assumed to be needed where nothing better is known and the adversary is domestic."""


def write_draft(
    alliance: str,
    scenario_id: str,
    folder: Path,
    day: date | None,
    requester: str | None,
    like: str | None,
) -> tuple[Path, Path]:
    """Write a commented scenario, and the schema it points at where none stands above it.

    The editor's schema is a copy beside the file, so that it is found without a network, without
    foedus and after the folder has been moved or sent on; a copy of an older foedus is renewed.

    Args:
        alliance: Its id; found as a scenario in that folder would find it.
        folder: Where to write; made if absent.
        day: The day coded, whose members are listed; by default that of `like`, else today.
        requester: ISO code of the member in trouble; by default the first that does not lead.
        like: Id or file of a crisis of the same alliance to start from: its codes, members and
            sources are taken over, its outcome is not; its days move with the day coded.

    Returns:
        The scenario's file, and the schema's.

    Raises:
        UsageError: If an argument makes no sense, the alliance could not sit on that day, or the
            file exists already.
        InputError: If the folder cannot be written.
    """
    try:
        TypeAdapter(Identifier).validate_python(scenario_id)
    except ValidationError:
        example = "lower-case words joined by hyphens, such as my-crisis"
        raise UsageError(f"the id '{scenario_id}' will not do; expected {example}") from None
    path = folder / f"{scenario_id}.yaml"
    if path.exists():
        raise UsageError(f"{path} exists already and is not overwritten")
    home, schema = _home(alliance, folder), _schema_above(folder)
    if like and requester:
        raise UsageError("the crisis to copy has its own requester; leave the requester out")
    copied = load(like).scenario if like else None
    if copied and copied.alliance != alliance:
        raise UsageError(f"{like} is a crisis of {copied.alliance}, not of {alliance}")
    day = day or (copied.dates.coded if copied else date.today())
    text = _scenario(home, scenario_id, schema, day, requester, copied)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if schema == file_name(FileKind.SCENARIO):
            _write_schema(folder / schema)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    return path, Path(normpath(folder / schema))


def _home(name: str, folder: Path) -> Path:
    """The folder of the alliance to which scenarios in a folder belong."""
    home = alliance_folder(name, folder)
    if home is None:
        raise UsageError(f"unknown alliance '{name}'{did_you_mean(name, alliance_ids())}")
    found = load_alliance(home)[0].id
    if found != name:
        raise UsageError(
            f"scenarios in {folder} belong to '{found}' ({home / ALLIANCE_FILE}); "
            f"expected that id, or another --out-dir"
        )
    return home


def _schema_above(folder: Path) -> str:
    """The schema as seen from the folder: that of a collection one or two above, else its own."""
    name = file_name(FileKind.SCENARIO)
    home = folder.resolve()
    for up, above in zip(("", "../", "../../"), (home, *home.parents), strict=False):
        if (above / name).is_file():
            return up + name
    return name


def _write_schema(path: Path) -> None:
    if path.is_file():
        with path.open(encoding="utf-8", errors="replace") as file:
            if MADE_BY not in file.read(400):
                told = "was not made by foedus and is not overwritten; use another --out-dir"
                raise UsageError(f"{path} {told}")
    path.write_text(schema_text(FileKind.SCENARIO), encoding="utf-8")


def _scenario(
    home: Path,
    scenario_id: str,
    schema: str,
    day: date,
    requester: str | None,
    like: Scenario | None,
) -> str:
    """A commented scenario that can be run as it stands."""
    alliance, _ = load_alliance(home)
    members = tuple(like.members) if like else _sitting(alliance, day, requester)
    text = _from_template(
        FileKind.SCENARIO,
        schema=schema,
        id=scenario_id,
        title=scenario_id.replace("-", " ").capitalize(),
        alliance=alliance.id,
        day=day,
        horizon_days=Scenario.model_fields["horizon_days"].default,
        requester=requester or members[1],
        lead=members[0],
        troops=FORCE_AGAINST_CROWDS,
    )
    shares = _shares(home, day, members)
    middle = {name: [sum(ends) / 2] for name, ends in ATTRIBUTE_RANGE.items()}
    values = {
        **parse_tree(text, FileKind.SCENARIO).values,
        "crisis": {name: {"coders": middle[name], **JUDGED} for name in CRISIS_ATTRIBUTES},
        "members": {
            state: {
                **{name: middle[name] for name in MEMBER_ATTRIBUTES},
                "capability": [share],
                "#pool": 1000,
                **JUDGED,
            }
            for state, share in shares.items()
        },
    }
    values["members"][members[0]]["dependence"] = [0]
    if alliance.dependence_from != "codes":
        for member in values["members"].values():
            member["#dependence"] = member.pop("dependence")
    page = _Page({state: alliance.states.get(state, state) for state in members})
    lines = page.entries(Scenario, put_over(values, _stated(like, day) if like else {}), "")
    return "\n".join([text.partition("\n\n")[0], "", *lines]) + "\n"


def _from_template(kind: FileKind, **words: object) -> str:
    path = Path(__file__).parent / "templates" / f"{kind}.yaml"
    return Template(path.read_text(encoding="utf-8")).substitute(words)


def _sitting(alliance: Alliance, day: date, requester: str | None) -> tuple[str, ...]:
    """The members on a day: the lead state, the requester, the others."""
    leads = [entry.state for entry in alliance.lead_state if entry.holds_on(day)]
    others = [state for state in alliance.members_on(day) if state not in leads[:1]]
    if not leads or not others:
        raise UsageError(f"{alliance.id} had no members on {day}; choose another --date")
    requester = requester or others[0]
    if requester not in (leads[0], *others):
        known = did_you_mean(requester, (leads[0], *others))
        raise UsageError(f"{requester} was no member of {alliance.id} on {day}{known}")
    return tuple(dict.fromkeys((leads[0], requester, *others)))


def _shares(home: Path, day: date, members: tuple[str, ...]) -> dict[str, float]:
    """Capability of each member in the crisis of this alliance that is nearest to the day.

    They add up to 1; a member of which none is known has the smallest.
    """
    nearest: dict[str, tuple[int, float]] = {}
    for path in scenario_files(home).values():
        with suppress(InputError):  # a file that cannot be used has nothing to give
            scenario = load(path).scenario
            far = abs((scenario.dates.coded - day).days)
            for state, member in scenario.members.items() if not scenario.extends else ():
                nearest[state] = min(nearest.get(state, (far, inf)), (far, mean(member.capability)))
    least = min((share for _, share in nearest.values() if share > 0), default=1.0)
    own = {state: nearest.get(state, (0, least))[1] for state in members}
    total = sum(own.values())
    return {state: round(share / total, 3) for state, share in own.items()}


def _stated(like: Scenario, day: date) -> Values:
    """What a crisis says, under another name, moved to another day and without its outcome."""
    told = like.model_dump(
        exclude={"id", "title", "extends", "held_out", "history"}, exclude_none=True
    )
    moved = day - like.dates.coded
    told["dates"] = {name: when + moved for name, when in told["dates"].items()}
    return {name: value for name, value in told.items() if value not in ({}, ())}


@dataclass
class _Page:
    """Writes the lines of a file, and explains the keys of each kind of record once."""

    names: Mapping[str, str]
    explained: set[tuple[str, ...]] = field(default_factory=set)

    def entries(self, kind: type[BaseModel], values: Values, at: str) -> Iterator[str]:
        keys = tuple(kind.model_fields)
        is_new = keys not in self.explained
        self.explained.add(keys)
        for name, entry in kind.model_fields.items():
            if is_new:
                yield from _comment(kind, name, at)
            hidden = "" if name in values else "#"
            for line in self._entry(name, values[hidden + name], entry.annotation, at):
                yield hidden + line

    def _entry(self, name: str, value: Any, annotation: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}{name}: {_scalar(value)}"
            return
        yield f"{at}{name}:" + (f"  # {self.names[name]}" if name in self.names else "")
        record = record_within(annotation)
        if record is None or get_origin(annotation) is dict:
            for key, row in value.items():
                yield from self._entry(key, row, record, f"{at}  ")
        else:
            yield from self.entries(record, value, f"{at}  ")


def _comment(kind: type[BaseModel], key: str, indent: str) -> Iterator[str]:
    """What a key means: its words and scale, or what its record says of itself."""
    row, record = meaning_of(kind, key), record_within(kind.model_fields[key].annotation)
    told = row.description if row else (record and record.__doc__) or key
    told += ":" if row and row.scale else ""
    yield from (f"{indent}# {line}" for line in wrap(told, WIDTH - len(indent)))
    for value, meaning in row.scale if row else ():
        yield f"{indent}#   {value:<4} {meaning}"


def _scalar(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_scalar(item) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)
    return f"{value:g}" if isinstance(value, float) else str(value)


def chronicle_draft(alliance: Alliance) -> str:
    """The chronicle of an alliance as far as its own file tells it; valid as it stands."""
    changes = sorted(_changes(alliance))
    used = {key for *_, sources in changes for key in sources}
    events = [
        f"  - {{date: {day}, kind: {kind}, state: {state}, why: To be checked., "
        f"source: [{', '.join(sources)}]}}"
        for day, kind, state, sources in changes
    ]
    told = {key: text.replace("'", "''") for key, text in sorted(alliance.sources.items())}
    cited = [f"  {key}: '{text}'" for key, text in told.items() if key in used]
    return _from_template(
        FileKind.CHRONICLE,
        name=alliance.name,
        id=alliance.id,
        lead=alliance.lead_state[-1].state,
        events="\n".join(events),
        state=min(alliance.states),
        sources="\n".join(cited or ["  assumed: assumed"]),
    )


def _changes(alliance: Alliance) -> Iterator[tuple[date, str, str, tuple[str, ...]]]:
    """Who comes and goes on which day, with the sources."""
    first, seen = min(entry.since for entry in alliance.members), set()
    for entry in sorted(alliance.members, key=lambda e: e.since):
        kind = "return" if entry.state in seen else "found" if entry.since == first else "join"
        seen.add(entry.state)
        yield entry.since, kind, entry.state, entry.source
        if entry.until is not None:
            yield entry.until + timedelta(days=1), "leave", entry.state, entry.source
