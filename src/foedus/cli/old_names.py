"""Names of an earlier release: they still work, and one line says what they are called now.

The file ``old_names.csv`` has commands (no entry in its first column), options that have another
name in any command, and options that have one in some.
"""

from collections.abc import Iterator

from foedus.cli.root import read_rows

_ROWS = read_rows("old_names.csv")
COMMANDS = {row["old"]: row["now"] for row in _ROWS if not row["command"]}


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
    here = ("any", words[0], " ".join(words[:2]))
    changed = {row["old"]: row["now"] for row in _ROWS if row["command"] in here}
    return list(_spelled(words, changed, told)), told


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
