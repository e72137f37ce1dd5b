"""foedus: how an alliance answers a call for help.

>>> import foedus
>>> setup = foedus.prepare("kazakhstan-2022", {"rho": 1})
>>> result = foedus.ensemble(setup, n_runs=1000, seed=1)
>>> foedus.summarise(result).most_probable.label
'deploy'
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HOME = {
    "ids": "foedus.data.library",
    "load": "foedus.data.library",
    "prepare": "foedus.model.setup",
    "ensemble": "foedus.model.ensemble",
    "story": "foedus.model.ensemble",
    "summarise": "foedus.analysis.summary",
    "explain": "foedus.analysis.explain.decomposition",
    "runs_frame": "foedus.analysis.frames",
    "days_frame": "foedus.analysis.frames",
    "history_table": "foedus.analysis.forecast.history",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'foedus' has no attribute '{name}'")
    from importlib import import_module

    import_module("foedus.extensions").load_declared()
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
