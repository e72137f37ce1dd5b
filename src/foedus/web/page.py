"""One HTML file that simulates in the browser: no server, no network, no installation."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib import resources
from importlib.metadata import version
from string import Template

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

ROOMS = '<a href="#/play">Role play</a><a href="#/class">Class room</a>'
STAYS_NEAR = "Nothing goes anywhere but to the machine that serves this page."


def page(
    cases: Iterable[Case],
    *,
    chronicles: Iterable[Mapping[str, object]] = (),
    served: Mapping[str, object] | None = None,
) -> str:
    """The page for some crises.

    Args:
        cases: Crises to carry, in the order of the list.
        chronicles: Decades to carry, each from :func:`foedus.web.timeline_data.timeline_data`; a
            server gives ``id`` and ``name`` alone, and the rest when it is asked.
        served: What a server tells a page that it serves (``class``: whether class rooms may be
            opened, ``where``: its address); None for a page that stands alone.

    Returns:
        str: A whole HTML document. Its Content-Security-Policy allows its own style and script (by
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
    return Template(_read("page.html")).substitute(
        policy=policy,
        style=style,
        story='<a href="#/story">Five crises</a>' if known["story"] else "",
        past='<a href="#/decades">Decades</a>' if decades else "",
        rooms=ROOMS if served else "",
        stays=STAYS_NEAR if served else "Nothing leaves this page.",
        version=version("foedus"),
        data=data,
        script=script,
    )


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
