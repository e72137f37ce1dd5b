"""A member that a person plays: the person's line decides where it stands.

The council and the other members know positions alone, so a line is turned into one: the middle
of the interval of positions that say just that. Backing a level stands halfway between its bar
and the next; deploying stands as far above the last bar as supporting stands below it; standing
aside is the middle of the room below the first bar; an objection stands below that room, as far
as consulting stands above the first bar. Nothing new is assumed: all distances are those of the
council's own bars.
"""

from __future__ import annotations

import numpy as np

from foedus.data.terms import Level, Line, Stance
from foedus.model.mesa_model import AllianceModel, MemberState
from foedus.model.numbers import Value


def position_of(line: Line, bars: tuple[Value, Value, Value], room: Value) -> Value:
    """The position that a line puts a member at.

    Args:
        line: What the person decided.
        bars: Thresholds of consult, support and deploy, log-odds; a level that needs less than one
            below it counts as needing as much.
        room: How far below a bar a member may stand aside, log-odds, 0 or more.

    Returns:
        value: x_i, log-odds. It reaches the bars up to the line and none above; for ``OBJECT`` it
            lies below every bar by more than `room`.
    """
    consult = bars[0]
    support = np.maximum(consult, bars[1])
    deploy = np.maximum(support, bars[2])
    places = {
        Line.OBJECT: consult - room - (support - consult) / 2,
        Line.ASIDE: consult - room / 2,
        Line.CONSULT: (consult + support) / 2,
        Line.SUPPORT: (support + deploy) / 2,
        Line.DEPLOY: deploy + (deploy - support) / 2,
    }
    return places[line]


class PlayedMember(MemberState):
    """A member state whose line a person may hold; where nobody does, the model plays it.

    Attributes:
        held: The line of the day; None where the model decides.
    """

    def __init__(self, model: AllianceModel, index: int) -> None:
        super().__init__(model, index)
        self.held: Line | None = None

    def form_view(self) -> None:
        """Judge the crisis, and stand where the line says."""
        super().form_view()
        if self.held is not None:
            self.position = position_of(self.held, self.model.bars, self.model.room)

    def hear(self) -> None:
        """A held line is moved by nobody."""
        super().hear()
        if self.held is not None:
            self.heard = self.position

    def stance(self, level: Level) -> Stance:
        """Say what the line says; an adversary that a person plays need not object."""
        if self.held is None:
            return super().stance(level)
        if self.held is Line.ASIDE:
            return Stance.ABSTAIN
        return self.stance_by_position(level)
