"""New files to fill in: a crisis with the schema that its first line names, and a chronicle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from math import inf
from os.path import normpath
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from foedus.data.json_schema import MADE_BY, file_name, schema_text
from foedus.data.library import (
    ALLIANCE_FILE,
    alliance_folder,
    alliance_ids,
    load,
    load_alliance,
    scenario_files,
)
from foedus.data.records import Identifier, mean
from foedus.data.schema import Alliance
from foedus.data.template import scenario_template
from foedus.data.terms import FileKind
from foedus.errors import InputError, UsageError, did_you_mean

HEAD = """\
# The chronicle of {name}. Events below come from its alliance.yaml: check their dates, and mark a
# freeze or a suspension, which that file does not know. Then add calls.

schema_version: 1
alliance: {id}
lead_state: {lead}

events:"""
CALLS = """
# Every crisis of a member, in order of date. Take this one as a pattern, and uncomment it.
calls: []
#  - date: 2001-05-01
#    crisis: name-of-the-crisis     # the id of a crisis of the library, or a name of your own
#    state: {state}
#    kind: domestic                 # domestic, nonstate, state, member
#    asked: 3                       # 0 nobody called, 1 consult, 2 material help, 3 a force
#    answer: consult                # none, consult, support, deploy
#    threat: 0.5                    # 0 a local matter ... 1 imminent collapse or conquest
#    source: [key]

# Days on which membership ends unless it is renewed: {{date, why, source}}.
renewals: []

# Other protectors, by one rule for all members alike: {{state, since, until, name, pact, source}};
# pact 1 a treaty of defence, .5 a treaty to consult in crises.
rivals: []

# States of the region that could have joined and never did.
outsiders: []

sources:"""


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
        day: The day coded; by default that of `like`, else today.
        requester: See :func:`foedus.data.template.scenario_template`.
        like: Id or file of a crisis of the same alliance to start from.

    Returns:
        The scenario's file, and the schema's.

    Raises:
        UsageError: If an argument makes no sense, or the file exists already.
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
    found, schema = _alliance(alliance, folder), _schema_above(folder)
    if like and requester:
        raise UsageError("the crisis to copy has its own requester; leave the requester out")
    copied = load(like).scenario if like else None
    if copied and copied.alliance != alliance:
        raise UsageError(f"{like} is a crisis of {copied.alliance}, not of {alliance}")
    day = day or (copied.dates.coded if copied else date.today())
    shares = _shares(alliance, folder, day)
    text = scenario_template(found, scenario_id, day, requester, schema, shares, copied)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if schema == file_name(FileKind.SCENARIO):
            _write_schema(folder / schema)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    return path, Path(normpath(folder / schema))


def _shares(alliance: str, folder: Path, day: date) -> dict[str, float]:
    """Capability of each state in the crisis of this alliance that is nearest to the day."""
    home = alliance_folder(alliance, folder)
    nearest: dict[str, tuple[int, float]] = {}
    for path in scenario_files(home).values() if home else ():
        with suppress(InputError):  # a file that cannot be used has nothing to give
            scenario = load(path).scenario
            far = abs((scenario.dates.coded - day).days)
            for state, member in scenario.members.items() if not scenario.extends else ():
                nearest[state] = min(nearest.get(state, (far, inf)), (far, mean(member.capability)))
    return {state: share for state, (_, share) in nearest.items()}


def _alliance(name: str, folder: Path) -> Alliance:
    home = alliance_folder(name, folder)
    if home is None:
        raise UsageError(f"unknown alliance '{name}'{did_you_mean(name, alliance_ids())}")
    alliance, _ = load_alliance(home)
    if alliance.id != name:
        raise UsageError(
            f"scenarios in {folder} belong to '{alliance.id}' ({home / ALLIANCE_FILE}); "
            f"expected that id, or another --out-dir"
        )
    return alliance


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
    return "\n".join(
        [
            HEAD.format(name=alliance.name, id=alliance.id, lead=alliance.lead_state[-1].state),
            *events,
            CALLS.format(state=min(alliance.states)),
            *(cited or ["  assumed: assumed"]),
            "",
        ]
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
