// What a place says of a crisis, and what the crisis then gives.

import { ensemble, situationWith, story, summarise, hears } from "./ensemble.js";
import { DATA, crisisOf } from "./place.js";

export const RUNS = 1000;
export const CONTROL_RUNS = 300;
const TYPICAL_AMONG = 50; // runs searched for one that gives the most probable answer

/** Parameters, situation and options of a place. */
export function setupOf(place) {
  const crisis = crisisOf(place.id);
  const theory = DATA.theories.find((t) => t.name === place.theory);
  const parameters = {};
  const codes = {};
  for (const [name, value] of Object.entries(place.set)) {
    (name in DATA.defaults ? parameters : codes)[name] = value;
  }
  const fixed = { ...(theory?.parameters ?? {}), ...parameters };
  const request = crisis.requests[place.call] ?? { codes: {}, dayFirstSitting: crisis.situation.dayFirstSitting };
  const rule = place.rule || theory?.rule || "";
  return {
    crisis, fixed, p: { ...DATA.defaults, ...fixed },
    situation: { ...situationWith(crisis.situation, { rule, codes: { ...request.codes, ...codes } }), dayFirstSitting: request.dayFirstSitting },
    options: { seed: DATA.seed, n: RUNS, decides: place.call === "decides" },
  };
}

export function councilData(setup, told) {
  const { crisis, situation, p } = setup;
  const heard = hears(situation, p);
  const roles = situation.members.map((_, i) => [
    ...(i === situation.requester ? ["in crisis"] : []), ...(i === situation.patron ? ["lead state"] : []),
    ...(i === situation.adversary ? ["adversary"] : []),
  ]);
  const who = crisis.names[situation.members[situation.requester]];
  const end = [`The crisis of ${who} still goes on after ${told.dayEnded} days.`,
    `The crisis of ${who} is over on day ${told.dayEnded}.`,
    situation.requester === situation.patron ? `${who} loses its crisis on day ${told.dayEnded}.`
      : `The government of ${who} falls on day ${told.dayEnded}.`][told.ending];
  return {
    id: crisis.id, title: crisis.title, end,
    members: situation.members.map((id, i) => ({ id, name: crisis.names[id], roles: roles[i],
      capability: heard.capability[i], hears: heard.shares[i] })),
    days: told.days.map((day) => ({ ...day, date: dateOf(crisis, day.day) })),
  };
}

export function dateOf(crisis, day) {
  const date = new Date(`${crisis.dates.coded}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + day);
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

/** A thousand runs, and the run that is told. */
export function simulated(setup, wanted = "") {
  const summary = summarise(ensemble(setup.situation, () => setup.p, setup.options));
  return { summary, average: null, told: toldRun(setup, summary, wanted) };
}

/** The run that is told: the one asked for, or the first that gives the most probable answer. */
function toldRun(setup, summary, wanted) {
  const told = (run) => story(setup.situation, setup.p, { ...setup.options, run });
  if (/^\d{1,6}$/.test(wanted)) return told(Number(wanted));
  const level = summary.shares.indexOf(Math.max(...summary.shares));
  for (let run = 0; run < TYPICAL_AMONG; run++) {
    const found = told(run);
    if (found.level === level) return found;
  }
  return told(0);
}
