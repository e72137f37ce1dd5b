"""Names of an earlier release: they still work, and one line says what they are called now."""

from __future__ import annotations

from collections.abc import Iterator

COMMANDS = {
    "parameters": "list parameters",
    "replay": "run",
    "sweep-1d": "vary",
    "sweep-2d": "vary",
    "requests": "history requests",
    "alternatives": "tournament structures",
    "recover": "calibrate recover",
    "schema": "validate --schema",
    "sources": "data sources",
    "coverage": "data coverage",
    "agreement": "data agreement",
    "dependence": "data dependence",
    "power": "data power",
    "sweep": "experiment run",
    "status": "experiment status",
    "resume": "experiment resume",
    "collect": "experiment table",
    "rerun": "experiment verify",
}
"""Commands by their old names."""

EVERYWHERE = {
    "--json": "--format json",
    "--on": "--scenarios",
    "--parameters": "--calibration",
    "--endogenous": "--requester-decides",
}
"""Options that have another name in all commands."""

OPTIONS = {
    "run": {"--out": "--out-dir"},
    "new": {"--out": "--out-dir"},
    "calibrate": {"--out": "--out-dir"},
    "experiment run": {"--out": "--out-dir"},
    "experiment table": {"--runs": "--per-run"},
    "data power": {"--rule": "--only-rule"},
    "data sources": {"--parameters": "--model"},
    "compare": {"--all": "--counterfactuals"},
    "tournament": {"--csv": "--out"},
}
"""Options that have another name in some."""


def renewed(words: list[str]) -> tuple[list[str], list[str]]:
    """What a person typed as it is spelled now, and a line for each old name among its words."""
    if words and words[0].partition("=")[0] == "--extension":
        taken = 1 if "=" in words[0] else 2
        rest, told = renewed(words[taken:])
        return [*words[:taken], *rest], told
    if not words or words[0].startswith("-"):
        return words, []
    told = []
    if words[0] in COMMANDS:
        now = COMMANDS[words[0]]
        told.append(f"foedus {words[0]} is now: foedus {now}")
        words = [*now.split(), *words[1:]]
    if words[0] == "explain" and any(w.partition("=")[0] == "--against" for w in words):
        words = _compared(words)
        told.append("foedus explain --against is now: foedus compare A B --why")
    changed = {**EVERYWHERE, **_options_of(words)}
    return list(_spelled(words, changed, told)), told


def _options_of(words: list[str]) -> dict[str, str]:
    """The old options of the command that the words begin with."""
    return OPTIONS.get(" ".join(words[:2])) or OPTIONS.get(words[0], {})


def _spelled(words: list[str], changed: dict[str, str], told: list[str]) -> Iterator[str]:
    for word in words:
        name, equals, value = word.partition("=")
        if name not in changed:
            yield word
            continue
        told.append(f"{name} is now: {changed[name]}")
        *now, last = changed[name].split()
        yield from (*now, last + equals + value)


def _compared(words: list[str]) -> list[str]:
    """``explain B --against A`` as ``compare A B --why``; what was set was set in B."""
    at = next(k for k, word in enumerate(words) if word.partition("=")[0] == "--against")
    _, equals, value = words[at].partition("=")
    taken = 1 if equals else 2
    other = [value] if equals else words[at + 1 : at + 2]
    rest = ["--set-b" if word == "--set" else word for word in words[1:at] + words[at + taken :]]
    return ["compare", *other, *rest, "--why"]
