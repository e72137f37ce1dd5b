// The crisis model of docs/model.md, one function an equation, section by section.
//
// The tests hold this file to the Python model: the same draws, codes and parameters give the same
// answer, day, stances and troops in every run. Sums are explicit and in the order of the members,
// as there. Nothing here draws, reads or shows anything: see draws.js and crisis.js.

export const LEVEL = { NONE: 0, CONSULT: 1, SUPPORT: 2, DEPLOY: 3 };
export const ENDING = { HORIZON: 0, QUELLED: 1, LOST: 2 };

function total(values) {
  let all = values[0];
  for (let i = 1; i < values.length; i++) all += values[i];
  return all;
}

// ---- 7.1 Dependence ---------------------------------------------------------------------------

/** Share of full dependence that one indicator shows. */
export const score = (measured, reference) => Math.min(measured / reference, 1);

/** Weighted mean of the scores of the indicators that are known; 0 where none is. */
export function dependence(measured, p) {
  let weighted = 0;
  let weights = 0;
  for (const [name, value] of Object.entries(measured)) {
    weighted += p[`w_${name}`] * score(value, p[`ref_${name}`]);
    weights += p[`w_${name}`];
  }
  return weights > 0 ? weighted / weights : 0;
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

/** Weight of the lead state in a member's ear: a = d + (1 - d) c_p / sum of the others. */
export const attachment = (d, leadVoice, others) =>
  d + (1 - d) * Math.min(others > 0 ? leadVoice / others : 0, 1);

/** How far a position is moved by what it hears: s = 1 - (1 - a)^rho. */
export const susceptibility = (a, rho) => 1 - (1 - a) ** rho;

/** Whom each member hears and how far it is moved. */
export function earsOf(situation, depends, capability, rho) {
  const { patron, adversary } = situation;
  const voice = capability.map((c, i) => (i === adversary ? 0 : c));
  const voices = total(voice);
  const ears = { dependence: depends, attachment: [], susceptibility: [], voice, towardLead: [], pull: [], kept: [] };
  depends.forEach((d, i) => {
    const others = voices - voice[i];
    const a = attachment(d, voice[patron], others);
    const s = i === patron || others <= 0 ? 0 : susceptibility(a, rho);
    const heeds = adversary === patron ? 0 : d;
    ears.attachment.push(a);
    ears.susceptibility.push(s);
    ears.towardLead.push(s * heeds);
    ears.pull.push(others > 0 ? (s * (1 - heeds)) / others : 0);
    ears.kept.push(1 - s);
  });
  return ears;
}

/** One round of talk: all speak, then all move. */
export function talk(positions, anchors, ears, lead) {
  const { voice, pull, towardLead } = ears;
  let spoken = voice[0] * positions[0];
  for (let j = 1; j < voice.length; j++) spoken += voice[j] * positions[j];
  const led = positions[lead];
  for (let i = 0; i < voice.length; i++) {
    positions[i] = towardLead[i] * led + (pull[i] * (spoken - voice[i] * positions[i]) + anchors[i]);
  }
}

// ---- 7.3 Private willingness ------------------------------------------------------------------

/** Terms that all members share and that do not move from day to day, in their order. */
export const crisisTerms = (crisis, p) => ({
  baseline: p.b_baseline,
  mandate: p.b_mandate * crisis.mandate,
  escalation: -p.b_escalation * crisis.escalation,
});

/** Terms of one member. */
export const memberTerms = (standing, i, escalation, p) => ({
  alignment: p.b_alignment * standing.alignment[i],
  stake: p.b_stake * standing.stake[i],
  ties: -p.b_ties * standing.ties[i],
  overextension: -p.b_overextension * standing.overextension[i],
  exposure: -p.b_exposure * (escalation * standing.ties[i]),
});

/** Pull of the danger: it counts once more as far as the requester cannot meet it alone. */
export const need = (intensity, capacity, p) => p.b_need * (intensity * (2 - capacity));

const sum = (terms) => Object.values(terms).reduce((all, term) => all + term);

/** The plain threshold of what the requester asks: its own view is never below it. */
export function insistence(asked, p) {
  const [consult, support, deploy] = thresholds(p);
  if (asked > 2) return deploy;
  if (asked > 1) return support;
  return asked > 0 ? consult : -Infinity;
}

// ---- 7.4 The council --------------------------------------------------------------------------

/** Positions needed for consult, support and deploy where all that is needed is given. */
export function thresholds(p) {
  const support = p.tau_consult + p.gap_support;
  return [p.tau_consult, support, support + p.gap_deploy];
}

/** How far the treaty's case is given: territory x ground x mandate. */
export function treatyCase(situation, crisis, channel) {
  const ground = situation.isUnrest ? channel : crisis.external;
  return crisis.territory * ground * Math.min(1, 2 * crisis.mandate);
}

/** Positions needed for consult, support and deploy. */
export function barsOf(asked, channel, given, p) {
  const [consult, support, deploy] = thresholds(p);
  const missing = p.treaty_bar * (1 - given);
  return [
    consult + p.gamma * Math.max(0, 1 - asked) + (p.treaty_bar * (1 - channel)) / 3,
    support + p.gamma * Math.max(0, 2 - asked) + (2 * missing) / 3,
    deploy + p.gamma * Math.max(0, 3 - asked) + missing,
  ];
}

/** What a member says to one level: 1 supports, 0 abstains, -1 objects. */
export function stance(position, bar, room, isAdversary, level) {
  if (isAdversary && level > LEVEL.CONSULT) return -1;
  if (position >= bar) return 1;
  return position < bar - room ? -1 : 0;
}

function count(stances, said) {
  let n = 0;
  for (const s of stances) if (s === said) n++;
  return n;
}

function weightedSum(weights, values) {
  let all = weights[0] * values[0];
  for (let i = 1; i < weights.length; i++) all += weights[i] * values[i];
  return all;
}

/** Whether one level passes, by rule. */
export const RULES = {
  consensus: (b) => count(b.stances, -1) === 0
    && weightedSum(b.capability, b.positions) >= b.bar * total(b.capability),
  unanimity: (b) => count(b.stances, 1) === b.stances.length,
  majority: (b) => 2 * count(b.stances, 1) > b.stances.length,
  two_thirds: (b) => 3 * count(b.stances, 1) >= 2 * b.stances.length,
  weighted: (b) => 2 * weightedSum(b.capability, b.stances.map((s) => (s === 1 ? 1 : 0)))
    > total(b.capability),
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

const LEAST_CAPABILITY = 0.002;
const LONGEST_DAYS = 365;

/** Troops of the whole force. */
export function forceSize(situation, noise) {
  const { force, forcesNeeded, alliancePool } = situation;
  const wanted = force ? Math.exp(force.size + force.size_spread * noise) : forcesNeeded;
  return Math.min(wanted, alliancePool);
}

/** A sender's claim on the force. */
export function claim(situation, capability, noise) {
  const floored = Math.max(capability, LEAST_CAPABILITY);
  const { force } = situation;
  return force ? floored ** force.power * Math.exp(force.share_spread * noise) : floored;
}

/** Whole days from decision to arrival; a half goes to the even number, as in Python. */
export function lag(situation, noise) {
  const { force } = situation;
  if (!force) return 1;
  const days = Math.exp(force.wait + force.wait_spread * noise) - 1;
  const below = Math.floor(days);
  const whole = days - below === 0.5 ? below + (below % 2) : Math.round(days);
  return Math.min(Math.max(whole, 0), LONGEST_DAYS);
}

/** Troops that each member sends. */
export function pledges(situation, positions, bar, capability, chance) {
  const { requester, adversary, pools } = situation;
  const sends = positions.map((x, i) => i !== requester && i !== adversary && x >= bar);
  const claims = positions.map((_, i) => (sends[i] ? claim(situation, capability[i], chance.shares[i]) : 0));
  const all = total(claims);
  const size = forceSize(situation, chance.size);
  return claims.map((own, i) => (sends[i] ? Math.floor(Math.min(size * (own / (all > 0 ? all : 1)), pools[i])) : 0));
}

// ---- 7.7 The request as a decision ------------------------------------------------------------

/** Warmth toward the requester of those it would ask, the strong counting for more. */
export function warmth(situation, standing) {
  const { addressees } = situation;
  if (addressees.length === 1) return standing.alignment[addressees[0]];
  const power = addressees.map((i) => standing.capability[i]);
  const all = total(power);
  return all > 0 ? weightedSum(power, addressees.map((i) => standing.alignment[i])) / all : 0;
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
export function fixedOf(situation, codes, p) {
  const { capability } = codes.standing;
  return {
    capability,
    ears: earsOf(situation, dependenceOfMembers(situation, codes, p), capability, p.rho),
    room: p.eta * situation.abstention,
    votes: situation.voters.map((i) => capability[i]),
  };
}

/**
 * One run of a crisis.
 *
 * `codes` are {crisis, standing: {attribute: [by member]}}, `chance` is {crisis, members, intensity,
 * convening, doubt, size, arrival, shares}; doubt is null where history made the request. With
 * `traced`, every day is kept.
 */
export function run(situation, codes, p, chance, traced = false) {
  const { crisis, standing } = codes;
  const n = situation.members.length;
  const fixed = fixedOf(situation, codes, p);
  const decides = chance.doubt !== null;
  const shared = sum(crisisTerms(crisis, p)) + p.sigma_crisis * chance.crisis;
  const steady = fixed.capability.map(
    (_, i) => shared + (sum(memberTerms(standing, i, crisis.escalation, p)) + p.sigma_member * chance.members[i]));
  const warm = decides ? warmth(situation, standing) : 0;
  const state = {
    intensity: crisis.threat, channel: decides ? 0 : crisis.request, asked: decides ? 0 : crisis.asked,
    dayAsked: decides ? -1 : 0, level: 0, dayDecided: -1, dayArrived: Infinity, collapsing: 0,
    troops: new Array(n).fill(0), ending: ENDING.HORIZON, dayEnded: situation.horizonDays, days: [],
  };
  let positions = null;
  let bars = null;
  const anchors = new Array(n);
  for (let day = 0; day < situation.horizonDays; day++) {
    if (decides) ask(state, day, warm, crisis, chance, p);
    if (decides || !bars) bars = barsOf(state.asked, state.channel, treatyCase(situation, crisis, state.channel), p);
    const first = sitting(situation, state, decides, p);
    if (state.level < LEVEL.DEPLOY || traced) {
      const u = views(situation, steady, state, crisis, p);
      positions ??= [...u];
      for (let i = 0; i < n; i++) anchors[i] = fixed.ears.kept[i] * u[i];
      for (let r = 0; r < p.rounds_per_day; r++) talk(positions, anchors, fixed.ears, situation.patron);
      if (day >= first) sit(situation, fixed, state, positions, bars, crisis, chance, day, p, traced);
      if (traced) state.days.push(record(situation, fixed, state, u, positions, bars, day >= first, day));
    }
    if (unfold(situation, state, crisis, chance, day, day >= first, p)) break;
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
function views(situation, steady, state, crisis, p) {
  const needed = need(state.intensity, crisis.capacity, p);
  return steady.map((own, i) => {
    const u = own + needed;
    return i === situation.requester ? Math.max(u, insistence(state.asked, p)) : u;
  });
}

function sitting(situation, state, decides, p) {
  if (!decides) return firstSitting(situation, p);
  const own = ownInitiative(situation, p);
  return state.dayAsked >= 0 ? Math.min(state.dayAsked + 1, own) : own;
}

/** The highest level that passes, if it is higher than the answer that stands. */
function sit(situation, fixed, state, positions, bars, crisis, chance, day, p, traced) {
  const { voters, patron, adversary, rule } = situation;
  const says = (i, k) => stance(positions[i], bars[k - 1], fixed.room, i === adversary, k);
  const heard = voters.map((i) => positions[i]);
  let highest = 0;
  for (let k = traced ? 1 : state.level + 1; k <= LEVEL.DEPLOY; k++) {
    const ballot = { stances: voters.map((i) => says(i, k)), positions: heard, bar: bars[k - 1],
      capability: fixed.votes, patronSupports: says(patron, k) === 1 };
    if (RULES[rule](ballot)) highest = k;
  }
  const convened = convenes(crisis.institution, state.asked, chance.convening, p);
  state.byProcedure = convened && highest === 0;
  const answer = Math.max(highest, convened ? LEVEL.CONSULT : LEVEL.NONE);
  if (answer <= state.level) return;
  state.level = answer;
  state.dayDecided = day;
  if (answer === LEVEL.DEPLOY) {
    state.troops = pledges(situation, positions, bars[2], fixed.capability, chance);
    state.dayArrived = day + lag(situation, chance.arrival);
  }
}

const inPlace = (state, day) => (day >= state.dayArrived ? total(state.troops) : 0);

/** Move to the next day; true where the crisis ends. */
function unfold(situation, state, crisis, chance, day, mayBeOver, p) {
  const trend = day < p.trend_days ? crisis.trend : 0;
  state.intensity = nextIntensity(state.intensity, drift(trend, crisis.capacity, p),
    relief(inPlace(state, day), situation.forcesNeeded, p), p.sigma_intensity * chance.intensity[day]);
  state.collapsing = state.intensity >= p.lost_at ? state.collapsing + 1 : 0;
  if (mayBeOver && state.intensity <= p.quelled_at) state.ending = ENDING.QUELLED;
  else if (state.collapsing >= p.collapse_days) state.ending = ENDING.LOST;
  else return false;
  state.dayEnded = day + 1;
  return true;
}

function record(situation, fixed, state, u, positions, bars, sits, day) {
  return {
    day, danger: state.intensity, asked: state.asked, channel: state.channel, bars, sat: sits,
    byProcedure: sits && Boolean(state.byProcedure), answer: state.level, inPlace: inPlace(state, day),
    members: positions.map((x, i) => ({
      private: u[i], position: x, troops: state.troops[i],
      stances: [1, 2, 3].map((k) => stance(x, bars[k - 1], fixed.room, i === situation.adversary, k)),
    })),
  };
}
