// The crisis model of docs/model.md, one function an equation, section by section.
//
// The tests hold this file to the Python model: the same draws, codes and parameters give the same
// answer, day, stances and troops in every run. Sums are explicit and in the order of the members,
// as there. Nothing here draws, reads or shows anything: see draws.js and page.js.

export const LEVEL = { NONE: 0, CONSULT: 1, SUPPORT: 2, DEPLOY: 3 };
export const ENDING = { HORIZON: 0, QUELLED: 1, LOST: 2 };

// ---- 7.1 Dependence ---------------------------------------------------------------------------

/** Share of full dependence that one indicator shows. */
export const score = (measured, reference) => Math.min(measured / reference, 1);

/** Weighted mean of the scores of the indicators that are known; 0 where none is. */
export function dependence(measured, p) {
  let weighted = 0;
  let total = 0;
  for (const [name, value] of Object.entries(measured)) {
    weighted += p[`w_${name}`] * score(value, p[`ref_${name}`]);
    total += p[`w_${name}`];
  }
  return total > 0 ? weighted / total : 0;
}

/** Dependence of every member: stated by hand, measured, or coded; the lead state's own is 0. */
export function dependenceOfMembers(situation, codes, p) {
  const { indicators, patron } = situation;
  return situation.members.map((state, i) => {
    if (state in (situation.stated ?? {})) return situation.stated[state];
    if (i === patron) return 0;
    return indicators ? dependence(indicators[i], p) : codes.standing.dependence[i];
  });
}

// ---- 7.2 Influence ----------------------------------------------------------------------------

/** How far a position is moved by what it hears: s = 1 - (1 - d)^rho. */
export const susceptibility = (d, rho) => 1 - (1 - d) ** rho;

/** Susceptibility per unit of the others' voice; 0 where nobody else speaks. */
export const pull = (s, voice, voices) => (voices - voice > 0 ? s / (voices - voice) : 0);

/** The part of a position that the private view fixes: (1 - s) u. */
export const anchored = (u, pulled, voice, voices) => (1 - pulled * (voices - voice)) * u;

/** One round of talk: all speak, then all move. */
export function talk(positions, anchors, pulls, voices) {
  let spoken = voices[0] * positions[0];
  for (let j = 1; j < voices.length; j++) spoken += voices[j] * positions[j];
  for (let i = 0; i < voices.length; i++) {
    positions[i] = pulls[i] * (spoken - voices[i] * positions[i]) + anchors[i];
  }
}

// ---- 7.3 Private willingness ------------------------------------------------------------------

/** Terms that all members share and that do not move from day to day, in their order. */
export const crisisTerms = (crisis, p) => ({
  baseline: p.b_baseline,
  mandate: p.b_mandate * crisis.mandate,
  external: p.b_external * crisis.external,
  territory: -p.b_territory * (1 - crisis.territory),
  escalation: -p.b_escalation * crisis.escalation,
  institution: p.b_institution * crisis.institution,
});

/** Terms of one member. */
export const memberTerms = (standing, i, p) => ({
  alignment: p.b_alignment * standing.alignment[i],
  stake: p.b_stake * standing.stake[i],
  ties: -p.b_ties * standing.ties[i],
  overextension: -p.b_overextension * standing.overextension[i],
});

/** Pull of a danger that the requester cannot meet alone. */
export const need = (intensity, capacity, p) => p.b_need * (intensity * (1 - capacity));

/** Cost of the lack of a formal request. */
export const informality = (channel, p) => -p.b_request * (1 - channel);

const sum = (terms) => Object.values(terms).reduce((total, term) => total + term);

/** The threshold of what the requester asks: its own view is never below it. */
export function insistence(asked, bars) {
  if (asked > 2) return bars[2];
  if (asked > 1) return bars[1];
  return asked > 0 ? bars[0] : -Infinity;
}

// ---- 7.4 The council --------------------------------------------------------------------------

/** Positions needed for consult, support and deploy. */
export function barsOf(asked, p) {
  const consult = p.tau_consult;
  const support = consult + p.gap_support;
  const deploy = support + p.gap_deploy;
  return [consult, support, deploy].map((bar, k) => bar + p.gamma * Math.max(0, k + 1 - asked));
}

/** What a member says to one level: 1 supports, 0 abstains, -1 objects. */
export function stance(position, bar, room, isAdversary, level) {
  if (isAdversary && level > LEVEL.CONSULT) return -1;
  if (position >= bar) return 1;
  return position < bar - room ? -1 : 0;
}

const count = (stances, said) => stances.filter((s) => s === said).length;

function weightedSum(weights, values) {
  return weights.map((w, i) => w * values[i]).reduce((total, term) => total + term);
}

