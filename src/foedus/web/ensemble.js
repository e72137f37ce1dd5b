// Many runs of one crisis, and what they say: shares of the answers, and why a member stands where
// it stands.

import { drawChance, drawCodes, drawParameters } from "./draws.js";
import { run, fixedOf, crisisTerms, memberTerms, need, insistence, treatyCase } from "./model.js";

export const LEVELS = ["none", "consult", "support", "deploy"];
const ENOUGH_DEPLOY = 30; // fewer runs that deploy give no figure for troops

/** The situation with some codes, the rule or the request set by hand. */
export function situationWith(situation, settings) {
  const made = { ...situation, crisis: { ...situation.crisis }, standing: { ...situation.standing }, stated: { ...situation.stated } };
  if (settings.rule) made.rule = settings.rule;
  for (const [name, value] of Object.entries(settings.codes ?? {})) {
    const span = { low: value, mode: value, high: value };
    const [state, attribute] = name.split(".");
    if (!attribute) made.crisis[name] = span;
    else if (attribute === "dependence") made.stated[state] = value;
    else {
      const rows = [...made.standing[attribute]];
      rows[made.members.indexOf(state)] = span;
      made.standing[attribute] = rows;
    }
  }
  return made;
}

/** Chance and codes of the runs 0 to n - 1, kept while seed and situation stay. */
export class Chances {
  #key = "";
  #rows = [];

  of(situation, seed, n, decides) {
    const key = `${seed}|${decides}|${situation.requester}|${situation.members}|${situation.horizonDays}`;
    if (key !== this.#key) [this.#key, this.#rows] = [key, []];
    while (this.#rows.length < n) this.#rows.push(drawChance(situation, seed, this.#rows.length, decides));
    return this.#rows;
  }
}

const chances = new Chances();

/** Runs 0 to n - 1 of a crisis, each {level, dayDecided, dayEnded, ending, troops}. */
export function ensemble(situation, parametersOf, { seed, n, decides }) {
  const rows = chances.of(situation, seed, n, decides);
  const found = [];
  for (let r = 0; r < n; r++) {
    found.push(run(situation, drawCodes(situation, seed, r), parametersOf(r), rows[r]));
  }
  return found;
}

/** Shares of the answers and their standard errors; troops only from enough runs that deploy. */
export function summarise(runs) {
  const shares = [0, 1, 2, 3].map((level) => runs.filter((r) => r.level === level).length / runs.length);
  const forces = runs.filter((r) => r.level === 3).map((r) => r.troops.reduce((t, m) => t + m)).sort((a, b) => a - b);
  const quantile = (q) => forces[Math.min(forces.length - 1, Math.floor(q * forces.length))];
  return {
    shares,
    nRuns: runs.length,
    errors: shares.map((p) => Math.sqrt((p * (1 - p)) / runs.length)),
    troops: forces.length < ENOUGH_DEPLOY ? null : { low: quantile(0.05), median: quantile(0.5), high: quantile(0.95) },
    nDeployed: forces.length,
    over: runs.filter((r) => r.ending === 1).length / runs.length,
    lost: runs.filter((r) => r.ending === 2).length / runs.length,
  };
}

/** Answers averaged over what is not known of the weights. */
export function overPriors(situation, register, base, fixed, options) {
  return summarise(ensemble(situation, (r) => drawParameters(register, base, fixed, options.seed, r), options)).shares;
}

/** One run with all its days. */
export function story(situation, p, { seed, run: number, decides }) {
  const chance = drawChance(situation, seed, number, decides);
  const codes = drawCodes(situation, seed, number);
  return { ...run(situation, codes, p, chance, true), codes, chance };
}

/** Why a member stands where it stands on a day: terms that add up to its position. */
export function why(situation, p, told, day, i) {
  const { crisis, standing } = told.codes;
  const shown = told.days[day];
  const terms = {
    ...crisisTerms(crisis, p),
    ...memberTerms(standing, i, crisis.escalation, p),
    need: need(shown.danger, crisis.capacity, p),
    "unmeasured, this crisis": p.sigma_crisis * told.chance.crisis,
    "unmeasured, this government": p.sigma_member * told.chance.members[i],
  };
  const own = Object.values(terms).reduce((t, term) => t + term);
  if (i === situation.requester) {
    terms["stands by its own request"] = Math.max(own, insistence(shown.asked, p)) - own;
  }
  const { private: u, position } = shown.members[i];
  const given = treatyCase(situation, crisis, shown.channel);
  return { terms, private: u, influence: position - u, position, bars: shown.bars, given };
}

/** The ranked probability score of a forecast: 0 for a sure and right one. */
export function rankedScore(shares, level) {
  let total = 0;
  let behind = 0;
  for (let k = 0; k < 3; k++) {
    behind += shares[k];
    total += (behind - (level <= k ? 1 : 0)) ** 2;
  }
  return total;
}

/** Who a member hears: shares of its position by speaker. */
export function hears(situation, p) {
  const codes = drawCodes(situation, 0, 0, true);
  const { ears, capability } = fixedOf(situation, codes, p);
  const shares = situation.members.map((_, i) => Object.fromEntries(situation.members
    .map((other, j) => [other, (i === j ? 0 : ears.pull[i] * ears.voice[j]) + (j === situation.patron ? ears.towardLead[i] : 0)])
    .filter(([, share]) => share > 0)));
  return { shares, capability, dependence: ears.dependence };
}

const HELPS = { external: 1, territory: 1, mandate: 1, threat: 1, capacity: -1, escalation: -1, trend: 1, request: 1,
  institution: 1, alignment: 1, stake: 1, ties: -1, overextension: -1 };

/** Codes at the end that hinders (0) or helps (1) an answer. */
export function extreme(attributes, helps) {
  return Object.fromEntries(attributes.map((name) => {
    const attribute = name.split(".").at(-1);
    const low = attribute === "trend" ? -1 : 0;
    return [name, (HELPS[attribute] > 0) === helps ? 1 : low];
  }));
}

/** Who decides: how far the lead state's own codes, and the others', move the chance of a force. */
export function whoDecides(situation, p, options) {
  const own = ["alignment", "stake", "ties", "overextension"];
  const lead = situation.members[situation.patron];
  const others = situation.members.filter((state, i) => state !== lead && i !== situation.requester);
  const groups = {
    lead: own.map((name) => `${lead}.${name}`),
    others: others.flatMap((state) => own.map((name) => `${state}.${name}`)),
  };
  const deploys = (codes) =>
    summarise(ensemble(situationWith(situation, { codes }), () => p, options)).shares[3];
  return Object.fromEntries(Object.entries(groups).map(([group, names]) =>
    [group, { worst: deploys(extreme(names, false)), best: deploys(extreme(names, true)) }]));
}
