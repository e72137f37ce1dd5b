// Chance with an address: a draw depends on seed, mechanism, actor, part, day and run alone, so a
// moved slider meets the same chance. The mixing is the finaliser of MurmurHash3 (A. Appleby, public
// domain), applied to each part of the address in turn; two words make one uniform of 53 bits.

export const MECHANISM = { CRISIS: 1, MEMBER: 2, INTENSITY: 3, CODE: 4, REQUEST: 5, STUDY: 6, CONVENING: 7, FORCE: 8 };
const SMALLEST = 2 ** -54;
const UNIT_LOGISTIC = Math.sqrt(3) / Math.PI;

function mixed(h) {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const joined = (h, part) => mixed(Math.imul(h, 0x9e3779b1) + part + 0x7f4a7c15);

/** The key of a stream: everything but day and run. */
export const streamKey = (seed, mechanism, actor = 0, part = 0) =>
  joined(joined(joined(mixed(seed | 0), mechanism), actor), part);

/** A uniform in (0, 1) of a stream. */
export function uniform(key, run, day = 0) {
  const h = joined(joined(key, day), run);
  const high = mixed(h ^ 0x2545f491) >>> 0;
  const low = mixed(h + 0x6c078965) >>> 0;
  return Math.max(((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992, SMALLEST);
}

export const logistic = (u) => Math.log(u / (1 - u));
export const unitLogistic = (u) => logistic(u) * UNIT_LOGISTIC;

/** Triangular noise on [low, high] with a mode, by inversion. */
export function triangular(u, { low, mode, high }) {
  if (high <= low) return mode;
  if (u < (mode - low) / (high - low)) return low + Math.sqrt(u * (high - low) * (mode - low));
  return high - Math.sqrt((1 - u) * (high - low) * (high - mode));
}

/** Standard normal noise (Box and Muller 1958, doi:10.1214/aoms/1177706645) of two uniforms. */
export const normal = (u, v) => Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);

/** Address of a member: its letters read as one integer. */
export const actorKey = (iso3) => [...iso3].reduce((key, letter) => key * 256 + letter.charCodeAt(0), 0);

/** The noise of one run. */
export function drawChance(situation, seed, run, withDoubt) {
  const key = (mechanism, actor) => streamKey(seed, mechanism, actor);
  const actors = situation.members.map(actorKey);
  const days = key(MECHANISM.INTENSITY);
  return {
    crisis: logistic(uniform(key(MECHANISM.CRISIS), run)),
    members: actors.map((actor) => logistic(uniform(key(MECHANISM.MEMBER, actor), run))),
    intensity: Array.from({ length: situation.horizonDays }, (_, day) => unitLogistic(uniform(days, run, day))),
    convening: uniform(key(MECHANISM.CONVENING), run),
    size: unitLogistic(uniform(key(MECHANISM.FORCE), run)),
    arrival: unitLogistic(uniform(streamKey(seed, MECHANISM.FORCE, 0, 1), run)),
    shares: actors.map((actor) => unitLogistic(uniform(key(MECHANISM.FORCE, actor), run))),
    doubt: withDoubt ? logistic(uniform(key(MECHANISM.REQUEST, actors[situation.requester]), run)) : null,
  };
}

/** The codes of one run: drawn where the coders differ, or their means. */
export function drawCodes(situation, seed, run, fixed = false) {
  const drawn = (span, actor, name) => {
    if (fixed || span.high <= span.low) return span.mode;
    return triangular(uniform(streamKey(seed, MECHANISM.CODE, actor, partOf(name)), run), span);
  };
  const crisis = {};
  for (const [name, span] of Object.entries(situation.crisis)) crisis[name] = drawn(span, 0, name);
  const standing = {};
  for (const [name, spans] of Object.entries(situation.standing)) {
    standing[name] = spans.map((span, i) => drawn(span, actorKey(situation.members[i]), name));
  }
  return { crisis, standing };
}

const partOf = (name) => [...name].reduce((key, letter) => Math.imul(key, 31) + letter.charCodeAt(0), 7);

/** Parameters of one run drawn from their priors; `fixed` are those that a person or theory set. */
export function drawParameters(register, base, fixed, seed, run) {
  const p = { ...base };
  for (const row of register) {
    if (row.prior === "fixed" || row.name in fixed) continue;
    const key = streamKey(seed, MECHANISM.STUDY, 0, partOf(row.name));
    const z = normal(uniform(key, run, 0), uniform(key, run, 1));
    const value = row.prior === "lognormal" ? row.default * Math.exp(row.spread * z) : row.default + row.spread * z;
    p[row.name] = Math.min(row.high, Math.max(row.low, value));
  }
  return p;
}