/** Whether one level passes, by rule. */
export const RULES = {
  consensus: (b) => count(b.stances, -1) === 0
    && weightedSum(b.capability, b.positions) >= b.bar * b.capability.reduce((t, c) => t + c),
  unanimity: (b) => count(b.stances, 1) === b.stances.length,
  majority: (b) => 2 * count(b.stances, 1) > b.stances.length,
  two_thirds: (b) => 3 * count(b.stances, 1) >= 2 * b.stances.length,
  weighted: (b) => 2 * weightedSum(b.capability, b.stances.map((s) => (s === 1 ? 1 : 0)))
    > b.capability.reduce((t, c) => t + c),
  patron: (b) => b.patronSupports,
};

/** Whether the council consults because it was asked to, whatever its members think. */
export const convenes = (institution, asked, luck, p) =>
  institution >= p.convenes_at && asked >= LEVEL.CONSULT && luck < p.p_convene;

/** Day of the first sitting of a scheduled run. */
export function firstSitting(situation, p) {
  if (situation.dayFirstSitting !== null) return situation.dayFirstSitting;
  return ownInitiative(situation, p);
}

const ownInitiative = (situation, p) =>
  Math.max(0, p.own_initiative_lag - situation.daysSinceOnset);

// ---- 7.5 The course of the crisis -------------------------------------------------------------

export const drift = (trend, capacity, p) => p.mu * trend - p.kappa_own * capacity;

export const relief = (inPlace, needed, p) => p.kappa_force * Math.min(inPlace / needed, 1);

export const nextIntensity = (intensity, drifted, relieved, shock) =>
  Math.min(Math.max(intensity + drifted - relieved + shock, 0), 1);

// ---- 7.6 Forces -------------------------------------------------------------------------------

const FAR = 700;

/** A supporter's claim on the bulk of the force. */
export const claim = (position, bar, capability, p) =>
  capability / (1 + Math.exp(Math.min((bar - position) / p.omega, FAR)));

/** Troops that each member sends. */
export function pledges(situation, positions, bars, capability, p) {
  const { requester, adversary, forcesNeeded, alliancePool, pools } = situation;
  const sends = positions.map((x, i) => i !== requester && i !== adversary && x >= bars[2]);
  const senders = sends.filter(Boolean).length;
  const claims = positions.map((x, i) => (sends[i] ? claim(x, bars[2], capability[i], p) : 0));
  const all = claims.reduce((t, c) => t + c);
  const token = Math.min(p.token_company, alliancePool / Math.max(senders, 1));
  const rest = Math.max(0, Math.min(forcesNeeded, alliancePool) - senders * token);
  return claims.map((own, i) =>
    sends[i] ? Math.floor(Math.min(token + rest * (own / (all > 0 ? all : 1)), pools[i])) : 0);
}

// ---- 7.7 The request as a decision ------------------------------------------------------------

/** Warmth toward the requester of those it would ask, the strong counting for more. */
export function warmth(situation, standing) {
  const { addressees } = situation;
  if (addressees.length === 1) return standing.alignment[addressees[0]];
  const power = addressees.map((i) => standing.capability[i]);
  const total = power.reduce((t, c) => t + c);
  return total > 0 ? weightedSum(power, addressees.map((i) => standing.alignment[i])) / total : 0;
}

/** How much the requester wants help, before doubt. */
export const wish = (intensity, capacity, warm, p) =>
  p.b_ask * (intensity * (1 - capacity)) + p.b_hope * warm - p.b_sovereignty * (1 - warm);

export const nextChannel = (channel, asks) => (asks ? (channel >= 0.5 ? 1 : 0.5) : channel);

export function nextAsked(asked, asks, intensity, p) {
  if (!asks) return asked;
  const wanted = intensity >= p.ask_force_at ? 3 : intensity >= p.ask_support_at ? 2 : 1;
  return Math.max(asked, wanted);
}

// ---- One run ----------------------------------------------------------------------------------

/** What stays the same over the days of a run. */
export function settingOf(situation, codes, p) {
  const { capability } = codes.standing;
  const voice = capability.map((c, i) => (i === situation.adversary ? 0 : c));
  const voices = voice.reduce((t, c) => t + c);
  const d = dependenceOfMembers(situation, codes, p);
  const s = d.map((own, i) => (i === situation.patron ? 0 : susceptibility(own, p.rho)));
  return {
    capability, voice, voices, dependence: d, susceptibility: s,
    pulls: s.map((own, i) => pull(own, voice[i], voices)),
    room: p.eta * situation.abstention,
    lag: situation.hasCrisisCentre ? p.deployment_days_centre : p.deployment_days,
  };
}

/**
 * One run of a crisis.
 *
 * `codes` are {crisis, standing: {attribute: [by member]}}, `chance` is {crisis, members, intensity,
 * convening, doubt}; doubt is null where history made the request. With `traced`, every day is kept.
 */
