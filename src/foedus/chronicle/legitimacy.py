"""How far answers are the lead state's against the others' private views (section 8.4).

References
----------
Lake (2009), Hierarchy in International Relations: subordinates bear rule that serves them.
Document ¶15 for the upper hand of one member that weakens legitimacy.
"""

from __future__ import annotations

import numpy as np

from foedus.data.terms import Level
from foedus.model.numbers import Value, added_up


def imposition(answer: Value, wanted_by_lead: Value, wanted_by_others: tuple[Value, ...]) -> Value:
    """How much nearer the answer is to the lead state's view than to the others', 0 to 1.

    ``max(0, mean_i |answer - l_i| - |answer - l_p|) / 3``

    Parameters
    ----------
    answer
        Level, 0 to 3.
    wanted_by_lead, wanted_by_others
        The highest level that each would support if it heard nobody (section 7.3).
    """
    others = added_up(abs(answer - wanted) for wanted in wanted_by_others) / len(wanted_by_others)
    gap = others - abs(answer - wanted_by_lead)
    return np.maximum(gap, 0.0) / float(Level.DEPLOY)


def legitimacy(imposed: Value, judged: Value, prior_weight: Value) -> Value:
    """One minus the discounted mean imposition; 1 where nothing has been judged yet.

    Parameters
    ----------
    imposed, judged
        Running sums of imposition, and of answers judged.
    prior_weight
        Weight of the prior, which holds no imposition, in answers.

    Returns
    -------
    value in [0, 1]
    """
    return 1.0 - imposed / (prior_weight + judged)
