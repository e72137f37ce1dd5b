// The chronicle of an alliance simulated in the page: the equations of section 8 of the model, with
// history's calls and with answers that are history's or the reader's. One run is the same as a run
// of Python under the same chance; the page draws its own.

import { actorKey, drawParameters, logistic, streamKey, uniform } from "./draws.js";

const [OUTSIDE, MEMBER, FROZEN, LEFT, SUSPENDED] = [0, 1, 2, 3, 4];
const BASE_YEAR = 1900; // years are counted from it in the addresses of chance
const [YEARLY, LASTING] = [101, 102]; // what a draw decides: a year's choice, or what nobody measured
const FORCE = 3;

const logOdds = (chance) => Math.log(chance / (1 - chance));
const keptAYear = (halfLife) => 2 ** (-1 / halfLife);
const discounted = (total, heard, prior, weight) => (weight * prior + total) / (weight + heard);

/** One run: by year the standing and trust of each state, and the index of relevance. */
export function lived({ model, calls }, answers, since, given, chance) {
  const states = model.states.map(() => ({ standing: OUTSIDE, joined: 0, good: 0, heard: 0, danger: given.danger_floor }));
  const sums = { seen: 0, called: 0, good: 0, heard: 0, imposed: 0, judged: 0 };
  const p = { ...given, break: logOdds(given.p_break), return: logOdds(given.p_return), join: logOdds(given.p_join) };
  const run = { model, calls, answers, since, p, chance, states, sums };
  const kept = { trust: keptAYear(given.trust_half_life), danger: keptAYear(given.danger_half_life) };
  return model.renewal.map((_, y) => {
    for (const name of Object.keys(sums)) sums[name] *= kept.trust;
    states.forEach((state, i) => startYear(state, model.enters[y][i], p, kept));
    befall(run, y, 0);
    const trust = states.map((state) => trustOf(state, p));
    const legitimacy = 1 - discounted(sums.imposed, sums.judged, 0, p.prior_weight);
    states.forEach((state, i) => take(state, choice(run, y, i, trust[i], legitimacy)));
    befall(run, y, 1);
    return { standing: states.map((state) => state.standing), trust, relevance: relevanceAt(run, y) };
  });
}

const trustOf = ({ good, heard }, p) => discounted(good, heard, p.trust_prior, p.prior_weight);

function take(state, standing) {
  state.standing = standing;
  if (standing === MEMBER) state.joined = 1;
}

function startYear(state, enters, p, kept) {
  state.good *= kept.trust;
  state.heard *= kept.trust;
  state.danger = p.danger_floor + (state.danger - p.danger_floor) * kept.danger;
  state.entered = Boolean(enters) && state.standing === OUTSIDE;
  if (state.entered) take(state, MEMBER);
}

/** The crises of the part of a year before (0) or after (1) its choice. */
function befall({ model, calls, answers, p, states, sums }, y, late) {
  for (const crisis of calls) {
    if (crisis.year !== model.firstYear + y || crisis.late !== late || y >= model.ends || answers[crisis.id] === "without") continue;
    const own = states[crisis.state]; // none for the lead state
    if (own) own.danger = 1 - (1 - own.danger) * (1 - crisis.threat);
    if (own && own.standing !== MEMBER) continue;
    const answer = Number(answers[crisis.id] ?? crisis.answer);
    const inKind = answer >= Math.ceil(crisis.asked) ? 1 : 0;
    const weight = crisis.asked / FORCE;
    for (const state of states) {
      const heavy = state === own ? weight : weight * p.others_weight;
      state.good += heavy * inKind;
      state.heard += heavy;
    }
    const more = { seen: 1, called: crisis.asked > 0 ? 1 : 0, good: weight * inKind, heard: weight,
      imposed: crisis.judged * crisis.imposed[answer], judged: crisis.judged };
    for (const [name, amount] of Object.entries(more)) sums[name] += amount;
  }
}

