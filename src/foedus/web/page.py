"""HTML that needs no server, network or installation: a whole page, or one council for any page."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib import resources
from importlib.metadata import version

from jinja2 import Environment, PackageLoader, StrictUndefined

from foedus.analysis.summary import typical_run
from foedus.data.library import Case
from foedus.model.ensemble import DEFAULT_RUNS, DEFAULT_SEED, ensemble, story
from foedus.model.setup import SetupLike, setup_of
from foedus.plots.style import css_tokens
from foedus.web.page_data import council_data, page_data

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
    return _filled(
        "page.html",
        style=stylesheet(),
        story=known["story"],
        decades=decades,
        served=served,
        version=version("foedus"),
        data=data,
        script=bundle(SCRIPTS),
    )


def embed(setup: SetupLike, run: int | None = None, seed: int = DEFAULT_SEED) -> str:
    """The council of one run as HTML to paste into a page: an element, its data, its script.

    Args:
        setup: From :func:`foedus.prepare`, or the id or path of a crisis.
        run: Which run of `seed`; None for the first that gives the most frequent answer.

    Returns:
        str: A ``<figure>`` with ``<foedus-council>``, and a script; it loads nothing from outside.
            Where a page shows several councils, each brings its own, and the first script counts.
    """
    setup = setup_of(setup)
    if run is None:
        run = typical_run(ensemble(setup, DEFAULT_RUNS, seed).outcome)
    data = inert(council_data(setup, story(setup, run, seed)))
    title = setup.case.scenario.title
    return _filled("council.html", title=title, data=data, script=bundle(COUNCIL))


def _filled(name: str, **given: object) -> str:
    environment = Environment(
        loader=PackageLoader("foedus.web", ""),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["hashed"] = script_hash
    return environment.get_template(name).render(given)


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
