"""Write what the code says now into the pages that show it: ``python tests/faces/remake.py``.

It renews the console blocks and the doctests of the guides, the board of the lesson on theories,
the teacher's key, the README's scores and the opening figure. Make ``docs/evidence.md`` first, as
the scores are taken from it. Sentences are left alone: read the difference, and mend
those that no longer hold.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import re
from difflib import SequenceMatcher

from pages import (
    DOCS,
    FENCE,
    LESSON,
    OWN,
    README,
    ROOT,
    between,
    board,
    key_of,
    printed,
    readme_scores,
    shown,
)

from foedus.cli import run

DOTS = "..."
FIGURE = ["plot", "history", "--alliance", "csto", "--runs", "2000"]
"""The command behind the figure that opens the README."""


def main():
    """Renew all of it."""
    for page in OWN:
        rewrite(DOCS / page, with_blocks)
    rewrite(DOCS / "how-to" / "use-from-python.md", with_doctests)
    rewrite(DOCS / "teaching.md", with_board)
    rewrite(README, with_scores)
    renew_key()
    assert run([*FIGURE, "--out", str(DOCS / "figures" / "history.svg"), "--force"]) == 0


def rewrite(path, change):
    """Change a page in place, and say so where it differs."""
    before = path.read_text(encoding="utf-8")
    after = change(before)
    if after != before:
        path.write_text(after, encoding="utf-8")
        print(f"changed: {path.resolve().relative_to(ROOT)}")


def with_blocks(text):
    """A page whose console blocks hold what their commands print."""

    def renewed(fence):
        block = fence.group()
        for command, lines, _ in list(shown(block)):
            print(f"$ {command}")
            new = refilled(lines, printed(command))
            block = block.replace(f"$ {command}\n{lines}", f"$ {command}\n{new}")
        return block

    return FENCE.sub(renewed, text)


def refilled(lines, output):
    """Lines shown, dots standing for what is left out, with what the command prints now.

    Each stretch without dots takes as many lines as before, where they look most alike; the first
    begins where the output begins, and the last ends where it ends.
    """
    new = output.rstrip("\n").split("\n")
    parts = _stretches(lines.rstrip("\n").split("\n"))
    taken, at = [], 0
    for k, part in enumerate(parts):
        start = 0 if k == 0 else _place(part, new, at) if part else at
        at = len(new) if part and k == len(parts) - 1 else start + len(part)
        taken += [*new[start:at], DOTS]
    return "\n".join(taken[:-1]) + "\n"


def _stretches(lines):
    """The lines between the dots."""
    parts = [[]]
    for line in lines:
        if line == DOTS:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _place(part, lines, at):
    """Where, from `at` on, lines look most like `part`."""
    n = len(part)
    return max(range(at, len(lines) - n + 1), key=lambda i: _likeness(part, lines[i : i + n]))


def _likeness(some, others):
    return sum(_alike(a, b) for a, b in zip(some, others, strict=True))


def _alike(a, b):
    bare = [re.sub(r"[\d.+ -]+", " ", line) for line in (a, b)]
    return SequenceMatcher(None, *bare, autojunk=False).ratio() + 0.1 * (a == b)


def with_doctests(text):
    """A page whose Python gives what it shows; what is meant to fail is left alone."""
    lines, names = text.splitlines(keepends=True), {}
    moved = 0
    for example in doctest.DocTestParser().get_examples(text):
        if example.exc_msg:
            continue
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(example.source, "page", "single"), names)
        if example.want:
            start = example.lineno + example.source.count("\n") + moved
            n_old, new = example.want.count("\n"), out.getvalue().splitlines(keepends=True)
            lines[start : start + n_old] = new
            moved += len(new) - n_old
    return "".join(lines)


def with_board(text):
    """The lesson on theories with its board."""
    for name, cells in board().items():
        text = re.sub(
            rf"^\| `{name}` \|.*$", f"| `{name}` | {' | '.join(cells)} |", text, flags=re.M
        )
    return text


def with_scores(text):
    """The README with the skill that the page of evidence has."""
    return text.replace(between(text, "scores"), readme_scores())


def renew_key():
    """The teacher's key of the lesson."""

    notebook = json.loads(LESSON.read_text(encoding="utf-8"))
    lesson = "".join("".join(cell["source"]) + "\n" for cell in notebook["cells"])

    def renewed(text):
        for name, value in key_of(lesson, text)[1].items():
            text = re.sub(rf"\| {re.escape(name)} \| [\d.]+ \|", f"| {name} | {value} |", text)
        return text

    rewrite(DOCS / "teaching.md", renewed)


if __name__ == "__main__":
    main()
