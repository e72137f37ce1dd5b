"""How threatened a state feels, and whether it calls on the alliance (sections 8.3 and 8.6)."""

from __future__ import annotations

from foedus.model.numbers import Parameters, Value


def struck(danger: Value, threat: Value) -> Value:
    """Danger after a crisis of some threat: ``1 - (1 - danger)(1 - threat)``, in [0, 1]."""
    return 1.0 - (1.0 - danger) * (1.0 - threat)


def calmed(danger: Value, floor: Value, kept: Value) -> Value:
    """Danger a year later: of its excess over the floor that every state lives with, `kept`."""
    return floor + (danger - floor) * kept


def wish_to_ask(trust: Value, threat: Value, p: Parameters) -> Value:
    """Log-odds of a call: who expects help asks for it, and who needs it more does.

    ``logit(p_call) + b_trust_call (trust - 1/2) + b_threat_call (threat - 1/2)``

    Parameters
    ----------
    trust
        What the state expects of the alliance, 0 to 1.
    threat
        Danger of this crisis, 0 to 1.
    p
        Of the register; ``call_log_odds`` is the logit of ``p_call``.
    """
    hopes = p["b_trust_call"] * (trust - 0.5)
    fears = p["b_threat_call"] * (threat - 0.5)
    return (p["call_log_odds"] + hopes) + fears


def calls(wish: Value, noise: Value) -> Value:
    """Whether it calls: its wish and what nobody measured (standard logistic) are above 0."""
    return wish + noise > 0.0
