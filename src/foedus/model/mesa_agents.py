"""What lives in the Mesa model: member states, the crisis, and the council."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from foedus.data.terms import Ending, Level, Stance
from foedus.model import council, forces, request
from foedus.model.crisis import days_collapsing, drift_on, ends, next_intensity, relief
from foedus.model.influence import listen
from foedus.model.numbers import Value, added_up
from foedus.model.outcome import MemberDay
from foedus.model.situation import Codes
from foedus.model.willingness import insistence, need, private_view

if TYPE_CHECKING:
    from foedus.model.mesa_model import AllianceModel


class MemberState(mesa.Agent):  # type: ignore[misc]
    """A member state: it forms a view, hears the others, takes a stance, and sends troops.

    Attributes:
        state: ISO code.
        private, position: u and x of the day, log-odds.
        troops: Troops pledged.
    """

    model: AllianceModel

    def __init__(self, model: AllianceModel, index: int) -> None:
        super().__init__(model)
        ears = model.ears
        self.index = index
        self.state = model.situation.members[index]
        self.capability = model.crisis.codes.standing["capability"][index, 0]
        self.voice = ears.voice[index, 0]
        self.pull = ears.pull[index, 0]
        self.toward_lead = ears.toward_lead[index, 0]
        self.kept = ears.kept[index, 0]
        self.steady = model.steady[index, 0]
        self.private = 0.0
        self.position = 0.0
        self.anchor = 0.0
        self.heard = 0.0
        self.troops = 0.0

    @property
    def is_requester(self) -> bool:
        """Whether it is the state that asks."""
        return self.index == self.model.situation.requester

    @property
    def is_adversary(self) -> bool:
        """Whether it is the state against which help is asked."""
        return self.index == self.model.situation.adversary

    def form_view(self) -> None:
        """Judge the crisis alone."""
        crisis = self.model.crisis
        insists = insistence(crisis.asked, self.model.p) if self.is_requester else -np.inf
        self.private = private_view(self.steady, crisis.needed, insists=insists)
        if self.model.day == 0:
            self.position = self.private
        self.anchor = self.kept * self.private

    def hear(self) -> None:
        """Work out where the talk would move it; nobody moves before all have heard."""
        model = self.model
        self.heard = listen(
            self.position,
            self.anchor,
            self.toward_lead,
            self.pull,
            self.voice,
            lead=model.states[model.situation.patron].position,
            spoken=model.spoken,
        )

    def move(self) -> None:
        """Take up the position that the talk led to."""
        self.position = self.heard

    def stance(self, level: Level) -> Stance:
        """Say what it would say to one level in council."""
        fixed = council.fixed_stance(self.model.situation, self.index, level)
        return self.stance_by_position(level) if fixed is None else fixed

    def stance_by_position(self, level: Level) -> Stance:
        """What its position alone says to one level."""
        bar = self.model.bars[level - 1]
        if council.supports(self.position, bar):
            return Stance.SUPPORT
        if council.objects(self.position, bar, self.model.room):
            return Stance.OBJECT
        return Stance.ABSTAIN

    def of_day(self) -> MemberDay:
        """What it thought and said today."""
        consult, support, deploy = (self.stance(level) for level in list(Level)[1:])
        return MemberDay(
            state=self.state,
            private=float(self.private),
            position=float(self.position),
            stances=(consult, support, deploy),
            troops=int(self.troops),
        )

    def sends(self) -> bool:
        """Whether it would send troops."""
        fights = not (self.is_requester or self.is_adversary)
        return fights and self.stance(Level.DEPLOY) is Stance.SUPPORT

    def claim(self) -> float:
        """Claim on the force."""
        if not self.sends():
            return 0.0
        noise = self.model.chance.shares[self.index]
        return float(forces.claim(self.model.situation, self.capability, noise))

    def pledge(self, total: float, claims: float) -> None:
        """Send its share of the force."""
        if self.sends():
            pool = self.model.situation.pools[self.index]
            self.troops = float(forces.contribution(total, self.claim(), claims, pool))


class Crisis:
    """The crisis: its intensity, what is asked, and how it ends."""

    def __init__(self, model: AllianceModel, codes: Codes) -> None:
        self.model = model
        self.codes = codes
        self.intensity = codes.crisis["threat"]
        scheduled = model.chance.doubt is None
        self.channel = codes.crisis["request"] if scheduled else 0.0
        self.asked = codes.crisis["asked"] if scheduled else 0.0
        self.day_asked = 0 if scheduled else -1
        self.collapsing = 0
        self.ending = Ending.HORIZON
        self.day_ended = model.situation.horizon_days

    @property
    def needed(self) -> float:
        """What the danger of the day adds to every view."""
        return float(need(self.intensity, self.codes.crisis["capacity"], self.model.p["b_need"]))

    def bars(self) -> tuple[Value, Value, Value]:
        """Positions needed for consult, support and deploy, as things stand."""
        case = council.treaty_case(self.model.situation, self.codes.crisis, self.channel)
        return council.bars(self.asked, self.channel, case, self.model.p)

    def request(self, doubt: Value) -> None:
        """Let the requester decide whether, how and for what to ask."""
        model, p = self.model, self.model.p
        alignment, capability = (self.codes.standing[n] for n in ("alignment", "capability"))
        warm = request.warmth(alignment, capability, model.situation.addressees)[0]
        wish = request.wish(self.intensity, self.codes.crisis["capacity"], warm, p)
        asks = request.asks(wish, p["sigma_ask"] * doubt, p["ask_bar"])
        self.channel = float(request.next_channel(self.channel, asks))
        self.asked = float(request.next_asked(self.asked, asks, self.intensity, p))
        if asks and self.day_asked < 0:
            self.day_asked = model.day

    def unfold(self, in_place: float) -> None:
        """Move to the next day, and end if it must."""
        model, crisis, p = self.model, self.codes.crisis, self.model.p
        share = forces.share_in_place(in_place, model.situation.forces_needed)
        self.intensity = next_intensity(
            self.intensity,
            drift_on(model.day, crisis["trend"], crisis["capacity"], p),
            relief(share, p["kappa_force"]),
            p["sigma_intensity"] * model.chance.intensity[model.day],
        )
        self.collapsing = days_collapsing(self.collapsing, self.intensity, p["lost_at"])
        quelled, lost = ends(self.intensity, self.collapsing, model.day >= model.council.opens(), p)
        if quelled:
            self._end(Ending.QUELLED)
        elif lost:
            self._end(Ending.LOST)

    def _end(self, ending: Ending) -> None:
        self.ending = ending
        self.day_ended = self.model.day + 1
        self.model.running = False


class Council:
    """The council: it hears stances under the treaty's rule, and its answer never falls."""

    def __init__(self, model: AllianceModel) -> None:
        self.model = model
        self.answer = Level.NONE
        self.day_decided = -1
        self.day_arrives = np.inf
        self.by_procedure = False

    def opens(self) -> float:
        """Day of the first sitting, as things stand."""
        model = self.model
        asked = None if model.chance.doubt is None else model.crisis.day_asked
        return float(council.first_sitting(model.situation, model.p, asked))

    def sits(self) -> bool:
        """Whether it sits today."""
        return self.model.day >= self.opens()

    def sit(self) -> None:
        """Take the highest level that passes, and call up forces if it is deployment."""
        rule = council.PASSES[self.model.situation.rule]
        passed = [rule(self._ballot(level)) for level in (Level(1), Level(2), Level(3))]
        convened = self.convened()
        answer = Level(int(council.answer(passed, convened)))
        self.by_procedure = convened and not any(passed)
        if answer <= self.answer:
            return
        self.answer = answer
        self.day_decided = self.model.day
        if answer == Level.DEPLOY:
            self._call_up()

    def convened(self) -> bool:
        """Whether it consults in any case, as its machinery was asked to meet."""
        crisis, luck = self.model.crisis, self.model.chance.convening
        institution = crisis.codes.crisis["institution"]
        return bool(council.convenes(institution, crisis.asked, luck, self.model.p))

    def _ballot(self, level: Level) -> council.Ballot:
        """What the members say; each speaks for itself, so that a subclass may say otherwise."""
        model = self.model
        voters = [model.states[i] for i in model.situation.voters]
        stances = [voter.stance(level) for voter in voters]
        return council.Ballot(
            supports=[np.bool_(stance == Stance.SUPPORT) for stance in stances],
            objects=[np.bool_(stance == Stance.OBJECT) for stance in stances],
            positions=[voter.position for voter in voters],
            capability=[voter.capability for voter in voters],
            patron_supports=np.bool_(
                model.states[model.situation.patron].stance(level) == Stance.SUPPORT
            ),
            bar=model.bars[level - 1],
            members=tuple(voter.state for voter in voters),
        )

    def _call_up(self) -> None:
        model = self.model
        claims = added_up(state.claim() for state in model.states)
        total = float(forces.force_size(model.situation, model.chance.size))
        for state in model.states:
            state.pledge(total, claims)
        self.day_arrives = model.day + float(forces.lag(model.situation, model.chance.arrival))
