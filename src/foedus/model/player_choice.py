"""Where a person's line stands among positions, when a person plays a member (role play).

The council and the other members know positions alone, so a line is turned into one: the middle
of the interval of positions that say just that. Backing a level stands halfway between its bar
and the next; deploying stands as far above the last bar as supporting stands below it; standing
aside is the middle of the room below the first bar; an objection stands below that room, as far
as consulting stands above the first bar. Nothing new is assumed: all distances are those of the
council's own bars.
"""

from __future__ import annotations

from foedus.data.terms import Line
from foedus.model.numbers import Value


def position_of(line: Line, bars: tuple[Value, Value, Value], room: Value) -> Value:
    """The position that a line puts a member at.

    Parameters
    ----------
    line
        What the person decided.
    bars
        Bars of consult, support and deploy, log-odds, rising.
    room
        How far below a bar a member may stand aside, log-odds, 0 or more.

    Returns
    -------
    value
        x_i, log-odds. It reaches the bars up to the line and none above; for ``OBJECT`` it lies
        below every bar by more than `room`.
    """
    consult, support, deploy = bars
    places = {
        Line.OBJECT: consult - room - (support - consult) / 2,
        Line.ASIDE: consult - room / 2,
        Line.CONSULT: (consult + support) / 2,
        Line.SUPPORT: (support + deploy) / 2,
        Line.DEPLOY: deploy + (deploy - support) / 2,
    }
    return places[line]