/** Where a state stands after the year's choice. */
function choice({ model, since, p, chance, states }, y, i, trust, legitimacy) {
  const state = states[i];
  if (y >= model.ends) return state.standing === OUTSIDE ? OUTSIDE : LEFT;
  if (y < since) return model.standing[y][i];
  const outside = p.p_outside + (p.trust_prior - p.p_outside) * model.pact[y][i];
  const value = p.b_protection * state.danger * (trust - outside) + p.b_hold * (model.dependence[y][i] - 0.5)
    + p.b_affinity * (model.alignment[y][i] - 0.5) + p.b_legitimacy * (legitimacy - 1);
  const pushed = p.sigma_state * chance.unseen(i);
  const will = p.break - value + pushed + p.renewal_ease * model.renewal[y];
  const chosen = state.entered ? state.standing : next(state.standing, will, value - pushed, chance.yearly(y, i), model.renewal[y], p);
  const inName = chosen === MEMBER || chosen === SUSPENDED;
  return inName ? (model.suspended[y][i] ? SUSPENDED : MEMBER) : chosen;
}

function next(now, will, worth, noise, renewal, p) {
  const isFar = noise < will - p.leave_gap;
  if (now === MEMBER || now === SUSPENDED) return isFar || (noise < will && renewal) ? LEFT : noise < will ? FROZEN : now;
  if (now === FROZEN) return isFar ? LEFT : -noise < p.return + worth ? MEMBER : FROZEN;
  return -noise < p.join + worth ? MEMBER : now;
}

function relevanceAt({ model, p, states, sums }, y) {
  const inside = { members: 0, dependents: 0 };
  const joined = { members: 0, dependents: 0 };
  states.forEach((state, i) => {
    joined.members += state.joined;
    joined.dependents += model.dependence[y][i] * state.joined;
    if (state.standing !== MEMBER) return;
    inside.members += 1;
    inside.dependents += model.dependence[y][i];
  });
  const share = (what) => (joined[what] ? inside[what] / joined[what] : 0);
  const calls = discounted(sums.called, sums.seen, p.p_call, p.prior_weight);
  const kept = discounted(sums.good, sums.heard, p.trust_prior, p.prior_weight);
  return (calls * kept * share("members") * share("dependents")) ** 0.25;
}

/** The page's own chance of one run. */
function drawnYears(model, seed, n) {
  const keys = (what) => model.states.map((state) => streamKey(seed, what, actorKey(state)));
  const [yearly, lasting] = [keys(YEARLY), keys(LASTING)];
  return { yearly: (y, i) => logistic(uniform(yearly[i], n, model.firstYear + y - BASE_YEAR)), unseen: (i) => logistic(uniform(lasting[i], n)) };
}

/** All runs from a year on: means and intervals in thousandths, and by run who went and the last relevance. */
export function yearsAfter(data, answers, since) {
  const { model, runs, seed } = data;
  const later = model.renewal.map((_, y) => y).slice(since);
  const zeros = () => later.map(() => 0);
  const states = model.rows.map(() => ({ member: zeros(), aside: zeros(), trust: zeros(), went: [] }));
  const relevance = later.map(() => new Float64Array(runs));
  for (let n = 0; n < runs; n++) {
    const run = lived(data, answers, since, drawParameters(model.register, model.fixed, {}, seed, n), drawnYears(model, seed, n));
    later.forEach((y, k) => {
      relevance[k][n] = run[y].relevance;
      states.forEach((state, row) => tallied(state, k, run[y], model.rows[row]));
    });
    states.forEach((state, row) => state.went.push(Number(hasGone(run, model.rows[row], since, model.ends))));
  }
  const last = Array.from(relevance.at(-1));
  const share = (sums) => sums.map((sum) => Math.round((1000 * sum) / runs));
  const quantile = (q) => relevance.map((values) => Math.round(1000 * values[Math.round(q * (runs - 1))]));
  const mean = share(relevance.map((values) => values.reduce((sum, value) => sum + value)));
  relevance.forEach((values) => values.sort());
  return {
    relevance: { mean, low: quantile(0.05), high: quantile(0.95) },
    states: states.map(({ member, aside, trust }) => ({ member: share(member), aside: share(aside), trust: share(trust) })),
    went: states.map(({ went }) => went),
    last,
  };
}

function tallied(sums, k, { standing, trust }, i) {
  sums.trust[k] += trust[i];
  if (standing[i] === MEMBER) sums.member[k] += 1;
  if (standing[i] === FROZEN || standing[i] === SUSPENDED) sums.aside[k] += 1;
}

/** Whether a state froze or left by itself in the simulated years. */
const hasGone = (run, i, since, ends) => run.some(({ standing }, y) => y >= Math.max(since, 1) && y < ends
  && [FROZEN, LEFT].includes(standing[i]) && [MEMBER, SUSPENDED].includes(run[y - 1].standing[i]));
