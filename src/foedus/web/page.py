"""One HTML file that simulates in the browser: no server, no network, no installation."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib import resources
from importlib.metadata import version

from foedus.data.library import Case
from foedus.plots.style import css_tokens
from foedus.web.page_data import page_data

COUNCIL = ("dom", "moving", "council_style", "council")
TIMELINE = (
    *("dom", "moving", "draws", "timeline_model", "timeline_style", "timeline_lines"),
    *("timeline_picture", "timeline_year", "timeline"),
)
"""Parts of the script that each element needs."""

SCRIPTS = (
    *(*COUNCIL, "draws", "model", "ensemble", "parts"),
    *TIMELINE[3:],
    *("place", "setup", "dials", "facts", "guesses", "served", "beside", "crisis", "guided"),
    *("decades", "link", "pieces", "seat", "hosting", "member", "board", "room", "entrance"),
    "page",
)
"""Parts of the script in the order in which they build on each other."""


def page(
    cases: Iterable[Case],
    *,
    chronicles: Iterable[Mapping[str, object]] = (),
    served: Mapping[str, object] | None = None,
) -> str:
    """The page for some crises.

    Parameters
    ----------
    cases
        Crises to carry, in the order of the list.
    chronicles
        Decades to carry, each from :func:`foedus.web.timeline_data.timeline_data`; a server gives
        ``id`` and ``name`` alone, and the rest when it is asked.
    served
        What a server tells a page that it serves (``class``: whether class rooms may be opened,
        ``where``: its address); None for a page that stands alone.

    Returns
    -------
    str
        A whole HTML document. Its Content-Security-Policy allows its own style and script (by
        their hashes) and nothing from outside.
    """
    known = page_data(cases, version("foedus"), with_python=served is not None)
    decades = list(chronicles)
    data = inert({**known, "served": served, "chronicles": decades})
    style, script = stylesheet(), bundle(SCRIPTS)
    policy = (
        f"default-src 'none'; script-src '{script_hash(script)}'; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
        + ("; connect-src 'self' ws: wss:" if served else "")
    )
    story = '<a href="#/story">Five crises</a>' if known["story"] else ""
    past = '<a href="#/decades">Decades</a>' if decades else ""
    rooms = '<a href="#/play">Role play</a><a href="#/class">Class room</a>' if served else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>foedus</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<a class="mark" href="#/">foedus</a>
<nav aria-label="Pages">
{story}<a href="#/crises">All crises</a>{past}{rooms}
</nav>
</header>
<main id="main" tabindex="-1"></main>
<footer><p class="small">A model for study and teaching: it cannot predict a decision. Every
number has a source or says that it is assumed. {_stays(served)}
foedus {version("foedus")}.</p></footer>
<script type="application/json" id="foedus-data">{data}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def _stays(served: Mapping[str, object] | None) -> str:
    if served is None:
        return "Nothing leaves this page."
    return "Nothing goes anywhere but to the machine that serves this page."


def stylesheet() -> str:
    """The page's style with the figures' own colours as variables."""
    tokens = "".join(f"--{token}:{colour};" for colour, token in css_tokens().items())
    return f":root{{{tokens}}}\n{_read('page.css')}{_read('room.css')}"


def bundle(names: Iterable[str]) -> str:
    """Parts of the script as one module: their imports and exports are of each other alone."""
    parts = (_read(f"{name}.js") for name in names)
    return "\n".join(_unwrapped(part) for part in parts)


def _unwrapped(part: str) -> str:
    without = re.sub(r"^import [^;]*;\n", "", part, flags=re.MULTILINE)
    return re.sub(r"^export ", "", without, flags=re.MULTILINE)


def inert(values: object) -> str:
    """JSON that cannot end its own script element."""
    data = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def script_hash(script: str) -> str:
    """What a Content-Security-Policy calls a script that it allows."""
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
