"""The chronicle of an alliance as far as its own file tells it, to be filled in by a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from foedus.data.schema import Alliance, Membership

HEAD = """\
# The chronicle of {name}. Events below come from its alliance.yaml: check their dates, and mark a
# freeze or a suspension, which that file does not know. Then add calls.

schema_version: 1
alliance: {id}
lead_state: {lead}

events:
"""
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

sources:
"""


def draft_of(alliance: Alliance) -> str:
    """The text of a file that is valid as it stands.

    Parameters
    ----------
    alliance
        Its members and their dates become the events.
    """
    first = min(entry.since for entry in alliance.members)
    changes = sorted(_changes(alliance, first))
    states = sorted(alliance.states)
    used = {key for *_, sources in changes for key in sources}
    lines = [_event(*change) for change in changes]
    cited = [
        f"  {key}: {_quoted(text)}" for key, text in sorted(alliance.sources.items()) if key in used
    ]
    head = HEAD.format(name=alliance.name, id=alliance.id, lead=alliance.lead_state[-1].state)
    tail = CALLS.format(state=states[0])
    return head + "\n".join(lines) + "\n" + tail + "\n".join(cited or ["  assumed: assumed"]) + "\n"


def _changes(alliance: Alliance, first: date) -> Iterator[tuple[date, str, str, tuple[str, ...]]]:
    seen: set[str] = set()
    for entry in sorted(alliance.members, key=lambda e: e.since):
        kind = "return" if entry.state in seen else "found" if entry.since == first else "join"
        seen.add(entry.state)
        yield entry.since, kind, entry.state, entry.source
        if entry.until is not None:
            yield _day_after(entry), "leave", entry.state, entry.source


def _day_after(entry: Membership) -> date:
    assert entry.until is not None
    return entry.until + timedelta(days=1)


def _event(day: date, kind: str, state: str, sources: tuple[str, ...]) -> str:
    cited = ", ".join(sources)
    return (
        f"  - {{date: {day}, kind: {kind}, state: {state}, why: To be checked., source: [{cited}]}}"
    )


def _quoted(text: str) -> str:
    inner = text.replace("'", "''")
    return f"'{inner}'"
