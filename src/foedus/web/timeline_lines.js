// What a time line shows: history until the first changed answer, the simulated years after it. Changes
// are answers by call: 0 to 3, or "without". Numbers are thousandths; see timeline_data.py.

import { yearsAfter } from "./timeline_model.js";

export const HELP = ["nothing", "talks", "aid", "a force"];
export const DID = ["did nothing", "consulted", "sent aid", "sent a force"];
export const GOT = ["", "got talks", "got aid", "got a force"];
export const SHORT_OF = ["got nothing", "only talks", "only aid"];
const SURE = 3; // standard errors, as many states are looked at together
const ANSWERS_AND_NONE = ["0", "1", "2", "3", "without"];
const PARTS = ["member", "aside", "trust"];

export const callOf = (data, id) => data.calls.find((call) => call.id === id);

/** What was asked, on the ladder of answers. */
export const wanted = (call) => Math.min(3, Math.ceil(call.asked));

const memory = new WeakMap(); // of each chronicle: years that were simulated before

function simulatedOnce(data, changes, start) {
  if (!memory.has(data)) memory.set(data, new Map());
  const known = memory.get(data);
  const key = JSON.stringify([start, changes]);
  if (!known.has(key)) known.set(key, yearsAfter(data, changes, start));
  return known.get(key);
}

/** The later years with the changes, and of the unchanged chronicle beside them; null without any. */
export function sidesOf(data, changes) {
  const years = Object.keys(changes).map((id) => callOf(data, id).year);
  if (!years.length) return null;
  const start = Math.min(...years) - data.years[0];
  return { year: Math.min(...years), start, changed: simulatedOnce(data, changes, start), before: simulatedOnce(data, {}, start) };
}

/** Ribbons and relevance of all years: history, or history and then the changed years. */
export function linesOf(data, changes) {
  const sides = sidesOf(data, changes);
  const after = (past, later) => (sides ? [...past.slice(0, sides.start), ...later] : past);
  const states = data.states.map((state, row) => ({ ...state,
    ...Object.fromEntries(PARTS.map((part) => [part, after(state[part], sides?.changed.states[row][part])])) }));
  const relevance = Object.fromEntries(Object.entries(data.relevance).map(([part, past]) =>
    [part, after(past, sides?.changed.relevance[part])]));
  return { states, relevance, start: sides?.start ?? Infinity };
}

/** The same years of the unchanged chronicle, simulated from the year of the change on. */
export function beforeOf(data, changes) {
  const sides = sidesOf(data, changes);
  return sides && { start: sides.start, relevance: sides.before.relevance.mean, states: sides.before.states };
}

/** The answer to a call as it is shown: history's, the changed one, or null where it never came. */
export function answerOf(call, changes) {
  const key = changes[call.id] ?? call.answer;
  return key === "without" ? null : Number(key);
}

/** How a call is marked: "kept", "not", or "none" where nobody called. */
export function markOf(call, changes) {
  const answer = answerOf(call, changes);
  if (answer === null || call.asked === 0) return "none";
  return answer >= wanted(call) ? "kept" : "not";
}

/** The changes whose call and answer there are, and are not history's: an address may say anything. */
export const checked = (data, changes) => Object.fromEntries(data.calls.map(({ id, answer }) => [id, changes[id], answer])
  .filter(([id, key, answer]) => Object.hasOwn(changes, id) && ANSWERS_AND_NONE.includes(key) && key !== String(answer)));

/** The year to open first: of the biggest call that was not answered as asked, the latest of those. */
export function tellingYear(data) {
  const rank = (call) => [call.kept ? 0 : 1, wanted(call), call.year];
  const most = data.calls.filter((call) => call.asked > 0).reduce((best, call) => {
    if (!best) return call;
    const [a, b] = [rank(call), rank(best)];
    const n = a.findIndex((part, k) => part !== b[k]);
    return n >= 0 && a[n] > b[n] ? call : best;
  }, null);
  return most?.year ?? data.years[1];
}

/** Means of two rows of paired runs, their difference, and its standard error. */
function moved(before, after) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const gaps = after.map((value, n) => value - before[n]);
  const gap = mean(gaps);
  return [mean(before), mean(after), gap, Math.sqrt(mean(gaps.map((value) => (value - gap) ** 2)) / gaps.length)];
}

/** What changes do, in sentences: relevance first, then every state whose chance moves for sure. */
export function movesOf(data, changes) {
  const last = data.years[1];
  const { before: unchanged, changed } = sidesOf(data, changes);
  const rows = unchanged.went.map((went, row) => moved(went, changed.went[row]));
  const [before, after] = moved(unchanged.last, changed.last);
  const told = [`Relevance in ${last}: ${after.toFixed(2)} instead of ${before.toFixed(2)}.`];
  const sure = data.states.map((state, n) => [state.name, ...rows[n]])
    .filter(([, , , gap, error]) => Math.abs(gap) > Math.max(SURE * error, 5e-4)).sort((a, b) => Math.abs(b[3]) - Math.abs(a[3]));
  for (const [name, was, is, , error] of sure.slice(0, 3)) {
    told.push(`${name}'s chance to freeze or leave by ${last}: ${(100 * is).toFixed(1)}\u00a0% instead of ${(100 * was).toFixed(1)}\u00a0% (standard error of the difference ${(100 * error).toFixed(1)} points).`);
  }
  if (!sure.length) told.push("No state's chance to freeze or leave moves by more than luck in the draws could do.");
  return told;
}
