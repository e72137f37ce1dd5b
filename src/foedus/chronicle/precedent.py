"""What the mandate is taken to cover after earlier answers of the same kind (section 8.5).

The codes of a crisis already hold the precedents that history had. So only the difference between
the precedents of a run and those of history moves a mandate.
"""

from __future__ import annotations

import numpy as np

from foedus.data.terms import Level
from foedus.model.numbers import Value


def precedent(sent: Value, heard: Value, prior_weight: Value) -> Value:
    """Discounted mean answer to crises of one kind, as a share of the ladder.

    Parameters
    ----------
    sent, heard
        Running sums of answers (0 to 1), and of crises.
    prior_weight
        Weight of a prior without any help, in crises.

    Returns
    -------
    value in [0, 1]
    """
    return sent / (prior_weight + heard)


def share_of_ladder(answer: Value) -> Value:
    """An answer as a share of the ladder: none 0, deploy 1."""
    return answer / float(Level.DEPLOY)


def mandate_after(coded: Value, here: Value, in_history: Value, weight: Value) -> Value:
    """The mandate that a run's own precedents leave: ``coded + weight (here - in_history)``.

    Returns
    -------
    value in [0, 1]
    """
    return np.minimum(np.maximum(coded + weight * (here - in_history), 0.0), 1.0)
