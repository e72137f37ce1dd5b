"""Whether a state in crisis calls on the alliance (section 8.6)."""

from __future__ import annotations

from foedus.model.numbers import Parameters, Value


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
