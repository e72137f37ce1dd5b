"""What calls and answers leave behind, and who calls then (sections 8.2 to 8.6).

Trust, precedent and legitimacy are discounted means with a prior. Two running sums, an amount and
the weight behind it, are forgotten with a half-life; the prior weighs as `prior_weight` calls for a
force, so that without calls trust goes back to the share of commitments that alliances have
honoured.

References:
    Crescenzi, Kathman, Kleinberg and Wood (2012), doi:10.1111/j.1468-2478.2011.00711.x, for
    reputation that fades and is learned from conduct toward others. Jøsang and Ismail (2002), The
    beta reputation system, for the average. Lake (2009), Hierarchy in International Relations:
    subordinates bear rule that serves them. Document ¶15 for the upper hand of one member that
    weakens legitimacy.
"""

from typing import NamedTuple, Self

import numpy as np

from foedus.data.terms import Level
from foedus.model.numbers import Parameters, Value, added_up


def kept_a_year(half_life: Value) -> Value:
    """Share of what is remembered after one more year: ``2^(-1/H)``, H in years."""
    return np.exp2(-1.0 / half_life)


def in_kind(answer: Value, asked: Value) -> Value:
    """1 where the answer reaches what was asked, else 0; both are levels, 0 to 3.

    A half between two levels counts as the higher, as the requester insists on it (section 7.3).
    Alliances honour a commitment or they do not (Leeds, Long and Mitchell 2000,
    doi:10.1177/0022002700044005006).
    """
    return np.where(answer >= np.ceil(asked), 1.0, 0.0)[()]


def share_of_ladder(level: Value) -> Value:
    """How much a call tests an alliance, or an answer helps: none 0, deploy 1."""
    return level / float(Level.DEPLOY)


class Memory(NamedTuple):
    """What was heard so far: the sum of amounts in [0, 1] by their weight, and of the weights."""

    total: Value = 0.0
    weight: Value = 0.0

    def faded(self, kept: Value) -> Self:
        """The same a year later, of which a share is kept."""
        return self._replace(total=self.total * kept, weight=self.weight * kept)

    def after(self, amount: Value, weight: Value) -> Self:
        """The same with one more amount."""
        return self._replace(total=self.total + weight * amount, weight=self.weight + weight)

    def mean(self, prior: Value, prior_weight: Value) -> Value:
        """Weighted mean of what was heard, the prior among it, in [0, 1].

        ``(prior_weight prior + total) / (prior_weight + weight)``: trust is that of calls answered
        in kind, a precedent that of answers to crises of one kind, with a prior without any help.
        """
        return (prior_weight * prior + self.total) / (prior_weight + self.weight)


def imposition(answer: Value, wanted_by_lead: Value, wanted_by_others: tuple[Value, ...]) -> Value:
    """How much nearer the answer is to the lead state's view than to the others', 0 to 1.

    ``max(0, mean_i |answer - l_i| - |answer - l_p|) / 3``, where l is the highest level, 0 to 3,
    that each would support if it heard nobody (section 7.3).
    """
    others = added_up(abs(answer - wanted) for wanted in wanted_by_others) / len(wanted_by_others)
    gap = others - abs(answer - wanted_by_lead)
    return share_of_ladder(np.maximum(gap, 0.0))


def legitimacy(imposed: Memory, prior_weight: Value) -> Value:
    """One minus the discounted mean imposition, 0 to 1; 1 where nothing has been judged yet."""
    return 1.0 - imposed.mean(0.0, prior_weight)


def mandate_after(coded: Value, here: Value, in_history: Value, weight: Value) -> Value:
    """The mandate that a run's own precedents leave: ``coded + weight (here - in_history)``.

    The codes of a crisis already hold the precedents that history had, so only the difference
    moves a mandate. The result is held in [0, 1].
    """
    return np.minimum(np.maximum(coded + weight * (here - in_history), 0.0), 1.0)


def struck(danger: Value, threat: Value) -> Value:
    """Danger after a crisis of some threat: ``1 - (1 - danger)(1 - threat)``, in [0, 1]."""
    return 1.0 - (1.0 - danger) * (1.0 - threat)


def calmed(danger: Value, floor: Value, kept: Value) -> Value:
    """Danger a year later: of its excess over the floor that every state lives with, `kept`."""
    return floor + (danger - floor) * kept


def wish_to_ask(hope: Value, threat: Value, p: Parameters) -> Value:
    """Log-odds of a call: who expects help asks for it, and who needs it more does.

    ``logit(p_call) + b_trust_call (hope - 1/2) + b_threat_call (threat - 1/2)``; `hope` is its
    trust in the alliance and `threat` the danger of this crisis, 0 to 1.
    """
    hopes = p["b_trust_call"] * (hope - 0.5)
    fears = p["b_threat_call"] * (threat - 0.5)
    return (p["call_log_odds"] + hopes) + fears


def calls(wish: Value, noise: Value) -> Value:
    """Whether it calls: its wish and what nobody measured (standard logistic) are above 0."""
    return wish + noise > 0.0