export function run(situation, codes, p, chance, traced = false) {
  const { crisis, standing } = codes;
  const n = situation.members.length;
  const setting = settingOf(situation, codes, p);
  const decides = chance.doubt !== null;
  const shared = sum(crisisTerms(crisis, p)) + p.sigma_crisis * chance.crisis;
  const steady = setting.capability.map(
    (_, i) => shared + (sum(memberTerms(standing, i, p)) + p.sigma_member * chance.members[i]));
  const warm = decides ? warmth(situation, standing) : 0;
  const state = {
    intensity: crisis.threat, channel: decides ? 0 : crisis.request, asked: decides ? 0 : crisis.asked,
    dayAsked: decides ? -1 : 0, level: 0, dayDecided: -1, dayArrived: Infinity, collapsing: 0,
    troops: new Array(n).fill(0), ending: ENDING.HORIZON, dayEnded: situation.horizonDays,
    lastStances: null, days: [],
  };
  let positions = null;
  for (let day = 0; day < situation.horizonDays; day++) {
    if (decides) ask(state, day, warm, crisis, chance, p);
    const bars = barsOf(state.asked, p);
    const open = state.level < LEVEL.DEPLOY || traced;
    if (open) {
      const u = views(situation, steady, state, bars, crisis, p);
      positions ??= [...u];
      const anchors = u.map((own, i) => anchored(own, setting.pulls[i], setting.voice[i], setting.voices));
      for (let r = 0; r < p.rounds_per_day; r++) talk(positions, anchors, setting.pulls, setting.voice);
      const sits = day >= sitting(situation, state, decides, p);
      if (sits) sit(situation, setting, state, positions, bars, crisis, chance, day, p);
      if (traced) state.days.push(record(situation, setting, state, u, positions, bars, sits, day));
    }
    if (unfold(situation, setting, state, crisis, chance, day, p)) break;
  }
  return state;
}

function ask(state, day, warm, crisis, chance, p) {
  const asks = wish(state.intensity, crisis.capacity, warm, p) + p.sigma_ask * chance.doubt >= p.ask_bar;
  state.channel = nextChannel(state.channel, asks);
  state.asked = nextAsked(state.asked, asks, state.intensity, p);
  if (asks && state.dayAsked < 0) state.dayAsked = day;
}

/** Private views of the day (7.3). */
function views(situation, steady, state, bars, crisis, p) {
  const pressing = need(state.intensity, crisis.capacity, p) + informality(state.channel, p);
  return steady.map((own, i) => {
    const u = own + pressing;
    return i === situation.requester ? Math.max(u, insistence(state.asked, bars)) : u;
  });
}

function sitting(situation, state, decides, p) {
  if (!decides) return firstSitting(situation, p);
  const own = ownInitiative(situation, p);
  return state.dayAsked >= 0 ? Math.min(state.dayAsked + 1, own) : own;
}

/** The highest level that passes, if it is higher than the answer that stands. */
function sit(situation, setting, state, positions, bars, crisis, chance, day, p) {
  const { voters, patron, adversary, rule } = situation;
  const says = (i, k) => stance(positions[i], bars[k - 1], setting.room, i === adversary, k);
  const passes = [1, 2, 3].map((k) => RULES[rule]({
    stances: voters.map((i) => says(i, k)), positions: voters.map((i) => positions[i]),
    capability: voters.map((i) => setting.capability[i]), bar: bars[k - 1],
    patronSupports: says(patron, k) === 1,
  }));
  const convened = convenes(crisis.institution, state.asked, chance.convening, p);
  const highest = passes.lastIndexOf(true) + 1;
  state.byProcedure = convened && highest === 0;
  const answer = Math.max(highest, convened ? LEVEL.CONSULT : LEVEL.NONE);
  if (answer <= state.level) return;
  state.level = answer;
  state.dayDecided = day;
  if (answer === LEVEL.DEPLOY) {
    state.troops = pledges(situation, positions, bars, setting.capability, p);
    state.dayArrived = day + setting.lag;
  }
}

const inPlace = (state, day) => (day >= state.dayArrived ? state.troops.reduce((t, m) => t + m) : 0);

/** Move to the next day; true where the crisis ends. */
function unfold(situation, setting, state, crisis, chance, day, p) {
  const trend = day < p.trend_days ? crisis.trend : 0;
  state.intensity = nextIntensity(state.intensity, drift(trend, crisis.capacity, p),
    relief(inPlace(state, day), situation.forcesNeeded, p), p.sigma_intensity * chance.intensity[day]);
  state.collapsing = state.intensity >= p.lost_at ? state.collapsing + 1 : 0;
  if (state.intensity <= p.quelled_at) state.ending = ENDING.QUELLED;
  else if (state.collapsing >= p.collapse_days) state.ending = ENDING.LOST;
  else return false;
  state.dayEnded = day + 1;
  return true;
}

function record(situation, setting, state, u, positions, bars, sits, day) {
  return {
    day, danger: state.intensity, asked: state.asked, channel: state.channel, bars, sat: sits,
    byProcedure: sits && Boolean(state.byProcedure), answer: state.level, inPlace: inPlace(state, day),
    members: positions.map((x, i) => ({
      private: u[i], position: x, troops: state.troops[i],
      stances: [1, 2, 3].map((k) => stance(x, bars[k - 1], setting.room, i === situation.adversary, k)),
    })),
  };
}
