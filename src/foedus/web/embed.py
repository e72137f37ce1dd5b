"""One crisis for a page of somebody else's: the council as an element, with all that it needs."""

from __future__ import annotations

from html import escape

from foedus.analysis.summary import typical_run
from foedus.model.ensemble import DEFAULT_RUNS, DEFAULT_SEED, ensemble, story
from foedus.model.setup import SetupLike, setup_of
from foedus.web.council_data import council_data
from foedus.web.page import bundle, inert

SCRIPTS = ("dom", "council_style", "council")
"""Parts of the script that the element needs."""

CAPTION = (
    "one of many possible histories, simulated by foedus. A model for study and teaching: it "
    "cannot predict a decision."
)


def embed(setup: SetupLike, run: int | None = None, seed: int = DEFAULT_SEED) -> str:
    """The council of one run as HTML to paste into a page: an element, its data, its script.

    Parameters
    ----------
    setup
        From :func:`foedus.prepare`, or the id or path of a crisis.
    run
        Which run of `seed`; None for the first that gives the most frequent answer.

    Returns
    -------
    str
        A ``<figure>`` with ``<foedus-council>``, and a script; it loads nothing from outside.
        Where a page shows several councils, each brings its own, and the first script counts.
    """
    setup = setup_of(setup)
    if run is None:
        run = typical_run(ensemble(setup, DEFAULT_RUNS, seed).outcome)
    data = inert(council_data(setup, story(setup, run, seed)))
    return f"""<figure>
<foedus-council><script type="application/json">{data}</script></foedus-council>
<figcaption>{escape(setup.case.scenario.title)}: {CAPTION}</figcaption>
</figure>
<script type="module">{bundle(SCRIPTS)}</script>
"""
