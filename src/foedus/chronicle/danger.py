"""How threatened a state feels, from the crises that befell it (section 8.3)."""

from __future__ import annotations

from foedus.model.numbers import Value


def struck(danger: Value, threat: Value) -> Value:
    """Danger after a crisis of some threat: ``1 - (1 - danger)(1 - threat)``, in [0, 1]."""
    return 1.0 - (1.0 - danger) * (1.0 - threat)


def calmed(danger: Value, floor: Value, kept: Value) -> Value:
    """Danger a year later: it falls back to the floor that every state lives with.

    Parameters
    ----------
    kept
        Share of the excess over the floor that is left after a year, in [0, 1].
    """
    return floor + (danger - floor) * kept
