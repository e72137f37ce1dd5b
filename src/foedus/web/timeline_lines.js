// What a time line shows: history until a changed answer, the simulated years after it. Numbers in the
// data are thousandths; see timeline_data.py.

export const HELP = ["nothing", "talks", "aid", "a force"];
export const DID = ["did nothing", "consulted", "sent aid", "sent a force"];
export const GOT = ["", "got talks", "got aid", "got a force"];
export const SHORT_OF = ["got nothing", "only talks", "only aid"];
const SURE = 3; // standard errors, as many states are looked at together
const PARTS = ["member", "aside", "trust"];

export const callOf = (data, id) => data.calls.find((call) => call.id === id);

/** What was asked, on the ladder of answers. */
export const wanted = (call) => Math.min(3, Math.ceil(call.asked));

/** The later years of a change, and of the unchanged chronicle beside it. */
export function sidesOf(data, change) {
  if (!change) return null;
  const { year } = callOf(data, change.call);
  return { year, start: year - data.years[0], changed: data.changes[change.call][change.key], before: data.unchanged[year] };
}

/** Ribbons and relevance of all years: history, or history and then the changed years. */
export function linesOf(data, change) {
  const sides = sidesOf(data, change);
  const after = (past, later) => (sides ? [...past.slice(0, sides.start), ...later] : past);
  const states = data.states.map((state, row) => ({ ...state,
    ...Object.fromEntries(PARTS.map((part) => [part, after(state[part], sides?.changed.states[row][part])])) }));
  const relevance = Object.fromEntries(Object.entries(data.relevance).map(([part, past]) =>
    [part, after(past, sides?.changed.relevance[part])]));
  return { states, relevance, start: sides?.start ?? Infinity };
}

/** The same years of the unchanged chronicle, simulated from the year of the change on. */
export function beforeOf(data, change) {
  const sides = sidesOf(data, change);
  return sides && { start: sides.start, relevance: sides.before.relevance.mean, states: sides.before.states };
}

/** The answer to a call as it is shown: history's, the changed one, or null where it never came. */
export function answerOf(call, change) {
  if (change?.call !== call.id) return call.answer;
  return change.key === "without" ? null : Number(change.key);
}

/** How a call is marked: "kept", "not", or "none" where nobody called. */
export function markOf(call, change) {
  const answer = answerOf(call, change);
  if (answer === null || call.asked === 0) return "none";
  return answer >= wanted(call) ? "kept" : "not";
}

/** A change whose call and answer the data have, or null: an address may say anything. */
export function checked(data, call, key) {
  const known = Object.hasOwn(data.changes, call ?? "") && Object.hasOwn(data.changes[call], key ?? "");
  return known ? { call, key } : null;
}

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

/** What a change does, in sentences: relevance first, then every state whose chance moves for sure. */
export function movesOf(data, change) {
  const last = data.years[1];
  const rows = sidesOf(data, change).changed.moves.map((row) => row.map((part) => part / 1e4));
  const [before, after] = rows.at(-1);
  const told = [`Relevance in ${last}: ${after.toFixed(2)} instead of ${before.toFixed(2)}.`];
  const sure = data.states.map((state, n) => [state.name, ...rows[n]])
    .filter(([, , , gap, error]) => Math.abs(gap) > Math.max(SURE * error, 5e-4)).sort((a, b) => Math.abs(b[3]) - Math.abs(a[3]));
  for (const [name, was, is, , error] of sure.slice(0, 3)) {
    told.push(`${name}'s chance to freeze or leave by ${last}: ${(100 * is).toFixed(1)}\u00a0% instead of ${(100 * was).toFixed(1)}\u00a0% (standard error of the difference ${(100 * error).toFixed(1)} points).`);
  }
  if (!sure.length) told.push("No state's chance to freeze or leave moves by more than luck in the draws could do.");
  return told;
}
