"""For notebooks: figures that show themselves, tables of codes and answers, commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from foedus.analysis.explain.comparison import compare
from foedus.analysis.summary import summarise
from foedus.data.terms import CRISIS_ATTRIBUTES, LEVELS
from foedus.model.ensemble import DEFAULT_RUNS, DEFAULT_SEED, ensemble
from foedus.model.setup import SetupLike, setup_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from foedus.analysis.forecast.tournament import Tournament
    from foedus.plots.frame import Picture


def figure(kind: str, setup: SetupLike | None = None, **wanted: Any) -> Figure:
    """A figure as ``foedus plot`` draws it.

    Args:
        kind: For example ``story``, ``ensemble``, ``network``, ``why``, ``response``, ``history``.
        setup: Of the crisis, or its id, where the kind shows one.
        wanted: Further fields of :class:`foedus.plots.wanted.Wanted`.

    Raises:
        UsageError: If the kind is unknown or needs what is not given.
    """
    from foedus.plots.catalogue import kind_of
    from foedus.plots.wanted import Wanted

    made = None if setup is None else setup_of(setup)
    return shown(kind_of(kind).build(Wanted(setup=made, **wanted)))


def shown(picture: Picture) -> Figure:
    """A figure that a notebook draws when it is the last value of a cell."""
    from foedus.plots.frame import framed

    try:
        from IPython.core.getipython import get_ipython
        from IPython.core.pylabtools import select_figure_formats
    except ImportError:
        return framed(picture)
    if shell := get_ipython():
        select_figure_formats(shell, {"retina"})  # type: ignore[no-untyped-call]
    return framed(picture)


def tournament_figure(held: Tournament) -> Figure:
    """The scores of a tournament that has been held."""
    from foedus.plots.forecast_scores import tournament_picture

    drawn = f"{held.n_draws} draws from the priors, {held.n_runs} runs each, seed {held.seed}"
    return shown(tournament_picture(held, drawn))


def surface_figure(
    setup: SetupLike, first: str, second: str, n_runs: int = 500, seed: int = DEFAULT_SEED
) -> Figure:
    """How the probability of `deploy` follows two parameters or attributes together."""
    from foedus.analysis.explain.response import response_surface
    from foedus.plots.answer_curve import surface_picture

    setup = setup_of(setup)
    found = response_surface(setup, (first, second), n_runs=n_runs, seed=seed)
    return shown(surface_picture(found, setup))


def codes(*setups: SetupLike) -> pd.DataFrame:
    """What each crisis was coded as, and why: one row an attribute, two columns a crisis."""
    import pandas as pd

    columns = {}
    for setup in map(setup_of, setups):
        crisis = setup.case.scenario.crisis
        coded = {name: getattr(crisis, name) for name in CRISIS_ATTRIBUTES}
        columns[setup.case.id] = {name: code.value for name, code in coded.items()}
        columns[f"{setup.case.id}: why"] = {name: code.why for name, code in coded.items()}
    return pd.DataFrame(columns)


def answers(
    setups: Mapping[str, SetupLike], n_runs: int = DEFAULT_RUNS, seed: int = DEFAULT_SEED
) -> pd.DataFrame:
    """Probability of each answer in %, one row a setup, all under the same chance."""
    import pandas as pd

    rows = {
        label: summarise(ensemble(setup, n_runs, seed)).p_levels for label, setup in setups.items()
    }
    return (100 * pd.DataFrame(rows, index=list(LEVELS)).T).round(1)


def differences(
    pairs: Mapping[str, tuple[SetupLike, SetupLike]],
    n_runs: int = DEFAULT_RUNS,
    seed: int = DEFAULT_SEED,
) -> pd.DataFrame:
    """What each change does to the probability of `deploy`, under the same chance.

    Args:
        pairs: By label: the setup before, and after the change.

    Returns:
        DataFrame: In percentage points: ``before``, ``after``, ``difference`` and its standard
            ``error``.
    """
    import pandas as pd

    rows = {}
    for label, (before, after) in pairs.items():
        deploy = compare(before, after, n_runs, seed).of("p_deploy")
        values = (deploy.first, deploy.second, deploy.difference, deploy.error)
        rows[label] = [100 * value for value in values]
    return pd.DataFrame(rows, index=["before", "after", "difference", "error"]).T.round(1)


def command(line: str) -> None:
    """Run a command of foedus, for example ``foedus validate my-crisis.yaml``.

    What it prints appears below the cell, errors included; it raises nothing.
    """
    import shlex
    import subprocess
    import sys

    words = shlex.split(line.removeprefix("foedus "))
    done = subprocess.run(
        [sys.executable, "-m", "foedus", *words], capture_output=True, text=True, check=False
    )
    print(done.stdout + done.stderr, end="")
